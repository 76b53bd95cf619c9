//! How long it takes to decide on news, with a large archive behind it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oncofeed::{
    app::stories,
    edge::{config::shipped_editorial, store::Store},
    model::{
        draft::Draft,
        identity::Known,
        link::Link,
        source::{Dates, SourceKey},
        story::Signs,
    },
    pipeline::{dedupe::identity, update},
};
use rustix::time::{ClockId, clock_gettime};

/// Items that are kept, and entries that come.
const KEPT: usize = 100_000;
const NEW: usize = 1_000;

/// Days over which what is kept is spread: a year, as retention has it.
const DAYS: usize = 365;

/// Most that 1,000 entries may take of one core. One second is the aim; on a machine with seven other tasks, whose caches they
/// share, it was 1.7.
const MOST: Duration = Duration::from_secs(2);

/// Numbers that look like chance, always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    /// Few words are in most texts, and most words in few: the smaller of three rolls, as language has it.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "xu", "ze",
        ];
        const COMMON: [&str; 24] = [
            "cancer",
            "trial",
            "patients",
            "drug",
            "FDA",
            "approves",
            "study",
            "finds",
            "lung",
            "breast",
            "cells",
            "risk",
            "data",
            "survival",
            "treatment",
            "NHS",
            "company",
            "results",
            "phase",
            "therapy",
            "tumours",
            "new",
            "shows",
            "after",
        ];
        if self.roll(2) == 0 {
            return COMMON[self.roll(COMMON.len())].to_owned();
        }
        let number = self.roll(20_000).min(self.roll(20_000)).min(self.roll(20_000));
        let syllables = [number % 16, number / 16 % 16, number / 256 % 16, number / 4_096 % 16];
        syllables.map(|syllable| SYLLABLES[syllable]).concat()
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn draft(&mut self, n: usize, published: Timestamp) -> Draft {
        Draft {
            guid: Some(format!("guid-{n}")),
            link: Link::parse(&format!("https://news.test/{n}")),
            title: self.words(10),
            summary: format!("{}. {}.", self.words(25), self.words(30)),
            published: Some(published),
            updated: None,
            authors: vec![],
            categories: vec![],
            doi: None,
            image: None,
        }
    }
}

/// What this process has had of all processors: a busy machine makes it no longer.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

#[test]
fn a_thousand_entries_against_a_hundred_thousand_items() {
    let (kept, new) = if cfg!(debug_assertions) {
        (KEPT / 100, NEW / 10)
    } else {
        (KEPT, NEW)
    };
    let start: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
    let at = |n: usize| start + SignedDuration::from_mins((n * DAYS * 24 * 60 / kept) as i64);
    let now = at(kept);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("oncofeed.db")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut dice = Dice(7);
    let before: Vec<_> = (0..kept).map(|n| dice.draft(n, at(n))).collect();
    let day = kept / DAYS;
    let coming: Vec<_> = (0..new)
        .map(|n| dice.draft(kept + n, at(kept - n % (day * 3))))
        .collect();
    let visit = |drafts: Vec<Draft>, grouped: bool| {
        let rules = shipped_editorial().unwrap().boilerplate;
        let started = processor_time();
        let work = store.write(move |writer| {
            let surfacing = writer.surfacing(SourceKey(1), now)?;
            let (entries, nothing) = (identity::keyed(drafts), Known::default());
            let plan = update::plan("s", entries, &nothing, &surfacing, Dates::Trust, now);
            writer.apply(SourceKey(1), &plan.intents, now)?;
            match grouped {
                true => stories::regroup(writer, &plan.changed(), &Signs::default(), &rules),
                false => stories::file(writer, &plan.changed(), &rules),
            }
        });
        runtime.block_on(work).unwrap();
        processor_time() - started
    };
    runtime
        .block_on(store.write(|writer| writer.add_source("s", "s", "https://news.test/feed", b"")))
        .unwrap();
    visit(before, false);
    let took = visit(coming, true);
    println!("stories, {new} new entries against {kept} kept items: {took:?}");
    if !cfg!(debug_assertions) {
        assert!(took < MOST, "{took:?}");
    }
}
