//! Which phrases a text has.

use std::collections::BTreeSet;

use super::{Place, Subject};
use crate::model::{
    lexicon::Lexicon,
    phrases::{Phrase, Words, beginning},
    vocabulary::{Family, Meaning, Vocabulary},
};

/// Most categories that are read; a publisher that sends more sends its index.
const CATEGORIES_MAX: usize = 50;

/// Longest age, in years.
const AGE_MAX: u8 = 110;

/// What was found in a title, summary and categories, in this order.
#[derive(Debug, Default)]
pub(super) struct Hits<'a> {
    pub(super) phrases: Vec<(Place, &'a Meaning)>,
    /// Where somebody's age stands between commas: "Woman, 21, tells", as no journal has it.
    pub(super) ages: Vec<Place>,
}

pub(super) fn find<'a>(subject: &Subject<'_>, vocabulary: &'a Vocabulary) -> Hits<'a> {
    let mut hits = Hits::default();
    hits.read(Place::Title, subject.title, vocabulary);
    hits.read(Place::Summary, subject.summary, vocabulary);
    for category in subject.categories.iter().take(CATEGORIES_MAX) {
        hits.read(Place::Category, category, vocabulary);
    }
    hits
}

/// The international names of the medicines that a text names, by whatever name it does.
pub fn medicines<'a>(text: &str, lexicon: &'a Lexicon) -> BTreeSet<&'a str> {
    let mut hits = Hits::default();
    hits.read(Place::Title, text, &lexicon.vocabulary);
    let meanings = hits.phrases.into_iter().map(|(_, meaning)| meaning);
    let medicines = meanings.filter(|meaning| meaning.medicine);
    medicines.map(|meaning| meaning.name.as_str()).collect()
}

impl<'a> Hits<'a> {
    fn read(&mut self, place: Place, text: &str, vocabulary: &'a Vocabulary) {
        if tells_an_age(beginning(text)) {
            self.ages.push(place);
        }
        let words = Words::of(text);
        let words = words.list();
        let mut taken = Taken::default();
        for at in 0..words.len() {
            let mut best = Best::default();
            for (phrase, meaning) in vocabulary.phrases.at(words.get(at..).unwrap_or_default()) {
                best.offer(phrase, meaning);
            }
            for (phrase, meaning) in best.chosen() {
                if taken.take(meaning.kind.family(), at, phrase.length()) {
                    self.phrases.push((place, meaning));
                }
            }
        }
    }
}

/// The phrase of each family that says most about a word.
#[derive(Default)]
struct Best<'a> {
    of: [Option<(&'a Phrase, &'a Meaning)>; Family::ALL.len()],
}

impl<'a> Best<'a> {
    fn offer(&mut self, phrase: &'a Phrase, meaning: &'a Meaning) {
        if let Some(best) = self.of.get_mut(meaning.kind.family() as usize)
            && best.is_none_or(|(known, _)| phrase.weight() > known.weight())
        {
            *best = Some((phrase, meaning));
        }
    }

    /// What means something else stands alone, unless a longer phrase says what is meant.
    fn chosen(self) -> impl Iterator<Item = (&'a Phrase, &'a Meaning)> {
        let length = |of: &Option<(&Phrase, &Meaning)>| of.map_or(0, |(phrase, _)| phrase.length());
        let instead = length(&self.of[Family::Instead as usize]);
        let alone = instead > 0 && self.of.iter().all(|of| length(of) <= instead);
        let chosen = self.of.into_iter().flatten();
        chosen.filter(move |(_, meaning)| (meaning.kind.family() == Family::Instead) == alone)
    }
}

/// Up to where the words of a text are used, by family.
#[derive(Default)]
struct Taken {
    until: [usize; Family::ALL.len()],
}

impl Taken {
    fn take(&mut self, family: Family, at: usize, length: usize) -> bool {
        if self.until.get(family as usize).is_none_or(|until| at < *until) {
            return false;
        }
        for (other, until) in Family::ALL.into_iter().zip(&mut self.until) {
            if other == family || family == Family::Instead {
                *until = (*until).max(at + length);
            }
        }
        true
    }
}

/// A number set off by commas that can be a person's age; `50,000` is none.
pub(super) fn tells_an_age(text: &str) -> bool {
    let parts: Vec<_> = text.split(", ").collect();
    let is_age = |part: &str| part.parse::<u8>().is_ok_and(|age| (1..=AGE_MAX).contains(&age));
    parts.windows(3).any(|parts| {
        let [before, part, after] = parts else { return false };
        // `16, 18, 31 and 33` are types of a virus.
        is_age(part)
            && !before.ends_with(|c: char| c.is_ascii_digit())
            && !after.starts_with(|c: char| c.is_ascii_digit())
    })
}
