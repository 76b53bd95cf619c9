//! Pages for people: a channel as a whole page and as a block to include, and the index. No scripts, no images.

use askama::Template;
use jiff::tz::TimeZone;

use super::{ATOM, FRAGMENT, HTML, INDEX, JSON, OPML, RSS, address, home};
use crate::model::{
    channel::Channel,
    publication::{Edition, PublishedItem},
    settings::Site,
};

/// Links go to pages that we did not write and do not vouch for.
const REL: &str = "noopener noreferrer nofollow ugc";

#[derive(Template)]
#[template(path = "page.html", config = "src/pipeline/render/templates/askama.toml")]
struct Page<'a> {
    site: &'a Site,
    home: &'a str,
    index: String,
    canonical: String,
    title: &'a str,
    rel: &'static str,
    feeds: Vec<Address>,
    items: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "fragment.html", config = "src/pipeline/render/templates/askama.toml")]
struct Fragment<'a> {
    site: &'a Site,
    title: &'a str,
    rel: &'static str,
    items: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "index.html", config = "src/pipeline/render/templates/askama.toml")]
struct Index<'a> {
    site: &'a Site,
    home: &'a str,
    canonical: String,
    sources: String,
    channels: Vec<Listed<'a>>,
}

/// A channel in the index.
struct Listed<'a> {
    title: &'a str,
    page: String,
    fragment: String,
    feeds: Vec<Address>,
}

/// Where one format of a channel is.
struct Address {
    name: &'static str,
    media_type: &'static str,
    href: String,
}

/// An item, and its date as machines and people write it.
struct Row<'a> {
    item: &'a PublishedItem,
    datetime: String,
    day: String,
}

// Templates write to a string, which never fails; an empty document would not pass the check.

pub(super) fn page(site: &Site, edition: &Edition) -> String {
    let page = Page {
        site,
        home: home(site),
        index: address(site, INDEX.0),
        canonical: ours(site, &edition.channel, HTML.0),
        title: &edition.channel.title,
        rel: REL,
        feeds: feeds(site, &edition.channel),
        items: rows(edition.items.iter(), &site.timezone),
    };
    page.render().unwrap_or_default()
}

pub(super) fn fragment(site: &Site, edition: &Edition) -> String {
    let headlines = edition.headlines.iter().filter_map(|at| edition.items.get(*at));
    let fragment = Fragment {
        site,
        title: &edition.channel.title,
        rel: REL,
        items: rows(headlines, &site.timezone),
    };
    fragment.render().unwrap_or_default()
}

pub(super) fn index(site: &Site, channels: &[Channel]) -> String {
    let index = Index {
        site,
        home: home(site),
        canonical: address(site, ""),
        sources: address(site, OPML.0),
        channels: channels.iter().map(|channel| listed(site, channel)).collect(),
    };
    index.render().unwrap_or_default()
}

fn listed<'a>(site: &Site, channel: &'a Channel) -> Listed<'a> {
    Listed {
        title: &channel.title,
        page: ours(site, channel, HTML.0),
        fragment: ours(site, channel, FRAGMENT.0),
        feeds: feeds(site, channel),
    }
}

fn ours(site: &Site, channel: &Channel, suffix: &str) -> String {
    address(site, &format!("{}{suffix}", channel.id))
}

fn feeds(site: &Site, channel: &Channel) -> Vec<Address> {
    let feed = |name, suffix, media_type| Address {
        name,
        media_type,
        href: ours(site, channel, suffix),
    };
    vec![
        feed("RSS", RSS.0, "application/rss+xml"),
        feed("Atom", ATOM.0, "application/atom+xml"),
        feed("JSON Feed", JSON.0, "application/feed+json"),
    ]
}

fn rows<'a>(items: impl Iterator<Item = &'a PublishedItem>, timezone: &TimeZone) -> Vec<Row<'a>> {
    items
        .map(|item| Row {
            item,
            datetime: item.date.to_string(),
            day: timezone.to_datetime(item.date).strftime("%-d %B %Y").to_string(),
        })
        .collect()
}
