//! The document that a source sends.

use std::{fmt, time::Duration};

use super::entry::{Entry, Markup};

/// What kind of document a feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RSS 0.91 to 2.x.
    Rss,
    /// RSS 0.90 and 1.0.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// A page without a feed, read by an editor's selectors.
    Page,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rss => "rss",
            Self::Rdf => "rdf",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Page => "page",
        })
    }
}

/// A feed that was read, with whatever was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub format: Format,
    pub title: Option<Markup>,
    /// The publisher's own page. Absolute where a base is known, else as written.
    pub link: Option<String>,
    /// `atom:link rel="self"`.
    pub self_link: Option<String>,
    /// `atom:link rel="hub"` (WebSub).
    pub hubs: Vec<String>,
    pub language: Option<String>,
    pub pace: Pace,
    /// Whether the root element was closed. If not, the document was cut, or its publisher is careless (design §6.7).
    pub complete: bool,
    /// In document order.
    pub entries: Vec<Entry>,
    /// What was mended or left out, one sentence each, in document order.
    pub faults: Vec<String>,
}

/// How often the publisher asks to be visited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// RSS `ttl`.
    pub ttl: Option<Duration>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency`.
    pub update_period: Option<Duration>,
    /// RSS `skipHours`: hours of the day, 0 to 23, UTC.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`: 0 is Monday, 6 is Sunday, UTC.
    pub skip_days: Vec<u8>,
}
