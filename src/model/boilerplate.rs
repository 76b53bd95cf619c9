//! What publishers put around their prose, as rules.

use std::fmt;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Compiled size of one expression, in bytes: what the crate allows, and five times the largest that is shipped.
const REGEX_BYTES_MAX: usize = 10 * 1024 * 1024;

/// Compiled size of all expressions for paragraphs together, in bytes.
const SET_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where a rule's pattern holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is a whole paragraph.
    Paragraph,
    /// It stands at the start of the text; what its first group holds stays.
    Head,
    /// It stands at the end of the text; what its first group holds stays.
    Tail,
}

/// One thing that is no prose.
#[derive(Debug, Clone)]
pub struct Habit {
    place: Place,
    pattern: String,
    regex: Regex,
}

impl Habit {
    /// `pattern` in the syntax of the `regex` crate; matched against single paragraphs, or the whole text on one line.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    pub fn new(place: Place, pattern: &str) -> Result<Self, String> {
        let anchored = match place {
            Place::Paragraph => format!("^(?:{pattern})$"),
            Place::Head => format!("^(?:{pattern})"),
            Place::Tail => format!("(?:{pattern})$"),
        };
        let regex = RegexBuilder::new(&anchored).size_limit(REGEX_BYTES_MAX).build();
        Ok(Self {
            place,
            pattern: pattern.to_owned(),
            regex: regex.map_err(|error| last_line(&error))?,
        })
    }
}

impl PartialEq for Habit {
    fn eq(&self, other: &Self) -> bool {
        (self.place, &self.pattern) == (other.place, &other.pattern)
    }
}

/// All rules, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Boilerplate {
    habits: Vec<Habit>,
    paragraphs: RegexSet,
}

impl Boilerplate {
    /// # Errors
    /// A sentence, where the rules for paragraphs are too large together.
    pub fn new(habits: Vec<Habit>) -> Result<Self, String> {
        let of_paragraphs = habits.iter().filter(|habit| habit.place == Place::Paragraph);
        let paragraphs = RegexSetBuilder::new(of_paragraphs.map(|habit| habit.regex.as_str()))
            .size_limit(SET_BYTES_MAX)
            .build()
            .map_err(|error| last_line(&error))?;
        Ok(Self { habits, paragraphs })
    }

    pub fn is_paragraph(&self, paragraph: &str) -> bool {
        self.paragraphs.is_match(paragraph)
    }

    /// What the rules are, as they were written.
    pub fn patterns(&self) -> impl Iterator<Item = (Place, &str)> {
        self.habits.iter().map(|habit| (habit.place, habit.pattern.as_str()))
    }

    /// The expressions that stand at the start, or at the end, of a text.
    pub fn at(&self, place: Place) -> impl Iterator<Item = &Regex> {
        let there = self.habits.iter().filter(move |habit| habit.place == place);
        there.map(|habit| &habit.regex)
    }
}

impl PartialEq for Boilerplate {
    fn eq(&self, other: &Self) -> bool {
        self.habits == other.habits
    }
}

fn last_line(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default().trim();
    line.trim_start_matches("error: ").to_owned()
}
