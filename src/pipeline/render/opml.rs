//! The list of what we watch, for a reader's import (OPML 2.0).

use jiff::Timestamp;

use super::{plain, rfc822, xml::Xml};
use crate::model::{link::Link, settings::Site, source::Source};

/// Flat, with topics as categories: a source of two topics in two folders would be subscribed to twice.
pub(super) fn render(site: &Site, sources: &[&Source], changed: Option<Timestamp>) -> String {
    let mut xml = Xml::new();
    xml.open("opml", &[("version", "2.0")]);
    xml.open("head", &[]);
    xml.text("title", &[], &format!("{}: sources", site.title));
    if let Some(changed) = changed {
        xml.text("dateModified", &[], &rfc822(changed));
    }
    xml.close();
    xml.open("body", &[]);
    for source in sources {
        outline(&mut xml, source);
    }
    xml.finish()
}

/// An address with a password in it is nobody else's business, marked as private or not. To a page nobody can subscribe.
pub(super) fn public(source: &Source) -> bool {
    !source.private && source.page.is_none() && Link::new(source.url.clone()).is_some()
}

fn outline(xml: &mut Xml, source: &Source) {
    let name = plain::line(&source.name);
    let topics: Vec<_> = source.topics.iter().map(|topic| plain::line(topic)).collect();
    let topics = topics.join(",");
    let mut attributes = vec![
        ("type", "rss"),
        ("text", &*name),
        ("title", &name),
        ("category", &topics),
        ("xmlUrl", source.url.as_str()),
    ];
    if !source.enabled {
        attributes.push(("isComment", "true"));
    }
    xml.empty("outline", &attributes);
}
