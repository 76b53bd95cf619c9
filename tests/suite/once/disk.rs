//! A store that cannot be written asks nobody; files that cannot be written cost no news.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use rusqlite::Connection;

use super::rss;
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::{Origin, Reply},
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

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let installation = Installation::new(&source("A", &"https://a.example/feed".parse().unwrap()));
    fs::create_dir(installation.path("var")).unwrap();
    let path = installation.path("var/oncofeed.db");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE sources (name TEXT)").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    for command in ["once", "items"] {
        let ran = installation.run(&[command]);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("a database of another program"), "{}", ran.stderr);
    }
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn a_newer_store_is_left_as_it_is() {
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let connection = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let ran = installation.run(&["once", "--all"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("written by a newer oncofeed (schema 99"),
        "{}",
        ran.stderr
    );
    assert_eq!(origin.requests().len(), 1);
}

/// The channel does not empty because the store was lost and the source fails.
#[test]
fn a_lost_store_takes_nothing_from_readers_until_a_source_answers() {
    let ill = Arc::new(Mutex::new(false));
    let feed = Document::rss(rss(&[("1", "First", "One.")]));
    let origin = {
        let ill = Arc::clone(&ill);
        Origin::start(move |request| match *ill.lock().unwrap() {
            true => Reply::new(503, ""),
            false => feed.reply(request),
        })
    };
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let published = installation.read("var/public/latest-news.rss");
    for file in fs::read_dir(installation.path("var"))
        .unwrap()
        .map(|file| file.unwrap().path())
    {
        if file.is_file() {
            fs::remove_file(file).unwrap();
        }
    }
    *ill.lock().unwrap() = true;
    installation.once();
    assert_eq!(installation.read("var/public/latest-news.rss"), published);
    *ill.lock().unwrap() = false;
    installation.once();
    assert!(installation.read("var/public/latest-news.rss").contains("First"));
}
