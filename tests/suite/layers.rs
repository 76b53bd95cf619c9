//! The layers of `src/lib.rs` hold: who may use whom.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders, and the beginnings of paths that their files must not name.
const FORBIDDEN: [(&str, &[&str]); 5] = [
    ("model", &["crate::pipeline", "crate::edge", "crate::app", "crate::cli"]),
    (
        "pipeline",
        &[
            "crate::edge",
            "crate::app",
            "crate::cli",
            "std::fs",
            "std::net",
            "std::time::SystemTime",
        ],
    ),
    ("edge", &["crate::pipeline", "crate::app", "crate::cli"]),
    ("app", &["crate::cli"]),
    ("cli", &["std::time::SystemTime"]),
];

/// `edge/clock.rs` alone reads the clock.
const CLOCK: [&str; 3] = ["Timestamp::now", "Zoned::now", "SystemTime::now"];

#[test]
fn no_layer_names_one_that_it_must_not_know() {
    for (layer, forbidden) in FORBIDDEN {
        let files = files(&source().join(layer));
        assert!(!files.is_empty(), "{layer} is gone");
        for file in files {
            for path in paths(&fs::read_to_string(&file).unwrap()) {
                let wrong = forbidden.iter().find(|start| begins(&path, start));
                assert!(wrong.is_none(), "{} names {path}", file.display());
            }
        }
    }
}

/// The log asks the clock for the time: `edge/mod.rs` says so.
#[test]
fn no_edge_knows_another() {
    let edge = source().join("edge");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    for own in fs::read_dir(&edge).unwrap().map(|entry| entry.unwrap().path()) {
        let files = if own.is_dir() { files(&own) } else { vec![own.clone()] };
        for file in files {
            for path in paths(&fs::read_to_string(&file).unwrap()) {
                let foreign = begins(&path, "crate::edge") && !begins(&path, &format!("crate::edge::{}", name(&own)));
                assert!(!foreign, "{} names {path}", file.display());
            }
        }
    }
}

#[test]
fn one_file_reads_the_clock() {
    let mut readers = files(&source());
    readers.retain(|file| {
        CLOCK
            .iter()
            .any(|call| fs::read_to_string(file).unwrap().contains(call))
    });
    assert_eq!(readers, [source().join("edge/clock.rs")]);
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    files
        .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .collect()
}

fn begins(path: &str, start: &str) -> bool {
    path.strip_prefix(start)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every path of this crate and of `std` that a file names, those of nested `use` one by one.
fn paths(text: &str) -> Vec<String> {
    let mut paths = vec![];
    for root in ["crate::", "std::"] {
        for (at, _) in text.match_indices(root) {
            expand("", &text[at..], &mut paths);
        }
    }
    paths
}

/// Reads one path, or a tree of them in braces; answers how much of the text that was.
fn expand(prefix: &str, text: &str, paths: &mut Vec<String>) -> usize {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    if !path.ends_with("::") || !text[end..].starts_with('{') {
        paths.push(path.trim_end_matches(':').to_owned());
        return end;
    }
    let mut at = end + 1;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
        if text[at..].starts_with('}') || at >= text.len() {
            return at + 1;
        }
        let read = expand(&path, &text[at..], paths);
        let renamed = text[at + read..].find(['}', ',']).unwrap_or(0);
        at += read + renamed;
    }
}

#[test]
fn paths_of_nested_uses_are_seen() {
    let text = "use crate::{\n    edge::{clock::Clock, store::{Store, StoreFault as F}},\n    model::item,\n};\nfn f() { crate::app::x() }";
    assert_eq!(
        paths(text),
        [
            "crate::edge::clock::Clock",
            "crate::edge::store::Store",
            "crate::edge::store::StoreFault",
            "crate::model::item",
            "crate::app::x"
        ]
    );
}
