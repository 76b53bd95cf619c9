//! What is remembered of a source between two visits.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::{
    feed::Pace,
    fetched::{Fresh, Validators},
    reading::Reading,
};

/// The state of one source's feed. Stored in the same transaction as the entries that it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedState {
    pub validators: Validators,
    /// SHA-256 of the last body that was read as a feed, and of all that its reading depends on.
    pub body_digest: Option<Vec<u8>>,
    /// Whether a whole document was ever read (design §6.7).
    pub was_whole: bool,
    /// What the clocks said at the last visit. Whether the wall clock was set since is told from it.
    pub visited: Option<Reading>,
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
    /// In words: what is waited for until then.
    pub next_reason: String,
    /// When that is over. The next visit is somewhat later, so that sources do not come due together.
    pub ready_at: Option<Timestamp>,
    /// `Retry-After` still running until then: not even `once --all` asks before.
    pub retry_after: Option<Timestamp>,
    /// 410 Gone: no visits until an editor touches the source.
    pub gone: bool,
    /// The permanent redirect that stands.
    pub moved: Option<Moved>,
    /// Where the last visit was led to, if that was another site.
    pub led: Option<Led>,
    /// What the last body that was read asks for.
    pub pace: Pace,
    /// When a visit first succeeded.
    pub watched_since: Option<Timestamp>,
    /// The latest occasions on which it brought news, the oldest first.
    pub news_at: Vec<Timestamp>,
    /// What the last body that was read listed.
    pub listed: Listed,
}

impl FeedState {
    pub fn last_visit(&self) -> Option<Timestamp> {
        self.visited.as_ref().map(|reading| reading.now)
    }
}

/// A permanent redirect that was met at every visit since a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub to: String,
    pub since: Timestamp,
    pub visits: u32,
}

/// Another site to which every visit was led since a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    pub to: Place,
    pub since: Timestamp,
}

/// A document's URL without its query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub String);

/// The entries of one document, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    pub entries: usize,
    /// Of these, such with neither title nor link.
    pub rejected: usize,
}

/// How one visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    NotModified(Told),
    /// 200 with the bytes of last time: nothing was read again.
    Same {
        validators: Validators,
        told: Told,
    },
    Read {
        body: ReadBody,
        brought: Brought,
        told: Told,
    },
    /// Nothing was taken.
    Failed {
        /// One line, for an editor.
        error: String,
        /// Where the publisher did answer.
        status: Option<u16>,
        retry_after: Option<Duration>,
        led_to: Option<Place>,
    },
    /// Nobody was asked: the host had just asked another source's visit to stay away for so long.
    Held {
        host: String,
        wait: Duration,
    },
}

/// What a good answer says beside the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    pub fresh: Option<Fresh>,
    /// Where a permanent redirect points.
    pub moved_to: Option<Url>,
    pub led_to: Option<Place>,
}

/// What a document brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought {
    pub new: usize,
    pub edited: usize,
    /// When the new entries say they were published; empty where the source's dates are not trusted.
    pub published: Vec<Timestamp>,
}

/// What is remembered of a body that was read as a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBody {
    pub validators: Validators,
    /// SHA-256 of the body and of all that its reading depends on.
    pub digest: Vec<u8>,
    /// Whether the root element was closed.
    pub complete: bool,
    pub pace: Pace,
    pub listed: Listed,
}
