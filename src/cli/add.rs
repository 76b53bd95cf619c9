//! `oncofeed add`: from a site's home page, or a feed, to a source in feeds.toml.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::anyhow;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    Common, Failure,
    added::{self, Written},
    answer,
};
use crate::{
    app::{
        newsroom,
        overlap::{self, Overlap},
        prospect::{self, Candidate, Prospect},
    },
    edge::{
        clock::Clock,
        config::{Loaded, block},
        store::{Store, StoreFault},
    },
    model::{link::Link, secrecy::secret_parameter, source::Source},
    pipeline::{
        enrol::{self, Newcomer, Register},
        preview::Shown,
    },
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed add news.cancerresearchuk.org                  look for its feeds, add the one you choose\n  \
    oncofeed add https://example.org/ --feed 2              the second of those that were found\n  \
    oncofeed add https://example.org/rss --name \"A Journal\" --topics research,practice\n  \
    oncofeed add https://example.org/ --dry-run             only look")]
pub(super) struct Args {
    /// A site's home page, or the address of a feed
    #[arg(value_name = "URL")]
    url: String,
    /// What readers see [default: the feed's title]
    #[arg(long)]
    name: Option<String>,
    /// Joins it to the channels that take one of these [default: the first topic of the first channel]
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    topics: Vec<String>,
    /// Which of the feeds that were found
    #[arg(long, value_name = "N")]
    feed: Option<usize>,
    /// Change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    url: String,
    candidates: Vec<Listed>,
    /// What was asked and is no candidate.
    passed_over: Vec<String>,
    /// What was chosen, as it stands in feeds.toml or would stand there.
    source: Option<Written>,
    block: Option<String>,
    written: bool,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Listed {
    /// For `--feed`.
    number: usize,
    title: String,
    url: String,
    format: String,
    entries: usize,
    /// Those of them that are about cancer by their words.
    relevant: usize,
    frequency: String,
    newest: Vec<Entry>,
    /// `null` where there is no store.
    overlap: Option<Kept>,
    /// The name of the source that this feed is already.
    known_as: Option<String>,
}

#[derive(Debug, Serialize)]
struct Entry {
    title: String,
    date: Option<Timestamp>,
    link: Option<String>,
    excerpt: String,
}

#[derive(Debug, Serialize)]
struct Kept {
    of: usize,
    kept: usize,
    sources: Vec<String>,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let loaded = common.load()?;
    let url = typed(&args.url).map_err(|why| Failure::Usage(format!("{}: {why}", args.url)))?;
    let mut register = Register::new(&loaded.feeds.sources);
    let fetcher = newsroom::fetcher(&loaded.settings)?;
    let prospect = prospect::prospect(&fetcher, &Clock::system(), loaded.editorial.clone(), url.url()).await;
    let hint = match args.url.contains("://") {
        true => String::new(),
        false => "; if the site has no https, write http:// before its name".into(),
    };
    let prospect = prospect.map_err(|fault| anyhow!("{url}: {fault}{hint}"))?;
    let mut report = report(&url, &prospect, &register, overlaps(&loaded, &prospect).await);
    if !common.json {
        if !report.candidates.is_empty() {
            report.passed_over.iter().for_each(|passed| answer::aside(passed));
        }
        answer::give(&listing(&report, &loaded.settings.site.timezone))?;
    }
    let outcome = match choose(common, args, &report) {
        Ok(None) => Ok(()),
        Ok(Some(at)) => {
            let source = source(args, &loaded, &prospect.candidates[at], &mut register);
            add(common, args, &loaded, source, &mut report)
        }
        Err(failure) => Err(failure),
    };
    if common.json {
        answer::give_json(&report)?;
    }
    outcome
}

/// An address as an editor types it: without `https://`, if it must be.
fn typed(text: &str) -> Result<Link, String> {
    let after_colon = text.split_once(':').and_then(|(_, rest)| rest.chars().next());
    let has_no_scheme = after_colon.is_none_or(|c| c.is_ascii_digit());
    match has_no_scheme && text.starts_with(char::is_alphanumeric) {
        true => enrol::address(&format!("https://{text}")),
        false => enrol::address(text),
    }
}

/// What of the candidates is kept already: none of it where there is no store.
async fn overlaps(loaded: &Loaded, prospect: &Prospect) -> Option<Vec<Overlap>> {
    let drafts = prospect
        .candidates
        .iter()
        .map(|candidate| candidate.preview.drafts.clone())
        .collect();
    let compared = match Store::open(&loaded.settings.store.path) {
        Ok(store) => overlap::overlaps(&store, &loaded.feeds.sources, drafts).await,
        Err(StoreFault::Missing(_)) => return None,
        Err(fault) => Err(fault),
    };
    compared
        .inspect_err(|fault| answer::aside(&format!("not compared with what is kept: {fault}")))
        .ok()
}

fn report(url: &Link, prospect: &Prospect, register: &Register, overlaps: Option<Vec<Overlap>>) -> Report {
    let mut overlaps = overlaps.into_iter().flatten();
    let candidates = prospect.candidates.iter().zip(1..);
    Report {
        url: url.to_string(),
        candidates: candidates
            .map(|(candidate, number)| listed(number, candidate, register, overlaps.next()))
            .collect(),
        passed_over: prospect.passed_over.clone(),
        source: None,
        block: None,
        written: false,
        warnings: vec![],
    }
}

fn listed(number: usize, candidate: &Candidate, register: &Register, overlap: Option<Overlap>) -> Listed {
    let preview = &candidate.preview;
    let known_as = candidate.addresses().into_iter().find_map(|url| register.at(url));
    Listed {
        number,
        title: preview.title.clone(),
        url: candidate.url.to_string(),
        format: preview.format.to_string(),
        entries: preview.entries,
        relevant: preview.relevant,
        frequency: preview.frequency.clone(),
        newest: preview.newest.iter().map(entry).collect(),
        overlap: overlap.map(|Overlap { of, kept, sources }| Kept { of, kept, sources }),
        known_as: known_as.map(str::to_owned),
    }
}

fn entry(shown: &Shown) -> Entry {
    Entry {
        title: shown.title.clone(),
        date: shown.date,
        link: shown.link.as_ref().map(Link::to_string),
        excerpt: shown.excerpt.clone(),
    }
}

/// The position of the chosen candidate; `None` where a look was all that was asked for.
fn choose(common: &Common, args: &Args, report: &Report) -> Result<Option<usize>, Failure> {
    let count = report.candidates.len();
    let number = match (count, args.feed) {
        (0, _) => return Err(none_found(report).into()),
        (_, Some(number)) => number,
        (1, None) => 1,
        (_, None) if args.dry_run => return Ok(None),
        (_, None) if !common.json && io::stdin().is_terminal() && io::stderr().is_terminal() => asked(count)?,
        (_, None) => {
            let message = format!("{count} feeds were found: choose one with --feed 1 to --feed {count}");
            return Err(Failure::Usage(message));
        }
    };
    let chosen = number
        .checked_sub(1)
        .and_then(|at| Some((at, report.candidates.get(at)?)));
    match chosen {
        None => Err(Failure::Usage(format!(
            "there is no feed {number}: the last one is {count}"
        ))),
        Some((
            _,
            Listed {
                known_as: Some(name),
                url,
                ..
            },
        )) => Err(anyhow!("{url} is a source already, named {name}: nothing was added").into()),
        Some((at, _)) => Ok(Some(at)),
    }
}

fn none_found(report: &Report) -> anyhow::Error {
    let asked = match report.passed_over.len() {
        0 => String::new(),
        _ => format!("\nasked in vain:\n  {}", report.passed_over.join("\n  ")),
    };
    anyhow!(
        "{} answers, but no feed was found there{asked}\n\
        a site without a feed can be watched by its page: write a [[source]] with format = \"page\" into feeds.toml",
        report.url
    )
}

fn asked(count: usize) -> io::Result<usize> {
    loop {
        let mut stderr = io::stderr().lock();
        write!(stderr, "Which one? 1 to {count}: ")?;
        stderr.flush()?;
        let mut line = String::new();
        if io::stdin().read_line(&mut line)? == 0 {
            return Err(io::Error::other("nothing was chosen, nothing was added"));
        }
        match line.trim().parse() {
            Ok(number) if (1..=count).contains(&number) => return Ok(number),
            _ => {}
        }
    }
}

fn source(args: &Args, loaded: &Loaded, candidate: &Candidate, register: &mut Register) -> Source {
    let usual = || {
        enrol::usual_topic(&loaded.feeds)
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let given: Vec<_> = args.topics.iter().map(|topic| topic.trim().to_owned()).collect();
    register.enrol(Newcomer {
        name: args.name.clone(),
        title: candidate.preview.title.clone(),
        link: candidate.url.clone(),
        topics: if given.is_empty() { usual() } else { given },
        enabled: true,
    })
}

fn add(common: &Common, args: &Args, loaded: &Loaded, source: Source, report: &mut Report) -> Result<(), Failure> {
    let sources = [source];
    report.source = sources.first().map(Written::from);
    report.block = Some(block(&sources));
    report.warnings = added::write(common, loaded, &sources, args.dry_run)?;
    report.written = !args.dry_run;
    if !common.json {
        for warning in &report.warnings {
            answer::aside(&format!("warning: {warning}"));
        }
        answer::give(&told(common, args, loaded, &sources[0]))?;
    }
    Ok(())
}

/// What was written, what of it oncofeed chose, and how to choose otherwise.
fn told(common: &Common, args: &Args, loaded: &Loaded, source: &Source) -> String {
    let file = common.paths().feeds().display().to_string();
    let done = if args.dry_run { "would be added to" } else { "added to" };
    let mut lines = vec![format!("\n{done} {file}:\n\n{}", block(std::slice::from_ref(source)))];
    if args.name.is_none() {
        lines.push("The name is the feed's own title: --name gives it another.".into());
    }
    if args.topics.is_empty() {
        let channels = loaded.feeds.channels.iter();
        let takes = channels.filter(|channel| channel.topics.iter().any(|topic| source.topics.contains(topic)));
        let titles: Vec<_> = takes.map(|channel| channel.title.as_str()).collect();
        lines.push(format!(
            "Its topic joins it to: {}. --topics gives it others.",
            titles.join(", ")
        ));
    }
    if let Some(parameter) = secret_parameter(&source.url) {
        lines.push(format!(
            "Its address holds what looks like a secret ({parameter}=), so it is private: never published."
        ));
    }
    if !args.dry_run {
        lines.push(format!("To change any of it, edit {file}."));
    }
    lines.join("\n")
}

fn listing(report: &Report, timezone: &TimeZone) -> String {
    let blocks: Vec<_> = report
        .candidates
        .iter()
        .map(|listed| candidate(listed, timezone))
        .collect();
    blocks.join("\n\n")
}

fn candidate(listed: &Listed, timezone: &TimeZone) -> String {
    let title = if listed.title.is_empty() {
        "(no title)"
    } else {
        &listed.title
    };
    let entries = answer::count(listed.entries, "entry");
    let mut lines = vec![
        format!("{}  {title}", listed.number),
        format!("   {}", listed.url),
        format!("   {}, {entries}: {}", listed.format, listed.frequency),
        format!("   {} of them about cancer", listed.relevant),
    ];
    lines.extend(listed.overlap.as_ref().map(kept));
    lines.extend(
        listed
            .known_as
            .as_ref()
            .map(|name| format!("   is a source already: {name}")),
    );
    for entry in &listed.newest {
        let date = entry.date.map_or("no date".into(), |date| answer::time(date, timezone));
        lines.push(format!("     {date}  {}", entry.title));
        if !entry.excerpt.is_empty() {
            lines.push(format!("       {}", entry.excerpt));
        }
    }
    lines.join("\n")
}

fn kept(overlap: &Kept) -> String {
    match overlap.kept {
        0 => "   none of them is kept already".into(),
        kept => format!(
            "   {kept} of {} are kept already, from {}",
            overlap.of,
            overlap.sources.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_they_are_typed() {
        for (text, expect) in [
            ("a.test", Ok("https://a.test/")),
            ("a.test/news", Ok("https://a.test/news")),
            ("a.test:8080/x:y", Ok("https://a.test:8080/x:y")),
            ("http://a.test/x", Ok("http://a.test/x")),
            ("feed://a.test/x", Ok("https://a.test/x")),
            ("/etc/passwd", Err("must begin with http:// or https://")),
            ("file:///etc/passwd", Err("is neither http nor https, but file:")),
        ] {
            let found = typed(text);
            assert_eq!(
                found.as_ref().map(Link::as_str).map_err(String::as_str),
                expect,
                "{text}"
            );
        }
    }
}
