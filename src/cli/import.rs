//! `oncofeed import`: the feeds of an OPML list to sources in feeds.toml.

use std::path::PathBuf;

use serde::Serialize;

use super::{
    Common, Failure,
    added::{self, Written},
    answer, document,
};
use crate::{
    edge::{config::Loaded, fetch},
    model::{link::Link, source::Source},
    pipeline::{
        enrol::{self, Newcomer, Register},
        parse::opml::{self, List, Outline},
    },
};

/// Most sources that are added at once. feeds.toml may be 1 MiB, and an editor has to go through them.
const ADDED_MAX: usize = 1_000;

/// Most lines of what was not added, of one kind, in an answer to people.
const LINES_MAX: usize = 50;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed import subscriptions.opml --dry-run            what would be added?\n  \
    oncofeed import subscriptions.opml --topics research\n\n\
    A feed whose category or folder is a topic of feeds.toml gets that topic; every other one the first topic of the\n\
    first channel. What is added is visited from the next cycle on; a feed that the list marks as a comment rests. One at\n\
    an address that is not public is refused, and one at a port that is not the web's is told.")]
pub(super) struct Args {
    /// A list of feeds, as feed readers export it; - for standard input
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// Topics of all that is added
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    topics: Vec<String>,
    /// Change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    /// As they stand in feeds.toml, or would stand there.
    added: Vec<Written>,
    known: Vec<Known>,
    refused: Vec<Refused>,
    /// Feeds of the list beyond what is taken at once.
    left_out: usize,
    /// The list ends in the middle.
    cut: bool,
    written: bool,
    warnings: Vec<String>,
}

/// A source already.
#[derive(Debug, Serialize)]
struct Known {
    title: Option<String>,
    url: String,
    /// The name of the source.
    known_as: String,
}

#[derive(Debug, Serialize)]
struct Refused {
    title: Option<String>,
    url: String,
    reason: String,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let loaded = common.load()?;
    let bytes = document::read(&args.list, loaded.settings.fetch.max_body)?;
    let list = opml::read(&bytes).map_err(|wrong| anyhow::anyhow!("{}: no OPML: {}", args.list.display(), wrong.0))?;
    let (sources, mut report) = sort(args, &loaded, list);
    if !sources.is_empty() {
        let warnings = added::write(common, &loaded, &sources, args.dry_run)?;
        report.warnings = sources.iter().filter_map(odd).chain(warnings).collect();
        report.written = !args.dry_run;
    }
    match common.json {
        true => answer::give_json(&report)?,
        false => {
            for warning in &report.warnings {
                answer::aside(&format!("warning: {warning}"));
            }
            answer::give(&text(common, args, &report))?;
        }
    }
    Ok(())
}

/// What is to be added, and what is not and why.
fn sort(args: &Args, loaded: &Loaded, list: List) -> (Vec<Source>, Report) {
    let mut register = Register::new(&loaded.feeds.sources);
    let mut sources = vec![];
    let mut report = Report {
        added: vec![],
        known: vec![],
        refused: vec![],
        left_out: list.omitted,
        cut: list.cut,
        written: false,
        warnings: vec![],
    };
    for outline in list.outlines {
        let (title, url) = (outline.title.clone(), outline.address.clone());
        let link = match address(&url, loaded) {
            Ok(link) => link,
            Err(reason) => {
                report.refused.push(Refused { title, url, reason });
                continue;
            }
        };
        if let Some(name) = register.at(link.url()) {
            let known_as = name.to_owned();
            report.known.push(Known { title, url, known_as });
        } else if sources.len() >= ADDED_MAX {
            report.left_out += 1;
        } else {
            let topics = topics(args, loaded, &outline);
            sources.push(register.enrol(Newcomer {
                name: title.as_deref().and_then(enrol::clean),
                title: String::new(),
                link,
                topics,
                enabled: !outline.resting,
            }));
        }
    }
    report.added = sources.iter().map(Written::from).collect();
    (sources, report)
}

/// The address, where it is one that can be visited.
fn address(url: &str, loaded: &Loaded) -> Result<Link, String> {
    let link = enrol::address(url)?;
    match fetch::refusal(link.url(), &loaded.settings.fetch.allow_addresses) {
        Some(refusal) => Err(refusal.to_string()),
        None => Ok(link),
    }
}

/// Whoever made the list chose the port, and no editor has vouched for it yet.
fn odd(source: &Source) -> Option<String> {
    let port = fetch::odd_port(&source.url)?;
    Some(format!(
        "{} ({}): would be asked at port {port}, where feeds are not expected; remove it unless you know that it is there",
        source.name, source.id
    ))
}

fn topics(args: &Args, loaded: &Loaded, outline: &Outline) -> Vec<String> {
    if !args.topics.is_empty() {
        return args.topics.iter().map(|topic| topic.trim().to_owned()).collect();
    }
    match enrol::known_topics(&loaded.feeds, &outline.topics) {
        known if known.is_empty() => enrol::usual_topic(&loaded.feeds)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        known => known,
    }
}

fn text(common: &Common, args: &Args, report: &Report) -> String {
    let file = common.paths().feeds().display().to_string();
    let done = if args.dry_run { "would be added to" } else { "added to" };
    let mut lines = vec![];
    lines.push(format!("{} {done} {file}", answer::count(report.added.len(), "source")));
    lines.extend(report.added.iter().map(|source| format!("  {}", source.line())));
    if !report.known.is_empty() {
        lines.push(format!(
            "{} in the list already there",
            answer::count(report.known.len(), "source")
        ));
        lines.extend(shown(&report.known, |known| {
            format!("{}: is {}", known.url, known.known_as)
        }));
    }
    if !report.refused.is_empty() {
        lines.push(format!("{} refused", report.refused.len()));
        lines.extend(shown(&report.refused, |refused| {
            format!(
                "{}: {}",
                refused.title.as_deref().unwrap_or(&refused.url),
                refused.reason
            )
        }));
    }
    if report.left_out > 0 {
        lines.push(format!(
            "{} left out: at most {ADDED_MAX} are added at once",
            report.left_out
        ));
    }
    if report.cut {
        lines.push("the list ends in the middle: what comes after that was not seen".into());
    }
    lines.join("\n")
}

/// The first of them, and how many more there are.
fn shown<T>(all: &[T], line: impl Fn(&T) -> String) -> Vec<String> {
    let mut lines: Vec<_> = all
        .iter()
        .take(LINES_MAX)
        .map(|one| format!("  {}", line(one)))
        .collect();
    if all.len() > LINES_MAX {
        lines.push(format!(
            "  and {} more (all of them with --json)",
            all.len() - LINES_MAX
        ));
    }
    lines
}
