//! `oncofeed check`: are the files in order, and do the sources answer?

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use tokio::task::JoinSet;

use super::{Common, Failure, answer};
use crate::{
    app::{newsroom, robots},
    edge::{clock::Clock, config::Loaded, fetch::Fetcher},
    model::{
        feed::Feed,
        fetched::{Answer, Fetched, Request, Wanted},
        selectors::Selectors,
        source::Source,
    },
    pipeline::parse::{self, second},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed check                        before you reload or restart\n  \
    oncofeed check --feeds new.toml       a file that is not in use yet\n  \
    oncofeed check --online               ask every enabled source, too")]
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

#[derive(Debug, Serialize)]
struct Answered {
    source: String,
    url: String,
    /// Why it could not be read as a feed.
    error: Option<String>,
    format: Option<String>,
    entries: usize,
    newest: Option<Timestamp>,
    moved_to: Option<String>,
    faults: Vec<String>,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let loaded = common.load()?;
    let online = match args.online {
        true => Some(ask_all(&loaded).await?),
        false => None,
    };
    let report = Report {
        channels: loaded.feeds.channels.len(),
        sources: loaded.feeds.sources.len(),
        enabled: loaded.feeds.sources.iter().filter(|source| source.enabled).count(),
        warnings: loaded.warnings.clone(),
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

async fn ask_all(loaded: &Loaded) -> Result<Vec<Answered>, Failure> {
    let fetcher = newsroom::fetcher(&loaded.settings)?;
    let mut asked = JoinSet::new();
    for (at, source) in loaded
        .feeds
        .sources
        .iter()
        .enumerate()
        .filter(|(_, source)| source.enabled)
    {
        let (fetcher, source) = (fetcher.clone(), source.clone());
        asked.spawn(async move { (at, ask(&fetcher, &source).await) });
    }
    let mut answered = vec![];
    while let Some(answer) = asked.join_next().await {
        answered.push(answer?);
    }
    answered.sort_by_key(|(at, _)| *at);
    Ok(answered.into_iter().map(|(_, answered)| answered).collect())
}

async fn ask(fetcher: &Fetcher, source: &Source) -> Answered {
    let request = Request::new(source.url.clone());
    let mut answered = Answered {
        source: source.name.clone(),
        url: source.url.to_string(),
        error: None,
        format: None,
        entries: 0,
        newest: None,
        moved_to: None,
        faults: vec![],
    };
    match fetch(fetcher, source, request).await {
        Ok(fetched) => {
            answered.moved_to = fetched.moved_to.as_ref().map(ToString::to_string);
            answered.read(fetched, source.page.clone()).await;
        }
        Err(error) => answered.error = Some(error),
    }
    answered
}

async fn fetch(fetcher: &Fetcher, source: &Source, request: Request) -> Result<Fetched, String> {
    let now = Clock::system().now();
    if source.page.is_none() {
        return fetcher.fetch(&request, now).await.map_err(|fault| fault.to_string());
    }
    let wanted = Wanted::Page;
    let fetched = robots::fetch_once(fetcher, &Request { wanted, ..request }, now).await;
    fetched.map_err(|fault| fault.to_string())
}

impl Answered {
    async fn read(&mut self, fetched: Fetched, page: Option<Selectors>) {
        let Answer::Body(body) = fetched.answer else { return };
        let read = tokio::task::spawn_blocking(move || {
            let feed = parse::source(&body.bytes, body.charset.as_deref(), Some(&body.url), page.as_ref())?;
            let disagreements = match page {
                Some(_) => vec![],
                None => second::disagreements(&body.bytes, &feed),
            };
            Ok::<_, String>((feed, disagreements))
        });
        match read.await {
            Ok(Ok((feed, disagreements))) => self.found(feed, disagreements),
            Ok(Err(error)) => self.error = Some(error),
            Err(_) => self.error = Some("oncofeed itself failed on this document; please report it".into()),
        }
    }

    fn found(&mut self, feed: Feed, disagreements: Vec<String>) {
        self.format = Some(feed.format.to_string());
        self.entries = feed.entries.len();
        self.newest = feed
            .entries
            .iter()
            .filter_map(|entry| entry.published.or(entry.updated))
            .max();
        self.faults = feed.faults;
        self.faults.extend(disagreements);
    }
}

fn text(report: &Report, timezone: &TimeZone) -> String {
    let mut lines: Vec<_> = report
        .online
        .iter()
        .flatten()
        .flat_map(|answered| answered_text(answered, timezone))
        .collect();
    lines.push(format!(
        "in order: {}, {} ({} enabled)",
        answer::count(report.channels, "channel"),
        answer::count(report.sources, "source"),
        report.enabled
    ));
    lines.join("\n")
}

fn answered_text(answered: &Answered, timezone: &TimeZone) -> Vec<String> {
    let found = match (&answered.error, &answered.format) {
        (Some(error), _) => format!("failed: {error}"),
        (None, format) => format!(
            "{}, {}, newest {}",
            format.as_deref().unwrap_or("feed"),
            answer::count(answered.entries, "entry"),
            answered
                .newest
                .map_or("without a date".into(), |at| answer::time(at, timezone))
        ),
    };
    let mut lines = vec![format!("{}: {found}", answered.source)];
    lines.extend(
        answered
            .moved_to
            .iter()
            .map(|url| format!("  has moved for good to {url}")),
    );
    lines.extend(answered.faults.iter().map(|fault| format!("  {fault}")));
    lines
}
