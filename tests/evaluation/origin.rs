//! A made corpus that knows which entries tell one story: feeds, their retellings, and columns that only look alike.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    env, fs,
    path::PathBuf,
};

use jiff::{SignedDuration, Timestamp};
use oncofeed::{
    edge::{config::shipped_editorial, store::Store},
    model::{draft::Draft, item::ItemId},
    pipeline::{extract, parse},
};

use crate::{figure::share, stories::visit};

/// Fewest of the retellings that must be found.
const FOUND_MIN: f64 = 0.95;

/// One entry as the corpus knows it.
struct Known {
    feed: String,
    /// Its guid, or its link where its format has none.
    names: [String; 2],
    story: String,
    title: String,
}

#[test]
fn retellings_are_found_and_columns_stay_apart() {
    let Some(folder) = env::var_os("ORIGIN_DATA").map(PathBuf::from) else {
        println!("ORIGIN_DATA is not set: the made corpus was not measured");
        return;
    };
    let known = known(&folder);
    let feeds: Vec<_> = feeds(&folder, &known);
    let told = told(feeds);
    let story = |entry: &Known| -> i64 {
        let mut names = entry.names.iter();
        let told = names.find_map(|name| told.get(&(entry.feed.clone(), name.clone())));
        *told.unwrap_or_else(|| panic!("{} was not kept", entry.names[0]))
    };
    let mut stories: BTreeMap<i64, Vec<&Known>> = BTreeMap::new();
    let mut by_truth: HashMap<&str, Vec<&Known>> = HashMap::new();
    for entry in &known {
        let story = story(entry);
        stories.entry(story).or_default().push(entry);
        by_truth.entry(&entry.story).or_default().push(entry);
    }
    let merged: Vec<_> = stories
        .values()
        .filter(|entries| entries.iter().map(|entry| &entry.story).collect::<HashSet<_>>().len() > 1)
        .collect();
    let (mut retellings, mut found, mut missed) = (0, 0, vec![]);
    for entries in by_truth.values().filter(|entries| entries.len() > 1) {
        retellings += entries.len() - 1;
        let parts = entries.iter().map(|entry| story(entry)).collect::<HashSet<_>>().len();
        found += entries.len() - parts;
        if parts > 1 {
            missed.push(entries);
        }
    }
    println!(
        "stories of the made corpus: {} entries, {} false merges, {found} of {retellings} retellings found ({:.3})",
        known.len(),
        merged.len(),
        share(found, retellings)
    );
    let tell = |what: &str, entries: &[&Known]| {
        let titles: Vec<_> = entries
            .iter()
            .map(|entry| format!("{}: {}", entry.feed, entry.title))
            .collect();
        println!("{what}: {}", titles.join(" | "));
    };
    merged.iter().for_each(|entries| tell("merged", entries));
    missed.iter().for_each(|entries| tell("missed", entries));
    assert!(merged.is_empty() && share(found, retellings) >= FOUND_MIN);
}

fn known(folder: &std::path::Path) -> Vec<Known> {
    let text = fs::read_to_string(folder.join("items.tsv")).unwrap();
    let rows = text
        .lines()
        .skip(1)
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| Known {
        feed: row[0].clone(),
        names: [row[1].clone(), published(&row[2])],
        story: row[3].clone(),
        title: row[4].clone(),
    })
    .collect()
}

fn published(url: &str) -> String {
    extract::link::published(url).map_or_else(String::new, |link| link.to_string())
}

/// The drafts of each feed.
fn feeds(folder: &std::path::Path, known: &[Known]) -> Vec<(String, Vec<Draft>)> {
    let mut names: Vec<_> = known.iter().map(|entry| entry.feed.clone()).collect();
    names.dedup();
    let read = |name: String| {
        let bytes = fs::read(folder.join(format!("{name}.xml"))).unwrap();
        let feed = parse::parse(&bytes, None, None).unwrap();
        let drafts = feed.entries.into_iter().filter_map(extract::draft).collect();
        (name, drafts)
    };
    names.into_iter().map(read).collect()
}

/// The story of each entry, by feed and guid or link, after one visit to each feed.
fn told(feeds: Vec<(String, Vec<Draft>)>) -> HashMap<(String, String), i64> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("oncofeed.db")).unwrap();
    let newest = feeds
        .iter()
        .flat_map(|(_, drafts)| drafts)
        .filter_map(|draft| draft.published)
        .max();
    let now = newest.unwrap_or(Timestamp::UNIX_EPOCH) + SignedDuration::from_hours(1);
    let rules = shipped_editorial().unwrap().boilerplate;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let work = store.write(move |writer| {
        let mut ids: Vec<((String, String), ItemId)> = vec![];
        for (name, drafts) in feeds {
            let source = writer.add_source(&name, &name, &format!("https://{name}.test/feed"), b"")?;
            let names = drafts.iter().map(|draft| {
                let link = draft.link.as_ref().map(ToString::to_string).unwrap_or_default();
                [draft.guid.clone().unwrap_or_default(), link]
            });
            let names: Vec<_> = names.collect();
            let items = visit(writer, source, drafts, now, &rules)?;
            assert_eq!(items.len(), names.len(), "every entry is an item");
            for (names, id) in names.into_iter().zip(items) {
                ids.extend(names.into_iter().map(|entry| ((name.clone(), entry), id)));
            }
        }
        let mut told = HashMap::new();
        for (entry, id) in ids {
            told.insert(entry, writer.marked(id)?.story.map_or(0, |story| story.0));
        }
        Ok(told)
    });
    runtime.block_on(work).unwrap()
}
