//! One stream that we publish.

use std::time::Duration;

use super::label::{NewsType, Site};

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
    /// If any, only items of one of these tumour sites.
    pub sites: Vec<Site>,
    /// If any, only items of one of these kinds.
    pub news_types: Vec<NewsType>,
    /// Whether items carry the picture that their feed names.
    pub images: bool,
    /// Ids that it had before: who asks for their outputs is sent to its own.
    pub formerly: Vec<String>,
}

/// Most headlines of one source while others have something (design §3).
pub const HEADLINES_PER_SOURCE: usize = 2;
