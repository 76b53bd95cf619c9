//! A visit to every enabled source, of which nothing is kept: what each sends, for an editor.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::task::JoinSet;
use url::Url;

use super::{
    glance::{self, Document, GlanceFault},
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
    },
    pipeline::{
        extract,
        parse::{NotAFeed, second},
        poll, preview, sources,
    },
};

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
    let mut visits = JoinSet::new();
    for (at, source) in sources.iter().enumerate() {
        let request = Request {
            headers: source.headers.clone(),
            ..Request::new(source.url.clone())
        };
        let (fetcher, clock) = (fetcher.clone(), clock.clone());
        visits.spawn(async move { (at, visit(&fetcher, &clock, &request).await) });
    }
    let mut heard = HashMap::new();
    while let Some(visited) = visits.join_next().await {
        let (at, answer) = visited?;
        ended(sources.get(at).map_or("", |source| &source.name));
        heard.insert(at, answer);
    }
    Ok((0..sources.len()).filter_map(|at| heard.remove(&at)).collect())
}

async fn visit(fetcher: &Fetcher, clock: &Clock, request: &Request) -> Result<Heard, String> {
    let in_words = |fault: GlanceFault| fault.to_string();
    let document = glance::fetch(fetcher, request, clock).await.map_err(in_words)?;
    let now = clock.now();
    let read = move |document: &Document, feed: Result<Feed, NotAFeed>| {
        feed.map(|feed| heard(document, feed, now))
            .map_err(|wrong| wrong.to_string())
    };
    document.read(read).await.map_err(in_words)?
}

fn heard(document: &Document, feed: Feed, now: Timestamp) -> Heard {
    let mut faults = feed.faults.clone();
    faults.extend(second::disagreements(&document.bytes, &feed));
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
    let is_gone = |source: &&Source| {
        let row = remembered.get(&source.id);
        source.enabled && row.is_some_and(|row| row.state.gone && row.fingerprint == sources::fingerprint(source))
    };
    configured.iter().filter(is_gone).collect()
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
