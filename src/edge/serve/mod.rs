//! HTTP to readers, from an immutable publication in memory.
//!
//! *Architecture invariant*: no answer needs a file, the store or the `Host` header. What is asked for is compared with
//! the names of the publication as it stands in the request line, never decoded and never a path. `Forwarded` and
//! `X-Forwarded-*` are read from nobody, proxies included: links are made from `site.base_url`, and connections are
//! counted by the address of the socket.

mod accept;
mod answer;
mod conditional;
mod encoding;
mod patience;
mod served;
mod tally;

use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, extract::State, http::Request};
use ipnet::{IpNet, Ipv4Net};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use self::served::Served;
use crate::model::publication::Publication;

/// How long a client may take, and how many there may be.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For the head of a request, from its first byte; of the first one, from the connection. Honest clients need
    /// milliseconds; the rest hold a connection without asking for anything.
    pub head: Duration,
    /// For the silence between two requests on one connection.
    pub idle: Duration,
    /// How long a client may read nothing of an answer that is under way.
    pub stall: Duration,
    /// For a whole answer, until the kernel has the last of it: a client that reads a byte now and then never stalls.
    pub answer: Duration,
    /// Open connections. Each costs two buffers and a file descriptor, of which a service has 1,024 by default.
    pub connections: usize,
    /// Open connections of one client, which is an IPv4 address or an IPv6 /64.
    pub per_client: usize,
    /// Who may have more than `per_client`: proxies speak for many.
    pub exempt: Vec<IpNet>,
    /// How long answers under way may take when we stop.
    pub goodbye: Duration,
}

const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
const CONNECTIONS_MAX: usize = 960;
const CLIENT_CONNECTIONS_MAX: usize = 64;

const LOOPBACK: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);

impl Limits {
    /// As in `docs/limits.md`. Exempt are this machine, on which most proxies run, and `proxies`.
    pub fn behind(proxies: &[IpNet]) -> Self {
        let loopback = [IpNet::from(LOOPBACK), IpNet::from(IpAddr::from(Ipv6Addr::LOCALHOST))];
        Self {
            head: HEAD_TIMEOUT,
            idle: IDLE_TIMEOUT,
            stall: STALL_TIMEOUT,
            answer: ANSWER_TIMEOUT,
            connections: CONNECTIONS_MAX,
            per_client: CLIENT_CONNECTIONS_MAX,
            exempt: loopback.iter().chain(proxies).copied().collect(),
            goodbye: Duration::from_secs(4),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::behind(&[])
    }
}

/// Serves the newest publication on `listener` until `shutdown`, then lets answers under way end.
pub async fn run(
    listener: TcpListener,
    mut publication: watch::Receiver<Arc<Publication>>,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let first = publication.borrow_and_update().clone();
    let (served, serving) = watch::channel(Arc::new(Served::new(&first, &Served::default())));
    // Dropped at the end, and what runs in it with it.
    let mut following = JoinSet::new();
    following.spawn(follow(publication, served));
    accept::run(listener, router(serving), limits, shutdown).await;
}

/// Swaps in each new publication once it is prepared; requests meanwhile get the last one.
async fn follow(mut publication: watch::Receiver<Arc<Publication>>, served: watch::Sender<Arc<Served>>) {
    while publication.changed().await.is_ok() {
        let newest = publication.borrow_and_update().clone();
        let next = Served::new(&newest, &served.borrow());
        served.send_replace(Arc::new(next));
    }
}

fn router(serving: watch::Receiver<Arc<Served>>) -> Router {
    Router::new().fallback(handle).with_state(serving)
}

async fn handle(
    State(serving): State<watch::Receiver<Arc<Served>>>,
    request: Request<axum::body::Body>,
) -> axum::response::Response {
    let served = serving.borrow().clone();
    answer::answer(&served, request.method(), request.uri(), request.headers())
}
