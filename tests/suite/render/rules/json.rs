//! JSON Feed 1.1.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{is_language, is_rfc3339, is_urn, is_web};

type Members = Map<String, Value>;

/// What a member must be.
type Kind = fn(&Value) -> bool;

const FEED: [(&str, bool, Kind); 9] = [
    ("version", true, |value| value == "https://jsonfeed.org/version/1.1"),
    ("title", true, is_line),
    ("home_page_url", false, is_address),
    ("feed_url", false, is_address),
    ("description", false, Value::is_string),
    ("language", false, |value| value.as_str().is_some_and(is_language)),
    ("authors", false, are_authors),
    ("hubs", false, Value::is_array),
    ("items", true, Value::is_array),
];

/// An item must have content of some kind, and ours an author: else it would be the feed's.
const ITEM: [(&str, bool, Kind); 9] = [
    ("id", true, |value| value.as_str().is_some_and(is_urn)),
    ("url", true, is_address),
    ("title", true, is_line),
    ("content_text", true, Value::is_string),
    ("summary", false, |value| {
        value.as_str().is_some_and(|text| !text.is_empty())
    }),
    ("image", false, is_address),
    ("date_published", true, |value| value.as_str().is_some_and(is_rfc3339)),
    ("authors", true, are_authors),
    ("tags", false, |value| {
        value
            .as_array()
            .is_some_and(|tags| !tags.is_empty() && tags.iter().all(is_line))
    }),
];

pub(in crate::render) fn faults(text: &str) -> Vec<String> {
    let Ok(Value::Object(feed)) = serde_json::from_str(text) else {
        return vec!["no object".into()];
    };
    let mut faults = members(&feed, &FEED);
    let mut ids = HashSet::new();
    for item in feed.get("items").and_then(Value::as_array).into_iter().flatten() {
        let Some(item) = item.as_object() else {
            faults.push("items: not an object".into());
            continue;
        };
        faults.extend(members(item, &ITEM));
        if !ids.insert(item.get("id").map(ToString::to_string)) {
            faults.push("id: twice".into());
        }
    }
    faults
}

/// Those that lack, are not what they must be, or that nobody knows. What begins with `_` is ours (extensions).
fn members(object: &Members, known: &[(&str, bool, Kind)]) -> Vec<String> {
    let wrong = known.iter().filter(|(name, required, kind)| match object.get(*name) {
        Some(value) => !kind(value),
        None => *required,
    });
    let unknown = object.iter().filter(|(name, value)| match name.strip_prefix('_') {
        Some(_) => !value.is_object(),
        None => !known.iter().any(|(known, ..)| known == name),
    });
    let names = wrong
        .map(|(name, ..)| (*name).to_owned())
        .chain(unknown.map(|(name, _)| name.clone()));
    names.collect()
}

fn is_line(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| !text.trim().is_empty() && !text.contains('\n'))
}

fn is_address(value: &Value) -> bool {
    value.as_str().is_some_and(is_web)
}

fn are_authors(value: &Value) -> bool {
    let named = |author: &Value| author.get("name").is_some_and(is_line) && author.get("url").is_none_or(is_address);
    value
        .as_array()
        .is_some_and(|authors| !authors.is_empty() && authors.iter().all(named))
}
