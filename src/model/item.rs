//! What we keep.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{label::Notice, link::Link, source::SourceKey};

/// Permanent id of an item: a digest of its source's origin and its first identity. Also its guid in feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ItemId(pub Uuid);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// A story's number in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryKey(pub i64);

/// One kept item: the newest wording of one entry of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub source: SourceKey,
    pub story: StoryKey,
    pub link: Option<Link>,
    pub title: String,
    /// Plain text of the feed, at most 4,000 characters; empty where it says nothing.
    pub summary: String,
    /// What the article's page says, where the feed says nothing and its source wants that.
    pub description: Option<String>,
    /// As the publisher first gave it; not believed yet.
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub first_seen: Timestamp,
    /// When it was last in its feed.
    pub last_seen: Timestamp,
    /// Until then it waits, one of too many that its source brought at once; `None`: it never did.
    pub surfaces_at: Option<Timestamp>,
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    pub doi: Option<String>,
    pub image: Option<Link>,
    /// What other items say of its paper, of each source and each kind the newest. Whose word counts is decided when
    /// it is read.
    pub claims: Vec<Claim>,
}

/// What an item that is a notice says of a paper, to which it is known by its DOI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub notice: Notice,
    /// The source of the notice.
    pub by: SourceKey,
    /// The notice's own.
    pub title: String,
    pub link: Option<Link>,
}

impl Item {
    /// Until when it waits, if it does.
    ///
    /// What was first seen in the future was seen by a clock that ran ahead, and was to surface by that: it does not wait.
    pub fn held_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.surfaces_at.filter(|at| *at > now && self.first_seen <= now)
    }
}
