//! `lexicon.toml`.

mod groups;
mod non_news;
mod outlets;

use toml::{Spanned, de::DeTable};

use self::groups::Listed;
use super::{sections, unknown_sections};
use crate::{
    edge::config::{
        fault::Faults,
        file::Document,
        table::{Section, Walk},
        value::{self, Given, Wrong, quoted},
    },
    model::{lexicon::Lexicon, phrases::Phrase, vocabulary::Vocabulary},
};

/// Most points of one phrase, for or against. Three make news relevant.
const POINTS_MAX: f64 = 20.0;

/// Most entries of one list. The longest that is shipped has some 500.
const ENTRIES_MAX: usize = 5_000;

const SECTIONS: [&str; 4] = ["relevance", "group", "medicines", "non_news"];

pub(super) fn read(document: &Document, faults: &mut Faults, warnings: &mut Vec<String>) -> Lexicon {
    let (root, walk) = Walk::start(document);
    unknown_sections(root.get_ref(), &SECTIONS, &walk);
    let vocabulary = vocabulary(root.get_ref(), &walk);
    walk.finish(faults, warnings);
    Lexicon {
        vocabulary: vocabulary.unwrap_or_default(),
    }
}

/// `None` where anything is faulty.
fn vocabulary<'a>(root: &'a DeTable<'a>, walk: &'a Walk<'a>) -> Option<Vocabulary> {
    let mut listed = Listed::default();
    for section in sections(root, "group", "[[group]]", walk) {
        listed.words(section);
    }
    for section in sections(root, "medicines", "[[medicines]]", walk) {
        listed.medicines(section);
    }
    let non_news = sections(root, "non_news", "[[non_news]]", walk);
    let non_news: Vec<_> = non_news.into_iter().map(non_news::read).collect();
    let relevance = root.get("relevance");
    let span = relevance.map_or(0..0, Spanned::span);
    let table = relevance.and_then(|value| value.get_ref().as_table());
    let mut section = Section::new("[relevance]", table, span, walk);
    let relevant_from = section.require("relevant_from", "2.8", value::decimal(0.1..=POINTS_MAX));
    let outlets = outlets::read(&mut section);
    section.finish();
    let (groups, phrases) = listed.finish()?;
    Some(Vocabulary {
        relevant_from: relevant_from?,
        outlets: outlets?,
        groups,
        phrases,
        non_news: non_news.into_iter().collect::<Option<_>>()?,
    })
}

/// An entry as it is found, and as it is written.
pub(super) fn phrase(given: Given<'_>) -> Result<(Phrase, String), Wrong> {
    let text = value::line(given)?;
    parsed(&text).map(|phrase| (phrase, text))
}

fn parsed(text: &str) -> Result<Phrase, Wrong> {
    Phrase::parse(text).map_err(|why| Wrong::new(format!("{} {why}", quoted(text))))
}
