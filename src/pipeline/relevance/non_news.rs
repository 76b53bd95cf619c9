//! What is no news, even from a source that writes of nothing but cancer: adverts, tables of contents.

use std::fmt;

use super::Subject;
use crate::model::{
    lexicon::Lexicon,
    phrases::{Phrases, Words},
    vocabulary::NonNews,
};

/// Most categories that are read.
const CATEGORIES_MAX: usize = 50;

/// Why an entry is no news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotNews {
    /// What it is instead: "job advert".
    pub what: String,
    /// By which words that is known, as the lexicon has them.
    pub phrase: String,
    /// It is news all the same where its words speak of cancer.
    pub unless_relevant: bool,
}

impl fmt::Display for NotNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (\"{}\")", self.what, self.phrase)
    }
}

/// `None` for news.
pub fn non_news(subject: &Subject<'_>, lexicon: &Lexicon) -> Option<NotNews> {
    let title = Words::of(subject.title);
    let title = title.list();
    lexicon.vocabulary.non_news.iter().find_map(|kind| {
        let begins = kind.begins.best_at(&title).map(|(_, written)| written);
        let phrase = begins
            .or_else(|| anywhere(&kind.contains, &title))
            .or_else(|| whole(&kind.whole, &title))
            .or_else(|| category(kind, subject.categories))?;
        Some(NotNews {
            what: kind.name.clone(),
            phrase: phrase.clone(),
            unless_relevant: kind.unless_relevant,
        })
    })
}

fn anywhere<'a>(phrases: &'a Phrases<String>, words: &[&str]) -> Option<&'a String> {
    (0..words.len()).find_map(|at| phrases.best_at(words.get(at..)?).map(|(_, written)| written))
}

fn whole<'a>(phrases: &'a Phrases<String>, words: &[&str]) -> Option<&'a String> {
    let (phrase, written) = phrases.best_at(words)?;
    (phrase.length() == words.len()).then_some(written)
}

fn category<'a>(kind: &'a NonNews, categories: &[String]) -> Option<&'a String> {
    categories.iter().take(CATEGORIES_MAX).find_map(|category| {
        let words = Words::of(category);
        whole(&kind.categories, &words.list())
    })
}
