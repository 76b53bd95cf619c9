//! A store that cannot be written asks nobody; files that cannot be written cost no news.

use std::fs;

use rusqlite::Connection;

use super::rss;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
};

#[test]
fn a_store_that_cannot_be_written_asks_nobody() {
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let other = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = installation.run(&["once", "--all"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("locked"), "{}", ran.stderr);
    assert_eq!(origin.requests().len(), 1);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(installation.once()["sources"]["not_modified"], 1);
}

#[test]
fn files_that_cannot_be_written_fail_the_command_and_keep_the_news() {
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.write("var/public", "in the way");
    let ran = installation.run(&["once", "--all"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("var/public"), "{}", ran.stderr);
    assert_eq!(installation.items().len(), 1);
    fs::remove_file(installation.path("var/public")).unwrap();
    installation.once();
    assert!(installation.read("var/public/latest-news.rss").contains("First"));
}

#[test]
fn what_is_no_store_is_left_as_it_is() {
    let installation = Installation::new(&source("A", &"https://a.example/feed".parse().unwrap()));
    installation.write("var/oncofeed.db", &"no database ".repeat(1_000));
    let ran = installation.run(&["once"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("var/oncofeed.db: file is not a database"),
        "{}",
        ran.stderr
    );
    assert!(installation.read("var/oncofeed.db").starts_with("no database"));
}
