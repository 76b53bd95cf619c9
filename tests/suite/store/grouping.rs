//! Stories through the store: nothing is left behind, no guid is borne twice, and no feed holds up the writer.

use std::time::{Duration, Instant};

use oncofeed::model::{draft::Draft, intent::Announced, item::ItemId, story::FirstPublished};

use super::{Archive, day, draft, plain};

fn with_doi(doi: &str, draft: Draft) -> Draft {
    Draft {
        doi: Some(doi.into()),
        ..draft
    }
}

impl Archive {
    /// Publishes the story of an item under that item's id.
    fn announce(&self, title: &str, at: i64) -> ItemId {
        let (story, guid) = (self.story_of(title), self.id(title));
        let published = FirstPublished {
            guid,
            lead: guid,
            at: day(at),
        };
        self.write(move |writer| writer.announce(&Announced { story, published }));
        guid
    }

    fn guid_of(&self, title: &str) -> Option<ItemId> {
        let story = self.story_of(title);
        self.write(move |writer| writer.story(story))
            .published
            .map(|published| published.guid)
    }
}

#[test]
fn a_merged_story_leaves_no_empty_one_behind() {
    let archive = Archive::new();
    let (a, b) = (archive.source("a"), archive.source("b"));
    archive.visit(a, vec![plain("1", "One")], day(0));
    archive.visit(b, vec![plain("2", "Two")], day(0));
    let (first, second) = (archive.announce("One", 1), archive.announce("Two", 2));
    archive.visit(b, vec![draft("2", "https://a.test/1", "Two")], day(3));
    assert_eq!((archive.stories().len(), archive.story_rows()), (1, 1));
    assert_eq!(archive.guid_of("Two"), Some(first), "published first wins");

    archive.visit(b, vec![plain("2", "Two")], day(4));
    assert_eq!((archive.guid_of("One"), archive.guid_of("Two")), (Some(first), None));
    assert_eq!(archive.announce("Two", 4), second);
    assert_eq!(archive.guid_of("Two"), Some(second), "apart again, each has its own");
}

#[test]
fn a_story_outlives_the_item_that_gave_its_guid() {
    let archive = Archive::new();
    let (a, b, c) = (archive.source("a"), archive.source("b"), archive.source("c"));
    let told = |guid: &str, title: &str| with_doi("10.1/x", plain(guid, title));
    archive.visit(a, vec![told("1", "One")], day(0));
    let guid = archive.announce("One", 0);
    archive.visit(b, vec![told("2", "Two")], day(1));
    archive.visit(a, vec![], day(1));
    archive.visit(c, vec![told("3", "Three")], day(2));
    archive.visit(b, vec![told("2", "Two")], day(5));
    archive.visit(c, vec![told("3", "Three")], day(5));
    assert_eq!(archive.expire(day(4)), 1);
    assert_eq!(archive.guid_of("Two"), Some(guid));
    let plan = archive.visit(a, vec![told("1", "One")], day(6));
    assert_eq!(plan.new, 0, "nor does it come back to be published under its id");
    archive.visit(c, vec![plain("3", "Three")], day(6));
    assert_eq!((archive.guid_of("Two"), archive.guid_of("Three")), (Some(guid), None));
}

#[test]
fn a_story_that_lost_its_lead_while_it_was_rendered_is_announced_later() {
    let archive = Archive::new();
    let (a, b) = (archive.source("a"), archive.source("b"));
    archive.visit(a, vec![with_doi("10.1/x", plain("1", "One"))], day(0));
    archive.visit(b, vec![with_doi("10.1/x", plain("2", "Two"))], day(0));
    let chosen = archive.story_of("Two");
    let guid = archive.id("Two");
    archive.visit(b, vec![plain("2", "Two")], day(1));
    let left = if archive.story_of("Two") == chosen {
        "One"
    } else {
        "Two"
    };
    let lost = archive.id(left);
    let published = FirstPublished {
        guid: lost,
        lead: guid,
        at: day(1),
    };
    archive.write(move |writer| {
        writer.announce(&Announced {
            story: chosen,
            published,
        })
    });
    assert_eq!((archive.guid_of("One"), archive.guid_of("Two")), (None, None));
    archive.announce(left, 1);
    assert_eq!(archive.guid_of(left), Some(lost));
}

/// The order in which sources come, and edits: each way leads to the same stories.
#[test]
fn the_order_of_arrival_makes_no_difference() {
    let page = "https://a.test/live";
    let first = || draft("1", page, "Waiting list falls");
    let other = || draft("2", page, "Second scanner opens");
    let moved = || with_doi("10.1/x", draft("2", "https://a.test/2", "Second scanner opens"));
    let copy = || draft("b", page, "Waiting lists");
    let paper = || with_doi("10.1/x", plain("c", "On scanners"));
    type Step = (usize, Vec<Draft>);
    let ways: [Vec<Step>; 4] = [
        vec![(0, vec![first(), moved()]), (1, vec![copy()]), (2, vec![paper()])],
        vec![
            (1, vec![copy()]),
            (0, vec![first(), other()]),
            (0, vec![first(), moved()]),
            (2, vec![paper()]),
        ],
        vec![
            (0, vec![first(), other()]),
            (2, vec![paper()]),
            (1, vec![copy()]),
            (0, vec![first(), moved()]),
        ],
        vec![
            (0, vec![other()]),
            (0, vec![first(), moved()]),
            (2, vec![paper()]),
            (1, vec![copy()]),
        ],
    ];
    for (way, steps) in ways.into_iter().enumerate() {
        let archive = Archive::new();
        let sources = [archive.source("a"), archive.source("b"), archive.source("c")];
        for (at, (source, drafts)) in steps.into_iter().enumerate() {
            archive.visit(sources[source], drafts, day(at as i64));
        }
        assert_eq!(archive.stories().len(), 2, "way {way}");
        assert_eq!(
            archive.story_of("Waiting list falls"),
            archive.story_of("Waiting lists"),
            "way {way}"
        );
        assert_eq!(
            archive.story_of("Second scanner opens"),
            archive.story_of("On scanners"),
            "way {way}"
        );
        assert_eq!(archive.story_rows(), 2, "way {way}");
    }
}

/// The item between two others is gone, and one of them turns to other news: the other does not go with it.
#[test]
fn what_was_once_one_story_is_told_apart_as_a_whole() {
    let archive = Archive::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| archive.source(name));
    let page = "https://c.test/3";
    archive.visit(a, vec![with_doi("10.1/p", plain("1", "One"))], day(0));
    archive.visit(b, vec![with_doi("10.1/p", draft("2", page, "Between"))], day(0));
    archive.visit(c, vec![draft("3", page, "Three")], day(0));
    assert_eq!(archive.stories().len(), 1);
    archive.visit(b, vec![], day(1));
    archive.visit(a, vec![with_doi("10.1/p", plain("1", "One"))], day(5));
    archive.visit(c, vec![draft("3", page, "Three")], day(5));
    assert_eq!(archive.expire(day(2)), 1);
    assert_eq!(archive.stories().len(), 1, "nothing was said anew");
    archive.visit(d, vec![with_doi("10.1/r", plain("4", "Other news"))], day(6));
    archive.visit(a, vec![with_doi("10.1/r", plain("1", "One"))], day(6));
    assert_eq!(archive.story_of("One"), archive.story_of("Other news"));
    assert_ne!(archive.story_of("One"), archive.story_of("Three"));
}

/// A feed whose entries all bear one link and one DOI once cost the square of their number.
#[test]
fn entries_that_share_everything_cost_hardly_more_than_others() {
    let cost = |entry: fn(usize) -> Draft| {
        let archive = Archive::new();
        let source = archive.source("a");
        let started = Instant::now();
        archive.visit(source, (0..5_000).map(entry).collect(), day(0));
        archive.visit(source, (2_500..7_500).map(entry).collect(), day(1));
        let took = started.elapsed();
        assert_eq!(archive.stories().len(), 7_500);
        took
    };
    let apart = cost(|n| with_doi(&format!("10.1/{n}"), plain(&n.to_string(), &format!("Article {n}"))));
    let shared = cost(|n| {
        with_doi(
            "10.1/issue",
            draft(&n.to_string(), "https://a.test/issue", &format!("Article {n}")),
        )
    });
    assert!(shared < apart * 8, "{shared:?}, and {apart:?} where nothing is shared");
}

/// What many bear does not use up the bound that is there for what few do.
#[test]
fn a_page_used_by_thousands_hides_no_neighbour() {
    let archive = Archive::new();
    let (a, b) = (archive.source("a"), archive.source("b"));
    let entry = |n: usize| draft(&n.to_string(), "https://a.test/news", &format!("Article {n}"));
    archive.visit(a, (0..6_000).map(entry).collect(), day(0));
    archive.visit(b, vec![with_doi("10.1/x", plain("b", "A paper"))], day(0));
    let mut next: Vec<_> = (6_000..6_020).map(entry).collect();
    next.push(with_doi("10.1/x", plain("c", "What the paper says")));
    archive.visit(a, next, day(1));
    assert_eq!(archive.story_of("A paper"), archive.story_of("What the paper says"));
    assert_eq!(archive.stories().len(), 6_021);
}

/// Each entry has its DOI in common with the one before, and its page with the one behind: only two by two have a mark
/// in common.
#[test]
fn no_chain_of_marks_holds_up_the_writer_or_becomes_a_story() {
    let archive = Archive::new();
    let source = archive.source("a");
    let entry = |n: usize| {
        let page = format!("https://a.test/{}", n.div_ceil(2));
        with_doi(
            &format!("10.1/{}", n / 2),
            draft(&n.to_string(), &page, "One and the same headline"),
        )
    };
    let started = Instant::now();
    archive.visit(source, (0..6_000).map(entry).collect(), day(0));
    let edited = Draft {
        summary: "Edited.".into(),
        ..entry(3_000)
    };
    archive.visit(source, vec![edited], day(1));
    let took = started.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(archive.stories().len(), 3_000);
}
