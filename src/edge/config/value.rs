//! One value: from what was written to a noun, or to a sentence that says what is wrong.

mod certificates;
mod credentials;
mod duration;
mod operator;
mod size;
mod web;

use std::{fmt::Display, ops::RangeInclusive, path::PathBuf};

use toml::de::DeValue;

pub(super) use self::{
    certificates::certificates,
    credentials::credentials,
    duration::{duration, spell},
    operator::{contact, cron, language, listen, log_level, network, proxy, timezone},
    size::size,
    web::{base_url, host, web_url},
};
use super::suggest;

/// Longest one-line text, in characters: a name or title that is longer breaks every layout.
const LINE_CHARS_MAX: usize = 200;

/// Longest part of a value that a message repeats, in characters.
const QUOTED_CHARS_MAX: usize = 60;

/// A value as it was given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    Toml(&'a DeValue<'a>),
    /// By a variable, which knows no types.
    Text(&'a str),
}

/// What is wrong with a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

impl<'a> Given<'a> {
    /// `expected` says in words what was hoped for, should it be no text.
    pub(super) fn text(self, expected: &str) -> Result<&'a str, Wrong> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Toml(DeValue::String(text)) => Ok(text),
            Self::Toml(other) => Err(self.wrong_type(expected, other)),
        }
    }

    fn whole_number(self) -> Result<i64, Wrong> {
        let expected = "a whole number";
        let parsed = match self {
            Self::Text(text) => text.trim().parse(),
            Self::Toml(DeValue::Integer(number)) => i64::from_str_radix(number.as_str(), number.radix()),
            Self::Toml(other) => return Err(self.wrong_type(expected, other)),
        };
        parsed.map_err(|_| Wrong::new(format!("expected {expected}")))
    }

    fn wrong_type(self, expected: &str, found: &DeValue<'_>) -> Wrong {
        Wrong::new(format!("expected {expected}, found {}", kind(found)))
    }
}

/// A value's type, for a reader who knows none of TOML's.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text in quotes",
        DeValue::Integer(_) | DeValue::Float(_) => "a number without quotes",
        DeValue::Boolean(_) => "true or false without quotes",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What was written, short and without control characters, in backticks.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(QUOTED_CHARS_MAX)
        .flat_map(char::escape_debug)
        .collect();
    // Quotes of TOML's own need no escape in a message.
    shown = shown.replace("\\\"", "\"").replace("\\'", "'");
    match text.chars().nth(QUOTED_CHARS_MAX) {
        Some(_) => format!("`{shown}…`"),
        None => format!("`{shown}`"),
    }
}

/// One line of text, trimmed, never empty.
pub(super) fn line(given: Given<'_>) -> Result<String, Wrong> {
    let text = given.text("text in quotes")?.trim();
    if text.is_empty() {
        return Err(Wrong::new("must not be empty"));
    }
    if text.chars().any(unprintable) {
        return Err(Wrong::new("must be one line without control characters"));
    }
    match text.chars().count() {
        length if length > LINE_CHARS_MAX => Err(Wrong::new(format!(
            "{length} characters; at most {LINE_CHARS_MAX} are allowed"
        ))),
        _ => Ok(text.to_owned()),
    }
}

/// Control characters, and those that turn the direction of the text around them.
fn unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// As `read`, but "" is none.
pub(super) fn optional<T>(
    read: impl Fn(Given<'_>) -> Result<T, Wrong>,
) -> impl Fn(Given<'_>) -> Result<Option<T>, Wrong> {
    move |given| match given.text("text in quotes") {
        Ok("") => Ok(None),
        _ => read(given).map(Some),
    }
}

pub(super) fn flag(given: Given<'_>) -> Result<bool, Wrong> {
    match given {
        Given::Toml(DeValue::Boolean(flag)) => Ok(*flag),
        Given::Toml(DeValue::String(text)) if matches!(text.as_ref(), "true" | "false") => {
            Err(Wrong::new("expected true or false").help(format!("without quotes: {text}")))
        }
        Given::Toml(other) => Err(given.wrong_type("true or false", other)),
        Given::Text("true") => Ok(true),
        Given::Text("false") => Ok(false),
        Given::Text(_) => Err(Wrong::new("expected true or false")),
    }
}

/// A number with or without a fraction.
pub(super) fn decimal(range: RangeInclusive<f64>) -> impl Fn(Given<'_>) -> Result<f64, Wrong> {
    move |given| {
        let expected = "a number";
        let parsed = match given {
            Given::Text(text) => text.trim().parse().ok(),
            Given::Toml(DeValue::Float(number)) => number.as_str().parse().ok(),
            Given::Toml(DeValue::Integer(_)) => given.whole_number().ok().map(|number| number as f64),
            Given::Toml(other) => return Err(given.wrong_type(expected, other)),
        };
        let number = parsed.ok_or_else(|| Wrong::new(format!("expected {expected}")))?;
        within(number, &range, range.start(), range.end())
    }
}

pub(super) fn number(range: RangeInclusive<i64>) -> impl Fn(Given<'_>) -> Result<i64, Wrong> {
    move |given| within(given.whole_number()?, &range, range.start(), range.end())
}

pub(super) fn count(range: RangeInclusive<usize>) -> impl Fn(Given<'_>) -> Result<usize, Wrong> {
    move |given| {
        let number = given.whole_number()?;
        // Below zero is out of every range of counts.
        let count = usize::try_from(number).map_err(|_| out_of(&number, range.start(), range.end()))?;
        within(count, &range, range.start(), range.end())
    }
}

fn within<T: PartialOrd + Display>(
    value: T,
    range: &RangeInclusive<T>,
    least: &dyn Display,
    most: &dyn Display,
) -> Result<T, Wrong> {
    match range.contains(&value) {
        true => Ok(value),
        false => Err(out_of(&value, least, most)),
    }
}

fn out_of(value: &dyn Display, least: &dyn Display, most: &dyn Display) -> Wrong {
    Wrong::new(format!("{value} is out of bounds: {least} to {most}"))
}

/// One of a few words.
pub(super) fn choice<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(Given<'_>) -> Result<T, Wrong> {
    move |given| {
        let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
        let expected = names
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(" or ");
        let text = given.text(&expected)?;
        words
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, value)| *value)
            .ok_or_else(|| {
                let wrong = Wrong::new(format!("expected {expected}, found {}", quoted(text)));
                match suggest::closest(text, names) {
                    Some(meant) => wrong.help(format!("did you mean \"{meant}\"?")),
                    None => wrong,
                }
            })
    }
}

pub(super) fn path(given: Given<'_>) -> Result<PathBuf, Wrong> {
    line(given).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_is_short_and_harmless() {
        assert_eq!(quoted("say \"a\u{1b}\""), "`say \"a\\u{1b}\"`");
        assert!(quoted(&"x".repeat(10_000)).chars().count() < 70);
    }

    #[test]
    fn lines() {
        assert_eq!(
            line(Given::Text("  Cancer Research UK ")).unwrap(),
            "Cancer Research UK"
        );
        for bad in ["", "  ", "a\nb", "a\u{202e}b", "a\u{7}", &"x".repeat(201)] {
            assert!(line(Given::Text(bad)).is_err(), "{bad:?}");
        }
    }
}
