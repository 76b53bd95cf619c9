//! JSON Feed 1.1.

use serde::Serialize;
use url::Url;

use super::{channel_address, description, home};
use crate::model::{
    link::Link,
    publication::{AlsoReported, Edition, Format, PublishedItem},
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
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
pub(super) struct Also<'a> {
    source: &'a str,
    title: &'a str,
    url: &'a str,
}

pub(super) fn render(site: &Site, edition: &Edition) -> String {
    let channel = &edition.channel;
    let ours = |format| channel_address(site, channel, format);
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: &channel.title,
        home_page_url: ours(Format::Page),
        feed_url: ours(Format::Json),
        description: description(site, channel),
        language: &site.language,
        authors: vec![Author {
            name: &site.title,
            url: Some(home(site)),
        }],
        hubs: site.hubs.iter().map(hub).collect(),
        items: edition.items.iter().map(item).collect(),
    };
    // Strings and lists always serialise; an empty document would not pass the check.
    let mut text = inert(&serde_json::to_string_pretty(&feed).unwrap_or_default());
    text.push('\n');
    text
}

fn hub(hub: &Url) -> Hub<'_> {
    Hub {
        r#type: "WebSub",
        url: hub.as_str(),
    }
}

fn item(item: &PublishedItem) -> Item<'_> {
    Item {
        id: item.guid.0.urn().to_string(),
        url: item.link.as_str(),
        title: &item.title,
        content_text: &item.excerpt,
        summary: &item.excerpt,
        image: item.image.as_ref().map(Link::as_str),
        date_published: item.date.to_string(),
        authors: credits(item),
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

fn credits(item: &PublishedItem) -> Vec<Author<'_>> {
    let names = item.credits().into_iter();
    names.map(|name| Author { name, url: None }).collect()
}

pub(super) fn also(also: &AlsoReported) -> Also<'_> {
    Also {
        source: &also.source,
        title: &also.title,
        url: also.link.as_str(),
    }
}

/// Some put JSON into a `<script>`, where `</script>` would end it and old engines take U+2028 for a line end.
/// All three stand in strings only, so the escape means the same character.
pub(super) fn inert(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
