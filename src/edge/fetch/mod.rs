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
//! environment; a source's own headers go to its own origin alone); and what was cut, was too large or came too slowly
//! is never handed on as a document.

mod address;
mod body;
mod decoding;
mod fault;
mod freshness;
mod headers;
mod network;
mod pauses;
mod permits;
mod policy;
mod proxy;
mod redaction;
mod resolver;
mod route;
mod status;
mod transport;

use std::{sync::Arc, time::Duration};

use http::{
    HeaderMap, HeaderValue, Response, StatusCode, Uri,
    header::{LOCATION, USER_AGENT},
};
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::time::{Instant, timeout};
use url::Url;

use self::{
    decoding::Coding,
    network::Network,
    pauses::Pauses,
    permits::Permits,
    policy::Policy,
    redaction::Redaction,
    route::{Route, is_redirect},
};
pub use self::{
    fault::FetchFault,
    headers::user_agent,
    policy::{Refusal, odd_port, refusal},
    transport::Transport,
};
use crate::model::{
    credential::Secret,
    fetched::{Answer, Body, Fetched, Fresh, Request},
    settings,
};

/// Until an answer begins, connection included: feeds made on demand by slow sites take up to ten.
const FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(15);

/// Asks publishers; cheap to clone, and all clones share their limits.
#[derive(Debug, Clone)]
pub struct Fetcher {
    transport: Transport,
    user_agent: HeaderValue,
    permits: Arc<Permits>,
    pauses: Arc<Pauses>,
    allowed: Arc<[IpNet]>,
    first_byte: Duration,
    timeout: Duration,
    max_body: u64,
    /// What no answer may tell again.
    secrets: Arc<[Secret]>,
}

/// What one hop led to.
enum Hop {
    Answer {
        answer: Answer,
        fresh: Option<Fresh>,
    },
    Redirect {
        status: StatusCode,
        location: Option<Vec<u8>>,
    },
}

impl Fetcher {
    /// Over the network.
    ///
    /// # Errors
    /// A user agent that is no header, or TLS that cannot be set up.
    pub fn new(settings: &settings::Fetch, user_agent: &str) -> Result<Self, FetchFault> {
        let transport = Transport::network(Network::new(settings)?);
        Self::over(settings, user_agent, transport)
    }

    /// Over whatever stands in for the network. All else is as with the network, and every wait is on tokio's clock, so
    /// that a paused one can play months.
    ///
    /// # Errors
    /// A user agent that is no header.
    pub fn over(settings: &settings::Fetch, user_agent: &str, transport: Transport) -> Result<Self, FetchFault> {
        Ok(Self {
            transport,
            user_agent: HeaderValue::from_str(user_agent).map_err(|error| FetchFault::setup(&error))?,
            permits: Arc::new(Permits::new(settings.concurrency, settings.per_host)),
            pauses: Arc::new(Pauses::new(&settings.shared_hosts, settings.min_interval)),
            allowed: settings.allow_addresses.as_slice().into(),
            first_byte: FIRST_BYTE_TIMEOUT,
            timeout: settings.timeout,
            max_body: settings.max_body,
            secrets: redaction::of_operator(settings).into(),
        })
    }

    /// Visits a source. `now` is for dates in the answer; what is slow is measured from the moment at which it may begin.
    ///
    /// # Errors
    /// Anything but the whole document, or a 304 that was asked for.
    pub async fn fetch(&self, request: &Request, now: Timestamp) -> Result<Fetched, FetchFault> {
        let visit = self.visit(request, now).await;
        Redaction::new(&self.secrets, request).of(visit, &request.url)
    }

    async fn visit(&self, request: &Request, now: Timestamp) -> Result<Fetched, FetchFault> {
        let policy = Policy::new(request.source.as_ref().unwrap_or(&request.url), &self.allowed);
        let mut common = headers::of(request);
        common.insert(USER_AGENT, self.user_agent.clone());
        let mut route = Route::new(&request.url);
        let mut left = self.timeout;
        loop {
            let headers = headers::at(&route.url, request, &common);
            let hop = self.hop(&route, &policy, &headers, &mut left, now).await;
            match hop.map_err(|fault| fault.met_on(&route))? {
                Hop::Redirect { status, location } => route.follow(status, location.as_deref())?,
                Hop::Answer { answer, fresh } => {
                    return Ok(Fetched {
                        answer,
                        fresh,
                        moved_to: route.moved_to(),
                        url: route.url,
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
        if let Some(wait) = self.pauses.left(host) {
            let host = host.to_owned();
            return Err(FetchFault::Paused { host, wait });
        }
        let started = Instant::now();
        let hop = timeout(*left, self.ask(&route.url, headers, now)).await;
        *left = left.saturating_sub(started.elapsed());
        let hop = hop.map_err(|_| FetchFault::Slow(self.timeout))?;
        hop.map_err(|fault| self.rest(host, fault))
    }

    /// Whoever is asked too often is left alone, by all that would ask the same host.
    fn rest(&self, host: &str, fault: FetchFault) -> FetchFault {
        match fault {
            FetchFault::Status {
                status: 429,
                retry_after,
                ..
            } => FetchFault::Status {
                status: 429,
                retry_after,
                pause: self.pauses.begin(host, retry_after).map(|wait| (host.to_owned(), wait)),
            },
            other => other,
        }
    }

    /// Validators go to every hop: they stand for the document at the end of the way, and tell nobody anything.
    async fn ask(&self, url: &Url, headers: &HeaderMap, now: Timestamp) -> Result<Hop, FetchFault> {
        let answering = self.transport.answer(request(url, headers)?);
        let response = timeout(self.first_byte, answering)
            .await
            .map_err(|_| FetchFault::NoAnswer(self.first_byte))??;
        if !headers::are_within_bounds(response.headers()) {
            return Err(FetchFault::Headers);
        }
        let fresh = freshness::fresh(response.headers(), now);
        let answer = match response.status() {
            StatusCode::OK => Answer::Body(self.body(response).await?),
            StatusCode::NOT_MODIFIED if headers::is_conditional(headers) => Answer::NotModified,
            status if is_redirect(status) => {
                let location = response.headers().get(LOCATION).map(|value| value.as_bytes().to_vec());
                return Ok(Hop::Redirect { status, location });
            }
            status => {
                return Err(FetchFault::Status {
                    status: status.as_u16(),
                    retry_after: freshness::retry_after(response.headers(), now),
                    pause: None,
                });
            }
        };
        Ok(Hop::Answer { answer, fresh })
    }

    async fn body(&self, response: Response<reqwest::Body>) -> Result<Body, FetchFault> {
        let coding = Coding::of(response.headers())?;
        let validators = headers::validators(response.headers());
        let charset = headers::charset(response.headers());
        let bytes = body::read(response, coding, self.max_body).await?;
        if bytes.is_empty() {
            return Err(FetchFault::Empty);
        }
        if decoding::is_still_gzip(&bytes) {
            return Err(FetchFault::Encoding("gzip without saying so".to_owned()));
        }
        Ok(Body {
            bytes,
            charset,
            validators,
        })
    }
}

/// What only a URL can spell, such as a name in braces, no resolver knows either.
fn request(url: &Url, headers: &HeaderMap) -> Result<http::Request<()>, FetchFault> {
    let unknown = |_| FetchFault::Unresolved(url.host_str().unwrap_or_default().to_owned());
    let mut request = http::Request::new(());
    *request.uri_mut() = Uri::try_from(url.as_str()).map_err(unknown)?;
    request.headers_mut().clone_from(headers);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::model::credential::Credentials;

    fn settings() -> settings::Fetch {
        settings::Fetch {
            tick: String::new(),
            concurrency: 1,
            per_host: 1,
            timeout: Duration::from_secs(30),
            max_body: 1,
            min_interval: Duration::ZERO,
            max_interval: Duration::ZERO,
            shared_hosts: vec![],
            allow_addresses: vec!["127.0.0.1/32".parse().unwrap()],
            proxy: None,
            proxy_login: None,
            ca: vec![],
            credentials: Credentials::default(),
        }
    }

    /// A listener whose connections nobody accepts: the kernel does, and no answer ever comes.
    #[tokio::test]
    async fn an_answer_has_to_begin_in_time() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut fetcher = Fetcher::new(&settings(), "oncofeed").unwrap();
        fetcher.first_byte = Duration::from_millis(100);
        let request = Request::new(Url::parse(&format!("http://{}/", silent.local_addr().unwrap())).unwrap());
        let fault = fetcher.fetch(&request, Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert_eq!(fault.to_string(), "no answer within 100 ms");
    }

    #[test]
    fn a_user_agent_that_is_no_header_is_a_fault_of_ours() {
        assert!(Fetcher::new(&settings(), "a\nb").is_err());
    }
}
