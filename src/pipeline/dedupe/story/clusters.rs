//! Stories grow from the pairs that are most alike; no pair within one may speak against it.

use std::collections::{BTreeMap, HashMap};

use super::{Judge, verdict::Verdict};
use crate::model::{
    item::ItemId,
    story::{Marked, STORY_ITEMS_MAX},
};

/// Least mean score of the pairs that a union brings together. Two tellings of one story may share little where others
/// share much with both.
const MEAN_MIN: f32 = -1.0;

/// What a pair counts at least and at most, so that one that shares nothing, or all, does not decide alone.
const PAIR: std::ops::RangeInclusive<f32> = -4.0..=8.0;

/// Groups of items that grow together, by the position of their first item.
pub(super) struct Clusters<'a> {
    items: &'a [&'a Marked],
    of: Vec<usize>,
    members: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Clusters<'a> {
    /// From groups that are one for certain.
    pub(super) fn new(items: &'a [&'a Marked], roots: &[usize]) -> Self {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, root) in roots.iter().enumerate() {
            members.entry(*root).or_default().push(at);
        }
        Self {
            items,
            of: roots.to_vec(),
            members,
        }
    }

    /// Unites along pairs, the most alike first; those that are equally alike by the items' ids, never by arrival.
    pub(super) fn grow(&mut self, ties: &[(ItemId, ItemId)], judge: &mut Judge<'_>) {
        let places: HashMap<ItemId, usize> = self.items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
        let mut pairs: Vec<_> = ties
            .iter()
            .filter_map(|(one, other)| Some((*places.get(one)?, *places.get(other)?)))
            .map(|(one, other)| (judge.verdict(self.items[one], self.items[other]), one, other))
            .filter(|(verdict, ..)| verdict.is_one_story())
            .collect();
        let ids = |one: usize, other: usize| {
            let (one, other) = (self.items[one].id, self.items[other].id);
            (one.min(other), one.max(other))
        };
        pairs.sort_by(|a, b| b.0.score.total_cmp(&a.0.score).then(ids(a.1, a.2).cmp(&ids(b.1, b.2))));
        for (_, one, other) in pairs {
            let (kept, taken) = (self.of[one].min(self.of[other]), self.of[one].max(self.of[other]));
            if kept != taken && self.may_unite(kept, taken, judge) {
                self.unite(kept, taken);
            }
        }
    }

    fn may_unite(&self, one: usize, other: usize, judge: &mut Judge<'_>) -> bool {
        let (one, other) = (&self.members[&one], &self.members[&other]);
        if one.len() + other.len() > STORY_ITEMS_MAX {
            return false;
        }
        let mut scores = vec![];
        for a in one {
            for b in other {
                let verdict = judge.verdict(self.items[*a], self.items[*b]);
                if speaks_against(&verdict) {
                    return false;
                }
                scores.push(verdict.score.clamp(*PAIR.start(), *PAIR.end()));
            }
        }
        // In an order of their own: a sum of floats depends on it.
        scores.sort_by(f32::total_cmp);
        scores.iter().sum::<f32>() >= MEAN_MIN * scores.len() as f32
    }

    fn unite(&mut self, kept: usize, taken: usize) {
        let taken = self.members.remove(&taken).unwrap_or_default();
        for member in &taken {
            self.of[*member] = kept;
        }
        self.members.entry(kept).or_default().extend(taken);
    }

    /// For each item the position of the first of its group.
    pub(super) fn roots(self) -> Vec<usize> {
        self.of
    }
}

/// A source that lists two items apart says that they are two, unless they are told alike: no third makes them one.
fn speaks_against(verdict: &Verdict) -> bool {
    verdict.veto.is_some() || verdict.too_far || verdict.same_source && verdict.score < 0.0
}
