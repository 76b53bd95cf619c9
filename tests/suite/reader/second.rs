//! The second reader agrees wherever it can read, and never takes us down with it.

use std::{collections::HashSet, fs, path::Path};

use oncofeed::pipeline::parse::{parse, second::disagreements};

use crate::corpus;

/// Real captures of which feed-rs makes something else: file, reason.
const EXCEPTIONS: &str = include_str!("second.tsv");

/// Sentences that say that it could not read the document at all: nothing to compare.
const UNREAD: [&str; 3] = ["cannot read this feed", "breaks down", "was not asked"];

fn sentences(document: &[u8]) -> Vec<String> {
    disagreements(document, &parse(document, None, None).unwrap())
}

#[test]
fn readers_agree_on_every_fixture_that_both_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    assert_eq!(differences(&folder, &HashSet::new()), Vec::<String>::new());
}

#[test]
fn readers_agree_on_real_captures_that_both_read() {
    let Some(folder) = corpus::feeds() else { return };
    let exceptions: HashSet<_> = EXCEPTIONS
        .lines()
        .skip(1)
        .map(|line| line.split_once('\t').expect("file and reason").0)
        .collect();
    let differences = differences(&folder, &exceptions);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn differences(folder: &Path, exceptions: &HashSet<&str>) -> Vec<String> {
    let mut differences = vec![];
    let mut unread = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let sentences = sentences(&fs::read(&path).unwrap());
        if sentences
            .iter()
            .any(|sentence| UNREAD.iter().any(|part| sentence.contains(part)))
        {
            unread += 1;
        } else if !exceptions.contains(name.as_str()) {
            differences.extend(sentences.into_iter().map(|sentence| format!("{name}: {sentence}")));
        }
    }
    println!("{unread} documents are beyond the second reader");
    differences
}
