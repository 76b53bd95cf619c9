//! Stories told apart: the store finds who might tell the same, the pipeline decides.

use crate::{
    edge::store::Writer,
    model::{item::ItemId, story::Signs},
    pipeline::dedupe::story::{self, Judge},
};

/// Groups items anew that are new or say something else, with all that this concerns. `signs`: what they were found by
/// before.
///
/// # Errors
/// Whatever the store says.
pub fn regroup(writer: &Writer<'_>, changed: &[ItemId], signs: &Signs) -> rusqlite::Result<()> {
    let mut judge = Judge::default();
    let neighbours = writer.neighbours(changed, signs, |one, other| judge.is_one_story(one, other))?;
    writer.regroup(&story::group(&neighbours, &mut judge))
}
