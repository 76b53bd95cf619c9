//! How commands speak.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

/// Gives an answer on stdout, with a line break at its end.
///
/// # Errors
/// Where stdout takes nothing; a reader that has gone away (`| head`) is no fault.
pub(super) fn give(text: &str) -> io::Result<()> {
    put(&visible(text))
}

fn put(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| {
        let whole = text.is_empty() || text.ends_with('\n');
        if whole { Ok(()) } else { stdout.write_all(b"\n") }
    });
    match written.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        given => given,
    }
}

/// Publishers' texts stand in answers, and a terminal must not obey them: escape sequences, and marks that turn the
/// direction of writing.
fn is_obeyed(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn visible(text: &str) -> Cow<'_, str> {
    match text.contains(is_obeyed) {
        true => text.replace(is_obeyed, "\u{fffd}").into(),
        false => text.into(),
    }
}

/// As [`give`], for an answer to a program.
///
/// # Errors
/// As [`give`].
pub(super) fn give_json(answer: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_string_pretty(answer)?;
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match is_obeyed(c) {
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => escaped.push(c),
        }
    }
    put(&escaped)
}

/// Says something that is not the answer, on stderr. Nobody is left to tell if that fails.
pub(super) fn aside(text: &str) {
    let _told = writeln!(io::stderr(), "{}", visible(text.trim_end()));
}

/// A time as people write it: `6 Jul 2015, 14:00`.
pub(super) fn time(at: Timestamp, timezone: &TimeZone) -> String {
    at.to_zoned_datetime(timezone.clone())
        .strftime("%-d %b %Y, %H:%M")
        .to_string()
}

/// `1 item`, `2 items`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = match (number, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{noun}s"),
    };
    format!("{number} {plural}")
}
