//! Re-reads our own output before it replaces the last.
//!
//! *Architecture invariant*: nothing here trusts the writers. Documents are read strictly, and what they say to a
//! reader is compared with what the edition means. A document that fails stays unpublished, and the last good one up.

mod html;
mod json;
mod readers;
mod xml;

use std::collections::HashSet;

use url::Url;

use super::{INDEX, OPML, plain};
use crate::model::{
    publication::{Document, Edition, Format, PublishedItem},
    settings::Site,
};

/// Whether a document of a channel says what `edition` means, and nothing else.
///
/// # Errors
/// A sentence for the log: what is wrong, and where.
pub fn document(name: &str, document: &Document, edition: &Edition) -> Result<(), String> {
    let edition = &plain::edition(edition);
    distinct(edition).map_err(|fault| format!("{name}: {fault}"))?;
    let text = characters(document).map_err(|fault| format!("{name}: {fault}"))?;
    let headlines = || edition.headlines.iter().filter_map(|at| edition.items.get(*at));
    if name != super::name(&edition.channel.id, document.format) {
        return Err(format!("{name} is no output of channel {}", edition.channel.id));
    }
    let agree = |edition| readers::agree(document.format, &document.bytes, edition);
    match document.format {
        Format::Rss => xml::rss(text, edition).and_then(|()| agree(edition)),
        Format::Atom => xml::atom(text, edition).and_then(|()| agree(edition)),
        Format::Json => json::feed(text, edition).and_then(|()| agree(edition)),
        Format::Page => html::page("html", text, edition.items.iter()),
        Format::Fragment => html::page("section", text, headlines()),
        Format::Script => json::script(text, edition),
        Format::Opml => Err("no channel has such an output".into()),
    }
    .map_err(|fault| format!("{name}: {fault}"))
}

/// The edition without the items of which, alone, no channel could be made: one of them must not hold up the others. The
/// second answer is what is wrong with those.
pub fn sound(site: &Site, edition: &Edition) -> (Edition, Vec<String>) {
    let fault = |item: &PublishedItem| {
        let alone = edition.only(|other| other.guid == item.guid);
        let outputs = super::channel(site, &alone);
        outputs
            .iter()
            .find_map(|(name, output)| document(name, output, &alone).err())
    };
    let faults: Vec<_> = edition.items.iter().map(fault).collect();
    let unsound = |item: &PublishedItem| {
        let mut items = edition.items.iter().zip(&faults);
        items.any(|(other, fault)| other.guid == item.guid && fault.is_some())
    };
    (
        edition.only(|item| !unsound(item)),
        faults.into_iter().flatten().collect(),
    )
}

/// Whether a document that belongs to no channel can be read, and has nothing in it that we do not write.
///
/// # Errors
/// A sentence for the log: what is wrong, and where.
pub fn common(name: &str, document: &Document) -> Result<(), String> {
    let text = characters(document).map_err(|fault| format!("{name}: {fault}"))?;
    match name {
        _ if name == OPML => xml::opml(text),
        _ if name == INDEX => html::page("html", text, [].into_iter()),
        _ => Err(format!("{name} is no common output")),
    }
    .map_err(|fault| format!("{name}: {fault}"))
}

/// Readers take two items with one guid for one, and show either.
fn distinct(edition: &Edition) -> Result<(), String> {
    let mut guids = HashSet::new();
    match edition.items.iter().find(|item| !guids.insert(item.guid)) {
        Some(item) => Err(format!("two items have the guid {}", item.guid)),
        None => Ok(()),
    }
}

/// UTF-8 without a character that no output may hold.
fn characters(document: &Document) -> Result<&str, String> {
    let text = std::str::from_utf8(&document.bytes).map_err(|error| error.to_string())?;
    match text.char_indices().find(|(_, c)| plain::forbidden(*c)) {
        Some((at, c)) => Err(format!("U+{:04X} at byte {at}", u32::from(c))),
        None => Ok(text),
    }
}

/// Only addresses of the web may be links.
fn web(address: &str) -> Result<(), String> {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
        _ => Err(format!("{address:?} is not a web address")),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, meant: T) -> Result<(), String> {
    if found == meant {
        Ok(())
    } else {
        Err(format!("{what} is {found:?}, not {meant:?}"))
    }
}

/// Checks each item read against the one meant, and that there are as many.
fn each<'a, T>(
    found: &[T],
    meant: impl Iterator<Item = &'a PublishedItem>,
    check: impl Fn(&T, &PublishedItem) -> Result<(), String>,
) -> Result<(), String> {
    let meant: Vec<_> = meant.collect();
    same("the number of items", found.len(), meant.len())?;
    for (found, meant) in found.iter().zip(meant) {
        check(found, meant).map_err(|fault| format!("item {}: {fault}", meant.guid))?;
    }
    Ok(())
}
