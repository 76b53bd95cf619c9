//! The block as a script, for sites that cannot include files: a program of ours, and the news as a literal in it.
//!
//! One request is all it takes. The program makes elements and sets their text; it never reads text as markup.

use serde::Serialize;

use super::{
    channel_address, html,
    json::{Also, also, inert},
};
use crate::model::{
    publication::{Edition, Format, PublishedItem},
    settings::Site,
};

/// Most items that a site can ask for: some 20 KB. More is a page.
pub(super) const ITEMS_MAX: usize = 20;

const PROGRAM: &str = include_str!("templates/block.js");

const STYLE: &str = include_str!("templates/block.css");

/// Where the news stands in the program.
const PLACE: &str = "{{ news }}";

/// What the program shows.
#[derive(Serialize)]
struct News<'a> {
    title: &'a str,
    language: &'a str,
    /// Where the channel's page is.
    page: String,
    rel: &'static str,
    style: &'static str,
    /// How many items are shown where a site does not say.
    headlines: usize,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    title: &'a str,
    url: &'a str,
    excerpt: &'a str,
    labels: &'a [String],
    source: &'a str,
    date: String,
    day: String,
    also: Vec<Also<'a>>,
}

pub(super) fn render(site: &Site, edition: &Edition) -> String {
    let channel = &edition.channel;
    let news = News {
        title: &channel.title,
        language: &site.language,
        page: channel_address(site, channel, Format::Page),
        rel: html::REL,
        style: STYLE,
        headlines: edition.headlines.len().clamp(1, ITEMS_MAX),
        items: shown(edition).into_iter().map(|shown| item(site, shown)).collect(),
    };
    // Strings and lists always serialise; an empty document would not pass the check.
    let news = serde_json::to_string(&news).unwrap_or_default();
    PROGRAM.replacen(PLACE, &inert(&news), 1)
}

/// The headlines first, then the others: whoever asks for fewer has the best of them.
pub(super) fn shown(edition: &Edition) -> Vec<&PublishedItem> {
    let others = (0..edition.items.len()).filter(|at| !edition.headlines.contains(at));
    let order = edition.headlines.iter().copied().chain(others);
    order.filter_map(|at| edition.items.get(at)).take(ITEMS_MAX).collect()
}

/// The literal in a script; `None` where the program around it is not ours.
pub(super) fn literal(script: &str) -> Option<&str> {
    let (before, after) = PROGRAM.split_once(PLACE)?;
    script.strip_prefix(before)?.strip_suffix(after)
}

fn item<'a>(site: &Site, item: &'a PublishedItem) -> Item<'a> {
    Item {
        title: &item.title,
        url: item.link.as_str(),
        excerpt: &item.excerpt,
        labels: &item.labels,
        source: &item.source.name,
        date: item.date.to_string(),
        day: html::day(item.date, &site.timezone),
        also: item.also.iter().map(also).collect(),
    }
}
