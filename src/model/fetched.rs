//! One visit's request and answer.

use std::time::Duration;

use bytes::Bytes;
use url::Url;

use super::source::{Header, Source};

/// Longest `Retry-After` that is obeyed (design §7).
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(7 * 24 * 3_600);

/// What to ask a publisher for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub url: Url,
    pub wanted: Wanted,
    /// Makes the request conditional.
    pub validators: Option<Validators>,
    /// For the URL's own origin; left out where a redirect leads to another.
    pub headers: Vec<Header>,
    /// The URL of the source that led here, where that is another: an editor has vouched for its port, and for no other.
    pub source: Option<Url>,
}

impl Request {
    /// For a feed, unconditionally.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            wanted: Wanted::Feed,
            validators: None,
            headers: vec![],
            source: None,
        }
    }

    /// For what a source sends, with its own headers; unconditionally.
    pub fn to(source: &Source) -> Self {
        Self {
            wanted: match source.page {
                Some(_) => Wanted::Page,
                None => Wanted::Feed,
            },
            headers: source.headers.clone(),
            ..Self::new(source.url.clone())
        }
    }
}

/// The kind of document that is asked for, of which the request tells the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Feed,
    /// An HTML page.
    Page,
    /// `robots.txt`.
    Robots,
}

/// `ETag` and `Last-Modified`, kept and echoed byte for byte (RFC 9110 §13.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<Vec<u8>>,
    pub last_modified: Option<Vec<u8>>,
}

impl Validators {
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// A visit that the publisher answered as we hoped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub answer: Answer,
    pub fresh: Option<Fresh>,
    /// Where the answer was found, at the end of all redirects: the base of a document's relative links.
    pub url: Url,
    /// The same URL, if every hop on the way there was permanent (301, 308) and there was one.
    pub moved_to: Option<Url>,
}

/// How long a publisher says that its answer is fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fresh {
    pub lasts: Duration,
    /// The header that says so: `Cache-Control`, or `Expires`.
    pub says: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 304 to a conditional request.
    NotModified,
    /// 200, whole as far as the transport can tell, decoded.
    Body(Body),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub bytes: Bytes,
    /// The `charset` parameter of `Content-Type`.
    pub charset: Option<String>,
    pub validators: Validators,
}
