//! Time that is played, not waited for: the network is a function, and all above it is what runs in a daemon.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::{Request as Asked, Response};
use oncofeed::{
    edge::fetch::{FetchFault, Fetcher, Transport},
    model::fetched::{Answer, Request, Validators},
};
use reqwest::Body;
use tokio::time::{Instant, sleep};

use super::{now, settings};

const AGENT: &str = "oncofeed/test";

/// A network that answers by the path that is asked, and its fetcher.
fn fetcher<F>(answer: impl Fn(String) -> F + Send + Sync + 'static) -> Fetcher
where
    F: Future<Output = Result<Response<Body>, FetchFault>> + Send + 'static,
{
    let transport = Transport::from_fn(move |asked: Asked<Bytes>| answer(asked.uri().path().to_owned()));
    Fetcher::over(&settings(), AGENT, transport).unwrap()
}

fn request(path: &str) -> Request {
    Request::new(format!("https://a.test{path}").parse().unwrap())
}

fn redirect(location: &str) -> Response<Body> {
    let response = Response::builder().status(301).header("location", location);
    response.body(Body::default()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_visit_is_the_same_over_another_network() {
    let asked = Arc::new(Mutex::new(vec![]));
    let seen = Arc::clone(&asked);
    let transport = Transport::from_fn(move |request: Asked<Bytes>| {
        let path = request.uri().path().to_owned();
        seen.lock().unwrap().push(request);
        async move {
            sleep(Duration::from_secs(5)).await;
            Ok(match path.as_str() {
                "/feed" => redirect("//b.test/new"),
                _ => Response::builder().status(304).body(Body::default()).unwrap(),
            })
        }
    });
    let fetcher = Fetcher::over(&settings(), AGENT, transport).unwrap();
    let request = Request {
        validators: Some(Validators {
            etag: Some(b"\"1\"".to_vec()),
            last_modified: None,
        }),
        ..request("/feed")
    };
    let started = Instant::now();
    let fetched = fetcher.fetch(&request, now()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(10));
    assert_eq!(fetched.answer, Answer::NotModified);
    assert_eq!(fetched.url.as_str(), "https://b.test/new");
    assert_eq!(fetched.moved_to.as_ref(), Some(&fetched.url));

    let asked = asked.lock().unwrap();
    let urls: Vec<_> = asked.iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(urls, ["https://a.test/feed", "https://b.test/new"]);
    for request in asked.iter() {
        assert_eq!(request.headers()["user-agent"], AGENT);
        assert_eq!(request.headers()["if-none-match"], "\"1\"");
        assert!(request.headers().contains_key("accept"));
        assert_eq!(request.headers()["accept-encoding"], "gzip, br, zstd, deflate");
    }
}

#[tokio::test(start_paused = true)]
async fn waits_end_by_the_clock_that_is_played() {
    let fetcher = fetcher(|path| async move {
        match path.as_str() {
            "/silent" => sleep(Duration::from_secs(3600)).await,
            _ => sleep(Duration::from_secs(14)).await,
        }
        let stalled = stream::unfold((), |()| async {
            sleep(Duration::from_secs(3600)).await;
            Some((Ok::<_, FetchFault>("x"), ()))
        });
        Ok(Response::new(Body::wrap_stream(stalled)))
    });
    for (path, words, seconds) in [
        ("/silent", "no answer within 15 s", 15),
        ("/stalled", "took longer than 20 s", 20),
    ] {
        let started = Instant::now();
        let fault = fetcher.fetch(&request(path), now()).await.unwrap_err();
        assert_eq!(fault.to_string(), words);
        assert_eq!(started.elapsed(), Duration::from_secs(seconds), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_url_that_no_request_can_hold_is_nobody() {
    let fetcher = fetcher(|_| async { Ok(Response::new(Body::default())) });
    let odd = Request::new("http://a{b}.test/".parse().unwrap());
    let fault = fetcher.fetch(&odd, now()).await.unwrap_err();
    assert_eq!(fault.to_string(), "the name a{b}.test does not resolve");
}

/// At 256 bytes a second a document may take all its time; below that it need not.
#[tokio::test(start_paused = true)]
async fn what_dribbles_is_given_up() {
    let fetcher = fetcher(|path| async move {
        let rate: usize = path[1..].parse().unwrap();
        let dribble = stream::unfold(0, move |sent| async move {
            sleep(Duration::from_secs(1)).await;
            let chunk = Bytes::from(vec![b'x'; rate]);
            (sent < 18).then_some((Ok::<_, FetchFault>(chunk), sent + 1))
        });
        Ok(Response::new(Body::wrap_stream(dribble)))
    });
    for (path, seconds) in [("/0", 10), ("/1", 10), ("/255", 10), ("/256", 19), ("/9000", 19)] {
        let started = Instant::now();
        let found = fetcher.fetch(&request(path), now()).await;
        match found {
            Ok(_) => assert_eq!(seconds, 19, "{path}"),
            Err(fault) => assert_eq!(fault.to_string(), "slower than 256 bytes a second", "{path}"),
        }
        assert_eq!(started.elapsed(), Duration::from_secs(seconds), "{path}");
    }
}

/// Documents wait in memory for a reader. As many may as requests may be under way, and no more.
#[tokio::test(start_paused = true)]
async fn a_document_that_is_not_read_yet_is_still_under_way() {
    let transport = Transport::from_fn(|_| async { Ok(Response::new(Body::from("<rss/>"))) });
    let settings = oncofeed::model::settings::Fetch {
        concurrency: 1,
        ..settings()
    };
    let fetcher = Fetcher::over(&settings, AGENT, transport).unwrap();
    let (_, slot) = fetcher.fetch_into(&request("/a"), now()).await.unwrap();
    let (asked, other) = (request("/b"), fetcher.clone());
    let second = tokio::spawn(async move { other.fetch(&asked, now()).await.is_ok() });
    sleep(Duration::from_secs(3_600)).await;
    assert!(!second.is_finished());
    drop(slot);
    assert!(second.await.unwrap());
}
