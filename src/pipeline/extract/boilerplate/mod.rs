//! What publishers put around their prose, taken off again (design §6.1).
//!
//! The rules are data (`config/boilerplate.toml`, and `boilerplate` of a source). What remains is prose or nothing; prose
//! itself is never reworded. What was taken off is kept beside it, for whoever asks why.

mod title;

use self::title::{behind_title, without_title};
use crate::model::boilerplate::{Habit, Habits, Place};

/// Most rounds of taking off heads and tails; real feeds need three.
const ROUNDS_MAX: usize = 8;

/// What the repetition of a title is called among the cuts.
const TITLE: &str = "the title again";

/// A summary without what is no prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// On one line; empty where there is none.
    pub text: String,
    /// In the order in which they were made.
    pub cuts: Vec<Cut>,
}

/// One thing that was taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The name of the rule.
    pub rule: String,
    pub place: Place,
    pub text: String,
}

impl Cut {
    fn new(rule: &str, place: Place, text: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            place,
            text: text.trim().to_owned(),
        }
    }
}

/// The prose of a summary, and what was taken off it.
pub fn prose(summary: &str, title: &str, habits: Habits<'_>) -> Prose {
    let mut cuts = vec![];
    let paragraphs = paragraphs(summary, title, habits, &mut cuts);
    let words: Vec<_> = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.split_whitespace())
        .collect();
    let text = words.join(" ");
    let left = without_ends(&text, title, habits, &mut cuts);
    let text = if left.contains(char::is_alphanumeric) { left } else { "" };
    Prose {
        text: text.to_owned(),
        cuts,
    }
}

fn paragraphs<'a>(summary: &'a str, title: &str, habits: Habits<'_>, cuts: &mut Vec<Cut>) -> Vec<&'a str> {
    let mut left: Vec<&str> = vec![];
    for paragraph in summary.lines().map(str::trim) {
        let is_first = left.is_empty();
        let of_first = || {
            habits
                .at(Place::First)
                .find(|habit| is_first && takes(habit, paragraph))
        };
        let habit = habits.at(Place::Paragraph).find(|habit| takes(habit, paragraph));
        match habit.or_else(of_first) {
            Some(habit) => cuts.push(Cut::new(habit.name(), habit.place(), paragraph)),
            None if is_first && behind_title(paragraph, title) == Some("") => {
                cuts.push(Cut::new(TITLE, Place::First, paragraph));
            }
            None => left.push(paragraph),
        }
    }
    left
}

fn takes(habit: &Habit, paragraph: &str) -> bool {
    habit.cut(paragraph).is_some()
}

fn without_ends<'a>(text: &'a str, title: &str, habits: Habits<'_>, cuts: &mut Vec<Cut>) -> &'a str {
    let mut left = text;
    for _ in 0..ROUNDS_MAX {
        let before = left;
        left = without(left, Place::Head, habits, cuts);
        let rest = without_title(left, title);
        if let Some(repeated) = left.strip_suffix(rest).filter(|repeated| !repeated.is_empty()) {
            cuts.push(Cut::new(TITLE, Place::Head, repeated));
        }
        left = without(rest, Place::Tail, habits, cuts);
        if left.len() == before.len() {
            break;
        }
    }
    left
}

/// Without what each habit of one end takes off, one after the other.
fn without<'a>(text: &'a str, place: Place, habits: Habits<'_>, cuts: &mut Vec<Cut>) -> &'a str {
    habits.at(place).fold(text, |left, habit| {
        let Some(cut) = habit.cut(left) else { return left };
        cuts.push(Cut::new(habit.name(), place, left.get(cut.clone()).unwrap_or_default()));
        let before = left.get(..cut.start).unwrap_or_default();
        let after = left.get(cut.end..).unwrap_or_default();
        if place == Place::Head {
            after.trim_start()
        } else {
            before.trim_end()
        }
    })
}

#[cfg(test)]
mod tests;
