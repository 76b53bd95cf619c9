//! The configured sources, as the store knows them.

use std::collections::HashMap;

use crate::{
    app::host,
    edge::store::{SourceRow, Store, StoreFault, Writer},
    model::{
        fetched::Validators,
        source::{Source, SourceKey, Watched},
        visit::FeedState,
    },
    pipeline::{
        sources::{self, Remembered},
        update,
    },
};

/// Every configured source by its number in the store.
pub type Watchlist = HashMap<SourceKey, Watched>;

/// Makes the configured sources known to the store, in one transaction.
///
/// What an editor has touched is visited even after a 410; under a new address the feed's state begins anew, but for
/// what tells how long it has been silent: retention goes by that.
///
/// # Errors
/// Whatever the store says.
pub async fn enter(store: &Store, configured: Vec<Source>) -> Result<Watchlist, StoreFault> {
    store
        .write(move |writer| {
            let rows = writer.sources()?;
            let known = remembered(&rows);
            let mut origins: Vec<String> = vec![];
            let mut watchlist = Watchlist::new();
            for (source, at) in configured.iter().zip(sources::recognise(&configured, &known)) {
                let watched = match at {
                    Some(at) => meet(writer, source, &rows[at])?,
                    None => add(writer, source, &known, &mut origins)?,
                };
                watchlist.insert(watched.key, watched);
            }
            writer.configured(watchlist.keys().copied())?;
            Ok(watchlist)
        })
        .await
}

/// As [`enter`], but only looks: sources that the store has not met are left out.
pub fn look(rows: &[SourceRow], configured: &[Source]) -> Watchlist {
    let found = sources::recognise(configured, &remembered(rows));
    configured
        .iter()
        .zip(found)
        .filter_map(|(source, at)| Some(watched(source, rows.get(at?)?)))
        .map(|watched| (watched.key, watched))
        .collect()
}

fn remembered(rows: &[SourceRow]) -> Vec<Remembered<'_>> {
    rows.iter()
        .map(|row| Remembered {
            origin: &row.origin,
            id: &row.id,
            url: &row.url,
            configured: row.configured,
        })
        .collect()
}

fn watched(source: &Source, row: &SourceRow) -> Watched {
    Watched {
        key: row.key,
        origin: row.origin.clone(),
        source: source.clone(),
    }
}

fn add(
    writer: &Writer<'_>,
    source: &Source,
    known: &[Remembered<'_>],
    given: &mut Vec<String>,
) -> rusqlite::Result<Watched> {
    let id = source.id.as_str();
    let origin = sources::origin(id, known, given);
    let key = writer.add_source(&origin, id, source.url.as_str(), &sources::fingerprint(source))?;
    writer.set_read_by(key, &sources::read_by(source))?;
    given.push(origin.clone());
    Ok(Watched {
        key,
        origin,
        source: source.clone(),
    })
}

fn meet(writer: &Writer<'_>, source: &Source, row: &SourceRow) -> rusqlite::Result<Watched> {
    let fingerprint = sources::fingerprint(source);
    if row.fingerprint != fingerprint || row.id != source.id.as_str() || row.url != source.url.as_str() {
        writer.edit_source(row.key, source.id.as_str(), source.url.as_str(), &fingerprint)?;
        writer.set_read_by(row.key, &sources::read_by(source))?;
        if let Some(state) = touched(row, source) {
            writer.set_state(row.key, &state)?;
        }
        let dates = source.dates;
        writer.reorder(row.key, |published, first_seen| {
            update::ordered_at(published, first_seen, dates)
        })?;
    }
    Ok(watched(source, row))
}

/// The state of a feed whose source an editor has touched; `None` where it stays. When the source was last heard of
/// stays under a new address too: retention of what it still lists counts from there. So does what its host has asked for,
/// where the new address is on the same host.
fn touched(row: &SourceRow, source: &Source) -> Option<FeedState> {
    let state = &row.state;
    if row.url != source.url.as_str() {
        let same_host = host::of(&row.url) == host::of(source.url.as_str());
        return Some(FeedState {
            visited: state.visited.clone(),
            last_success: state.last_success,
            last_change: state.last_change,
            watched_since: state.watched_since,
            news_at: state.news_at.clone(),
            retry_after: state.retry_after.filter(|_| same_host),
            ..FeedState::default()
        });
    }
    // Other selectors find other things on the same page: what its validators stand for is read anew.
    let read_anew = row.read_by != sources::read_by(source);
    (read_anew || state.gone).then(|| FeedState {
        gone: false,
        next_visit: state.next_visit.filter(|_| !state.gone),
        validators: if read_anew {
            Validators::default()
        } else {
            state.validators.clone()
        },
        body_digest: state.body_digest.clone().filter(|_| !read_anew),
        ..state.clone()
    })
}
