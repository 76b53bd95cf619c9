//! Pages are read only where their site lets robots read them.
//!
//! A site's answer is kept in the store, so that it is asked once a day, whatever is started or ends meanwhile; a command
//! that keeps nothing asks it once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use url::Url;

use crate::{
    edge::{
        clock::Clock,
        fetch::{FetchFault, Fetcher},
        store::{Store, StoreFault},
    },
    model::{
        fetched::{Answer, Fetched, Request, Wanted},
        robots::{Permission, SiteRules},
    },
    pipeline::{poll, robots},
};

/// Asks for pages, after their sites' rules; cheap to clone, and all clones ask a site for its rules once.
#[derive(Debug, Clone)]
pub struct Robots {
    pub fetcher: Fetcher,
    pub clock: Clock,
    memory: Memory,
    asking: Arc<Asking>,
}

/// Where sites' answers are remembered, by origin.
#[derive(Debug, Clone)]
enum Memory {
    Store(Store),
    Process(Arc<Mutex<HashMap<String, SiteRules>>>),
}

/// Sites that are being asked for their rules.
type Asking = Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>;

/// Why a page was not read.
#[derive(Debug, thiserror::Error)]
pub enum PageFault {
    #[error("the site's robots.txt asks us not to read this page")]
    Disallowed,
    #[error("the site gives no answer for its robots.txt: nothing there is read until it does")]
    Unknown,
    /// As `Unknown`; the site says when to ask again.
    #[error("the site gives no answer for its robots.txt ({0}): nothing there is read until it does")]
    Busy(FetchFault),
    #[error(transparent)]
    Fetch(#[from] FetchFault),
    #[error(transparent)]
    Store(#[from] StoreFault),
}

impl PageFault {
    /// The host that asked to be left alone, and for how long from now.
    pub fn pause(&self) -> Option<(&str, Duration)> {
        match self {
            Self::Busy(fault) | Self::Fetch(fault) => fault.pause(),
            Self::Disallowed | Self::Unknown | Self::Store(_) => None,
        }
    }

    /// Whether the site would rather not be asked now.
    pub fn is_plea_for_patience(&self) -> bool {
        match self {
            Self::Busy(_) => true,
            Self::Fetch(fault) => fault.is_paused() || matches!(fault.status(), Some(429 | 503)),
            Self::Disallowed | Self::Unknown | Self::Store(_) => false,
        }
    }

    /// Whether the page was not asked, and is to be later.
    pub fn is_put_off(&self) -> bool {
        match self {
            Self::Unknown | Self::Busy(_) | Self::Store(_) => true,
            Self::Fetch(fault) => fault.is_paused(),
            Self::Disallowed => false,
        }
    }
}

impl Memory {
    async fn recall(&self, site: &str) -> Result<Option<SiteRules>, StoreFault> {
        match self {
            Self::Store(store) => {
                let site = site.to_owned();
                store.read(move |reader| reader.robots(&site)).await
            }
            Self::Process(known) => {
                let known = known.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(known.get(site).cloned())
            }
        }
    }

    async fn remember(&self, site: &str, rules: SiteRules) -> Result<(), StoreFault> {
        let site = site.to_owned();
        match self {
            Self::Store(store) => {
                let cutoff = rules.asked.checked_sub(robots::BELIEVED).unwrap_or(Timestamp::MIN);
                store
                    .write(move |writer| writer.set_robots(&site, &rules, cutoff))
                    .await
            }
            Self::Process(known) => {
                let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(site, rules);
                Ok(())
            }
        }
    }
}

impl Robots {
    pub fn new(store: Store, fetcher: Fetcher, clock: Clock) -> Self {
        Self::with(Memory::Store(store), fetcher, clock)
    }

    /// For a look from outside, of which nothing is kept.
    pub fn passing(fetcher: Fetcher, clock: Clock) -> Self {
        Self::with(Memory::Process(Arc::default()), fetcher, clock)
    }

    fn with(memory: Memory, fetcher: Fetcher, clock: Clock) -> Self {
        Self {
            fetcher,
            clock,
            memory,
            asking: Arc::default(),
        }
    }

    /// Asks for a page that may be read.
    ///
    /// # Errors
    /// A page that may not be read, or was not.
    pub async fn fetch(&self, request: &Request) -> Result<Fetched, PageFault> {
        self.allow(request, &request.url).await?;
        self.read(request).await
    }

    /// As [`Robots::fetch`], after [`Robots::permission`] was given. Where a redirect leads is judged before it is asked.
    ///
    /// # Errors
    /// A page that may not be read, or was not.
    pub async fn read(&self, request: &Request) -> Result<Fetched, PageFault> {
        let mut way = self.fetcher.way(request);
        loop {
            if let Some((fetched, _)) = self.fetcher.go(&mut way, self.clock.now()).await? {
                return Ok(fetched);
            }
            self.allow(request, way.url()).await.map_err(after_redirect)?;
        }
    }

    async fn allow(&self, request: &Request, page: &Url) -> Result<(), PageFault> {
        match self.permission(request, page).await? {
            Permission::Allowed { .. } => Ok(()),
            Permission::Disallowed => Err(PageFault::Disallowed),
            Permission::Unknown => Err(PageFault::Unknown),
        }
    }

    /// Whether a page may be read to which a request leads; its site is asked where its rules are not known.
    ///
    /// # Errors
    /// Where the site is not asked either, as it is none of the public web or wants to be left alone, where it asks for
    /// that now, or where the store fails.
    pub async fn permission(&self, request: &Request, page: &Url) -> Result<Permission, PageFault> {
        let Some(place) = robots::place(page) else {
            return Ok(Permission::Disallowed);
        };
        let site = place.origin().ascii_serialization();
        let turn = self.turn(&site);
        let _turn = turn.lock().await;
        let now = self.clock.now();
        let known = self.memory.recall(&site).await?;
        let rules = match known.filter(|known| !robots::is_stale(known, now)) {
            Some(known) => known.rules,
            None => self.ask(&site, place, request).await?,
        };
        Ok(robots::permission(rules.as_deref(), page))
    }

    /// Whoever comes second finds the answer in the memory.
    fn turn(&self, site: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(asking.entry(site.to_owned()).or_default())
    }

    async fn ask(&self, site: &str, place: Url, request: &Request) -> Result<Option<String>, PageFault> {
        let now = self.clock.now();
        let asked = Request {
            wanted: Wanted::Robots,
            source: Some(request.source.as_ref().unwrap_or(&request.url).clone()),
            ..Request::new(place)
        };
        let rules = rules(&asked, self.fetcher.fetch(&asked, now).await)?;
        let known = SiteRules {
            asked: now,
            rules: rules.clone(),
        };
        self.memory.remember(site, known).await?;
        Ok(rules)
    }
}

/// What a site says of robots; `None` where it gives no answer.
///
/// # Errors
/// An address at which nothing is ever asked, or not now.
fn rules(asked: &Request, answer: Result<Fetched, FetchFault>) -> Result<Option<String>, PageFault> {
    match answer {
        Ok(fetched) => Ok(match &fetched.answer {
            Answer::Body(body) => {
                let elsewhere = poll::led_to(&asked.url, &fetched.url).is_some();
                robots::rules(Ok(&body.bytes)).filter(|_| !(elsewhere && robots::is_page(&body.bytes)))
            }
            Answer::NotModified => None,
        }),
        Err(fault @ (FetchFault::Refused(_) | FetchFault::RefusedRedirect(_) | FetchFault::Paused { .. })) => {
            Err(PageFault::Fetch(fault))
        }
        Err(fault) if fault.pause().is_some() => Err(PageFault::Busy(fault)),
        Err(fault) => Ok(robots::rules(Err(fault.status()))),
    }
}

/// A refusal that was met on the way is told so.
fn after_redirect(fault: PageFault) -> PageFault {
    match fault {
        PageFault::Fetch(FetchFault::Refused(refusal)) => FetchFault::RefusedRedirect(refusal).into(),
        other => other,
    }
}
