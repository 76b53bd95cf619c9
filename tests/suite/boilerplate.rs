//! What is taken off the summaries of real captures (`CORPUS_DATA/feeds`).

use std::{collections::BTreeSet, fs};

use oncofeed::{
    edge::config::shipped_editorial,
    pipeline::{
        extract::{draft, prose},
        parse::parse,
    },
};

use crate::corpus;

/// A summary has lost much if so large a part of its characters was taken off, in percent.
const MUCH: usize = 60;

/// Most summaries that may be emptied or lose much, in per mille of all. It was 61 when 200 of those that do were read, and
/// all of the 200 lost nothing but boilerplate.
const TAKEN_PER_MILLE_MAX: usize = 65;

#[test]
fn few_summaries_of_real_feeds_lose_much() {
    let Some(folder) = corpus::feeds() else { return };
    let editorial = shipped_editorial().unwrap();
    let mut summaries = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let entries = parse(&bytes, None, None).map(|feed| feed.entries).unwrap_or_default();
        let drafts = entries.into_iter().filter_map(draft);
        summaries.extend(
            drafts
                .filter(|draft| !draft.summary.is_empty())
                .map(|draft| (draft.summary, draft.title)),
        );
    }
    let (mut emptied, mut cut) = (0, 0);
    for (summary, title) in &summaries {
        let prose = prose(summary, title, editorial.habits(None));
        let (before, after) = (summary.chars().count(), prose.text.chars().count());
        emptied += usize::from(after == 0);
        cut += usize::from(after > 0 && (before - after) * 100 > before * MUCH);
    }
    let all = summaries.len();
    println!("{all} summaries: {emptied} emptied, {cut} cut by more than {MUCH} %");
    assert!((emptied + cut) * 1_000 <= all * TAKEN_PER_MILLE_MAX);
}
