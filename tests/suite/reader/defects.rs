//! Documents with one defect each, and what their first entry must be all the same (`EVAL_DATA/reader-probes`).

use std::{fs, path::Path};

use jiff::Timestamp;
use oncofeed::{
    model::{entry::Entry, feed::Feed},
    pipeline::parse::parse,
};
use serde_json::Value;

use crate::{
    plain::{plain, plain_text},
    support::left_out,
};

#[test]
fn every_defect_is_read_past() {
    let Some(data) = std::env::var_os("EVAL_DATA") else {
        left_out("EVAL_DATA is not set, so the documents with one defect each were not read");
        return;
    };
    let folder = Path::new(&data).join("reader-probes");
    let expected = fs::read(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let mut failures = vec![];
    for (name, expect) in expected.as_object().unwrap() {
        let bytes = fs::read(folder.join(format!("{name}.xml"))).unwrap();
        match parse(&bytes, None, None) {
            Ok(feed) => failures.extend(
                differences(&feed, expect)
                    .into_iter()
                    .map(|what| format!("{name}: {what}")),
            ),
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn differences(feed: &Feed, expect: &Value) -> Vec<String> {
    let first = feed.entries.first().cloned().unwrap_or_default();
    let mut differences = vec![];
    for (key, want) in expect.as_object().unwrap() {
        let got = found(feed, &first, key);
        let good = match (key.as_str(), want) {
            ("n_min", want) => feed.entries.len() as u64 >= want.as_u64().unwrap(),
            ("summary_has", Value::String(part)) => got.as_str().is_some_and(|summary| summary.contains(part)),
            ("published" | "updated" | "date", Value::String(date)) => {
                got.as_str().and_then(|got| got.parse().ok()) == Some(date.parse::<Timestamp>().unwrap())
            }
            (_, want) => got == *want,
        };
        if !good {
            differences.push(format!("{key} is {got}, not {want}"));
        }
    }
    differences
}

fn found(feed: &Feed, entry: &Entry, key: &str) -> Value {
    let date = |date: Option<Timestamp>| date.map(|date| date.to_string()).into();
    match key {
        "n" | "n_min" => feed.entries.len().into(),
        "feed_link" => feed.link.clone().into(),
        "id" => entry.guid.clone().or(entry.link.clone()).into(),
        "link" => entry.link.clone().into(),
        "title" => plain(entry.title.as_ref()).into(),
        "summary_has" => plain(entry.summary.as_ref()).into(),
        "published" => date(entry.published),
        "updated" => date(entry.updated),
        "date" => date(entry.published.or(entry.updated)),
        "authors" => entry.authors.iter().map(|author| plain_text(author)).collect(),
        "categories" => entry.categories.clone().into(),
        "doi" => entry.doi.clone().into(),
        "image" => entry.image.clone().into(),
        unknown => panic!("expected.json asks for {unknown}, which this test does not know"),
    }
}
