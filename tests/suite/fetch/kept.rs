//! Connections are kept for the length of a cycle, and cost no visit where a site closes them.

use oncofeed::{edge::fetch::Fetcher, model::fetched::Request};

use super::{fetcher, now};
use crate::support::raw_origin::{RawOrigin, Step, send};

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>";

/// How visits one after the other go.
async fn visits(fetcher: &Fetcher, origin: &RawOrigin, count: usize) -> Vec<String> {
    let request = Request::new(origin.url("/"));
    let mut outcomes = vec![];
    for _ in 0..count {
        let found = fetcher.fetch(&request, now()).await;
        outcomes.push(found.map_or_else(|fault| fault.to_string(), |_| "read".to_owned()));
    }
    outcomes
}

#[tokio::test]
async fn a_site_is_connected_to_once() {
    let origin = RawOrigin::start(|_| vec![send(ANSWER), Step::Asked, send(ANSWER), Step::Asked, send(ANSWER)]);
    assert_eq!(visits(&fetcher(|_| ()), &origin, 3).await, ["read"; 3]);
    assert_eq!((origin.connections(), origin.heads().len()), (1, 3));
}

#[tokio::test]
async fn a_connection_is_not_kept_where_the_site_says_so() {
    for answer in [
        "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 6\r\n\r\n<rss/>",
        "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>",
    ] {
        let origin = RawOrigin::start(move |n| match n {
            0 => vec![send(answer), Step::Silence],
            _ => vec![],
        });
        let expect = ["read", "the site closed the connection without an answer"];
        assert_eq!(visits(&fetcher(|_| ()), &origin, 2).await, expect, "{answer}");
        assert_eq!(origin.heads().len(), 2, "no connection can have been kept: {answer}");
    }
}

/// The site takes a request over a kept connection, and closes or resets it without a word.
#[tokio::test]
async fn a_kept_connection_that_ends_costs_no_visit() {
    for end in [vec![], vec![Step::Reset]] {
        let origin = RawOrigin::start(move |n| match n {
            0 => [vec![send(ANSWER), Step::Asked], end.clone()].concat(),
            _ => vec![send(ANSWER)],
        });
        assert_eq!(visits(&fetcher(|_| ()), &origin, 2).await, ["read"; 2]);
        assert_eq!((origin.connections(), origin.heads().len()), (2, 3));
    }
}

/// It may close at any time: before the next request is sent, while it is, and after.
#[tokio::test]
async fn a_site_may_close_connections_without_a_word() {
    let origin = RawOrigin::sending(ANSWER);
    assert_eq!(visits(&fetcher(|_| ()), &origin, 300).await, vec!["read"; 300]);
    assert_eq!(origin.heads().len(), 300, "and hears no request twice");
}

#[tokio::test]
async fn a_site_that_never_answers_is_asked_once() {
    for (steps, words) in [
        (vec![], "the site closed the connection without an answer"),
        (vec![Step::Reset], "the site broke the connection off"),
    ] {
        let origin = RawOrigin::start(move |_| steps.clone());
        assert_eq!(visits(&fetcher(|_| ()), &origin, 1).await, [words]);
        assert_eq!(origin.heads().len(), 1);
    }
}

#[tokio::test]
async fn nothing_is_asked_a_third_time() {
    let origin = RawOrigin::start(|n| match n {
        0 => vec![send(ANSWER), Step::Asked],
        _ => vec![],
    });
    let expect = ["read", "the site closed the connection without an answer"];
    assert_eq!(visits(&fetcher(|_| ()), &origin, 2).await, expect);
    assert_eq!(origin.heads().len(), 3);
}

#[tokio::test]
async fn what_was_answered_badly_is_not_asked_again() {
    for (answer, words) in [
        (
            "nonsense\r\n\r\n",
            "the answer is not HTTP: invalid HTTP version parsed",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss/>",
            "the connection ended before the whole document was there",
        ),
    ] {
        let origin = RawOrigin::start(move |n| match n {
            0 => vec![send(ANSWER), Step::Asked, send(answer)],
            _ => vec![send(ANSWER)],
        });
        assert_eq!(visits(&fetcher(|_| ()), &origin, 2).await, ["read", words]);
        assert_eq!(origin.heads().len(), 2);
    }
}

/// Otherwise a site could have a kept connection answer for another port, or a plain one for TLS.
#[tokio::test]
async fn a_kept_connection_is_for_its_own_host_and_port() {
    let first = RawOrigin::start(|_| vec![send(ANSWER), Step::Asked, send(ANSWER)]);
    let second = RawOrigin::start(|_| vec![send(ANSWER)]);
    let fetcher = fetcher(|_| ());
    visits(&fetcher, &first, 1).await;
    visits(&fetcher, &second, 1).await;
    assert_eq!((first.connections(), second.connections()), (1, 1));
}
