//! What an editor should know of the sources, from what each of them sent just now.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{
    dedupe::story,
    extract::link,
    poll, preview,
    relevance::{self, Subject},
};
use crate::model::{
    draft::Draft,
    lexicon::Lexicon,
    link::Link,
    source::{Dates, Relevance, Source},
};

/// A source whose newest entry is older is stale. Quarterly journals, the rarest of what we watch, come every 92 days;
/// four weeks more, and an issue is missing.
const STALE_DAYS: i64 = 120;

/// Fewest entries of which something is said in general.
const TELLING: usize = 3;

/// Most entries of one source that are compared with others, the first ones: enough to know a copy.
const COMPARED_MAX: usize = 200;

/// What one source sent.
#[derive(Debug, Clone)]
pub struct Sent<'a> {
    pub source: &'a Source,
    /// Where the document was found.
    pub url: &'a Url,
    /// If every hop on the way there was permanent.
    pub moved_to: Option<&'a Url>,
    pub drafts: &'a [Draft],
    /// When it last brought something new, as far as the store knows.
    pub last_change: Option<Timestamp>,
}

/// Something about a source that is probably not meant. The sentence is its `Display`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Moved(Url),
    /// The host to which others lead as well.
    Portal(String),
    /// Days since its newest entry.
    Stale(i64),
    /// No dates to go by, and days since the last news of it, as far as that is known.
    Silent(Option<i64>),
    Empty,
    /// The name of the source that sends the same.
    Duplicate(String),
    /// How many entries it has, none of them about cancer.
    Irrelevant(usize),
}

impl Finding {
    /// Every [`Finding::kind`], in the order in which they are counted.
    pub const KINDS: [&str; 7] = ["moved", "portal", "stale", "silent", "empty", "duplicate", "irrelevant"];

    /// One word, for programs and for counting.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Moved(_) => "moved",
            Self::Portal(_) => "portal",
            Self::Stale(_) => "stale",
            Self::Silent(_) => "silent",
            Self::Empty => "empty",
            Self::Duplicate(_) => "duplicate",
            Self::Irrelevant(_) => "irrelevant",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved(url) => write!(
                f,
                "moved: it is now at {url}, for good; once you know that place, change its url"
            ),
            Self::Portal(host) => write!(
                f,
                "portal: like others it leads to {host}; unless they belong together, something stands between us and the web"
            ),
            Self::Stale(days) => write!(f, "stale: its newest entry is {days} days old"),
            Self::Silent(Some(days)) => write!(f, "silent: nothing new for {days} days"),
            Self::Silent(None) => f.write_str("silent: no entry has a date, so it may have ended long ago"),
            Self::Empty => f.write_str("empty: it is a feed without entries"),
            Self::Duplicate(other) => write!(f, "duplicate: it sends the same as {other}"),
            Self::Irrelevant(entries) => write!(
                f,
                "irrelevant: none of its {entries} entries is about cancer; if they all are, write relevance = \"always\""
            ),
        }
    }
}

/// The findings of each source, in their order. Of two that send the same, the later one is told.
pub fn audit(sent: &[Sent<'_>], lexicon: &Lexicon, now: Timestamp) -> Vec<Vec<Finding>> {
    let copies = copies(sent);
    let of = |(one, copied): (&Sent<'_>, &Option<usize>)| {
        let original = copied.and_then(|at| sent.get(at));
        let moved = moved(one, sent);
        let at_portal = matches!(moved, Some(Finding::Portal(_)));
        let copy = original.filter(|_| !at_portal);
        let copy = copy.map(|original| Finding::Duplicate(original.source.name.clone()));
        moved
            .into_iter()
            .chain(age(one, now))
            .chain(copy)
            .chain(irrelevant(one, lexicon))
            .collect()
    };
    sent.iter().zip(&copies).map(of).collect()
}

/// The portal at which a visit ended, else where the source has moved.
fn moved(one: &Sent<'_>, sent: &[Sent<'_>]) -> Option<Finding> {
    let led_to = |one: &Sent<'_>| poll::led_to(&one.source.url, one.url);
    let place = led_to(one);
    let company = sent
        .iter()
        .filter(|other| place.is_some() && led_to(other) == place)
        .filter_map(|other| other.source.url.host_str());
    if poll::is_portal(company) {
        return Some(Finding::Portal(one.url.host_str().unwrap_or_default().to_owned()));
    }
    one.moved_to.cloned().map(Finding::Moved)
}

fn age(sent: &Sent<'_>, now: Timestamp) -> Option<Finding> {
    if sent.drafts.is_empty() {
        return Some(Finding::Empty);
    }
    let days = |since: Timestamp| now.duration_since(since).as_hours() / 24;
    let newest = match sent.source.dates {
        Dates::Trust => sent
            .drafts
            .iter()
            .filter_map(|draft| preview::believed(draft, now))
            .max(),
        Dates::Ignore => None,
    };
    let stale = SignedDuration::from_hours(24 * STALE_DAYS);
    let is_old = |since: Timestamp| now.duration_since(since) > stale;
    match (newest, sent.last_change) {
        (Some(newest), _) => is_old(newest).then(|| Finding::Stale(days(newest))),
        (None, Some(last)) => is_old(last).then(|| Finding::Silent(Some(days(last)))),
        // An editor who wrote `dates = "ignore"` knows.
        (None, None) => (sent.source.dates == Dates::Trust).then_some(Finding::Silent(None)),
    }
}

fn irrelevant(sent: &Sent<'_>, lexicon: &Lexicon) -> Option<Finding> {
    let judged = sent.source.relevance == Relevance::Score && sent.drafts.len() >= TELLING;
    let outlet = sent.source.outlet;
    let relevant = |draft: &Draft| relevance::score(&Subject::of(draft, outlet), lexicon).relevant();
    (judged && !sent.drafts.iter().any(relevant)).then_some(Finding::Irrelevant(sent.drafts.len()))
}

/// For each source the first one before it that sends the same: from the same address, or the same entries.
fn copies(sent: &[Sent<'_>]) -> Vec<Option<usize>> {
    let mut at_address: HashMap<String, usize> = HashMap::new();
    let mut bearers: HashMap<String, Vec<usize>> = HashMap::new();
    let mut sizes = vec![];
    let mut copies = vec![];
    for (at, one) in sent.iter().enumerate() {
        let address = Link::new(one.url.clone()).map_or_else(|| one.url.to_string(), |url| link::canonical(&url));
        let by_address = *at_address.entry(address).or_insert(at);
        let tokens = tokens(one.drafts);
        let shared = shared(&tokens, &bearers);
        let alike = |(other, shared): &(usize, usize)| {
            let smaller = tokens.len().min(sizes.get(*other).copied().unwrap_or_default());
            *shared >= TELLING && shared * 2 > smaller
        };
        let by_entries = shared.into_iter().filter(alike).map(|(other, _)| other).min();
        copies.push(if by_address < at { Some(by_address) } else { by_entries });
        sizes.push(tokens.len());
        tokens
            .into_iter()
            .for_each(|token| bearers.entry(token).or_default().push(at));
    }
    copies
}

/// Whether two feeds tell the same entries: more than half of the smaller one's.
pub fn same_entries(one: &[Draft], other: &[Draft]) -> bool {
    let (one, other) = (tokens(one), tokens(other));
    let shared = one.intersection(&other).count();
    shared > 0 && shared * 2 > one.len().min(other.len())
}

/// How many entries each source shares with one that bears these.
fn shared(tokens: &HashSet<String>, bearers: &HashMap<String, Vec<usize>>) -> HashMap<usize, usize> {
    let mut shared = HashMap::new();
    for other in tokens.iter().filter_map(|token| bearers.get(token)).flatten() {
        *shared.entry(*other).or_default() += 1;
    }
    shared
}

/// What tells an entry in every feed that has it: its link, else its DOI, else its guid.
fn tokens(drafts: &[Draft]) -> HashSet<String> {
    let token = |draft: &Draft| {
        let mark = story::marks(draft.doi.as_deref(), draft.link.as_ref()).pop();
        mark.or_else(|| draft.guid.clone())
    };
    drafts.iter().take(COMPARED_MAX).filter_map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{draft::Draft, source::SourceId};
    use crate::shipped::EDITORIAL;

    fn now() -> Timestamp {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }

    fn source(name: &str) -> Source {
        let url = Url::parse(&format!("https://{name}.test/feed")).unwrap();
        Source::new(SourceId::parse(name).unwrap(), name.into(), url, vec![])
    }

    /// Entries about cancer, so many days old; `None` has no date.
    fn drafts(host: &str, days: &[Option<i64>]) -> Vec<Draft> {
        let draft = |(n, days): (usize, &Option<i64>)| Draft {
            guid: None,
            link: Link::parse(&format!("https://{host}.test/{n}")),
            title: format!("Chemotherapy trial {n}"),
            summary: String::new(),
            published: days.map(|days| now() - SignedDuration::from_hours(24 * days)),
            updated: None,
            authors: vec![],
            categories: vec![],
            doi: None,
            image: None,
        };
        days.iter().enumerate().map(draft).collect()
    }

    fn kinds(sent: &[Sent<'_>]) -> Vec<String> {
        let kinds = |findings: Vec<Finding>| findings.iter().map(Finding::kind).collect::<Vec<_>>().join(" ");
        audit(sent, &EDITORIAL.lexicon, now()).into_iter().map(kinds).collect()
    }

    fn sent<'a>(source: &'a Source, drafts: &'a [Draft]) -> Sent<'a> {
        Sent {
            source,
            url: &source.url,
            moved_to: None,
            drafts,
            last_change: None,
        }
    }

    #[test]
    fn age_is_told_by_dates_or_by_the_store() {
        let ago = |days: i64| Some(now() - SignedDuration::from_hours(24 * days));
        let ignoring = Source {
            dates: Dates::Ignore,
            ..source("a")
        };
        let trusting = source("a");
        for (source, days, last_change, expect) in [
            (&trusting, vec![Some(119), Some(300)], None, ""),
            (&trusting, vec![Some(121), Some(300)], ago(1), "stale"),
            (&trusting, vec![Some(-40), Some(300)], None, "stale"),
            (&trusting, vec![None, None], None, "silent"),
            (&trusting, vec![None, None], ago(3), ""),
            (&trusting, vec![None, None], ago(200), "silent"),
            (&ignoring, vec![Some(500)], None, ""),
            (&ignoring, vec![Some(500)], ago(200), "silent"),
            (&trusting, vec![], ago(1), "empty"),
        ] {
            let drafts = drafts("a", &days);
            let sent = Sent {
                last_change,
                ..sent(source, &drafts)
            };
            assert_eq!(kinds(&[sent]), [expect], "{days:?} {last_change:?}");
        }
    }

    #[test]
    fn of_two_that_send_the_same_the_later_is_told() {
        let sources = ["a", "b", "c", "d"].map(source);
        let (whole, other) = (drafts("x", &[Some(1); 10]), drafts("y", &[Some(1); 10]));
        let found = kinds(&[
            sent(&sources[0], &whole),
            sent(&sources[1], &other),
            sent(&sources[2], &whole[..4]),
            Sent {
                url: &sources[1].url,
                ..sent(&sources[3], &whole[9..])
            },
        ]);
        assert_eq!(found, ["", "", "duplicate", "duplicate"]);
        let mixed: Vec<_> = whole[..3].iter().chain(&other[..3]).cloned().collect();
        assert_eq!(
            kinds(&[sent(&sources[0], &whole), sent(&sources[1], &mixed)]),
            ["", ""],
            "half is not most"
        );
        assert!(same_entries(&whole, &whole[..1]) && !same_entries(&whole, &other) && !same_entries(&[], &[]));
    }

    #[test]
    fn what_is_never_about_cancer_is_told() {
        let scored = source("a");
        let always = Source {
            relevance: Relevance::Always,
            ..source("a")
        };
        let mut drafts = drafts("a", &[Some(1); 4]);
        for draft in &mut drafts {
            draft.title = "Weather".into();
        }
        assert_eq!(kinds(&[sent(&scored, &drafts)]), ["irrelevant"]);
        assert_eq!(kinds(&[sent(&always, &drafts)]), [""]);
        assert_eq!(kinds(&[sent(&scored, &drafts[..2])]), [""], "two tell nothing");
        drafts[3].title = "Chemotherapy".into();
        assert_eq!(kinds(&[sent(&scored, &drafts)]), [""]);
    }

    #[test]
    fn many_that_move_to_one_place_at_once_have_not_moved() {
        let sources = ["a", "b", "c", "d"].map(source);
        let portal = Url::parse("https://portal.test/login").unwrap();
        let news = ["a", "b", "c", "d"].map(|host| drafts(host, &[Some(1)]));
        let moved = |at: usize| Sent {
            url: &portal,
            moved_to: Some(&portal),
            ..sent(&sources[at], &news[at])
        };
        assert_eq!(
            kinds(&[moved(0), moved(1), sent(&sources[2], &news[2])]),
            ["moved", "moved duplicate", ""]
        );
        assert_eq!(kinds(&[moved(0), moved(1), moved(3)]), ["portal", "portal", "portal"]);
        let twice = Sent {
            source: &sources[0],
            ..moved(1)
        };
        assert_eq!(
            kinds(&[moved(0), twice, moved(3)]),
            ["moved", "moved duplicate", "moved duplicate"],
            "of two hosts only"
        );
    }

    #[test]
    fn findings_are_sentences() {
        let moved = Url::parse("https://b.test/").unwrap();
        let mut source = source("a");
        source.name = "Aé".into();
        let drafts = drafts("a", &[Some(200)]);
        let sent = Sent {
            moved_to: Some(&moved),
            ..sent(&source, &drafts)
        };
        let told: Vec<_> = audit(&[sent], &EDITORIAL.lexicon, now())[0]
            .iter()
            .map(ToString::to_string)
            .collect();
        let expect = [
            "moved: it is now at https://b.test/, for good; once you know that place, change its url",
            "stale: its newest entry is 200 days old",
        ];
        assert_eq!(told, expect);
    }
}
