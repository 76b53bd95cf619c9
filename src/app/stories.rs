//! Stories told apart: the store finds who might tell the same, the pipeline decides.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    edge::store::{Reader, Store, StoreFault, Writer},
    model::{
        boilerplate::Boilerplate,
        item::ItemId,
        story::{Mark, Marked, Signs},
    },
    pipeline::dedupe::story::{self, Judge, Verdict, WINDOW},
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

/// How an item compares with another that might have told the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub item: ItemId,
    pub title: String,
    /// Whether the two are in one story: a third may have brought them together, or kept them apart.
    pub together: bool,
    /// What they share to the letter.
    pub marks: Vec<Mark>,
    pub verdict: Verdict,
}

/// An item beside all with which it was held, the most alike first: why they are one story, or why not.
///
/// # Errors
/// Whatever the store says.
pub fn compared(reader: &Reader<'_>, id: ItemId, rules: &Boilerplate) -> rusqlite::Result<Vec<Compared>> {
    let mut judge = Judge::new(rules);
    let mut candidates = vec![];
    let neighbours = reader.neighbours(&[id], &Signs::default(), |one, other| {
        if one.id == id {
            candidates.push(other.clone());
        }
        judge.is_one_story(one, other)
    })?;
    let item = reader.marked(id)?;
    let is_with =
        |other: &Marked| other.story == item.story || other.marks.iter().any(|mark| item.marks.contains(mark));
    candidates.extend(neighbours.items.into_iter().filter(is_with));
    candidates.retain(|other| other.id != id);
    candidates.sort_by_key(|other| other.id);
    candidates.dedup_by_key(|other| other.id);
    let compare = |other: Marked| Compared {
        verdict: judge.verdict(&item, &other),
        together: other.story == item.story,
        marks: other
            .marks
            .into_iter()
            .filter(|mark| item.marks.contains(mark))
            .collect(),
        item: other.id,
        title: other.title,
    };
    let mut compared: Vec<_> = candidates.into_iter().map(compare).collect();
    compared.sort_by(|a, b| {
        b.together
            .cmp(&a.together)
            .then(b.verdict.score.total_cmp(&a.verdict.score))
            .then(a.item.cmp(&b.item))
    });
    Ok(compared)
}
