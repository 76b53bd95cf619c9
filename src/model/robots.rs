//! What a site asks of robots.

use std::time::Duration;

use jiff::Timestamp;

/// A site's answer to the question for its `robots.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRules {
    pub asked: Timestamp,
    /// The file as it was sent; empty where there is none. `None`: the site gave no answer that says either.
    pub rules: Option<String>,
}

/// Whether a page may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Allowed {
        /// Least time between two requests (`Crawl-delay`).
        pause: Duration,
    },
    Disallowed,
    /// The site does not say: nothing is read until it does.
    Unknown,
}
