//! The life of the daemon: publishes what it has, then ticks, reloads and serves until it is told to stop.
//!
//! One thing at a time: a cycle, a reload, a publication. What is served meanwhile is the last publication, in memory.

use std::{
    ffi::OsString,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    app::{
        articles::{self, Errand},
        cycle::{Cycle, Scope, Visit, Visited},
        hubs::{self, Hubs},
        newsroom::{Newsroom, NewsroomFault},
        press::Published,
        rules,
    },
    edge::{
        clock::Clock,
        config::{self, Loaded, Paths},
        schedule::Schedule,
        serve,
        service::{self, Stage},
        signals::{Ask, Signals},
        store::{Reader, StoreFault},
        watch::Watch,
    },
    model::{publication::Publication, reading::Reading, settings::Settings},
};

/// How often a publication is made though no source was due: channels age, with nothing new, by days.
const PUBLISHED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How often a publication is made while a cycle goes on: what came in time does not wait for who does not answer.
const PUBLISHED_MEANWHILE: Duration = Duration::from_secs(10);

/// How often the wall clock is compared with one that is never set. The scheduler sleeps until a time of day: set back by
/// years, it would sleep for years.
const CLOCK_CHECKED_EVERY: Duration = Duration::from_secs(60);

/// Why the daemon could not start, or did not go on.
#[derive(Debug, thiserror::Error)]
pub enum DaemonFault {
    #[error(transparent)]
    Newsroom(#[from] NewsroomFault),
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error("cannot listen on {address}: {source}; [serve] listen in oncofeed.toml says where")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot listen to signals")]
    Signals(#[source] io::Error),
    #[error("cannot start the schedule")]
    Schedule(#[from] tokio_cron_scheduler::JobSchedulerError),
    #[error("the web server ended by itself")]
    Server,
}

/// Where the settings are read from, again at each reload.
#[derive(Debug, Clone)]
pub struct Configuration {
    pub paths: Paths,
    /// The environment at the start.
    pub variables: Vec<(OsString, OsString)>,
}

struct Daemon {
    newsroom: Newsroom,
    configuration: Configuration,
    publication: watch::Sender<Arc<Publication>>,
    /// When the last publication was made, and why its files could not be written.
    published: (Timestamp, Option<String>),
    signals: Signals,
    errand: Errand,
    hubs: Hubs,
    /// A new configuration that could not be put into force yet: the store was busy.
    reload_again: bool,
    stopping: bool,
    /// When the clock was last looked at, and whether it was set back since the schedule began.
    clocks: Reading,
    set_back: bool,
    /// Why it cannot go on.
    fatal: Option<DaemonFault>,
}

/// Runs until a signal says stop.
///
/// # Errors
/// Where it cannot start; once it runs, the world's faults are logged and waited out.
pub async fn run(configuration: Configuration, loaded: Loaded, clock: Clock) -> Result<(), DaemonFault> {
    let signals = Signals::listen().map_err(DaemonFault::Signals)?;
    let newsroom = Newsroom::open(loaded, clock).await?;
    let (publication, _) = watch::channel(Arc::new(newsroom.press().last().await));
    let mut daemon = Daemon {
        published: (newsroom.clock.now(), None),
        clocks: newsroom.clock.reading(),
        newsroom,
        configuration,
        publication,
        signals,
        errand: Errand::default(),
        hubs: Hubs::start(),
        reload_again: false,
        stopping: false,
        set_back: false,
        fatal: None,
    };
    daemon.publish().await?;
    let server = daemon.serve().await?;
    let ended = daemon.live(server).await;
    service::tell(Stage::Stopping, "stopping");
    tracing::info!("stopped");
    ended
}

/// The web server, and what stops it.
struct Server {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Daemon {
    async fn live(&mut self, mut server: Option<Server>) -> Result<(), DaemonFault> {
        let (saved, mut saves) = mpsc::channel(1);
        let (ticked, mut ticks) = mpsc::channel(1);
        let _watch = self.watch_files(saved);
        let mut schedule = self.schedule(&ticked).await?;
        service::tell(Stage::Ready, &self.status());
        let _first = ticked.try_send(());
        self.judge_rules().await;
        let mut checks = tokio::time::interval(CLOCK_CHECKED_EVERY);
        while !self.stopping {
            tokio::select! {
                ask = self.signals.next() => self.answer(ask).await,
                Some(()) = saves.recv() => self.reload().await,
                Some(()) = ticks.recv() => self.tick().await,
                () = ended(&mut server) => return Err(DaemonFault::Server),
                _ = checks.tick() => self.look_at_the_clock(),
            }
            if std::mem::take(&mut self.set_back) || self.outdated(&schedule) {
                match self.schedule(&ticked).await {
                    Ok(next) => std::mem::replace(&mut schedule, next).stop().await,
                    Err(fault) => tracing::error!(%fault, "the old schedule stays"),
                }
            }
        }
        schedule.stop().await;
        if let Some(server) = server {
            let _listening = server.stop.send(());
            let _ended = server.task.await;
        }
        self.fatal.take().map_or(Ok(()), Err)
    }

    fn outdated(&self, schedule: &Schedule) -> bool {
        let settings = &self.newsroom.settings;
        schedule.outdated(&settings.fetch.tick, &settings.site.timezone, self.newsroom.clock.now())
    }

    async fn schedule(&self, ticked: &mpsc::Sender<()>) -> Result<Schedule, DaemonFault> {
        let settings = &self.newsroom.settings;
        let now = self.newsroom.clock.now();
        Ok(Schedule::start(&settings.fetch.tick, &settings.site.timezone, now, ticked.clone()).await?)
    }

    async fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Stop => self.stopping = true,
            Ask::Reload => self.reload().await,
        }
    }

    fn look_at_the_clock(&mut self) {
        let clocks = self.newsroom.clock.reading();
        self.set_back |= clocks.jump_since(&self.clocks).is_some_and(|jump| jump.is_negative());
        self.clocks = clocks;
    }

    /// Cycle and publication; a signal to stop ends the cycle where it is, one to reload waits for its end.
    async fn tick(&mut self) {
        if self.reload_again {
            self.reload().await;
        }
        let cycle = self.newsroom.cycle();
        let news = AtomicBool::new(false);
        let work = round(&cycle, &news);
        tokio::pin!(work);
        let mut meanwhile = tokio::time::interval(PUBLISHED_MEANWHILE);
        let mut reload = false;
        let visited = loop {
            tokio::select! {
                visited = &mut work => break visited,
                _ = meanwhile.tick() => self.publish_if(&news).await,
                ask = self.signals.next() => match ask {
                    Ask::Stop => {
                        self.stopping = true;
                        return;
                    }
                    Ask::Reload => reload = true,
                },
            }
        };
        match self.after(visited).await {
            Ok(()) => {}
            Err(fault @ StoreFault::Replaced(_)) => {
                self.stopping = true;
                self.fatal = Some(fault.into());
            }
            Err(fault) => tracing::error!(%fault, "the store failed; what was published stays"),
        }
        if reload {
            self.reload().await;
        }
    }

    async fn after(&mut self, visited: Result<Vec<Visit>, StoreFault>) -> Result<(), StoreFault> {
        let visits = visited?;
        let described = self.errand.came_back().is_some_and(|described| described > 0);
        self.send_for_articles(&visits);
        if visits.is_empty() {
            tracing::debug!("nothing is due");
            if !described && !self.is_outdated().await? {
                return Ok(());
            }
        } else {
            tell(&visits);
            let expired = self.newsroom.expire().await?;
            if expired > 0 {
                tracing::info!(expired, "items past retention were let go");
            }
        }
        self.publish().await
    }

    /// Whether channels would look otherwise now, though nobody brought anything.
    async fn is_outdated(&self) -> Result<bool, StoreFault> {
        let (since, now) = (self.published.0, self.newsroom.clock.now());
        let surfaced = move |reader: &Reader<'_>| reader.has_surfaced(since, now);
        Ok(now.duration_since(since) >= PUBLISHED_FOR || self.newsroom.store.read(surfaced).await?)
    }

    /// Nothing waits for them.
    fn send_for_articles(&mut self, visits: &[Visit]) {
        let wanting: Vec<_> = articles::wanting(visits, &self.newsroom.watchlist).collect();
        self.errand.send(self.newsroom.articles(), wanting);
    }

    async fn publish(&mut self) -> Result<(), StoreFault> {
        let last = Arc::clone(&self.publication.borrow());
        let now = self.newsroom.clock.now();
        let published = self.newsroom.press().publish(&last, now).await?;
        self.publication.send_replace(Arc::clone(&published.publication));
        self.hubs.tell(hubs::pings(&self.newsroom, &published));
        let fault = report(&published, self.published.1.take());
        self.published = (now, fault);
        Ok(())
    }

    async fn publish_if(&mut self, news: &AtomicBool) {
        if news.swap(false, Ordering::Relaxed)
            && let Err(fault) = self.publish().await
        {
            tracing::error!(%fault, "the store failed; what was published stays");
        }
    }

    async fn reload(&mut self) {
        let loaded = match config::load(&self.configuration.paths, self.configuration.variables.iter().cloned()) {
            Ok(loaded) => loaded,
            Err(faults) => {
                self.reload_again = false;
                tracing::error!("the files have faults; what was read before stays in force\n{faults}");
                return;
            }
        };
        if self.newsroom.goes_by(&loaded) {
            tracing::debug!("all files read again: nothing in them has changed");
            return;
        }
        service::tell(Stage::Reloading, "reading the configuration again");
        for name in needs_restart(&self.newsroom.settings, &loaded.settings) {
            tracing::warn!("[{name}] has changed: that takes a restart");
        }
        let published = match self.newsroom.reload(loaded).await {
            Ok(()) => self.publish().await.map_err(NewsroomFault::from),
            Err(fault) => Err(fault),
        };
        self.reload_again = published.is_err();
        match published {
            Ok(()) => {
                tracing::info!("configuration read again: {}", self.status());
                self.judge_rules().await;
            }
            Err(fault) => {
                tracing::error!(%fault, "the new configuration could not be put into force; it is tried again with the next tick")
            }
        }
        service::tell(Stage::Ready, &self.status());
    }

    /// Warns of rules that are probably not meant.
    async fn judge_rules(&self) {
        let Newsroom {
            store,
            feeds,
            editorial,
            ..
        } = &self.newsroom;
        match rules::warnings(store, &feeds.sources, editorial).await {
            Ok(warnings) => warnings.iter().for_each(|warning| tracing::warn!("{warning}")),
            Err(fault) => tracing::error!(%fault, "the rules could not be judged by what is kept"),
        }
    }

    fn status(&self) -> String {
        let enabled = self
            .newsroom
            .feeds
            .sources
            .iter()
            .filter(|source| source.enabled)
            .count();
        let channels = self.newsroom.feeds.channels.len();
        let plural = |number| if number == 1 { "" } else { "s" };
        format!(
            "{enabled} source{}, {channels} channel{}",
            plural(enabled),
            plural(channels)
        )
    }

    async fn serve(&self) -> Result<Option<Server>, DaemonFault> {
        let Some(address) = self.newsroom.settings.serve.listen else {
            tracing::info!("{}; serving nothing", self.status());
            return Ok(None);
        };
        let listen = |source| DaemonFault::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let publications = self.publication.subscribe();
        let limits = serve::Limits::behind(&self.newsroom.settings.serve.proxies);
        let task = tokio::spawn(serve::run(listener, publications, limits, async {
            let _stopped = stopped.await;
        }));
        tracing::info!(%address, "{}; see http://{address}/", self.status());
        Ok(Some(Server { task, stop }))
    }

    /// Without it, SIGHUP still works.
    fn watch_files(&self, saved: mpsc::Sender<()>) -> Option<Watch> {
        Watch::start(&self.configuration.paths.all(), saved)
            .inspect_err(|error| tracing::warn!(%error, "saved files will not be noticed; send SIGHUP instead"))
            .ok()
    }
}

/// Never, where nothing is served.
async fn ended(server: &mut Option<Server>) {
    match server {
        Some(server) => {
            let _ended = (&mut server.task).await;
        }
        None => std::future::pending().await,
    }
}

/// `news` is set by every visit that brings some.
async fn round(cycle: &Cycle, news: &AtomicBool) -> Result<Vec<Visit>, StoreFault> {
    let due = cycle.due(Scope::Due).await?;
    cycle
        .run(due, |visit| {
            let source = cycle
                .watchlist
                .get(&visit.source)
                .map(|watched| watched.source.id.as_str());
            if matches!(&visit.result, Visited::Read { entries, .. } if entries.new + entries.updated > 0) {
                news.store(true, Ordering::Relaxed);
            }
            match &visit.result {
                Visited::Failed(error) => tracing::warn!(source, "{error}"),
                Visited::Read { entries, faults, .. } => tracing::debug!(source, ?entries, ?faults, "read"),
                Visited::NotModified => tracing::debug!(source, "not modified"),
            }
        })
        .await
}

fn tell(visits: &[Visit]) {
    let count = |wanted: fn(&Visited) -> bool| visits.iter().filter(|visit| wanted(&visit.result)).count();
    let entries = visits.iter().filter_map(|visit| match &visit.result {
        Visited::Read { entries, .. } => Some((entries.new, entries.updated)),
        _ => None,
    });
    let (new, updated) = entries.fold((0, 0), |sum, entries| (sum.0 + entries.0, sum.1 + entries.1));
    tracing::info!(
        due = visits.len(),
        fetched = count(|result| matches!(result, Visited::Read { .. })),
        not_modified = count(|result| matches!(result, Visited::NotModified)),
        failed = count(|result| matches!(result, Visited::Failed(_))),
        new,
        updated,
        "cycle done"
    );
}

/// Answers why the files could not be written; told once, not at every publication.
fn report(published: &Published, told: Option<String>) -> Option<String> {
    for channel in published.channels.iter().filter(|channel| channel.changed) {
        tracing::info!(channel = channel.id, items = channel.items, "published");
    }
    let fault = published.files.as_ref().err().map(ToString::to_string);
    match (&fault, told) {
        (Some(fault), told) if told.as_ref() != Some(fault) => {
            tracing::error!(%fault, "the files could not be written; what is served is up to date");
        }
        (None, Some(_)) => tracing::info!("the files can be written again"),
        _ => {}
    }
    fault
}

/// Sections that are read once, at the start.
fn needs_restart(before: &Settings, now: &Settings) -> Vec<&'static str> {
    let changed = [
        (before.store.path != now.store.path, "store"),
        (before.serve != now.serve, "serve"),
        (before.log != now.log, "log"),
    ];
    changed
        .into_iter()
        .filter_map(|(changed, name)| changed.then_some(name))
        .collect()
}
