//! JSON Feed, read by serde_json.

use serde_json::Value;

use super::{each, same, web};
use crate::model::publication::{Edition, PublishedItem};

pub(super) fn feed(text: &str, edition: &Edition) -> Result<(), String> {
    let feed: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    same("version", string(&feed, "/version"), "https://jsonfeed.org/version/1.1")?;
    same("the title", string(&feed, "/title"), &*edition.channel.title)?;
    web(string(&feed, "/home_page_url"))?;
    web(string(&feed, "/feed_url"))?;
    let items = feed.get("items").and_then(Value::as_array).ok_or("no items")?;
    each(items, edition.items.iter(), item)
}

fn item(found: &Value, meant: &PublishedItem) -> Result<(), String> {
    same("the id", string(found, "/id"), &*meant.guid.0.urn().to_string())?;
    same("the title", string(found, "/title"), &*meant.title)?;
    same("the link", string(found, "/url"), meant.link.as_str())?;
    same("the excerpt", string(found, "/summary"), &*meant.excerpt)?;
    same("the content", string(found, "/content_text"), &*meant.excerpt)?;
    let date = string(found, "/date_published")
        .parse()
        .map_err(|error: jiff::Error| error.to_string())?;
    same("the date", date, meant.date)?;
    same(
        "the source",
        string(found, "/_oncofeed/source/name"),
        &*meant.source.name,
    )?;
    let also = found
        .pointer("/_oncofeed/also_reported")
        .and_then(Value::as_array)
        .ok_or("no also_reported")?;
    let found: Vec<_> = also.iter().map(|also| string(also, "/url")).collect();
    let meant: Vec<_> = meant.also.iter().map(|also| also.link.as_str()).collect();
    same("also_reported", found, meant)
}

/// Empty where there is none.
fn string<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
