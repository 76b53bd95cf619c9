//! `oncofeed once`: one cycle, one publication.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use futures_util::future::join_all;
use serde::Serialize;

use super::{Common, Failure, answer, progress};
use crate::{
    app::{
        articles,
        cycle::{Scope, Tally, Visit, Visited},
        hubs::{self, Ping},
        newsroom::Newsroom,
        press::ChannelReport,
        watchlist::Watchlist,
    },
    edge::{clock::Clock, log},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed once                 the sources that are due\n  \
    oncofeed once --all --json    every enabled source, the outcome as JSON")]
pub(super) struct Args {
    /// Visit every enabled source now, whatever its schedule; only a 410 and a running Retry-After still hold
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    sources: Sources,
    entries: Entries,
    channels: BTreeMap<String, Channel>,
    failures: Vec<Failed>,
    elapsed_ms: u128,
}

#[derive(Debug, Default, Serialize)]
struct Sources {
    due: usize,
    fetched: usize,
    not_modified: usize,
    failed: usize,
}

#[derive(Debug, Default, Serialize)]
struct Entries {
    read: usize,
    new: usize,
    updated: usize,
    unchanged: usize,
    rejected: usize,
}

#[derive(Debug, Serialize)]
struct Channel {
    items: usize,
    changed: bool,
}

#[derive(Debug, Serialize)]
struct Failed {
    source: String,
    url: String,
    error: String,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let started = Instant::now();
    let loaded = common.load()?;
    log::start(&loaded.settings.log);
    let newsroom = Newsroom::open(loaded, Clock::system()).await?;
    let visits = visit(&newsroom, if args.all { Scope::All } else { Scope::Due }).await?;
    let wanting = articles::wanting(&visits, &newsroom.watchlist).collect();
    newsroom.articles().describe(wanting).await?;
    newsroom.expire().await?;
    let press = newsroom.press();
    let last = Arc::new(press.last().await);
    let published = press.publish(&last, newsroom.clock.now()).await?;
    let mut report = report(&visits, &newsroom.watchlist, &published.channels);
    report.elapsed_ms = started.elapsed().as_millis();
    match common.json {
        true => answer::give_json(&report)?,
        false => answer::give(&text(&report))?,
    }
    tell(&hubs::pings(&newsroom, &published)).await;
    published.done()?;
    Ok(())
}

/// All at once, and each once: a subscriber's next visit is as good, so that a hub that fails is no failure of ours.
async fn tell(pings: &[Ping]) {
    let told = join_all(pings.iter().map(Ping::send)).await;
    for (ping, told) in pings.iter().zip(told) {
        if let Err(fault) = told {
            answer::aside(&format!("{} was not told of {}: {fault}", ping.hub, ping.topic));
        }
    }
}

/// One cycle, with a bar where somebody watches.
async fn visit(newsroom: &Newsroom, scope: Scope) -> Result<Vec<Visit>, Failure> {
    let cycle = newsroom.cycle();
    let due = cycle.due(scope).await?;
    let bar = progress::bar(due.len())?;
    let visits = cycle
        .run(due, |visit| {
            let name = newsroom
                .watchlist
                .get(&visit.source)
                .map(|watched| watched.source.name.clone());
            bar.set_message(name.unwrap_or_default());
            bar.inc(1);
        })
        .await;
    bar.finish_and_clear();
    Ok(visits?)
}

fn report(visits: &[Visit], watchlist: &Watchlist, channels: &[ChannelReport]) -> Report {
    let mut report = Report {
        sources: Sources::default(),
        entries: Entries::default(),
        channels: channels.iter().map(channel).collect(),
        failures: vec![],
        elapsed_ms: 0,
    };
    for visit in visits {
        report.sources.due += 1;
        match &visit.result {
            Visited::NotModified => report.sources.not_modified += 1,
            Visited::Read { entries, .. } => {
                report.sources.fetched += 1;
                report.entries.add(*entries);
            }
            Visited::Failed(error) => {
                report.sources.failed += 1;
                report
                    .failures
                    .extend(watchlist.get(&visit.source).map(|watched| Failed {
                        source: watched.source.name.clone(),
                        url: watched.source.url.to_string(),
                        error: error.clone(),
                    }));
            }
        }
    }
    report.failures.sort_by(|a, b| a.source.cmp(&b.source));
    report
}

fn channel(report: &ChannelReport) -> (String, Channel) {
    let channel = Channel {
        items: report.items,
        changed: report.changed,
    };
    (report.id.clone(), channel)
}

impl Entries {
    fn add(&mut self, tally: Tally) {
        self.read += tally.read;
        self.new += tally.new;
        self.updated += tally.updated;
        self.unchanged += tally.unchanged;
        self.rejected += tally.rejected;
    }
}

fn text(report: &Report) -> String {
    let Sources {
        due,
        fetched,
        not_modified,
        failed,
    } = report.sources;
    let Entries { read, new, updated, .. } = report.entries;
    let mut lines = vec![
        format!(
            "{}: {fetched} fetched, {not_modified} not modified, {failed} failed",
            answer::count(due, "source")
        ),
        match read {
            0 => "no entries read".to_owned(),
            _ => format!("{} read: {new} new, {updated} updated", answer::count(read, "entry")),
        },
    ];
    for (id, channel) in &report.channels {
        let change = if channel.changed { "changed" } else { "unchanged" };
        lines.push(format!("{id}: {}, {change}", answer::count(channel.items, "item")));
    }
    let failures = report.failures.iter();
    lines.extend(failures.map(|failed| format!("failed: {}: {}", failed.source, failed.error)));
    lines.join("\n")
}
