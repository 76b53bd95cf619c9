//! JSON Feed 1.1.

use serde::Serialize;

use super::{HTML, JSON, address, description, home};
use crate::model::{
    publication::{AlsoReported, Edition, PublishedItem},
    settings::Site,
};

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: String,
    feed_url: String,
    description: String,
    language: &'a str,
    authors: Vec<Author<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: &'a str,
    title: &'a str,
    /// Required beside `summary`: an item must have content of some kind.
    content_text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    date_published: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(rename = "_oncofeed")]
    extension: Extension<'a>,
}

/// What JSON Feed has no field for.
#[derive(Serialize)]
struct Extension<'a> {
    source: Source<'a>,
    /// Ours: `tags` has the publisher's words too.
    labels: &'a [String],
    also_reported: Vec<Also<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Also<'a> {
    source: &'a str,
    title: &'a str,
    url: &'a str,
}

pub(super) fn render(site: &Site, edition: &Edition) -> String {
    let channel = &edition.channel;
    let ours = |suffix: &str| address(site, &format!("{}{suffix}", channel.id));
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: &channel.title,
        home_page_url: ours(HTML.0),
        feed_url: ours(JSON.0),
        description: description(site, channel),
        language: &site.language,
        authors: vec![Author {
            name: &site.title,
            url: Some(home(site)),
        }],
        items: edition.items.iter().map(item).collect(),
    };
    // Strings and lists always serialise; an empty document would not pass the check.
    inert(&serde_json::to_string_pretty(&feed).unwrap_or_default())
}

fn item(item: &PublishedItem) -> Item<'_> {
    Item {
        id: item.guid.0.urn().to_string(),
        url: item.link.as_str(),
        title: &item.title,
        content_text: &item.excerpt,
        summary: &item.excerpt,
        date_published: item.date.to_string(),
        authors: item.authors.iter().map(|name| Author { name, url: None }).collect(),
        tags: item.terms().into_iter().map(|(term, _)| term).collect(),
        extension: Extension {
            source: Source {
                name: &item.source.name,
                url: item.source.url.as_deref(),
            },
            labels: &item.labels,
            also_reported: item.also.iter().map(also).collect(),
        },
    }
}

fn also(also: &AlsoReported) -> Also<'_> {
    Also {
        source: &also.source,
        title: &also.title,
        url: also.link.as_str(),
    }
}

/// Some put JSON into a `<script>`, where `</script>` would end it and old engines take U+2028 for a line end.
/// All three stand in strings only, so the escape means the same character.
fn inert(json: &str) -> String {
    let mut inert = json
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    inert.push('\n');
    inert
}
