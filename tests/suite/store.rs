//! What is kept, for how long, and what is known of it: documents into a real store, at any time.

mod arrival;
mod grouping;
mod retention;

use std::{collections::BTreeSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use oncofeed::{
    app::stories,
    edge::{
        config::shipped_editorial,
        store::{Store, Writer},
    },
    model::{
        draft::{Draft, Keyed},
        identity::Known,
        item::{Item, ItemId, StoryKey},
        link::Link,
        reading::Reading,
        source::{Dates, SourceKey},
        story::Signs,
        visit::FeedState,
    },
    pipeline::{
        dedupe::identity,
        update::{self, Plan},
    },
};
use tempfile::TempDir;

fn day(n: i64) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * n)
}

fn draft(guid: &str, link: &str, title: &str) -> Draft {
    Draft {
        guid: Some(guid.into()),
        link: Link::parse(link),
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

/// An entry with a page of its own.
fn plain(guid: &str, title: &str) -> Draft {
    draft(guid, &format!("https://a.test/{guid}"), title)
}

const NAME: &str = "oncofeed.db";

struct Archive {
    store: Store,
    folder: TempDir,
}

impl Archive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            store: Store::create(&folder.path().join(NAME)).unwrap(),
            folder,
        }
    }

    fn write<T: Send + 'static>(&self, work: impl FnOnce(&Writer<'_>) -> rusqlite::Result<T> + Send + 'static) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.store.write(work)).unwrap()
    }

    fn source(&self, name: &'static str) -> SourceKey {
        self.write(move |writer| writer.add_source(name, name, &format!("https://{name}.test/feed"), b""))
    }

    /// A whole document of a source, on one day.
    fn visit(&self, source: SourceKey, drafts: Vec<Draft>, now: Timestamp) -> Plan {
        let rules = shipped_editorial().unwrap().boilerplate;
        self.write(move |writer| {
            let entries = identity::keyed(drafts);
            let titles = entries.iter().filter_map(|entry| entry.title.as_ref());
            let known = writer.known(source, entries.iter().flat_map(Keyed::keys), titles)?;
            let surfacing = writer.surfacing(source, now)?;
            let plan = update::plan(&source.0.to_string(), entries, &known, &surfacing, Dates::Trust, now);
            let changed = plan.changed();
            let signs = writer.signs(&changed)?;
            writer.apply(source, &plan.intents, now)?;
            writer.hold(&plan.held)?;
            writer.left_feed(source, &plan.present(), now)?;
            stories::regroup(writer, &changed, &signs, &rules)?;
            let heard = FeedState {
                last_success: Some(now),
                ..FeedState::default()
            };
            writer.set_state(source, &heard)?;
            Ok(plan)
        })
    }

    /// One entry that nothing kept is recognised by, on one day; answers its item.
    fn arrive(&self, source: SourceKey, draft: Draft, now: Timestamp) -> ItemId {
        let rules = shipped_editorial().unwrap().boilerplate;
        self.write(move |writer| {
            let (entries, nothing) = (identity::keyed(vec![draft]), Known::default());
            let surfacing = writer.surfacing(source, now)?;
            let plan = update::plan(&source.0.to_string(), entries, &nothing, &surfacing, Dates::Trust, now);
            writer.apply(source, &plan.intents, now)?;
            stories::regroup(writer, &plan.changed(), &Signs::default(), &rules)?;
            Ok(plan.changed()[0])
        })
    }

    fn expire(&self, cutoff: Timestamp) -> usize {
        self.write(move |writer| writer.expire(cutoff))
    }

    /// All items, the newest first.
    fn items(&self) -> Vec<Item> {
        self.write(|writer| {
            let mut ids = vec![];
            writer.newest(|id, _, _| {
                ids.push(id);
                std::ops::ControlFlow::Continue(())
            })?;
            let items: rusqlite::Result<Vec<_>> = ids.into_iter().map(|id| writer.item(id)).collect();
            Ok(items?.into_iter().flatten().collect())
        })
    }

    fn titles(&self) -> Vec<String> {
        let mut titles: Vec<_> = self.items().into_iter().map(|item| item.title).collect();
        titles.sort();
        titles
    }

    fn stories(&self) -> BTreeSet<StoryKey> {
        self.items().into_iter().map(|item| item.story).collect()
    }

    fn id(&self, title: &str) -> ItemId {
        self.items().into_iter().find(|item| item.title == title).unwrap().id
    }

    fn story_of(&self, title: &str) -> StoryKey {
        self.items().into_iter().find(|item| item.title == title).unwrap().story
    }

    /// How many rows of the table `stories` there are.
    fn story_rows(&self) -> i64 {
        let connection = rusqlite::Connection::open(self.folder.path().join(NAME)).unwrap();
        connection
            .query_row("SELECT count(*) FROM stories", [], |row| row.get(0))
            .unwrap()
    }
}

/// A machine that was started at day 0, so many times.
fn clocks(n: i64, boot: &str) -> Reading {
    Reading {
        now: day(n),
        uptime: Duration::from_secs(n as u64 * 86_400),
        boot: boot.into(),
    }
}

#[test]
fn pauses_of_hosts_end_whatever_the_clock_is_set_to() {
    let archive = Archive::new();
    let days = |days: u64| Duration::from_secs(days * 86_400);
    let set_forward = Reading {
        now: day(900),
        ..clocks(1, "1")
    };
    let paused = archive.write(move |writer| {
        for (host, wait) in [("long.test", 3), ("long.test", 2), ("over.test", 1)] {
            writer.pause_host(host, days(wait), &clocks(0, "1"))?;
        }
        let jumped = writer.paused_hosts(&set_forward)?;
        writer.pause_host("ahead.test", days(7), &clocks(4_000, "1"))?;
        let rebooted = writer.paused_hosts(&clocks(2, "2"))?;
        Ok((jumped, rebooted, writer.paused_hosts(&clocks(6, "2"))?))
    });
    let named = |host: &str, left| (host.to_owned(), days(left));
    assert_eq!(paused.0, [named("long.test", 2)]);
    assert_eq!(
        paused.1,
        [named("ahead.test", 7)],
        "a clock that ran ahead makes no pause of years"
    );
    assert_eq!(paused.2, [named("ahead.test", 3)]);
}
