//! Bytes to a feed: lenient, total, bounded.
//!
//! ```text
//! bytes → decode → prescan ─→ walk (events, own stack) ─→ build ─→ chains ─→ Feed
//!                  │           │ names: namespace, local    │ text: references, markup
//!                  │           └ roles: what it means here  │ date · doi · pace
//!                  └→ json (JSON Feed) ─────────────────────┘
//! ```
//!
//! A page that is no feed goes another way, by an editor's selectors: [`page()`].
//!
//! *Architecture invariant*: any bytes give a feed with its faults, or a sentence that says what they are instead.
//! Nothing here panics, recurses with the depth of a document, expands what a document defines, or takes more than
//! linear time and memory. One bad entry never costs its feed.

mod build;
mod chains;
mod date;
mod decode;
mod doi;
mod faults;
mod json;
mod kind;
mod links;
mod names;
pub mod opml;
mod pace;
mod page;
mod prescan;
mod references;
mod roles;
pub mod second;
mod tag;
mod text;
mod walk;

use std::borrow::Cow;

use url::Url;

use self::{build::Builder, faults::Faults};
pub use self::{
    doi::dois,
    page::{NoNews, page, page_text},
};
use crate::model::{feed::Feed, selectors::Selectors};

/// The document is no feed of any kind that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a feed: {0}")]
pub struct NotAFeed(pub String);

/// Reads what a source sends: a page where there are selectors for it, else a feed.
///
/// # Errors
/// What the document is instead, or lacks, in one line.
pub fn source(
    bytes: &[u8],
    charset: Option<&str>,
    base: Option<&Url>,
    selectors: Option<&Selectors>,
) -> Result<Feed, String> {
    match selectors {
        Some(selectors) => page(bytes, charset, base, selectors).map_err(|no_news| no_news.to_string()),
        None => parse(bytes, charset, base).map_err(|not_a_feed| not_a_feed.to_string()),
    }
}

/// Reads any bytes as a feed. `charset` is that of HTTP's `Content-Type`; `base` the URL that answered.
///
/// # Errors
/// [`NotAFeed`] says what the document is instead.
pub fn parse(bytes: &[u8], charset: Option<&str>, base: Option<&Url>) -> Result<Feed, NotAFeed> {
    if let Some(kind) = kind::binary(bytes) {
        return Err(NotAFeed(kind.into()));
    }
    let mut faults = Faults::default();
    let text = decode::decode(bytes, charset, &mut faults);
    if text.trim_start().starts_with(['{', '[']) {
        return json::read(&text, base, faults);
    }
    let mended = prescan::mend(&text, &mut faults);
    walk::walk(&mended, Builder::new(base, faults))
        .map_err(|stranger| NotAFeed(kind::describe(&mended, stranger.as_deref())))
}

/// The text of a document that is no feed, decoded as a feed's would be. `None` for bytes that are no text at all.
pub fn text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Option<Cow<'a, str>> {
    match kind::binary(bytes) {
        Some(_) => None,
        None => Some(decode::decode(bytes, charset, &mut Faults::default())),
    }
}
