//! An entry made plain: on its way from a feed into the store.

use jiff::Timestamp;

use super::link::Link;

/// What one entry says, as plain text within bounds; not yet known to be new or old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The publisher's own id. At most 1,024 bytes; longer ones are replaced by a digest.
    pub guid: Option<String>,
    /// Without tracking parameters. An entry without one is kept and not published.
    pub link: Option<Link>,
    /// Plain text, one line, at most 300 characters; empty where the entry has only a summary.
    pub title: String,
    /// Plain text of the summary, at most 4,000 characters; empty where there is none. Excerpts are cut from it.
    pub summary: String,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    /// Bare and lower case: `10.1000/xyz`.
    pub doi: Option<String>,
}
