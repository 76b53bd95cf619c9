//! One cycle: a visit to all sources that are due.
//!
//! ```text
//! due sources ─┬─ fetch ── parse ── extract ─┬─ one transaction: identify, decide, group, keep
//!              ├─ fetch ── 304 ──────────────┤                   + the feed's state and validators
//!              └─ fetch ── fault ────────────┘
//! ```
//!
//! Every visit ends in exactly one transaction, whatever came of it: a crash before it leaves the source as it was, and
//! it is asked again; a crash after it has lost nothing. Visits do not wait for each other but where the fetcher makes
//! them (one host, all requests) and for the one writer.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::{
    app::watchlist::Watchlist,
    edge::{
        clock::Clock,
        fetch::{FetchFault, Fetcher},
        store::{Store, StoreFault, Writer},
    },
    model::{
        draft::Keyed,
        fetched::{Answer, Body, Fetched, Request},
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

/// What a cycle works with.
#[derive(Debug, Clone)]
pub struct Cycle {
    pub store: Store,
    pub fetcher: Fetcher,
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
        let rows = self.store.read(|reader| reader.sources()).await?;
        let known = rows.into_iter().filter(|row| wanted(&row.state));
        Ok(known
            .filter_map(|row| Some((self.watchlist.get(&row.key)?.clone(), row.state)))
            .filter(|(watched, _)| watched.source.enabled)
            .collect())
    }

    /// Visits these sources, and shows each visit as it ends. Dropped, it stops where it is.
    ///
    /// # Errors
    /// When the store fails: then no further visit is waited for. A source that fails is no error.
    pub async fn run(
        &self,
        due: Vec<(Watched, FeedState)>,
        mut ended: impl FnMut(&Visit),
    ) -> Result<Vec<Visit>, StoreFault> {
        let started = self.clock.now();
        let mut visits = JoinSet::new();
        for (watched, state) in due {
            let cycle = self.clone();
            visits.spawn(async move { cycle.visit(&watched, &state, started).await });
        }
        let mut all = vec![];
        while let Some(visit) = visits.join_next().await {
            let visit = visit.map_err(|_| StoreFault::Ended)??;
            ended(&visit);
            all.push(visit);
        }
        Ok(all)
    }

    async fn visit(&self, watched: &Watched, state: &FeedState, started: Timestamp) -> Result<Visit, StoreFault> {
        let request = Request {
            url: watched.source.url.clone(),
            validators: poll::validators(state, self.clock.now()),
        };
        let seen = match self.fetcher.fetch(&request, self.clock.now()).await {
            Ok(fetched) => read(fetched).await,
            Err(fault) => Seen::Failed(failed(&fault)),
        };
        match self.keep(watched, seen, started).await {
            Err(StoreFault::Ended) => self.keep(watched, Seen::Failed(fault(OURS.into())), started).await,
            kept => kept,
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
    Read(Box<Document>),
    Failed(Outcome),
}

/// A document that was read.
struct Document {
    entries: Vec<Keyed>,
    rejected: usize,
    faults: Vec<String>,
    body: ReadBody,
    fetched: Fetched,
}

/// Reads what came: the work of a processor, beside the threads that wait for the network.
async fn read(fetched: Fetched) -> Seen {
    match fetched.answer.clone() {
        Answer::NotModified => Seen::NotModified(fetched),
        Answer::Body(body) => tokio::task::spawn_blocking(move || document(&body, fetched))
            .await
            .unwrap_or_else(|_| Seen::Failed(fault(OURS.into()))),
    }
}

fn document(body: &Body, fetched: Fetched) -> Seen {
    let feed = match parse::parse(&body.bytes, body.charset.as_deref(), Some(&body.url)) {
        Ok(feed) => feed,
        Err(not_a_feed) => return Seen::Failed(fault(not_a_feed.to_string())),
    };
    let listed = feed.entries.len();
    let drafts: Vec<_> = feed.entries.into_iter().filter_map(extract::draft).collect();
    let rejected = listed - drafts.len();
    Seen::Read(Box::new(Document {
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
    document: Document,
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
