//! Which items tell one story (design §6.3): so far those that share a DOI or a canonical link.
//!
//! Stories are components of items and marks, followed in an order of their own, so that the order of arrival cannot
//! matter.

mod components;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use self::components::Components;
use super::identity::alike;
use crate::{
    model::{
        item::{ItemId, StoryKey},
        link::Link,
        source::SourceKey,
        story::{Grouped, Mark, Marked, Neighbours, STORY_ITEMS_MAX},
    },
    pipeline::extract::link,
};

/// Most items of one source that a mark can make one story: versions of a preprint, a page under a few guids. An
/// issue of a journal has more articles than that.
const BEARERS_OF_ONE_SOURCE_MAX: usize = 5;

const LINK: &str = "link:";

/// The marks of an item.
pub fn marks(doi: Option<&str>, link: Option<&Link>) -> Vec<Mark> {
    let doi = doi.map(|doi| format!("doi:{doi}"));
    let link = link.map(|link| format!("{LINK}{}", link::canonical(link)));
    doi.into_iter().chain(link).collect()
}

/// Groups items with all their neighbours.
///
/// A group keeps the story that was published first among those that fall to it, else the oldest, and absorbs the
/// others. A story that falls apart falls to the group of the item whose id it bears as its guid: as long as that item
/// is here, no other story can be published under its id. If it is gone, or the story was never published, the story
/// falls to the group of its earliest item; what is gone does not come back to claim the guid.
pub fn group(neighbours: &Neighbours) -> Vec<Grouped> {
    let mut ordered: Vec<_> = neighbours.items.iter().collect();
    ordered.sort_by_key(|item| (item.first_seen, item.id));
    let roots = roots(&ordered, neighbours.whole);
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
fn roots(items: &[&Marked], whole: bool) -> Vec<usize> {
    let telling_nothing = telling_nothing(items);
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
    if !whole {
        let mut by_story: HashMap<StoryKey, usize> = HashMap::new();
        for (at, story) in items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| Some((at, item.story?)))
        {
            components.unite(at, *by_story.entry(story).or_insert(at));
        }
    }
    without_giants(&components.roots())
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

/// Marks that join nothing, whoever bears them. Whether one is among them needs all its bearers.
fn telling_nothing<'a>(items: &[&'a Marked]) -> HashSet<&'a str> {
    let mut bearers: HashMap<&str, HashMap<SourceKey, Vec<&str>>> = HashMap::new();
    for item in items {
        for mark in &item.marks {
            let by_source = bearers.entry(mark).or_default();
            by_source.entry(item.source).or_default().push(&item.title);
        }
    }
    let nothing = bearers.into_iter().filter(|(mark, by_source)| {
        by_source.values().map(Vec::len).sum::<usize>() > STORY_ITEMS_MAX
            || by_source
                .values()
                .any(|titles| is_general(titles) || is_reused(mark, titles))
    });
    nothing.map(|(mark, _)| mark).collect()
}

/// Whether so many items of one source bear a mark that it tells none: an issue's own DOI on all its articles.
fn is_general(titles: &[&str]) -> bool {
    titles.len() > BEARERS_OF_ONE_SOURCE_MAX
}

/// Whether a link is a page that its publisher uses again for other news, as BBC and CNN do. What is told alike is
/// the same news under a second guid.
fn is_reused(mark: &str, titles: &[&str]) -> bool {
    let other_than_one_before = |(at, title): (usize, &&str)| titles[..at].iter().any(|before| !alike(before, title));
    mark.starts_with(LINK) && titles.iter().enumerate().any(other_than_one_before)
}

#[cfg(test)]
mod tests;
