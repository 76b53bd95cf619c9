//! The layers of `src/lib.rs` hold: who may use whom.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders, and what their files must not name.
const FORBIDDEN: [(&str, &[&str]); 5] = [
    ("model", &["crate::pipeline", "crate::edge", "crate::app", "crate::cli"]),
    (
        "pipeline",
        &[
            "crate::edge",
            "crate::app",
            "crate::cli",
            "Timestamp::now",
            "SystemTime",
            "std::fs",
        ],
    ),
    ("edge", &["crate::pipeline", "crate::app", "crate::cli"]),
    ("app", &["crate::cli", "Timestamp::now"]),
    ("cli", &["Timestamp::now"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

#[test]
fn no_layer_names_one_that_it_must_not_know() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (layer, forbidden) in FORBIDDEN {
        let files = files(&src.join(layer));
        assert!(!files.is_empty(), "{layer} is gone");
        for file in files
            .iter()
            .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        {
            let text = fs::read_to_string(file).unwrap();
            for name in forbidden {
                assert!(!text.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

/// Where an edge does name another, `edge/mod.rs` says so.
#[test]
fn no_edge_knows_another() {
    let edge = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/edge");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let edges: Vec<_> = fs::read_dir(&edge)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for own in &edges {
        let files = if own.is_dir() { files(own) } else { vec![own.clone()] };
        for (file, other) in files
            .iter()
            .flat_map(|file| edges.iter().map(move |other| (file, name(other))))
        {
            let text = fs::read_to_string(file).unwrap();
            let named = text.contains(&format!("edge::{other}")) && other != name(own) && other != "mod";
            assert!(!named, "{} names edge::{other}", file.display());
        }
    }
}
