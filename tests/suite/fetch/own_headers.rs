//! Headers of a source's own go to its own origin, at every hop, and to nobody else.

use http::HeaderName;
use oncofeed::model::{
    credential::{Credentials, Secret},
    fetched::{Answer, Fetched, Request},
    source::Header,
};
use url::Url;

use super::{fetcher, now};
use crate::support::{
    origin::{Origin, Reply},
    raw_origin::{RawOrigin, send},
};

fn request(url: Url) -> Request {
    let header =
        |name, value| Header::new(HeaderName::from_static(name), "${KEY}".into(), &Secret::new(value)).unwrap();
    Request {
        headers: vec![
            header("authorization", "Bearer canary"),
            header("x-api-key", "canary"),
            header("accept-language", "en"),
        ],
        ..Request::new(url)
    }
}

fn with_key(origin: &Origin) -> Vec<(String, bool)> {
    let asked = origin.requests().into_iter();
    asked
        .map(|asked| {
            let keys = ["authorization", "x-api-key", "accept-language"].map(|name| asked.headers.contains_key(name));
            assert!(keys == [true; 3] || keys == [false; 3], "{keys:?}");
            (asked.path, keys[0])
        })
        .collect()
}

#[tokio::test]
async fn they_go_to_the_sources_own_origin_alone_and_come_back_with_it() {
    // Another host, and the same host at another port.
    for ip in ["127.0.0.2", "127.0.0.1"] {
        let other = Origin::start_at(ip, |request| match request.path.split_once("/to/") {
            Some((_, location)) => Reply::redirect(302, location),
            None => Reply::feed("<rss/>"),
        });
        let away = other.url("/to/");
        let own = Origin::start(move |request| match &*request.path {
            "/near" => Reply::redirect(301, "/far"),
            "/far" => Reply::redirect(307, &format!("{away}http://{}/home", request.header("host"))),
            _ => Reply::feed("<rss/>"),
        });
        // The port is the source's own, or else a redirect may not lead there.
        let fetcher = fetcher(|_| ());
        fetcher.fetch(&request(own.url("/near")), now()).await.unwrap();
        let asked = ["/near", "/far", "/home"].map(|path| (path.to_owned(), true));
        assert_eq!(with_key(&own), asked);
        let home = own.url("/home");
        assert_eq!(with_key(&other), [(format!("/to/{home}"), false)], "{ip}");
    }
}

#[tokio::test]
async fn no_request_without_them_has_any() {
    let own = Origin::start(|_| Reply::feed("<rss/>"));
    let fetcher = fetcher(|_| ());
    fetcher.fetch(&request(own.url("/with")), now()).await.unwrap();
    fetcher.fetch(&Request::new(own.url("/without")), now()).await.unwrap();
    assert_eq!(
        with_key(&own),
        [("/with".to_owned(), true), ("/without".to_owned(), false)]
    );
    let asked = &own.requests()[0];
    assert_eq!(
        (asked.header("authorization"), asked.header("accept-language")),
        ("Bearer canary", "en")
    );
}

/// What the settings of an operator, a request and its faults show of themselves.
#[tokio::test]
async fn no_debugging_shows_their_values() {
    let request = request("http://10.0.0.1/".parse().unwrap());
    let fetcher = fetcher(|settings| {
        settings.proxy = Some("http://10.0.0.1:3128/".parse().unwrap());
        settings.proxy_login = Some(Secret::new("user:canary"));
    });
    let fault = fetcher.fetch(&request, now()).await.unwrap_err();
    let shown = format!("{request:?} {request:#?} {fetcher:?} {fault} {fault:?}");
    assert!(
        !shown.contains("canary") && !shown.contains("dXNlcjpjYW5hcnk") && shown.contains("${KEY}"),
        "{shown}"
    );
}

/// What a site sends back of them: an editor reads of it, and the store keeps it.
#[tokio::test]
async fn a_site_that_repeats_them_tells_us_nothing() {
    let echo = Origin::start(|request| {
        let sent = request.header("authorization").to_owned();
        match &*request.path {
            "/encoding" => Reply::feed("<rss/>").header("content-encoding", format!("x-{sent}-{}", &sent[7..])),
            "/long" => Reply::feed("<rss/>").header("content-encoding", "x".repeat(90) + &sent),
            "/host" => Reply::redirect(301, &format!("http://{}.invalid:25/", &sent[7..])),
            "/moved" => Reply::redirect(301, &format!("/feed?t={}", &sent[7..])),
            "/spelt" => Reply::redirect(308, "/feed?t=%62earer%20%63anary"),
            "/elsewhere" => Reply::redirect(308, "/feed"),
            "/document" => Reply::feed(format!("<rss>{sent}, {sent}</rss>")),
            _ => Reply::feed("<rss/>")
                .header("etag", format!("\"{sent}\""))
                .header("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
        }
    });
    let known: Credentials = [("KEY".to_owned(), Secret::new("canary"))].into_iter().collect();
    let fetcher = fetcher(|settings| settings.credentials = known);
    for (path, told) in [
        ("/encoding", "encoded as \"x-***-***\", which we do not read"),
        (
            "/host",
            "redirected to ***.invalid, which would be asked at port 25, where feeds are not expected",
        ),
    ] {
        let fault = fetcher.fetch(&request(echo.url(path)), now()).await.unwrap_err();
        assert_eq!(fault.to_string(), told);
        assert!(!format!("{fault:?}").contains("canary"), "{fault:?}");
    }
    let fault = fetcher.fetch(&request(echo.url("/long")), now()).await.unwrap_err();
    assert!(fault.to_string().contains("xx***…"), "{fault}");

    for path in ["/moved", "/spelt"] {
        let Fetched { url, moved_to, .. } = fetcher.fetch(&request(echo.url(path)), now()).await.unwrap();
        assert_eq!((url, moved_to), (echo.url(path), None));
    }
    let fetched = fetcher.fetch(&request(echo.url("/elsewhere")), now()).await.unwrap();
    assert_eq!(fetched.moved_to, Some(echo.url("/feed")), "others are told");
    let Answer::Body(body) = fetched.answer else {
        panic!("nothing was asked conditionally")
    };
    assert!(body.validators.etag.is_none() && body.validators.last_modified.is_some());
    let fetched = fetcher.fetch(&request(echo.url("/document")), now()).await.unwrap();
    let Answer::Body(body) = fetched.answer else {
        panic!("nothing was asked conditionally")
    };
    assert_eq!(body.bytes, "<rss>***, ***</rss>");
}

#[tokio::test]
async fn neither_does_one_that_repeats_them_where_no_http_is() {
    for line in [
        "canary",
        "HTTP/1.1 canary",
        "HTTP/1.1 500 canary",
        "HTTP/1.1 200 OK\r\ncanary",
    ] {
        let raw = RawOrigin::start(move |_| vec![send(format!("{line}\r\n\r\n"))]);
        let fault = fetcher(|_| ()).fetch(&request(raw.url("/")), now()).await.unwrap_err();
        assert!(!format!("{fault} {fault:?}").contains("canary"), "{fault:?}");
    }
}
