//! From an edition to the bytes of its outputs.
//!
//! *Architecture invariant*: the same arguments give the same bytes. Whatever sources and editors wrote leaves here as
//! text: every writer works on a cleaned edition ([`plain`]) and escapes for its format, so that a reader sees the
//! characters that were meant and never markup.

mod atom;
pub mod check;
mod html;
mod json;
mod opml;
mod plain;
mod rss;
mod xml;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::model::{
    channel::Channel,
    publication::{Document, Edition},
    settings::Site,
    source::Source,
};

/// What feeds name as their generator. Without a version: an upgrade is no news to subscribers.
const GENERATOR: &str = "oncofeed";

/// Tells our labels from a publisher's own categories, which may use the same words. Subscribers filter by it: it never
/// changes.
const LABELS: &str = "urn:uuid:3c1f6a52-9b0e-5d47-8f2a-6e4d0b7c9a15";

/// The formats of a channel: suffix of the file's name, media type.
const RSS: (&str, &str) = (".rss", "application/rss+xml; charset=utf-8");
const ATOM: (&str, &str) = (".atom", "application/atom+xml; charset=utf-8");
const JSON: (&str, &str) = (".json", "application/feed+json");
const HTML: (&str, &str) = (".html", "text/html; charset=utf-8");
const FRAGMENT: (&str, &str) = (".fragment.html", "text/html; charset=utf-8");

/// Outputs that belong to no channel.
const OPML: (&str, &str) = ("sources.opml", "text/x-opml; charset=utf-8");
const INDEX: (&str, &str) = ("index.html", "text/html; charset=utf-8");

/// Every output of a channel by its name.
///
/// `edition.changed` is written into them. To find it out: render with the epoch, compare the [`digest`] with the
/// last one, and render again.
pub fn channel(site: &Site, edition: &Edition) -> Vec<(String, Document)> {
    let site = &plain::site(site);
    let edition = &plain::edition(edition);
    let output = |(suffix, media_type), text| {
        let name = format!("{}{suffix}", edition.channel.id);
        (name, document(media_type, text, edition.changed))
    };
    vec![
        output(RSS, rss::render(site, edition)),
        output(ATOM, atom::render(site, edition)),
        output(JSON, json::render(site, edition)),
        output(HTML, html::page(site, edition)),
        output(FRAGMENT, html::fragment(site, edition)),
    ]
}

/// `sources.opml`: the enabled sources, without the private ones.
pub fn opml(site: &Site, sources: &[Source], changed: Timestamp) -> (String, Document) {
    let changed = plain::whole(changed);
    let public: Vec<_> = sources
        .iter()
        .filter(|source| source.enabled && opml::public(source))
        .collect();
    let text = opml::render(&plain::site(site), &public, Some(changed));
    (OPML.0.to_owned(), document(OPML.1, text, changed))
}

/// The list that an editor takes elsewhere: the sources that rest too, marked as comments (OPML 2.0, `isComment`), and
/// no date, so that the same sources give the same bytes. The second answer is how many were left out as private.
pub fn export(site: &Site, sources: &[Source]) -> (String, usize) {
    let public: Vec<_> = sources.iter().filter(|source| opml::public(source)).collect();
    (
        opml::render(&plain::site(site), &public, None),
        sources.len() - public.len(),
    )
}

/// `index.html`: the channels, and how to subscribe.
pub fn index(site: &Site, channels: &[Channel], changed: Timestamp) -> (String, Document) {
    let channels: Vec<_> = channels.iter().map(plain::channel).collect();
    let changed = plain::whole(changed);
    let text = html::index(&plain::site(site), &channels);
    (INDEX.0.to_owned(), document(INDEX.1, text, changed))
}

/// The media type of a channel's output, by its name.
pub fn media_type(name: &str) -> &'static str {
    // The longest suffix first: a fragment is HTML as well.
    let formats = [FRAGMENT, HTML, RSS, ATOM, JSON];
    let found = formats.into_iter().find(|(suffix, _)| name.ends_with(suffix));
    found.map_or("application/octet-stream", |(_, media_type)| media_type)
}

/// What the outputs of a channel are called.
pub fn names(channel: &str) -> Vec<String> {
    [RSS, ATOM, JSON, HTML, FRAGMENT]
        .map(|(suffix, _)| format!("{channel}{suffix}"))
        .to_vec()
}

/// What a channel's JSON Feed is called.
pub fn json_name(channel: &str) -> String {
    format!("{channel}{}", JSON.0)
}

/// SHA-256 over names and bytes; each with its length before it, so that no two sets of documents look alike.
pub fn digest(documents: &[(String, Document)]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for (name, document) in documents {
        for part in [name.as_bytes(), &document.bytes] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    digest.finalize().to_vec()
}

fn document(media_type: &'static str, text: String, changed: Timestamp) -> Document {
    Document {
        media_type,
        bytes: Bytes::from(text),
        changed,
    }
}

/// Where an output is public.
fn address(site: &Site, name: &str) -> String {
    format!("{}{name}", site.base_url)
}

/// The website whose news this is; where it is not known, our own index.
fn home(site: &Site) -> &str {
    site.home.as_ref().unwrap_or(&site.base_url).as_str()
}

/// What a channel says of itself.
fn description(site: &Site, channel: &Channel) -> String {
    format!("{}: {}", site.title, channel.title)
}

/// RFC 822 as RSS wants it, with `GMT`. Empty for years outside 0 to 9999, which no date of ours has.
fn rfc822(at: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap_or_default()
}
