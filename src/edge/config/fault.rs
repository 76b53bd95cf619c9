//! What is wrong with a file, as its editor sees it.

mod secrecy;

use std::{fmt, path::Path};

use self::secrecy::{without_secrets, without_values};

/// Most faults shown of one file. Whoever passes an HTML page as feeds.toml has seen enough by then.
pub(super) const SHOWN_MAX: usize = 100;

/// Longest part of a line that is shown, in characters: what a terminal holds without wrapping twice.
const LINE_CHARS_MAX: usize = 120;

/// How much of a longer line is shown before the fault.
const LEAD_CHARS: usize = 40;

/// One fault, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    place: Place,
    message: String,
    /// What to do about it.
    help: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    File(String),
    Variable(String),
    Line(Line),
}

/// A part of one line. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) file: String,
    pub(super) number: usize,
    pub(super) column: usize,
    /// The whole line.
    pub(super) text: String,
    /// Characters at fault, at least one.
    pub(super) width: usize,
}

impl Fault {
    pub(super) fn of_file(file: &Path, message: impl Into<String>, help: Option<&str>) -> Self {
        Self {
            place: Place::File(file.display().to_string()),
            message: message.into(),
            help: help.map(str::to_owned),
        }
    }

    pub(super) fn of_variable(name: String, message: String, help: Option<String>) -> Self {
        Self {
            place: Place::Variable(name),
            message,
            help,
        }
    }

    pub(super) fn of_line(line: Line, message: String, help: Option<String>) -> Self {
        Self {
            place: Place::Line(line),
            message,
            help,
        }
    }

    /// What it is counted under.
    fn origin(&self) -> &str {
        match &self.place {
            Place::File(file) | Place::Line(Line { file, .. }) => file,
            Place::Variable(_) => "the environment",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File(name) | Place::Variable(name) => {
                writeln!(f, "{name}: {}", self.message)?;
                help(f, "  ", self.help.as_deref())
            }
            Place::Line(line) => {
                writeln!(f, "{}: {}", line.position(), self.message)?;
                let (text, before) = line.excerpt();
                let gutter = " ".repeat(line.number.to_string().len());
                let width = line.width.min(text.chars().count().saturating_sub(before)).max(1);
                writeln!(f, "  {} | {text}", line.number)?;
                writeln!(f, "  {gutter} | {}{}", " ".repeat(before), "^".repeat(width))?;
                help(f, &format!("  {gutter} "), self.help.as_deref())
            }
        }
    }
}

fn help(f: &mut fmt::Formatter<'_>, indent: &str, help: Option<&str>) -> fmt::Result {
    match help {
        Some(help) => writeln!(f, "{indent}= {help}"),
        None => Ok(()),
    }
}

impl Line {
    pub(super) fn position(&self) -> String {
        format!("{}:{}:{}", self.file, self.number, self.column)
    }

    /// Keeps the names and hides the values.
    pub(super) fn conceal(&mut self) {
        self.text = without_values(&self.text);
    }

    /// The part of the line that is shown, and how many characters of it stand before the fault.
    fn excerpt(&self) -> (String, usize) {
        let shown: Vec<char> = without_secrets(&self.text).chars().map(visible).collect();
        let column = (self.column - 1).min(shown.len());
        if shown.len() <= LINE_CHARS_MAX {
            return (shown.into_iter().collect(), column);
        }
        let from = column.saturating_sub(LEAD_CHARS);
        let until = (from + LINE_CHARS_MAX).min(shown.len());
        let head = if from > 0 { "…" } else { "" };
        let tail = if until < shown.len() { "…" } else { "" };
        let middle: String = shown.iter().skip(from).take(until - from).collect();
        (format!("{head}{middle}{tail}"), column - from + head.chars().count())
    }
}

/// A file can hold escape sequences; a terminal or a log must not obey them.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c) => {
            char::REPLACEMENT_CHARACTER
        }
        c => c,
    }
}

/// Every fault of both files and of the variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    faults: Vec<Fault>,
    /// How many of a file are not among them.
    omitted: Vec<(String, usize)>,
}

impl Faults {
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// At most a hundred of each file.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.faults.iter()
    }

    pub(super) fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(super) fn omit(&mut self, file: &str, count: usize) {
        if count > 0 {
            self.omitted.push((file.to_owned(), count));
        }
    }

    fn omitted(&self, origin: &str) -> usize {
        let of_it = self.omitted.iter().filter(|(file, _)| file == origin);
        of_it.map(|(_, count)| count).sum()
    }

    /// Whom there are faults of, in order.
    fn origins(&self) -> Vec<&str> {
        let mut origins: Vec<&str> = vec![];
        for fault in &self.faults {
            if !origins.contains(&fault.origin()) {
                origins.push(fault.origin());
            }
        }
        origins
    }

    fn of<'a>(&'a self, origin: &'a str) -> impl Iterator<Item = &'a Fault> {
        self.faults.iter().filter(move |fault| fault.origin() == origin)
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        let mut faults = Self::default();
        faults.push(fault);
        faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for origin in self.origins() {
            for fault in self.of(origin) {
                writeln!(f, "{fault}")?;
            }
            match self.omitted(origin) {
                0 => {}
                more => writeln!(f, "{origin}: and {more} more\n")?,
            }
        }
        for (at, origin) in self.origins().into_iter().enumerate() {
            let count = self.of(origin).count() + self.omitted(origin);
            match at {
                0 => write!(f, "{count} fault{} in {origin}", if count == 1 { "" } else { "s" })?,
                _ => write!(f, ", {count} in {origin}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, column: usize, width: usize) -> String {
        let line = Line {
            file: "f".into(),
            number: 7,
            column,
            text: text.into(),
            width,
        };
        Fault::of_line(line, "m".into(), None).to_string()
    }

    #[test]
    fn a_long_line_is_shown_about_the_fault() {
        let long = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&long, 501, 4);
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines[1].chars().count() < 140, "{shown}");
        let at = lines[2].find('^').unwrap();
        let under: String = lines[1].chars().skip(at).take(4).collect();
        assert_eq!(under, "HERE", "{shown}");
    }

    #[test]
    fn nothing_of_a_line_reaches_the_terminal_as_an_order() {
        assert!(!shown("a\u{1b}[2Jb\u{202e}c", 1, 1).contains(['\u{1b}', '\u{202e}']));
    }
}
