//! RSS 2.0, by the RSS Advisory Board's Best Practices Profile.

use super::{
    GENERATOR, LABELS, MEDIA, channel_address, description, home, rfc822,
    xml::{Xml, untagged},
};
use crate::model::{
    publication::{Edition, Format, PublishedItem},
    settings::Site,
};

/// Minutes. No source is asked more often than hourly; who asks twice an hour hears soon enough.
const TTL: &str = "30";

pub(super) fn render(site: &Site, edition: &Edition) -> String {
    let channel = &edition.channel;
    let own = channel_address(site, channel, Format::Rss);
    let mut xml = Xml::new();
    let mut names = vec![
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ];
    if channel.images {
        names.push(("xmlns:media", MEDIA));
    }
    xml.open("rss", &names);
    xml.open("channel", &[]);
    xml.ambiguous("title", &[], &channel.title);
    xml.text("link", &[], home(site));
    xml.ambiguous("description", &[], &description(site, channel));
    xml.text("language", &[], &site.language);
    xml.text("lastBuildDate", &[], &rfc822(edition.changed));
    xml.text("ttl", &[], TTL);
    xml.text("generator", &[], GENERATOR);
    xml.empty(
        "atom:link",
        &[("rel", "self"), ("type", Format::Rss.media_type()), ("href", &own)],
    );
    for hub in &site.hubs {
        xml.empty("atom:link", &[("rel", "hub"), ("href", hub.as_str())]);
    }
    for shown in &edition.items {
        item(&mut xml, shown);
    }
    xml.finish()
}

fn item(xml: &mut Xml, item: &PublishedItem) {
    xml.open("item", &[]);
    xml.ambiguous("title", &[], &item.title);
    xml.text("link", &[], item.link.as_str());
    xml.text("guid", &[("isPermaLink", "false")], &item.guid.0.urn().to_string());
    xml.text("pubDate", &[], &rfc822(item.date));
    if !item.excerpt.is_empty() {
        xml.html("description", &item.excerpt);
    }
    // `<source>` must name the feed's URL; a private source is named without one.
    match &item.source.url {
        Some(url) => xml.ambiguous("source", &[("url", url)], &item.source.name),
        None => xml.ambiguous("dc:publisher", &[], &item.source.name),
    }
    for author in &item.authors {
        xml.ambiguous("dc:creator", &[], author);
    }
    for (category, ours) in item.terms() {
        let domain: &[_] = if ours { &[("domain", LABELS)] } else { &[] };
        xml.ambiguous("category", domain, category);
    }
    for also in &item.also {
        let title = untagged(&format!("{}: {}", also.source, also.title));
        xml.empty(
            "atom:link",
            &[("rel", "related"), ("href", also.link.as_str()), ("title", &title)],
        );
    }
    if let Some(image) = &item.image {
        xml.empty("media:thumbnail", &[("url", image.as_str())]);
    }
    xml.close();
}
