//! Connections: accepted one by one, each with its limits. `axum::serve` has none.

use std::{future::Future, io, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::TokioIo,
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout},
};

use super::{Limits, patience::Patient, tally::Tally};

/// Longest head of a request, in bytes: names are short, and no cookie or token is ours.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Most header fields of a request. Browsers behind proxies send 20 to 30.
const HEADERS_MAX: usize = 64;

/// Pause after a failed accept (no file descriptor left, say): trying again at once would only burn the processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Between two warnings of clients that want too many connections, who could fill the log otherwise.
const WARNING_PAUSE: Duration = Duration::from_secs(60);

pub(super) async fn run(listener: TcpListener, router: Router, limits: Limits, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let tally = Tally::new(limits.per_client, limits.exempt.clone());
    let mut refusals = Refusals::default();
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                // Who is refused is closed here, and the place is free again.
                let Some(counted) = tally.count(peer) else {
                    refusals.tell(peer);
                    continue;
                };
                let connection = converse(stream, router.clone(), &limits, graceful.watcher());
                tokio::spawn(async move {
                    connection.await;
                    drop((place, counted));
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if timeout(limits.goodbye, graceful.shutdown()).await.is_err() {
        tracing::warn!("some readers did not take their answers in time");
    }
}

/// The next connection, once there is a place for it: others wait in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer.ip(), place))
}

/// Connections beyond the cap of their client.
#[derive(Default)]
struct Refusals {
    untold: u64,
    warned: Option<Instant>,
}

impl Refusals {
    fn tell(&mut self, client: IpAddr) {
        tracing::debug!(%client, "a connection is closed: its client has as many as it may");
        self.untold += 1;
        if self.warned.is_none_or(|at| at.elapsed() >= WARNING_PAUSE) {
            let count = self.untold;
            tracing::warn!(%client, count, "connections closed whose clients had as many as they may; the last is named");
            *self = Self {
                untold: 0,
                warned: Some(Instant::now()),
            };
        }
    }
}

fn converse(stream: TcpStream, router: Router, limits: &Limits, watcher: Watcher) -> impl Future<Output = ()> + use<> {
    // Answers are written in one piece; waiting to fill packets only delays their end.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(
            TokioIo::new(Patient::new(stream, limits)),
            TowerToHyperService::new(router),
        );
    async move {
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
