//! Whether news is about cancer.
//!
//! A sum over the lexicon's phrases: what speaks of cancer, what speaks of medicine, and what shows that cancer is only
//! the background of something else (a singer's illness, a share price, a horoscope). It is made to be explained to an
//! editor: each phrase's share is kept, and the shares add up to the score.

mod hits;
mod non_news;
mod tally;
#[cfg(test)]
mod tests;

use std::fmt;

pub use self::{
    hits::medicines,
    non_news::{NotNews, non_news},
};
use crate::model::{
    draft::Draft,
    lexicon::Lexicon,
    source::{Outlet, Relevance},
};

/// What is judged: plain texts, and who wrote them.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub categories: &'a [String],
    pub outlet: Option<Outlet>,
}

impl<'a> Subject<'a> {
    /// An entry that is not kept yet.
    pub fn of(draft: &'a Draft, outlet: Option<Outlet>) -> Self {
        Self {
            title: &draft.title,
            summary: &draft.summary,
            categories: &draft.categories,
            outlet,
        }
    }
}

/// What speaks for and against.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The sum of the shares, in steps of 0.01.
    pub value: f64,
    /// From which value on news is about cancer.
    pub relevant_from: f64,
    /// In the order in which they appear; none is zero.
    pub shares: Vec<Share>,
}

impl Score {
    pub fn relevant(&self) -> bool {
        self.value >= self.relevant_from
    }
}

/// What one phrase contributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// As the lexicon has it; of a medicine its international name.
    pub phrase: String,
    pub place: Place,
    pub points: f64,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:+.1} ({})", self.phrase, self.points, self.place.as_str())
    }
}

/// Where a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Title,
    Summary,
    Category,
}

impl Place {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Category => "category",
        }
    }
}

/// Whether news is for channels about cancer, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub score: Score,
    /// The source writes of nothing else.
    pub always: bool,
    /// What it is, where it is no news.
    pub not_news: Option<NotNews>,
}

impl Judgement {
    pub fn relevant(&self) -> bool {
        match &self.not_news {
            Some(not_news) => not_news.unless_relevant && self.score.relevant(),
            None => self.always || self.score.relevant(),
        }
    }
}

pub fn judge(subject: &Subject<'_>, rule: Relevance, lexicon: &Lexicon) -> Judgement {
    Judgement {
        score: score(subject, lexicon),
        always: rule == Relevance::Always,
        not_news: non_news(subject, lexicon),
    }
}

/// Scores in linear time; of each text the first 4,000 characters count.
pub fn score(subject: &Subject<'_>, lexicon: &Lexicon) -> Score {
    let vocabulary = &lexicon.vocabulary;
    let found = hits::find(subject, vocabulary);
    let shares = tally::shares(&found, vocabulary, subject.outlet);
    let sum: f64 = shares.iter().map(|share| share.points).sum();
    Score {
        // No shares add up to -0.
        value: (sum * 100.0).round() / 100.0 + 0.0,
        relevant_from: vocabulary.relevant_from,
        shares,
    }
}
