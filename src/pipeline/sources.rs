//! Which configured source is which of those that the store knows (design §6.8).

use std::{cmp::Reverse, collections::HashSet};

use sha2::{Digest, Sha256};

use crate::model::{
    boilerplate::Habit,
    rule::Rule,
    selectors::{Selector, Selectors},
    source::{Dates, Relevance, Source, Summaries},
};

/// A source as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered<'a> {
    pub origin: &'a str,
    pub id: &'a str,
    pub url: &'a str,
    /// The last reading of `feeds.toml` that had it.
    pub configured: i64,
}

/// For each configured source the position of the one that it was before. None is given away twice.
///
/// The one with its id and its URL is it. Else it has its id or its URL, and of two such the one that was configured
/// last is it: a source that was removed long ago does not take over a name or a page that another has had since. Of
/// two that were configured together the one with its id is it.
pub fn recognise(configured: &[Source], remembered: &[Remembered<'_>]) -> Vec<Option<usize>> {
    let mut pairs: Vec<_> = configured
        .iter()
        .enumerate()
        .flat_map(|(at, source)| {
            remembered
                .iter()
                .enumerate()
                .map(move |(old, row)| (at, source, old, row))
        })
        .filter_map(|(at, source, old, row)| {
            let (id, url) = (row.id == source.id.as_str(), row.url == source.url.as_str());
            (id || url).then_some((Reverse(id && url), Reverse(row.configured), Reverse(id), at, old))
        })
        .collect();
    pairs.sort_unstable();
    let mut found = vec![None; configured.len()];
    let mut taken = HashSet::new();
    for (.., at, old) in pairs {
        if found[at].is_none() && taken.insert(old) {
            found[at] = Some(old);
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

/// A digest of what a source's documents are read by: empty for feeds, which say so themselves. When it changes, what was
/// read before says nothing of what would be read now.
pub fn read_by(source: &Source) -> Vec<u8> {
    let Some(selectors) = &source.page else {
        return vec![];
    };
    let mut digest = Sha256::new();
    for (key, selector) in by_key(selectors) {
        digest.update(key);
        digest.update([0]);
        digest.update(selector.as_str());
        digest.update(b"\n");
    }
    digest.finalize().to_vec()
}

/// A digest of what the editor wrote: when it changes, an editor has touched the source.
///
/// Every key has its own line, so that nothing but the editor can change it. A key that comes with a later version
/// gets one only where it is set: an upgrade must not look like an editor, and lift all 410s.
pub fn fingerprint(source: &Source) -> Vec<u8> {
    let Source {
        id,
        name,
        url,
        page,
        topics,
        enabled,
        priority,
        outlet,
        interval,
        keep,
        drop,
        pin,
        pinned_for,
        boilerplate,
        relevance,
        dates,
        summaries,
        excerpt,
        private,
        headers,
    } = source;
    let relevance = match relevance {
        Relevance::Score => "score",
        Relevance::Always => "always",
    };
    let dates = match dates {
        Dates::Trust => "trust",
        Dates::Ignore => "ignore",
    };
    let mut digest = Sha256::new();
    let mut line = |key: &str, values: &[&str]| {
        digest.update(key);
        for value in values {
            digest.update([0]);
            digest.update(value);
        }
        digest.update(b"\n");
    };
    line("id", &[id.as_str()]);
    line("name", &[name]);
    line("url", &[url.as_str()]);
    line("topics", &topics.iter().map(String::as_str).collect::<Vec<_>>());
    line("enabled", &[&enabled.to_string()]);
    line("priority", &[&priority.to_string()]);
    line(
        "interval",
        &[&interval.map_or_else(String::new, |interval| interval.as_secs().to_string())],
    );
    line("keep", &keep.iter().map(Rule::as_str).collect::<Vec<_>>());
    line("drop", &drop.iter().map(Rule::as_str).collect::<Vec<_>>());
    line("relevance", &[relevance]);
    line("dates", &[dates]);
    line("excerpt", &[&excerpt.to_string()]);
    line("private", &[&private.to_string()]);
    if let Some(outlet) = outlet {
        line("outlet", &[outlet.as_str()]);
    }
    if !headers.is_empty() {
        // What was written, not what came of it: a digest of a secret would be a thing to guess it by.
        let written = headers
            .iter()
            .flat_map(|header| [header.name().as_str(), header.template()]);
        line("headers", &written.collect::<Vec<_>>());
    }
    if let Some(selectors) = page {
        line("format", &["page"]);
        for (key, selector) in by_key(selectors) {
            line(key, &[selector.as_str()]);
        }
    }
    if *summaries == Summaries::Page {
        line("summary", &["page"]);
    }
    if !pin.is_empty() {
        line("pin", &pin.iter().map(Rule::as_str).collect::<Vec<_>>());
        line("pinned_for", &[&pinned_for.as_secs().to_string()]);
    }
    if !boilerplate.is_empty() {
        line("boilerplate", &boilerplate.iter().map(Habit::name).collect::<Vec<_>>());
    }
    digest.finalize().to_vec()
}

/// Those that are set.
fn by_key(selectors: &Selectors) -> impl Iterator<Item = (&'static str, &Selector)> {
    let Selectors {
        item,
        title,
        link,
        summary,
        date,
    } = selectors;
    [
        ("selectors.item", Some(item)),
        ("selectors.title", title.as_ref()),
        ("selectors.link", link.as_ref()),
        ("selectors.summary", summary.as_ref()),
        ("selectors.date", date.as_ref()),
    ]
    .into_iter()
    .filter_map(|(key, selector)| Some((key, selector?)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use http::HeaderName;

    use super::*;
    use crate::model::{
        credential::Secret,
        source::{Header, Outlet, SourceId},
    };

    fn source(id: &str, url: &str) -> Source {
        Source::new(
            SourceId::parse(id).unwrap(),
            id.into(),
            Url::parse(url).unwrap(),
            vec![],
        )
    }

    fn page(title: Option<&str>) -> Selectors {
        let selector = |text| Selector::parse(text).unwrap();
        Selectors {
            item: selector("li"),
            title: title.map(selector),
            link: None,
            summary: None,
            date: None,
        }
    }

    fn old<'a>(id: &'a str, url: &'a str, configured: i64) -> Remembered<'a> {
        Remembered {
            origin: id,
            id,
            url,
            configured,
        }
    }

    #[test]
    fn a_source_is_the_same_under_a_new_name_or_a_new_url() {
        let known = [old("a", "https://a.test/", 1), old("b", "https://b.test/", 1)];
        let check = |now: &[Source], expect: &[Option<usize>]| assert_eq!(recognise(now, &known), expect);
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
        assert_eq!(origin("a", &known, &[]), "a-2");
        assert_eq!(origin("c", &known, &[]), "c");
        assert_eq!(origin("a", &known, &["a-2".into()]), "a-3");
    }

    #[test]
    fn of_two_the_source_that_was_configured_last_is_meant() {
        let (removed, present) = (old("a", "https://a.test/", 1), old("b", "https://b.test/", 2));
        let check = |now: Source, known: &[Remembered<'_>], expect| assert_eq!(recognise(&[now], known), [expect]);
        for (known, present) in [
            ([removed.clone(), present.clone()], 1),
            ([present.clone(), removed.clone()], 0),
        ] {
            check(source("a", "https://b.test/"), &known, Some(present));
            check(source("b", "https://a.test/"), &known, Some(present));
            check(source("a", "https://a.test/"), &known, Some(1 - present));
            check(source("a", "https://c.test/"), &known, Some(1 - present));
            check(source("c", "https://c.test/"), &known, None);
        }
        let moved = [old("a", "https://a.test/", 1), old("b", "https://a.test/", 2)];
        check(source("c", "https://a.test/"), &moved, Some(1));
        check(source("a", "https://a.test/"), &moved, Some(0));
    }

    fn with_header(template: &str, value: &str) -> Source {
        let header = Header::new(HeaderName::from_static("x-key"), template.into(), &Secret::new(value));
        Source {
            headers: vec![header.unwrap()],
            ..source("a", "https://a.test/")
        }
    }

    #[test]
    fn an_editor_s_touch_changes_the_fingerprint_and_nothing_else_does() {
        let plain = || source("a", "https://a.test/");
        let touched = [
            Source {
                name: "A".into(),
                ..plain()
            },
            Source {
                topics: vec!["x".into()],
                ..plain()
            },
            Source {
                enabled: false,
                ..plain()
            },
            Source { priority: 1, ..plain() },
            Source {
                outlet: Some(Outlet::Trade),
                ..plain()
            },
            Source {
                interval: Some(Duration::from_secs(3_600)),
                ..plain()
            },
            Source {
                keep: vec![Rule::parse("x").unwrap()],
                ..plain()
            },
            Source {
                drop: vec![Rule::parse("x").unwrap()],
                ..plain()
            },
            Source {
                pin: vec![Rule::parse("x").unwrap()],
                ..plain()
            },
            Source {
                pin: vec![Rule::parse("x").unwrap()],
                pinned_for: Duration::from_secs(3_600),
                ..plain()
            },
            Source {
                relevance: Relevance::Always,
                ..plain()
            },
            Source {
                dates: Dates::Ignore,
                ..plain()
            },
            Source {
                excerpt: 200,
                ..plain()
            },
            Source {
                private: true,
                ..plain()
            },
            with_header("${A}", "1"),
            with_header("${B}", "1"),
            Source {
                summaries: Summaries::Page,
                ..plain()
            },
            Source {
                page: Some(page(None)),
                ..plain()
            },
            Source {
                page: Some(page(Some("h3"))),
                ..plain()
            },
            source("b", "https://a.test/"),
            source("a", "https://b.test/"),
        ];
        let digests: HashSet<_> = touched.iter().chain([&plain()]).map(fingerprint).collect();
        assert_eq!(digests.len(), touched.len() + 1);
        assert_eq!(
            fingerprint(&with_header("${A}", "1")),
            fingerprint(&with_header("${A}", "2"))
        );
        let hex: String = fingerprint(&plain()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "03c44b4e9cd5d8d7c655c672163f5ab9a1ac71824f9ecc128a81d5919a95f913");
    }
}
