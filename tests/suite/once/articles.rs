//! Summaries that a feed leaves out, from the articles' pages.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;
use rustix::process::Signal;
use serde_json::json;
use tokio::sync::oneshot;
use url::Url;

use super::each;
use crate::support::{
    document::Document,
    installation::{Installation, PATIENCE, source},
    origin::{Origin, Recorded, Reply},
    raw_origin::{RawOrigin, Step, send},
};

/// A feed of so many titles; the link of each is made of its number, the last is the newest.
fn titles(count: usize, link: impl Fn(usize) -> String) -> String {
    let items: String = (1..=count)
        .map(|n| {
            format!(
                "<item><guid>{n}</guid><title>Headline number {n}</title><link>{}</link>\
                 <pubDate>Wed, 01 Jul 2026 {n:02}:00:00 GMT</pubDate></item>",
                link(n)
            )
        })
        .collect();
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

fn described(path: &str) -> String {
    format!("What the article at {path} is about, told in one sentence.")
}

fn article(path: &str) -> Reply {
    let page = format!("<meta property='og:description' content='{}'><p>Text.", described(path));
    Reply::new(200, page).header("content-type", "text/html; charset=utf-8")
}

/// A feed at `/feed`, whose articles are what `answer` says; `rules` is its robots.txt.
fn site(feed: &Document, rules: &'static str, answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Origin {
    let feed = feed.clone();
    Origin::start(move |request: &Recorded| match request.path.as_str() {
        "/feed" => feed.reply(request),
        "/robots.txt" => Reply::new(200, rules),
        path => answer(path),
    })
}

fn described_source(url: &Url) -> String {
    source("A", url) + "summary = \"page\"\n"
}

/// A site with so many titles in its feed, and its installation.
fn installed(
    count: usize,
    rules: &'static str,
    answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> (Document, Origin, Installation) {
    let feed = Document::rss("");
    let origin = site(&feed, rules, answer);
    feed.set(titles(count, |n| origin.url(&format!("/{n}")).to_string()));
    let installation = Installation::new(&described_source(&origin.url("/feed")));
    (feed, origin, installation)
}

/// The articles that were asked, in order.
fn articles(origin: &Origin) -> Vec<String> {
    let mut paths = origin.paths();
    paths.retain(|path| path != "/feed" && path != "/robots.txt");
    paths
}

#[test]
fn each_article_is_asked_once_a_few_after_each_visit_the_newest_first() {
    let (_feed, origin, installation) = installed(5, "", article);
    installation.once();
    assert_eq!(articles(&origin), ["/5", "/4", "/3"]);
    installation.once();
    installation.once();
    assert_eq!(articles(&origin), ["/5", "/4", "/3", "/2", "/1"]);
    let excerpts = each(&installation.items(), "excerpt");
    assert_eq!(excerpts, ["/5", "/4", "/3", "/2", "/1"].map(described));
    let robots = origin.paths().iter().filter(|path| *path == "/robots.txt").count();
    assert_eq!(robots, 1);
    let page = origin
        .requests()
        .into_iter()
        .find(|request| request.path == "/5")
        .unwrap();
    assert!(page.header("accept").starts_with("text/html"));
    assert_eq!(
        (
            page.header("referer"),
            page.header("cookie"),
            page.header("if-none-match")
        ),
        ("", "", "")
    );
}

#[test]
fn what_a_page_says_is_in_every_output() {
    let (_feed, origin, installation) = installed(1, "", article);
    installation.once();
    for output in ["rss", "atom", "json", "html"] {
        let published = installation.read(&format!("var/public/latest-news.{output}"));
        assert!(published.contains(&described("/1")), "{output}: {published}");
    }
    let told = installation.run(&["explain", origin.url("/1").as_str()]);
    assert!(
        told.stdout.contains("excerpt     from the article's page"),
        "{}",
        told.stdout
    );
    let told = installation.json(&["explain", origin.url("/1").as_str()]);
    assert_eq!(
        (&told[0]["excerpt_from"], &told[0]["excerpt"]),
        (&json!("article"), &json!(described("/1")))
    );
}

#[test]
fn a_description_is_no_edit_and_survives_one() {
    let (feed, origin, installation) = installed(1, "", article);
    installation.once();
    feed.set(titles(1, |n| origin.url(&format!("/{n}")).to_string()) + "\n");
    assert_eq!(installation.once()["entries"]["unchanged"], 1);
    let edited = titles(1, |n| origin.url(&format!("/{n}")).to_string()).replace("Headline", "Edited headline");
    feed.set(edited.clone());
    assert_eq!(installation.once()["entries"]["updated"], 1);
    let items = installation.items();
    assert_eq!(each(&items, "title"), ["Edited headline number 1"]);
    assert_eq!(each(&items, "excerpt"), [described("/1")]);
    assert_eq!(articles(&origin), ["/1"]);
    // What the feed says counts more.
    feed.set(edited.replace(
        "</title><link>",
        "</title><description>The feed's own words.</description><link>",
    ));
    installation.once();
    assert_eq!(each(&installation.items(), "excerpt"), ["The feed's own words."]);
}

#[test]
fn a_feed_with_summaries_or_without_the_wish_is_left_alone() {
    let with = "</title><description>The feed's own words.</description><link>";
    let feed = Document::rss("");
    let origin = site(&feed, "", article);
    let plain = titles(2, |n| origin.url(&format!("/{n}")).to_string());
    feed.set(plain.replace("</title><link>", with));
    Installation::new(&described_source(&origin.url("/feed"))).once();
    feed.set(plain);
    Installation::new(&source("A", &origin.url("/feed"))).once();
    assert_eq!(origin.paths(), ["/feed", "/feed"]);
}

#[test]
fn a_summary_of_which_nothing_is_left_is_none() {
    let (feed, origin, installation) = installed(1, "", article);
    let link = |n: usize| origin.url(&format!("/{n}")).to_string();
    feed.set(titles(1, link).replace("</title><link>", "</title><description>Read more</description><link>"));
    installation.once();
    assert_eq!(each(&installation.items(), "excerpt"), [described("/1")]);
}

#[test]
fn articles_that_robots_may_not_read_are_not_read() {
    let (_feed, origin, installation) = installed(4, "User-agent: *\nDisallow: /4\n", article);
    installation.once();
    installation.once();
    let mut asked = articles(&origin);
    asked.sort_unstable();
    assert_eq!(asked, ["/1", "/2", "/3"]);
    assert_eq!(installation.items()[0]["excerpt"], "");
}

#[test]
fn a_site_that_does_not_answer_for_its_robots_txt_is_asked_later() {
    let status = Arc::new(AtomicU16::new(503));
    let feed = Document::rss("");
    let (answer, served) = (Arc::clone(&status), feed.clone());
    let origin = Origin::start(move |request: &Recorded| match request.path.as_str() {
        "/feed" => served.reply(request),
        "/robots.txt" => Reply::new(answer.load(Ordering::SeqCst), ""),
        path => article(path),
    });
    feed.set(titles(1, |n| origin.url(&format!("/{n}")).to_string()));
    let installation = Installation::new(&described_source(&origin.url("/feed")));
    installation.once();
    assert!(articles(&origin).is_empty());
    status.store(404, Ordering::SeqCst);
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    store.execute("UPDATE robots SET asked = asked - 300000", []).unwrap();
    installation.once();
    assert_eq!(articles(&origin), ["/1"]);
    assert_eq!(each(&installation.items(), "excerpt"), [described("/1")]);
}

#[test]
fn a_site_that_asks_for_long_pauses_gets_one_request_after_each_visit() {
    let (_feed, origin, installation) = installed(3, "User-agent: *\nCrawl-delay: 3600\n", article);
    for expect in [&["/3"][..], &["/3", "/2"], &["/3", "/2", "/1"], &["/3", "/2", "/1"]] {
        installation.once();
        assert_eq!(articles(&origin), expect);
    }
}

#[test]
fn short_pauses_are_kept() {
    let (_feed, origin, installation) = installed(3, "User-agent: *\nCrawl-delay: 0.5\n", article);
    let started = Instant::now();
    installation.once();
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(articles(&origin), ["/3", "/2", "/1"]);
}

#[test]
fn a_busy_site_is_left_in_peace() {
    let status = Arc::new(AtomicU16::new(503));
    let answer = Arc::clone(&status);
    let (_feed, origin, installation) = installed(3, "", move |path| match answer.load(Ordering::SeqCst) {
        200 => article(path),
        status => Reply::new(status, "busy"),
    });
    installation.once();
    assert_eq!(articles(&origin), ["/3"]);
    status.store(200, Ordering::SeqCst);
    installation.once();
    assert_eq!(articles(&origin), ["/3", "/2", "/1"]);
}

#[test]
fn a_host_that_has_enough_of_articles_has_enough_of_visits() {
    let (_feed, origin, installation) = installed(3, "", |_| Reply::new(429, "later").header("retry-after", "7200"));
    assert_eq!(installation.once()["sources"]["fetched"], 1);
    assert_eq!(installation.once()["sources"]["due"], 0, "in the next process, too");
    assert_eq!(articles(&origin), ["/3"]);
}

#[test]
fn a_busy_site_that_says_when_to_come_again_is_left_alone_until_then() {
    let (_feed, origin, installation) = installed(3, "", |_| Reply::new(503, "busy").header("retry-after", "7200"));
    installation.once();
    assert_eq!(installation.once()["sources"]["due"], 0);
    assert_eq!(articles(&origin), ["/3"]);
}

/// A feed whose articles are on another host, and that host's answers.
fn installed_apart(
    count: usize,
    answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> (Origin, Origin, Installation) {
    let elsewhere = Origin::start_at("127.0.0.2", move |request: &Recorded| answer(&request.path));
    let feed = Document::rss(titles(count, |n| elsewhere.url(&format!("/{n}")).to_string()));
    let origin = site(&feed, "", article);
    let installation = Installation::new(&described_source(&origin.url("/feed")));
    (origin, elsewhere, installation)
}

fn forget_pauses(installation: &Installation) {
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    store.execute("DELETE FROM host_pauses", []).unwrap();
}

/// It is the articles' host that rests: no source is on it.
#[test]
fn articles_of_a_host_at_rest_are_asked_after_it() {
    let status = Arc::new(AtomicU16::new(429));
    let answer = Arc::clone(&status);
    let (_origin, elsewhere, installation) = installed_apart(3, move |path| match answer.load(Ordering::SeqCst) {
        _ if path == "/robots.txt" => Reply::new(404, ""),
        200 => article(path),
        status => Reply::new(status, "later").header("retry-after", "7200"),
    });
    installation.once();
    status.store(200, Ordering::SeqCst);
    installation.once();
    assert_eq!(articles(&elsewhere), ["/3"], "another process knows that it rests");
    forget_pauses(&installation);
    installation.once();
    assert_eq!(articles(&elsewhere), ["/3", "/2", "/1"]);
}

#[test]
fn a_host_rests_for_its_robots_txt_too() {
    let status = Arc::new(AtomicU16::new(503));
    let answer = Arc::clone(&status);
    let (_origin, elsewhere, installation) = installed_apart(1, move |path| match answer.load(Ordering::SeqCst) {
        503 => Reply::new(503, "later").header("retry-after", "7200"),
        _ if path == "/robots.txt" => Reply::new(404, ""),
        _ => article(path),
    });
    installation.once();
    status.store(200, Ordering::SeqCst);
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    store.execute("UPDATE robots SET asked = asked - 300000", []).unwrap();
    installation.once();
    assert_eq!(elsewhere.paths(), ["/robots.txt"]);
    forget_pauses(&installation);
    installation.once();
    assert_eq!(elsewhere.paths(), ["/robots.txt", "/robots.txt", "/1"]);
}

/// Answers `/3` only once told to, and tells when it was asked.
fn held_up(release: oneshot::Receiver<()>) -> (impl Fn(&str) -> Reply + Send + Sync + 'static, mpsc::Receiver<()>) {
    let (asked, was_asked) = mpsc::channel();
    let release = Mutex::new(Some(release));
    let answer = move |path: &str| match path {
        "/3" => {
            let release = release.lock().unwrap().take().unwrap();
            asked.send(()).unwrap();
            article(path).after(async {
                let _released = release.await;
            })
        }
        _ => article(path),
    };
    (answer, was_asked)
}

#[test]
fn an_end_in_the_middle_costs_one_article() {
    let (_release, held) = oneshot::channel();
    let (answer, was_asked) = held_up(held);
    let (_feed, origin, installation) = installed(3, "", answer);
    let daemon = installation.daemon();
    was_asked.recv_timeout(PATIENCE).unwrap();
    daemon.signal(Signal::TERM);
    daemon.ended();
    installation.once();
    assert_eq!(articles(&origin), ["/3", "/2", "/1"]);
}

#[test]
fn articles_of_a_source_that_was_removed_are_not_asked() {
    let (release, held) = oneshot::channel();
    let (answer, was_asked) = held_up(held);
    let (_feed, origin, installation) = installed(3, "", answer);
    let daemon = installation.daemon();
    was_asked.recv_timeout(PATIENCE).unwrap();
    installation.sources(&source("B", &origin.url("/other")));
    daemon.logged("configuration read again");
    release.send(()).unwrap();
    daemon.logged("articles asked");
    drop(daemon);
    let mut asked = articles(&origin);
    asked.retain(|path| path != "/other");
    assert_eq!(asked, ["/3"]);
}

/// A resolver of names leads each article to a place of its own; a login leads all to one.
#[test]
fn what_different_articles_are_led_to_says_nothing_of_any() {
    for (place, expect) in [
        ("", ["/2", "/1"].map(described)),
        ("/login?", [String::new(), String::new()]),
    ] {
        let publisher = Origin::start_at("127.0.0.3", |request: &Recorded| match request.path.as_str() {
            "/robots.txt" => Reply::new(404, ""),
            path => article(path),
        });
        let base = publisher.url("");
        let (_origin, _resolver, installation) = installed_apart(2, move |path| match (path, place) {
            ("/robots.txt", _) => Reply::new(404, ""),
            (path, "") => Reply::redirect(302, base.join(path).unwrap().as_str()),
            (_, place) => Reply::redirect(302, base.join(place).unwrap().as_str()),
        });
        installation.once();
        assert_eq!(each(&installation.items(), "excerpt"), expect);
        assert_eq!(articles(&publisher).len(), 2);
    }
}

#[test]
fn what_a_site_says_of_each_article_describes_none_but_the_first() {
    let (_feed, _origin, installation) = installed(4, "", |_| article("all of them"));
    installation.once();
    installation.once();
    let said = described("all of them");
    assert_eq!(each(&installation.items(), "excerpt"), [&said, "", "", ""]);
}

#[test]
fn an_article_that_is_not_there_leaves_its_item_as_it_is() {
    let (_feed, origin, installation) = installed(3, "", |path| match path {
        "/1" => Reply::new(404, "gone"),
        "/2" => Reply::new(200, "<div id=app></div>"),
        _ => Reply::new(200, vec![0xff; 1_000]),
    });
    let report = installation.once();
    assert_eq!(
        report["sources"],
        json!({"due": 1, "fetched": 1, "not_modified": 0, "failed": 0})
    );
    assert_eq!(report["channels"]["latest-news"]["items"], 3);
    assert_eq!(each(&installation.items(), "excerpt"), ["", "", ""]);
    let published = installation.published();
    installation.once();
    assert_eq!(articles(&origin).len(), 3);
    assert_eq!(installation.published(), published);
}

#[test]
fn one_policy_holds_for_articles_too() {
    let forbidden = Origin::start_at("127.0.0.2", |request: &Recorded| article(&request.path));
    let feed = Document::rss("");
    let target = forbidden.url("/1");
    let origin = site(&feed, "", move |_| Reply::redirect(302, target.as_str()));
    let links = [
        forbidden.url("/1").to_string(),
        "http://169.254.169.254/latest/meta-data".into(),
        origin.url("/away").to_string(),
    ];
    feed.set(titles(3, |n| links[n - 1].clone()));
    let installation = Installation::new(&described_source(&origin.url("/feed")));
    let config = installation
        .read("config/oncofeed.toml")
        .replace("127.0.0.0/8", "127.0.0.1/32");
    installation.write("config/oncofeed.toml", &config);
    installation.once();
    installation.once();
    assert_eq!(articles(&origin), ["/away"]);
    assert!(forbidden.requests().is_empty());
    assert_eq!(each(&installation.items(), "excerpt"), ["", "", ""]);
}

/// An editor vouched for the port of the feed, not for any other that a feed may name.
#[test]
fn an_article_s_port_is_the_feed_s_or_a_usual_one() {
    let feed = Document::rss("");
    let origin = site(&feed, "", article);
    let other = Origin::start(|request: &Recorded| article(&request.path));
    let named = |origin: &Origin, path: &str| format!("http://localhost:{}{path}", origin.port());
    let links = [named(&other, "/1"), named(&origin, "/2")];
    feed.set(titles(2, |n| links[n - 1].clone()));
    let installation = Installation::new(&described_source(&named(&origin, "/feed").parse().unwrap()));
    installation.once();
    assert_eq!(articles(&origin), ["/2"]);
    assert!(other.requests().is_empty());
}

#[test]
fn an_endless_article_is_given_up_and_costs_no_other_item_anything() {
    let endless = RawOrigin::start(|number| match number {
        0 => vec![send("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")],
        _ => vec![
            send("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>"),
            Step::Repeat {
                bytes: "more ".into(),
                times: 10_000,
                pause: Duration::from_millis(10),
            },
        ],
    });
    let feed = Document::rss("");
    let origin = site(&feed, "", article);
    let links = [origin.url("/1"), endless.url("/2")];
    feed.set(titles(2, |n| links[n - 1].to_string()));
    let installation = Installation::new(&described_source(&origin.url("/feed")));
    let config = installation.read("config/oncofeed.toml");
    let config = config.replace("per_host = 8", "per_host = 8\ntimeout = \"2s\"");
    installation.write("config/oncofeed.toml", &config);
    let report = installation.once();
    assert_eq!(report["channels"]["latest-news"]["items"], 2);
    assert_eq!(each(&installation.items(), "excerpt"), ["", &described("/1")]);
}
