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
mod pack;
mod plain;
mod rss;
mod script;
mod xml;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

pub use self::pack::packed;
use crate::model::{
    channel::Channel,
    publication::{Document, Edition, Format},
    settings::Site,
    source::Source,
};

/// What feeds name as their generator. Without a version: an upgrade is no news to subscribers.
const GENERATOR: &str = "oncofeed";

/// Namespace of Media RSS, for images.
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// Tells our labels from a publisher's own categories, which may use the same words. Subscribers filter by it: it never
/// changes.
const LABELS: &str = "urn:uuid:3c1f6a52-9b0e-5d47-8f2a-6e4d0b7c9a15";

/// Outputs that belong to no channel.
pub const OPML: &str = "sources.opml";
pub const INDEX: &str = "index.html";

/// Every output of a channel by its name.
///
/// `edition.changed` is written into them. To find it out: render with the epoch, compare the [`digest`] with the
/// last one, and render again.
pub fn channel(site: &Site, edition: &Edition) -> Vec<(String, Document)> {
    let site = &plain::site(site);
    let edition = &plain::edition(edition);
    let output = |format: Format| {
        let text = match format {
            Format::Rss => rss::render(site, edition),
            Format::Atom => atom::render(site, edition),
            Format::Json => json::render(site, edition),
            Format::Page => html::page(site, edition),
            Format::Fragment => html::fragment(site, edition),
            Format::Script => script::render(site, edition),
            Format::Opml => return None,
        };
        let document = Document {
            link: hub_link(site, &edition.channel, format),
            ..document(format, text, edition.changed)
        };
        Some((name(&edition.channel.id, format), document))
    };
    Format::OF_CHANNEL.into_iter().filter_map(output).collect()
}

/// `sources.opml`: the enabled sources, without the private ones.
pub fn opml(site: &Site, sources: &[Source], changed: Timestamp) -> (String, Document) {
    let changed = plain::whole(changed);
    let public: Vec<_> = sources
        .iter()
        .filter(|source| source.enabled && opml::public(source))
        .collect();
    let text = opml::render(&plain::site(site), &public, Some(changed));
    (OPML.to_owned(), document(Format::Opml, text, changed))
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
    (INDEX.to_owned(), document(Format::Page, text, changed))
}

/// What an output of a channel is called.
pub fn name(channel: &str, format: Format) -> String {
    format!("{channel}{}", format.suffix())
}

/// What the outputs of a channel are called.
pub fn names(channel: &str) -> Vec<String> {
    Format::OF_CHANNEL.map(|format| name(channel, format)).to_vec()
}

/// All outputs, by their names.
pub fn every(channels: &[Channel]) -> Vec<(String, Format)> {
    let of_channel = |channel: &Channel| Format::OF_CHANNEL.map(|format| (name(&channel.id, format), format));
    let common = [(OPML.to_owned(), Format::Opml), (INDEX.to_owned(), Format::Page)];
    channels.iter().flat_map(of_channel).chain(common).collect()
}

/// Outputs under the names that a channel had before, each with the address of the one in its place.
pub fn moved(site: &Site, channel: &Channel) -> Vec<(String, String)> {
    let now = names(&channel.id).into_iter().map(|name| address(site, &name));
    let before = |id: &String| names(id).into_iter().zip(now.clone()).collect::<Vec<_>>();
    channel.formerly.iter().flat_map(before).collect()
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

fn document(format: Format, text: String, changed: Timestamp) -> Document {
    Document {
        format,
        bytes: Bytes::from(text),
        changed,
        packed: vec![],
        link: None,
    }
}

/// What a hub is told of: the addresses of a channel's feeds.
pub fn topics(site: &Site, channel: &Channel) -> Vec<String> {
    let feeds = Format::OF_CHANNEL.into_iter().filter(|format| format.is_feed());
    feeds.map(|format| channel_address(site, channel, format)).collect()
}

/// Hubs and the feed's own address, for subscribers that read headers (WebSub §4).
fn hub_link(site: &Site, channel: &Channel, format: Format) -> Option<String> {
    let own = format!("<{}>; rel=\"self\"", channel_address(site, channel, format));
    let hubs = site.hubs.iter().map(|hub| format!("<{hub}>; rel=\"hub\""));
    (format.is_feed() && !site.hubs.is_empty()).then(|| hubs.chain([own]).collect::<Vec<_>>().join(", "))
}

/// Where an output is public.
fn address(site: &Site, name: &str) -> String {
    format!("{}{name}", site.base_url)
}

/// Where an output of a channel is public.
fn channel_address(site: &Site, channel: &Channel, format: Format) -> String {
    address(site, &name(&channel.id, format))
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
