//! The operators' credentials file: `NAME = "secret"`, line by line.
//!
//! *Architecture invariant*: no message repeats anything of it but names, not even where it is faulty.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

use super::{Given, Wrong, path, quoted};
use crate::{
    edge::config::file,
    model::credential::{Credentials, Secret},
};

/// Bits of a mode that let others than owner and group read, write or run.
const OTHERS: u32 = 0o007;

pub(in crate::edge::config) fn credentials(given: Given<'_>) -> Result<Credentials, Wrong> {
    let file = path(given)?;
    let unreadable = |error: &io::Error| file::unreadable(&file, error);
    if is_open_to_others(&file).map_err(|error| unreadable(&error))? {
        let wrong = Wrong::new(format!("{} is open to every user of this machine", file.display()));
        return Err(wrong.help(format!("close it: chmod o= {}", file.display())));
    }
    let bytes = file::bytes(&file).map_err(|error| unreadable(&error))?;
    let text = String::from_utf8(bytes).map_err(|_| Wrong::new(format!("{} is not UTF-8 text", file.display())))?;
    let table = text
        .parse::<toml::Table>()
        .map_err(|error| not_toml(&file, &text, &error))?;
    table.into_iter().map(|(name, value)| one(&file, name, value)).collect()
}

fn is_open_to_others(file: &Path) -> io::Result<bool> {
    Ok(fs::metadata(file)?.permissions().mode() & OTHERS != 0)
}

fn one(file: &Path, name: String, value: toml::Value) -> Result<(String, Secret), Wrong> {
    let wrong = |what: &str| Wrong::new(format!("{}: {} {what}", file.display(), quoted(&name)));
    if !Credentials::is_name(&name) {
        // It may be a secret in the wrong place.
        let wrong = Wrong::new(format!("{}: something that is no name has a value", file.display()));
        return Err(wrong.help("a name has capital letters, digits and underscores, like NEJM_TOKEN"));
    }
    match value {
        toml::Value::String(secret) if !secret.trim().is_empty() => Ok((name, Secret::new(secret))),
        toml::Value::String(_) => Err(wrong("is empty")),
        _ => Err(wrong("must be text in quotes")),
    }
}

/// The parser's own words might repeat what it met.
fn not_toml(file: &Path, text: &str, error: &toml::de::Error) -> Wrong {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    Wrong::new(format!("{}: line {line} is not as it should be", file.display()))
        .help("one secret a line: NAME = \"secret\"")
}
