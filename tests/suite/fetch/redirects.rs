use oncofeed::model::fetched::{Answer, Request, Validators};
use url::Url;

use super::{document, fault, fetcher, get, get_if, now};
use crate::support::{
    origin::{Origin, Reply},
    raw_origin::RawOrigin,
};

/// `/3/302` goes on to `/2/302` and so on; `/0/…` is the feed.
fn countdown() -> Origin {
    Origin::start(|request| {
        let (left, status) = request.path[1..].split_once('/').unwrap();
        match left.parse::<u32>().unwrap() {
            0 => Reply::feed("<rss/>"),
            n => Reply::redirect(status.parse().unwrap(), &format!("../{}/{status}", n - 1)),
        }
    })
}

#[tokio::test]
async fn five_hops_of_any_kind_are_followed_and_the_sixth_is_not() {
    let origin = countdown();
    for status in [301, 302, 303, 307, 308] {
        let fetched = get(origin.url(&format!("/5/{status}"))).await.unwrap();
        assert_eq!(
            fetched.url,
            origin.url(&format!("/0/{status}")),
            "the base of relative links"
        );
    }
    assert_eq!(fault(origin.url("/6/302")).await, "redirected more than 5 times");
    let circle = Origin::start(|_| Reply::redirect(301, "/"));
    assert_eq!(fault(circle.url("/")).await, "redirected more than 5 times");
    assert_eq!(circle.requests().len(), 6);
}

#[tokio::test]
async fn only_a_way_of_permanent_hops_is_a_move() {
    let origin = Origin::start(|request| match &*request.path {
        "/a" => Reply::redirect(301, "/b"),
        "/b" => Reply::redirect(308, "/feed#top"),
        "/c" => Reply::redirect(301, "/d"),
        "/d" => Reply::redirect(302, "/feed"),
        "/e" => Reply::redirect(307, "/b"),
        _ => Reply::feed("<rss/>"),
    });
    for (path, moved) in [
        ("/a", true),
        ("/b", true),
        ("/c", false),
        ("/d", false),
        ("/e", false),
        ("/feed", false),
    ] {
        let found = get(origin.url(path)).await.unwrap();
        assert_eq!(found.moved_to, moved.then(|| origin.url("/feed")), "{path}");
    }
}

#[tokio::test]
async fn a_moved_document_is_still_asked_for_conditionally() {
    let origin = Origin::start(|request| match (&*request.path, request.header("if-none-match")) {
        ("/old", _) => Reply::redirect(301, "/new"),
        (_, "\"1\"") => Reply::new(304, ""),
        _ => Reply::feed("<rss/>"),
    });
    let validators = Validators {
        etag: Some(b"\"1\"".to_vec()),
        last_modified: None,
    };
    let found = get_if(origin.url("/old"), Some(validators)).await.unwrap();
    assert_eq!(
        (found.answer, found.moved_to),
        (Answer::NotModified, Some(origin.url("/new")))
    );
}

#[tokio::test]
async fn a_redirect_says_where_to() {
    for (location, words) in [
        (None, "302: redirected, but not to anywhere"),
        (Some(&b""[..]), "302: redirected, but not to anywhere"),
        (Some(b"http://"), "302: redirected, but not to anywhere"),
        (Some(b"http://[::1"), "302: redirected, but not to anywhere"),
        (Some(b"/\xff\xfe"), "302: redirected, but not to anywhere"),
    ] {
        let origin = Origin::start(move |_| match location {
            None => Reply::new(302, ""),
            Some(location) => Reply::new(302, "").header("location", location),
        });
        assert_eq!(fault(origin.url("/")).await, words, "{location:?}");
    }
}

#[tokio::test]
async fn blanks_in_a_location_do_not_reach_the_wire() {
    let origin = Origin::start(|request| match &*request.path {
        "/" => Reply::redirect(302, "/a b\tc\u{e9}"),
        _ => Reply::feed("<rss/>"),
    });
    document(origin.url("/")).await;
    assert_eq!(origin.paths(), ["/", "/a%20bc%C3%A9"]);
}

/// What would begin a line of its own in the next request, were it passed on as it came.
#[tokio::test]
async fn no_location_writes_into_the_next_request() {
    let next = Origin::start(|_| Reply::feed("<rss/>"));
    let port = next.port();
    for (location, outcome) in [
        ("/a\rX-Evil: 1", "the answer is not HTTP: "),
        ("/a\0b", "the answer is not HTTP: "),
        ("/a\nX-Evil: 1", "read"),
        ("/a%0d%0aX-Evil:%201", "read"),
        ("/a%00b", "read"),
        ("/a\tb", "read"),
        ("/a\u{2028}b\u{85}c", "read"),
    ] {
        let answer =
            format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}{location}\r\nContent-Length: 0\r\n\r\n");
        let origin = RawOrigin::sending(answer);
        let found = get(origin.url("/")).await;
        let found = found.map_or_else(|fault| fault.to_string(), |_| "read".to_owned());
        assert!(found.starts_with(outcome), "{location:?}: {found}");
    }
    let paths = next.paths();
    assert_eq!(
        paths,
        ["/a", "/a%0d%0aX-Evil:%201", "/a%00b", "/ab", "/a%E2%80%A8b%C2%85c"]
    );
    for asked in next.requests() {
        assert_eq!(asked.header("x-evil"), "", "{}", asked.path);
    }
}

/// The source itself is on a listed address; what it points to is not.
#[tokio::test]
async fn no_redirect_leads_inwards_or_out_of_the_web() {
    for location in [
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://169.254.169.254./",
        "http://①⑥⑨.254.169.254/",
        "//192.168.0.1/",
        "/\\192.168.0.1/",
        "http:192.168.0.1",
        "http://[::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[2002:a00:1::]/",
        "http://0/",
    ] {
        let origin = Origin::start(move |_| Reply::new(302, "").header("location", location));
        let words = fault(origin.url("/")).await;
        if location == "http:192.168.0.1" {
            assert_eq!(
                words, "redirected more than 5 times",
                "a relative path, as browsers read it"
            );
            continue;
        }
        assert!(
            words.starts_with("redirected to ") && words.contains("not a public address"),
            "{location}: {words}"
        );
    }
    for (location, words) in [
        (
            "file:///etc/passwd",
            "redirected to file:, which is neither http nor https",
        ),
        ("ftp://a.test/", "redirected to ftp:, which is neither http nor https"),
        (
            "gopher://a.test/",
            "redirected to gopher:, which is neither http nor https",
        ),
        (
            "data:text/xml,<rss/>",
            "redirected to data:, which is neither http nor https",
        ),
        (
            "javascript:alert(1)",
            "redirected to javascript:, which is neither http nor https",
        ),
        ("unix:/run/x", "redirected to unix:, which is neither http nor https"),
        (
            "http://u:p@a.test/",
            "redirected to a.test, which has a user name or password in its URL",
        ),
        (
            "http://a.test:25/",
            "redirected to a.test, which would be asked at port 25, where feeds are not expected",
        ),
    ] {
        let origin = Origin::start(move |_| Reply::redirect(302, location));
        assert_eq!(fault(origin.url("/")).await, words);
    }
}

#[tokio::test]
async fn nothing_private_is_asked_unless_the_operator_lists_it() {
    let origin = Origin::start(|_| Reply::feed("<rss/>"));
    let strict = fetcher(|settings| settings.allow_addresses.clear());
    let port = origin.port();
    for (host, words) in [
        (
            "127.0.0.1",
            "127.0.0.1 is not a public address (127.0.0.0/8, this machine)",
        ),
        (
            "2130706433",
            "127.0.0.1 is not a public address (127.0.0.0/8, this machine)",
        ),
        (
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1] is not a public address (127.0.0.0/8, this machine)",
        ),
        // Some machines name ::1 first.
        ("localhost", "localhost is at "),
        // Some do not know it with a dot.
        ("LOCALHOST.", ""),
    ] {
        let request = Request::new(Url::parse(&format!("http://{host}:{port}/")).unwrap());
        let found = strict.fetch(&request, now()).await.unwrap_err().to_string();
        assert!(found.starts_with(words), "{host}: {found}");
    }
    assert!(origin.requests().is_empty());
    document(Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap()).await;
}

#[tokio::test]
async fn a_redirect_to_a_private_name_is_refused_where_it_resolves() {
    let inner = Origin::start_at("127.0.0.2", |_| Reply::feed("<rss/>"));
    let port = inner.port();
    let outer = Origin::start_at("127.0.0.3", move |_| {
        Reply::redirect(302, &format!("http://localhost:{port}/"))
    });
    let only_outer = fetcher(|settings| settings.allow_addresses = vec!["127.0.0.3/32".parse().unwrap()]);
    let request = Request::new(outer.url("/"));
    let found = only_outer.fetch(&request, now()).await.unwrap_err().to_string();
    assert!(
        found.starts_with("redirected to localhost, which would be asked at port"),
        "{found}"
    );
    let outer = Origin::start_at("127.0.0.3", |_| Reply::redirect(302, "http://localhost/"));
    let request = Request::new(outer.url("/"));
    let found = only_outer.fetch(&request, now()).await.unwrap_err().to_string();
    assert!(found.starts_with("redirected to localhost, which is at "), "{found}");
}

/// A label of more than 63 bytes resolves nowhere, and no resolver has to be asked.
#[tokio::test]
async fn names_that_do_not_exist_are_named() {
    let name = format!("{}.test", "x".repeat(64));
    let url = Url::parse(&format!("http://{name}/feed")).unwrap();
    assert_eq!(fault(url).await, format!("the name {name} does not resolve"));
}
