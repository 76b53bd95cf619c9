//! What we watch.

use std::{fmt, time::Duration};

use http::{HeaderName, HeaderValue};
use url::Url;

use super::{boilerplate::Habit, credential::Secret, rule::Rule, selectors::Selectors};

/// A source's slug: lower-case letters, digits and single hyphens. Unique in `feeds.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(String);

impl SourceId {
    /// `None` where the text is not a slug already.
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && slug(text) == text).then(|| Self(text.to_owned()))
    }

    /// The slug of a name: "The Lancet – Oncology" is `the-lancet-oncology`. `None` where nothing is left.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::parse(&slug(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !matches!(c, '\'' | '’') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Whether a source's items are asked if they are about cancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relevance {
    #[default]
    Score,
    /// The source writes of nothing else.
    Always,
}

/// What sort of publisher a source is: words say different things in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outlet {
    Journal,
    Trade,
    /// General news.
    General,
    /// Regulators, government, health services.
    Regulator,
    /// Charities, institutes, learned societies.
    Charity,
}

impl Outlet {
    pub const ALL: [Self; 5] = [
        Self::Journal,
        Self::Trade,
        Self::General,
        Self::Regulator,
        Self::Charity,
    ];

    /// As it is written in `feeds.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Trade => "trade",
            Self::General => "general",
            Self::Regulator => "regulator",
            Self::Charity => "charity",
        }
    }
}

/// Whether a source's dates mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dates {
    #[default]
    Trust,
    /// Use the time at which an entry was first seen.
    Ignore,
}

/// Where a summary comes from that the feed leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Summaries {
    /// Nowhere.
    #[default]
    Feed,
    /// From the article's page.
    Page,
}

/// Characters of an excerpt where the source says nothing else (design §6.1).
pub const EXCERPT_CHARACTERS: usize = 250;

/// How long a pinned item stands before the others where the source says nothing else: what a regulator sends on a
/// Friday evening is still first on Monday.
pub const PINNED_FOR: Duration = Duration::from_secs(72 * 3_600);

/// One `[[source]]` of `feeds.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub id: SourceId,
    /// Shown to readers.
    pub name: String,
    pub url: Url,
    /// Where the news is, if the URL is that of a page and not of a feed.
    pub page: Option<Selectors>,
    pub topics: Vec<String>,
    pub enabled: bool,
    /// The higher one leads a story.
    pub priority: i64,
    pub outlet: Option<Outlet>,
    /// Least time between two visits, where it is longer than `fetch.min_interval`.
    pub interval: Option<Duration>,
    /// If any, an item must match one of them.
    pub keep: Vec<Rule>,
    /// An item must match none of them.
    pub drop: Vec<Rule>,
    /// What matches one of them stands before all others of its channels, for a time.
    pub pin: Vec<Rule>,
    /// For so long, counted from an item's date.
    pub pinned_for: Duration,
    /// What it puts around its prose that others do not.
    pub boilerplate: Vec<Habit>,
    pub relevance: Relevance,
    pub dates: Dates,
    pub summaries: Summaries,
    /// Most characters of an excerpt, before the word in which they end is completed.
    pub excerpt: usize,
    /// Its URL is never published.
    pub private: bool,
    /// By name; no name twice.
    pub headers: Vec<Header>,
}

impl Source {
    /// With every default.
    pub fn new(id: SourceId, name: String, url: Url, topics: Vec<String>) -> Self {
        Self {
            id,
            name,
            url,
            page: None,
            topics,
            enabled: true,
            priority: 0,
            outlet: None,
            interval: None,
            keep: vec![],
            drop: vec![],
            pin: vec![],
            pinned_for: PINNED_FOR,
            boilerplate: vec![],
            relevance: Relevance::default(),
            dates: Dates::default(),
            summaries: Summaries::default(),
            excerpt: EXCERPT_CHARACTERS,
            private: false,
            headers: vec![],
        }
    }
}

/// A header that a source's own origin gets with every request, and nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    name: HeaderName,
    template: String,
    value: HeaderValue,
}

impl Header {
    /// `template` is what the editor wrote, `value` what came of it. `None` where that is not ASCII without control
    /// characters: what servers make of anything else is their own affair.
    pub fn new(name: HeaderName, template: String, value: &Secret) -> Option<Self> {
        let ascii = Some(value.expose()).filter(|text| text.is_ascii());
        let mut value = HeaderValue::from_str(ascii?).ok()?;
        // Its `Debug` shows nothing then, and HTTP/2 keeps it out of its tables.
        value.set_sensitive(true);
        Some(Self { name, template, value })
    }

    pub fn name(&self) -> &HeaderName {
        &self.name
    }

    /// With `${NAME}` in the place of each secret.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// Whether any of its value is a secret.
    pub fn is_secret(&self) -> bool {
        self.template.contains("${")
    }

    pub fn value(&self) -> &HeaderValue {
        &self.value
    }
}

/// A source's number in the store. It stays when an editor renames the source or moves its URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey(pub i64);

/// A configured source and what the store knows it by.
#[derive(Debug, Clone)]
pub struct Watched {
    pub key: SourceKey,
    /// The id under which the source was first known. Item ids are digests of it, so it never changes.
    pub origin: String,
    pub source: Source,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_shows_its_template_and_not_its_value() {
        let header = |value| Header::new(HeaderName::from_static("x-key"), "${KEY}".into(), &Secret::new(value));
        let shown = format!("{:?}", header("hunter2").unwrap());
        assert!(shown.contains("${KEY}") && !shown.contains("hunter2"), "{shown}");
        for unfit in ["a\nb", "a\0b", "\u{e9}"] {
            assert!(header(unfit).is_none(), "{unfit:?}");
        }
    }

    #[test]
    fn slugs() {
        for (name, id) in [
            ("Cancer Research UK", "cancer-research-uk"),
            ("The Lancet – Oncology", "the-lancet-oncology"),
            ("BBC News: Health (UK)", "bbc-news-health-uk"),
            ("Children's", "childrens"),
            ("Ärzteblatt", "ärzteblatt"),
        ] {
            assert_eq!(SourceId::from_name(name).unwrap().as_str(), id);
        }
        assert!(SourceId::from_name("–").is_none());
        assert!(SourceId::parse("Not a slug").is_none());
    }
}
