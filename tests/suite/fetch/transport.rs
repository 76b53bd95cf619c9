use std::{
    process::Command,
    time::{Duration, Instant},
};

use oncofeed::model::fetched::Request;

use super::{decoding::encoded, document, fault, fetcher, get, now};
use crate::support::{
    document::gzipped,
    origin::{Origin, Reply},
    raw_origin::{RawOrigin, Step, send},
};

const FEED: &[u8] = b"<rss><channel><title>News of trials, and more news of trials</title></channel></rss>";

/// At every byte of the answer, closed and reset, with a length and in chunks, plain and compressed.
#[tokio::test]
async fn a_cut_answer_is_never_a_document() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n";
    let chunk = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    let (left, right) = FEED.split_at(40);
    let packed = gzipped(FEED);
    let zstd = encoded("zstd", FEED).await;
    let brotli = encoded("br", FEED).await;
    let deflate = encoded("deflate", FEED).await;
    let with_length = |extra: &str, body: &[u8]| {
        [
            format!("{head}{extra}Content-Length: {}\r\n\r\n", body.len()).as_bytes(),
            body,
        ]
        .concat()
    };
    let chunked = |extra: &str, parts: &[&[u8]]| {
        let parts = parts.iter().flat_map(|part| chunk(part)).collect::<Vec<_>>();
        [
            format!("{head}{extra}Transfer-Encoding: chunked\r\n\r\n").as_bytes(),
            &parts,
            b"0\r\n\r\n",
        ]
        .concat()
    };
    let gzip = "Content-Encoding: gzip\r\n";
    for (name, whole) in [
        ("length", with_length("", FEED)),
        ("chunks", chunked("", &[left, right])),
        ("gzip, length", with_length(gzip, &packed)),
        ("gzip, chunks", chunked(gzip, &[&packed[..30], &packed[30..]])),
        ("zstd, length", with_length("Content-Encoding: zstd\r\n", &zstd)),
        ("br, length", with_length("Content-Encoding: br\r\n", &brotli)),
        (
            "deflate, length",
            with_length("Content-Encoding: deflate\r\n", &deflate),
        ),
        // No length at all: only what is compressed tells its own end.
        (
            "gzip, until closed",
            [format!("{head}{gzip}\r\n").as_bytes(), &packed].concat(),
        ),
    ] {
        let length = whole.len();
        let ends_early = whole.clone();
        let origin = RawOrigin::start(move |n| {
            let cut = send(ends_early[..n / 2].to_vec());
            if n % 2 == 0 { vec![cut] } else { vec![cut, Step::Reset] }
        });
        let fetcher = fetcher(|_| ());
        let request = Request::new(origin.url("/"));
        for n in 0..2 * length {
            let found = fetcher.fetch(&request, now()).await;
            assert!(found.is_err(), "{name}, cut at {} of {length}: {found:?}", n / 2);
        }
        assert_eq!(origin.heads().len(), 2 * length, "{name}: each was asked once");
        let whole = RawOrigin::sending(whole);
        assert_eq!(&document(whole.url("/")).await.bytes[..], FEED, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_fault() {
    let header = |name: &str, value: &str| format!("HTTP/1.1 200 OK\r\n{name}: {value}\r\n\r\n<rss/>");
    let flood: String = (0..200).map(|n| format!("X-{n}: y\r\n")).collect();
    let headers = "more than 100 headers, or 64 KiB of them";
    for (answer, words) in [
        ("<rss/>".to_owned(), "the answer is not HTTP: "),
        ("HTTP/1.1 abc OK\r\n\r\n".to_owned(), "the answer is not HTTP: "),
        (header("Content-Length", "-1"), "the answer is not HTTP: "),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 5\r\n\r\n<rss/>".to_owned(),
            "the answer is not HTTP: ",
        ),
        (format!("HTTP/1.1 200 OK\r\n{flood}\r\n<rss/>"), headers),
        (header("X-Long", &"x".repeat(1 << 20)), headers),
        (header("X-Long", &"x".repeat(65 * 1024)), headers),
        (String::new(), "the site closed the connection without an answer"),
        (
            "HTTP/1.1 200 OK\r\nContent-".to_owned(),
            "the site closed the connection without an answer",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss/>".to_owned(),
            "the connection ended before the whole document was there",
        ),
    ] {
        let origin = RawOrigin::sending(answer.clone());
        let found = fault(origin.url("/")).await;
        assert!(found.starts_with(words), "{}: {found}", &answer[..answer.len().min(60)]);
    }
}

#[tokio::test]
async fn a_length_that_is_too_small_ends_the_document() {
    let origin = RawOrigin::sending("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/><rss>more</rss>");
    assert_eq!(&document(origin.url("/")).await.bytes[..], b"<rss/>");
}

#[tokio::test]
async fn a_site_that_takes_no_connections_is_said_to() {
    let origin = Origin::start(|_| Reply::feed("<rss/>"));
    let url = origin.url("/");
    drop(origin);
    assert_eq!(fault(url).await, "the site takes no connections");
}

#[tokio::test]
async fn a_visit_ends_when_its_time_is_over() {
    let chunk = || send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    let dribble = |bytes: &'static str| Step::Repeat {
        bytes: bytes.into(),
        times: 1000,
        pause: Duration::from_millis(20),
    };
    for (name, script) in [
        ("no answer", vec![Step::Silence]),
        ("half a head", vec![send("HTTP/1.1 200 OK\r\nX-"), Step::Silence]),
        ("a dribbling head", vec![send("HTTP/1.1 200 OK\r\nX-"), dribble("y")]),
        (
            "interim answers without end",
            vec![dribble("HTTP/1.1 103 Early Hints\r\n\r\n")],
        ),
        (
            "half a body",
            vec![send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss>"), Step::Silence],
        ),
        ("a dribbling body", vec![chunk(), dribble("1\r\nx\r\n")]),
        (
            "trailers without end",
            vec![chunk(), send("6\r\n<rss/>\r\n0\r\n"), dribble("X: y\r\n")],
        ),
    ] {
        let origin = RawOrigin::start(move |_| script.clone());
        let hurried = fetcher(|settings| settings.timeout = Duration::from_millis(300));
        let request = Request::new(origin.url("/"));
        let started = Instant::now();
        let found = hurried.fetch(&request, now()).await.unwrap_err().to_string();
        assert_eq!(found, "took longer than 300 ms", "{name}");
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{name}: {:?}",
            started.elapsed()
        );
    }
}

#[tokio::test]
async fn redirects_share_the_time_of_a_visit() {
    let origin = RawOrigin::start(|_| {
        let pause = Duration::from_millis(200);
        vec![
            Step::Repeat {
                bytes: "".into(),
                times: 1,
                pause,
            },
            send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
        ]
    });
    let hurried = fetcher(|settings| settings.timeout = Duration::from_millis(500));
    let request = Request::new(origin.url("/"));
    let found = hurried.fetch(&request, now()).await.unwrap_err().to_string();
    assert_eq!(found, "took longer than 500 ms");
}

#[tokio::test]
async fn get_is_all_that_is_asked() {
    let origin = Origin::start(|_| Reply::feed("<rss/>"));
    get(origin.url("/x?y=z%20&a")).await.unwrap();
    let asked = &origin.requests()[0];
    assert_eq!((&*asked.method, &*asked.path), ("GET", "/x?y=z%20&a"));
}

/// This test program again, in another environment.
fn again(test: &str, environment: &[(&str, &str)]) -> bool {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args(["--exact", test])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed")
}

const ANY_TEST: &str = "fetch::conditional::a_document_is_fetched_once_and_then_only_when_it_changed";

#[test]
fn proxies_of_the_environment_are_not_asked() {
    let proxy = Origin::start(|_| Reply::new(502, ""));
    let url = proxy.url("/").to_string();
    let names = [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ];
    assert!(again(ANY_TEST, &names.map(|name| (name, &*url))));
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_machine_without_ca_certificates_still_reads_plain_http() {
    assert!(again(
        ANY_TEST,
        &[("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")]
    ));
}
