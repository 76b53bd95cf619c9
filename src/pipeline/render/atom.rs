//! Atom (RFC 4287). All text is `type="text"`: a browser or reader that opens it finds nothing to run.

use uuid::{Uuid, uuid};

use super::{
    GENERATOR, LABELS, MEDIA, address, channel_address, description, home,
    xml::{Xml, untagged},
};
use crate::model::{
    publication::{Edition, Format, PublishedItem},
    settings::Site,
};

/// Namespace of feed ids (UUID version 5). Never changes.
const FEEDS: Uuid = uuid!("0d1bd1f7-5d0e-5f0f-8c26-6c2a4c1a9e57");

const TEXT: &[(&str, &str)] = &[("type", "text")];

pub(super) fn render(site: &Site, edition: &Edition) -> String {
    let channel = &edition.channel;
    let ours = |format| channel_address(site, channel, format);
    let mut xml = Xml::new();
    let mut names = vec![("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &*site.language)];
    if channel.images {
        names.push(("xmlns:media", MEDIA));
    }
    xml.open("feed", &names);
    xml.text("id", &[], &id(site, &channel.id).urn().to_string());
    xml.ambiguous("title", TEXT, &channel.title);
    xml.ambiguous("subtitle", TEXT, &description(site, channel));
    xml.text("updated", &[], &edition.changed.to_string());
    link(&mut xml, "self", Format::Atom.media_type(), &ours(Format::Atom));
    link(&mut xml, "alternate", Format::Page.media_type(), &ours(Format::Page));
    for hub in &site.hubs {
        xml.empty("link", &[("rel", "hub"), ("href", hub.as_str())]);
    }
    person(&mut xml, &site.title, Some(home(site)));
    xml.text("generator", &[], GENERATOR);
    for shown in &edition.items {
        entry(&mut xml, shown);
    }
    xml.finish()
}

/// Two sites may both have a `latest-news`, so the address is part of the id: a site that moves has a new feed,
/// while its entries keep their ids.
fn id(site: &Site, channel: &str) -> Uuid {
    Uuid::new_v5(&FEEDS, address(site, channel).as_bytes())
}

fn entry(xml: &mut Xml, item: &PublishedItem) {
    let date = item.date.to_string();
    xml.open("entry", &[]);
    xml.text("id", &[], &item.guid.0.urn().to_string());
    xml.ambiguous("title", TEXT, &item.title);
    xml.text("updated", &[], &date);
    xml.text("published", &[], &date);
    xml.empty("link", &[("rel", "alternate"), ("href", item.link.as_str())]);
    xml.ambiguous("summary", TEXT, summary(item));
    for author in item.credits() {
        person(xml, author, None);
    }
    for (category, ours) in item.terms() {
        match ours {
            true => xml.empty("category", &[("term", category), ("scheme", LABELS)]),
            false => xml.empty("category", &[("term", category)]),
        }
    }
    for also in &item.also {
        let title = untagged(&format!("{}: {}", also.source, also.title));
        xml.empty(
            "link",
            &[("rel", "related"), ("href", also.link.as_str()), ("title", &title)],
        );
    }
    if let Some(image) = &item.image {
        xml.empty("media:thumbnail", &[("url", image.as_str())]);
    }
    source(xml, item);
    xml.close();
}

/// An entry without content needs a summary (RFC 4287 §4.1.1.1 would have it so): where there is no excerpt, whose news it
/// is.
pub(super) fn summary(item: &PublishedItem) -> &str {
    match item.excerpt.is_empty() {
        true => &item.source.name,
        false => &item.excerpt,
    }
}

/// A feed is known by its URL; a private one by an id that is made of its name. What we know of its last change is that it
/// had this entry then.
fn source(xml: &mut Xml, item: &PublishedItem) {
    let id = match &item.source.url {
        Some(url) => url.clone(),
        None => Uuid::new_v5(&FEEDS, item.source.name.as_bytes()).urn().to_string(),
    };
    xml.open("source", &[]);
    xml.text("id", &[], &id);
    xml.ambiguous("title", TEXT, &item.source.name);
    xml.text("updated", &[], &item.date.to_string());
    if let Some(url) = &item.source.url {
        xml.empty("link", &[("rel", "self"), ("href", url)]);
    }
    xml.close();
}

fn link(xml: &mut Xml, rel: &str, media_type: &str, href: &str) {
    xml.empty("link", &[("rel", rel), ("type", media_type), ("href", href)]);
}

fn person(xml: &mut Xml, name: &str, uri: Option<&str>) {
    xml.open("author", &[]);
    xml.ambiguous("name", &[], name);
    if let Some(uri) = uri {
        xml.text("uri", &[], uri);
    }
    xml.close();
}
