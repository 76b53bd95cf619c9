//! Feeds, read as feed readers read them: by our own reader, which forgives, and by the second one, which does not.

use std::borrow::Cow;

use super::{each, same};
use crate::{
    model::{
        entry::{Entry, Markup},
        publication::{Edition, Format, PublishedItem},
    },
    pipeline::{
        parse::{self, second},
        render::{atom, plain::line, xml},
    },
};

/// Whether both find the items that were meant, and nothing else in them.
pub(super) fn agree(format: Format, bytes: &[u8], edition: &Edition) -> Result<(), String> {
    let feed = parse::parse(bytes, None, None).map_err(|fault| fault.to_string())?;
    if let Some(fault) = feed.faults.first() {
        return Err(format!("our own reader finds a fault: {fault:?}"));
    }
    each(&feed.entries, edition.items.iter(), |found, meant| {
        entry(format, found, meant)
    })?;
    match second::disagreements(bytes, &feed).first() {
        Some(disagreement) => Err(disagreement.clone()),
        None => Ok(()),
    }
}

fn entry(format: Format, found: &Entry, meant: &PublishedItem) -> Result<(), String> {
    let urn = meant.guid.0.urn().to_string();
    same("the id", found.guid.as_deref(), Some(&*urn))?;
    same("the link", found.link.as_deref(), Some(meant.link.as_str()))?;
    same("the date", found.published, Some(meant.date))?;
    let source = |field: &Option<Markup>| field.as_ref().map(|field| line(field.source())).unwrap_or_default();
    same("the title", source(&found.title), line(&title(format, meant)))?;
    same("the excerpt", source(&found.summary), line(&excerpt(format, meant)))
}

/// As a feed has it to say, where titles are text to some readers and HTML to others.
fn title(format: Format, meant: &PublishedItem) -> Cow<'_, str> {
    match format {
        Format::Rss | Format::Atom => xml::untagged(&meant.title).into(),
        _ => Cow::Borrowed(&meant.title),
    }
}

fn excerpt(format: Format, meant: &PublishedItem) -> Cow<'_, str> {
    match format {
        Format::Rss => xml::escape(&meant.excerpt).into(),
        Format::Atom => xml::untagged(atom::summary(meant)).into(),
        _ => Cow::Borrowed(&meant.excerpt),
    }
}
