//! Whether news is about cancer.
//!
//! A sum over terms: what speaks of cancer, what speaks of medicine, and what shows that cancer is only the
//! background of something else (a singer's illness, a share price, a horoscope). It is made to be explained to an
//! editor: every term that counted is named.

use std::collections::HashSet;

use crate::model::{
    draft::Draft,
    lexicon::{Lexicon, Term},
};

/// From here on news is about cancer: one plain term in a title is enough, two are needed in a summary.
pub const RELEVANT_FROM: f64 = 3.0;

/// What medicine in general may add to what speaks of cancer: a drug approval says nothing by itself.
const CONTEXT_SHARE: f64 = 0.5;

/// What somebody's age in a title is worth: "Woman, 21, tells", as no paper has it.
const AGE: f64 = -1.6;

/// Most words of a text that are read; a summary of 4,000 characters has some 700.
const WORDS_MAX: usize = 1_000;

/// What speaks for and against.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Compared with [`RELEVANT_FROM`].
    pub value: f64,
    /// The terms that counted, those against with a minus sign; in the order in which they appear.
    pub terms: Vec<String>,
}

impl Score {
    pub fn relevant(&self) -> bool {
        self.value >= RELEVANT_FROM
    }
}

/// Where a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Text,
}

/// Scores an entry that is not kept yet.
pub fn of(draft: &Draft, lexicon: &Lexicon) -> Score {
    score(&draft.title, &draft.summary, &draft.categories, lexicon)
}

/// Scores plain texts. A term counts once in the title and once in all the rest.
pub fn score(title: &str, summary: &str, categories: &[String], lexicon: &Lexicon) -> Score {
    let mut tally = Tally::new(lexicon);
    if tells_an_age(title) {
        tally.title += AGE;
        tally.terms.push("-age".into());
    }
    tally.read(Field::Title, title);
    tally.read(Field::Text, summary);
    for category in categories {
        tally.read(Field::Text, category);
    }
    tally.score()
}

#[derive(Debug)]
struct Tally<'a> {
    lexicon: &'a Lexicon,
    title: f64,
    context: f64,
    /// By group: what a summary can say for or against is bounded.
    text: Vec<f64>,
    counted: HashSet<(&'a str, bool)>,
    named: HashSet<&'a str>,
    terms: Vec<String>,
}

impl<'a> Tally<'a> {
    fn new(lexicon: &'a Lexicon) -> Self {
        Self {
            lexicon,
            title: 0.0,
            context: 0.0,
            text: vec![0.0; lexicon.groups().len()],
            counted: HashSet::new(),
            named: HashSet::new(),
            terms: vec![],
        }
    }

    fn read(&mut self, field: Field, text: &str) {
        let words = words(text);
        for at in 0..words.len() {
            for term in self.lexicon.at(words.get(at..).unwrap_or_default()) {
                self.count(field, term);
            }
        }
    }

    fn count(&mut self, field: Field, term: &'a Term) {
        let Some(group) = self.lexicon.groups().get(term.group) else {
            return;
        };
        if !self.counted.insert((&term.text, field == Field::Title)) {
            return;
        }
        match field {
            Field::Title if group.context => self.context += group.title,
            Field::Title => self.title += group.title,
            Field::Text => {
                if let Some(sum) = self.text.get_mut(term.group) {
                    *sum += group.text;
                }
            }
        }
        if self.named.insert(&term.text) {
            let sign = if group.title < 0.0 { "-" } else { "" };
            self.terms.push(format!("{sign}{}", term.text));
        }
    }

    fn score(self) -> Score {
        let (mut specific, mut context) = (self.title, self.context);
        for (group, sum) in self.lexicon.groups().iter().zip(self.text) {
            let sum = sum.clamp(-group.text_most, group.text_most);
            *(if group.context { &mut context } else { &mut specific }) += sum;
        }
        Score {
            value: specific + context.min(specific.max(0.0) * CONTEXT_SHARE),
            terms: self.terms,
        }
    }
}

/// A number set off by commas that can be a person's age; `50,000` is none.
fn tells_an_age(title: &str) -> bool {
    let parts: Vec<_> = title.split(", ").collect();
    let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    inner
        .iter()
        .any(|part| part.parse::<u8>().is_ok_and(|age| (1..=110).contains(&age)))
}

/// Lower-case words; what joins their parts (`PD-1`, `CDK4/6`) parts them.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shipped::EDITORIAL;

    fn scored(title: &str, summary: &str, categories: &[String]) -> Score {
        score(title, summary, categories, &EDITORIAL.lexicon)
    }

    fn relevant(title: &str, summary: &str) -> bool {
        scored(title, summary, &[]).relevant()
    }

    #[test]
    fn news_of_cancer_is_relevant() {
        for title in [
            "Study offers insights to how ovarian cancer grows",
            "Leukaemia drug approved",
            "Leukemia drug approved",
            "Tumours shrink under radiotherapy",
            "New oncologist posts for the NHS",
            "SACT waiting times rise",
            "Pembrolizumab in advanced melanoma",
            "Detecting cells before they form metastases",
        ] {
            assert!(relevant(title, ""), "{title}");
        }
        assert!(relevant(
            "A new drug",
            "Patients with lymphoma who had chemotherapy lived longer."
        ));
        assert!(scored("Trial results", "Chemotherapy works.", &["Breast cancer".into()]).relevant());
    }

    #[test]
    fn news_of_other_things_is_not() {
        for (title, summary) in [
            ("Iron for anaemia", "A trial in pregnancy."),
            ("Your horoscope: Cancer", "The moon is in Cancer."),
            ("Driving along the Tropic of Cancer", ""),
            ("Corruption is a cancer on our society", ""),
            ("Soap star dies of cancer aged 84", "The actress had breast cancer."),
            ("Oncology drugs market size to reach $300bn by 2030", "CAGR of 9 %."),
            ("Scan of the week", "One of the patients had cancer."),
        ] {
            assert!(!relevant(title, summary), "{title}: {:?}", scored(title, summary, &[]));
        }
    }

    #[test]
    fn the_terms_are_named_once_with_their_sign() {
        let score = scored("Actor on cancer", "Cancer and chemotherapy", &["Cancer".into()]);
        assert_eq!(score.terms, ["-actor", "cancer*", "chemo*"]);
        assert!(tells_an_age("Woman, 21, tells") && !tells_an_age("In months, 50,000, and more"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_score(title in r"\PC{0,60}", summary in r"(?s)(cancer |\PC|.){0,200}", categories in prop::collection::vec(r"\PC{0,20}", 0..4)) {
            prop_assert!(scored(&title, &summary, &categories).value.is_finite());
        }
    }

    #[test]
    fn a_long_text_takes_no_longer_than_its_first_words() {
        let long = "cancer tumour checkpoint ".repeat(100_000);
        let started = std::time::Instant::now();
        scored(&long, &long, &[]);
        assert!(started.elapsed().as_secs() < 5);
    }
}
