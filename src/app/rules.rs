//! What the editor's rules do to what is kept, told where that is probably not meant.

use super::watchlist;
use crate::{
    edge::store::{Reader, Store, StoreFault},
    model::{editorial::Editorial, source::Source},
    pipeline::curate::rules::{ITEMS_MAX, Trial},
};

/// One line for each rule that matches all, or nothing, of what is kept of its sources.
///
/// # Errors
/// Whatever the store says.
pub async fn warnings(store: &Store, configured: &[Source], editorial: &Editorial) -> Result<Vec<String>, StoreFault> {
    let (configured, editorial) = (configured.to_vec(), editorial.clone());
    store.read(move |reader| tried(reader, &configured, &editorial)).await
}

fn tried(reader: &Reader<'_>, configured: &[Source], editorial: &Editorial) -> rusqlite::Result<Vec<String>> {
    let known = watchlist::look(&reader.sources()?, configured);
    let mut watched: Vec<_> = known
        .values()
        .filter(|watched| Trial::concerns(&watched.source))
        .collect();
    watched.sort_by_key(|watched| &watched.source.id);
    let mut trial = Trial::default();
    for watched in watched {
        trial.hear(&watched.source, &reader.newest_of(watched.key, ITEMS_MAX)?, editorial);
    }
    Ok(trial.idle().iter().map(ToString::to_string).collect())
}
