//! What news is about: its tumour sites, what kind of news it is, and what has become of it.
//!
//! Words speak, and are kept to be shown to an editor. A label is a help for finding, no judgement: news that says
//! nothing plainly has none.

mod notice;

use std::collections::BTreeMap;

pub use self::notice::{named, notices};
use crate::model::{
    item::Item,
    label::{LabelWords, Labels, Meaning, NewsType, Site, Word},
    link::Link,
    phrases::Words,
    source::Outlet,
};

/// In a text, a site counts beside another one that is named no more than so many times as often.
const OUTWEIGHED_BY: usize = 3;

/// What a word of a kind is worth in a title, and in a text.
const TITLE_POINTS: usize = 6;
const TEXT_POINTS: usize = 2;

/// Most words of a text that count for a kind of news: longer texts have more of everything.
const TEXT_WORDS_MAX: usize = 3;

/// Sites that publish what no peer has reviewed.
const PREPRINT_HOSTS: [&str; 6] = [
    "biorxiv.org",
    "medrxiv.org",
    "arxiv.org",
    "preprints.org",
    "researchsquare.com",
    "ssrn.com",
];

/// The DOI prefixes of Research Square, Preprints.org, SSRN, arXiv and openRxiv.
const PREPRINT_REGISTRANTS: [&str; 5] = ["10.21203", "10.20944", "10.2139", "10.48550", "10.64898"];
const COLD_SPRING_HARBOR: &str = "10.1101";

/// Labels, and the words that gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labelled {
    pub labels: Labels,
    /// For the sites, for the kind of news and for a preprint; each once.
    pub words: Vec<String>,
}

/// Labels an item, whose text beside the title is given.
pub fn of(item: &Item, text: &str, outlet: Option<Outlet>, words: &LabelWords) -> Labelled {
    let title = spoken(&item.title, words);
    let text = [spoken(text, words), spoken(&item.categories.join(" "), words)].concat();
    let (sites, by_site) = sites(&title, &text);
    let (news_type, by_type) = news_type(&title, &text, outlet);
    let by_preprint = of_type(&[title, text].concat(), NewsType::Preprint);
    let at_preprints = item.link.as_ref().is_some_and(is_at_preprints);
    let registered = item.doi.as_deref().is_some_and(is_of_preprints);
    let preprint = at_preprints || registered || !by_preprint.is_empty();
    let (news_type, by_type) = match news_type {
        Some(news_type) if !at_preprints => (Some(news_type), by_type),
        _ => (preprint.then_some(NewsType::Preprint), vec![]),
    };
    let words = [by_site, by_type, by_preprint].concat();
    Labelled {
        labels: Labels {
            sites,
            news_type,
            preprint,
            notice: named(&item.title, outlet),
        },
        words: distinct(words.iter().map(String::as_str)),
    }
}

/// Whether a DOI is one that servers of preprints register. Cold Spring Harbor's journals share a prefix with its
/// servers, which name their preprints by dates and numbers alone.
fn is_of_preprints(doi: &str) -> bool {
    let Some((registrant, suffix)) = doi.split_once('/') else {
        return false;
    };
    let numbered = || suffix.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    PREPRINT_REGISTRANTS.contains(&registrant) || registrant == COLD_SPRING_HARBOR && numbered()
}

fn is_at_preprints(link: &Link) -> bool {
    let host = link.host();
    let is_under = |site: &str| {
        host.strip_suffix(site)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    PREPRINT_HOSTS.into_iter().any(is_under)
}

/// Every word of the lists that stands in a text, as often as it does.
fn spoken<'a>(text: &str, labels: &'a LabelWords) -> Said<'a> {
    let words = Words::of(text);
    let words = words.list();
    let at = |from: usize| labels.0.at(words.get(from..).unwrap_or_default());
    (0..words.len()).flat_map(at).map(|(_, word)| word).collect()
}

type Said<'a> = Vec<&'a Word>;
type SiteOf<'a> = &'a dyn Fn(Meaning) -> Option<Site>;

/// The first of these places that names any site tells: title before text, plain words before hints.
fn sites(title: &Said<'_>, text: &Said<'_>) -> (Vec<Site>, Vec<String>) {
    let plain = |meaning: Meaning| match meaning {
        Meaning::Site(site) => Some(site),
        Meaning::Hint(_) | Meaning::NewsType(_) => None,
    };
    let hint = |meaning: Meaning| match meaning {
        Meaning::Hint(site) => Some(site),
        Meaning::Site(_) | Meaning::NewsType(_) => None,
    };
    let places: [(&Said<'_>, SiteOf<'_>); 4] = [(title, &plain), (text, &plain), (title, &hint), (text, &hint)];
    for (at, (said, site)) in places.into_iter().enumerate() {
        let mut named: BTreeMap<Site, usize> = BTreeMap::new();
        let spoke: Vec<_> = said.iter().filter(|phrase| site(phrase.meaning).is_some()).collect();
        for site in spoke.iter().filter_map(|phrase| site(phrase.meaning)) {
            *named.entry(site).or_default() += 1;
        }
        let most = named.values().max().copied().unwrap_or_default();
        if at % 2 == 1 {
            named.retain(|_, times| *times * OUTWEIGHED_BY > most);
        }
        if !named.is_empty() {
            let kept = |phrase: &&&Word| site(phrase.meaning).is_some_and(|site| named.contains_key(&site));
            let words = distinct(
                spoke
                    .iter()
                    .filter(|phrase| kept(phrase))
                    .map(|phrase| phrase.text.as_str()),
            );
            return (named.into_keys().collect(), words);
        }
    }
    (vec![], vec![])
}

fn news_type(title: &Said<'_>, text: &Said<'_>, outlet: Option<Outlet>) -> (Option<NewsType>, Vec<String>) {
    let points = |news_type: NewsType| {
        let in_text = of_type(text, news_type).len().min(TEXT_WORDS_MAX);
        let points = of_type(title, news_type).len() * TITLE_POINTS + in_text * TEXT_POINTS;
        match (news_type, outlet) {
            // Every paper speaks of cells and risks, whatever it is.
            (NewsType::Research, Some(Outlet::Journal)) => points / 2 + TITLE_POINTS,
            (NewsType::Research, _) => points / 2,
            _ => points,
        }
    };
    let told = RANKED.into_iter().rev().max_by_key(|news_type| points(*news_type));
    match told.filter(|news_type| points(*news_type) > 0) {
        Some(told) => (Some(told), [of_type(title, told), of_type(text, told)].concat()),
        None => (None, vec![]),
    }
}

/// The words that speak for a kind of news.
fn of_type(said: &Said<'_>, wanted: NewsType) -> Vec<String> {
    let of_type = said.iter().filter(|phrase| phrase.meaning == Meaning::NewsType(wanted));
    distinct(of_type.map(|phrase| phrase.text.as_str()))
}

/// Where two kinds have as much, the first of them is meant: the rarer one.
const RANKED: [NewsType; 10] = [
    NewsType::Preprint,
    NewsType::Event,
    NewsType::Opinion,
    NewsType::Patient,
    NewsType::Business,
    NewsType::Regulatory,
    NewsType::Policy,
    NewsType::Practice,
    NewsType::Trial,
    NewsType::Research,
];

fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut distinct: Vec<String> = vec![];
    for word in words {
        if !distinct.iter().any(|known| known == word) {
            distinct.push(word.to_owned());
        }
    }
    distinct
}

#[cfg(test)]
mod tests;
