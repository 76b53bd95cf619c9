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
    assert!(
        output("rss").contains("<category domain=\"urn:uuid:3c1f6a52-9b0e-5d47-8f2a-6e4d0b7c9a15\">Trial</category>")
    );
    let ours = "<category term=\"Breast cancer\" scheme=\"urn:uuid:3c1f6a52-9b0e-5d47-8f2a-6e4d0b7c9a15\"/>";
    assert!(output("atom").contains(ours));
    assert!(output("json").contains("\"Breast cancer\""));
    for page in ["html", "fragment.html"] {
        assert!(output(page).contains("<p class=\"labels\">Trial · Breast cancer</p>"));
    }
}

/// A source whose documents are served under its name, and more lines of its section.
fn journal(origin: &Origin, path: &str) -> String {
    source(path, &origin.url(&format!("/{path}"))) + "outlet = \"journal\"\n"
}

fn retraction(own: &str, of: &str) -> String {
    let text = format!("Retraction of: doi:{of}, for doubts about its data.");
    entry(own, "Retraction Note: A drug for lung cancer works", &text)
}

#[test]
fn a_retraction_finds_the_paper_and_stands_in_its_title() {
    let origin = Origin::start(move |request| {
        Reply::feed(match request.path.as_str() {
            "/papers" => entry("10.1000/paper", "A drug for lung cancer works", "It does."),
            "/notices" => retraction("10.1000/note", "10.1000/paper"),
            _ => retraction("10.9999/note", "10.1000/paper"),
        })
    });
    let papers = journal(&origin, "papers");
    let installation = Installation::new(&(papers.clone() + &journal(&origin, "others")));
    installation.once();
    let rss = || installation.read("var/public/latest-news.rss");
    assert!(
        !rss().contains("<title>Retracted: "),
        "another publisher's word is none"
    );

    installation.sources(&(papers.clone() + &journal(&origin, "notices")));
    installation.once();
    assert!(rss().contains("<title>Retracted: A drug for lung cancer works</title>"));
    assert!(rss().contains("<title>Retraction Note: A drug for lung cancer works</title>"));
    assert_eq!(rss().matches(">Retracted</category>").count(), 2);
    let items = installation.items();
    let item = titled(&items, "Retracted: ");
    assert_eq!(item["doi"], "10.1000/paper");
    assert_eq!(
        (&item["notice"], &item["preprint"]),
        (&"retracted".into(), &false.into())
    );
    let trail = installation
        .run(&["explain", "https://journal.example/10.1000/paper"])
        .stdout;
    let link = "https://journal.example/10.1000/note";
    assert!(trail.contains("Retracted: so says “Retraction Note: A drug for lung cancer works” of notices"));
    assert!(trail.contains(link));

    installation.sources(&papers);
    installation.once();
    assert!(!rss().contains("Retracted"), "a source takes its word along");
}

#[test]
fn nobody_retracts_what_others_publish() {
    let attack = |link: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>T</title><item><title>Retraction: a blogger says</title>\
             <link>{link}</link><description>Retraction of 10.1000/paper, on lung cancer</description></item></channel></rss>"
        )
    };
    let origin = Origin::start(move |request| {
        Reply::feed(match request.path.as_str() {
            "/papers" => entry("10.1000/paper", "A drug for lung cancer works", "It does."),
            "/copy" => entry(
                "10.1000/paper",
                "Retracted: A drug for lung cancer works",
                "It does not.",
            )
            .replace("journal.example", "evil.example"),
            "/near" => attack("https://journal.example/10.1000/made-up"),
            _ => attack("https://evil.example/10.1000/made-up"),
        })
    });
    let general = |path: &str| journal(&origin, path).replace("journal\"", "general\"");
    for foe in [
        general("far"),
        general("near"),
        journal(&origin, "far"),
        general("copy"),
    ] {
        let papers = journal(&origin, "papers") + "priority = 10\n";
        let installation = Installation::new(&(papers + &foe));
        installation.once();
        let items = installation.items();
        assert_eq!(titled(&items, "A drug")["notice"], serde_json::Value::Null, "{foe}");
    }
}

#[test]
fn a_retraction_marks_the_story_whoever_leads_it() {
    let origin = Origin::start(move |request| {
        Reply::feed(match request.path.as_str() {
            "/papers" => entry("10.1000/paper", "A drug for lung cancer works", "It does."),
            "/notices" => retraction("10.1000/note", "10.1000/paper"),
            _ => entry("10.1000/paper", "New hope for lung cancer patients", "A drug works.")
                .replace("journal.example", "charity.example"),
        })
    });
    let charity = source("Charity", &origin.url("/charity")) + "outlet = \"charity\"\npriority = 70\n";
    let sources = journal(&origin, "papers") + &journal(&origin, "notices") + &charity;
    let installation = Installation::new(&sources);
    installation.once();
    let items = installation.items();
    let told = titled(&items, "Retracted: New hope");
    assert_eq!(told["notice"], "retracted");
    assert_eq!(told["also"].as_array().unwrap().len(), 1, "{told:#?}");
    let rss = installation.read("var/public/latest-news.rss");
    assert!(rss.contains("<title>Retracted: New hope for lung cancer patients</title>"));
    let trail = installation
        .run(&["explain", "https://charity.example/10.1000/paper"])
        .stdout;
    assert!(trail.contains("Retracted: so says “Retraction Note"), "{trail}");
}

#[test]
fn a_story_is_a_preprint_until_a_journal_has_it() {
    let origin = Origin::start(move |request| {
        Reply::feed(match request.path.as_str() {
            "/paper" => entry("10.1000/paper", "A drug for lung cancer works", "It does."),
            "/early" => entry(
                "10.1000/paper",
                "A drug for lung cancer works",
                "It has not been peer reviewed.",
            )
            .replace("journal.example", "early.example"),
            _ => entry("10.1000/paper", "New hope for lung cancer patients", "A drug works.")
                .replace("journal.example", "charity.example"),
        })
    });
    let charity = source("Charity", &origin.url("/charity")) + "priority = 70\n";
    let early = charity + &source("Early", &origin.url("/early"));
    let installation = Installation::new(&early);
    installation.once();
    assert_eq!(installation.items()[0]["preprint"], true);
    installation.sources(&(early + &journal(&origin, "paper")));
    installation.once();
    assert_eq!(installation.items()[0]["preprint"], false);
}
