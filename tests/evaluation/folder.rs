//! The labelled examples.

use std::{collections::HashMap, env, fs, path::PathBuf};

use oncofeed::model::source::Outlet;
use serde::de::DeserializeOwned;

/// Where the figures that are promised must be reached: on other data they are told, and left to the reader.
const PROMISED_FOR: &str = ".dev.";

/// The rows of all files of one kind, and whether they are those for which figures are promised.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) promised: bool,
}

/// The rows of every `KIND.*.jsonl` whose middle has no further dot; `None` where there is none, said plainly.
pub(crate) fn rows<T: DeserializeOwned>(kind: &str) -> Option<Rows<T>> {
    let files = files(kind, "jsonl")?;
    let promised = files.iter().all(|file| file.to_string_lossy().contains(PROMISED_FOR));
    let text: Vec<_> = files.iter().map(read).collect();
    let lines = text.iter().flat_map(|text| text.lines());
    let rows: Vec<T> = lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a labelled row"))
        .collect();
    Some(Rows { rows, promised })
}

/// What sort of outlet each source is, as far as `source-kinds*.tsv` says.
pub(crate) fn outlets() -> HashMap<String, Outlet> {
    let texts: Vec<_> = files("source-kinds", "tsv")
        .unwrap_or_default()
        .iter()
        .map(read)
        .collect();
    let rows = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.split_once('\t'));
    rows.filter_map(|(source, kind)| {
        let outlet = Outlet::ALL.into_iter().find(|outlet| outlet.as_str() == kind.trim())?;
        Some((source.to_owned(), outlet))
    })
    .collect()
}

/// `stories.dev.jsonl` is of the kind `stories`, `stories.dev.negatives.jsonl` of the kind `stories.*.negatives`.
fn files(kind: &str, end: &str) -> Option<Vec<PathBuf>> {
    let Some(folder) = env::var_os("EVAL_DATA") else {
        println!("EVAL_DATA is not set: {kind} was not measured");
        return None;
    };
    let folder = PathBuf::from(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| is_of_kind(&file.file_name().unwrap_or_default().to_string_lossy(), kind, end));
    files.sort();
    if files.is_empty() {
        println!("{} holds no {kind}: not measured", folder.display());
        return None;
    }
    Some(files)
}

/// `kind.end`, or with one part between that names the data.
fn is_of_kind(name: &str, kind: &str, end: &str) -> bool {
    let (first, last) = match kind.split_once(".*.") {
        Some((first, rest)) => (first, format!("{rest}.{end}")),
        None => (kind, end.to_owned()),
    };
    let rest = name.strip_prefix(first).and_then(|rest| rest.strip_prefix('.'));
    match rest.and_then(|rest| rest.strip_suffix(&last)) {
        None => false,
        Some(data) => data.trim_end_matches('.').split('.').count() == 1,
    }
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn files_are_known_by_their_names() {
    for (name, kind, is) in [
        ("stories.dev.jsonl", "stories", true),
        ("stories.test.jsonl", "stories", true),
        ("stories.dev.negatives.jsonl", "stories", false),
        ("stories.dev.negatives.jsonl", "stories.*.negatives", true),
        ("stories.dev.ambiguous.jsonl", "stories.*.negatives", false),
        ("relevance.dev.jsonl", "stories", false),
        ("relevance.dev.tsv", "relevance", false),
    ] {
        assert_eq!(is_of_kind(name, kind, "jsonl"), is, "{name} as {kind}");
    }
    assert!(is_of_kind("source-kinds.dev.tsv", "source-kinds", "tsv"));
    assert!(is_of_kind("source-kinds.tsv", "source-kinds", "tsv"));
}
