//! `labels.toml`.

use super::{lexicon::phrase, sections, unknown_sections};
use crate::{
    edge::config::{
        fault::Faults,
        file::Document,
        table::{Section, Walk},
        value,
    },
    model::{
        label::{LabelWords, Meaning, NewsType, Site, Word},
        phrases::Phrase,
    },
};

/// Most words of a label.
const WORDS_MAX: usize = 2_000;

const EXAMPLE: &str = "[\"lymphom*\", \"head and neck\"]";

pub(super) fn read(document: &Document, faults: &mut Faults, warnings: &mut Vec<String>) -> LabelWords {
    let (root, walk) = Walk::start(document);
    unknown_sections(root.get_ref(), &["site", "news_type"], &walk);
    let sites = sections(root.get_ref(), "site", "[[site]]", &walk);
    let news_types = sections(root.get_ref(), "news_type", "[[news_type]]", &walk);
    let mut labels = LabelWords::default();
    for section in sites {
        site(section, &mut labels);
    }
    for section in news_types {
        news_type(section, &mut labels);
    }
    walk.finish(faults, warnings);
    labels
}

fn site(mut section: Section<'_>, labels: &mut LabelWords) {
    let names = Site::ALL.map(|site| (site.name(), site));
    let site = section.require("name", "\"breast\"", value::choice(&names));
    let words = section.require_list_of(WORDS_MAX, "words", EXAMPLE, phrase);
    let hints = section.list_of(WORDS_MAX, "hints", EXAMPLE, phrase);
    section.finish();
    let Some(site) = site else { return };
    add(labels, words, Meaning::Site(site));
    add(labels, hints, Meaning::Hint(site));
}

fn news_type(mut section: Section<'_>, labels: &mut LabelWords) {
    let names = NewsType::ALL.map(|news_type| (news_type.name(), news_type));
    let news_type = section.require("name", "\"trial\"", value::choice(&names));
    let words = section.require_list_of(WORDS_MAX, "words", EXAMPLE, phrase);
    section.finish();
    let Some(news_type) = news_type else { return };
    add(labels, words, Meaning::NewsType(news_type));
}

fn add(labels: &mut LabelWords, words: Option<Vec<(Phrase, String)>>, meaning: Meaning) {
    for (phrase, text) in words.into_iter().flatten() {
        labels.0.add(phrase, Word { text, meaning });
    }
}
