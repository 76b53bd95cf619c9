//! Configuration, store and network, put together: what a cycle and a publication work with.

use std::sync::Arc;

use crate::{
    app::{
        articles::Articles,
        cycle::Cycle,
        host,
        press::Press,
        robots::Robots,
        stories,
        watchlist::{self, Watchlist},
    },
    edge::{
        clock::Clock,
        config::Loaded,
        fetch::{FetchFault, Fetcher, Transport, user_agent},
        store::{Store, StoreFault},
    },
    model::{
        editorial::Editorial,
        settings::{Feeds, Settings},
    },
    pipeline::poll::Limits,
};

#[derive(Debug)]
pub struct Newsroom {
    pub store: Store,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    pub feeds: Arc<Feeds>,
    pub editorial: Editorial,
    pub watchlist: Arc<Watchlist>,
    fetcher: Fetcher,
    /// What stands in for the network.
    transport: Option<Transport>,
    robots: Robots,
}

/// Why configuration, store and network do not come together.
#[derive(Debug, thiserror::Error)]
pub enum NewsroomFault {
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error("cannot prepare the HTTP client")]
    Fetch(#[source] FetchFault),
}

impl Newsroom {
    /// Creates the store where there is none, and enters the configured sources into it.
    ///
    /// # Errors
    /// Where the store cannot be used, or no HTTP client can be made.
    pub async fn open(loaded: Loaded, clock: Clock) -> Result<Self, NewsroomFault> {
        Self::start(loaded, clock, None).await
    }

    /// As [`Newsroom::open`], over whatever stands in for the network.
    ///
    /// # Errors
    /// As [`Newsroom::open`].
    pub async fn open_over(loaded: Loaded, clock: Clock, transport: Transport) -> Result<Self, NewsroomFault> {
        Self::start(loaded, clock, Some(transport)).await
    }

    async fn start(loaded: Loaded, clock: Clock, transport: Option<Transport>) -> Result<Self, NewsroomFault> {
        let store = Store::create(&loaded.settings.store.path)?;
        let watchlist = watchlist::enter(&store, loaded.feeds.sources.clone()).await?;
        let fetcher = fetcher_over(&loaded.settings, transport.as_ref())?;
        host::go_on_resting(&store, &fetcher, clock.reading()).await?;
        stories::index(&store, &loaded.editorial.boilerplate, clock.now()).await?;
        Ok(Self {
            robots: Robots::new(store.clone(), fetcher.clone(), clock.clone()),
            fetcher,
            transport,
            store,
            clock,
            settings: Arc::new(loaded.settings),
            feeds: Arc::new(loaded.feeds),
            editorial: loaded.editorial,
            watchlist: Arc::new(watchlist),
        })
    }

    /// Whether nothing in a configuration is other than in the one in force.
    pub fn goes_by(&self, loaded: &Loaded) -> bool {
        loaded.settings == *self.settings && loaded.feeds == *self.feeds && loaded.editorial == self.editorial
    }

    /// Takes a new configuration. The store stays where it is.
    ///
    /// # Errors
    /// As [`Newsroom::open`]; then the old configuration is still in force.
    pub async fn reload(&mut self, loaded: Loaded) -> Result<(), NewsroomFault> {
        let anew = (&loaded.settings.fetch, &loaded.settings.site) != (&self.settings.fetch, &self.settings.site);
        let fetcher = match anew {
            true => fetcher_over(&loaded.settings, self.transport.as_ref())?.after(&self.fetcher),
            false => self.fetcher.clone(),
        };
        host::go_on_resting(&self.store, &fetcher, self.clock.reading()).await?;
        let watchlist = watchlist::enter(&self.store, loaded.feeds.sources.clone()).await?;
        stories::index(&self.store, &loaded.editorial.boilerplate, self.clock.now()).await?;
        if anew {
            self.robots = Robots::new(self.store.clone(), fetcher.clone(), self.clock.clone());
        }
        self.fetcher = fetcher;
        self.watchlist = Arc::new(watchlist);
        self.settings = Arc::new(loaded.settings);
        self.feeds = Arc::new(loaded.feeds);
        self.editorial = loaded.editorial;
        Ok(())
    }

    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    pub fn cycle(&self) -> Cycle {
        Cycle {
            store: self.store.clone(),
            fetcher: self.fetcher.clone(),
            robots: self.robots.clone(),
            clock: self.clock.clone(),
            limits: Limits {
                min_interval: self.settings.fetch.min_interval,
                max_interval: self.settings.fetch.max_interval,
            },
            editorial: self.editorial.clone(),
            watchlist: Arc::clone(&self.watchlist),
        }
    }

    pub fn articles(&self) -> Articles {
        Articles {
            store: self.store.clone(),
            robots: self.robots.clone(),
            editorial: self.editorial.clone(),
            watchlist: Arc::clone(&self.watchlist),
        }
    }

    pub fn press(&self) -> Press {
        Press {
            store: self.store.clone(),
            settings: Arc::clone(&self.settings),
            feeds: Arc::clone(&self.feeds),
            editorial: self.editorial.clone(),
            watchlist: Arc::clone(&self.watchlist),
        }
    }

    /// Lets go of what retention no longer covers; answers how many items those were.
    ///
    /// It goes by the newest success of any source, not by the clock: one that runs years ahead would take everything
    /// for old, but no certificate is valid then, and no source succeeds.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn expire(&self) -> Result<usize, StoreFault> {
        let (retention, now) = (self.settings.store.retention, self.clock.now());
        self.store
            .write(move |writer| {
                let rows = writer.sources()?;
                let newest = rows.iter().filter_map(|row| row.state.last_success).max();
                match newest.and_then(|newest| newest.min(now).checked_sub(retention).ok()) {
                    Some(cutoff) => writer.expire(cutoff),
                    None => Ok(0),
                }
            })
            .await
    }
}

/// A client as the settings ask for.
///
/// # Errors
/// Where no HTTP client can be made.
pub fn fetcher(settings: &Settings) -> Result<Fetcher, NewsroomFault> {
    fetcher_over(settings, None)
}

fn fetcher_over(settings: &Settings, transport: Option<&Transport>) -> Result<Fetcher, NewsroomFault> {
    let user_agent = user_agent(&settings.site.base_url, settings.site.contact.as_deref());
    match transport {
        Some(transport) => Fetcher::over(&settings.fetch, &user_agent, transport.clone()),
        None => Fetcher::new(&settings.fetch, &user_agent),
    }
    .map_err(NewsroomFault::Fetch)
}
