//! End to end on real captures (`CORPUS_DATA`): the real binary, a publisher with ETag and gzip.

use std::{collections::BTreeMap, fs, path::Path};

use oncofeed::pipeline::parse;
use serde_json::json;

use crate::{
    corpus,
    support::{
        document::Document,
        installation::{Installation, source},
        origin::{Origin, Reply},
    },
};

/// As many sources as a large installation has four times over.
const FEEDS: usize = 200;

#[test]
fn two_hundred_real_feeds_are_taken_in_once() {
    let Some(folder) = corpus::feeds() else { return };
    let documents = documents(&folder);
    let entries: usize = documents.values().map(|(_, entries)| entries).sum();
    let names: Vec<_> = documents.keys().cloned().collect();
    let origin = {
        let documents: BTreeMap<_, _> = documents
            .into_iter()
            .map(|(path, (document, _))| (path, document))
            .collect();
        Origin::start(move |request| {
            let found = documents.get(&request.path);
            found.map_or_else(|| Reply::new(404, ""), |document| document.reply(request))
        })
    };
    let sources: String = names.iter().map(|path| source(path, &origin.url(path))).collect();
    let installation = Installation::new(&sources);

    let first = installation.once();
    assert_eq!(
        first["sources"],
        json!({"due": FEEDS, "fetched": FEEDS, "not_modified": 0, "failed": 0}),
        "{first}"
    );
    assert_eq!(first["entries"]["read"], entries);
    let published = installation.published();

    let second = installation.once();
    assert_eq!(
        second["sources"],
        json!({"due": FEEDS, "fetched": 0, "not_modified": FEEDS, "failed": 0})
    );
    assert_eq!(second["channels"]["latest-news"]["changed"], false);
    assert!(installation.published() == published, "a byte has changed");
    println!("{FEEDS} feeds, {entries} entries, {}", first["entries"]);
}

/// The first captures, in the order of their names, that are feeds with entries; and how many entries.
fn documents(folder: &Path) -> BTreeMap<String, (Document, usize)> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |path: std::path::PathBuf| {
        let bytes = fs::read(&path).unwrap();
        let entries = parse::parse(&bytes, None, None).ok()?.entries.len();
        let name = format!("/{}", path.file_name()?.to_string_lossy());
        (entries > 0).then(|| (name, (Document::new("application/xml", bytes), entries)))
    };
    let documents: BTreeMap<_, _> = files.into_iter().filter_map(read).take(FEEDS).collect();
    assert_eq!(documents.len(), FEEDS);
    documents
}

type Counts = &'static [(usize, usize)];

/// New and edited entries of each capture, in order, counted by what feedparser makes of them. ScienceDaily's second
/// ends in an entry of which only the guid is left: it is rejected.
const CAPTURES: [(&str, &str, Counts); 3] = [
    ("nature", "rdf", &[(75, 0), (11, 1), (2, 0), (6, 1)]),
    ("sciencedaily", "xml", &[(60, 0), (40, 0), (0, 0), (0, 0)]),
    (
        "ctic-oncology",
        "xml",
        &[
            (3, 0),
            (0, 0),
            (8, 0),
            (1, 0),
            (51, 1),
            (19, 9),
            (5, 16),
            (14, 13),
            (0, 8),
            (2, 14),
            (21, 11),
            (11, 15),
            (23, 27),
            (9, 10),
            (21, 22),
        ],
    ),
];

#[test]
fn captures_of_one_feed_played_in_order_make_each_entry_one_item() {
    let Some(folder) = corpus::feeds() else { return };
    for (feed, suffix, expect) in CAPTURES {
        let document = Document::new("application/xml", "");
        let origin = Origin::serving([("/feed", &document)]);
        let installation = Installation::new(&source(feed, &origin.url("/feed")));
        let found: Vec<_> = (1..=expect.len())
            .map(|number| {
                document.set(fs::read(folder.join(format!("{feed}__{number}.{suffix}"))).unwrap());
                let entries = installation.once()["entries"].clone();
                let count = |field: &str| usize::try_from(entries[field].as_u64().unwrap()).unwrap();
                (count("new"), count("updated"))
            })
            .collect();
        assert_eq!(found, expect, "{feed}");
        let items = installation.items();
        let copies: usize = items.iter().map(|item| item["also"].as_array().unwrap().len()).sum();
        let new: usize = expect.iter().map(|(new, _)| new).sum();
        assert_eq!(items.len() + copies, new, "{feed}");
    }
}
