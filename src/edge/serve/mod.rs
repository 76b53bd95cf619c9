//! HTTP to readers, from an immutable publication in memory.
//!
//! *Architecture invariant*: no answer needs a file, the store or the `Host` header. What is asked for is compared with
//! the names of the publication as it stands in the request line, never decoded and never a path.

mod accept;
mod answer;
mod conditional;
mod encoding;
mod served;

use std::{future::Future, sync::Arc, time::Duration};

use axum::{Router, extract::State, http::Request};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use self::served::Served;
use crate::model::publication::Publication;

/// How long a client may take, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the head of a request, and so for the silence between two requests on one connection. Honest clients
    /// need milliseconds; the rest hold a connection without asking for anything.
    pub head: Duration,
    /// How long a client may read nothing of an answer that is under way.
    pub stall: Duration,
    /// Open connections. Each costs two buffers and a file descriptor, of which a service has 1,024 by default.
    pub connections: usize,
    /// How long answers under way may take when we stop.
    pub goodbye: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            connections: 960,
            goodbye: Duration::from_secs(4),
        }
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
