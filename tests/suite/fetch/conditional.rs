use std::time::Duration;

use oncofeed::model::fetched::{Answer, Validators};

use super::{document, fault, get, get_if};
use crate::support::{
    document::Document,
    origin::{Origin, Reply},
    raw_origin::RawOrigin,
};

fn validators(etag: Option<&[u8]>, last_modified: Option<&[u8]>) -> Option<Validators> {
    Some(Validators {
        etag: etag.map(<[u8]>::to_vec),
        last_modified: last_modified.map(<[u8]>::to_vec),
    })
}

#[tokio::test]
async fn a_document_is_fetched_once_and_then_only_when_it_changed() {
    let feed = Document::rss("<rss/>");
    let origin = Origin::serving([("/feed", &feed)]);
    let first = document(origin.url("/feed")).await;
    assert_eq!(
        (&first.bytes[..], first.charset.as_deref()),
        (&b"<rss/>"[..], Some("utf-8"))
    );
    let again = get_if(origin.url("/feed"), Some(first.validators.clone()))
        .await
        .unwrap();
    assert_eq!(again.answer, Answer::NotModified);
    assert_eq!(again.url, origin.url("/feed"));
    feed.set("<rss>2</rss>");
    let changed = get_if(origin.url("/feed"), Some(first.validators.clone()))
        .await
        .unwrap();
    let Answer::Body(second) = changed.answer else {
        panic!("it had changed")
    };
    assert_eq!(&second.bytes[..], b"<rss>2</rss>");
    assert_ne!(second.validators, first.validators);
}

#[tokio::test]
async fn validators_are_echoed_byte_for_byte() {
    let odd: [&[u8]; 9] = [
        b"\"plain\"",
        b"W/\"weak\"",
        b"w/\"lower\"",
        b"unquoted",
        b"\"unclosed",
        b"\"with spaces, and a comma\"",
        b"\"gzip\"-gzip",
        b"\"\xe4\xf6\xfc\"",
        "\"ünïcode\"".as_bytes(),
    ];
    for tag in odd {
        let since = b"yesterday,  about \xfcnoon";
        let origin = Origin::start(move |request| match request.headers.get("if-none-match") {
            Some(_) => Reply::new(304, ""),
            None => Reply::feed("<rss/>").header("etag", tag).header("last-modified", since),
        });
        let kept = document(origin.url("/")).await.validators;
        assert_eq!(kept.etag.as_deref(), Some(tag));
        let answer = get_if(origin.url("/"), Some(kept)).await.unwrap().answer;
        assert_eq!(answer, Answer::NotModified);
        let asked = &origin.requests()[1].headers;
        assert_eq!(asked["if-none-match"].as_bytes(), tag);
        assert_eq!(asked["if-modified-since"].as_bytes(), since);
    }
}

#[tokio::test]
async fn validators_that_are_too_long_or_no_header_are_not_used() {
    let long = "x".repeat(513);
    let just = "x".repeat(512);
    let etag = long.clone();
    let origin = Origin::start(move |_| {
        Reply::feed("<rss/>")
            .header("etag", &etag)
            .header("last-modified", &just)
    });
    let kept = document(origin.url("/")).await.validators;
    assert_eq!(
        (kept.etag, kept.last_modified.map(|kept| kept.len())),
        (None, Some(512))
    );

    let origin = RawOrigin::sending("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>");
    let bad = validators(Some(b"\"a\"\r\nX-Evil: 1"), Some(long.as_bytes()));
    get_if(origin.url("/"), bad).await.unwrap();
    let head = String::from_utf8(origin.heads()[0].clone()).unwrap().to_lowercase();
    assert!(
        !head.contains("if-none-match") && !head.contains("if-modified-since") && !head.contains("evil"),
        "{head}"
    );
}

#[tokio::test]
async fn empty_validators_are_none() {
    let origin = Origin::start(|_| Reply::feed("<rss/>").header("etag", "").header("last-modified", ""));
    assert!(document(origin.url("/")).await.validators.is_empty());
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_a_fault() {
    let origin = Origin::start(|_| Reply::new(304, ""));
    let unasked = get(origin.url("/")).await.unwrap_err();
    assert_eq!(unasked.status(), Some(304));
    assert_eq!(
        unasked.to_string(),
        "304: the site says that nothing is new, which nobody asked"
    );
    let unusable = get_if(origin.url("/"), validators(Some(b"\n"), None))
        .await
        .unwrap_err();
    assert_eq!(
        unusable.status(),
        Some(304),
        "nor where the condition could not be sent"
    );
    assert!(get_if(origin.url("/"), validators(None, Some(b"x"))).await.is_ok());
}

#[tokio::test]
async fn freshness_is_taken_from_documents_and_from_304s() {
    let origin = Origin::start(|request| match request.header("if-none-match") {
        "" => Reply::feed("<rss/>").header("cache-control", "max-age=7200"),
        _ => Reply::new(304, "").header("cache-control", "max-age=3600"),
    });
    let body = get(origin.url("/")).await.unwrap();
    assert_eq!(body.fresh.map(|fresh| fresh.lasts), Some(Duration::from_secs(7200)));
    let unchanged = get_if(origin.url("/"), validators(Some(b"x"), None)).await.unwrap();
    assert_eq!(
        unchanged.fresh.map(|fresh| fresh.lasts),
        Some(Duration::from_secs(3600))
    );
}

#[tokio::test]
async fn only_a_200_is_a_document() {
    for (status, words) in [
        (203, "203: the site sends something else than its feed"),
        (204, "204: the site sends nothing"),
        (206, "206: the site sends a part of the feed, which nobody asked for"),
        (226, "226: the site sends a part of the feed, which nobody asked for"),
        (300, "300: the site offers other places, but no feed"),
        (403, "403: the site refuses automated readers"),
        (404, "404: there is no feed at this address"),
        (410, "410: the publisher has removed the feed"),
        (500, "500: the site has a fault of its own"),
    ] {
        let origin = Origin::start(move |_| Reply::feed(if status == 204 { "" } else { "<rss/>" }).with_status(status));
        let found = get(origin.url("/")).await.unwrap_err();
        assert_eq!((found.status(), found.to_string().as_str()), (Some(status), words));
    }
    let empty = Origin::start(|_| Reply::feed(""));
    assert_eq!(fault(empty.url("/")).await, "200: the site sends nothing");
}

#[tokio::test]
async fn retry_after_is_told() {
    for (status, value, seconds) in [
        (429, "120", Some(120)),
        (503, "Wed, 01 Jul 2026 13:00:00 GMT", Some(3600)),
        (503, "Wed, 01 Jul 2020 13:00:00 GMT", Some(0)),
        (503, "soon", None),
        (403, "60", Some(60)),
    ] {
        let origin = Origin::start(move |_| Reply::new(status, "").header("retry-after", value));
        let found = get(origin.url("/")).await.unwrap_err();
        assert_eq!(
            found.retry_after().map(|wait| wait.as_secs()),
            seconds,
            "{status} {value}"
        );
    }
}

#[tokio::test]
async fn a_request_says_who_asks_and_nothing_else() {
    let origin = Origin::start(|request| match &*request.path {
        "/feed?a=1" => Reply::redirect(302, "/elsewhere").header("set-cookie", "id=1; Path=/"),
        _ => Reply::feed("<rss/>").header("set-cookie", "id=2; Path=/"),
    });
    let fetcher = super::fetcher(|_| ());
    let request = oncofeed::model::fetched::Request::new(origin.url("/feed?a=1#part"));
    for _ in 0..2 {
        fetcher.fetch(&request, super::now()).await.unwrap();
    }
    assert_eq!(origin.paths(), ["/feed?a=1", "/elsewhere", "/feed?a=1", "/elsewhere"]);
    for asked in origin.requests() {
        let mut names: Vec<_> = asked.headers.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
        assert_eq!(asked.method, "GET");
        assert_eq!(asked.header("user-agent"), "oncofeed/test (+https://news.example.org/)");
        assert!(
            asked
                .header("accept")
                .starts_with("application/rss+xml, application/atom+xml")
        );
    }
}
