//! Stories told apart: the store finds who might tell the same, the pipeline decides.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    edge::store::{Store, StoreFault, Writer},
    model::{boilerplate::Boilerplate, item::ItemId, story::Signs},
    pipeline::dedupe::story::{self, Judge, WINDOW},
};

/// Most items that are read anew in one transaction, so that nobody waits for the writer for long.
const AT_ONCE: usize = 1_000;

/// How the store calls what items are found by.
const CLUES: &str = "clues";

/// Groups items anew that are new or say something else, with all that this concerns. `signs`: what they were found by
/// before.
///
/// # Errors
/// Whatever the store says.
pub fn regroup(writer: &Writer<'_>, changed: &[ItemId], signs: &Signs, rules: &Boilerplate) -> rusqlite::Result<()> {
    let mut judge = Judge::new(rules);
    file_with(writer, changed, &mut judge)?;
    let neighbours = writer.neighbours(changed, signs, |one, other| judge.is_one_story(one, other))?;
    writer.regroup(&story::group(&neighbours, &mut judge))
}

/// Reads all items anew where what they are read by has changed: after an upgrade, or when an editor changed the rules.
/// Those of the last two weeks, which readers still see, are grouped anew.
///
/// # Errors
/// Whatever the store says. What was left out is done at the next start.
pub async fn index(store: &Store, rules: &Arc<Boilerplate>, now: Timestamp) -> Result<(), StoreFault> {
    let read_by = story::read_by(rules);
    if store.read(|reader| reader.made_by(CLUES)).await?.as_ref() == Some(&read_by) {
        return Ok(());
    }
    let mut last = None;
    loop {
        let (rules, after) = (Arc::clone(rules), last);
        let ids = store.write(move |writer| read_anew(writer, after, &rules)).await?;
        match ids.last() {
            Some(id) => last = Some(*id),
            None => break,
        }
    }
    let since = now.checked_sub(WINDOW * 2).unwrap_or(now);
    let recent = store.read(move |reader| reader.ids_since(since)).await?;
    for ids in recent.chunks(AT_ONCE) {
        let (ids, rules) = (ids.to_vec(), Arc::clone(rules));
        let anew = move |writer: &Writer<'_>| regroup(writer, &ids, &Signs::default(), &rules);
        store.write(anew).await?;
    }
    store.write(move |writer| writer.set_made_by(CLUES, &read_by)).await
}

fn read_anew(writer: &Writer<'_>, after: Option<ItemId>, rules: &Boilerplate) -> rusqlite::Result<Vec<ItemId>> {
    let ids = writer.ids_after(after, AT_ONCE)?;
    file(writer, &ids, rules)?;
    Ok(ids)
}

/// Files items under what they are found by.
///
/// # Errors
/// Whatever the store says.
pub fn file(writer: &Writer<'_>, ids: &[ItemId], rules: &Boilerplate) -> rusqlite::Result<()> {
    file_with(writer, ids, &mut Judge::new(rules))
}

fn file_with(writer: &Writer<'_>, ids: &[ItemId], judge: &mut Judge<'_>) -> rusqlite::Result<()> {
    for id in ids {
        writer.clue(*id, &judge.clues(&writer.marked(*id)?))?;
    }
    Ok(())
}
