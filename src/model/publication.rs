//! All channels, rendered, at one instant.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;

use super::{channel::Channel, item::ItemId, link::Link};

/// What one channel holds, chosen and ordered: all that its outputs are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub channel: Channel,
    /// When what is in `items` last changed, whole seconds.
    pub changed: Timestamp,
    /// In the order in which they are shown, at most `channel.limit`: mostly newest first.
    pub items: Vec<PublishedItem>,
    /// Indices into `items`: the block on the home page, at most `channel.headlines`.
    pub headlines: Vec<usize>,
}

/// A story as its readers see it: its lead, and who else reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedItem {
    pub guid: ItemId,
    /// Plain text, never empty.
    pub title: String,
    /// Plain text; empty where the source gave none.
    pub excerpt: String,
    pub link: Link,
    pub source: PublishedSource,
    /// Believed, whole seconds.
    pub date: Timestamp,
    pub authors: Vec<String>,
    /// The publisher's own.
    pub categories: Vec<String>,
    /// Ours, as readers see them.
    pub labels: Vec<String>,
    pub also: Vec<AlsoReported>,
}

impl PublishedItem {
    /// Our labels and the publisher's categories, each once, and whether it is ours.
    pub fn terms(&self) -> Vec<(&str, bool)> {
        let mut terms: Vec<(&str, bool)> = vec![];
        let ours = self.labels.iter().map(|label| (label, true));
        for (term, ours) in ours.chain(self.categories.iter().map(|category| (category, false))) {
            if !terms
                .iter()
                .any(|(known, _)| known.to_lowercase() == term.to_lowercase())
            {
                terms.push((term, ours));
            }
        }
        terms
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedSource {
    pub name: String,
    /// The feed's own URL; `None` for a private source.
    pub url: Option<String>,
}

/// Another source's copy of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlsoReported {
    pub source: String,
    pub title: String,
    pub link: Link,
}

/// One output: a file under `publish.dir`, and the same bytes over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// With charset where the type has one.
    pub media_type: &'static str,
    pub bytes: Bytes,
    /// Last-Modified, whole seconds.
    pub changed: Timestamp,
}

/// Every output by its name (`latest-news.rss`). Immutable once made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    pub documents: BTreeMap<String, Document>,
}
