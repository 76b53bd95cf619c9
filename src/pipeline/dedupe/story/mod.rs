//! Which items tell one story (design §6.3): those that share a DOI, a PubMed number or a page, and those that say the same
//! of the same within a week.
//!
//! ```text
//! marks ──── a DOI, a page … ───────────────────────── components ─┐
//! clues ──── rare words: who might tell the same? ─┐               ├─ clusters: the most alike first, none against
//! traits ─── vetoes and verdict: do these two? ────┴─ ties ────────┘
//! ```
//!
//! Whether two items may be one depends on these two alone, and stories grow in an order of their own: so neither the
//! order of arrival nor what else is kept can matter.

mod clusters;
mod components;
mod concepts;
mod judge;
mod marks;
mod traits;
mod verdict;
mod vetoes;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use self::{clusters::Clusters, components::Components};
pub use self::{
    judge::{Judge, read_by},
    marks::{marks, marks_of},
    verdict::{Verdict, WINDOW},
    vetoes::Veto,
};
use crate::model::{
    item::{ItemId, StoryKey},
    story::{Grouped, Marked, Neighbours, STORY_ITEMS_MAX},
};

/// Groups items with all their neighbours.
///
/// A group keeps the story that was published first among those that fall to it, else the oldest, and absorbs the
/// others. A story that falls apart falls to the group of the item whose id it bears as its guid: as long as that item
/// is here, no other story can be published under its id. If it is gone, or the story was never published, the story
/// falls to the group of its earliest item; what is gone does not come back to claim the guid.
pub fn group(neighbours: &Neighbours, judge: &mut Judge<'_>) -> Vec<Grouped> {
    let mut ordered: Vec<_> = neighbours.items.iter().collect();
    ordered.sort_by_key(|item| (item.first_seen, item.id));
    let roots = roots(&ordered, neighbours, judge);
    let mut heirlooms = heirlooms(&ordered, &roots);
    let mut groups: BTreeMap<usize, Vec<ItemId>> = BTreeMap::new();
    for (item, root) in ordered.iter().zip(&roots) {
        groups.entry(*root).or_default().push(item.id);
    }
    groups
        .into_iter()
        .map(|(root, items)| {
            let mut stories = heirlooms.remove(&root).unwrap_or_default().into_iter();
            Grouped {
                story: stories.next().map(|(.., story)| story),
                absorbed: stories.map(|(.., story)| story).collect(),
                items,
            }
        })
        .collect()
}

/// Stories in the order in which they are kept: published ones first, the first published before all.
type Ranked = BTreeSet<(bool, Option<Timestamp>, StoryKey)>;

/// The present stories that fall to each group, by the group's root. None falls to two.
fn heirlooms(items: &[&Marked], roots: &[usize]) -> HashMap<usize, Ranked> {
    let mut heirs: HashMap<StoryKey, (&Marked, usize)> = HashMap::new();
    for (&item, &root) in items.iter().zip(roots) {
        let Some(story) = item.story else { continue };
        let heir = heirs.entry(story).or_insert((item, root));
        if item.story_guid == Some(item.id) {
            *heir = (item, root);
        }
    }
    let mut heirlooms: HashMap<usize, Ranked> = HashMap::new();
    for (story, (item, root)) in heirs {
        let rank = (item.story_published.is_none(), item.story_published, story);
        heirlooms.entry(root).or_default().insert(rank);
    }
    heirlooms
}

/// For each item the position of the first item of its component. Where not all neighbours are here, what is one story
/// stays one: the item that holds it together may be among the others.
fn roots(items: &[&Marked], neighbours: &Neighbours, judge: &mut Judge<'_>) -> Vec<usize> {
    let telling_nothing = marks::telling_nothing(items, judge);
    let tells = |mark: &str| !telling_nothing.contains(mark);
    let mut components = Components::new(items);
    let mut by_mark: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for mark in item.marks.iter().filter(|mark| tells(mark)) {
            by_mark.entry(mark).or_default().push(at);
        }
    }
    for bearers in by_mark.into_values() {
        components.follow(bearers, tells);
    }
    if !neighbours.whole {
        let mut by_story: HashMap<StoryKey, usize> = HashMap::new();
        for (at, story) in items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| Some((at, item.story?)))
        {
            components.unite(at, *by_story.entry(story).or_insert(at));
        }
    }
    let mut clusters = Clusters::new(items, &without_giants(&components.roots()));
    clusters.grow(&neighbours.ties, judge);
    clusters.roots()
}

/// A component beyond all bounds is no story but a chain that grew through many, and its items stay alone.
fn without_giants(roots: &[usize]) -> Vec<usize> {
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for root in roots {
        *sizes.entry(*root).or_default() += 1;
    }
    let giant = |root: &usize| sizes.get(root).is_some_and(|size| *size > STORY_ITEMS_MAX);
    let own = |(at, root)| if giant(root) { at } else { *root };
    roots.iter().enumerate().map(own).collect()
}

#[cfg(test)]
mod misleading;
#[cfg(test)]
mod tests;
