//! A store of an earlier version.

use rusqlite::Connection;

use super::rss;
use crate::support::{
    installation::{Installation, source},
    origin::{Origin, Reply},
};

/// Takes everything away that the migrations after the first brought, the last of them first.
fn downgrade(store: &Connection) {
    for migration in [
        include_str!("../../../src/edge/store/migrations/0004.sql"),
        include_str!("../../../src/edge/store/migrations/0003.sql"),
        include_str!("../../../src/edge/store/migrations/0002.sql"),
    ] {
        take_away(store, migration);
    }
    store.execute_batch("PRAGMA user_version = 1").unwrap();
}

fn take_away(store: &Connection, migration: &str) {
    let named = |statement: &str| -> Vec<&str> {
        let lines = migration.lines().filter_map(|line| line.strip_prefix(statement));
        lines.map(|line| line.split([' ', '(']).next().unwrap()).collect()
    };
    for index in named("CREATE INDEX ") {
        store.execute_batch(&format!("DROP INDEX {index}")).unwrap();
    }
    let added = migration
        .lines()
        .filter_map(|line| line.strip_prefix("ALTER TABLE "))
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.nth(2).unwrap())
        });
    for (table, column) in added {
        let sql = format!("ALTER TABLE {table} DROP COLUMN {column}");
        store.execute_batch(&sql).unwrap();
    }
    for table in named("CREATE TABLE ") {
        store.execute_batch(&format!("DROP TABLE {table}")).unwrap();
    }
}

#[test]
fn a_store_of_before_is_taken_over_with_its_news_and_its_plans() {
    let feed = rss(&[("1", "First", "One.")]);
    let origin = Origin::start(move |request| match request.headers.contains_key("if-none-match") {
        true => Reply::new(304, ""),
        false => Reply::feed(feed.clone()).header("etag", "\"1\""),
    });
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let published = installation.published();
    let items = installation.items();
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    downgrade(&store);
    let plan = |store: &Connection| -> (i64, Vec<u8>) {
        let sql = "SELECT next_visit, etag FROM sources";
        store.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let before = plan(&store);

    let look = installation.run(&["sources"]);
    assert_eq!(look.code, 1);
    assert!(look.stderr.contains("older oncofeed"), "{}", look.stderr);
    assert!(
        !look.stderr.contains("SQL") && !look.stderr.contains("column"),
        "{}",
        look.stderr
    );

    assert_eq!(
        installation.json(&["once"])["sources"]["due"],
        0,
        "nobody is asked early"
    );
    assert_eq!(plan(&store), before);
    assert_eq!((installation.items(), installation.published()), (items, published));
    assert_eq!(
        installation.once()["sources"]["not_modified"],
        1,
        "it asks conditionally"
    );
}
