//! Entries to drafts: plain text within bounds, links that are safe to publish.
//!
//! What a publisher wrote is never passed on as markup. Everything here is linear in the length of the entry and
//! total: whatever comes in, something plain comes out.

mod boilerplate;
mod description;
mod excerpt;
pub mod link;
mod text;

use std::collections::HashSet;

use sha2::{Digest, Sha256};

pub use self::{
    boilerplate::{Cut, Prose, prose},
    description::description,
    excerpt::{excerpt_of, headline},
};
use crate::model::{
    boilerplate::Habits,
    draft::Draft,
    entry::{Entry, Markup},
    item::Item,
    link::Link,
};

/// Longest title, in characters. The longest of 5,694 real titles has 290.
const TITLE_CHARS_MAX: usize = 300;

/// Most of a summary that is kept, in characters: an excerpt needs some 300, and rules and stories read the rest.
/// Abstracts of journals end before 3,000.
const SUMMARY_CHARS_MAX: usize = 4_000;

/// Longest field that is shown whole, in characters: more than the largest document that is read.
const FIELD_CHARS_MAX: usize = 64 * 1024 * 1024;

/// Longest guid that is kept as it is, in bytes. A longer one is somebody's mistake, or an attack on our index.
const GUID_BYTES_MAX: usize = 1_024;

/// Longest DOI, in bytes. The standard sets no limit; the longest that Crossref has seen are far below.
const DOI_BYTES_MAX: usize = 256;

/// Most authors, and most categories, of one entry. A consortium's paper has hundreds; readers read the first few.
const NAMES_MAX: usize = 20;

/// Longest name of an author or a category, in characters.
const NAME_CHARS_MAX: usize = 100;

/// `None` for an entry with neither title nor link: nothing could ever be shown of it.
pub fn draft(entry: Entry) -> Option<Draft> {
    Some(plain_entry(entry)).filter(|draft| !draft.title.is_empty() || draft.link.is_some())
}

/// As [`draft`], whatever there is of the entry.
pub fn plain_entry(entry: Entry) -> Draft {
    Draft {
        guid: entry.guid.and_then(|guid| bounded_guid(guid.trim())),
        link: entry.link.as_deref().and_then(link::published),
        title: entry
            .title
            .map(|title| text::line(&title, TITLE_CHARS_MAX))
            .unwrap_or_default(),
        summary: entry
            .summary
            .map(|summary| text::paragraphs(&summary, SUMMARY_CHARS_MAX))
            .unwrap_or_default(),
        published: entry.published,
        updated: entry.updated,
        authors: names(entry.authors),
        categories: names(entry.categories),
        doi: entry.doi.filter(|doi| doi.len() <= DOI_BYTES_MAX),
        image: entry.image.as_deref().and_then(Link::parse),
    }
}

/// What there is to read of an item beside its title: the feed's summary or, where nothing is left of that, what the
/// article's page says; empty where there is neither.
pub fn text_of<'a>(item: &'a Item, habits: Habits<'_>) -> &'a str {
    match &item.description {
        Some(description) if says_nothing(&item.summary, &item.title, habits) => description,
        _ => &item.summary,
    }
}

/// Whether nothing is left of a summary that a title and a publisher's habits do not say.
pub fn says_nothing(summary: &str, title: &str, habits: Habits<'_>) -> bool {
    prose(summary, title, habits).text.is_empty()
}

/// The whole field as plain text on one line.
pub fn plain(markup: &Markup) -> String {
    text::paragraphs(markup, FIELD_CHARS_MAX).replace('\n', " ")
}

/// The field as plain text on one line, at most `most` characters.
pub fn line(markup: &Markup, most: usize) -> String {
    text::line(markup, most)
}

fn bounded_guid(guid: &str) -> Option<String> {
    match guid.len() {
        0 => None,
        1..=GUID_BYTES_MAX => Some(guid.to_owned()),
        _ => {
            let digest = Sha256::digest(guid.as_bytes());
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(format!("sha256:{hex}"))
        }
    }
}

/// Each name once, in the publisher's order.
fn names(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names
        .into_iter()
        .map(|name| text::line(&Markup::Html(name), NAME_CHARS_MAX))
        .filter(|name| !name.is_empty() && seen.insert(name.to_lowercase()))
        .take(NAMES_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shipped::EDITORIAL;

    fn html(text: &str) -> Option<Markup> {
        Some(Markup::Html(text.into()))
    }

    #[test]
    fn an_entry_becomes_plain() {
        let entry = Entry {
            guid: Some(" a:1 ".into()),
            link: Some(" https://a.test/1?utm_source=rss&p=2 ".into()),
            title: html("IL-6 &amp; <i>TP53</i>\n in <b>AML</b>"),
            summary: html("<p>One.</p><p>Two.</p>"),
            authors: vec!["A. Smith".into(), "a. smith".into(), "".into(), "B &amp; C".into()],
            categories: vec!["<b>News</b>".into()],
            doi: Some("10.1/x".into()),
            ..Entry::default()
        };
        let draft = draft(entry).unwrap();
        assert_eq!(draft.guid.as_deref(), Some("a:1"));
        assert_eq!(draft.link, Link::parse("https://a.test/1?p=2"));
        assert_eq!(draft.title, "IL-6 & TP53 in AML");
        assert_eq!(draft.summary, "One.\nTwo.");
        assert_eq!(draft.authors, ["A. Smith", "B & C"]);
        assert_eq!(draft.categories, ["News"]);
        assert_eq!(draft.doi.as_deref(), Some("10.1/x"));
    }

    #[test]
    fn an_entry_needs_a_title_or_a_link() {
        let entry = |title: &str, link: &str| Entry {
            title: html(title),
            link: Some(link.into()),
            summary: html("text"),
            ..Entry::default()
        };
        assert!(draft(Entry::default()).is_none());
        assert!(draft(entry("<img src=x>", "javascript:alert(1)")).is_none());
        assert_eq!(draft(entry("", "https://a.test/")).unwrap().title, "");
        assert_eq!(draft(entry("Title", "javascript:alert(1)")).unwrap().link, None);
    }

    #[test]
    fn everything_has_a_bound() {
        let entry = Entry {
            guid: Some("g".repeat(1_025)),
            title: html(&"word ".repeat(100)),
            summary: html(&"word ".repeat(10_000)),
            authors: (0..50).map(|n| format!("{n} {}", "x".repeat(200))).collect(),
            doi: Some("10.1/".repeat(100)),
            ..Entry::default()
        };
        let draft = draft(entry).unwrap();
        assert_eq!(
            draft.guid.map(|guid| (guid.len(), guid.starts_with("sha256:"))),
            Some((71, true))
        );
        assert_eq!(draft.title.chars().count(), 300);
        assert!(draft.title.ends_with("word…"));
        assert_eq!(draft.summary.chars().count(), 3_999);
        assert_eq!(draft.authors.len(), 20);
        assert!(draft.authors.iter().all(|name| name.chars().count() <= 100));
        assert_eq!(draft.doi, None);
    }

    proptest! {
        #[test]
        fn no_entry_is_too_strange(
            guid in r"(?s).{0,40}",
            link in r"(?s)(https?:)?(//|/\\)?[^ ]{0,40}",
            title in r"(?s)(<|>|&|;|.){0,60}",
            summary in r"(?s)(<p>|</|&amp;|.){0,200}",
        ) {
            let entry = Entry {
                guid: Some(guid),
                link: Some(link),
                title: html(&title),
                summary: html(&summary),
                ..Entry::default()
            };
            if let Some(draft) = draft(entry) {
                prop_assert_eq!(draft.title.chars().filter(|c| c.is_control()).count(), 0);
                excerpt_of(&draft.summary, &draft.title, 250, EDITORIAL.habits(None));
                headline(&draft.title, &draft.summary, EDITORIAL.habits(None));
            }
        }
    }
}
