//! When sources are visited, and what an editor is told of it.

use std::fs;

use rusqlite::Connection;

use super::{each, rss};
use crate::support::{
    installation::{Installation, source},
    origin::{Origin, Reply},
};

/// One request at a time on a host, as by default.
const ONE_A_HOST: &str = "[fetch]\nallow_addresses = [\"127.0.0.0/8\"]\n";

fn set(installation: &Installation, text: &str) {
    installation.write("config/oncofeed.toml", text);
}

fn store(installation: &Installation) -> Connection {
    Connection::open(installation.path("var/oncofeed.db")).unwrap()
}

#[test]
fn an_editor_reads_why_a_source_is_visited_when() {
    let feed = rss(&[("1", "First", "One.")]);
    let origin = Origin::start(move |_| Reply::feed(feed.clone()).header("cache-control", "max-age=7200"));
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    let sources = installation.run(&["sources"]).stdout;
    assert!(sources.contains("(Cache-Control: ready at "), "{sources}");
    let link = installation.items()[0]["link"].as_str().unwrap().to_owned();
    let trail = installation.run(&["explain", &link]).stdout;
    assert!(trail.contains("(Cache-Control: ready at "), "{trail}");
    let json = &installation.json(&["sources"])[0];
    assert!(json["ready_at"].as_str() < json["next_visit"].as_str(), "{json}");
}

#[test]
fn the_bytes_of_last_time_are_not_read_again() {
    let feed = rss(&[("1", "First", "One."), ("2", "", "")]);
    let origin = Origin::start(move |_| Reply::feed(feed.clone()));
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    assert_eq!(installation.once()["entries"]["new"], 2);
    let sql = "UPDATE items SET title = 'Not in the feed' WHERE title = 'First'";
    assert_eq!(store(&installation).execute(sql, []).unwrap(), 1);
    let again = installation.once();
    assert_eq!(
        (&again["sources"]["fetched"], &again["entries"]["unchanged"]),
        (&1.into(), &2.into())
    );
    assert!(each(&installation.items(), "title").contains(&"Not in the feed".to_owned()));
}

#[test]
fn a_host_that_has_enough_rests_for_all_of_its_sources() {
    let origin = Origin::start(|_| Reply::new(429, "later").header("retry-after", "86400"));
    let other = Origin::start_at("127.0.0.2", |_| Reply::feed(rss(&[("1", "First", "One.")])));
    let feeds: String = (0..4)
        .map(|n| source(&format!("A{n}"), &origin.url(&format!("/{n}"))))
        .chain([source("B", &other.url("/"))])
        .collect();
    let installation = Installation::new(&feeds);
    set(&installation, ONE_A_HOST);
    let report = installation.once();
    assert_eq!(
        (&report["sources"]["failed"], &report["sources"]["fetched"]),
        (&4.into(), &1.into())
    );
    assert_eq!(origin.requests().len(), 1, "the others were not asked");
    let errors: Vec<_> = report["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| failure["error"].clone())
        .collect();
    assert!(
        errors.contains(&"not asked: 127.0.0.1 has asked us to come less often".into()),
        "{errors:?}"
    );

    assert_eq!(
        installation.once()["sources"]["due"],
        1,
        "nor are they by another process"
    );
    let sources = installation.json(&["sources"]);
    let failures: i64 = sources
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["failures"].as_i64().unwrap())
        .sum();
    assert_eq!(failures, 1, "who was not asked has not failed: {sources}");

    let shared = Installation::new(&feeds);
    set(&shared, &format!("{ONE_A_HOST}shared_hosts = [\"127.0.0.1\"]\n"));
    shared.once();
    assert_eq!(
        origin.requests().len(),
        1 + 4,
        "where publishers share a host, each is asked"
    );
}

#[test]
fn a_move_is_proposed_once_it_has_stood_and_never_made() {
    let origin = Origin::start(|request| match request.path.as_str() {
        "/old" => Reply::redirect(301, "/new"),
        _ => Reply::feed(rss(&[("1", "First", "One.")])),
    });
    let installation = Installation::new(&source("A", &origin.url("/old")));
    let feeds = fs::read(installation.path("feeds.toml")).unwrap();
    let told = || installation.run(&["sources"]).stdout + &installation.run(&["check"]).stderr;
    for _ in 0..10 {
        installation.once();
    }
    let new = format!("url = \"{}\"", origin.url("/new"));
    assert!(
        told().contains("that may be a mistake yet") && !told().contains(&new),
        "{}",
        told()
    );
    let sql = "UPDATE sources SET moved_since = moved_since - 8 * 86400000";
    store(&installation).execute(sql, []).unwrap();
    assert_eq!(told().matches(&new).count(), 2, "{}", told());
    assert_eq!(installation.json(&["sources"])[0]["moved"], true);
    assert_eq!(fs::read(installation.path("feeds.toml")).unwrap(), feeds);
    assert_eq!(origin.paths().iter().filter(|path| *path == "/old").count(), 10);
}

/// Three sites that lead to one page, which even is a feed.
struct Portal {
    sites: Vec<Origin>,
    _portal: Origin,
}

impl Portal {
    fn start() -> Self {
        let portal = Origin::start_at("127.0.0.9", |_| Reply::feed(rss(&[("1", "Buy access", "Now.")])));
        let page = portal.url("/welcome").to_string();
        let site = |n: u8| {
            let page = page.clone();
            Origin::start_at(&format!("127.0.0.{n}"), move |_| Reply::redirect(301, &page))
        };
        Self {
            sites: (2..=4).map(site).collect(),
            _portal: portal,
        }
    }

    fn sources(&self, count: usize) -> String {
        let sites = self.sites.iter().take(count).enumerate();
        sites
            .map(|(n, site)| source(&format!("A{n}"), &site.url("/feed")))
            .collect()
    }
}

#[test]
fn what_answers_for_all_is_believed_in_nothing() {
    let portal = Portal::start();
    let installation = Installation::new(&portal.sources(3));
    let report = installation.once();
    assert_eq!(report["sources"]["failed"], 3, "{report}");
    let error = report["failures"][0]["error"].as_str().unwrap();
    assert!(
        error.starts_with("led to 127.0.0.9, like sources of other sites"),
        "{error}"
    );
    assert!(installation.items().is_empty());
    let sources = installation.json(&["sources"]);
    assert!(
        sources
            .as_array()
            .unwrap()
            .iter()
            .all(|source| source["moved_to"].is_null()),
        "{sources}"
    );

    let two = Installation::new(&portal.sources(2));
    assert_eq!(
        two.once()["sources"]["fetched"],
        2,
        "two sites may belong to one publisher"
    );
}

#[test]
fn visits_of_different_cycles_tell_of_a_portal_too() {
    let portal = Portal::start();
    let installation = Installation::new(&portal.sources(1));
    for count in 1..=3 {
        installation.sources(&portal.sources(count));
        let report = installation.json(&["once"]);
        assert_eq!(report["sources"]["due"], 1, "the others wait for their time");
        assert_eq!(report["sources"]["failed"], i32::from(count == 3), "{report}");
    }
}
