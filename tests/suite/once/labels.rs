//! Labels as readers find them: in the items, the feeds and the page.

use crate::support::{
    installation::{Installation, source},
    origin::{Origin, Reply},
};

/// A document of one entry.
fn entry(doi: &str, title: &str, description: &str) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>T</title><item>\
         <guid>{doi}</guid><title>{title}</title><link>https://journal.example/{doi}</link>\
         <dc:identifier>doi:{doi}</dc:identifier><description>{description}</description>\
         <pubDate>Wed, 01 Jul 2026 09:00:00 GMT</pubDate></item></channel></rss>"
    )
}

fn titled<'a>(items: &'a [serde_json::Value], start: &str) -> &'a serde_json::Value {
    let found = items
        .iter()
        .find(|item| item["title"].as_str().unwrap().starts_with(start));
    found.unwrap_or_else(|| panic!("{start} is not among {items:#?}"))
}

#[test]
fn sites_and_kinds_stand_in_items_feeds_and_pages() {
    let feed = entry(
        "10.1000/a",
        "Phase 3 trial of a new drug in breast cancer",
        "Patients lived longer.",
    );
    let origin = Origin::start(move |_| Reply::feed(feed.clone()));
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let item = &installation.items()[0];
    assert_eq!(item["sites"], serde_json::json!(["breast"]));
    assert_eq!(item["news_type"], "trial");
    let output = |end: &str| installation.read(&format!("var/public/latest-news.{end}"));
    assert!(output("rss").contains("<category>Trial</category>"));
    assert!(output("atom").contains("<category term=\"Breast cancer\"/>"));
    assert!(output("json").contains("\"Breast cancer\""));
    for page in ["html", "fragment.html"] {
        assert!(output(page).contains("<p class=\"labels\">Trial · Breast cancer</p>"));
    }
}

#[test]
fn a_retraction_finds_the_paper_and_stands_in_its_title() {
    let paper = entry("10.1000/paper", "A drug for lung cancer works", "It does.");
    let notice = |own: &str| {
        let text = "Retraction of: doi:10.1000/paper, for doubts about its data.";
        entry(own, "Retraction Note: A drug for lung cancer works", text)
    };
    let (ours, foreign) = (notice("10.1000/note"), notice("10.9999/note"));
    let origin = Origin::start(move |request| {
        Reply::feed(match request.path.as_str() {
            "/papers" => paper.clone(),
            "/notices" => ours.clone(),
            _ => foreign.clone(),
        })
    });
    let papers = source("Papers", &origin.url("/papers"));
    let installation = Installation::new(&(papers.clone() + &source("Others", &origin.url("/others"))));
    installation.once();
    assert!(
        installation
            .items()
            .iter()
            .any(|item| item["title"] == "A drug for lung cancer works")
    );
    let rss = || installation.read("var/public/latest-news.rss");
    assert!(
        !rss().contains("<title>Retracted: "),
        "another publisher's word is none"
    );

    installation.sources(&(papers + &source("Notices", &origin.url("/notices"))));
    installation.once();
    assert!(rss().contains("<title>Retracted: A drug for lung cancer works</title>"));
    assert!(rss().contains("<title>Retraction Note: A drug for lung cancer works</title>"));
    assert_eq!(rss().matches("<category>Retracted</category>").count(), 2);
    let items = installation.items();
    assert_eq!(titled(&items, "Retracted: ")["doi"], "10.1000/paper");
}
