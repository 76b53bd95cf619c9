//! One stream that we publish.

use std::time::Duration;

/// One `[[channel]]` of `feeds.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Names the outputs: `latest-news.rss`. ASCII lower-case letters, digits and hyphens.
    pub id: String,
    pub title: String,
    /// Takes items of sources that carry any of these.
    pub topics: Vec<String>,
    /// Most items in the feeds.
    pub limit: usize,
    /// Items in the block on the home page.
    pub headlines: usize,
    /// Most items of one source among the `limit`, counted after sorting.
    pub per_source: usize,
    /// Older items leave, but never below `headlines`.
    pub max_age: Duration,
    /// Only items about cancer.
    pub relevance: bool,
}

/// Most headlines of one source while others have something (design §3).
pub const HEADLINES_PER_SOURCE: usize = 2;
