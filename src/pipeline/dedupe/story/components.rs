//! Sets of items that grow together, mark by mark.
//!
//! A source that lists two items apart, with no mark in common, says that they are two: no third item that bears a
//! mark of each can make them one (design §6.2). So it matters which marks are followed first: always in the order of
//! the marks and of the items' ids, never in that of arrival.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{source::SourceKey, story::Marked};

pub(super) struct Components<'a> {
    items: &'a [&'a Marked],
    /// The component of each item, by a number of its own.
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl<'a> Components<'a> {
    /// Each item alone.
    pub(super) fn new(items: &'a [&'a Marked]) -> Self {
        Self {
            items,
            of: (0..items.len()).collect(),
            members: (0..items.len()).map(|at| vec![at]).collect(),
        }
    }

    /// Follows a mark from item to item, where their sources allow it.
    pub(super) fn follow(&mut self, mut bearers: Vec<usize>, tells: impl Fn(&str) -> bool) {
        bearers.sort_by_key(|at| self.items[*at].id);
        let mut met = BTreeSet::new();
        for at in bearers {
            let joined = met.iter().copied().find(|other| self.may_unite(at, *other, &tells));
            match joined {
                Some(other) => self.unite(at, other),
                None => {
                    met.insert(at);
                }
            }
        }
    }

    pub(super) fn unite(&mut self, one: usize, other: usize) {
        let (kept, taken) = (self.of[one].min(self.of[other]), self.of[one].max(self.of[other]));
        if kept == taken {
            return;
        }
        let taken = std::mem::take(&mut self.members[taken]);
        for member in &taken {
            self.of[*member] = kept;
        }
        self.members[kept].extend(taken);
    }

    fn may_unite(&self, one: usize, other: usize, tells: &impl Fn(&str) -> bool) -> bool {
        if self.of[one] == self.of[other] {
            return true;
        }
        let by_source = self.by_source(self.of[one]);
        let apart = |at: usize| {
            let others = by_source.get(&self.items[at].source).into_iter().flatten();
            others.into_iter().any(|other| !self.share(at, *other, tells))
        };
        !self.members[self.of[other]].iter().any(|at| apart(*at))
    }

    fn by_source(&self, component: usize) -> BTreeMap<SourceKey, Vec<usize>> {
        let mut by_source: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for at in &self.members[component] {
            by_source.entry(self.items[*at].source).or_default().push(*at);
        }
        by_source
    }

    fn share(&self, one: usize, other: usize, tells: &impl Fn(&str) -> bool) -> bool {
        let marks = &self.items[other].marks;
        let shared = |mark: &&String| tells(mark) && marks.contains(mark);
        self.items[one].marks.iter().any(|mark| shared(&mark))
    }

    /// For each item the position of the first item of its component.
    pub(super) fn roots(&self) -> Vec<usize> {
        let first = |members: &Vec<usize>| members.iter().copied().min();
        let firsts: Vec<_> = self.members.iter().map(first).collect();
        self.of
            .iter()
            .map(|component| firsts[*component].unwrap_or(*component))
            .collect()
    }
}
