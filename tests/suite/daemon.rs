//! The daemon's life: it serves what it has, takes new files, stops in time, and asks nobody early.

use std::{
    fs,
    future::pending,
    os::unix::fs::symlink,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use async_compression::{Level, tokio::bufread::ZstdEncoder, zstd::CParameter};
use rustix::process::Signal;
use tokio::io::AsyncReadExt as _;

use crate::support::{
    document::{Document, gzipped},
    installation::{Daemon, Installation, PATIENCE, source},
    origin::{Origin, Reply},
    raw_origin::{RawOrigin, Step, send},
};

/// What an operator's stop may take at most.
const STOP_MAX: Duration = Duration::from_secs(10);

fn feed(title: &str) -> String {
    format!(
        "<rss version='2.0'><channel><title>T</title><item><guid>1</guid><title>{title}</title>\
         <link>https://p.example/{}</link></item></channel></rss>",
        title.len()
    )
}

fn get(daemon: &Daemon, path: &str) -> String {
    let url = daemon.url(path);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(url).send().await.unwrap().text().await.unwrap()
    })
}

/// A daemon that has published the one item of its one source.
fn publishing() -> (Origin, Installation, Daemon) {
    let document = Document::rss(feed("First headline"));
    let origin = Origin::serving([("/feed", &document)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    let daemon = installation.daemon();
    daemon.logged("items=1");
    (origin, installation, daemon)
}

/// Two feeds, of which the first is the installation's one source.
fn two_feeds() -> (Origin, Installation, String) {
    let (first, second) = (
        Document::rss(feed("First headline")),
        Document::rss(feed("Second headline")),
    );
    let origin = Origin::serving([("/a", &first), ("/b", &second)]);
    let a = source("A", &origin.url("/a"));
    let installation = Installation::new(&a);
    (origin, installation, a)
}

/// Memory is filled a moment after the log has told of it: asks until the answer holds the text.
fn serves(daemon: &Daemon, path: &str, text: &str) {
    let until = Instant::now() + PATIENCE;
    while !get(daemon, path).contains(text) {
        assert!(Instant::now() < until, "{path} does not come to hold {text:?}");
    }
}

fn stops(daemon: Daemon, signal: Signal) {
    daemon.signal(signal);
    let (status, took) = daemon.ended();
    assert!(status.success(), "{status}");
    assert!(took < STOP_MAX, "{took:?}");
}

#[test]
fn it_visits_publishes_serves_and_stops() {
    let (_origin, installation, daemon) = publishing();
    serves(&daemon, "/latest-news.html", "First headline");
    serves(&daemon, "/latest-news.rss", "First headline");
    serves(&daemon, "/", "Latest news");
    let served = get(&daemon, "/latest-news.rss");
    assert_eq!(served, installation.read("var/public/latest-news.rss"));
    stops(daemon, Signal::TERM);
}

#[test]
fn it_stops_in_the_middle_of_a_fetch() {
    for signal in [Signal::TERM, Signal::INT] {
        let (asked, was_asked) = mpsc::channel();
        let origin = Origin::start(move |_| {
            asked.send(()).unwrap();
            Reply::feed("never").after(pending())
        });
        let installation = Installation::new(&source("A", &origin.url("/feed")));
        let daemon = installation.daemon();
        was_asked.recv_timeout(PATIENCE).unwrap();
        stops(daemon, signal);
    }
}

/// Rules are asked of what is kept already.
#[test]
fn a_rule_that_is_saved_takes_hold_at_once() {
    let (origin, installation, daemon) = publishing();
    let with = |rules: &str| installation.sources(&(source("A", &origin.url("/feed")) + rules));
    with("drop = [\"title:first\"]\n");
    daemon.logged("items=0");
    with("drop = [\"author:first\"]\n");
    daemon.logged("items=1");
    serves(&daemon, "/latest-news.rss", "First headline");
    with("drop = [\"titel:first\"]\n");
    daemon.logged("did you mean `title:`?");
    stops(daemon, Signal::TERM);
    assert_eq!(origin.requests().len(), 1, "nobody was asked for it");
}

#[test]
fn what_waits_is_published_when_its_time_comes_without_a_visit() {
    let (origin, installation, daemon) = publishing();
    stops(daemon, Signal::TERM);
    let store = rusqlite::Connection::open(installation.path("var/oncofeed.db")).unwrap();
    let surface = |in_ms: i64| {
        let at = jiff::Timestamp::now().as_millisecond() + in_ms;
        let sql = "UPDATE items SET first_seen = min(first_seen, ?1 - 3600000), surfaces_at = ?1";
        store.execute(sql, [at]).unwrap();
    };
    surface(3_600_000);
    let daemon = installation.daemon();
    assert!(
        !installation
            .read("var/public/latest-news.rss")
            .contains("First headline")
    );
    surface(1);
    daemon.logged("items=1");
    serves(&daemon, "/latest-news.rss", "First headline");
    stops(daemon, Signal::TERM);
    assert_eq!(origin.requests().len(), 1);
}

/// Most memory that it may ever have held: what it takes when idle, and one document of the largest size with what is
/// made of it. A bomb that was unpacked would be more by far.
const RESIDENT_KIB_MAX: u64 = 128 * 1024;

/// Beside what it unpacks to, it asks for the largest window that is granted.
fn zstd_bomb(document: &[u8]) -> Vec<u8> {
    let window = CParameter::window_log(23);
    let mut encoder = ZstdEncoder::with_quality_and_params(document, Level::Default, &[window]);
    let mut bytes = vec![];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(encoder.read_to_end(&mut bytes)).unwrap();
    bytes
}

#[test]
fn hostile_documents_cost_no_memory() {
    let blanks = vec![b' '; 384 * 1024 * 1024];
    let gzip = gzipped(&blanks);
    let zstd = zstd_bomb(&blanks);
    let nested = "<x>".repeat(9_000);
    let groups = format!("<rss><channel><item>{}", "<media:group>".repeat(600_000));
    let items = "<li><a href=/1>One</a><b>two<i>".repeat(250_000);
    let origin = Origin::start(move |request| match request.path.as_str() {
        "/gzip" => Reply::feed(gzip.clone()).header("content-encoding", "gzip"),
        "/zstd" => Reply::feed(zstd.clone()).header("content-encoding", "zstd"),
        "/nested" => Reply::feed(nested.clone()),
        "/robots.txt" => Reply::new(404, ""),
        "/items" => Reply::new(200, items.clone()),
        _ => Reply::feed(groups.clone()),
    });
    let endless = RawOrigin::start(|_| {
        let head = send("HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\n\r\n<rss>");
        let body = Step::Repeat {
            bytes: vec![b'x'; 64 * 1024].into(),
            times: 2_000,
            pause: Duration::ZERO,
        };
        vec![head, body]
    });
    let sources = source("Gzip", &origin.url("/gzip"))
        + &source("Zstd", &origin.url("/zstd"))
        + &source("Nested", &origin.url("/nested"))
        + &source("Groups", &origin.url("/groups"))
        + &source("Endless", &endless.url("/"))
        + &source("Items", &origin.url("/items"))
        + "format = \"page\"\nselectors = { item = \"li\", summary = \"b\" }\n";
    let installation = Installation::new(&sources);
    let daemon = installation.daemon();
    daemon.logged("due=6");
    let resident = daemon.resident_kib_max();
    assert!(resident < RESIDENT_KIB_MAX, "{resident} KiB");
    stops(daemon, Signal::TERM);
}

/// The cycle lasts for as long as the silent source's visit; the news is out before.
#[test]
fn what_came_in_time_waits_for_nobody() {
    let document = Document::rss(feed("First headline"));
    let origin = Origin::serving([("/feed", &document)]);
    let silent = RawOrigin::start(|_| vec![Step::Silence]);
    let installation = Installation::new(&(source("A", &origin.url("/feed")) + &source("B", &silent.url("/"))));
    let daemon = installation.daemon();
    serves(&daemon, "/latest-news.html", "First headline");
    let log = daemon.logged_so_far();
    assert!(!log.iter().any(|line| line.contains("cycle done")), "{log:#?}");
    daemon.logged("cycle done");
    stops(daemon, Signal::TERM);
}

#[test]
fn a_restart_asks_no_one_early_and_serves_at_once_what_is_kept() {
    let (origin, installation, daemon) = publishing();
    stops(daemon, Signal::TERM);

    let published = installation.published();
    let daemon = installation.daemon();
    serves(&daemon, "/latest-news.html", "First headline");
    daemon.logged("nothing is due");
    daemon.logged("nothing is due");
    stops(daemon, Signal::TERM);
    assert_eq!(origin.requests().len(), 1);
    assert_eq!(installation.published(), published);
}

#[test]
fn a_killed_daemon_leaves_a_store_that_the_next_one_takes_up() {
    let (origin, installation, daemon) = publishing();
    daemon.signal(Signal::KILL);
    let (status, _) = daemon.ended();
    assert!(!status.success());
    let daemon = installation.daemon();
    serves(&daemon, "/latest-news.html", "First headline");
    stops(daemon, Signal::TERM);
    assert_eq!(origin.requests().len(), 1);
}

#[test]
fn a_saved_file_is_read_again_and_a_faulty_one_leaves_the_old_in_force() {
    let (origin, installation, a) = two_feeds();
    let daemon = installation.daemon();
    daemon.logged("items=1");

    installation.sources("[[source]]\nnam = \"A\"\n");
    daemon.logged("stays in force");
    daemon.logged("did you mean `name`?");
    serves(&daemon, "/latest-news.rss", "First headline");

    installation.sources(&(a + &source("B", &origin.url("/b"))));
    daemon.logged("2 sources, 1 channel");
    daemon.logged("items=2");
    serves(&daemon, "/latest-news.rss", "Second headline");
    stops(daemon, Signal::TERM);
}

#[test]
fn words_and_rules_are_read_again_when_they_are_saved() {
    let document = Document::rss(feed("Outlook for snarks. A survey"));
    let origin = Origin::serving([("/a", &document)]);
    let installation = Installation::new(&source("A", &origin.url("/a")));
    let daemon = installation.daemon();
    daemon.logged("items=1");
    installation.write(
        "config/labels.toml",
        "[[site]]\nname = \"brest\"\nwords = [\"Snark\"]\n",
    );
    daemon.logged("stays in force");
    daemon.logged("did you mean \"breast\"?");
    let words =
        "[[site]]\nname = \"breast\"\nwords = [\"snark*\"]\n[[news_type]]\nname = \"opinion\"\nwords = [\"outlook\"]\n";
    installation.write("config/labels.toml", words);
    serves(&daemon, "/latest-news.rss", ">Breast cancer</category>");
    stops(daemon, Signal::TERM);
}

#[test]
fn a_hangup_reads_both_files_again() {
    let (origin, installation, _) = two_feeds();
    // A link to another folder, where saving is not noticed.
    fs::create_dir(installation.path("elsewhere")).unwrap();
    fs::rename(
        installation.path("feeds.toml"),
        installation.path("elsewhere/feeds.toml"),
    )
    .unwrap();
    symlink("elsewhere/feeds.toml", installation.path("feeds.toml")).unwrap();
    let daemon = installation.daemon();
    daemon.logged("items=1");
    let text = installation.read("feeds.toml") + &source("B", &origin.url("/b"));
    installation.write("elsewhere/feeds.toml", &text);
    daemon.signal(Signal::HUP);
    daemon.logged("2 sources, 1 channel");
    daemon.logged("items=2");
    stops(daemon, Signal::TERM);
}

#[test]
fn files_that_cannot_be_written_are_told_once_and_cost_no_reader_anything() {
    let document = Document::rss(feed("First headline"));
    let origin = Origin::serving([("/feed", &document)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.write("var/public", "in the way");
    let daemon = installation.daemon();
    daemon.logged("items=1");
    serves(&daemon, "/latest-news.rss", "First headline");
    stops(daemon, Signal::TERM);
}

#[test]
fn a_hangup_without_a_change_changes_nothing() {
    let (_origin, _installation, daemon) = publishing();
    daemon.signal(Signal::HUP);
    daemon.logged("nothing in them has changed");
    serves(&daemon, "/latest-news.html", "First headline");
    stops(daemon, Signal::TERM);
}

#[test]
fn two_do_not_share_a_store() {
    let origin = Origin::start(|_| Reply::new(404, ""));
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    let daemon = installation.daemon();
    let once = installation.run(&["once"]);
    assert_eq!(once.code, 1);
    assert!(once.stderr.contains("in use by another oncofeed"), "{}", once.stderr);
    assert_eq!(installation.run(&["sources"]).code, 0, "looking is always possible");
    stops(daemon, Signal::TERM);
}

#[test]
fn without_an_answer_from_anyone_it_says_why_and_serves() {
    let installation = Installation::new(&source("A", &"https://name.invalid/feed".parse().unwrap()));
    let daemon = installation.daemon();
    let line = daemon.logged("name.invalid");
    assert!(line.contains("does not resolve"), "{line}");
    serves(&daemon, "/latest-news.html", "Latest news");
    stops(daemon, Signal::TERM);
}

/// A backup put in the place of the store would be read, while the writer still wrote to what was there before.
#[test]
fn it_does_not_go_on_beside_another_store() {
    let (origin, installation, daemon) = publishing();
    let store = installation.path("var/oncofeed.db");
    fs::copy(&store, store.with_extension("backup")).unwrap();
    fs::rename(store.with_extension("backup"), &store).unwrap();
    daemon.logged("removed or replaced while it was in use");
    let (status, _) = daemon.ended();
    assert_eq!(status.code(), Some(1));
    assert_eq!(origin.requests().len(), 1);
}

#[test]
fn a_file_that_was_saved_while_the_store_was_busy_is_not_lost() {
    let (origin, installation, a) = two_feeds();
    let daemon = installation.daemon();
    daemon.logged("items=1");
    let other = rusqlite::Connection::open(installation.path("var/oncofeed.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    installation.sources(&(a + &source("B", &origin.url("/b"))));
    daemon.logged("could not be put into force");
    other.execute_batch("ROLLBACK").unwrap();
    daemon.logged("2 sources, 1 channel");
    daemon.logged("items=2");
    stops(daemon, Signal::TERM);
}

/// A feed of one title whose article is what `answer` says, and a source that wants a description of it.
fn described(answer: impl Fn() -> Reply + Send + Sync + 'static) -> (Origin, Installation) {
    let port = Arc::new(AtomicU16::new(0));
    let own = Arc::clone(&port);
    let origin = Origin::start(move |request| match request.path.as_str() {
        "/feed" => Reply::feed(format!(
            "<rss version='2.0'><channel><title>T</title><item><guid>1</guid><title>First headline</title>\
             <link>http://127.0.0.1:{}/1</link></item></channel></rss>",
            own.load(Ordering::SeqCst)
        )),
        "/robots.txt" => Reply::new(404, ""),
        _ => answer(),
    });
    port.store(origin.port(), Ordering::SeqCst);
    let installation = Installation::new(&(source("A", &origin.url("/feed")) + "summary = \"page\"\n"));
    (origin, installation)
}

#[test]
fn what_an_article_says_is_published_with_a_later_tick() {
    let page = "<meta name=description content='What the article is about, told in one sentence.'>";
    let (origin, installation) = described(move || Reply::new(200, page));
    let daemon = installation.daemon();
    daemon.logged("items=1");
    serves(&daemon, "/latest-news.rss", "What the article is about");
    stops(daemon, Signal::TERM);
    assert_eq!(origin.paths(), ["/feed", "/robots.txt", "/1"]);
}

#[test]
fn an_endless_article_holds_up_neither_news_nor_ticks_nor_a_reload_nor_the_end() {
    let (asked, was_asked) = mpsc::channel();
    let (origin, installation) = described(move || {
        asked.send(()).unwrap();
        Reply::new(200, "never").after(pending())
    });
    let daemon = installation.daemon();
    was_asked.recv_timeout(PATIENCE).unwrap();
    serves(&daemon, "/latest-news.rss", "First headline");
    daemon.logged("nothing is due");
    let second = Document::rss(feed("Second headline"));
    let other = Origin::serving([("/b", &second)]);
    let sources = installation.read("feeds.toml") + &source("B", &other.url("/b"));
    installation.write("feeds.toml", &sources);
    daemon.logged("2 sources, 1 channel");
    serves(&daemon, "/latest-news.rss", "Second headline");
    stops(daemon, Signal::TERM);

    // Whoever was asked is asked, also where no answer came: not again by the next process, nor after a crash.
    let store = rusqlite::Connection::open(installation.path("var/oncofeed.db")).unwrap();
    store.execute("UPDATE sources SET next_visit = NULL", []).unwrap();
    drop(store);
    let daemon = installation.daemon();
    daemon.logged("cycle done");
    daemon.logged("nothing is due");
    stops(daemon, Signal::TERM);
    let articles = origin.paths().iter().filter(|path| *path == "/1").count();
    assert_eq!(articles, 1);
}

#[test]
fn a_crash_asks_no_article_twice() {
    let (asked, was_asked) = mpsc::channel();
    let (origin, installation) = described(move || {
        asked.send(()).unwrap();
        Reply::new(200, "never").after(pending())
    });
    let daemon = installation.daemon();
    was_asked.recv_timeout(PATIENCE).unwrap();
    daemon.signal(Signal::KILL);
    daemon.ended();
    installation.once();
    installation.once();
    assert_eq!(origin.paths(), ["/feed", "/robots.txt", "/1", "/feed", "/feed"]);
}
