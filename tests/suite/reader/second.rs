//! The second reader agrees where it can read, says where it does not, and never takes us down with it.

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

/// The fixtures are what a strict reader stumbles over: old formats, broken documents, a link that is only an id.
#[test]
fn an_editor_is_told_where_a_strict_reader_sees_something_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    let mut told = String::new();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let sentences = sentences(&fs::read(&file).unwrap());
        told += &format!(
            "{}: {}\n",
            file.file_name().unwrap().to_string_lossy(),
            sentences.join(" ")
        );
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_breaks_a_strict_reader_breaks_nothing_else() {
    let item =
        |inside: &str| format!("<rss version='2.0'><channel><item><title>T</title>{inside}</item></channel></rss>");
    let deep = item(&format!(
        "{}{}",
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'>".repeat(1_000),
        "</media:group>".repeat(1_000)
    ));
    for (document, expect) in [
        (item("<author>张三（a@b.test）</author>"), "breaks down"),
        (deep, "was not asked"),
        (item("R & D"), "cannot read this feed"),
        (item("<pubDate>Mon, 06 Jul 2026 13:00:00 GMT</pubDate>"), ""),
    ] {
        let sentences = sentences(document.as_bytes()).concat();
        assert!(
            sentences.contains(expect) && sentences.is_empty() == expect.is_empty(),
            "{sentences}"
        );
    }
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
