//! One rule.

use std::{fmt, ops::Range};

use regex::{Captures, Regex, RegexBuilder};

/// Compiled size of one expression, in bytes: twice that of the largest that is shipped.
const REGEX_BYTES_MAX: usize = 512 * 1024;

/// What an expression may remember of the texts it has seen, in bytes. There are a hundred of them, and what they
/// forget they find out again.
const MEMORY_BYTES_MAX: usize = 256 * 1024;

/// How far before the end of a text a tail may begin, in bytes. The longest that was seen has some 500; a search that
/// has the whole text before it takes ten times as long.
const TAIL_BYTES_MAX: usize = 1_200;

/// What no rule may touch: one that does is a slip, and would leave sources without excerpts.
const PROSE: &str = "Doctors at the hospital treated 12 patients.";

/// Where a rule's pattern holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is a whole paragraph.
    Paragraph,
    /// It is the whole first paragraph of those that are left.
    First,
    /// It stands at the start of the text; what its first group holds stays.
    Head,
    /// It stands at the end of the text; what its first group holds stays.
    Tail,
}

/// One thing that is no prose.
#[derive(Debug, Clone)]
pub struct Habit {
    name: String,
    place: Place,
    pattern: String,
    regex: Regex,
}

impl Habit {
    /// `pattern` in the syntax of the `regex` crate; matched against single paragraphs, or the whole text on one line.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the pattern.
    pub fn new(name: &str, place: Place, pattern: &str) -> Result<Self, String> {
        let anchored = match place {
            Place::Paragraph | Place::First => format!("^(?:{pattern})$"),
            Place::Head => format!("^(?:{pattern})"),
            Place::Tail => format!("(?:{pattern})$"),
        };
        let mut builder = RegexBuilder::new(&anchored);
        builder.size_limit(REGEX_BYTES_MAX).dfa_size_limit(MEMORY_BYTES_MAX);
        let habit = Self {
            name: name.to_owned(),
            place,
            pattern: pattern.to_owned(),
            regex: builder.build().map_err(|error| last_line(&error))?,
        };
        match habit.regex.is_match("") || habit.cut(PROSE).is_some() {
            true => Err("it would take off any text".into()),
            false => Ok(habit),
        }
    }

    /// What editors call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As it was written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    pub fn place(&self) -> Place {
        self.place
    }

    /// The part of a paragraph or text that it takes off; `None` where there is nothing to take.
    pub fn cut(&self, text: &str) -> Option<Range<usize>> {
        let cut = match self.place {
            Place::Paragraph | Place::First => self.regex.is_match(text).then_some(0..text.len())?,
            Place::Head => 0..behind(&self.regex.captures(text)?),
            Place::Tail => {
                let from = text.ceil_char_boundary(text.len().saturating_sub(TAIL_BYTES_MAX));
                from + before(&self.regex.captures(text.get(from..)?)?)..text.len()
            }
        };
        (!cut.is_empty()).then_some(cut)
    }

    /// What it alone leaves of its own example, on one line. Summaries are read with all rules: `pipeline::extract`.
    pub fn leaves(&self, example: &str) -> String {
        let mut paragraphs: Vec<_> = example.lines().map(str::trim).collect();
        match self.place {
            Place::Paragraph => paragraphs.retain(|paragraph| self.cut(paragraph).is_none()),
            Place::First if paragraphs.first().is_some_and(|first| self.cut(first).is_some()) => {
                paragraphs.remove(0);
            }
            Place::First | Place::Head | Place::Tail => {}
        }
        let mut text = paragraphs.join(" ");
        if matches!(self.place, Place::Head | Place::Tail)
            && let Some(cut) = self.cut(&text)
        {
            text.replace_range(cut, "");
        }
        text.trim().to_owned()
    }
}

impl PartialEq for Habit {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.place, &self.pattern) == (&other.name, other.place, &other.pattern)
    }
}

/// Where what stays begins behind a head.
fn behind(found: &Captures<'_>) -> usize {
    let whole = found.get(0).map_or(0, |whole| whole.end());
    found.get(1).map_or(whole, |kept| kept.start())
}

/// Where what stays ends before a tail.
fn before(found: &Captures<'_>) -> usize {
    let whole = found.get(0).map_or(0, |whole| whole.start());
    found.get(1).map_or(whole, |kept| kept.end())
}

/// The `regex` crate draws the pattern first, and says what is wrong with it last.
fn last_line(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default().trim();
    line.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(place: Place, pattern: &str, example: &str, expect: &str) {
        let habit = Habit::new("x", place, pattern).unwrap();
        assert_eq!(habit.leaves(example), expect, "{pattern} of {example:?}");
    }

    #[test]
    fn a_rule_holds_at_its_place_alone() {
        for (place, expect) in [
            (Place::Paragraph, "b a c"),
            (Place::First, "b a c a"),
            (Place::Head, "b a c a"),
            (Place::Tail, "a b a c"),
        ] {
            leaves(place, "a", "a\nb a\nc\na", expect);
        }
        leaves(Place::First, "a", "b\na", "b a");
    }

    #[test]
    fn what_a_group_holds_stays() {
        leaves(Place::Head, "Aim (\\p{Lu})", "Aim To ask.", "To ask.");
        leaves(Place::Head, "Aim (\\p{Lu})", "Aim to ask.", "Aim to ask.");
        leaves(Place::Tail, "([.!]) More", "Text. More", "Text.");
        leaves(Place::Tail, "(?:^|([.!]) )More", "More", "");
    }

    #[test]
    fn a_tail_begins_near_the_end() {
        let text = format!("Text. More {}", "é".repeat(TAIL_BYTES_MAX));
        leaves(Place::Tail, r"([.!]) More .*", &text, &text);
    }

    #[test]
    fn faulty_patterns_say_why() {
        for pattern in ["(", "[a", r"\p{Greek}{900}{900}", "", "x*", ".+", r"\w+"] {
            let why = Habit::new("x", Place::Head, pattern).unwrap_err();
            assert!(!why.is_empty() && !why.contains('\n'), "{pattern}: {why}");
        }
    }
}
