//! End to end on real captures (`CORPUS_DATA`): the real binary, a publisher with ETag and gzip.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use oncofeed::{
    model::draft::Draft,
    pipeline::{dedupe::identity, extract, parse},
};
use serde_json::json;
use url::Url;

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

/// What is kept of one feed, by identity.
type Kept = BTreeMap<String, Draft>;

#[test]
fn captures_of_one_feed_played_in_order_make_each_entry_one_item() {
    let Some(folder) = corpus::feeds() else { return };
    for (feed, count, suffix) in [
        ("nature", 4, "rdf"),
        ("sciencedaily", 4, "xml"),
        ("ctic-oncology", 15, "xml"),
    ] {
        let captures: Vec<_> = (1..=count)
            .map(|n| fs::read(folder.join(format!("{feed}__{n}.{suffix}"))).unwrap())
            .collect();
        play(feed, &captures);
    }
}

fn play(feed: &str, captures: &[Vec<u8>]) {
    let document = Document::new("application/xml", "");
    let origin = Origin::serving([("/feed", &document)]);
    let url = origin.url("/feed");
    let installation = Installation::new(&source(feed, &url));
    let mut kept = Kept::new();
    for (number, capture) in captures.iter().enumerate() {
        document.set(capture.clone());
        let (new, edited) = expect(&mut kept, capture, &url);
        let report = installation.once();
        let entries = &report["entries"];
        assert_eq!(
            (&entries["new"], &entries["updated"]),
            (&new.into(), &edited.into()),
            "{feed}, capture {}: {report}",
            number + 1
        );
    }
    let items: BTreeSet<_> = installation
        .items()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    let also: usize = installation
        .items()
        .iter()
        .map(|item| item["also"].as_array().unwrap().len())
        .sum();
    assert_eq!(items.len() + also, kept.len(), "{feed}");
    println!("{feed}: {} captures, {} items", captures.len(), kept.len());
}

/// How many entries of a capture are new, and how many say something else than before.
fn expect(kept: &mut Kept, capture: &[u8], url: &Url) -> (usize, usize) {
    let feed = parse::parse(capture, None, Some(url)).unwrap();
    let drafts: Vec<_> = feed.entries.into_iter().filter_map(extract::draft).collect();
    let (mut new, mut edited) = (0, 0);
    let mut seen = BTreeSet::new();
    for entry in identity::keyed(drafts) {
        let identity = entry.identity.to_string();
        if !seen.insert(identity.clone()) {
            continue;
        }
        let says = |draft: &Draft| Draft {
            published: None,
            updated: None,
            guid: None,
            ..draft.clone()
        };
        match kept.insert(identity, entry.draft.clone()) {
            None => new += 1,
            Some(before) if says(&before) != says(&entry.draft) => edited += 1,
            Some(_) => {}
        }
    }
    (new, edited)
}
