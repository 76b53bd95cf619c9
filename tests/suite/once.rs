//! From feeds.toml to the published channel: the real binary, real HTTP, real SQLite.

mod articles;
mod channels;
mod cuts;
mod disk;
mod faulty_answers;
mod floods;
mod identity;
mod labels;
mod pages;
mod raw_answers;
mod sources;
mod stories;
mod upgrade;
mod visits;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822, tz::TimeZone};
use serde_json::{Value, json};

use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
};

/// An RSS document of these entries: (guid, title, description).
pub(crate) fn rss(entries: &[(&str, &str, &str)]) -> String {
    let items: String = entries
        .iter()
        .map(|(guid, title, description)| {
            format!(
                "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>\
                 <link>https://publisher.example/{guid}</link><description>{description}</description>\
                 <pubDate>Wed, 01 Jul 2026 09:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
}

/// An RSS document of entries `name of n hours`, each so old.
pub(crate) fn dated(name: &str, hours: &[i64]) -> String {
    let item = |hours: &i64| {
        let at = Timestamp::now() - SignedDuration::from_hours(*hours);
        let date = rfc2822::to_string(&at.to_zoned_datetime(TimeZone::UTC)).unwrap();
        format!(
            "<item><guid isPermaLink='false'>{name}-{hours}</guid><title>{name} of {hours} hours</title>\
             <link>https://{name}.example/{hours}</link><pubDate>{date}</pubDate></item>"
        )
    };
    let items: String = hours.iter().map(item).collect();
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

/// One field of each item.
pub(crate) fn each(items: &[Value], field: &str) -> Vec<String> {
    items
        .iter()
        .map(|item| item[field].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The whole way, for the block of the site that this project is for.
#[test]
fn the_latest_news_of_the_home_page_come_out_to_the_letter() {
    let page = Document::rss(include_str!("../fixtures/homepage.rss"));
    let origin = Origin::serving([("/feed", &page)]);
    let installation = Installation::new(&source("Cancer news", &origin.url("/feed")));
    let report = installation.once();
    assert_eq!(report["entries"]["new"], 5, "{report}");

    let told: Vec<_> = installation
        .items()
        .iter()
        .map(|item| {
            format!(
                "{}\n{}\n",
                item["title"].as_str().unwrap(),
                item["excerpt"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(told.join("\n"), include_str!("../fixtures/homepage.expected.txt"));

    let block = installation.read("var/public/latest-news.fragment.html");
    let block = block.replace("&#34;", "\"").replace("&quot;", "\"");
    let mut rest = block.as_str();
    for line in include_str!("../fixtures/homepage.expected.txt")
        .lines()
        .filter(|line| !line.is_empty())
    {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("{line:?} is missing, or out of order, in {block}"));
        rest = &rest[at + line.len()..];
    }
}

#[test]
fn a_second_cycle_asks_conditionally_and_changes_no_byte() {
    let feed = Document::rss(rss(&[("1", "First", "One."), ("2", "Second", "Two.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    let first = installation.once();
    let published = installation.published();
    assert_eq!(
        first["sources"],
        json!({"due": 1, "fetched": 1, "not_modified": 0, "failed": 0})
    );
    assert_eq!(
        first["entries"],
        json!({"read": 2, "new": 2, "updated": 0, "unchanged": 0, "rejected": 0})
    );
    assert_eq!(first["channels"]["latest-news"], json!({"items": 2, "changed": true}));

    let second = installation.once();
    assert_eq!(
        second["sources"],
        json!({"due": 1, "fetched": 0, "not_modified": 1, "failed": 0})
    );
    assert_eq!(second["channels"]["latest-news"], json!({"items": 2, "changed": false}));
    assert_eq!(installation.published(), published);

    let asked = origin.requests();
    assert_eq!(asked[0].header("if-none-match"), "");
    assert_eq!(asked[1].header("if-none-match"), "\"v1-gzip\"");
    assert_ne!(asked[1].header("if-modified-since"), "");
}

#[test]
fn an_edited_entry_is_the_same_item() {
    let feed = Document::rss(rss(&[("1", "First", "One."), ("2", "Second", "Two.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let before = installation.items();

    feed.set(rss(&[
        ("1", "First, edited", "One."),
        ("2", "Second", "Two."),
        ("3", "Third", "Three."),
    ]));
    let report = installation.once();
    assert_eq!(
        report["entries"],
        json!({"read": 3, "new": 1, "updated": 1, "unchanged": 1, "rejected": 0})
    );
    let after = installation.items();
    let edited = after.iter().find(|item| item["title"] == "First, edited").unwrap();
    let original = before.iter().find(|item| item["title"] == "First").unwrap();
    assert_eq!(edited["id"], original["id"]);
    let rss = installation.read("var/public/latest-news.rss");
    assert!(rss.contains("First, edited") && rss.contains(edited["id"].as_str().unwrap()));
}

#[test]
fn an_entry_that_left_its_feed_stays_an_item() {
    let feed = Document::rss(rss(&[("1", "First", "One."), ("2", "Second", "Two.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    feed.set(rss(&[]));
    let report = installation.once();
    assert_eq!(report["sources"]["fetched"], 1, "a feed without entries is a feed");
    assert_eq!(installation.items().len(), 2);
    feed.set(rss(&[("1", "First", "One.")]));
    assert_eq!(installation.once()["entries"]["unchanged"], 1);
    assert_eq!(installation.items().len(), 2);
}

/// As gov.uk does.
#[test]
fn an_entry_with_nothing_but_a_time_of_update_is_dated_by_the_first() {
    let entry = |n: u32, title: &str, updated: &str| {
        format!(
            "<entry><id>urn:{n}</id><title>{title}</title><link href='https://p.example/{n}'/>\
             <updated>{updated}</updated></entry>"
        )
    };
    let feed = |entries: [String; 2]| {
        let entries = entries.concat();
        format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{entries}</feed>")
    };
    let newer = || entry(2, "Newer", "2026-07-02T09:00:00Z");
    let document = Document::new(
        "application/atom+xml",
        feed([entry(1, "Older", "2026-07-01T09:00:00Z"), newer()]),
    );
    let origin = Origin::serving([("/feed", &document)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    assert_eq!(each(&installation.items(), "title"), ["Newer", "Older"]);
    document.set(feed([entry(1, "Older, edited", "2026-07-03T09:00:00Z"), newer()]));
    installation.once();
    let items = installation.items();
    assert_eq!(each(&items, "title"), ["Newer", "Older, edited"]);
    assert_eq!(items[1]["published"], "2026-07-01T09:00:00Z");
}

#[test]
fn dates_of_the_future_order_nothing_and_entries_without_a_name_are_rejected() {
    let feed = Document::rss(
        "<rss version='2.0'><channel><title>T</title>
         <item><guid>a</guid><title>Tomorrow</title><link>https://p.example/a</link><pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate></item>
         <item><guid>b</guid><title>Before</title><link>https://p.example/b</link><pubDate>Wed, 01 Jul 2026 09:00:00 GMT</pubDate></item>
         <item><guid>c</guid><title>No link</title></item>
         <item><guid>d</guid><description>neither title nor link</description></item>
         </channel></rss>",
    );
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    let report = installation.once();
    assert_eq!(
        report["entries"],
        json!({"read": 4, "new": 3, "updated": 0, "unchanged": 0, "rejected": 1})
    );
    assert_eq!(
        report["channels"]["latest-news"]["items"], 2,
        "what has no link is kept, not published"
    );
    let rss = installation.read("var/public/latest-news.rss");
    assert!(!rss.contains("2100"), "{rss}");
    assert!(each(&installation.items(), "title").contains(&"No link".to_owned()));
}
