//! Pages for people: a channel as a whole page and as a block to include, and the index. No scripts, no images. What a
//! page lists is told to search engines too, as microdata (schema.org): that needs no script.

use askama::Template;
use jiff::{Timestamp, tz::TimeZone};

use super::{INDEX, OPML, address, channel_address, home, script};
use crate::model::{
    channel::Channel,
    publication::{Edition, Format, PublishedItem},
    settings::Site,
};

/// Links go to pages that we did not write and do not vouch for.
pub(super) const REL: &str = "noopener noreferrer nofollow ugc";

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
    /// What other sites put into their pages: HTML source, to be read.
    embed: Embed<'a>,
    /// What their servers include.
    fragment: String,
    /// Most items that the script shows.
    most: usize,
    /// Of the items' headings.
    level: u8,
    items: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "embed.html", config = "src/pipeline/render/templates/askama.toml")]
struct Embed<'a> {
    title: &'a str,
    page: String,
    script: String,
    headlines: usize,
}

#[derive(Template)]
#[template(path = "fragment.html", config = "src/pipeline/render/templates/askama.toml")]
struct Fragment<'a> {
    site: &'a Site,
    title: &'a str,
    rel: &'static str,
    level: u8,
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
    let ours = |format| channel_address(site, &edition.channel, format);
    let page = Page {
        site,
        home: home(site),
        index: address(site, INDEX),
        canonical: ours(Format::Page),
        title: &edition.channel.title,
        rel: REL,
        feeds: feeds(site, &edition.channel),
        embed: Embed {
            title: &edition.channel.title,
            page: ours(Format::Page),
            script: ours(Format::Script),
            headlines: edition.channel.headlines.min(script::ITEMS_MAX),
        },
        fragment: ours(Format::Fragment),
        most: script::ITEMS_MAX,
        level: 2,
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
        level: 3,
        items: rows(headlines, &site.timezone),
    };
    fragment.render().unwrap_or_default()
}

pub(super) fn index(site: &Site, channels: &[Channel]) -> String {
    let index = Index {
        site,
        home: home(site),
        canonical: address(site, ""),
        sources: address(site, OPML),
        channels: channels.iter().map(|channel| listed(site, channel)).collect(),
    };
    index.render().unwrap_or_default()
}

fn listed<'a>(site: &Site, channel: &'a Channel) -> Listed<'a> {
    Listed {
        title: &channel.title,
        page: channel_address(site, channel, Format::Page),
        feeds: feeds(site, channel),
    }
}

fn feeds(site: &Site, channel: &Channel) -> Vec<Address> {
    let feed = |name, format: Format| Address {
        name,
        media_type: format.media_type(),
        href: channel_address(site, channel, format),
    };
    vec![
        feed("RSS", Format::Rss),
        feed("Atom", Format::Atom),
        feed("JSON Feed", Format::Json),
    ]
}

fn rows<'a>(items: impl Iterator<Item = &'a PublishedItem>, timezone: &TimeZone) -> Vec<Row<'a>> {
    items
        .map(|item| Row {
            item,
            datetime: item.date.to_string(),
            day: day(item.date, timezone),
        })
        .collect()
}

/// As people there write it: `6 July 2015`.
pub(super) fn day(at: Timestamp, timezone: &TimeZone) -> String {
    timezone.to_datetime(at).strftime("%-d %B %Y").to_string()
}
