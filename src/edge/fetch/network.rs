//! The real network: connections, TLS, HTTP/1 and HTTP/2.
//!
//! Connections are kept for the length of a cycle, so that a host of many sources shakes hands once. They are kept by
//! scheme, host and port, and are used again for these alone: each was made to an address that was judged for its name, or
//! that [`super::policy`] judged as it is spelt, and is judged again before each request. TLS sessions outlive their
//! connections, and shorten the handshake of the next cycle.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderMap, Request, Response, Uri, Version,
    header::{CONNECTION, HeaderValue},
};
use reqwest::{Body, Certificate, Client, ClientBuilder, redirect, retry};
use tokio::time::Instant;
use tracing::warn;
use url::Url;

use super::{
    fault::{self, FetchFault},
    headers::{HEADERS_BYTES_MAX, HEADERS_MAX},
    proxy,
    resolver::PublicResolver,
};
use crate::model::settings;

/// For a name, a connection and a TLS handshake. Far sites on bad days need three seconds.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection is kept that nobody uses: as long as a cycle takes at its slowest. Until the next one most sites
/// would have closed it.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// Connections that are kept for one host. Nobody is asked more than one thing at a time but where an operator says so.
const KEPT_PER_HOST: usize = 1;

#[derive(Debug)]
pub(super) struct Network {
    client: Client,
    proxy: Option<Url>,
    kept: Kept,
}

impl Network {
    /// # Errors
    /// TLS that cannot be set up.
    pub(super) fn new(settings: &settings::Fetch) -> Result<Self, FetchFault> {
        Ok(Self {
            client: client(settings).map_err(|error| FetchFault::setup(&error))?,
            proxy: settings.proxy.clone(),
            kept: Kept {
                within: KEPT_FOR + settings.timeout,
                answered: Mutex::default(),
            },
        })
    }

    /// A site may close a kept connection just when it is used again. What got no answer over one is asked once more, over
    /// a new one, since no second is kept; a site that never answered is not asked twice.
    pub(super) async fn answer(&self, request: Request<Bytes>) -> Result<Response<Body>, FetchFault> {
        let mut answered = send(&self.client, &request).await;
        if let Err(error) = &answered
            && fault::is_unanswered(error)
            && self.kept.may_have(request.uri())
        {
            answered = send(&self.client, &request).await;
        }
        let response = answered.map_err(|error| self.fault(&error))?;
        self.kept.note(request.uri(), &response);
        Ok(response)
    }

    fn fault(&self, error: &reqwest::Error) -> FetchFault {
        let proxy = self.proxy.as_ref();
        let of_proxy = proxy.and_then(|proxy| proxy::fault(proxy, error, CONNECT_TIMEOUT));
        of_proxy.unwrap_or_else(|| FetchFault::of_request(error, CONNECT_TIMEOUT))
    }
}

async fn send(client: &Client, request: &Request<Bytes>) -> reqwest::Result<Response<Body>> {
    let request = request.clone().map(Body::from);
    client.execute(request.try_into()?).await.map(Response::from)
}

/// The sites to which there may be a connection from before.
#[derive(Debug)]
struct Kept {
    /// Of an answer's head: its body took some of the time of a visit, and then the connection was kept.
    within: Duration,
    answered: Mutex<HashMap<String, Instant>>,
}

impl Kept {
    fn may_have(&self, url: &Uri) -> bool {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.get(&site(url)).is_some_and(|at| at.elapsed() < self.within)
    }

    fn note(&self, url: &Uri, response: &Response<Body>) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.retain(|_, at| at.elapsed() < self.within);
        match response.version() >= Version::HTTP_11 && !closes(response.headers()) {
            true => answered.insert(site(url), Instant::now()),
            false => answered.remove(&site(url)),
        };
    }
}

/// What connections are kept by.
fn site(url: &Uri) -> String {
    let authority = url.authority().map(http::uri::Authority::as_str);
    format!(
        "{}://{}",
        url.scheme_str().unwrap_or_default(),
        authority.unwrap_or_default()
    )
}

fn closes(headers: &HeaderMap) -> bool {
    let close = |line: &HeaderValue| line.as_bytes().eq_ignore_ascii_case(b"close");
    headers.get_all(CONNECTION).iter().any(close)
}

/// A machine without CA certificates (a bare container) still reads feeds over plain HTTP.
fn client(settings: &settings::Fetch) -> reqwest::Result<Client> {
    let named: reqwest::Result<Vec<_>> = settings.ca.iter().map(|der| Certificate::from_der(der)).collect();
    let named = named?;
    let merged = builder(settings)?.tls_certs_merge(named.clone()).build();
    merged.or_else(|error| {
        let client = builder(settings)?.tls_certs_only(named).build()?;
        warn!(%error, "no CA certificates found: every https source will fail until ca-certificates is installed");
        Ok(client)
    })
}

/// Whatever is asked again, is asked again by [`Network::answer`].
fn builder(settings: &settings::Fetch) -> reqwest::Result<ClientBuilder> {
    let resolver = PublicResolver {
        allowed: settings.allow_addresses.as_slice().into(),
        proxy: settings.proxy.as_ref().and_then(Url::host_str).map(str::to_owned),
    };
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .dns_resolver(resolver)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(KEPT_PER_HOST)
        .pool_idle_timeout(KEPT_FOR)
        .http1_max_headers(HEADERS_MAX)
        .http2_max_header_list_size(HEADERS_BYTES_MAX);
    proxy::lead(builder, settings)
}
