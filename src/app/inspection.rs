//! A visit to the enabled sources, of which nothing is kept: what each sends, for an editor.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::task::JoinSet;
use url::Url;

use super::{
    glance::{self, Document, GlanceFault},
    robots::Robots,
    watchlist,
};
use crate::{
    edge::{
        clock::Clock,
        fetch::Fetcher,
        store::{SourceRow, Store, StoreFault},
    },
    model::{
        draft::Draft,
        feed::{Feed, Format},
        fetched::Request,
        source::{Source, SourceId},
        visit::FeedState,
    },
    pipeline::{extract, parse::second, poll, preview, sources},
};

/// Why a source is not asked, although it is enabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spared {
    /// Its publisher answered 410, and no editor has touched it since.
    Gone,
    /// Its publisher has asked to be left alone until then.
    Until(Timestamp),
}

/// What one source sent.
#[derive(Debug, Clone)]
pub struct Heard {
    pub url: Url,
    pub moved_to: Option<Url>,
    pub format: Format,
    /// As many as the document lists, those too that nothing can be made of.
    pub entries: usize,
    pub drafts: Vec<Draft>,
    /// The newest date that can be believed.
    pub newest: Option<Timestamp>,
    /// What the reader had to mend, and where a strict one sees something else.
    pub faults: Vec<String>,
}

/// Visits the sources, and shows the name of each as its visit ends. The answers, or why there is none in one line, are
/// in the order of the sources.
///
/// # Errors
/// A panic of ours.
pub async fn inspect(
    fetcher: &Fetcher,
    clock: &Clock,
    sources: &[&Source],
    mut ended: impl FnMut(&str),
) -> Result<Vec<Result<Heard, String>>, tokio::task::JoinError> {
    let robots = Robots::passing(fetcher.clone(), clock.clone());
    let mut visits = JoinSet::new();
    for (at, source) in sources.iter().enumerate() {
        let (robots, source) = (robots.clone(), (*source).clone());
        visits.spawn(async move { (at, visit(&robots, &source).await) });
    }
    let mut heard = HashMap::new();
    while let Some(visited) = visits.join_next().await {
        let (at, answer) = visited?;
        ended(sources.get(at).map_or("", |source| &source.name));
        heard.insert(at, answer);
    }
    Ok((0..sources.len()).filter_map(|at| heard.remove(&at)).collect())
}

async fn visit(robots: &Robots, source: &Source) -> Result<Heard, String> {
    let in_words = |fault: GlanceFault| fault.to_string();
    let document = glance::fetch(robots, &Request::to(source)).await.map_err(in_words)?;
    let now = robots.clock.now();
    let is_page = source.page.is_some();
    let read =
        move |document: &Document, feed: Result<Feed, String>| feed.map(|feed| heard(document, feed, is_page, now));
    document.read(source.page.clone(), read).await.map_err(in_words)?
}

/// What a strict reader of feeds sees otherwise; there is none for pages.
fn disagreements(document: &Document, feed: &Feed, is_page: bool) -> Vec<String> {
    match is_page {
        true => vec![],
        false => second::disagreements(&document.bytes, feed),
    }
}

fn heard(document: &Document, feed: Feed, is_page: bool, now: Timestamp) -> Heard {
    let faults = [feed.faults.clone(), disagreements(document, &feed, is_page)].concat();
    let entries = feed.entries.len();
    let drafts: Vec<_> = feed.entries.into_iter().filter_map(extract::draft).collect();
    Heard {
        url: document.url.clone(),
        moved_to: document.moved_to.clone(),
        format: feed.format,
        entries,
        newest: drafts.iter().filter_map(|draft| preview::believed(draft, now)).max(),
        drafts,
        faults,
    }
}

/// What the store remembers of the configured sources; nothing where there is no store, or none that this user may read.
pub async fn remembered(store: &Store, configured: &[Source]) -> Result<HashMap<SourceId, SourceRow>, StoreFault> {
    let rows = store.read(|reader| reader.sources()).await?;
    let watched = watchlist::look(&rows, configured);
    let known = rows
        .into_iter()
        .filter_map(|row| Some((watched.get(&row.key)?.source.id.clone(), row)));
    Ok(known.collect())
}

/// The enabled sources that answered 410, and that no editor has touched since.
pub fn gone<'a>(configured: &'a [Source], remembered: &HashMap<SourceId, SourceRow>) -> Vec<&'a Source> {
    let is_gone = |source: &&Source| remembered.get(&source.id).is_some_and(|row| is_gone(source, row));
    configured
        .iter()
        .filter(|source| source.enabled)
        .filter(is_gone)
        .collect()
}

fn is_gone(source: &Source, row: &SourceRow) -> bool {
    row.state.gone && row.fingerprint == sources::fingerprint(source)
}

/// What holds even when an editor asks: a 410 and a running `Retry-After`.
pub fn spared(source: &Source, remembered: &HashMap<SourceId, SourceRow>, now: Timestamp) -> Option<Spared> {
    let row = remembered.get(&source.id)?;
    let gone = is_gone(source, row);
    let state = FeedState {
        gone,
        ..row.state.clone()
    };
    match state.retry_after {
        _ if poll::may_ask(&state, now) => None,
        Some(until) if !gone => Some(Spared::Until(until)),
        _ => Some(Spared::Gone),
    }
}

/// The enabled sources whose permanent redirects have stood long enough to be followed, and where they lead.
pub fn moved<'a>(
    configured: &'a [Source],
    remembered: &'a HashMap<SourceId, SourceRow>,
    now: Timestamp,
) -> Vec<(&'a Source, &'a str)> {
    let led = |source: &'a Source| {
        let moved = remembered.get(&source.id)?.state.moved.as_ref()?;
        (source.enabled && poll::proposed(moved, now)).then_some((source, moved.to.as_str()))
    };
    configured.iter().filter_map(led).collect()
}
