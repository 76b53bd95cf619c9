//! What leaves, and that it does not come back.

use oncofeed::{
    app::watchlist,
    model::source::{Source, SourceId, SourceKey},
};

use super::{Archive, day, draft, plain};

impl Archive {
    /// Reads a feeds.toml that has this source alone.
    fn enter(&self, url: &str) -> SourceKey {
        let source = Source::new(SourceId::parse("a").unwrap(), "A".into(), url.parse().unwrap(), vec![]);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let watched = runtime.block_on(watchlist::enter(&self.store, vec![source])).unwrap();
        watched.into_keys().next().unwrap()
    }
}

#[test]
fn retention_counts_from_when_an_item_was_last_in_its_feed() {
    let archive = Archive::new();
    let source = archive.source("a");
    archive.visit(source, vec![plain("1", "Leaves"), plain("2", "Stays listed")], day(0));
    archive.visit(source, vec![plain("2", "Stays listed")], day(10));
    archive.visit(source, vec![plain("2", "Stays listed")], day(20));
    assert_eq!(archive.expire(day(10)), 0, "it was there until day 10");
    assert_eq!(
        archive.expire(day(11)),
        1,
        "the other was seen on day 0, and is there on day 20"
    );
    assert_eq!(archive.titles(), ["Stays listed"]);
    assert_eq!(archive.story_rows(), 1, "a story goes with its last item");
    assert_eq!(archive.expire(day(20)), 0);
    assert_eq!(archive.expire(day(21)), 1, "nobody has heard of the source since");
    assert_eq!((archive.titles().len(), archive.story_rows()), (0, 0));
}

/// An editor gives the feed's new address: what it has listed for longer than retention is not cut off from it.
#[test]
fn a_new_address_ends_no_item() {
    let archive = Archive::new();
    let source = archive.enter("https://a.test/old");
    let listed = || vec![plain("1", "One")];
    archive.visit(source, listed(), day(0));
    archive.visit(source, listed(), day(20));
    assert_eq!(archive.enter("https://a.test/new"), source);
    assert_eq!(archive.expire(day(19)), 0);
    assert_eq!(archive.visit(source, listed(), day(21)).unchanged, 1);
}

#[test]
fn an_item_that_comes_back_into_its_feed_in_time_stays() {
    let archive = Archive::new();
    let source = archive.source("a");
    archive.visit(source, vec![plain("1", "One")], day(0));
    archive.visit(source, vec![], day(1));
    archive.visit(source, vec![plain("1", "One")], day(5));
    archive.visit(source, vec![], day(9));
    assert_eq!(archive.expire(day(9)), 0);
    assert_eq!(archive.expire(day(10)), 1);
}

#[test]
fn what_expired_does_not_come_back_under_its_guid_nor_under_another() {
    let archive = Archive::new();
    let source = archive.source("a");
    let link = "https://a.test/live";
    archive.visit(
        source,
        vec![draft("live#0", link, "NHS waiting list for cancer falls")],
        day(0),
    );
    archive.visit(source, vec![], day(1));
    assert_eq!(archive.expire(day(2)), 1);
    for (guid, title, expect) in [
        ("live#0", "NHS waiting list for cancer falls", 0),
        ("live#0", "Another headline", 0),
        ("live#1", "NHS waiting list for cancer falls", 0),
        ("live#1", "Cancer waiting list falls sharply", 0),
        ("live#1", "", 0),
        ("other", "Hospital opens second scanner", 1),
    ] {
        let plan = archive.visit(source, vec![draft(guid, link, title)], day(3));
        assert_eq!((plan.new, plan.updated), (expect, 0), "{guid} {title:?}");
    }
    assert_eq!(archive.titles(), ["Hospital opens second scanner"]);
    archive.visit(
        source,
        vec![draft("other#1", link, "Second scanner opens at hospital")],
        day(4),
    );
    assert_eq!(
        archive.titles(),
        ["Second scanner opens at hospital"],
        "the link is its now"
    );
}

#[test]
fn a_site_that_moved_keeps_its_items() {
    let archive = Archive::new();
    let source = archive.source("a");
    let at = |site: &str| -> Vec<_> {
        (0..6)
            .map(|n| {
                let url = format!("https://{site}/{n}");
                draft(&url, &url, &format!("Headline of the story number {n}"))
            })
            .collect()
    };
    archive.visit(source, at("old.test"), day(0));
    let before: Vec<_> = archive.items().iter().map(|item| item.id).collect();
    let plan = archive.visit(source, at("new.test"), day(1));
    assert_eq!((plan.new, plan.updated), (0, 6));
    let plan = archive.visit(source, at("new.test"), day(2));
    assert_eq!(plan.unchanged, 6, "they are known by their new guids");
    assert_eq!(archive.items().iter().map(|item| item.id).collect::<Vec<_>>(), before);
}

/// A store that was long unattended.
#[test]
fn a_great_many_are_let_go_of_over_several_cycles() {
    let archive = Archive::new();
    let source = archive.source("a");
    let drafts = (0..5_001)
        .map(|n| plain(&n.to_string(), &format!("Title {n}")))
        .collect();
    archive.visit(source, drafts, day(0));
    archive.visit(source, vec![], day(1));
    assert_eq!(archive.expire(day(2)), 5_000);
    assert_eq!(archive.expire(day(2)), 1);
    assert_eq!((archive.expire(day(2)), archive.story_rows()), (0, 0));
}
