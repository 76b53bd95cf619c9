//! Items held against each other, each read once.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::{
    traits::{Said, Traits},
    verdict::{self, Verdict, Witness},
    vetoes::{Veto, veto},
};
use crate::{
    model::{boilerplate::Boilerplate, item::ItemId, story::Marked},
    pipeline::extract,
};

/// Most of a summary from which its boilerplate is taken, in characters: enough for what is compared to begin behind it.
const SUMMARY_CHARS_MAX: usize = 1_000;

/// Holds items against each other. One judge sees each item in one wording.
#[derive(Debug)]
pub struct Judge<'a> {
    rules: &'a Boilerplate,
    witnesses: HashMap<ItemId, Witness>,
}

/// What items are read by, beside the rules: where it changes, what was read before is to be read anew.
const READING: [&str; 4] = [
    include_str!("words.txt"),
    include_str!("words.rs"),
    include_str!("concepts.rs"),
    include_str!("traits.rs"),
];

/// A digest of all that clues depend on beside the items.
pub fn read_by(rules: &Boilerplate) -> Vec<u8> {
    let mut digest = Sha256::new();
    for part in READING {
        digest.update(part);
    }
    for habit in rules.habits() {
        digest.update(format!("{:?} {}\n", habit.place(), habit.pattern()));
    }
    digest.finalize().to_vec()
}

impl<'a> Judge<'a> {
    /// `rules` take off what is no part of the news.
    pub fn new(rules: &'a Boilerplate) -> Self {
        Self {
            rules,
            witnesses: HashMap::new(),
        }
    }

    /// The words by which items that tell one story with this are found.
    pub fn clues(&mut self, item: &Marked) -> Vec<String> {
        self.hear(item);
        self.witnesses[&item.id].traits.clues()
    }

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
            traits: Traits::of(&item.title, &prose(item, self.rules)),
        });
    }
}

/// What rules of a source's own would take off stays: they change with feeds.toml, and stories must not.
fn prose(item: &Marked, rules: &Boilerplate) -> String {
    let end = item
        .summary
        .char_indices()
        .nth(SUMMARY_CHARS_MAX)
        .map_or(item.summary.len(), |(end, _)| end);
    extract::prose(&item.summary[..end], &item.title, rules.with(&[])).text
}
