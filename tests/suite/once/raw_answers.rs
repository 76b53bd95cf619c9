//! Answers that no proper server sends, each to a source that was well before. Whatever they are, an editor reads why,
//! nothing of them is kept, what is asked next is what was asked before, and nobody else waits.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use rusqlite::Connection;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::rss;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
    raw_origin::{RawOrigin, Step, send},
};

const OK: &str = "HTTP/1.1 200 OK\r\nETag: \"ill\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";

/// Less than a visit may take by itself, so that tests of stalled ones end.
const CONFIG: &str = r#"
[fetch]
allow_addresses = ["127.0.0.0/8"]
per_host = 8
concurrency = 64
timeout = "2s"
"#;

/// What an editor reads of what could not be waited for.
const SLOW: &str = "took longer than 2 s";
const CUT: &str = "the connection ended before the whole document was there";
const CLOSED: &str = "the site closed the connection without an answer";
const BROKEN: &str = "the site broke the connection off";
const LARGE: &str = "larger than 8 MiB";
const HEADERS: &str = "more than 100 headers, or 64 KiB of them";
const NOT_HTTP: &str = "the answer is not HTTP: ";

fn forever(bytes: impl Into<Vec<u8>>, pause: Duration) -> Step {
    Step::Repeat {
        bytes: bytes.into().into(),
        times: u64::MAX,
        pause,
    }
}

fn ok(rest: &str) -> Step {
    send(format!("{OK}{rest}"))
}

fn redirect(location: &str) -> Vec<Step> {
    vec![send(format!(
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n"
    ))]
}

fn status(line: &str) -> Vec<Step> {
    vec![send(format!(
        "HTTP/1.1 {line}\r\nETag: \"ill\"\r\nContent-Length: 6\r\n\r\n<rss/>"
    ))]
}

/// In this coding, 16 MiB of blanks.
fn bomb(coding: &str) -> Vec<Step> {
    let blanks = &vec![b' '; 16 << 20][..];
    let packed = match coding {
        "br" => read(BrotliEncoder::new(blanks)),
        "zstd" => read(ZstdEncoder::new(blanks)),
        "deflate" => read(ZlibEncoder::new(blanks)),
        "gzip" => read(GzipEncoder::new(blanks)),
        _ => read(GzipEncoder::new(&read(GzipEncoder::new(blanks))[..])),
    };
    let length = packed.len();
    let head = ok(&format!(
        "Content-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n"
    ));
    vec![head, send(packed)]
}

fn read(mut packed: impl AsyncRead + Unpin) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut bytes = vec![];
    runtime.block_on(packed.read_to_end(&mut bytes)).unwrap();
    bytes
}

/// Connections that end, stall or dribble.
fn connections() -> Vec<(&'static str, Vec<Step>, &'static str)> {
    let at_once = Duration::ZERO;
    let slowly = Duration::from_secs(1);
    vec![
        ("reset at once", vec![Step::Reset], BROKEN),
        ("closed at once", vec![], CLOSED),
        ("stalled at once", vec![Step::Silence], SLOW),
        ("reset in its head", vec![ok("X"), Step::Reset], BROKEN),
        ("closed in its head", vec![ok("X")], CLOSED),
        ("stalled in its head", vec![ok("X"), Step::Silence], SLOW),
        ("stalled after its head", vec![ok("\r\n"), Step::Silence], SLOW),
        (
            "reset in its body",
            vec![ok("Content-Length: 9\r\n\r\n<rss>"), Step::Reset],
            CUT,
        ),
        (
            "stalled in its body",
            vec![ok("Content-Length: 9\r\n\r\n<rss>"), Step::Silence],
            SLOW,
        ),
        ("one byte a second", vec![ok("\r\n"), forever("x", slowly)], SLOW),
        (
            "chunks for ever",
            vec![
                ok(CHUNKED),
                forever([&b"8000\r\n"[..], &[b'x'; 32768], b"\r\n"].concat(), at_once),
            ],
            LARGE,
        ),
        (
            "bytes for ever",
            vec![ok("\r\n"), forever([b'x'; 32768], at_once)],
            LARGE,
        ),
        (
            "trailers for ever",
            vec![ok(CHUNKED), send("0\r\n"), forever("X: y\r\n", at_once)],
            CUT,
        ),
        (
            "an extension for ever",
            vec![ok(CHUNKED), send("6;"), forever([b'x'; 1024], at_once)],
            CUT,
        ),
    ]
}

/// Heads and frames that are none.
fn heads() -> Vec<(&'static str, Vec<Step>, &'static str)> {
    let body = "Content-Length: 6\r\n\r\n<rss/>";
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    vec![
        ("too long a length", vec![ok("Content-Length: 99\r\n\r\n<rss/>")], CUT),
        (
            "too short a length",
            vec![ok("Content-Length: 3\r\n\r\n<rss/>")],
            "not a feed: ",
        ),
        (
            "a negative length",
            vec![ok("Content-Length: -6\r\n\r\n<rss/>")],
            NOT_HTTP,
        ),
        (
            "two lengths",
            vec![ok(&format!("Content-Length: 5\r\n{body}"))],
            NOT_HTTP,
        ),
        (
            "a length of more than 64 bits",
            vec![ok("Content-Length: 99999999999999999999\r\n\r\n<rss/>")],
            NOT_HTTP,
        ),
        (
            "a length beside chunks",
            vec![ok(&format!("Content-Length: 6\r\n{CHUNKED}<rss/>"))],
            CUT,
        ),
        ("chunks without sizes", vec![ok(&format!("{CHUNKED}<rss/>"))], CUT),
        (
            "a chunk of more than 64 bits",
            vec![ok(&format!("{CHUNKED}fffffffffffffffff\r\n<rss/>"))],
            CUT,
        ),
        (
            "a header of 1 MiB",
            vec![ok(&format!("X: {}\r\n{body}", "y".repeat(1 << 20)))],
            HEADERS,
        ),
        (
            "a thousand headers",
            vec![ok(&format!("{}{body}", "X: y\r\n".repeat(1000)))],
            HEADERS,
        ),
        ("HTTP 0.9", vec![send("<rss/>")], NOT_HTTP),
        (
            "a bad status line",
            vec![send(format!("HTTP/1.1 2x0 OK\r\n{body}"))],
            NOT_HTTP,
        ),
        ("another protocol", vec![send("220 mail.test ESMTP\r\n")], NOT_HTTP),
        (
            "a header with a zero byte",
            vec![ok(&format!("X: a\0b\r\n{body}"))],
            NOT_HTTP,
        ),
        ("interim answers for ever", vec![forever(interim, Duration::ZERO)], SLOW),
    ]
}

/// Proper HTTP that is no document.
fn answers() -> Vec<(&'static str, Vec<Step>, &'static str)> {
    vec![
        ("bomb in gzip", bomb("gzip"), LARGE),
        ("bomb in brotli", bomb("br"), LARGE),
        ("bomb in zstd", bomb("zstd"), LARGE),
        ("bomb in deflate", bomb("deflate"), LARGE),
        (
            "bomb in a bomb",
            bomb("gzip, gzip"),
            "encoded as \"gzip, gzip\", which we do not read",
        ),
        (
            "206",
            status("206 Partial Content"),
            "206: the site sends a part of the feed, which nobody asked for",
        ),
        (
            "226",
            status("226 IM Used"),
            "226: the site sends a part of the feed, which nobody asked for",
        ),
        ("a loop", redirect("/a-loop"), "redirected more than 5 times"),
        (
            "a file",
            redirect("file:///etc/passwd"),
            "redirected to file:, which is neither http nor https",
        ),
        (
            "data",
            redirect("data:text/xml,<rss/>"),
            "redirected to data:, which is neither http nor https",
        ),
        ("a line in a location", redirect("/a\rX-Evil: 1"), NOT_HTTP),
        (
            "a redirect to nowhere",
            status("301 Moved Permanently"),
            "301: redirected, but not to anywhere",
        ),
    ]
}

/// All that is kept of a source but how its visits went.
type Kept = (
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
    Vec<String>,
);

fn kept(installation: &Installation) -> BTreeMap<String, Kept> {
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    let mut items: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut rows = store.prepare("SELECT source, title FROM items ORDER BY title").unwrap();
    for row in rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap() {
        let (source, title) = row.unwrap();
        items.entry(source).or_default().push(title);
    }
    let columns = "SELECT id, key, etag, last_modified, body_digest, last_body FROM sources";
    let mut rows = store.prepare(columns).unwrap();
    let read = rows.query_map([], |row| {
        let titles = items.remove(&row.get(1)?).unwrap_or_default();
        Ok((
            row.get(0)?,
            (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, titles),
        ))
    });
    read.unwrap().map(Result::unwrap).collect()
}

type Cases = BTreeMap<String, (Vec<Step>, &'static str)>;

fn cases() -> Cases {
    let cases = [connections(), heads(), answers()].concat().into_iter();
    cases
        .map(|(name, steps, words)| (name.replace(' ', "-"), (steps, words)))
        .collect()
}

/// `/a-loop` and so on: well at first, then as the case has it, then unchanged for whoever asks with what was given first.
fn publisher(cases: Cases, round: Arc<AtomicUsize>) -> RawOrigin {
    RawOrigin::replying(move |head| {
        let name = head.split([' ', '/']).nth(2).unwrap();
        let well = rss(&[("1", name, "Of old.")]);
        let length = well.len();
        match (round.load(Ordering::SeqCst), cases.get(name)) {
            (1, Some((steps, _))) => steps.clone(),
            (2, _) if head.contains("if-none-match: \"well\"\r\n") => vec![send("HTTP/1.1 304 Not Modified\r\n\r\n")],
            _ => vec![send(format!(
                "HTTP/1.1 200 OK\r\nETag: \"well\"\r\nContent-Length: {length}\r\n\r\n{well}"
            ))],
        }
    })
}

#[test]
fn what_is_no_document_leaves_everything_as_it_was() {
    let (cases, round) = (cases(), Arc::new(AtomicUsize::new(0)));
    let ill = publisher(cases.clone(), Arc::clone(&round));
    let (was_asked, asked) = mpsc::channel();
    let other = Document::rss(rss(&[("9", "Elsewhere", "Nine.")]));
    let elsewhere = Origin::start_at("127.0.0.2", {
        let other = other.clone();
        move |request| {
            was_asked.send(Instant::now()).unwrap();
            other.reply(request)
        }
    });
    let sources = cases.keys().map(|name| source(name, &ill.url(&format!("/{name}"))));
    let sources = sources.chain([source("Other", &elsewhere.url("/"))]);
    let installation = Installation::new(&sources.collect::<String>());
    installation.write("config/oncofeed.toml", CONFIG);
    assert_eq!(installation.once()["sources"]["fetched"], cases.len() + 1);
    let before = kept(&installation);

    round.store(1, Ordering::SeqCst);
    other.set(rss(&[("9", "Elsewhere", "Nine."), ("10", "News", "Ten.")]));
    let report = installation.once();
    let ended = Instant::now();
    let failures = report["failures"].as_array().unwrap();
    assert_eq!(failures.len(), cases.len(), "{report}");
    for failure in failures {
        let (name, error) = (failure["source"].as_str().unwrap(), failure["error"].as_str().unwrap());
        assert!(error.starts_with(cases[name].1), "{name}: {error:?}");
    }
    assert_eq!(report["entries"]["new"], 1, "the other source goes on");
    let ahead = ended - asked.try_iter().last().unwrap();
    assert!(ahead > Duration::from_secs(1), "and waits for none of them: {ahead:?}");
    let mut after = kept(&installation);
    after.insert("other".into(), before["other"].clone());
    assert_eq!(after, before);

    round.store(2, Ordering::SeqCst);
    let report = installation.once();
    assert_eq!(report["sources"]["not_modified"], cases.len() + 1, "{report}");
}

/// What a publisher says of itself changes with each answer, and is never believed for long.
#[test]
fn what_a_site_says_of_time_is_echoed_and_not_believed() {
    let hour = 3_600_000;
    for (head, hours) in [
        ("ETag: \"a\"\r\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("ETag: \"b\"\r\nLast-Modified: Tue, 01 Jan 2041 00:00:00 GMT", 1),
        (
            "ETag: \"c\"\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nExpires: Tue, 01 Jan 2041 00:00:00 GMT",
            24,
        ),
        ("ETag: \"d\"\r\nExpires: Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("ETag: \"e\"\r\nCache-Control: max-age=99999999999", 24),
        ("ETag: \"f\"\r\nRetry-After: 3153600000", 1),
    ] {
        let feed = rss(&[("1", "First", "One.")]);
        let answer = format!(
            "HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {}\r\n\r\n{feed}",
            feed.len()
        );
        let origin = RawOrigin::sending(answer);
        let installation = Installation::new(&source("A", &origin.url("/")));
        installation.once();
        installation.once();
        let asked = String::from_utf8(origin.heads()[1].clone()).unwrap().to_lowercase();
        for line in head.to_lowercase().split("\r\n") {
            match line.split_once(": ").unwrap() {
                ("etag", tag) => assert!(asked.contains(&format!("if-none-match: {tag}\r\n")), "{asked}"),
                ("last-modified", at) => assert!(asked.contains(&format!("if-modified-since: {at}\r\n")), "{asked}"),
                _ => {}
            }
        }
        let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
        let wait = "SELECT next_visit - last_visit FROM sources";
        let wait: i64 = store.query_row(wait, [], |row| row.get(0)).unwrap();
        assert!(
            (hours * hour..=hours * hour * 11 / 10).contains(&wait),
            "{head}: {wait} ms"
        );
    }
}

#[test]
fn a_century_of_patience_is_a_week() {
    let centuries = ["3153600000", "Tue, 01 Jan 2126 00:00:00 GMT", "99999999999999999999999"];
    for century in centuries {
        let origin = RawOrigin::sending(format!(
            "HTTP/1.1 503 Busy\r\nRetry-After: {century}\r\nContent-Length: 0\r\n\r\n"
        ));
        let installation = Installation::new(&source("A", &origin.url("/")));
        assert_eq!(installation.once()["sources"]["failed"], 1);
        let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
        let wait = "SELECT next_visit - last_visit FROM sources";
        let wait: i64 = store.query_row(wait, [], |row| row.get(0)).unwrap();
        let week = 7 * 24 * 3_600_000;
        // It is spread over six minutes.
        assert!((week - 60_000..=week + 420_000).contains(&wait), "{century}: {wait} ms");
    }
}

/// A 304 has no body; what follows it is another answer, or nothing.
#[test]
fn a_304_with_a_body_is_a_304() {
    let feed = rss(&[("1", "First", "One.")]);
    let length = feed.len();
    let more = rss(&[("2", "Smuggled", "Two.")]);
    let origin = RawOrigin::start(move |n| {
        let (status, body) = if n == 0 {
            ("200 OK", &feed)
        } else {
            ("304 Not Modified", &more)
        };
        vec![send(format!(
            "HTTP/1.1 {status}\r\nETag: \"1\"\r\nContent-Length: {length}\r\n\r\n{body}"
        ))]
    });
    let installation = Installation::new(&source("A", &origin.url("/")));
    installation.once();
    assert_eq!(installation.once()["sources"]["not_modified"], 1);
    assert_eq!(super::each(&installation.items(), "title"), ["First"]);
}

#[test]
fn a_tag_that_changes_with_every_answer_is_replaced_with_it() {
    let feed = rss(&[("1", "First", "One.")]);
    let origin = RawOrigin::start(move |n| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nETag: \"{n}\"\r\nContent-Length: {}\r\n\r\n",
            feed.len()
        );
        vec![send(head + &feed)]
    });
    let installation = Installation::new(&source("A", &origin.url("/")));
    for n in 0..4 {
        assert_eq!(installation.once()["entries"]["new"], usize::from(n == 0));
    }
    let tag = |head: &Vec<u8>| {
        let head = String::from_utf8(head.clone()).unwrap();
        head.lines()
            .find_map(|line| Some(line.strip_prefix("if-none-match: ")?.to_owned()))
    };
    let tags: Vec<_> = origin.heads().iter().filter_map(tag).collect();
    assert_eq!(tags, ["\"0\"", "\"1\"", "\"2\""]);
}
