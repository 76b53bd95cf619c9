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

mod gathering;
mod keeping;
mod reading;

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use tokio::{sync::Semaphore, task::JoinSet};

use self::{
    gathering::{Gathering, UnderWay},
    keeping::Times,
    reading::Seen,
};
use crate::{
    app::{
        robots::{PageFault, Robots},
        watchlist::Watchlist,
    },
    edge::{
        clock::Clock,
        fetch::{Fetcher, Slot},
        store::{SourceRow, Store, StoreFault, Writer},
    },
    model::{
        editorial::Editorial,
        fetched::{Answer, Fetched, Request, Wanted},
        flood::SURFACE_PER_HOUR,
        source::{SourceKey, Watched},
        visit::{FeedState, Place},
    },
    pipeline::poll::{self, Limits},
};

/// Most documents that are read at once: each may take several times its size, and the machine has other work.
const READERS_MAX: usize = 4;

/// Largest document that may be a portal's, in bytes.
const PORTAL_BYTES_MAX: usize = 256 * 1024;

/// What a cycle works with.
#[derive(Debug, Clone)]
pub struct Cycle {
    pub store: Store,
    pub fetcher: Fetcher,
    pub robots: Robots,
    pub clock: Clock,
    pub limits: Limits,
    pub editorial: Editorial,
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
        /// It brought more than surfaces at once, and nothing was waiting before.
        flood: bool,
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
            Scope::Due => poll::due(state, self.limits, now),
            Scope::All => poll::may_ask(state, now),
        };
        let watched = |row: SourceRow| Some((self.watchlist.get(&row.key)?.clone(), row.state));
        let due = self.rows().await?.into_iter().filter_map(watched);
        Ok(due
            .filter(|(watched, state)| watched.source.enabled && wanted(state))
            .collect())
    }

    /// What is known of all sources, by a clock that may have been set since.
    async fn rows(&self) -> Result<Vec<SourceRow>, StoreFault> {
        let clocks = self.clock.reading();
        let mut rows = self.store.read(|reader| reader.sources()).await?;
        let newest = rows.iter().filter_map(|row| row.state.last_visit()).max();
        let mut anchored = vec![];
        for row in &mut rows {
            if let Some(state) = poll::anchored(&row.state, newest.unwrap_or(clocks.now), &clocks) {
                anchored.push((row.key, state.clone()));
                row.state = state;
            }
        }
        if !anchored.is_empty() {
            tracing::warn!(
                sources = anchored.len(),
                "the clock was set; visits are planned from now on"
            );
            self.set_states(anchored).await?;
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
        self.claim(&due).await?;
        let readers = Arc::new(Semaphore::new(READERS_MAX));
        let gathering = Gathering::new();
        let mut visits = JoinSet::new();
        let mut sources = HashMap::new();
        // All of them before the first can be over.
        let under_way: Vec<_> = due.iter().map(|_| gathering.begin()).collect();
        for ((watched, state), under_way) in due.into_iter().zip(under_way) {
            let (cycle, readers, visited) = (self.clone(), Arc::clone(&readers), watched.clone());
            let task = visits.spawn(async move { cycle.visit(&visited, &state, under_way, &readers, started).await });
            sources.insert(task.id(), watched);
        }
        let mut all = vec![];
        while let Some(joined) = visits.join_next_with_id().await {
            let visit = match joined {
                Ok((_, visit)) => visit?,
                Err(panic) => match sources.get(&panic.id()) {
                    Some(watched) => self.keep(watched, Seen::ours(), started).await?,
                    None => continue,
                },
            };
            self.tell_flood(&visit);
            ended(&visit);
            all.push(visit);
        }
        Ok(all)
    }

    /// Once: the editor may want to `drop` some of it, before it shows.
    fn tell_flood(&self, visit: &Visit) {
        if let Visited::Read {
            entries, flood: true, ..
        } = visit.result
            && let Some(watched) = self.watchlist.get(&visit.source)
        {
            let (name, new) = (&watched.source.name, entries.new);
            tracing::warn!("{name} brought {new} items at once: {SURFACE_PER_HOUR} an hour will show");
        }
    }

    async fn claim(&self, due: &[(Watched, FeedState)]) -> Result<(), StoreFault> {
        let clocks = self.clock.reading();
        let claim = |(watched, state): &(Watched, FeedState)| {
            (watched.key, poll::claimed(state, &watched.source, self.limits, &clocks))
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
        under_way: UnderWay,
        readers: &Semaphore,
        started: Timestamp,
    ) -> Result<Visit, StoreFault> {
        let url = &watched.source.url;
        let request = Request {
            validators: poll::validators(state, self.clock.now()),
            ..Request::to(&watched.source)
        };
        let asked = self.ask(&request).await?;
        let host = url.host_str().unwrap_or_default();
        // What was read waits in memory, too, for its turn to be kept.
        let mut _held = None;
        let seen = match asked {
            Err(failed) => failed,
            Ok((fetched, slot)) => {
                let led_to = poll::led_to(url, &fetched.url);
                let newly = |place: &&Place| poll::newly_led(state.led.as_ref(), place, self.clock.now());
                let candidate = led_to.as_ref().filter(newly).filter(|_| may_be_portal(&fetched));
                let slot = slot.filter(|_| candidate.is_none());
                match under_way.portal(host, candidate).await {
                    Some(place) => Seen::AtPortal(place),
                    None => {
                        _held = slot;
                        let _reading = readers.acquire().await;
                        let page = watched.source.page.clone();
                        reading::read(fetched, page, led_to, state.body_digest.clone()).await
                    }
                }
            }
        };
        match self.keep(watched, seen, started).await {
            Err(StoreFault::Ended) => self.keep(watched, Seen::ours(), started).await,
            kept => kept,
        }
    }

    /// A feed is published for programs to read; a page is read only where its site lets them.
    async fn ask(&self, request: &Request) -> Result<Result<(Fetched, Option<Slot>), Seen>, StoreFault> {
        if request.wanted == Wanted::Feed {
            let fetched = self.fetcher.fetch_into(request, self.clock.now()).await;
            let fetched = fetched.map(|(fetched, slot)| (fetched, Some(slot)));
            return Ok(fetched.map_err(|fault| Seen::failed(&fault)));
        }
        match self.robots.fetch(request).await {
            Ok(fetched) => Ok(Ok((fetched, None))),
            Err(PageFault::Store(fault)) => Err(fault),
            Err(PageFault::Fetch(fault)) => Ok(Err(Seen::failed(&fault))),
            Err(refused) => Ok(Err(Seen::refused(&refused))),
        }
    }

    async fn keep(&self, watched: &Watched, seen: Seen, started: Timestamp) -> Result<Visit, StoreFault> {
        let watched = watched.clone();
        let (limits, rules) = (self.limits, Arc::clone(&self.editorial.boilerplate));
        let times = Times {
            seen: started,
            clocks: self.clock.reading(),
        };
        self.store
            .write(move |writer| keeping::keep(writer, &watched, limits, seen, times, &rules))
            .await
    }
}

/// Whoever may stand before a portal waits, in memory, until all others have an answer: that is for small documents, as
/// portals send them.
fn may_be_portal(fetched: &Fetched) -> bool {
    match &fetched.answer {
        Answer::Body(body) => body.bytes.len() <= PORTAL_BYTES_MAX,
        Answer::NotModified => true,
    }
}
