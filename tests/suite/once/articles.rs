//! Summaries that a feed leaves out, from the articles' pages.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;
use serde_json::json;
use url::Url;

use super::each;
use crate::support::{
    document::Document,
    installation::{Installation, source},
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
