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

impl Edition {
    /// Those of its items that are wanted, in their order.
    pub fn only(&self, wanted: impl Fn(&PublishedItem) -> bool) -> Self {
        let kept: Vec<_> = (0..self.items.len())
            .filter(|at| self.items.get(*at).is_some_and(&wanted))
            .collect();
        let place = |at: &usize| kept.iter().position(|kept| kept == at);
        Self {
            channel: self.channel.clone(),
            changed: self.changed,
            items: kept.iter().filter_map(|at| self.items.get(*at).cloned()).collect(),
            headlines: self.headlines.iter().filter_map(place).collect(),
        }
    }
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
    /// A picture of it, where the channel asks for such.
    pub image: Option<Link>,
}

impl PublishedItem {
    /// Who wrote it; where its feed does not say, its source: else readers would take the whole feed's author, us.
    pub fn credits(&self) -> Vec<&str> {
        match self.authors.is_empty() {
            true => vec![&self.source.name],
            false => self.authors.iter().map(String::as_str).collect(),
        }
    }

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
    pub format: Format,
    pub bytes: Bytes,
    /// Last-Modified, whole seconds.
    pub changed: Timestamp,
    /// `bytes`, encoded once for all who read them: those that are smaller, the smallest first.
    pub packed: Vec<(Encoding, Bytes)>,
    /// A `Link` header: where subscribers are told of changes (WebSub §4).
    pub link: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Rss,
    Atom,
    Json,
    /// A whole page to read.
    Page,
    /// The block, for a page of another site.
    Fragment,
    /// Puts the block into a page of another site.
    Script,
    Opml,
}

impl Format {
    /// Those of a channel.
    pub const OF_CHANNEL: [Self; 6] = [
        Self::Rss,
        Self::Atom,
        Self::Json,
        Self::Page,
        Self::Fragment,
        Self::Script,
    ];

    /// Whether readers subscribe to it.
    pub fn is_feed(self) -> bool {
        matches!(self, Self::Rss | Self::Atom | Self::Json)
    }

    /// What is put behind a channel's id to name its output.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Rss => ".rss",
            Self::Atom => ".atom",
            Self::Json => ".json",
            Self::Page => ".html",
            Self::Fragment => ".fragment.html",
            Self::Script => ".js",
            Self::Opml => ".opml",
        }
    }

    /// Without parameters, as links name it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
            Self::Page | Self::Fragment => "text/html",
            Self::Script => "text/javascript",
            Self::Opml => "text/x-opml",
        }
    }

    /// As in `Content-Type`: JSON alone is UTF-8 by itself (RFC 8259 §8.1).
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json",
            Self::Page | Self::Fragment => "text/html; charset=utf-8",
            Self::Script => "text/javascript; charset=utf-8",
            Self::Opml => "text/x-opml; charset=utf-8",
        }
    }
}

/// How a document can be shortened for the way (RFC 9110 §8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    pub const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// As in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What web servers look for beside the file (`gzip_static`, `brotli_static`).
    pub fn extension(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// Every output by its name (`latest-news.rss`). Immutable once made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    pub documents: BTreeMap<String, Document>,
    /// Outputs of channels that are no more, so that nobody asks for them for ever.
    pub departed: BTreeMap<String, Departed>,
}

/// What became of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Departed {
    Gone,
    /// To where: the address of the output that the editor named in its place.
    Moved(String),
}
