//! A source that answers badly loses nothing, stores nothing that stands for what was not taken, and disturbs nobody.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::rss;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::{Origin, Reply},
    raw_origin::{RawOrigin, Step, send},
};

const GOOD: [(&str, &str, &str); 2] = [("1", "First", "One."), ("2", "Second", "Two.")];

/// What an answer leads to, where the source was well before and is well beside.
fn check(answer: impl Fn() -> Reply + Send + Sync + 'static, expect: &str) {
    let ill = Arc::new(Mutex::new(false));
    let feed = Document::rss(rss(&GOOD));
    let other = Document::rss(rss(&[("9", "Elsewhere", "Nine.")]));
    let origin = {
        let (ill, feed, other) = (Arc::clone(&ill), feed.clone(), other.clone());
        Origin::start(move |request| match request.path.as_str() {
            "/other" => other.reply(request),
            _ if *ill.lock().unwrap() => answer(),
            _ => feed.reply(request),
        })
    };
    let sources = source("A", &origin.url("/feed")) + &source("B", &origin.url("/other"));
    let installation = Installation::new(&sources);
    installation.once();
    let published = installation.published();

    *ill.lock().unwrap() = true;
    other.set(rss(&[("9", "Elsewhere", "Nine."), ("10", "Further news", "Ten.")]));
    let report = installation.once();
    assert_eq!(report["sources"]["failed"], 1, "{report}");
    let error = report["failures"][0]["error"].as_str().unwrap();
    assert!(error.contains(expect), "{error:?} does not say {expect:?}");
    assert_eq!(report["entries"]["new"], 1, "the other source goes on");
    assert_eq!(installation.items().len(), 4, "nothing is lost");
    assert_ne!(installation.published(), published);

    *ill.lock().unwrap() = false;
    let report = installation.once();
    assert_eq!(
        report["sources"]["not_modified"], 2,
        "the validators are still those of what was taken"
    );
}

#[test]
fn a_web_page_in_the_place_of_the_feed() {
    check(
        || Reply::new(200, "<!doctype html><title>Sign in</title><form>").header("etag", "\"page\""),
        "this is a web page (HTML)",
    );
}

#[test]
fn an_empty_body() {
    check(
        || Reply::new(200, "").header("etag", "\"empty\""),
        "the site sends nothing",
    );
}

#[test]
fn an_error_of_the_server() {
    check(|| Reply::new(503, "busy"), "503");
}

#[test]
fn a_refusal() {
    check(|| Reply::new(403, "no robots"), "403");
}

#[test]
fn nested_tags_without_end() {
    check(|| Reply::new(200, "<x>".repeat(9_000)), "not a feed");
}

#[test]
fn nested_groups_inside_a_feed_are_bounded() {
    let nested = "<media:group>".repeat(1_000);
    let document = format!(
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>T</title>\
         <link>https://p.example/1</link>{nested}</item></channel></rss>"
    );
    let origin = Origin::start(move |_| Reply::feed(document.clone()));
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    let report = installation.once();
    assert_eq!(report["entries"]["new"], 1, "{report}");
    let parsed = installation.run(&["parse", origin.url("/feed").as_str()]);
    assert!(parsed.stdout.contains("nested too deep"), "{}", parsed.stdout);
}

/// Bodies that end too early, or never: raw, since no proper server sends them.
#[test]
fn bodies_without_their_end() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\netag: \"half\"\r\n";
    let body = rss(&GOOD);
    let cut = body.len() / 2;
    let announced = format!("{head}content-length: {}\r\n\r\n{}", body.len(), &body[..cut]);
    let chunked = format!(
        "{head}transfer-encoding: chunked\r\n\r\n{cut:x}\r\n{}\r\n",
        &body[..cut]
    );
    let endless = vec![
        send(format!("{head}\r\n<rss>")),
        Step::Repeat {
            bytes: vec![b'x'; 64 * 1024].into(),
            times: 1_000,
            pause: Duration::ZERO,
        },
    ];
    for steps in [vec![send(announced)], vec![send(chunked)], endless] {
        let origin = RawOrigin::start(move |_| steps.clone());
        let installation = Installation::new(&source("A", &origin.url("/feed")));
        for _ in 0..2 {
            let report = installation.once();
            assert_eq!(report["sources"]["failed"], 1, "{report}");
            assert_eq!(report["entries"]["read"], 0);
        }
        let heads: Vec<_> = origin
            .heads()
            .into_iter()
            .map(|head| String::from_utf8(head).unwrap())
            .collect();
        assert!(
            heads.iter().all(|head| !head.to_lowercase().contains("if-none-match")),
            "a validator was stored for what was not taken: {heads:?}"
        );
    }
}

/// Design §6.7: transport complete, root element never closed.
#[test]
fn half_a_document_gives_its_entries_and_no_validators() {
    let whole = rss(&GOOD);
    let feed = Document::rss(whole.clone());
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();

    let more = rss(&[GOOD[0], GOOD[1], ("3", "Third", "Three."), ("4", "Fourth", "Four.")]);
    let half = &more[..more.find("Fourth").unwrap()];
    feed.set(half.to_owned());
    let report = installation.once();
    assert_eq!(report["entries"]["new"], 1, "the third entry is whole: {report}");

    feed.set(more.clone());
    installation.once();
    let asked = origin.requests();
    assert_eq!(
        asked[2].header("if-none-match"),
        "\"v1-gzip\"",
        "those of the last whole document"
    );
    let mut titles = super::each(&installation.items(), "title");
    titles.sort();
    assert_eq!(titles, ["First", "Fourth", "Second", "Third"]);
}

#[test]
fn a_410_ends_the_visits_until_an_editor_touches_the_source() {
    let origin = Origin::start(|_| Reply::new(410, "gone"));
    let feed = source("A", &origin.url("/feed"));
    let installation = Installation::new(&feed);
    assert_eq!(installation.once()["sources"]["failed"], 1);
    assert_eq!(installation.once()["sources"]["due"], 0);
    installation.sources(&(feed + "interval = \"2h\"\n"));
    assert_eq!(installation.once()["sources"]["due"], 1);
    assert_eq!(origin.requests().len(), 2);
}

#[test]
fn a_running_retry_after_holds_even_against_all() {
    let origin = Origin::start(|_| Reply::new(429, "later").header("retry-after", "86400"));
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    assert_eq!(installation.once()["sources"]["failed"], 1);
    assert_eq!(installation.once()["sources"]["due"], 0);
    assert_eq!(origin.requests().len(), 1);
    let sources = installation.json(&["sources"]);
    assert_eq!(sources[0]["next_reason"], "Retry-After");
}
