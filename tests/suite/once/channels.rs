//! What a channel takes: topics, age, so many of one source, and only what is about cancer.

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use serde_json::Value;

use super::{dated, each};
use crate::support::{document::Document, installation::Installation, origin::Origin};

/// Entries `name 1` … of which each is a day older than the one before; the first is `age_days` old.
fn daily(name: &str, count: i64, age_days: i64) -> Document {
    let item = |n: i64| {
        let at = Timestamp::now() - SignedDuration::from_hours(24 * (age_days + n - 1) + 1);
        let date = rfc2822::to_string(&at.to_zoned_datetime(jiff::tz::TimeZone::UTC)).unwrap();
        format!(
            "<item><guid isPermaLink='false'>{name}-{n}</guid><title>{name} {n}</title>\
             <link>https://{name}.example/{n}</link><pubDate>{date}</pubDate></item>"
        )
    };
    let items: String = (1..=count).map(item).collect();
    Document::rss(format!(
        "<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
    ))
}

fn channel(id: &str, keys: &str) -> String {
    format!("[[channel]]\nid = \"{id}\"\n{keys}\n")
}

fn source(name: &str, url: &url::Url, keys: &str) -> String {
    format!("[[source]]\nname = \"{name}\"\nurl = \"{url}\"\n{keys}\n")
}

/// After one cycle of these two sources.
fn visited(a: &Document, b: &Document, keys: [&str; 2], channels: &str) -> Installation {
    let origin = Origin::serving([("/a", a), ("/b", b)]);
    let installation = Installation::new("");
    let sources = source("A", &origin.url("/a"), keys[0]) + &source("B", &origin.url("/b"), keys[1]);
    installation.write("feeds.toml", &format!("{channels}{sources}"));
    installation.once();
    installation
}

/// The titles that a channel shows, after one cycle of these two sources; newest first.
fn shown(a: &Document, b: &Document, keys: [&str; 2], channels: &str) -> impl Fn(&str) -> Vec<String> + use<> {
    let installation = visited(a, b, keys, channels);
    move |channel| {
        let items = installation.json(&["items", "--channel", channel]);
        each(items.as_array().unwrap(), "title")
    }
}

/// The titles of the channel `news`, as they were published.
fn in_order(installation: &Installation) -> Vec<String> {
    let feed: Value = serde_json::from_str(&installation.read("var/public/news.json")).unwrap();
    each(feed["items"].as_array().unwrap(), "title")
}

const RESEARCH: &str = "topics = [\"research\"]";

#[test]
fn no_source_has_more_than_its_share() {
    let channels = channel(
        "news",
        "topics = [\"research\"]\nrelevance = false\nlimit = 4\nper_source = 3\nheadlines = 3",
    );
    let shown = shown(&daily("a", 9, 0), &daily("b", 9, 5), [RESEARCH; 2], &channels);
    assert_eq!(shown("news"), ["a 1", "a 2", "a 3", "b 1"]);
}

#[test]
fn the_block_leaves_room_for_others() {
    let (a, b) = (daily("a", 5, 0), daily("b", 2, 9));
    let origin = Origin::serving([("/a", &a), ("/b", &b)]);
    let installation = Installation::new("");
    let channel = channel("news", "topics = [\"research\"]\nrelevance = false\nheadlines = 3");
    let sources = source("A", &origin.url("/a"), RESEARCH) + &source("B", &origin.url("/b"), RESEARCH);
    installation.write("feeds.toml", &format!("{channel}{sources}"));
    installation.once();
    let block = installation.read("var/public/news.fragment.html");
    let at = |title: &str| block.find(&format!(">{title}<"));
    assert!(at("a 1") < at("a 2") && at("a 2") < at("b 1"), "{block}");
    assert!(
        at("a 1").is_some() && at("a 3").is_none() && at("b 2").is_none(),
        "{block}"
    );
}

#[test]
fn old_news_leaves_but_never_empties_the_block() {
    let channels = channel(
        "news",
        "topics = [\"research\"]\nrelevance = false\nmax_age = \"30d\"\nheadlines = 3",
    );
    let (a, b) = (daily("a", 2, 0), daily("b", 9, 90));
    assert_eq!(shown(&a, &b, [RESEARCH; 2], &channels)("news"), ["a 1", "a 2", "b 1"]);
    let b = daily("b", 9, 25);
    let titles = shown(&a, &b, [RESEARCH; 2], &channels)("news");
    assert_eq!(titles, ["a 1", "a 2", "b 1", "b 2", "b 3", "b 4", "b 5"]);
}

#[test]
fn topics_part_the_channels() {
    let channels = channel("news", "topics = [\"research\", \"practice\"]\nrelevance = false")
        + &channel("new", "topics = [\"policy\"]\nrelevance = false");
    let keys = ["topics = [\"practice\", \"policy\"]", "topics = [\"policy\"]"];
    let shown = shown(&daily("a", 1, 0), &daily("b", 1, 1), keys, &channels);
    assert_eq!(shown("news"), ["a 1"]);
    assert_eq!(shown("new"), ["a 1", "b 1"]);
}

#[test]
fn only_news_about_cancer_but_for_sources_that_write_of_nothing_else() {
    let titled = |titles: [&str; 2]| {
        let item = |title: &str| {
            format!(
                "<item><title>{title}</title><link>https://x.example/{}</link></item>",
                title.len()
            )
        };
        let items: String = titles.into_iter().map(item).collect();
        Document::rss(format!(
            "<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
        ))
    };
    let a = titled(["New tumour test for ovarian cancer", "Council opens a swimming pool"]);
    let b = titled(["Annual symposium", "A letter from the chair"]);
    let channels = channel("news", "topics = [\"research\"]");
    let keys = [RESEARCH, "topics = [\"research\"]\nrelevance = \"always\""];
    let mut titles = shown(&a, &b, keys, &channels)("news");
    titles.sort();
    assert_eq!(
        titles,
        [
            "A letter from the chair",
            "Annual symposium",
            "New tumour test for ovarian cancer"
        ]
    );
}

#[test]
fn dates_that_mean_nothing_can_be_ignored() {
    let channels = channel("news", "topics = [\"research\"]\nrelevance = false\nheadlines = 1");
    let keys = [RESEARCH, "topics = [\"research\"]\ndates = \"ignore\""];
    let titles = shown(&daily("a", 1, 0), &daily("b", 1, 900), keys, &channels)("news");
    assert_eq!(titles, ["b 1", "a 1"], "first seen now");
}

#[test]
fn a_burst_is_broken_up_by_what_others_have_of_that_day() {
    let channels = channel("news", "topics = [\"research\"]\nrelevance = false");
    let (a, b) = (
        Document::rss(dated("a", &[1, 2, 3, 4, 5])),
        Document::rss(dated("b", &[9, 60])),
    );
    let titles = in_order(&visited(&a, &b, [RESEARCH; 2], &channels));
    let expect = [("a", 1), ("a", 2), ("b", 9), ("a", 3), ("a", 4), ("a", 5), ("b", 60)];
    assert_eq!(titles, expect.map(|(name, hours)| format!("{name} of {hours} hours")));
}

const PINNED: &str = "topics = [\"research\"]\npin = [\"title:/of [3-9] hours|of 99/\"]";

#[test]
fn what_is_pinned_comes_first_for_a_time_and_never_too_much_of_it() {
    let channels = channel(
        "news",
        "topics = [\"research\"]\nrelevance = false\nlimit = 4\nheadlines = 2",
    );
    let (a, b) = (
        Document::rss(dated("a", &[1, 2])),
        Document::rss(dated("b", &[3, 4, 5, 99])),
    );
    let installation = visited(&a, &b, [RESEARCH, PINNED], &channels);
    let of = |name: &str, hours: i64| format!("{name} of {hours} hours");
    assert_eq!(
        in_order(&installation),
        [of("b", 3), of("b", 4), of("a", 1), of("a", 2)]
    );
    let block = installation.read("var/public/news.fragment.html");
    assert!(block.contains(&of("b", 4)) && !block.contains(&of("a", 1)), "{block}");

    let explained = installation.json(&["explain", "https://b.example/3"]);
    let reason = explained[0]["channels"][0]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("number 1, among the headlines, pinned until "),
        "{reason}"
    );
    let feeds = installation.read("feeds.toml") + "pinned_for = \"3h\"\n";
    installation.write("feeds.toml", &feeds);
    installation.once();
    assert_eq!(in_order(&installation)[0], of("a", 1), "their time is over");
}

/// The list may be full of newer items long before an old one comes that is pinned.
#[test]
fn a_pin_holds_whatever_came_since_but_not_for_what_the_channel_never_shows() {
    let keys = "topics = [\"research\"]\nlimit = 3\nper_source = 2\nheadlines = 1";
    let (a, b) = (
        Document::rss(dated("a", &[1, 2, 3, 4])),
        Document::rss(dated("b", &[6, 7, 50])),
    );
    let pinned = "topics = [\"research\"]\npin = [\"title:50\"]";
    let channels = channel("news", &format!("{keys}\nrelevance = false"));
    let of = |name: &str, hours: i64| format!("{name} of {hours} hours");
    let installation = visited(&a, &b, [RESEARCH, pinned], &channels);
    assert_eq!(in_order(&installation), [of("b", 50), of("a", 1), of("a", 2)]);
    let wider = channels.replace("limit = 3", "limit = 5");
    let installation = visited(&a, &b, [RESEARCH, pinned], &wider);
    assert_eq!(
        in_order(&installation),
        [of("b", 50), of("a", 1), of("a", 2), of("b", 6)]
    );
    let strict = channel("news", keys);
    let installation = visited(&a, &b, [RESEARCH, pinned], &strict);
    assert!(in_order(&installation).is_empty(), "nothing in it speaks of cancer");
}

#[test]
fn a_channel_takes_only_the_tumours_and_kinds_that_it_asks_for() {
    let item = |n: u32, title: &str| format!("<item><title>{title}</title><link>https://x.example/{n}</link></item>");
    let document = |items: &[String]| {
        let items = items.concat();
        Document::rss(format!(
            "<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
        ))
    };
    let a = document(&[
        item(1, "Phase 3 trial of a new drug in breast cancer"),
        item(2, "Phase 3 trial of a new drug in lung cancer"),
    ]);
    let keys = "topics = [\"research\"]\nsites = [\"breast\", \"skin\"]\nnews_type = [\"trial\"]";
    let installation = visited(&a, &document(&[]), [RESEARCH; 2], &channel("news", keys));
    assert_eq!(
        in_order(&installation),
        ["Phase 3 trial of a new drug in breast cancer"]
    );
    let explained = installation.json(&["explain", "https://x.example/2"]);
    assert_eq!(
        explained[0]["channels"][0]["reason"],
        "its tumour site is lung, the channel asks for breast or skin"
    );
}

#[test]
fn pictures_are_in_feeds_alone_and_only_where_a_channel_asks_for_them() {
    let feed = Document::rss(
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>T</title><item><guid>1</guid>\
         <title>One</title><link>https://a.example/1</link><media:thumbnail url='https://a.example/1.jpg?w=1&amp;h=2'/>\
         </item></channel></rss>",
    );
    let common = "relevance = false\nmax_age = \"3650d\"\n";
    let channels = channel("plain", common) + &channel("videos", &format!("{common}images = true"));
    let topics = ["topics = [\"x\"]", "topics = [\"y\"]"];
    let installation = visited(&feed, &daily("b", 1, 1), topics, &channels);
    for (suffix, shown) in [
        ("rss", "<media:thumbnail url=\"https://a.example/1.jpg?w=1&#x26;h=2\"/>"),
        (
            "atom",
            "<media:thumbnail url=\"https://a.example/1.jpg?w=1&#x26;h=2\"/>",
        ),
        ("json", "\"image\": \"https://a.example/1.jpg?w=1&h=2\""),
    ] {
        let read = |channel: &str| installation.read(&format!("var/public/{channel}.{suffix}"));
        assert!(read("videos").contains(shown), "{suffix}: {}", read("videos"));
        assert!(!read("plain").contains("1.jpg"), "{suffix}");
    }
    for suffix in ["html", "fragment.html", "js"] {
        let text = installation.read(&format!("var/public/videos.{suffix}"));
        assert!(text.contains("One") && !text.contains("1.jpg"), "{suffix}");
    }
}
