//! HTTP to publishers: one request, one answer, within limits.
//!
//! ```text
//! URL → judge → permits → request → 200: body, within its limits
//!   ▲                              → 304: nothing new
//!   └──────── follow ──────────────┴ 301, 302, 303, 307, 308
//! ```
//!
//! *Architecture invariant*: nothing is asked that [`policy`] and [`address`] have not judged, at every hop; nothing is
//! sent that would tell one publisher of another or of a reader (no cookies, no `Referer`, no proxy from the
//! environment); and what was cut, was too large or came too slowly is never handed on as a document.

mod address;
mod fault;
mod freshness;
mod headers;
mod permits;
mod policy;
mod resolver;
mod route;
mod status;

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header::LOCATION};
use ipnet::IpNet;
use jiff::Timestamp;
use reqwest::{Client, ClientBuilder, Response, redirect};
use tokio::time::{Instant, timeout};
use tracing::warn;
use url::Url;

pub use self::{fault::FetchFault, headers::user_agent, policy::Refusal};
use self::{
    permits::Permits,
    policy::Policy,
    resolver::PublicResolver,
    route::{Route, is_redirect},
};
use crate::model::{
    fetched::{Answer, Body, Fetched, Request},
    settings,
};

/// For a name, a connection and a TLS handshake. Far sites on bad days need three seconds.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Until an answer begins, connection included: feeds made on demand by slow sites take up to ten.
const FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(15);

/// What a body may take from the start, in bytes; more comes with the body itself, whatever its length claims to be.
const BODY_CAPACITY_MAX: u64 = 64 * 1024;

/// First bytes of gzip: no feed begins with them, only one that was compressed twice or without saying so.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Asks publishers; cheap to clone, and all clones share their limits.
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    permits: Arc<Permits>,
    allowed: Arc<[IpNet]>,
    first_byte: Duration,
    timeout: Duration,
    max_body: u64,
}

/// What one hop led to.
enum Hop {
    Answer {
        answer: Answer,
        fresh_for: Option<Duration>,
    },
    Redirect {
        status: StatusCode,
        location: Option<Vec<u8>>,
    },
}

impl Fetcher {
    /// # Errors
    /// A user agent that is no header, or TLS that cannot be set up.
    pub fn new(settings: &settings::Fetch, user_agent: &str) -> Result<Self, FetchFault> {
        let allowed: Arc<[IpNet]> = settings.allow_addresses.as_slice().into();
        let client = client(user_agent, &allowed).map_err(|error| FetchFault::setup(&error))?;
        Ok(Self {
            client,
            permits: Arc::new(Permits::new(settings.concurrency, settings.per_host)),
            allowed,
            first_byte: FIRST_BYTE_TIMEOUT,
            timeout: settings.timeout,
            max_body: settings.max_body,
        })
    }

    /// Visits a source. `now` is for dates in the answer; what is slow is measured from the moment at which it may begin.
    ///
    /// # Errors
    /// Anything but the whole document, or a 304 that was asked for.
    pub async fn fetch(&self, request: &Request, now: Timestamp) -> Result<Fetched, FetchFault> {
        let policy = Policy::new(request.source.as_ref().unwrap_or(&request.url), &self.allowed);
        let headers = headers::of(request);
        let mut route = Route::new(&request.url);
        let mut left = self.timeout;
        loop {
            let hop = self.hop(&route, &policy, &headers, &mut left, now).await;
            match hop.map_err(|fault| fault.met_on(&route))? {
                Hop::Redirect { status, location } => route.follow(status, location.as_deref())?,
                Hop::Answer { answer, fresh_for } => {
                    let moved_to = route.moved_to();
                    return Ok(Fetched {
                        answer,
                        fresh_for,
                        moved_to,
                    });
                }
            }
        }
    }

    /// Waiting for others costs a source none of its time.
    async fn hop(
        &self,
        route: &Route,
        policy: &Policy<'_>,
        headers: &HeaderMap,
        left: &mut Duration,
        now: Timestamp,
    ) -> Result<Hop, FetchFault> {
        policy.judge(&route.url).map_err(FetchFault::Refused)?;
        let host = route.url.host_str().unwrap_or_default().trim_end_matches('.');
        let _permit = self.permits.acquire(host).await;
        let started = Instant::now();
        let hop = timeout(*left, self.ask(&route.url, headers, now)).await;
        *left = left.saturating_sub(started.elapsed());
        hop.map_err(|_| FetchFault::Slow(self.timeout))?
    }

    /// Validators go to every hop: they stand for the document at the end of the way, and tell nobody anything.
    async fn ask(&self, url: &Url, headers: &HeaderMap, now: Timestamp) -> Result<Hop, FetchFault> {
        let sending = self.client.get(url.clone()).headers(headers.clone()).send();
        let response = timeout(self.first_byte, sending)
            .await
            .map_err(|_| FetchFault::NoAnswer(self.first_byte))?
            .map_err(|error| FetchFault::of_request(&error, CONNECT_TIMEOUT))?;
        let fresh_for = freshness::fresh_for(response.headers(), now);
        let answer = match response.status() {
            StatusCode::OK => Answer::Body(self.body(url, response).await?),
            StatusCode::NOT_MODIFIED if headers::is_conditional(headers) => Answer::NotModified,
            status if is_redirect(status) => {
                let location = response.headers().get(LOCATION).map(|value| value.as_bytes().to_vec());
                return Ok(Hop::Redirect { status, location });
            }
            status => {
                return Err(FetchFault::Status {
                    status: status.as_u16(),
                    retry_after: freshness::retry_after(response.headers(), now),
                });
            }
        };
        Ok(Hop::Answer { answer, fresh_for })
    }

    async fn body(&self, url: &Url, response: Response) -> Result<Body, FetchFault> {
        if let Some(encoding) = headers::leftover_encoding(response.headers()) {
            return Err(FetchFault::Encoding(fault::quoted(&encoding)));
        }
        let validators = headers::validators(response.headers());
        let charset = headers::charset(response.headers());
        let bytes = self.bytes(response).await?;
        if bytes.is_empty() {
            return Err(FetchFault::Empty);
        }
        if bytes.starts_with(&GZIP_MAGIC) {
            return Err(FetchFault::Encoding("gzip without saying so".to_owned()));
        }
        Ok(Body {
            bytes,
            charset,
            url: url.clone(),
            validators,
        })
    }

    /// All of it, decoded; no more than one chunk beyond the limit is ever held.
    async fn bytes(&self, mut response: Response) -> Result<Bytes, FetchFault> {
        let claimed = response.content_length().unwrap_or_default();
        if claimed > self.max_body {
            return Err(FetchFault::Large(self.max_body));
        }
        let mut bytes = BytesMut::with_capacity(usize::try_from(claimed.min(BODY_CAPACITY_MAX)).unwrap_or_default());
        while let Some(chunk) = response.chunk().await.map_err(|error| FetchFault::of_body(&error))? {
            let length = u64::try_from(bytes.len() + chunk.len()).unwrap_or(u64::MAX);
            if length > self.max_body {
                return Err(FetchFault::Large(self.max_body));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}

/// A machine without CA certificates (a bare container) still reads feeds over plain HTTP.
fn client(user_agent: &str, allowed: &Arc<[IpNet]>) -> reqwest::Result<Client> {
    builder(user_agent, allowed).build().or_else(|error| {
        let client = builder(user_agent, allowed).tls_certs_only([]).build()?;
        warn!(%error, "no CA certificates found: every https source will fail until ca-certificates is installed");
        Ok(client)
    })
}

/// Connections are not kept: a site is visited once an hour, and one that closes connections without a word would now and
/// then cost a visit. So every connection goes to an address that was judged for it, too.
fn builder(user_agent: &str, allowed: &Arc<[IpNet]>) -> ClientBuilder {
    let resolver = PublicResolver {
        allowed: Arc::clone(allowed),
    };
    Client::builder()
        .user_agent(user_agent)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .dns_resolver(resolver)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(0)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A listener whose connections nobody accepts: the kernel does, and no answer ever comes.
    #[tokio::test]
    async fn an_answer_has_to_begin_in_time() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let settings = settings::Fetch {
            tick: String::new(),
            concurrency: 1,
            per_host: 1,
            timeout: Duration::from_secs(30),
            max_body: 1,
            min_interval: Duration::ZERO,
            max_interval: Duration::ZERO,
            allow_addresses: vec!["127.0.0.1/32".parse().unwrap()],
        };
        let mut fetcher = Fetcher::new(&settings, "oncofeed").unwrap();
        fetcher.first_byte = Duration::from_millis(100);
        let request = Request::new(Url::parse(&format!("http://{}/", silent.local_addr().unwrap())).unwrap());
        let fault = fetcher.fetch(&request, Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert_eq!(fault.to_string(), "no answer within 100 ms");
    }

    #[test]
    fn a_user_agent_that_is_no_header_is_a_fault_of_ours() {
        assert!(client("a\nb", &Arc::from([])).is_err());
    }
}
