//! `oncofeed check`: are the files in order, and do the sources answer?

use std::collections::HashMap;

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{Common, Failure, answer, progress};
use crate::{
    app::{
        inspection::{self, Heard, Spared},
        newsroom, rules,
    },
    edge::{
        clock::Clock,
        config::Loaded,
        store::{SourceRow, Store},
    },
    model::source::{Source, SourceId},
    pipeline::audit::{self, Finding, Sent},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed check                        before you reload or restart\n  \
    oncofeed check --feeds new.toml       a file that is not in use yet\n  \
    oncofeed check --online               ask every enabled source, too\n\n\
    With --online each enabled source is asked once, for the whole document, whenever it was visited last. Nothing is kept\n\
    of it. Those that have been removed (410) and those that have asked us to wait (Retry-After) are left alone.")]
pub(super) struct Args {
    /// Visit every enabled source and report what it sends; nothing is kept
    #[arg(long)]
    online: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    channels: usize,
    sources: usize,
    enabled: usize,
    warnings: Vec<String>,
    /// With `--online`, in the order of feeds.toml.
    #[serde(skip_serializing_if = "Option::is_none")]
    online: Option<Vec<Answered>>,
}

#[derive(Debug, Default, Serialize)]
struct Answered {
    source: String,
    url: String,
    /// Why nobody was asked.
    not_asked: Option<String>,
    /// Why it could not be read as a feed.
    error: Option<String>,
    format: Option<String>,
    entries: usize,
    newest: Option<Timestamp>,
    moved_to: Option<String>,
    findings: Vec<Found>,
    faults: Vec<String>,
}

/// Something that is probably not meant.
#[derive(Debug, Serialize)]
struct Found {
    kind: &'static str,
    text: String,
}

/// What the store knows of each source, where there is a store.
type Remembered = HashMap<SourceId, SourceRow>;

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let loaded = common.load()?;
    let (remembered, idle) = remembered(&loaded).await;
    let online = match args.online {
        true => Some(ask_all(&loaded, &remembered).await?),
        false => None,
    };
    let now = Clock::system().now();
    let gone = inspection::gone(&loaded.feeds.sources, &remembered);
    let moved = inspection::moved(&loaded.feeds.sources, &remembered, now);
    let report = Report {
        channels: loaded.feeds.channels.len(),
        sources: loaded.feeds.sources.len(),
        enabled: loaded.feeds.sources.iter().filter(|source| source.enabled).count(),
        warnings: loaded
            .warnings
            .iter()
            .cloned()
            .chain(gone.into_iter().map(removed))
            .chain(moved.into_iter().map(|(source, url)| elsewhere(source, url)))
            .chain(idle)
            .collect(),
        online,
    };
    match common.json {
        true => answer::give_json(&report)?,
        false => {
            for warning in &report.warnings {
                answer::aside(&format!("warning: {warning}"));
            }
            answer::give(&text(&report, &loaded.settings.site.timezone))?;
        }
    }
    Ok(())
}

/// What is known of the sources, and which of their rules say nothing. A check of the files needs no store: without one,
/// or with one that cannot be read, nothing is remembered.
async fn remembered(loaded: &Loaded) -> (Remembered, Vec<String>) {
    let sources = &loaded.feeds.sources;
    match Store::open(&loaded.settings.store.path) {
        Ok(store) => (
            inspection::remembered(&store, sources).await.unwrap_or_default(),
            rules::warnings(&store, sources, &loaded.editorial)
                .await
                .unwrap_or_default(),
        ),
        Err(_) => (Remembered::new(), vec![]),
    }
}

fn removed(source: &Source) -> String {
    format!(
        "{} ({}): its publisher has removed the feed (410), and it is visited no more; give it another url, or remove it",
        source.name, source.id
    )
}

fn elsewhere(source: &Source, url: &str) -> String {
    format!(
        "{} ({}): its publisher has said for a week that it has moved for good: write url = \"{url}\"",
        source.name, source.id
    )
}

async fn ask_all(loaded: &Loaded, remembered: &Remembered) -> Result<Vec<Answered>, Failure> {
    let (fetcher, clock) = (newsroom::fetcher(&loaded.settings)?, Clock::system());
    let now = clock.now();
    let enabled = loaded.feeds.sources.iter().filter(|source| source.enabled);
    let enabled: Vec<_> = enabled
        .map(|source| (source, inspection::spared(source, remembered, now)))
        .collect();
    let asked = enabled.iter().filter(|(_, spared)| spared.is_none());
    let asked: Vec<_> = asked.map(|(source, _)| *source).collect();
    let bar = progress::bar(asked.len())?;
    let ended = |name: &str| {
        bar.set_message(name.to_owned());
        bar.inc(1);
    };
    let heard = inspection::inspect(&fetcher, &clock, &asked, ended).await;
    bar.finish_and_clear();
    let mut answers = judged(&asked, &heard?, loaded, remembered, clock.now()).into_iter();
    let timezone = &loaded.settings.site.timezone;
    let answer = |(source, spared): (&Source, Option<Spared>)| match spared {
        Some(why) => Some(not_asked(source, why, timezone)),
        None => answers.next(),
    };
    Ok(enabled.into_iter().filter_map(answer).collect())
}

fn not_asked(source: &Source, why: Spared, timezone: &TimeZone) -> Answered {
    let why = match why {
        Spared::Gone => "its publisher has removed the feed (410)".into(),
        Spared::Until(until) => format!("it asked us to wait until {}", answer::time(until, timezone)),
    };
    Answered {
        not_asked: Some(why),
        ..nothing(source)
    }
}

/// The answers, with what is to be said of them.
fn judged(
    sources: &[&Source],
    heard: &[Result<Heard, String>],
    loaded: &Loaded,
    remembered: &Remembered,
    now: Timestamp,
) -> Vec<Answered> {
    let visits = || sources.iter().zip(heard);
    let sent: Vec<_> = visits()
        .filter_map(|(source, heard)| Some(sent(source, heard.as_ref().ok()?, remembered)))
        .collect();
    let mut findings = audit::audit(&sent, &loaded.editorial.lexicon, now).into_iter();
    visits()
        .map(|(source, heard)| match heard {
            Err(error) => Answered {
                error: Some(error.clone()),
                ..nothing(source)
            },
            Ok(heard) => answered(source, heard, findings.next().unwrap_or_default()),
        })
        .collect()
}

fn sent<'a>(source: &'a Source, heard: &'a Heard, remembered: &Remembered) -> Sent<'a> {
    Sent {
        source,
        url: &heard.url,
        moved_to: heard.moved_to.as_ref(),
        drafts: &heard.drafts,
        last_change: remembered.get(&source.id).and_then(|row| row.state.last_change),
    }
}

fn nothing(source: &Source) -> Answered {
    Answered {
        source: source.name.clone(),
        url: source.url.to_string(),
        ..Answered::default()
    }
}

fn answered(source: &Source, heard: &Heard, findings: Vec<Finding>) -> Answered {
    let found = |finding: Finding| Found {
        kind: finding.kind(),
        text: finding.to_string(),
    };
    Answered {
        format: Some(heard.format.to_string()),
        entries: heard.entries,
        newest: heard.newest,
        moved_to: heard.moved_to.as_ref().map(ToString::to_string),
        findings: findings.into_iter().map(found).collect(),
        faults: heard.faults.clone(),
        ..nothing(source)
    }
}

fn text(report: &Report, timezone: &TimeZone) -> String {
    let answers = report.online.iter().flatten();
    let mut lines: Vec<_> = answers.flat_map(|answered| answered_text(answered, timezone)).collect();
    lines.push(format!(
        "in order: {}, {} ({} enabled)",
        answer::count(report.channels, "channel"),
        answer::count(report.sources, "source"),
        report.enabled
    ));
    lines.extend(report.online.as_deref().map(summary));
    lines.join("\n")
}

fn answered_text(answered: &Answered, timezone: &TimeZone) -> Vec<String> {
    let found = match (&answered.not_asked, &answered.error, &answered.format) {
        (Some(why), ..) => format!("not asked: {why}"),
        (None, Some(error), _) => format!("failed: {error}"),
        (None, None, format) => format!(
            "{}, {}, newest {}",
            format.as_deref().unwrap_or("feed"),
            answer::count(answered.entries, "entry"),
            answered
                .newest
                .map_or("without a date".into(), |at| answer::time(at, timezone))
        ),
    };
    let mut lines = vec![format!("{}: {found}", answered.source)];
    lines.extend(answered.findings.iter().map(|finding| format!("  {}", finding.text)));
    lines.extend(answered.faults.iter().map(|fault| format!("  {fault}")));
    lines
}

/// "48 sources in order, 2 failing, 1 not asked, 1 moved". What the reader could mend is in order.
fn summary(answers: &[Answered]) -> String {
    let failing = answers.iter().filter(|answered| answered.error.is_some()).count();
    let spared = answers.iter().filter(|answered| answered.not_asked.is_some()).count();
    let in_order = answers.iter().filter(|answered| {
        let answers = answered.error.is_none() && answered.not_asked.is_none();
        answers && answered.findings.is_empty()
    });
    let of_kind = |kind: &str| {
        let has = |answered: &&Answered| answered.findings.iter().any(|found| found.kind == kind);
        answers.iter().filter(has).count()
    };
    let mut counts = vec![format!("{} in order", answer::count(in_order.count(), "source"))];
    let silent = [(failing, "failing"), (spared, "not asked")];
    let others = silent
        .into_iter()
        .chain(Finding::KINDS.map(|kind| (of_kind(kind), kind)));
    counts.extend(
        others
            .filter(|(count, _)| *count > 0)
            .map(|(count, kind)| format!("{count} {kind}")),
    );
    counts.join(", ")
}
