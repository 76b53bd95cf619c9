//! `oncofeed parse`: the entries of a document as oncofeed sees them.

use std::path::Path;

use anyhow::anyhow;
use bytes::Bytes;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use url::Url;

use super::{Common, Failure, answer, document};
use crate::{
    app::{glance, newsroom, robots::Robots},
    edge::{
        clock::Clock,
        config::{self, Paths},
    },
    model::{
        boilerplate::Habits,
        editorial::Editorial,
        entry::Entry,
        feed::Feed,
        fetched::{Request, Wanted},
        selectors::{Selector, Selectors},
        settings::Settings,
        source::EXCERPT_CHARACTERS,
    },
    pipeline::{
        extract,
        parse::{self, second},
    },
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed parse https://www.nature.com/nrclinonc.rss\n  \
    oncofeed parse saved.xml --base https://example.org/feed --json\n  \
    curl -s https://example.org/feed | oncofeed parse -\n  \
    oncofeed parse https://example.org/news --item 'li.news' --date time")]
pub(super) struct Args {
    /// A file, a web address, or - for standard input
    #[arg(value_name = "FILE|URL")]
    document: String,
    /// Where the document came from: the base of its relative links [default: the URL itself]
    #[arg(long, value_name = "URL")]
    base: Option<Url>,
    #[command(flatten)]
    page: Box<Page>,
}

/// Selectors to be tried, as they would stand in feeds.toml.
#[derive(Debug, clap::Args)]
struct Page {
    /// It is a page without a feed: a CSS selector that finds each piece of news on it
    #[arg(long, value_name = "SELECTOR", value_parser = Selector::parse)]
    item: Option<Selector>,
    /// Inside an item [default: the text of the link]
    #[arg(long, value_name = "SELECTOR", requires = "item", value_parser = Selector::parse)]
    title: Option<Selector>,
    /// Inside an item [default: the first link]
    #[arg(long, value_name = "SELECTOR", requires = "item", value_parser = Selector::parse)]
    link: Option<Selector>,
    /// Inside an item
    #[arg(long, value_name = "SELECTOR", requires = "item", value_parser = Selector::parse)]
    summary: Option<Selector>,
    /// Inside an item
    #[arg(long, value_name = "SELECTOR", requires = "item", value_parser = Selector::parse)]
    date: Option<Selector>,
}

impl Page {
    fn selectors(&self) -> Option<Selectors> {
        Some(Selectors {
            item: self.item.clone()?,
            title: self.title.clone(),
            link: self.link.clone(),
            summary: self.summary.clone(),
            date: self.date.clone(),
        })
    }
}

#[derive(Debug, Serialize)]
struct Reading {
    feed: Head,
    faults: Vec<String>,
    entries: Vec<Listed>,
}

#[derive(Debug, Serialize)]
struct Head {
    title: Option<String>,
    link: Option<String>,
    format: String,
}

#[derive(Debug, Serialize)]
struct Listed {
    /// The publisher's own, else the link.
    id: Option<String>,
    title: Option<String>,
    link: Option<String>,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    /// The whole, as plain text.
    summary: Option<String>,
    excerpt: Option<String>,
    authors: Vec<String>,
    categories: Vec<String>,
    doi: Option<String>,
    image: Option<String>,
}

/// A document, and what is known of it besides.
struct Given {
    bytes: Bytes,
    charset: Option<String>,
    base: Option<Url>,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let settings = settings(common)?;
    let editorial = editorial(common)?;
    let given = given(args, &settings).await?;
    let page = args.page.selectors();
    let read = tokio::task::spawn_blocking(move || read(&given, page.as_ref(), editorial.habits(None))).await?;
    let read = read.map_err(|error| anyhow!(error))?;
    match common.json {
        true => answer::give_json(&read)?,
        false => answer::give(&text(&read, &settings.site.timezone))?,
    }
    Ok(())
}

/// A file that was named is read; at its usual place it need not even be in order.
fn settings(common: &Common) -> Result<Settings, Failure> {
    let paths = Paths {
        config: common.config.clone(),
        feeds: None,
    };
    match config::load_settings(&paths, std::env::vars_os()) {
        Ok(settings) => Ok(settings),
        Err(faults) if common.config.is_some() => Err(Failure::Faulty(faults)),
        Err(_) => config::default_settings().map_err(Failure::Faulty),
    }
}

/// As [`settings`], of the words and rules.
fn editorial(common: &Common) -> Result<Editorial, Failure> {
    match config::load_editorial(&common.paths()) {
        Ok(editorial) => Ok(editorial),
        Err(faults) if common.config.is_some() => Err(Failure::Faulty(faults)),
        Err(_) => config::shipped_editorial().map_err(Failure::Faulty),
    }
}

async fn given(args: &Args, settings: &Settings) -> Result<Given, Failure> {
    let document = &args.document;
    match Url::parse(document) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => fetch(url, args, settings).await,
        _ => Ok(Given {
            bytes: document::read(Path::new(&args.document), settings.fetch.max_body)?,
            charset: None,
            base: args.base.clone(),
        }),
    }
}

async fn fetch(url: Url, args: &Args, settings: &Settings) -> Result<Given, Failure> {
    let robots = Robots::passing(newsroom::fetcher(settings)?, Clock::system());
    let wanted = match args.page.item {
        Some(_) => Wanted::Page,
        None => Wanted::Feed,
    };
    let request = Request {
        wanted,
        ..Request::new(url)
    };
    let document = glance::fetch(&robots, &request).await?;
    Ok(Given {
        bytes: document.bytes,
        charset: document.charset,
        base: args.base.clone().or(Some(document.url)),
    })
}

fn read(given: &Given, page: Option<&Selectors>, habits: Habits<'_>) -> Result<Reading, String> {
    let feed = parse::source(&given.bytes, given.charset.as_deref(), given.base.as_ref(), page)?;
    let mut faults = feed.faults.clone();
    if page.is_none() {
        faults.extend(second::disagreements(&given.bytes, &feed));
    }
    Ok(Reading {
        feed: head(&feed),
        faults,
        entries: feed.entries.into_iter().map(|entry| listed(entry, habits)).collect(),
    })
}

fn head(feed: &Feed) -> Head {
    Head {
        title: feed.title.as_ref().map(extract::plain),
        link: feed.link.clone(),
        format: feed.format.to_string(),
    }
}

fn listed(entry: Entry, habits: Habits<'_>) -> Listed {
    let filled = |text: String| (!text.is_empty()).then_some(text);
    let title = entry.title.as_ref().map(extract::plain).and_then(filled);
    let summary = entry.summary.as_ref().map(extract::plain).and_then(filled);
    let (link, image) = (entry.link.clone(), entry.image.clone());
    let (published, updated) = (entry.published, entry.updated);
    let guid = entry.guid.clone();
    let draft = extract::plain_entry(entry);
    let excerpt = extract::excerpt_of(&draft.summary, &draft.title, EXCERPT_CHARACTERS, habits);
    Listed {
        id: guid.or_else(|| link.clone()),
        title,
        link,
        published,
        updated,
        summary,
        excerpt: filled(excerpt),
        authors: draft.authors,
        categories: draft.categories,
        doi: draft.doi,
        image,
    }
}

fn text(read: &Reading, timezone: &TimeZone) -> String {
    let title = read.feed.title.as_deref().unwrap_or("(no title)");
    let mut blocks = vec![format!(
        "{title}\n  {}, {}{}",
        read.feed.format,
        answer::count(read.entries.len(), "entry"),
        read.feed
            .link
            .as_ref()
            .map(|link| format!(", {link}"))
            .unwrap_or_default()
    )];
    if !read.faults.is_empty() {
        blocks.push(format!("Faults:\n  {}", read.faults.join("\n  ")));
    }
    blocks.extend(read.entries.iter().map(|entry| block(entry, timezone)));
    blocks.join("\n\n")
}

fn block(entry: &Listed, timezone: &TimeZone) -> String {
    let date = match entry.published.or(entry.updated) {
        Some(date) => answer::time(date, timezone),
        None => "no date".into(),
    };
    let mut lines = vec![
        entry.title.clone().unwrap_or_else(|| "(no title)".into()),
        format!("  {date}  {}", entry.link.as_deref().unwrap_or("(no link)")),
    ];
    lines.extend(entry.excerpt.as_ref().map(|excerpt| format!("  {excerpt}")));
    lines.join("\n")
}
