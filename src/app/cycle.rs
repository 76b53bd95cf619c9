//! One cycle: a visit to all sources that are due.
//!
//! ```text
//! due sources ─┬─ fetch ── parse ── extract ─┬─ one transaction: identify, decide, group, keep
//!              ├─ fetch ── 304 ──────────────┤                   + the feed's state and validators
//!              └─ fetch ── fault ────────────┘
//! ```
//!
//! Before anybody is asked, one transaction says so of all: a store that fails, or a crash, brings no visit forward. Then
//! every visit ends in a transaction of its own, whatever came of it: a crash before that leaves the source's entries and
//! validators as they were, a crash after it has lost nothing. Visits do not wait for each other but where the fetcher
//! makes them (one host, all requests), for a reader and for the one writer.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    app::{
        robots::{PageFault, Robots},
        watchlist::Watchlist,
    },
    edge::{
        clock::Clock,
        fetch::{FetchFault, Fetcher},
        store::{SourceRow, Store, StoreFault, Writer},
    },
    model::{
        draft::Keyed,
        fetched::{Answer, Body, Fetched, Request, Wanted},
        selectors::Selectors,
        source::{SourceKey, Watched},
        visit::{FeedState, Outcome, ReadBody},
    },
    pipeline::{
        dedupe::{identity, story},
        extract, parse,
        poll::{self, Limits},
        update,
    },
};

/// Most documents that are read at once: each may take several times its size, and the machine has other work.
const READERS_MAX: usize = 4;

/// What a cycle works with.
#[derive(Debug, Clone)]
pub struct Cycle {
    pub store: Store,
    pub fetcher: Fetcher,
    pub robots: Robots,
    pub clock: Clock,
    pub limits: Limits,
    pub watchlist: Arc<Watchlist>,
}

/// Which sources to visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Due,
    /// Every enabled one that may be asked at all.
    All,
}

/// How one visit went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub source: SourceKey,
    pub result: Visited,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visited {
    NotModified,
    Read {
        entries: Tally,
        /// What the reader had to mend.
        faults: Vec<String>,
    },
    /// One line, for an editor.
    Failed(String),
}

/// What became of the entries of a document: `new + updated + unchanged + rejected = read`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub read: usize,
    pub new: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// Entries with neither title nor link.
    pub rejected: usize,
}

impl Cycle {
    /// The sources that this cycle would visit.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn due(&self, scope: Scope) -> Result<Vec<(Watched, FeedState)>, StoreFault> {
        let now = self.clock.now();
        let wanted = |state: &FeedState| match scope {
            Scope::Due => poll::due(state, now),
            Scope::All => poll::may_ask(state, now),
        };
        let watched = |row: SourceRow| Some((self.watchlist.get(&row.key)?.clone(), row.state));
        let due = self.rows(now).await?.into_iter().filter_map(watched);
        Ok(due
            .filter(|(watched, state)| watched.source.enabled && wanted(state))
            .collect())
    }

    /// What is known of all sources, by a clock that may have been set back since.
    async fn rows(&self, now: Timestamp) -> Result<Vec<SourceRow>, StoreFault> {
        let mut rows = self.store.read(|reader| reader.sources()).await?;
        let mut set_back = vec![];
        for row in &mut rows {
            if let Some(state) = poll::anchored(&row.state, now) {
                set_back.push((row.key, state.clone()));
                row.state = state;
            }
        }
        if !set_back.is_empty() {
            tracing::warn!(
                sources = set_back.len(),
                "the clock was set back; visits are planned from now on"
            );
            self.set_states(set_back).await?;
        }
        Ok(rows)
    }

    async fn set_states(&self, states: Vec<(SourceKey, FeedState)>) -> Result<(), StoreFault> {
        let set = move |writer: &Writer<'_>| states.iter().try_for_each(|(key, state)| writer.set_state(*key, state));
        self.store.write(set).await
    }

    /// Visits these sources, and shows each visit as it ends. Dropped, it stops where it is.
    ///
    /// # Errors
    /// When the store fails: before anybody was asked, or in the middle; then no further visit is waited for. A source
    /// that fails is no error.
    pub async fn run(
        &self,
        due: Vec<(Watched, FeedState)>,
        mut ended: impl FnMut(&Visit),
    ) -> Result<Vec<Visit>, StoreFault> {
        let started = self.clock.now();
        self.claim(&due, started).await?;
        let readers = Arc::new(Semaphore::new(READERS_MAX));
        let mut visits = JoinSet::new();
        let mut sources = HashMap::new();
        for (watched, state) in due {
            let (cycle, readers, visited) = (self.clone(), Arc::clone(&readers), watched.clone());
            let task = visits.spawn(async move { cycle.visit(&visited, &state, &readers, started).await });
            sources.insert(task.id(), watched);
        }
        let mut all = vec![];
        while let Some(joined) = visits.join_next_with_id().await {
            let visit = match joined {
                Ok((_, visit)) => visit?,
                Err(panic) => match sources.get(&panic.id()) {
                    Some(watched) => self.keep(watched, Seen::Failed(fault(OURS.into())), started).await?,
                    None => continue,
                },
            };
            ended(&visit);
            all.push(visit);
        }
        Ok(all)
    }

    async fn claim(&self, due: &[(Watched, FeedState)], now: Timestamp) -> Result<(), StoreFault> {
        let claim = |(watched, state): &(Watched, FeedState)| {
            (watched.key, poll::claimed(state, &watched.source, self.limits, now))
        };
        match due.is_empty() {
            true => Ok(()),
            false => self.set_states(due.iter().map(claim).collect()).await,
        }
    }

    async fn visit(
        &self,
        watched: &Watched,
        state: &FeedState,
        readers: &Semaphore,
        started: Timestamp,
    ) -> Result<Visit, StoreFault> {
        let request = Request {
            validators: poll::validators(state, self.clock.now()),
            wanted: if watched.source.page.is_some() {
                Wanted::Page
            } else {
                Wanted::Feed
            },
            ..Request::new(watched.source.url.clone())
        };
        let seen = match self.ask(&request).await? {
            Ok(fetched) => {
                let _reading = readers.acquire().await;
                read(fetched, watched.source.page.clone()).await
            }
            Err(outcome) => Seen::Failed(outcome),
        };
        match self.keep(watched, seen, started).await {
            Err(StoreFault::Ended) => self.keep(watched, Seen::Failed(fault(OURS.into())), started).await,
            kept => kept,
        }
    }

    /// A feed is published for programs to read; a page is read only where its site lets them.
    async fn ask(&self, request: &Request) -> Result<Result<Fetched, Outcome>, StoreFault> {
        if request.wanted == Wanted::Feed {
            let fetched = self.fetcher.fetch(request, self.clock.now()).await;
            return Ok(fetched.map_err(|fault| failed(&fault)));
        }
        match self.robots.fetch(request).await {
            Ok(fetched) => Ok(Ok(fetched)),
            Err(PageFault::Store(fault)) => Err(fault),
            Err(PageFault::Fetch(fault)) => Ok(Err(failed(&fault))),
            Err(refused) => Ok(Err(fault(refused.to_string()))),
        }
    }

    async fn keep(&self, watched: &Watched, seen: Seen, started: Timestamp) -> Result<Visit, StoreFault> {
        let watched = watched.clone();
        let limits = self.limits;
        let times = Times {
            seen: started,
            now: self.clock.now(),
        };
        self.store
            .write(move |writer| keep(writer, &watched, limits, seen, times))
            .await
    }
}

/// The two times of a visit.
#[derive(Debug, Clone, Copy)]
struct Times {
    /// When its cycle began: all that one cycle brings is first seen at once, so that it does not matter which source
    /// answered first.
    seen: Timestamp,
    now: Timestamp,
}

/// A panic of ours costs one visit, and is told as what it is; what it was stands in the log.
const OURS: &str = "oncofeed itself failed on this document; please report it";

/// What a visit brought, before it is known what of it is new.
enum Seen {
    NotModified(Fetched),
    Read(Box<ReadDocument>),
    Failed(Outcome),
}

/// A document that was read.
struct ReadDocument {
    entries: Vec<Keyed>,
    rejected: usize,
    faults: Vec<String>,
    body: ReadBody,
    fetched: Fetched,
}

/// Reads what came: the work of a processor, beside the threads that wait for the network.
async fn read(fetched: Fetched, page: Option<Selectors>) -> Seen {
    match fetched.answer.clone() {
        Answer::NotModified => Seen::NotModified(fetched),
        Answer::Body(body) => tokio::task::spawn_blocking(move || document(&body, page.as_ref(), fetched))
            .await
            .unwrap_or_else(|_| Seen::Failed(fault(OURS.into()))),
    }
}

fn document(body: &Body, page: Option<&Selectors>, fetched: Fetched) -> Seen {
    let feed = match parse::source(&body.bytes, body.charset.as_deref(), Some(&body.url), page) {
        Ok(feed) => feed,
        Err(error) => return Seen::Failed(fault(error)),
    };
    let listed = feed.entries.len();
    let drafts: Vec<_> = feed.entries.into_iter().filter_map(extract::draft).collect();
    let rejected = listed - drafts.len();
    Seen::Read(Box::new(ReadDocument {
        entries: identity::keyed(drafts),
        rejected,
        faults: feed.faults,
        body: ReadBody {
            validators: body.validators.clone(),
            digest: Sha256::digest(&body.bytes).to_vec(),
            complete: feed.complete,
            pace: feed.pace,
        },
        fetched,
    }))
}

/// A visit that brought an answer which is no feed.
fn fault(error: String) -> Outcome {
    Outcome::Failed {
        error,
        status: None,
        retry_after: None,
    }
}

/// A visit that brought no answer, or not the one that we hoped for.
fn failed(fault: &FetchFault) -> Outcome {
    Outcome::Failed {
        error: fault.to_string(),
        status: fault.status(),
        retry_after: fault.retry_after(),
    }
}

/// The transaction that ends a visit.
fn keep(writer: &Writer<'_>, watched: &Watched, limits: Limits, seen: Seen, times: Times) -> rusqlite::Result<Visit> {
    let (outcome, result) = match seen {
        Seen::NotModified(fetched) => (
            Outcome::NotModified {
                fresh_for: fetched.fresh_for,
                moved_to: fetched.moved_to,
            },
            Visited::NotModified,
        ),
        Seen::Read(document) => keep_document(writer, watched, *document, times.seen)?,
        Seen::Failed(outcome) => {
            let error = match &outcome {
                Outcome::Failed { error, .. } => error.clone(),
                _ => String::new(),
            };
            (outcome, Visited::Failed(error))
        }
    };
    let state = poll::after(
        &writer.state(watched.key)?,
        &watched.source,
        limits,
        &outcome,
        times.now,
    );
    writer.set_state(watched.key, &state)?;
    Ok(Visit {
        source: watched.key,
        result,
    })
}

fn keep_document(
    writer: &Writer<'_>,
    watched: &Watched,
    document: ReadDocument,
    seen: Timestamp,
) -> rusqlite::Result<(Outcome, Visited)> {
    let keys = document.entries.iter().flat_map(Keyed::keys);
    let titles = document.entries.iter().filter_map(|entry| entry.title.as_ref());
    let known = writer.known(watched.key, keys, titles)?;
    let read = document.entries.len() + document.rejected;
    let plan = update::plan(&watched.origin, document.entries, &known, watched.source.dates, seen);
    let changed = plan.changed();
    // An edit takes marks away from items that it leaves behind: they are neighbours too.
    let marks = writer.marks(&changed)?;
    writer.apply(watched.key, &plan.intents, seen)?;
    if document.body.complete {
        writer.left_feed(watched.key, &plan.present(), seen)?;
    }
    if !changed.is_empty() {
        writer.regroup(&story::group(&writer.neighbours(&changed, &marks)?))?;
    }
    let outcome = Outcome::Read {
        body: document.body,
        changed: !changed.is_empty(),
        fresh_for: document.fetched.fresh_for,
        moved_to: document.fetched.moved_to,
    };
    let entries = Tally {
        read,
        new: plan.new,
        updated: plan.updated,
        unchanged: plan.unchanged,
        rejected: document.rejected,
    };
    let faults = document.faults;
    Ok((outcome, Visited::Read { entries, faults }))
}
