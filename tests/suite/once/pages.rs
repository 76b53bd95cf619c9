//! Sources without a feed: a page and an editor's selectors.

use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use serde_json::json;
use url::Url;

use super::each;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::{Origin, Recorded, Reply},
};

const SELECTORS: &str = "format = \"page\"\nselectors = { item = \"li.news\", summary = \"p\", date = \"time\" }\n";

fn page_source(url: &Url) -> String {
    source("A", url) + SELECTORS
}

/// A list of news: (link, title, summary, date).
fn page(news: &[(&str, &str, &str, &str)]) -> String {
    let items: String = news
        .iter()
        .map(|(link, title, summary, date)| {
            format!("<li class=news><h3><a href='{link}'>{title}</a></h3><p>{summary}</p><time>{date}</time></li>")
        })
        .collect();
    format!("<!doctype html><title>News</title><nav><ul><li><a href=/>Home</a></ul></nav><ul>{items}</ul>")
}

const TWO: [(&str, &str, &str, &str); 2] = [
    ("/2", "Second &amp; last", "About <b>two</b>.", "2 May 2026"),
    ("/1", "First", "About one.", "1 May 2026"),
];

fn html(body: String) -> Document {
    Document::new("text/html; charset=utf-8", body)
}

/// Serves the page, and this answer for robots.txt.
fn site(page: &Document, robots: impl Fn() -> Reply + Send + Sync + 'static) -> Origin {
    let page = page.clone();
    Origin::start(move |request: &Recorded| match request.path.as_str() {
        "/robots.txt" => robots(),
        "/news/" => page.reply(request),
        _ => Reply::new(404, "not here"),
    })
}

fn no_robots() -> Reply {
    Reply::new(404, "not here")
}

/// The answer of which the store says that it is so old.
fn age_robots(installation: &Installation, seconds: i64) {
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    store
        .execute("UPDATE robots SET asked = asked - ?1 * 1000", [seconds])
        .unwrap();
}

/// As after their end.
fn forget_pauses(installation: &Installation) {
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    store
        .execute_batch("DELETE FROM host_pauses; UPDATE sources SET retry_after = NULL")
        .unwrap();
}

#[test]
fn a_page_is_a_source_like_any_other() {
    let page_of = html(page(&TWO));
    let origin = site(&page_of, no_robots);
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    let report = installation.once();
    assert_eq!(
        report["entries"],
        json!({"read": 2, "new": 2, "updated": 0, "unchanged": 0, "rejected": 0})
    );
    let items = installation.items();
    assert_eq!(each(&items, "title"), ["Second & last", "First"]);
    assert_eq!(each(&items, "excerpt"), ["About two.", "About one."]);
    assert_eq!(
        each(&items, "link"),
        [origin.url("/2").as_str(), origin.url("/1").as_str()]
    );
    assert_eq!(items[0]["published"], "2026-05-02T00:00:00Z");
    assert!(
        installation
            .read("var/public/latest-news.rss")
            .contains("Second &#x26; last")
    );

    let subscriptions = installation.read("var/public/sources.opml");
    assert!(
        !subscriptions.contains("/news/"),
        "nobody can subscribe to a page: {subscriptions}"
    );

    // What moves on the page or is worded anew stays the same item; what does not change is asked for conditionally.
    assert_eq!(installation.once()["sources"]["not_modified"], 1);
    page_of.set(page(&[
        ("/3", "Third", "", ""),
        ("/1", "First, edited", "About one.", "1 May 2026"),
        TWO[0],
    ]));
    let report = installation.once();
    assert_eq!(
        report["entries"],
        json!({"read": 3, "new": 1, "updated": 1, "unchanged": 1, "rejected": 0})
    );
    let after = installation.items();
    assert_eq!(each(&after, "title"), ["Third", "Second & last", "First, edited"]);
    assert_eq!(after[2]["id"], items[1]["id"]);

    let asked = origin.requests();
    assert_eq!(origin.paths(), ["/robots.txt", "/news/", "/news/", "/news/"]);
    assert!(asked[1].header("accept").starts_with("text/html"));
    assert!(asked[0].header("accept").starts_with("text/plain"));
}

#[test]
fn a_page_that_yields_nothing_is_a_failed_visit_and_loses_nothing() {
    for (changed, words) in [
        (
            "<ul><li class=item><a href=/1>First</a></ul>",
            "nothing on the page matches the selector \"li.news\"",
        ),
        (
            "<li class=news><img src=x>",
            "what matches the selector \"li.news\" has neither title nor a link that can be opened",
        ),
    ] {
        let page_of = html(page(&TWO));
        let origin = site(&page_of, no_robots);
        let installation = Installation::new(&page_source(&origin.url("/news/")));
        installation.once();
        let published = installation.published();
        page_of.set(changed);
        let report = installation.once();
        assert_eq!(report["sources"]["failed"], 1);
        assert!(
            report["failures"][0]["error"].as_str().unwrap().starts_with(words),
            "{report}"
        );
        assert_eq!(installation.items().len(), 2);
        assert_eq!(installation.published(), published);
        installation.once();
        let asked = origin.requests();
        let tags: Vec<_> = asked.iter().map(|request| request.header("if-none-match")).collect();
        assert_eq!(
            tags,
            ["", "", "\"v1-gzip\"", "\"v1-gzip\""],
            "the validators are those of what was taken"
        );
    }
}

#[test]
fn other_selectors_are_tried_at_once() {
    let page_of = html(page(&TWO));
    let origin = site(&page_of, no_robots);
    let url = origin.url("/news/");
    let installation = Installation::new(&page_source(&url));
    installation.once();
    installation.sources(&(source("A", &url) + &SELECTORS.replace("li.news", "li.news:first-child")));
    let report = installation.once();
    assert_eq!(
        report["entries"]["read"], 1,
        "what was kept for another question is not asked with: {report}"
    );
    assert_eq!(report["entries"]["unchanged"], 1);
}

#[test]
fn a_page_that_robots_may_not_read_is_not_read() {
    let page_of = html(page(&TWO));
    let origin = site(&page_of, || Reply::new(200, "User-agent: oncofeed\nDisallow: /news/\n"));
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    let report = installation.once();
    assert_eq!(
        report["failures"][0]["error"],
        "the site's robots.txt asks us not to read this page"
    );
    assert_eq!(origin.paths(), ["/robots.txt"]);
    // It is not asked again for a day, by whatever process.
    installation.once();
    assert_eq!(origin.paths(), ["/robots.txt"]);
    age_robots(&installation, 24 * 3600);
    installation.once();
    assert_eq!(origin.paths(), ["/robots.txt", "/robots.txt"]);
}

#[test]
fn a_feed_is_not_asked_about() {
    let feed = Document::rss(super::rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    assert_eq!(origin.paths(), ["/feed"]);
}

#[test]
fn a_site_that_does_not_answer_for_its_robots_txt_is_not_read_until_it_does() {
    let answer = Arc::new(Mutex::new(500));
    let page_of = html(page(&TWO));
    let status = Arc::clone(&answer);
    let origin = site(&page_of, move || Reply::new(*status.lock().unwrap(), ""));
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    for status in [500, 503, 429] {
        *answer.lock().unwrap() = status;
        let report = installation.once();
        let error = report["failures"][0]["error"].as_str().unwrap();
        assert!(error.contains("no answer for its robots.txt"), "{error}");
        age_robots(&installation, 5 * 60);
    }
    *answer.lock().unwrap() = 404;
    assert_eq!(installation.once()["sources"]["due"], 0, "429 holds the host");
    forget_pauses(&installation);
    assert_eq!(installation.once()["entries"]["new"], 2);
    assert_eq!(
        origin.paths(),
        ["/robots.txt", "/robots.txt", "/robots.txt", "/robots.txt", "/news/"]
    );
}

/// RFC 9110 §10.2.3, for the file that stands before all pages.
#[test]
fn a_site_whose_robots_txt_comes_later_is_asked_later() {
    for status in [429, 503] {
        let page_of = html(page(&TWO));
        let origin = site(&page_of, move || Reply::new(status, "").header("retry-after", "86400"));
        let installation = Installation::new(&page_source(&origin.url("/news/")));
        let report = installation.once();
        let error = report["failures"][0]["error"].as_str().unwrap();
        assert!(error.contains("no answer for its robots.txt ("), "{error}");
        let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
        let waits: i64 = store
            .query_row("SELECT next_visit - last_visit FROM sources", [], |row| row.get(0))
            .unwrap();
        assert!(waits >= 86_400_000, "{waits}");
        // Another source on that host is held too, which no state of its own tells.
        let other = source("B", &origin.url("/other/")) + SELECTORS;
        installation.sources(&(page_source(&origin.url("/news/")) + &other));
        let report = installation.once();
        assert_eq!(report["sources"]["due"], 1);
        assert!(
            report["failures"][0]["error"]
                .as_str()
                .unwrap()
                .contains("come less often"),
            "{report}"
        );
        assert_eq!(origin.paths(), ["/robots.txt"], "{status}");
    }
}

/// What answers for every site (a captive portal) says nothing of any.
#[test]
fn a_page_in_the_place_of_another_site_s_robots_txt_is_no_answer() {
    for (body, read) in [("\n <!doctype html><title>Log in", false), ("# none\n", true)] {
        let page_of = html(page(&TWO));
        let portal = Origin::start_at("127.0.0.2", move |_| Reply::new(200, body));
        let place = portal.url("/");
        let origin = site(&page_of, move || Reply::redirect(302, place.as_str()));
        let installation = Installation::new(&page_source(&origin.url("/news/")));
        let report = installation.once();
        assert_eq!(report["entries"]["new"], if read { 2 } else { 0 }, "{report}");
        assert_eq!(origin.paths().contains(&"/news/".to_owned()), read);
    }
    // A site's own page in its place is none of that.
    let page_of = html(page(&TWO));
    let origin = site(&page_of, || Reply::new(200, "<!doctype html><title>Not found"));
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    assert_eq!(installation.once()["entries"]["new"], 2);
}

#[test]
fn sources_of_one_site_ask_it_once() {
    let page_of = html(page(&TWO));
    let other = html(page(&[("/9", "Ninth", "Nine.", "9 May 2026")]));
    let origin = Origin::serving([("/a", &page_of), ("/b", &other)]);
    let sources: Vec<_> = ["a", "b"]
        .map(|name| source(name, &origin.url(&format!("/{name}"))) + SELECTORS)
        .into();
    let installation = Installation::new(&sources.concat());
    assert_eq!(installation.once()["entries"]["new"], 3);
    let mut paths = origin.paths();
    paths.sort_unstable();
    assert_eq!(paths, ["/a", "/b", "/robots.txt"]);
}

#[test]
fn what_a_redirect_leads_to_is_judged_too() {
    let page_of = html(page(&TWO));
    let origin = Origin::start(move |request: &Recorded| match request.path.as_str() {
        "/robots.txt" => Reply::new(200, "User-agent: *\nDisallow: /hidden\n"),
        "/news/" => Reply::redirect(302, "/hidden/news"),
        _ => page_of.reply(request),
    });
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    let report = installation.once();
    assert!(
        report["failures"][0]["error"]
            .as_str()
            .unwrap()
            .contains("robots.txt asks us"),
        "{report}"
    );
    assert!(installation.items().is_empty());
    assert_eq!(origin.paths(), ["/robots.txt", "/news/"], "before it is asked");
}

#[test]
fn robots_txt_may_be_elsewhere() {
    let page_of = html(page(&TWO));
    let rules = Origin::start_at("127.0.0.2", |_| Reply::new(200, "User-agent: *\nDisallow: /"));
    let place = rules.url("/rules");
    let origin = site(&page_of, move || Reply::redirect(301, place.as_str()));
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    assert_eq!(installation.once()["sources"]["failed"], 1);
    assert_eq!(rules.paths(), ["/rules"]);
}

#[test]
fn check_online_reads_pages_by_their_selectors() {
    let page_of = html(page(&TWO));
    let origin = site(&page_of, no_robots);
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    let report = installation.json(&["check", "--online"]);
    assert_eq!(report["online"][0]["format"], "page", "{report}");
    assert_eq!(report["online"][0]["entries"], 2);
    assert_eq!(report["online"][0]["newest"], "2026-05-02T00:00:00Z");
    assert_eq!(origin.paths(), ["/robots.txt", "/news/"]);
}

#[test]
fn check_online_asks_a_site_once_for_all_of_its_pages() {
    let page_of = html(page(&TWO));
    let other = html(page(&[("/9", "Ninth", "Nine.", "9 May 2026")]));
    let origin = Origin::serving([("/a", &page_of), ("/b", &other)]);
    let sources = ["a", "b"].map(|name| source(name, &origin.url(&format!("/{name}"))) + SELECTORS);
    Installation::new(&sources.concat()).json(&["check", "--online"]);
    let mut paths = origin.paths();
    paths.sort_unstable();
    assert_eq!(paths, ["/a", "/b", "/robots.txt"]);
}

#[test]
fn selectors_can_be_tried_before_they_are_written_down() {
    let page_of = html(page(&TWO));
    let origin = site(&page_of, || Reply::new(200, "User-agent: *\nDisallow: /hidden\n"));
    let installation = Installation::new(&page_source(&origin.url("/news/")));
    let tried = ["--item", "li.news", "--summary", "p", "--date", "time"];
    let read = installation.json(&[&["parse", origin.url("/news/").as_str()][..], &tried].concat());
    assert_eq!(read["feed"]["format"], "page");
    assert_eq!(
        each(read["entries"].as_array().unwrap(), "excerpt"),
        ["About two.", "About one."]
    );
    for (args, code, words) in [
        (vec!["--item", "li >"], 2, "it is incomplete"),
        (vec!["--title", "h3"], 2, "--item"),
        (vec!["--item", "li.old"], 1, "nothing on the page matches the selector"),
    ] {
        let ran = installation.run(&[&["parse", origin.url("/news/").as_str()][..], &args].concat());
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let ran = installation.run(&["parse", origin.url("/hidden").as_str(), "--item", "li"]);
    assert!(ran.stderr.contains("robots.txt asks us not to read"), "{}", ran.stderr);
}
