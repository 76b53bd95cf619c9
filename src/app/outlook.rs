//! Each channel as it would stand under another feeds.toml, from what is kept; nothing is written.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::watchlist::{self, Watchlist};
use crate::{
    edge::{
        config::Loaded,
        publish,
        store::{Reader, SourceRow, Store, StoreFault},
    },
    model::{
        editorial::Editorial,
        publication::Format,
        settings::Feeds,
        source::{Source, SourceKey},
    },
    pipeline::{
        curate::{Chosen, Curation, Desk},
        outlook::{self, Outlook, Told},
        render, update,
    },
};

/// What a feeds.toml would make of what is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// In its order.
    pub channels: Vec<Outlook>,
    /// Ids of channels that are published and that it does not have.
    pub gone: Vec<String>,
    /// Enabled sources of which nothing is known yet, so that nothing of them is here.
    pub unvisited: Vec<Source>,
}

/// Compares with the files of the last publication: they are what readers see.
///
/// # Errors
/// Whatever the store says.
pub async fn foresee(store: &Store, loaded: Loaded, now: Timestamp) -> Result<Foreseen, StoreFault> {
    let (feeds, editorial) = (Arc::new(loaded.feeds), loaded.editorial);
    let read = Arc::clone(&feeds);
    let (chosen, gone, unvisited) = store.read(move |reader| look(reader, &read, &editorial, now)).await?;
    let dir = loaded.settings.publish.dir;
    let json = |id: &str| render::name(id, Format::Json);
    let channels = feeds.channels.iter();
    let names: Vec<_> = channels.map(|channel| (json(&channel.id), Format::Json)).collect();
    let work = move || publish::read(&dir, &names).documents;
    let documents = tokio::task::spawn_blocking(work).await.map_err(|_| StoreFault::Ended)?;
    let mut published: BTreeMap<String, Vec<Told>> = documents
        .into_iter()
        .filter_map(|(name, document)| Some((name, outlook::published(&document.bytes)?)))
        .collect();
    let channels = chosen.iter().map(|chosen| {
        let name = json(&chosen.edition.channel.id);
        outlook::outlook(chosen, published.remove(&name))
    });
    Ok(Foreseen {
        channels: channels.collect(),
        gone,
        unvisited,
    })
}

type Looked = (Vec<Chosen>, Vec<String>, Vec<Source>);

fn look(reader: &Reader<'_>, feeds: &Feeds, editorial: &Editorial, now: Timestamp) -> rusqlite::Result<Looked> {
    let rows = reader.sources()?;
    let watchlist = watchlist::look(&rows, &feeds.sources);
    let desk = Desk {
        sources: &watchlist,
        editorial,
        now,
    };
    let mut curation = Curation::new(&feeds.channels, desk);
    let place = |source: SourceKey, published, first_seen| {
        let watched = watchlist.get(&source)?;
        Some(update::ordered_at(published, first_seen, watched.source.dates))
    };
    reader.newest_as(place, |item, ordered_at, story| {
        curation.offer(item, ordered_at, &story)
    })?;
    let outputs = reader
        .outputs()?
        .into_iter()
        .filter(|output| !output.gone)
        .map(|output| output.name);
    let has = |id: &str| feeds.channels.iter().any(|channel| channel.id == id);
    // What belongs to no channel has the name of its file.
    let gone = outputs.filter(|name| !name.contains('.') && !has(name)).collect();
    Ok((curation.finish(), gone, unvisited(&rows, &watchlist, &feeds.sources)))
}

fn unvisited(rows: &[SourceRow], watchlist: &Watchlist, configured: &[Source]) -> Vec<Source> {
    let has_answered = |source: &Source| {
        let watched = watchlist.values().find(|watched| watched.source.id == source.id);
        let row = watched.and_then(|watched| rows.iter().find(|row| row.key == watched.key));
        row.is_some_and(|row| row.items > 0 || row.state.last_success.is_some())
    };
    let waiting = configured
        .iter()
        .filter(|source| source.enabled && !has_answered(source));
    waiting.cloned().collect()
}
