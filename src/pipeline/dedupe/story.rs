//! Which items tell one story (design §6.3): so far those that share a DOI or a canonical link.
//!
//! Stories are the connected components of items and marks, so the order of arrival cannot matter.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    model::{
        link::Link,
        source::SourceKey,
        story::{Grouped, Mark, Marked},
    },
    pipeline::extract::link,
};

/// The marks of an item.
pub fn marks(doi: Option<&str>, link: Option<&Link>) -> Vec<Mark> {
    let doi = doi.map(|doi| format!("doi:{doi}"));
    let link = link.map(|link| format!("link:{}", link::canonical(link)));
    doi.into_iter().chain(link).collect()
}

/// Groups a set of items that is closed under sharing marks and stories.
///
/// A group keeps the story that was published first among its items', else the oldest; a story that falls apart
/// stays with the group of its earliest item.
pub fn group(items: &[Marked]) -> Vec<Grouped> {
    let mut ordered: Vec<_> = items.iter().collect();
    ordered.sort_by_key(|item| (item.first_seen, item.id));
    let mut groups: BTreeMap<usize, Vec<&Marked>> = BTreeMap::new();
    for (item, root) in ordered.iter().zip(roots(&ordered)) {
        groups.entry(root).or_default().push(item);
    }
    let mut taken = HashSet::new();
    groups
        .into_values()
        .map(|members| {
            let story = members
                .iter()
                .filter_map(|item| Some((item.story_published.is_none(), item.story_published, item.story?)))
                .filter(|(.., story)| !taken.contains(story))
                .min()
                .map(|(.., story)| story);
            taken.extend(story);
            Grouped {
                story,
                items: members.iter().map(|item| item.id).collect(),
            }
        })
        .collect()
}

/// For each item the position of the first item of its component.
fn roots(items: &[&Marked]) -> Vec<usize> {
    let reused = reused(items);
    let mut parent: Vec<usize> = (0..items.len()).collect();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        for mark in item.marks.iter().filter(|mark| !reused.contains(mark.as_str())) {
            let other = *first.entry(mark).or_insert(at);
            let (a, b) = (find(&mut parent, at), find(&mut parent, other));
            parent[a.max(b)] = a.min(b);
        }
    }
    (0..items.len()).map(|at| find(&mut parent, at)).collect()
}

fn find(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Marks that one source puts on several items: a page that its publisher re-uses for other news (BBC and CNN do),
/// an issue's own DOI. They join nothing.
fn reused<'a>(items: &[&'a Marked]) -> HashSet<&'a str> {
    let mut bearers: HashSet<(&str, SourceKey)> = HashSet::new();
    let repeated = |(mark, source)| (!bearers.insert((mark, source))).then_some(mark);
    items
        .iter()
        .flat_map(|item| item.marks.iter().map(|mark| (mark.as_str(), item.source)))
        .filter_map(repeated)
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::model::item::{ItemId, StoryKey};

    fn marked(n: u128, source: i64, marks: &[&str]) -> Marked {
        Marked {
            id: ItemId(Uuid::from_u128(n)),
            source: SourceKey(source),
            first_seen: Timestamp::from_second(n as i64).unwrap(),
            story: None,
            story_published: None,
            marks: marks.iter().map(|&mark| mark.to_owned()).collect(),
        }
    }

    fn groups(items: &[Marked]) -> Vec<Vec<u128>> {
        group(items)
            .into_iter()
            .map(|group| group.items.iter().map(|id| id.0.as_u128()).collect())
            .collect()
    }

    #[test]
    fn shared_marks_make_a_story_across_sources() {
        let items = [
            marked(1, 1, &["doi:1", "link:a"]),
            marked(2, 2, &["doi:1"]),
            marked(3, 3, &["link:b"]),
            marked(4, 4, &["link:a"]),
        ];
        assert_eq!(groups(&items), [vec![1, 2, 4], vec![3]]);
    }

    #[test]
    fn a_page_that_its_publisher_uses_again_joins_nothing() {
        let items = [
            marked(1, 1, &["link:a"]),
            marked(2, 1, &["link:a"]),
            marked(3, 2, &["link:a"]),
        ];
        assert_eq!(groups(&items), [vec![1], vec![2], vec![3]]);
    }

    #[test]
    fn a_merged_story_keeps_the_one_that_was_published_first() {
        let mut items = [marked(1, 1, &["doi:1"]), marked(2, 2, &["doi:1"]), marked(3, 3, &[])];
        items[0].story = Some(StoryKey(10));
        items[1].story = Some(StoryKey(11));
        items[1].story_published = Some(Timestamp::UNIX_EPOCH);
        items[2].story = Some(StoryKey(11));
        let grouped = group(&items);
        assert_eq!(grouped[0].story, Some(StoryKey(11)));
        assert_eq!(grouped[1].story, None, "the part that left gets a story of its own");
    }

    proptest! {
        #[test]
        fn the_order_of_items_does_not_matter(
            sets in prop::collection::vec((0i64..4, prop::collection::vec(0u8..6, 0..3)), 1..12),
            seed in any::<u64>(),
        ) {
            let items: Vec<_> = sets.iter().enumerate().map(|(n, (source, marks))| {
                let marks: Vec<_> = marks.iter().map(|mark| format!("doi:{mark}")).collect();
                marked(n as u128, *source, &marks.iter().map(String::as_str).collect::<Vec<_>>())
            }).collect();
            let mut shuffled = items.clone();
            let mut state = seed;
            for at in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                shuffled.swap(at, (state >> 33) as usize % (at + 1));
            }
            prop_assert_eq!(groups(&items), groups(&shuffled));
        }
    }
}
