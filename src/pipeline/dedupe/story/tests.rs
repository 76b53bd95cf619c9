use proptest::prelude::*;
use uuid::Uuid;

use super::{marks::LINK, *};
use crate::{model::source::SourceKey, shipped::EDITORIAL};

fn id(n: u128) -> ItemId {
    ItemId(Uuid::from_u128(n))
}

fn marked(n: u128, source: i64, marks: &[&str]) -> Marked {
    Marked {
        id: id(n),
        source: SourceKey(source),
        first_seen: Timestamp::from_second(n as i64).unwrap(),
        story: None,
        story_published: None,
        story_guid: None,
        title: format!("Headline{n}"),
        summary: String::new(),
        ordered_at: Timestamp::from_second(n as i64).unwrap(),
        dated: true,
        marks: marks.iter().map(|&mark| mark.to_owned()).collect(),
    }
}

/// In a story that was published as the `at`-th, under the id of item `guid`.
fn of(item: Marked, story: i64, published: Option<(i64, u128)>) -> Marked {
    Marked {
        story: Some(StoryKey(story)),
        story_published: published.map(|(at, _)| Timestamp::from_second(at).unwrap()),
        story_guid: published.map(|(_, guid)| id(guid)),
        ..item
    }
}

pub(super) fn grouped(items: &[Marked], whole: bool) -> Vec<Grouped> {
    let neighbours = Neighbours {
        items: items.to_vec(),
        ties: pairs(items),
        whole,
    };
    group(&neighbours, &mut Judge::new(&EDITORIAL.boilerplate))
}

/// All pairs, as if each had led to each other.
fn pairs(items: &[Marked]) -> Vec<(ItemId, ItemId)> {
    let with_others = |(at, one): (usize, &Marked)| items[at + 1..].iter().map(|other| (one.id, other.id)).collect();
    items
        .iter()
        .enumerate()
        .flat_map(|pair| -> Vec<_> { with_others(pair) })
        .collect()
}

fn groups(items: &[Marked]) -> Vec<Vec<u128>> {
    grouped(items, true)
        .into_iter()
        .map(|group| group.items.iter().map(|id| id.0.as_u128()).collect())
        .collect()
}

/// For each group the story that it keeps (0 for a new one), and those that it absorbs.
fn check(items: &[Marked], expect: &[(i64, &[i64])]) {
    let found: Vec<_> = grouped(items, true)
        .into_iter()
        .map(|group| (group.story.map_or(0, |story| story.0), group.absorbed))
        .collect();
    let expect: Vec<(i64, Vec<StoryKey>)> = expect
        .iter()
        .map(|(story, absorbed)| (*story, absorbed.iter().map(|story| StoryKey(*story)).collect()))
        .collect();
    assert_eq!(found, expect);
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
fn a_page_under_two_guids_with_one_headline_is_one_story() {
    let mut items = [
        marked(1, 1, &["link:a"]),
        marked(2, 1, &["link:a"]),
        marked(3, 2, &["link:a"]),
    ];
    items[0].title = "Waiting list falls".into();
    items[1].title = "Waiting list falls sharply".into();
    assert_eq!(groups(&items), [vec![1, 2, 3]]);
}

#[test]
fn a_doi_joins_the_few_of_one_source_and_is_an_issue_s_on_many() {
    let items: Vec<_> = (0..7).map(|n| marked(n, i64::from(n == 6), &["doi:1"])).collect();
    assert_eq!(groups(&items[1..]), [[1, 2, 3, 4, 5, 6]]);
    assert_eq!(groups(&items).len(), 7);
}

#[test]
fn what_the_whole_world_bears_joins_nothing() {
    let bearers = |count: usize| -> Vec<_> { (0..count).map(|n| marked(n as u128, n as i64, &["doi:1"])).collect() };
    assert_eq!(groups(&bearers(STORY_ITEMS_MAX)).len(), 1);
    let mut items = bearers(STORY_ITEMS_MAX + 1);
    assert_eq!(groups(&items).len(), STORY_ITEMS_MAX + 1);
    items[0].marks.push("doi:2".into());
    items[1].marks.push("doi:2".into());
    assert_eq!(
        groups(&items).len(),
        STORY_ITEMS_MAX,
        "nor does it keep apart what is one"
    );
}

#[test]
fn a_chain_through_half_the_archive_is_no_story() {
    let chain = |length: usize| -> Vec<_> {
        let item = |n| marked(n as u128, n as i64, &[&format!("doi:{n}"), &format!("doi:{}", n + 1)]);
        (0..length).map(item).collect()
    };
    assert_eq!(groups(&chain(STORY_ITEMS_MAX)).len(), 1);
    assert_eq!(groups(&chain(STORY_ITEMS_MAX + 1)).len(), STORY_ITEMS_MAX + 1);
}

#[test]
fn a_merged_story_keeps_the_one_that_was_published_first() {
    let (one, two) = (|| marked(1, 1, &["doi:1"]), || marked(2, 2, &["doi:1"]));
    check(&[of(one(), 10, None), of(two(), 11, Some((5, 2)))], &[(11, &[10])]);
    check(
        &[of(one(), 10, Some((6, 1))), of(two(), 11, Some((5, 2)))],
        &[(11, &[10])],
    );
    check(
        &[of(one(), 10, Some((5, 1))), of(two(), 11, Some((5, 2)))],
        &[(10, &[11])],
    );
    check(&[of(one(), 11, None), of(two(), 10, None)], &[(10, &[11])]);
}

#[test]
fn a_story_that_falls_apart_stays_with_the_item_that_gave_its_guid() {
    let apart = |published: Option<(i64, u128)>| {
        [
            of(marked(1, 1, &[]), 10, published),
            of(marked(2, 2, &["doi:1"]), 10, published),
            of(marked(3, 3, &["doi:1"]), 10, published),
        ]
    };
    check(&apart(Some((5, 3))), &[(0, &[]), (10, &[])]);
    check(&apart(Some((5, 1))), &[(10, &[]), (0, &[])]);
    check(&apart(Some((5, 9))), &[(10, &[]), (0, &[])]);
    check(&apart(None), &[(10, &[]), (0, &[])]);
}

#[test]
fn a_story_whose_guid_went_into_another_leaves_nothing_behind() {
    let items = [
        of(marked(1, 1, &["doi:1"]), 10, Some((5, 1))),
        of(marked(2, 2, &["doi:1"]), 11, Some((6, 2))),
        of(marked(3, 3, &[]), 11, Some((6, 2))),
    ];
    check(&items, &[(10, &[11]), (0, &[])]);
}

#[test]
fn what_is_not_wholly_seen_does_not_fall_apart() {
    let items = [
        of(marked(1, 1, &[]), 10, None),
        of(marked(2, 2, &[]), 10, None),
        marked(3, 3, &[]),
    ];
    assert_eq!(grouped(&items, true).len(), 3);
    assert_eq!(grouped(&items, false).len(), 2);
}

const TITLES: [&str; 4] = [
    "Waiting list falls",
    "Waiting list falls sharply",
    "Second scanner opens",
    "",
];

/// Items of a few sources with a few marks, titles and stories, no two of which were published under one guid.
fn neighbourhood() -> impl Strategy<Value = Vec<Marked>> {
    let mark = (any::<bool>(), 0u8..4).prop_map(|(link, n)| format!("{}{n}", if link { LINK } else { "doi:" }));
    let item = (
        0i64..4,
        prop::collection::vec(mark, 0..3),
        0..TITLES.len(),
        prop::option::of(0i64..4),
    );
    prop::collection::vec(item, 1..16).prop_map(|items| {
        let stories: Vec<_> = items.iter().map(|(.., story)| *story).collect();
        let first = |story: i64| stories.iter().rposition(|found| *found == Some(story));
        let made = items.into_iter().enumerate().map(|(n, (source, marks, title, story))| {
            let item = Marked {
                title: TITLES[title].into(),
                marks,
                ..marked(n as u128, source, &[])
            };
            match story {
                Some(story) => of(item, story, first(story).map(|guid| (story, guid as u128))),
                None => item,
            }
        });
        made.collect()
    })
}

#[test]
fn no_third_item_joins_what_its_source_lists_apart() {
    let items = [
        marked(1, 1, &["doi:1", "link:a"]),
        marked(2, 1, &["doi:2", "link:b"]),
        marked(3, 2, &["doi:2", "link:a"]),
        marked(4, 3, &["link:b"]),
    ];
    assert_eq!(groups(&items), [vec![1], vec![2, 3, 4]]);
    let versions = [
        marked(1, 1, &["doi:1", "link:a"]),
        marked(2, 1, &["doi:1", "link:b"]),
        marked(3, 2, &["link:b"]),
    ];
    assert_eq!(
        groups(&versions),
        [vec![1, 2, 3]],
        "two versions of one preprint have a mark in common"
    );
}

#[test]
fn a_chain_through_more_sources_than_tell_one_story_is_none() {
    let link = |n: usize| format!("link:{n}");
    let chain = |length: usize| -> Vec<Marked> {
        let item = |n: usize| marked(n as u128, n as i64, &[&link(n), &link(n + 1)]);
        (0..length).map(item).collect()
    };
    assert_eq!(groups(&chain(STORY_ITEMS_MAX)).len(), 1);
    assert_eq!(groups(&chain(STORY_ITEMS_MAX + 1)).len(), STORY_ITEMS_MAX + 1);
}

proptest! {
    #[test]
    fn the_order_of_items_does_not_matter(items in neighbourhood(), seed in any::<u64>()) {
        let mut shuffled = items.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(grouped(&items, true), grouped(&shuffled, true));
    }

    #[test]
    fn every_story_falls_to_one_group_and_none_is_without_the_item_of_its_guid(items in neighbourhood(), whole in any::<bool>()) {
        let mut fallen = vec![];
        for group in grouped(&items, whole) {
            if let Some(guid) = items.iter().find(|item| item.story.is_some() && item.story == group.story).and_then(|item| item.story_guid) {
                prop_assert!(group.items.contains(&guid));
            }
            fallen.extend(group.story);
            fallen.extend(group.absorbed);
        }
        let before: BTreeSet<_> = items.iter().filter_map(|item| item.story).collect();
        fallen.sort();
        prop_assert_eq!(fallen, before.into_iter().collect::<Vec<_>>());
    }
}
