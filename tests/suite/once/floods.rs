//! What one source brings at once: so many an hour show, and nothing is lost.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::Value;

use super::each;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
};

/// Entries `name n`, of which each is a minute older than the one before; the newest is an hour old.
fn entries(name: &str, numbers: std::ops::Range<i64>) -> String {
    let item = |n: i64| {
        let at = Timestamp::now() - SignedDuration::from_mins(60 + n);
        format!(
            "<item><guid isPermaLink='false'>{name}-{n}</guid><title>{name} issue {n}</title>\
             <link>https://{name}.example/{n}</link><pubDate>{}</pubDate></item>",
            jiff::fmt::rfc2822::to_string(&at.to_zoned_datetime(jiff::tz::TimeZone::UTC)).unwrap()
        )
    };
    let items: String = numbers.map(item).collect();
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

/// A source that brought three items at its first visit, and then an issue of fifty more.
fn flooded() -> (Origin, Installation) {
    let feed = Document::rss(entries("journal", 50..53));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("Journal", &origin.url("/feed")));
    installation.once();
    feed.set(entries("journal", 0..53));
    assert_eq!(installation.once()["entries"]["new"], 50);
    (origin, installation)
}

fn shown(installation: &Installation) -> usize {
    let feed: Value = serde_json::from_str(&installation.read("var/public/latest-news.json")).unwrap();
    feed["items"].as_array().unwrap().len()
}

fn with_status(installation: &Installation, status: &str) -> Vec<String> {
    let mut items = installation.items();
    items.retain(|item| item["status"] == status);
    each(&items, "title")
}

/// As if so much time had passed.
fn wait(installation: &Installation, minutes: i64) {
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    let sql = "UPDATE items SET surfaces_at = surfaces_at - ?1, first_seen = first_seen - ?1";
    store.execute(sql, [minutes * 60_000]).unwrap();
}

#[test]
fn a_first_visit_shows_all_that_it_brings() {
    let feed = Document::rss(entries("journal", 0..53));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("Journal", &origin.url("/feed")));
    assert_eq!(installation.once()["channels"]["latest-news"]["items"], 53);
    feed.set(entries("journal", -1..53));
    assert_eq!(
        installation.once()["channels"]["latest-news"]["items"],
        54,
        "and counts for nothing later"
    );
}

#[test]
fn a_flood_waits_and_nothing_is_lost() {
    let (_origin, installation) = flooded();
    assert_eq!(shown(&installation), 23);
    assert_eq!(installation.items().len(), 53, "all of them are kept");
    let held = with_status(&installation, "held");
    assert_eq!((held.len(), held[0].as_str()), (30, "journal issue 20"));

    let explained = installation.json(&["explain", "https://journal.example/20"]);
    let verdict = explained[0]["verdict"].as_str().unwrap();
    assert!(verdict.contains("waits until"), "{verdict}");
    let sources = installation.json(&["sources"]);
    assert_eq!(sources[0]["held"], 30, "{sources}");
    let told = installation.run(&["sources"]).stdout;
    assert!(told.contains("30 items wait: 20 an hour show"), "{told}");

    for expect in [43, 53, 53] {
        wait(&installation, 60);
        installation.once();
        assert_eq!(shown(&installation), expect);
    }
    assert!(with_status(&installation, "held").is_empty());
}

#[test]
fn the_editor_is_told_once() {
    let feed = Document::rss(entries("journal", 50..53));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("Journal", &origin.url("/feed")));
    installation.once();
    feed.set(entries("journal", 0..53));
    let told = || installation.run(&["once", "--all"]).stderr;
    let first = told();
    assert!(
        first.contains("Journal brought 50 items at once: 20 an hour will show"),
        "{first}"
    );
    feed.set(entries("journal", -5..53));
    assert!(!told().contains("at once"));
}

#[test]
fn what_waits_is_found_by_its_story_and_does_not_lead_it() {
    let (_origin, installation) = flooded();
    let other = Document::rss(
        "<rss version='2.0'><channel><title>T</title><item><guid>x</guid><title>As journal issue 40 says</title>\
         <link>https://journal.example/40</link></item></channel></rss>",
    );
    let second = Origin::serving([("/feed", &other)]);
    let feeds = installation
        .read("feeds.toml")
        .replace("name = \"Journal\"", "name = \"Journal\"\npriority = 9");
    installation.write("feeds.toml", &(feeds + &source("Paper", &second.url("/feed"))));
    installation.once();
    let leading = |title: &str| {
        let items = installation.items();
        items.into_iter().find(|item| item["title"] == title)
    };
    let paper = leading("As journal issue 40 says").unwrap();
    assert_eq!(paper["also"][0]["title"], "journal issue 40", "it is known");
    assert_eq!(shown(&installation), 24);
    let page = installation.read("var/public/latest-news.html");
    assert!(
        page.contains("As journal issue 40 says") && !page.contains("journal issue 40<"),
        "{page}"
    );

    wait(&installation, 120);
    installation.once();
    assert!(leading("As journal issue 40 says").is_none());
    let journal = leading("journal issue 40").unwrap();
    assert_eq!(journal["also"][0]["source"], "Paper");
    let guid = paper["id"].as_str().unwrap();
    assert!(
        installation.read("var/public/latest-news.rss").contains(guid),
        "its guid stays"
    );
}

#[test]
fn what_is_pinned_never_waits() {
    let (_origin, installation) = flooded();
    let feeds = installation.read("feeds.toml") + "pin = [\"title:/ 4[01]$/\"]\n";
    installation.write("feeds.toml", &feeds);
    installation.once();
    assert_eq!(shown(&installation), 25);
    assert_eq!(with_status(&installation, "held").len(), 28);
}
