//! What an editor changes in feeds.toml, and what that does to what is kept.

use super::rss;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
};

#[test]
fn a_removed_source_leaves_the_channels_and_doubles_nothing_when_it_comes_back() {
    let (a, b) = (
        Document::rss(rss(&[("1", "First", "One.")])),
        Document::rss(rss(&[("2", "Second", "Two.")])),
    );
    let origin = Origin::serving([("/a", &a), ("/b", &b)]);
    let (first, second) = (source("A", &origin.url("/a")), source("B", &origin.url("/b")));
    let installation = Installation::new(&(first.clone() + &second));
    installation.once();
    let published = installation.read("var/public/latest-news.json");

    installation.sources(&second);
    assert_eq!(installation.once()["channels"]["latest-news"]["items"], 1);
    assert!(!installation.read("var/public/latest-news.rss").contains("First"));

    installation.sources(&(first + &second));
    let report = installation.once();
    assert_eq!(report["entries"]["new"], 0);
    assert_eq!(report["channels"]["latest-news"]["items"], 2);
    assert_eq!(installation.read("var/public/latest-news.json"), published);
}

#[test]
fn a_source_is_the_same_under_another_name_and_at_another_address() {
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/a", &feed), ("/b", &feed)]);
    let installation = Installation::new(&source("Old name", &origin.url("/a")));
    installation.once();
    let id = installation.items()[0]["id"].clone();

    installation.sources(&source("New name", &origin.url("/a")));
    installation.once();
    installation.sources(&source("New name", &origin.url("/b")));
    let report = installation.once();
    assert_eq!(report["entries"]["unchanged"], 1, "{report}");
    let items = installation.items();
    assert_eq!(
        (items.len(), &items[0]["id"], &items[0]["source"]),
        (1, &id, &"New name".into())
    );
}

#[test]
fn rules_of_a_source_hold_and_are_explained() {
    let feed = Document::rss(rss(&[
        ("1", "Trial of a new drug", "One."),
        ("2", "Podcast: a talk", "Two."),
        ("3", "Weather", "Three."),
    ]));
    let origin = Origin::serving([("/feed", &feed)]);
    let rules = "keep = [\"trial\", \"/pod.*/\"]\ndrop = [\"podcast\"]\n";
    let installation = Installation::new(&(source("A", &origin.url("/feed")) + rules));
    assert_eq!(installation.once()["channels"]["latest-news"]["items"], 1);
    for (link, expect) in [
        ("1", "shown: number 1"),
        ("2", "the `drop` rule \"podcast\""),
        ("3", "none of them matches"),
    ] {
        let told = installation.run(&["explain", &format!("https://publisher.example/{link}")]);
        assert_eq!(told.code, 0, "{}", told.stderr);
        assert!(told.stdout.contains(expect), "{}", told.stdout);
    }
}

#[test]
fn boilerplate_of_a_source_is_taken_off_and_explained() {
    let feed = Document::rss(rss(&[(
        "1",
        "Title",
        "A trial began. Read it in our journal! Read more",
    )]));
    let origin = Origin::serving([("/feed", &feed)]);
    let entry = source("A", &origin.url("/feed"));
    let installation = Installation::new(&entry);
    installation.once();
    assert_eq!(
        installation.items()[0]["excerpt"],
        "A trial began. Read it in our journal!"
    );
    installation.sources(&(entry + "boilerplate = [\"read it in our journal\"]\n"));
    assert_eq!(installation.items()[0]["excerpt"], "A trial began.");
    let told = installation.run(&["explain", "https://publisher.example/1"]);
    for expect in [
        "taken off   “Read more” (read more, at the end)",
        "taken off   “Read it in our journal!” (read it in our journal)",
    ] {
        assert!(told.stdout.contains(expect), "{}", told.stdout);
    }
}

#[test]
fn a_disabled_source_is_not_visited_and_its_items_stay() {
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let entry = source("A", &origin.url("/feed"));
    let installation = Installation::new(&entry);
    installation.once();
    installation.sources(&(entry + "enabled = false\n"));
    let report = installation.once();
    assert_eq!(
        (&report["sources"]["due"], &report["channels"]["latest-news"]["items"]),
        (&0.into(), &1.into())
    );
}

#[test]
fn the_files_of_a_removed_channel_go() {
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let text = installation
        .read("feeds.toml")
        .replace("\"latest-news\"", "\"other-news\"");
    installation.write("feeds.toml", &text);
    installation.once();
    let names: Vec<_> = installation.published().into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|name| name == "other-news.rss"), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("latest-news")), "{names:?}");
}

#[test]
fn the_address_of_a_private_feed_is_published_nowhere() {
    let entries = |url: &str| {
        format!(
            "<rss version='2.0'><channel><title>T</title><item><guid>1</guid><title>First</title><link>{url}#x</link></item>\
             <item><guid>2</guid><title>Second</title><link>https://p.example/2</link></item></channel></rss>"
        )
    };
    let feed = Document::rss("");
    let origin = Origin::serving([("/feed?token=canary", &feed)]);
    let url = origin.url("/feed?token=canary");
    feed.set(entries(url.as_str()));
    let installation = Installation::new(&(source("A", &url) + "private = true\n"));
    assert_eq!(installation.once()["channels"]["latest-news"]["items"], 1);
    for (name, bytes) in installation.published() {
        assert!(!String::from_utf8_lossy(&bytes).contains("canary"), "{name}");
    }
}
