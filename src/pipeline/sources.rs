//! Which configured source is which of those that the store knows (design §6.8).

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::model::source::Source;

/// A source as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered<'a> {
    pub origin: &'a str,
    pub id: &'a str,
    pub url: &'a str,
}

type Same = fn(&Source, &Remembered<'_>) -> bool;

/// For each configured source the position of the one that it was before: the one with its id, else the one with
/// its URL. None is given away twice.
pub fn recognise(configured: &[Source], remembered: &[Remembered<'_>]) -> Vec<Option<usize>> {
    let mut taken = HashSet::new();
    let mut found = vec![None; configured.len()];
    let same_id: Same = |source, old| old.id == source.id.as_str();
    let same_url: Same = |source, old| old.url == source.url.as_str();
    for same in [same_id, same_url] {
        for (source, found) in configured.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            *found = remembered
                .iter()
                .enumerate()
                .position(|(at, old)| !taken.contains(&at) && same(source, old));
            taken.extend(*found);
        }
    }
    found
}

/// An id that no source was first known by, nor one of those `given` just now: the configured one, or that with a
/// number.
pub fn origin(id: &str, remembered: &[Remembered<'_>], given: &[String]) -> String {
    let used = |origin: &str| remembered.iter().any(|old| old.origin == origin) || given.iter().any(|g| g == origin);
    let numbered = (2..).map(|n| format!("{id}-{n}"));
    std::iter::once(id.to_owned())
        .chain(numbered)
        .find(|origin| !used(origin))
        .unwrap_or_default()
}

/// A digest of what the editor wrote: when it changes, an editor has touched the source.
pub fn fingerprint(source: &Source) -> Vec<u8> {
    Sha256::digest(format!("{source:?}")).to_vec()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::model::source::{Dates, Relevance, SourceId};

    fn source(id: &str, url: &str) -> Source {
        Source {
            id: SourceId::parse(id).unwrap(),
            name: id.into(),
            url: Url::parse(url).unwrap(),
            topics: vec![],
            enabled: true,
            priority: 0,
            interval: None,
            keep: vec![],
            drop: vec![],
            relevance: Relevance::Score,
            dates: Dates::Trust,
            excerpt: 250,
            private: false,
        }
    }

    #[test]
    fn a_source_is_the_same_under_a_new_name_or_a_new_url() {
        let old = [
            Remembered {
                origin: "a",
                id: "a",
                url: "https://a.test/",
            },
            Remembered {
                origin: "b",
                id: "b",
                url: "https://b.test/",
            },
        ];
        let check = |now: &[Source], expect: &[Option<usize>]| assert_eq!(recognise(now, &old), expect);
        check(
            &[
                source("new-name", "https://a.test/"),
                source("b", "https://moved.test/"),
            ],
            &[Some(0), Some(1)],
        );
        check(
            &[source("a", "https://b.test/"), source("b", "https://a.test/")],
            &[Some(0), Some(1)],
        );
        check(
            &[source("c", "https://b.test/"), source("b", "https://c.test/")],
            &[None, Some(1)],
        );
        assert_eq!(origin("a", &old, &[]), "a-2");
        assert_eq!(origin("c", &old, &[]), "c");
        assert_eq!(origin("a", &old, &["a-2".into()]), "a-3");
    }
}
