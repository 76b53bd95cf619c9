//! What carries a request: the network, or whatever stands in for it.
//!
//! Below it is the wire: names, connections, TLS. Above it is everything that oncofeed decides: whom to ask, with which
//! headers, what to believe of an answer and how much of it to take.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use http::{Request, Response};
use ipnet::IpNet;
use reqwest::{Body, Client, ClientBuilder, redirect, retry};
use tracing::warn;

use super::{
    fault::FetchFault,
    headers::{HEADERS_BYTES_MAX, HEADERS_MAX},
    resolver::PublicResolver,
};

/// For a name, a connection and a TLS handshake. Far sites on bad days need three seconds.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// One request, one answer, whose body is read as it comes. Cheap to clone.
#[derive(Clone)]
pub struct Transport(Arc<dyn Fn(Request<()>) -> Answering + Send + Sync>);

type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, FetchFault>> + Send>>;

impl Transport {
    /// Answers as `answer` does. The request holds its absolute URL and every header that is sent, but `Host`.
    pub fn from_fn<F>(answer: impl Fn(Request<()>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Response<Body>, FetchFault>> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(answer(request))))
    }

    /// The real one.
    pub(super) fn network(allowed: &Arc<[IpNet]>) -> Result<Self, FetchFault> {
        let client = client(allowed).map_err(|error| FetchFault::setup(&error))?;
        Ok(Self::from_fn(move |request| {
            let client = client.clone();
            async move {
                let request = request.map(|()| Body::default()).try_into();
                let response = match request {
                    Ok(request) => client.execute(request).await,
                    Err(error) => Err(error),
                };
                response
                    .map(Response::from)
                    .map_err(|error| FetchFault::of_request(&error, CONNECT_TIMEOUT))
            }
        }))
    }

    pub(super) async fn answer(&self, request: Request<()>) -> Result<Response<Body>, FetchFault> {
        (self.0)(request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

/// A machine without CA certificates (a bare container) still reads feeds over plain HTTP.
fn client(allowed: &Arc<[IpNet]>) -> reqwest::Result<Client> {
    builder(allowed).build().or_else(|error| {
        let client = builder(allowed).tls_certs_only([]).build()?;
        warn!(%error, "no CA certificates found: every https source will fail until ca-certificates is installed");
        Ok(client)
    })
}

/// Connections are not kept: a site is visited once an hour, and one that closes connections without a word would now and
/// then cost a visit. So every connection goes to an address that was judged for it, too.
fn builder(allowed: &Arc<[IpNet]>) -> ClientBuilder {
    let resolver = PublicResolver {
        allowed: Arc::clone(allowed),
    };
    Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .dns_resolver(resolver)
        .connect_timeout(CONNECT_TIMEOUT)
        .http1_max_headers(HEADERS_MAX)
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        .pool_max_idle_per_host(0)
}
