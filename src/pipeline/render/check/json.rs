//! JSON Feed and the literal in the script, read by serde_json.

use jiff::Timestamp;
use serde_json::Value;

use super::{super::script, each, same, web};
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

/// The script is our program with the news in it as a literal, in which nothing ends a script.
pub(super) fn script(text: &str, edition: &Edition) -> Result<(), String> {
    let literal = script::literal(text).ok_or("the program is not ours")?;
    if let Some(c) = literal.chars().find(|c| matches!(c, '<' | '\u{2028}' | '\u{2029}')) {
        return Err(format!("{c:?} in the literal"));
    }
    let news: Value = serde_json::from_str(literal).map_err(|error| error.to_string())?;
    same("the title", string(&news, "/title"), &*edition.channel.title)?;
    web(string(&news, "/page"))?;
    let items = news.get("items").and_then(Value::as_array).ok_or("no items")?;
    each(items, script::shown(edition).into_iter(), headline)
}

fn headline(found: &Value, meant: &PublishedItem) -> Result<(), String> {
    same("the title", string(found, "/title"), &*meant.title)?;
    same("the link", string(found, "/url"), meant.link.as_str())?;
    same("the excerpt", string(found, "/excerpt"), &*meant.excerpt)?;
    same("the source", string(found, "/source"), &*meant.source.name)?;
    same("the date", timestamp(string(found, "/date"))?, meant.date)?;
    same("the other reports", addresses(found, "/also")?, also(meant))
}

fn item(found: &Value, meant: &PublishedItem) -> Result<(), String> {
    same("the id", string(found, "/id"), &*meant.guid.0.urn().to_string())?;
    same("the title", string(found, "/title"), &*meant.title)?;
    same("the link", string(found, "/url"), meant.link.as_str())?;
    same("the excerpt", string(found, "/summary"), &*meant.excerpt)?;
    same("the content", string(found, "/content_text"), &*meant.excerpt)?;
    same("the date", timestamp(string(found, "/date_published"))?, meant.date)?;
    same(
        "the source",
        string(found, "/_oncofeed/source/name"),
        &*meant.source.name,
    )?;
    if let Some(image) = found.get("image") {
        web(image.as_str().unwrap_or_default())?;
    }
    let found = addresses(found, "/_oncofeed/also_reported")?;
    same("also_reported", found, also(meant))
}

fn also(item: &PublishedItem) -> Vec<&str> {
    item.also.iter().map(|also| also.link.as_str()).collect()
}

fn addresses<'a>(value: &'a Value, pointer: &str) -> Result<Vec<&'a str>, String> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    let list = list.ok_or_else(|| format!("no {pointer}"))?;
    Ok(list.iter().map(|member| string(member, "/url")).collect())
}

fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error: jiff::Error| error.to_string())
}

/// Empty where there is none.
fn string<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
