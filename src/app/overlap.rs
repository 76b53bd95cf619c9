//! How much of a feed is kept already, and from where.

use std::collections::BTreeMap;

use super::watchlist;
use crate::{
    edge::store::{Reader, SourceRow, Store, StoreFault},
    model::{
        draft::{Draft, Keyed},
        item::ItemId,
        source::{Source, SourceKey},
    },
    pipeline::dedupe::{identity, story},
};

/// How many entries are compared: the store is asked several times for each.
const COMPARED_MAX: usize = 200;

/// What a feed shares with the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Entries that were compared.
    pub of: usize,
    /// Those of them that are kept already: the same link, DOI or title.
    pub kept: usize,
    /// The names of the sources that they came from, the one with most first.
    pub sources: Vec<String>,
}

/// Compares the entries of several feeds with what is kept.
///
/// # Errors
/// Whatever the store says.
pub async fn overlaps(
    store: &Store,
    configured: &[Source],
    feeds: Vec<Vec<Draft>>,
) -> Result<Vec<Overlap>, StoreFault> {
    let configured = configured.to_vec();
    store
        .read(move |reader| {
            let names = names(reader, &configured)?;
            feeds
                .into_iter()
                .map(|drafts| overlap(reader, &names, drafts))
                .collect()
        })
        .await
}

fn overlap(
    reader: &Reader<'_>,
    names: &BTreeMap<SourceKey, String>,
    mut drafts: Vec<Draft>,
) -> rusqlite::Result<Overlap> {
    drafts.truncate(COMPARED_MAX);
    let entries = identity::keyed(drafts);
    let mut overlap = Overlap {
        of: entries.len(),
        ..Overlap::default()
    };
    let mut by_source: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &entries {
        let Some(source) = keeper(reader, names, entry)? else {
            continue;
        };
        overlap.kept += 1;
        *by_source
            .entry(names.get(&source).map_or("a source of before", String::as_str))
            .or_default() += 1;
    }
    let mut sources: Vec<_> = by_source.into_iter().collect();
    sources.sort_by_key(|(name, kept)| (std::cmp::Reverse(*kept), *name));
    overlap.sources = sources.into_iter().map(|(name, _)| name.to_owned()).collect();
    Ok(overlap)
}

/// The source that has an entry already.
fn keeper(
    reader: &Reader<'_>,
    names: &BTreeMap<SourceKey, String>,
    entry: &Keyed,
) -> rusqlite::Result<Option<SourceKey>> {
    for mark in story::marks(entry.draft.doi.as_deref(), entry.draft.link.as_ref()) {
        if let Some(item) = reader.items_by_mark(&mark)?.first() {
            return source_of(reader, *item);
        }
    }
    let Some(title) = &entry.title else { return Ok(None) };
    for source in names.keys() {
        if !reader.known(*source, [], [title])?.titles.is_empty() {
            return Ok(Some(*source));
        }
    }
    Ok(None)
}

fn source_of(reader: &Reader<'_>, item: ItemId) -> rusqlite::Result<Option<SourceKey>> {
    Ok(reader.item(item)?.map(|item| item.source))
}

/// Every source that the store knows, as it is called now or was when it was last there.
fn names(reader: &Reader<'_>, configured: &[Source]) -> rusqlite::Result<BTreeMap<SourceKey, String>> {
    let rows = reader.sources()?;
    let watched = watchlist::look(&rows, configured);
    let name = |row: &SourceRow| match watched.get(&row.key) {
        Some(watched) => watched.source.name.clone(),
        None => row.id.clone(),
    };
    Ok(rows.iter().map(|row| (row.key, name(row))).collect())
}
