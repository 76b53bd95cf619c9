use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::future::join_all;
use oncofeed::{edge::fetch::Fetcher, model::fetched::Request};
use tokio::sync::Semaphore;
use url::Url;

use super::{document, fault, fetcher, now};
use crate::support::{
    document::gzipped,
    origin::{Origin, Reply},
    raw_origin::{RawOrigin, Step, send},
};

const MIB: usize = 1 << 20;

#[tokio::test]
async fn a_document_may_be_as_large_as_the_limit() {
    let limit = 8 * MIB;
    for (extra, whole) in [(0, true), (1, false)] {
        let body = Bytes::from(vec![b'x'; limit + extra]);
        let plain = Origin::start({
            let body = body.clone();
            move |_| Reply::feed(body.clone())
        });
        let packed = Bytes::from(gzipped(&body));
        let packed = Origin::start(move |_| Reply::feed(packed.clone()).header("content-encoding", "gzip"));
        let head = "HTTP/1.1 200 OK\r\n\r\n";
        let unannounced = RawOrigin::sending([head.as_bytes(), &body].concat());
        for url in [plain.url("/"), packed.url("/"), unannounced.url("/")] {
            if whole {
                assert_eq!(document(url).await.bytes.len(), limit);
            } else {
                assert_eq!(fault(url).await, "larger than 8 MiB");
            }
        }
    }
}

#[tokio::test]
async fn bombs_and_endless_documents_end_at_the_limit() {
    let bomb = Bytes::from(gzipped(&vec![0; 256 * MIB]));
    let bomb = Origin::start(move |_| Reply::feed(bomb.clone()).header("content-encoding", "gzip"));
    let endless = RawOrigin::start(|_| {
        let bytes = Bytes::from([b"10000\r\n".as_slice(), &[b'x'; 65536], b"\r\n"].concat());
        let times = 10_000;
        let pause = Duration::ZERO;
        vec![
            send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Step::Repeat { bytes, times, pause },
        ]
    });
    for url in [bomb.url("/"), endless.url("/")] {
        let started = Instant::now();
        assert_eq!(fault(url).await, "larger than 8 MiB");
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_believed() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n";
    let origin = RawOrigin::start(move |_| vec![send(head), Step::Silence]);
    assert_eq!(
        fault(origin.url("/")).await,
        "larger than 8 MiB",
        "without waiting for it"
    );
}

/// Counts the requests that are under way, and holds them until it is told to let some go.
struct Gate {
    under_way: AtomicUsize,
    most: AtomicUsize,
    arrived: Semaphore,
    open: Semaphore,
}

impl Gate {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            arrived: Semaphore::new(0),
            open: Semaphore::new(0),
        })
    }

    fn origin(self: &Arc<Self>, ip: &str) -> Origin {
        let gate = Arc::clone(self);
        Origin::start_at(ip, move |_| {
            let under_way = gate.under_way.fetch_add(1, Ordering::SeqCst) + 1;
            gate.most.fetch_max(under_way, Ordering::SeqCst);
            gate.arrived.add_permits(1);
            let gate = Arc::clone(&gate);
            Reply::feed("<rss/>").after(async move {
                gate.open.acquire().await.unwrap().forget();
                gate.under_way.fetch_sub(1, Ordering::SeqCst);
            })
        })
    }

    async fn arrivals(&self, count: u32) {
        self.arrived.acquire_many(count).await.unwrap().forget();
    }
}

async fn visit(fetcher: &Fetcher, url: Url) {
    let request = Request::new(url);
    fetcher.fetch(&request, now()).await.unwrap();
}

#[tokio::test]
async fn one_host_is_asked_one_thing_at_a_time_on_whatever_port() {
    let gate = Gate::new();
    let origins = [gate.origin("127.0.0.1"), gate.origin("127.0.0.1")];
    let polite = fetcher(|settings| settings.per_host = 1);
    let visits = (0..6).map(|n| visit(&polite, origins[n % 2].url("/")));
    let let_go = async {
        for _ in 0..6 {
            gate.arrivals(1).await;
            gate.open.add_permits(1);
        }
    };
    futures_util::future::join(join_all(visits), let_go).await;
    assert_eq!(gate.most.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_more_are_asked_at_once_than_the_operator_allows() {
    let gate = Gate::new();
    let origins = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"].map(|ip| gate.origin(ip));
    let three = fetcher(|settings| (settings.concurrency, settings.per_host) = (3, 1));
    let visits = origins.iter().map(|origin| visit(&three, origin.url("/")));
    let let_go = async {
        gate.arrivals(3).await;
        gate.open.add_permits(5);
    };
    futures_util::future::join(join_all(visits), let_go).await;
    assert_eq!(gate.most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_slow_host_holds_nobody_up_and_waiting_costs_no_time() {
    let gate = Gate::new();
    let slow = gate.origin("127.0.0.1");
    let quick = Origin::start_at("127.0.0.2", |_| Reply::feed("<rss/>"));
    let two = fetcher(|settings| (settings.concurrency, settings.per_host) = (2, 1));
    let waiting = (0..4).map(|_| visit(&two, slow.url("/")));
    let others = async {
        gate.arrivals(1).await;
        for _ in 0..3 {
            visit(&two, quick.url("/")).await;
        }
        gate.open.add_permits(4);
    };
    futures_util::future::join(join_all(waiting), others).await;
    assert_eq!((quick.requests().len(), slow.requests().len()), (3, 4));
}

#[tokio::test]
async fn a_redirect_lets_go_of_one_host_before_it_asks_the_next() {
    let second = Origin::start_at("127.0.0.2", |_| Reply::feed("<rss/>"));
    let target = second.url("/").to_string();
    let first = Origin::start_at("127.0.0.1", move |_| Reply::redirect(302, &target));
    let back = first.url("/").to_string();
    let third = Origin::start_at("127.0.0.2", move |_| Reply::redirect(302, &back));
    let one = fetcher(|settings| (settings.concurrency, settings.per_host) = (1, 1));
    let visits = (0..6).map(|n| visit(&one, if n % 2 == 0 { first.url("/") } else { third.url("/") }));
    join_all(visits).await;
}

#[tokio::test]
async fn a_visit_that_is_given_up_leaves_its_place() {
    let gate = Gate::new();
    let slow = gate.origin("127.0.0.1");
    let one = fetcher(|settings| (settings.concurrency, settings.per_host) = (1, 1));
    {
        let given_up = visit(&one, slow.url("/"));
        tokio::pin!(given_up);
        tokio::select! {
            () = &mut given_up => panic!("nobody let it go"),
            () = gate.arrivals(1) => {}
        }
    }
    gate.open.add_permits(2);
    visit(&one, slow.url("/")).await;
}
