//! What two items about the same thing share to the letter: a DOI, a PubMed number, a page.

use std::collections::{HashMap, HashSet};

use super::{Judge, traits::Said};
use crate::{
    model::{
        draft::Draft,
        link::Link,
        source::SourceKey,
        story::{Mark, Marked, STORY_ITEMS_MAX},
    },
    pipeline::extract::link,
};

/// Most items of one source that a mark can make one story: versions of a preprint, a page under a few guids. An
/// issue of a journal has more articles than that.
const BEARERS_OF_ONE_SOURCE_MAX: usize = 5;

/// How much of each of two headlines the other has where they are one headline that was edited, by weight. The day's play
/// of a match has less in common with the next one's.
const EDITED_MIN: f32 = 0.86;

/// The same, where one headline only says more than the other.
const LENGTHENED_MIN: f32 = 0.6;

pub(super) const LINK: &str = "link:";

/// Where PubMed has its articles, before their numbers.
const PUBMED: [&str; 2] = ["pubmed.ncbi.nlm.nih.gov/", "ncbi.nlm.nih.gov/pubmed/"];

/// How a text names an article's number in PubMed.
const PMID: &str = "PMID:";

/// Most digits of such a number.
const PMID_DIGITS_MAX: usize = 8;

/// The marks of a draft.
pub fn marks_of(draft: &Draft) -> Vec<Mark> {
    let mut marks = marks(draft.doi.as_deref(), draft.link.as_ref());
    let pmid = draft
        .link
        .as_ref()
        .and_then(pubmed_number)
        .or_else(|| stated_number(&draft.summary));
    marks.extend(pmid.map(|pmid| format!("pmid:{pmid}")));
    marks
}

/// The marks of a DOI and a link. A site's front page is where all its news is.
pub fn marks(doi: Option<&str>, link: Option<&Link>) -> Vec<Mark> {
    let doi = doi.map(|doi| format!("doi:{doi}"));
    let link = link
        .filter(|link| !is_front_page(link))
        .map(|link| format!("{LINK}{}", link::canonical(link)));
    doi.into_iter().chain(link).collect()
}

fn is_front_page(link: &Link) -> bool {
    let behind = link.as_str().split_once("://").map_or("", |(_, behind)| behind);
    !behind.trim_end_matches('/').contains(['/', '?'])
}

fn pubmed_number(link: &Link) -> Option<String> {
    PUBMED
        .iter()
        .find_map(|place| number(link.as_str().split_once(place)?.1))
}

fn stated_number(text: &str) -> Option<String> {
    number(text.split_once(PMID)?.1.trim_start())
}

fn number(text: &str) -> Option<String> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    (1..=PMID_DIGITS_MAX).contains(&digits.len()).then_some(digits)
}

/// Marks that join nothing, whoever bears them. Whether one is among them needs all its bearers.
pub(super) fn telling_nothing(items: &[&Marked], judge: &mut Judge<'_>) -> HashSet<Mark> {
    let mut bearers: HashMap<&str, HashMap<SourceKey, Vec<&Marked>>> = HashMap::new();
    for item in items {
        for mark in &item.marks {
            let by_source = bearers.entry(mark).or_default();
            by_source.entry(item.source).or_default().push(item);
        }
    }
    let nothing = bearers.into_iter().filter(|(mark, by_source)| {
        by_source.values().map(Vec::len).sum::<usize>() > STORY_ITEMS_MAX
            || by_source
                .values()
                .any(|items| is_general(items) || mark.starts_with(LINK) && is_reused(items, judge))
    });
    nothing.map(|(mark, _)| mark.to_owned()).collect()
}

/// Whether so many items of one source bear a mark that it tells none: an issue's own DOI on all its articles.
fn is_general(items: &[&Marked]) -> bool {
    items.len() > BEARERS_OF_ONE_SOURCE_MAX
}

/// Whether a page's publisher uses it again for other news, as BBC and CNN do. What is told alike is the same news under a
/// second guid.
fn is_reused(items: &[&Marked], judge: &mut Judge<'_>) -> bool {
    items
        .iter()
        .enumerate()
        .any(|(at, item)| items[..at].iter().any(|before| !is_edit(item, before, judge)))
}

/// Whether one is the other with another headline.
fn is_edit(one: &Marked, other: &Marked, judge: &mut Judge<'_>) -> bool {
    if one.title == other.title {
        return true;
    }
    if judge.veto(one, other).is_some() {
        return false;
    }
    let one_text = !one.summary.is_empty() && one.summary == other.summary;
    let (a, b) = (judge.title(one).clone(), judge.title(other));
    one_text || is_one_headline(&a, b)
}

fn is_one_headline(one: &Said, other: &Said) -> bool {
    let (covered, other_covered) = (one.covered_by(other), other.covered_by(one));
    let (less, more) = (covered.min(other_covered), covered.max(other_covered));
    less >= EDITED_MIN || more >= 1.0 && less >= LENGTHENED_MIN
}
