//! Pages are read only where their site lets robots read them.
//!
//! A site's answer is kept in the store, so that it is asked once a day, whatever is started or ends meanwhile.

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
    pipeline::robots,
};

/// Asks for pages, after their sites' rules; cheap to clone, and all clones ask a site for its rules once.
#[derive(Debug, Clone)]
pub struct Robots {
    pub store: Store,
    pub fetcher: Fetcher,
    pub clock: Clock,
    asking: Arc<Asking>,
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
    #[error(transparent)]
    Fetch(#[from] FetchFault),
    #[error(transparent)]
    Store(#[from] StoreFault),
}

impl PageFault {
    /// The host that asked to be left alone, and for how long from now.
    pub fn pause(&self) -> Option<(&str, Duration)> {
        match self {
            Self::Fetch(fault) => fault.pause(),
            Self::Disallowed | Self::Unknown | Self::Store(_) => None,
        }
    }

    /// Whether the site would rather not be asked now.
    pub fn is_plea_for_patience(&self) -> bool {
        matches!(self, Self::Fetch(fault) if fault.is_paused() || matches!(fault.status(), Some(429 | 503)))
    }
}

impl Robots {
    pub fn new(store: Store, fetcher: Fetcher, clock: Clock) -> Self {
        Self {
            store,
            fetcher,
            clock,
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

    /// As [`Robots::fetch`], after [`Robots::permission`] was given. What a redirect led to is judged before it is used.
    ///
    /// # Errors
    /// A page that may not be read, or was not.
    pub async fn read(&self, request: &Request) -> Result<Fetched, PageFault> {
        let fetched = self.fetcher.fetch(request, self.clock.now()).await?;
        if fetched.url != request.url {
            self.allow(request, &fetched.url).await?;
        }
        Ok(fetched)
    }

    async fn allow(&self, request: &Request, page: &Url) -> Result<(), PageFault> {
        judged(self.permission(request, page).await?)
    }

    /// Whether a page may be read to which a request leads; its site is asked where its rules are not known.
    ///
    /// # Errors
    /// Where the site is not asked either, as it is none of the public web, or where the store fails.
    pub async fn permission(&self, request: &Request, page: &Url) -> Result<Permission, PageFault> {
        let Some(place) = robots::place(page) else {
            return Ok(Permission::Disallowed);
        };
        let site = place.origin().ascii_serialization();
        let turn = self.turn(&site);
        let _turn = turn.lock().await;
        let rules = match self.known(&site).await? {
            Some(known) => known.rules,
            None => self.ask(&site, place, request).await?,
        };
        Ok(robots::permission(rules.as_deref(), page))
    }

    /// Whoever comes second finds the answer in the store.
    fn turn(&self, site: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(asking.entry(site.to_owned()).or_default())
    }

    async fn known(&self, site: &str) -> Result<Option<SiteRules>, StoreFault> {
        let (site, now) = (site.to_owned(), self.clock.now());
        let known = self.store.read(move |reader| reader.robots(&site)).await?;
        Ok(known.filter(|known| !robots::is_stale(known, now)))
    }

    async fn ask(&self, site: &str, place: Url, request: &Request) -> Result<Option<String>, PageFault> {
        let now = self.clock.now();
        let rules = rules(&self.fetcher, place, request, now).await?;
        let (site, known) = (site.to_owned(), SiteRules { asked: now, rules });
        let rules = known.rules.clone();
        let cutoff = now.checked_sub(robots::BELIEVED).unwrap_or(Timestamp::MIN);
        self.store
            .write(move |writer| writer.set_robots(&site, &known, cutoff))
            .await?;
        Ok(rules)
    }
}

/// As [`Robots::fetch`], with nothing kept: for a look from outside.
///
/// # Errors
/// A page that may not be read, or was not.
pub async fn fetch_once(fetcher: &Fetcher, request: &Request, now: Timestamp) -> Result<Fetched, PageFault> {
    allow_once(fetcher, request, &request.url, now).await?;
    let fetched = fetcher.fetch(request, now).await?;
    if fetched.url != request.url {
        allow_once(fetcher, request, &fetched.url, now).await?;
    }
    Ok(fetched)
}

async fn allow_once(fetcher: &Fetcher, request: &Request, page: &Url, now: Timestamp) -> Result<(), PageFault> {
    let place = robots::place(page).ok_or(PageFault::Disallowed)?;
    let rules = rules(fetcher, place, request, now).await?;
    judged(robots::permission(rules.as_deref(), page))
}

fn judged(permission: Permission) -> Result<(), PageFault> {
    match permission {
        Permission::Allowed { .. } => Ok(()),
        Permission::Disallowed => Err(PageFault::Disallowed),
        Permission::Unknown => Err(PageFault::Unknown),
    }
}

/// What a site says of robots; `None` where it gives no answer.
///
/// # Errors
/// An address at which nothing is ever asked.
async fn rules(fetcher: &Fetcher, place: Url, request: &Request, now: Timestamp) -> Result<Option<String>, FetchFault> {
    let source = request.source.as_ref().unwrap_or(&request.url);
    let asked = Request {
        wanted: Wanted::Robots,
        source: Some(source.clone()),
        ..Request::new(place)
    };
    match fetcher.fetch(&asked, now).await {
        Ok(fetched) => Ok(match &fetched.answer {
            Answer::Body(body) => robots::rules(Ok(&body.bytes)),
            Answer::NotModified => None,
        }),
        Err(fault @ (FetchFault::Refused(_) | FetchFault::RefusedRedirect(_))) => Err(fault),
        Err(fault) => Ok(robots::rules(Err(fault.status()))),
    }
}
