//! `[[non_news]]`.

use super::{ENTRIES_MAX, phrase};
use crate::{
    edge::config::{table::Section, value},
    model::{phrases::Phrases, vocabulary::NonNews},
};

/// `None` where anything is faulty.
pub(super) fn read(mut section: Section<'_>) -> Option<NonNews> {
    let name = section.require("name", "\"job advert\"", value::line);
    let unless_relevant = section.take("unless_relevant", value::flag);
    let list = |key| phrases(&mut section, key);
    let [begins, contains, whole, categories] = ["begins", "contains", "is", "categories"].map(list);
    section.finish();
    Some(NonNews {
        name: name?,
        begins: begins?,
        contains: contains?,
        whole: whole?,
        categories: categories?,
        unless_relevant: unless_relevant.unwrap_or_default(),
    })
}

/// An absent list is an empty one.
fn phrases(section: &mut Section<'_>, key: &'static str) -> Option<Phrases<String>> {
    let absent = !section.has(key);
    let list = section.list_of(ENTRIES_MAX, key, "[\"vacancy\"]", phrase);
    let mut phrases = Phrases::default();
    for (phrase, written) in if absent { vec![] } else { list? } {
        phrases.add(phrase, written);
    }
    Some(phrases)
}
