//! An entry made plain: on its way from a feed into the store.

use jiff::Timestamp;

use super::{identity::Key, link::Link};

/// What one entry says, as plain text within bounds; not yet known to be new or old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The publisher's own id. At most 1,024 bytes; longer ones are replaced by a digest.
    pub guid: Option<String>,
    /// Without tracking parameters. An entry without one is kept and not published.
    pub link: Option<Link>,
    /// Plain text, one line, at most 300 characters; empty where the entry has only a summary.
    pub title: String,
    /// Plain text of the summary, one paragraph a line, at most 4,000 characters; empty where there is none. Excerpts
    /// are cut from it.
    pub summary: String,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    /// Bare and lower case: `10.1000/xyz`.
    pub doi: Option<String>,
    /// A picture of it.
    pub image: Option<Link>,
}

/// A draft and the keys that it may be known by.
#[derive(Debug, Clone)]
pub struct Keyed {
    pub draft: Draft,
    /// The entry's identity.
    pub identity: Key,
    /// Its link, where the identity is a guid and no other entry of the document has the same link.
    pub link: Option<Key>,
    /// Its title, where that is long enough to tell it.
    pub title: Option<Key>,
}

impl Keyed {
    /// Every key under which the item is to be found later.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        [Some(&self.identity), self.link.as_ref()].into_iter().flatten()
    }
}
