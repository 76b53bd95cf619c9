//! What is remembered of a source between two visits.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::{feed::Pace, fetched::Validators};

/// The state of one source's feed. Stored in the same transaction as the entries that it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedState {
    pub validators: Validators,
    /// SHA-256 of the last body that was read as a feed.
    pub body_digest: Option<Vec<u8>>,
    /// Whether a whole document was ever read (design §6.7).
    pub was_whole: bool,
    pub last_visit: Option<Timestamp>,
    pub last_success: Option<Timestamp>,
    /// When a visit last brought something new or edited.
    pub last_change: Option<Timestamp>,
    /// When a body was last read: 304s are believed for 8 days from here (design §7).
    pub last_body: Option<Timestamp>,
    /// In a row.
    pub failures: u32,
    /// Of the last visit, if it failed.
    pub error: Option<String>,
    pub next_visit: Option<Timestamp>,
    /// In words: why then.
    pub next_reason: String,
    /// `Retry-After` still running until then: not even `once --all` asks before.
    pub retry_after: Option<Timestamp>,
    /// 410 Gone: no visits until an editor touches the source.
    pub gone: bool,
    /// Where a permanent redirect points.
    pub moved_to: Option<String>,
    /// What the last body that was read asks for.
    pub pace: Pace,
}

/// How one visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    NotModified {
        fresh_for: Option<Duration>,
        moved_to: Option<Url>,
    },
    Read {
        body: ReadBody,
        /// Whether it brought anything new or edited.
        changed: bool,
        fresh_for: Option<Duration>,
        moved_to: Option<Url>,
    },
    /// Nothing was taken.
    Failed {
        /// One line, for an editor.
        error: String,
        /// Where the publisher did answer.
        status: Option<u16>,
        retry_after: Option<Duration>,
    },
}

/// What is remembered of a body that was read as a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBody {
    pub validators: Validators,
    /// SHA-256.
    pub digest: Vec<u8>,
    /// Whether the root element was closed.
    pub complete: bool,
    pub pace: Pace,
}
