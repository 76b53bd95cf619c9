//! Items held against each other, each read once.

use std::collections::HashMap;

use super::{
    traits::{Said, Traits},
    verdict::{self, Verdict, Witness},
    vetoes::{Veto, veto},
};
use crate::{
    model::{item::ItemId, story::Marked},
    pipeline::extract,
};

/// Holds items against each other. One judge sees each item in one wording.
#[derive(Debug, Default)]
pub struct Judge {
    witnesses: HashMap<ItemId, Witness>,
}

impl Judge {
    /// How two items compare; the same whichever comes first.
    pub fn verdict(&mut self, one: &Marked, other: &Marked) -> Verdict {
        self.hear(one);
        self.hear(other);
        verdict::judge(&self.witnesses[&one.id], &self.witnesses[&other.id])
    }

    /// Whether two items tell one story, as far as these two say.
    pub fn is_one_story(&mut self, one: &Marked, other: &Marked) -> bool {
        self.verdict(one, other).is_one_story()
    }

    /// Why one page of theirs tells two stories.
    pub(super) fn veto(&mut self, one: &Marked, other: &Marked) -> Option<Veto> {
        self.hear(one);
        self.hear(other);
        veto(&self.witnesses[&one.id].traits, &self.witnesses[&other.id].traits, true)
    }

    pub(super) fn title(&mut self, item: &Marked) -> &Said {
        self.hear(item);
        &self.witnesses[&item.id].traits.title
    }

    fn hear(&mut self, item: &Marked) {
        self.witnesses.entry(item.id).or_insert_with(|| Witness {
            source: item.source,
            marks: item.marks.clone(),
            at: item.ordered_at,
            dated: item.dated,
            traits: traits(&item.title, &item.summary),
        });
    }
}

/// The words by which items that tell one story are found: its rarest ones.
pub fn clues(title: &str, summary: &str) -> Vec<String> {
    traits(title, summary).clues()
}

fn traits(title: &str, summary: &str) -> Traits {
    Traits::of(title, &extract::prose(summary, title))
}
