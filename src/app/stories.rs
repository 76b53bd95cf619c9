//! Stories told apart: the store finds who might tell the same, the pipeline decides.

use crate::{
    edge::store::Writer,
    model::{boilerplate::Boilerplate, item::ItemId, story::Signs},
    pipeline::dedupe::story::{self, Judge},
};

/// Groups items anew that are new or say something else, with all that this concerns. `signs`: what they were found by
/// before.
///
/// # Errors
/// Whatever the store says.
pub fn regroup(writer: &Writer<'_>, changed: &[ItemId], signs: &Signs, rules: &Boilerplate) -> rusqlite::Result<()> {
    let mut judge = Judge::new(rules);
    for id in changed {
        writer.clue(*id, &judge.clues(&writer.marked(*id)?))?;
    }
    let neighbours = writer.neighbours(changed, signs, |one, other| judge.is_one_story(one, other))?;
    writer.regroup(&story::group(&neighbours, &mut judge))
}
