//! Bytes to a feed: lenient, total, bounded.

use url::Url;

use crate::model::feed::Feed;

/// The document is no feed of any kind that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a feed: {0}")]
pub struct NotAFeed(pub String);

/// Reads any bytes as a feed. `charset` is that of HTTP's `Content-Type`; `base` the URL that answered.
///
/// # Errors
/// [`NotAFeed`] says what the document is instead.
pub fn parse(_bytes: &[u8], _charset: Option<&str>, _base: Option<&Url>) -> Result<Feed, NotAFeed> {
    Err(NotAFeed("stub".into()))
}
