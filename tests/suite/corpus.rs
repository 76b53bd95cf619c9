//! Real captures (`CORPUS_DATA/feeds`), read by us and by Python's feedparser: the same entries in every file, and the
//! same of each entry but for a list of cases where feedparser is wrong.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use encoding_rs::WINDOWS_1252;
use oncofeed::{
    model::entry::{Entry, Markup},
    pipeline::parse::parse,
};
use serde::Deserialize;

use crate::{plain::plain_html, support::left_out};

/// Share of all entries, in per mille, of which a field must be the same.
const SAME_PER_MILLE: usize = 995;

/// Where feedparser is wrong, or does not read what we do: file, field (`*` for all), reason.
const EXCEPTIONS: &str = include_str!("corpus.tsv");

#[derive(Deserialize)]
struct Document {
    file: String,
    entries: Vec<Yardstick>,
}

/// An entry as the yardstick has it.
#[derive(Deserialize)]
struct Yardstick {
    id: Option<String>,
    link: Option<String>,
    title: Option<String>,
    date: Option<i64>,
    summary: bool,
}

/// The folder of real captures, or a plain word that it was left out.
pub(crate) fn feeds() -> Option<PathBuf> {
    let data = std::env::var_os("CORPUS_DATA");
    if data.is_none() {
        left_out("CORPUS_DATA is not set, so no real captures were read");
    }
    data.map(|data| Path::new(&data).join("feeds"))
}

#[test]
fn real_feeds_are_read_as_feedparser_reads_them() {
    let Some(folder) = feeds() else { return };
    let exceptions = exceptions();
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut differences = vec![];
    let mut counts = vec![];
    for document in yardstick(&folder) {
        let feed = parse(&fs::read(folder.join(&document.file)).unwrap(), None, None);
        let entries = feed.map(|feed| feed.entries).unwrap_or_default();
        let excepted = |field| {
            ["*", field]
                .iter()
                .any(|field| exceptions.contains(&(document.file.as_str(), *field)))
        };
        if entries.len() != document.entries.len() {
            if !excepted("entries") {
                counts.push(format!(
                    "{}: {} entries, not {}",
                    document.file,
                    entries.len(),
                    document.entries.len()
                ));
            }
            continue;
        }
        for (number, (entry, yardstick)) in entries.iter().zip(&document.entries).enumerate() {
            for (field, ours, theirs) in fields(entry, yardstick) {
                let (same, all) = tally.entry(field).or_default();
                *all += 1;
                if ours == theirs || excepted(field) {
                    *same += 1;
                } else {
                    differences.push(format!("{} #{number} {field}: {ours:?}, not {theirs:?}", document.file));
                }
            }
        }
    }
    for (field, (same, all)) in &tally {
        println!(
            "{field}: {same} of {all} the same ({:.2} %)",
            *same as f64 * 100.0 / *all as f64
        );
    }
    let few = tally.values().any(|(same, all)| same * 1000 < all * SAME_PER_MILLE);
    assert!(
        counts.is_empty() && !few,
        "{}\n{}",
        counts.join("\n"),
        differences.join("\n")
    );
    println!("{}", differences.join("\n"));
}

/// Runs the script beside this file; feedparser takes a few seconds for all of them.
fn yardstick(folder: &Path) -> Vec<Document> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/yardstick.py");
    let output = Command::new(&python).arg("-B").arg(script).arg(folder).output();
    let output = output.unwrap_or_else(|error| panic!("{python} cannot be run ({error}); set PYTHON to a Python 3"));
    assert!(
        output.status.success(),
        "the yardstick failed; it needs `pip install feedparser==6.0.14`:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn exceptions() -> HashSet<(&'static str, &'static str)> {
    EXCEPTIONS
        .lines()
        .skip(1)
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [file, field, reason] if !reason.is_empty() => (file, field),
            _ => panic!("corpus.tsv has file, field and reason, not {line:?}"),
        })
        .collect()
}

fn fields(entry: &Entry, yardstick: &Yardstick) -> [(&'static str, String, String); 5] {
    let words = |source: &str| plain_html(&decoded_once(source));
    let date = entry.published.or(entry.updated).map(|date| date.as_second());
    [
        (
            "title",
            words(entry.title.as_ref().map_or("", Markup::source)),
            words(yardstick.title.as_deref().unwrap_or_default()),
        ),
        ("link", link(entry.link.as_ref()), link(yardstick.link.as_ref())),
        ("id", link(entry.guid.as_ref()), link(yardstick.id.as_ref())),
        ("date", format!("{date:?}"), format!("{:?}", yardstick.date)),
        (
            "summary",
            entry.summary.is_some().to_string(),
            yardstick.summary.to_string(),
        ),
    ]
}

/// A text that was encoded twice, decoded; feedparser does it for Latin-1 only, we for Windows-1252 too.
fn decoded_once(text: &str) -> Cow<'_, str> {
    let bytes: Option<Vec<u8>> = text.chars().map(western_byte).collect();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map_or(Cow::Borrowed(text), Cow::Owned)
}

fn western_byte(c: char) -> Option<u8> {
    let mut buffer = [0; 4];
    let (bytes, _, unknown) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    u8::try_from(u32::from(c)).ok().or((!unknown).then(|| bytes[0]))
}

/// A link or an id without what readers do differently: white space, an ampersand escaped twice.
fn link(text: Option<&String>) -> String {
    let text = text.map(String::as_str).unwrap_or_default();
    text.split_whitespace().collect::<String>().replace("&amp;", "&")
}
