//! `oncofeed preview`: what an edited feeds.toml would make of what is kept.

use serde_json::Value;

use crate::{
    once::{dated, each},
    support::{
        document::Document,
        installation::{Installation, source},
        origin::Origin,
    },
};

/// Two sources of three items each, published in one channel.
fn published() -> (Origin, Installation) {
    let (a, b) = (
        Document::rss(dated("a", &[1, 3, 5])),
        Document::rss(dated("b", &[2, 4, 6])),
    );
    let origin = Origin::serving([("/a", &a), ("/b", &b)]);
    let installation = Installation::new(&(source("A", &origin.url("/a")) + &source("B", &origin.url("/b"))));
    installation.once();
    (origin, installation)
}

fn titles(channel: &Value, field: &str) -> Vec<String> {
    each(channel[field].as_array().unwrap(), "title")
}

#[test]
fn an_edited_file_is_tried_without_writing_anything() {
    let (origin, installation) = published();
    let before = (installation.published(), installation.items());
    let feeds = installation.read("feeds.toml");
    let edited = feeds.replace(
        "name = \"A\"",
        "name = \"A\"\ndrop = [\"title:3\"]\npin = [\"title:5\"]\npinned_for = \"30d\"",
    ) + &source("New", &origin.url("/new"));
    installation.write("edited.toml", &edited);
    let report = installation.json(&["preview", "--feeds", "edited.toml"]);
    let channel = &report["channels"][0];
    assert_eq!(
        titles(channel, "items"),
        [
            "a of 5 hours",
            "a of 1 hours",
            "b of 2 hours",
            "b of 4 hours",
            "b of 6 hours"
        ]
    );
    assert_eq!(titles(channel, "leave"), ["a of 3 hours"]);
    assert!(titles(channel, "come").is_empty());
    let first = &channel["items"][0];
    assert_eq!(
        (&first["position"], &first["headline"], &first["source"]),
        (&1.into(), &true.into(), &"A".into())
    );
    assert!(first["pinned_until"].is_string() && channel["items"][1]["pinned_until"].is_null());
    assert_eq!(report["unvisited"][0]["name"], "New");

    let told = installation.run(&["preview", "--feeds", "edited.toml"]).stdout;
    for expect in [
        "Latest news (latest-news): 5 items; 0 would come, 1 would leave",
        "   1. a of 5 hours",
        "headline, pinned until",
        "  - a of 3 hours (A)",
        "never visited, so that nothing of them is here: New",
    ] {
        assert!(told.contains(expect), "{expect:?} is not in\n{told}");
    }
    assert_eq!((installation.published(), installation.items()), before);
}

#[test]
fn channels_that_come_and_go_are_told() {
    let (_origin, installation) = published();
    let feeds = installation.read("feeds.toml").replace("\"latest-news\"", "\"news\"");
    installation.write("edited.toml", &feeds);
    let report = installation.json(&["preview", "--feeds", "edited.toml"]);
    assert_eq!(report["gone"][0], "latest-news");
    assert_eq!(
        (
            &report["channels"][0]["published"],
            titles(&report["channels"][0], "come").len()
        ),
        (&false.into(), 6)
    );
    let one = installation.json(&["preview", "--channel", "latest-news"]);
    assert_eq!(one["gone"].as_array().unwrap().len(), 0);
    assert!(titles(&one["channels"][0], "come").is_empty() && titles(&one["channels"][0], "leave").is_empty());
}

/// Where items stand is decided by the edited file.
#[test]
fn dates_are_believed_as_the_edited_file_says() {
    let (_origin, installation) = published();
    let feeds = installation
        .read("feeds.toml")
        .replace("name = \"B\"", "name = \"B\"\ndates = \"ignore\"");
    installation.write("edited.toml", &feeds);
    let report = installation.json(&["preview", "--feeds", "edited.toml"]);
    let first = titles(&report["channels"][0], "items");
    assert!(first[..2].iter().all(|title| title.starts_with("b of")), "{first:?}");
}

#[test]
fn faults_are_told_as_everywhere() {
    let (_origin, installation) = published();
    installation.write("edited.toml", "[[chanel]]\n");
    let ran = installation.run(&["preview", "--feeds", "edited.toml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("edited.toml:1:3"), "{}", ran.stderr);
    let unknown = installation.run(&["preview", "--channel", "none"]);
    assert_eq!(unknown.code, 2);
    let nowhere = Installation::new(&source("A", &"https://a.example/".parse().unwrap()));
    let ran = nowhere.run(&["preview"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no store at"), "{}", ran.stderr);
}
