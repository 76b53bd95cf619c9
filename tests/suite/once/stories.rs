//! Which items are told as one story, whatever the order in which they come, and under which guid.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{each, rss};
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
};

/// One entry: an empty link or DOI is none.
fn entry(guid: &str, title: &str, link: &str, doi: &str) -> String {
    let field = |name: &str, value: &str| match value {
        "" => String::new(),
        _ => format!("<{name}>{value}</{name}>"),
    };
    format!(
        "<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>{}{}</item>",
        field("link", link),
        field("prism:doi", doi)
    )
}

fn document(entries: &[String]) -> String {
    format!(
        "<rss version='2.0' xmlns:prism='http://prismstandard.org/namespaces/basic/2.0/'><channel><title>T</title>{}\
         </channel></rss>",
        entries.concat()
    )
}

/// Published titles by guid; a guid that is there twice has lost one.
fn published(installation: &Installation) -> BTreeMap<String, String> {
    let feed: Value = serde_json::from_str(&installation.read("var/public/latest-news.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let by_guid: BTreeMap<_, _> = items
        .iter()
        .map(|item| (text(&item["id"]), text(&item["title"])))
        .collect();
    assert_eq!(by_guid.len(), items.len(), "one guid twice in {items:?}");
    by_guid
}

/// How many stories are published of two sources that send these documents one after the other.
fn check(before: [&str; 2], after: [&str; 2], expect: usize) {
    let documents = before.map(|text| Document::rss(text.to_owned()));
    let origin = Origin::serving([("/a", &documents[0]), ("/b", &documents[1])]);
    let installation = Installation::new(&(source("A", &origin.url("/a")) + &source("B", &origin.url("/b"))));
    installation.once();
    for (document, text) in documents.iter().zip(after) {
        document.set(text.to_owned());
    }
    installation.once();
    assert_eq!(published(&installation).len(), expect, "{before:?} {after:?}");
}

#[test]
fn a_story_that_falls_apart_leaves_its_guid_to_the_item_that_gave_it() {
    let link = "https://news.example/x";
    let journal = Document::rss(document(&[entry("j", "Effect of X on Y", "", "10.1000/one")]));
    let news = Document::rss(rss(&[]));
    let origin = Origin::serving([("/journal", &journal), ("/news", &news)]);
    let installation =
        Installation::new(&(source("Journal", &origin.url("/journal")) + &source("News", &origin.url("/news"))));
    installation.once();
    news.set(document(&[entry("n", "X works", link, "10.1000/one")]));
    installation.once();
    let before = published(&installation);
    assert_eq!(before.values().collect::<Vec<_>>(), ["X works"]);

    journal.set(document(&[entry(
        "j",
        "Effect of X on Y",
        "https://journal.example/2",
        "10.1000/two",
    )]));
    installation.once();
    let after = published(&installation);
    assert_eq!(after.len(), 2, "{after:?}");
    for (guid, title) in before {
        assert_eq!(after.get(&guid), Some(&title));
    }
}

#[test]
fn versions_of_one_paper_in_one_source_are_one_story() {
    let versions = document(&[
        entry("v1", "Effect of X on Y", "https://preprint.example/1v1", "10.1000/one"),
        entry(
            "v2",
            "Revised: a wholly other headline",
            "https://preprint.example/1v2",
            "10.1000/one",
        ),
    ]);
    let news = document(&[entry("n", "X works", "https://news.example/x", "10.1000/one")]);
    check([&versions, &news], [&versions, &news], 1);
}

#[test]
fn an_issue_whose_articles_all_bear_its_doi_is_not_one_story() {
    let articles: Vec<_> = (0..6)
        .map(|n| {
            entry(
                &n.to_string(),
                &format!("Article {n}"),
                &format!("https://journal.example/{n}"),
                "10.1000/issue",
            )
        })
        .collect();
    let (issue, first) = (document(&articles), document(&articles[..5]));
    let none = document(&[]);
    check([&none, &none], [&issue, &none], 6);
    check([&first, &none], [&issue, &none], 6);
}

#[test]
fn one_page_under_two_guids_is_one_story_and_a_page_used_for_other_news_is_not() {
    let page = "https://a.example/live";
    let one = |title: &str| entry("1", title, page, "");
    let two = |title: &str| entry("2", title, page, "");
    let none = document(&[]);
    let twice = document(&[one("Cancer waiting list falls"), two("Cancer waiting list falls")]);
    check([&twice, &none], [&twice, &none], 1);
    let reused = document(&[one("Cancer waiting list falls"), two("Hospital opens second scanner")]);
    let copy = document(&[entry("b", "Waiting lists", page, "")]);
    check([&reused, &copy], [&reused, &copy], 3);
}

/// Found where a page stopped being re-used: the others that bear it are no neighbours of what left it.
#[test]
fn what_an_edit_sets_free_is_grouped_anew() {
    let page = "https://a.example/live";
    let one = entry("1", "Cancer waiting list falls", page, "");
    let before = document(&[one.clone(), entry("2", "Hospital opens second scanner", page, "")]);
    let after = document(&[
        one,
        entry("2", "Hospital opens second scanner", "https://a.example/2", ""),
    ]);
    let copy = document(&[entry("b", "Waiting lists", page, "")]);
    check([&before, &copy], [&after, &copy], 2);
    check([&after, &copy], [&after, &copy], 2);
}

#[test]
fn a_removed_source_does_not_take_over_who_bears_its_name() {
    let (a, b) = (
        Document::rss(rss(&[("1", "First", "One.")])),
        Document::rss(rss(&[("2", "Second", "Two.")])),
    );
    let origin = Origin::serving([("/a", &a), ("/b", &b)]);
    let other = source("B", &origin.url("/b"));
    let installation = Installation::new(&(source("A", &origin.url("/a")) + &other));
    installation.once();
    installation.sources(&other);
    installation.once();
    installation.sources(&source("A", &origin.url("/b")));
    let report = installation.once();
    assert_eq!(report["entries"]["new"], 0, "{report}");
    let items = installation.items();
    assert_eq!(each(&items, "title").len(), 2);
    let second = items.iter().find(|item| item["title"] == "Second").unwrap();
    assert_eq!(second["source"], "A");
}

#[test]
fn news_told_again_is_one_story_and_explain_says_why() {
    let told = |guid: &str, title: &str, text: &str| {
        format!(
            "<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>https://{guid}.example/x</link>\
             <description>{text}</description></item>"
        )
    };
    let release = told(
        "maker",
        "FDA approves zelnitinib for lung cancer",
        "The regulator cleared Quillon's pill zelnitinib after surgery of lung cancer.",
    );
    let paper = told(
        "paper",
        "Quillon's zelnitinib wins FDA approval in lung cancer",
        "The pill zelnitinib was cleared for use after surgery.",
    );
    let abroad = told(
        "abroad",
        "Japan approves zelnitinib for lung cancer",
        "Quillon's pill zelnitinib was cleared after surgery of lung cancer.",
    );
    let (a, b) = (
        Document::rss(document(&[release])),
        Document::rss(document(&[paper, abroad])),
    );
    let origin = Origin::serving([("/a", &a), ("/b", &b)]);
    let installation = Installation::new(&(source("A", &origin.url("/a")) + &source("B", &origin.url("/b"))));
    installation.once();
    assert_eq!(published(&installation).len(), 2);
    let explained = installation.run(&["explain", "https://maker.example/x"]).stdout;
    let line = |start: &str| {
        explained
            .lines()
            .find(|line| line.trim().starts_with(start))
            .unwrap_or_default()
    };
    assert!(line("with Quillon").contains("% of the titles"), "{explained}");
    assert!(
        line("not with Japan").contains("two places (us and japan)"),
        "{explained}"
    );
}
