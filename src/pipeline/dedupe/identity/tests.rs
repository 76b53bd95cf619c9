use jiff::Timestamp;

use super::*;
use crate::model::{
    item::{Item, StoryKey},
    link::Link,
    source::SourceKey,
};

fn draft(guid: Option<&str>, link: Option<&str>, title: &str) -> Draft {
    Draft {
        guid: guid.map(Into::into),
        link: link.and_then(Link::parse),
        title: title.into(),
        summary: String::new(),
        published: None,
        updated: None,
        authors: vec![],
        categories: vec![],
        doi: None,
        image: None,
    }
}

fn item(id: ItemId, title: String) -> Item {
    Item {
        id,
        source: SourceKey(1),
        story: StoryKey(1),
        link: None,
        title,
        summary: String::new(),
        description: None,
        published: None,
        updated: None,
        first_seen: Timestamp::UNIX_EPOCH,
        last_seen: Timestamp::UNIX_EPOCH,
        surfaces_at: None,
        authors: vec![],
        categories: vec![],
        doi: None,
        image: None,
        claims: vec![],
    }
}

/// Keeps the items of `before`, then says what the entries of `after` are: `=n` the n-th of before, `+` new, `~` repeated.
fn check(before: Vec<Draft>, after: Vec<Draft>, expect: &str) {
    let mut known = Known::default();
    let mut ids = vec![];
    for entry in keyed(before) {
        let id = item_id("s", &entry.identity);
        ids.push(id);
        known.keys.extend(entry.keys().map(|key| (key.clone(), Some(id))));
        known.titles.extend(entry.title.clone().map(|title| (title, id)));
        let kept = Item {
            link: entry.draft.link,
            published: entry.draft.published,
            ..item(id, entry.draft.title)
        };
        known.items.insert(id, kept);
    }
    let entries = keyed(after);
    let found: Vec<_> = identify("s", &entries, &known)
        .into_iter()
        .map(|found| match found {
            Identified::New(_) => "+".to_owned(),
            Identified::Known(id) => format!("={}", ids.iter().position(|known| *known == id).unwrap()),
            Identified::Gone => "x".into(),
            Identified::Repeated => "~".into(),
        })
        .collect();
    assert_eq!(found.join(" "), expect);
}

#[test]
fn a_guid_tells_an_item_whatever_else_changes() {
    let a = || draft(Some("1"), Some("https://a.test/1"), "Trial of a new drug begins");
    check(
        vec![a()],
        vec![draft(
            Some("1"),
            Some("https://a.test/2"),
            "Another headline altogether",
        )],
        "=0",
    );
    check(
        vec![a()],
        vec![draft(Some("2"), Some("https://a.test/2"), "Trial of a new drug begins")],
        "+",
    );
    check(vec![a()], vec![a(), a()], "=0 ~");
}

#[test]
fn without_a_guid_the_link_tells_and_without_both_the_text() {
    check(
        vec![draft(None, Some("https://a.test/1"), "One")],
        vec![draft(None, Some("http://www.a.test/1?utm_source=rss"), "One, edited")],
        "=0",
    );
    check(
        vec![draft(None, None, "One")],
        vec![draft(None, None, "One"), draft(None, None, "Two")],
        "=0 +",
    );
}

#[test]
fn a_guid_or_link_that_all_entries_bear_tells_nothing() {
    let page = Some("https://a.test/news");
    let before = || {
        vec![
            draft(Some("x"), page, "First thing"),
            draft(Some("x"), page, "Second thing"),
        ]
    };
    check(before(), before(), "=0 =1");
    let linked = || {
        vec![
            draft(Some("x"), Some("https://a.test/1"), "First"),
            draft(Some("x"), Some("https://a.test/2"), "Second"),
        ]
    };
    check(linked(), linked(), "=0 =1");
}

#[test]
fn a_renewed_guid_is_the_same_item_and_a_reused_link_is_not() {
    let old = || {
        vec![draft(
            Some("a#0"),
            Some("https://a.test/1"),
            "NHS waiting list for cancer falls",
        )]
    };
    check(
        old(),
        vec![draft(
            Some("a#1"),
            Some("https://a.test/1"),
            "Cancer waiting list falls sharply",
        )],
        "=0",
    );
    check(
        old(),
        vec![draft(
            Some("b"),
            Some("https://a.test/1"),
            "Hospital opens second scanner",
        )],
        "+",
    );
    check(
        old(),
        vec![
            draft(
                Some("a#1"),
                Some("https://a.test/1"),
                "NHS waiting list for cancer falls",
            ),
            draft(
                Some("a#0"),
                Some("https://a.test/1"),
                "NHS waiting list for cancer falls",
            ),
        ],
        "+ =0",
    );
}

#[test]
fn a_source_that_moves_keeps_its_items() {
    let at = |site: &str| -> Vec<Draft> {
        (0..6)
            .map(|n| {
                let url = format!("https://{site}/{n}");
                draft(Some(&url), Some(&url), &format!("Headline of the story number {n}"))
            })
            .collect()
    };
    check(at("old.test"), at("new.test"), "=0 =1 =2 =3 =4 =5");
    let mut mixed = at("new.test");
    for draft in &mut mixed[..2] {
        draft.title.push_str(" and something else");
    }
    check(at("old.test"), mixed, "+ + + + + +");
}

#[test]
fn what_is_gone_stays_gone() {
    let entries = keyed(vec![draft(Some("1"), None, "One")]);
    let known = Known {
        keys: HashMap::from([(entries[0].identity.clone(), None)]),
        ..Known::default()
    };
    assert_eq!(identify("s", &entries, &known), [Identified::Gone]);
}

#[test]
fn a_renewed_guid_does_not_bring_back_what_is_gone() {
    let link = Some("https://a.test/1");
    let gone = keyed(vec![draft(Some("a#0"), link, "")]);
    for (before, now, expect) in [
        (
            "NHS waiting list for cancer falls",
            "Cancer waiting list falls sharply",
            true,
        ),
        (
            "NHS waiting list for cancer falls",
            "Hospital opens second scanner",
            false,
        ),
        ("NHS waiting list for cancer falls", "", true),
        ("", "Hospital opens second scanner", true),
    ] {
        let link_key = gone[0].link.clone().unwrap();
        let known = Known {
            keys: gone[0].keys().map(|key| (key.clone(), None)).collect(),
            gone: HashMap::from([(link_key, before.to_owned())]),
            ..Known::default()
        };
        let entries = keyed(vec![draft(Some("a#1"), link, now)]);
        let found = identify("s", &entries, &known);
        assert_eq!(found == [Identified::Gone], expect, "{before:?} {now:?}");
    }
}

#[test]
fn ids_are_for_ever() {
    let id = item_id("cancer-research-uk", &guid_key("https://a.test/?p=1"));
    assert_eq!(id.to_string(), "bb64bbf7-2e8a-5fd3-bbbf-08bb3d614b58");
}

#[test]
fn a_headline_with_its_date_is_the_same_entry_whatever_its_publisher_renews() {
    let dated = |guid: &str, link: &str, day: i64| Draft {
        published: Some(Timestamp::from_second(day * 86_400).unwrap()),
        ..draft(Some(guid), Some(link), "Research highlights of the week")
    };
    let first = || dated("1", "https://a.test/1", 20_000);
    check(vec![first()], vec![dated("2", "https://a.test/2", 20_000)], "=0");
    check(vec![first()], vec![dated("2", "https://a.test/2", 20_007)], "+");
    check(
        vec![first()],
        vec![first(), dated("2", "https://a.test/2", 20_000)],
        "=0 +",
    );
    let undated = |guid, link| draft(Some(guid), Some(link), "Research highlights of the week");
    check(
        vec![undated("1", "https://a.test/x?t=1")],
        vec![undated("2", "https://a.test/x?t=2")],
        "=0",
    );
    check(
        vec![undated("1", "https://a.test/x")],
        vec![undated("2", "https://a.test/y")],
        "+",
    );
}
