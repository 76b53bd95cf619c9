//! Hubs, told that feeds have changed (WebSub §7), so that they tell our subscribers.
//!
//! Beside everything else: no cycle and no publication waits for a hub. A feed that changes while a hub is still to be
//! told of it is told of once. What a restart loses is no more than a delay: subscribers of a hub ask now and then, too.

use std::{collections::BTreeMap, time::Duration};

use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until},
};
use url::Url;

use crate::{
    app::{newsroom::Newsroom, press::Published},
    edge::{
        clock::Clock,
        fetch::{FetchFault, Fetcher},
    },
    model::fetched::RETRY_AFTER_MAX,
    pipeline::{ping, render},
};

/// One hub that is to be told of one feed.
#[derive(Debug, Clone)]
pub struct Ping {
    pub hub: Url,
    /// The feed's address.
    pub topic: String,
    fetcher: Fetcher,
    clock: Clock,
}

/// What a ping is told apart by.
type Errand = (Url, String);

impl Ping {
    pub fn new(hub: Url, topic: String, fetcher: Fetcher, clock: Clock) -> Self {
        Self {
            hub,
            topic,
            fetcher,
            clock,
        }
    }

    /// # Errors
    /// Whatever the hub says but that it has understood.
    pub async fn send(&self) -> Result<(), FetchFault> {
        // WebSub leaves this request to hub and publisher; hubs know the topic by either name.
        let topic = &*self.topic;
        let form = [("hub.mode", "publish"), ("hub.url", topic), ("hub.topic", topic)];
        self.fetcher.post(&self.hub, &form, self.clock.now()).await
    }

    fn errand(&self) -> Errand {
        (self.hub.clone(), self.topic.clone())
    }
}

/// All that a publication gives hubs to know.
pub fn pings(newsroom: &Newsroom, published: &Published) -> Vec<Ping> {
    let site = &newsroom.settings.site;
    let changed = |id: &str| {
        let mut reports = published.channels.iter();
        reports.any(|report| report.id == id && report.changed)
    };
    let channels = newsroom.feeds.channels.iter().filter(|channel| changed(&channel.id));
    let topics: Vec<_> = channels.flat_map(|channel| render::topics(site, channel)).collect();
    let ping = |(hub, topic): (&Url, &String)| {
        let (fetcher, clock) = (newsroom.fetcher().clone(), newsroom.clock.clone());
        Ping::new(hub.clone(), topic.clone(), fetcher, clock)
    };
    let of_hub = |hub| topics.iter().map(move |topic| (hub, topic)).map(ping);
    site.hubs.iter().flat_map(of_hub).collect()
}

/// Tells hubs in the background; what is under way ends with it.
#[derive(Debug)]
pub struct Hubs {
    pings: mpsc::UnboundedSender<Ping>,
    _telling: JoinSet<()>,
}

impl Hubs {
    /// Needs a runtime.
    pub fn start() -> Self {
        let (pings, coming) = mpsc::unbounded_channel();
        let mut telling = JoinSet::new();
        telling.spawn(tell(coming));
        Self {
            pings,
            _telling: telling,
        }
    }

    pub fn tell(&self, pings: Vec<Ping>) {
        for ping in pings {
            // It listens as long as we are there.
            let _listening = self.pings.send(ping);
        }
    }
}

/// A ping that is due, or will be.
struct Pending {
    ping: Ping,
    failures: u32,
    due: Instant,
}

async fn tell(mut coming: mpsc::UnboundedReceiver<Ping>) {
    let mut pending: BTreeMap<Errand, Pending> = BTreeMap::new();
    loop {
        let next = pending.values().min_by_key(|pending| pending.due);
        let next = next.map(|pending| (pending.ping.errand(), pending.due));
        tokio::select! {
            biased;
            ping = coming.recv() => match ping {
                Some(ping) => note(&mut pending, ping),
                None => return,
            },
            errand = due(next) => if let Some(now) = pending.remove(&errand) {
                let again = attempt(now).await;
                pending.extend(again.map(|again| (errand, again)));
            },
        }
    }
}

/// One that waits after a failure goes on waiting: the hub is no better for our having more news.
fn note(pending: &mut BTreeMap<Errand, Pending>, ping: Ping) {
    let errand = ping.errand();
    pending.entry(errand).or_insert_with(|| Pending {
        ping,
        failures: 0,
        due: Instant::now(),
    });
}

/// Never, where nothing is pending.
async fn due(next: Option<(Errand, Instant)>) -> Errand {
    match next {
        Some((errand, at)) => {
            sleep_until(at).await;
            errand
        }
        None => std::future::pending().await,
    }
}

/// The ping again, where it was not taken and may be later.
async fn attempt(Pending { ping, failures, .. }: Pending) -> Option<Pending> {
    let (hub, topic) = (ping.hub.as_str(), &*ping.topic);
    let Err(fault) = ping.send().await else {
        tracing::debug!(hub, topic, "a hub was told");
        return None;
    };
    let failures = failures + 1;
    let Some(wait) = ping::again(failures, asked(&fault)) else {
        tracing::warn!(hub, topic, %fault, failures, "a hub is not told of this change any more");
        return None;
    };
    if failures == 1 {
        tracing::warn!(hub, topic, %fault, again_s = wait.as_secs(), "a hub could not be told of a change");
    }
    let due = Instant::now() + wait;
    Some(Pending { ping, failures, due })
}

/// How long the hub wants to be left alone.
fn asked(fault: &FetchFault) -> Duration {
    match fault {
        FetchFault::Status { retry_after, .. } => retry_after.unwrap_or_default().min(RETRY_AFTER_MAX),
        _ => Duration::ZERO,
    }
}
