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
mod post;
mod proxy;
mod redaction;
mod resolver;
mod route;
mod status;
mod transport;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
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
    permits::Slot,
    policy::{Refusal, odd_port, refusal},
    transport::Transport,
};
use crate::model::{
    credential::Secret,
    fetched::{Answer, Body, Fetched, Fresh, Request, Wanted},
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

/// From a request's URL to its document.
#[derive(Debug)]
pub struct Way<'a> {
    request: &'a Request,
    /// Headers for every hop.
    common: HeaderMap,
    route: Route,
    /// Of the time for all of it.
    left: Duration,
}

impl Way<'_> {
    /// What is asked next.
    pub fn url(&self) -> &Url {
        &self.route.url
    }
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

    /// Takes the place of another fetcher, some of whose requests may be under way still: they count for its own.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        match self.permits.are_as_many_as(&before.permits) {
            true => Self {
                permits: Arc::clone(&before.permits),
                ..self
            },
            false => self,
        }
    }

    /// Visits a source. `now` is for dates in the answer; what is slow is measured from the moment at which it may begin.
    ///
    /// # Errors
    /// Anything but the whole document, or a 304 that was asked for.
    pub async fn fetch(&self, request: &Request, now: Timestamp) -> Result<Fetched, FetchFault> {
        self.fetch_into(request, now).await.map(|(fetched, _)| fetched)
    }

    /// As [`Fetcher::fetch`], for a document that may have to wait in memory: as long as the slot is held, another request
    /// less is under way.
    ///
    /// # Errors
    /// As [`Fetcher::fetch`].
    pub async fn fetch_into(&self, request: &Request, now: Timestamp) -> Result<(Fetched, Slot), FetchFault> {
        let mut way = self.way(request);
        loop {
            if let Some(arrived) = self.go(&mut way, now).await? {
                return Ok(arrived);
            }
        }
    }

    /// The way to a document, for whoever wants to judge each of its hops: see [`Fetcher::go`].
    pub fn way<'a>(&self, request: &'a Request) -> Way<'a> {
        let mut common = headers::of(request);
        common.insert(USER_AGENT, self.user_agent.clone());
        Way {
            request,
            common,
            route: Route::new(&request.url),
            left: self.timeout,
        }
    }

    /// Asks at the next hop of the way. `None`: it redirects, to what is now the next one.
    ///
    /// # Errors
    /// As [`Fetcher::fetch`].
    pub async fn go(&self, way: &mut Way<'_>, now: Timestamp) -> Result<Option<(Fetched, Slot)>, FetchFault> {
        let (redaction, url) = (Redaction::new(&self.secrets, way.request), &way.request.url);
        match self.step(way, now).await {
            Ok(None) => Ok(None),
            Ok(Some((fetched, slot))) => redaction.of(Ok(fetched), url).map(|fetched| Some((fetched, slot))),
            Err(fault) => redaction.of(Err(fault), url).map(|_| None),
        }
    }

    async fn step(&self, way: &mut Way<'_>, now: Timestamp) -> Result<Option<(Fetched, Slot)>, FetchFault> {
        let (hop, slot) = self.hop(way, now).await.map_err(|fault| fault.met_on(&way.route))?;
        match hop {
            Hop::Redirect { status, location } => {
                way.route.follow(status, location.as_deref())?;
                Ok(None)
            }
            Hop::Answer { answer, fresh } => {
                let fetched = Fetched {
                    answer,
                    fresh,
                    moved_to: way.route.moved_to(),
                    url: way.route.url.clone(),
                };
                Ok(Some((fetched, slot)))
            }
        }
    }

    /// Waiting for others costs a source none of its time.
    async fn hop(&self, way: &mut Way<'_>, now: Timestamp) -> Result<(Hop, Slot), FetchFault> {
        let (request, url) = (way.request, &way.route.url);
        let policy = Policy::new(request.source.as_ref().unwrap_or(&request.url), &self.allowed);
        policy.judge(url).map_err(FetchFault::Refused)?;
        let headers = headers::at(url, request, &way.common);
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let permit = self.permits.acquire(host).await;
        if let Some(wait) = self.pauses.left(host) {
            let host = host.to_owned();
            return Err(FetchFault::Paused { host, wait });
        }
        let started = Instant::now();
        let hop = timeout(way.left, self.ask(url, &headers, now)).await;
        way.left = way.left.saturating_sub(started.elapsed());
        let hop = hop.map_err(|_| FetchFault::Slow(self.timeout))?;
        let hop = hop.map_err(|fault| self.rest(host, request.wanted, fault))?;
        Ok((hop, permit.into_slot()))
    }

    /// Whoever is asked too often is left alone, by all that would ask the same host. A busy one that says when to come
    /// again means pages and `robots.txt` alike; a feed's own visits are planned by it.
    fn rest(&self, host: &str, wanted: Wanted, fault: FetchFault) -> FetchFault {
        match fault {
            FetchFault::Status {
                status: status @ (429 | 503),
                retry_after,
                ..
            } if status == 429 || (retry_after.is_some() && wanted != Wanted::Feed) => FetchFault::Status {
                status,
                retry_after,
                pause: self.pauses.begin(host, retry_after).map(|wait| (host.to_owned(), wait)),
            },
            other => other,
        }
    }

    /// Leaves a host alone that asked another process for it; not where it is shared.
    pub fn leave_alone(&self, host: &str, wait: Duration) {
        self.pauses.begin(host, Some(wait));
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
fn request(url: &Url, headers: &HeaderMap) -> Result<http::Request<Bytes>, FetchFault> {
    let unknown = |_| FetchFault::Unresolved(url.host_str().unwrap_or_default().to_owned());
    let mut request = http::Request::new(Bytes::new());
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
