//! The month itself: a real newsroom on a paused clock, over a network of publishers that count.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use oncofeed::{
    app::{
        cycle::{Scope, Visit},
        newsroom::Newsroom,
    },
    edge::{
        clock::Clock,
        config::{self, Loaded, Paths},
        fetch::{FetchFault, Transport},
    },
};
use tempfile::TempDir;
use tokio::time::Instant;

use super::{
    dice::Dice,
    publisher::{Fate, MAX_INTERVAL, MIN_INTERVAL, Publisher, Reply, title},
    temper::{Mood, SHARED_HOST},
};

const PUBLISHERS: usize = 200;
const DAYS: i64 = 30;

/// The daemon ticks every minute; more seldom is quicker to play and asks the same.
const TICK: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    None,
    /// Restarts, crashes in the middle of a cycle, and a clock that is set forward and back.
    Plenty,
}

/// True time, and what the visitor's clock makes of it.
#[derive(Debug, Clone)]
struct Time {
    begun: Instant,
    wrong_by_ms: Arc<AtomicI64>,
}

impl Time {
    fn truly(&self) -> Timestamp {
        let start: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        start + self.begun.elapsed()
    }

    fn wrong_by(&self) -> SignedDuration {
        SignedDuration::from_millis(self.wrong_by_ms.load(Ordering::Relaxed))
    }

    fn set_wrong_by(&self, wrong: SignedDuration) {
        self.wrong_by_ms.store(wrong.as_millis() as i64, Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let (wall, uptime) = (self.clone(), self.clone());
        Clock::from_fn(move || wall.truly() + wall.wrong_by(), move || uptime.begun.elapsed())
    }
}

pub(super) struct World {
    network: Arc<Mutex<Network>>,
    time: Time,
    _folder: TempDir,
    /// Titles of all items that are kept, with how often.
    kept: BTreeMap<String, usize>,
    visits: usize,
}

/// A clock that is ahead or behind by hours or days.
fn wrong(dice: &mut Dice) -> SignedDuration {
    let hours = dice.within(1..72) as i64;
    SignedDuration::from_hours(if dice.one_in(2) { hours } else { -hours })
}

/// All publishers, by the path of their feeds.
struct Network {
    publishers: Vec<Publisher>,
    under_way: HashMap<String, usize>,
    crowded: Vec<String>,
    dice: Dice,
}

impl World {
    pub(super) async fn play(seed: u64, trouble: Trouble) -> Self {
        let time = Time {
            begun: Instant::now(),
            wrong_by_ms: Arc::default(),
        };
        let publishers = (0..PUBLISHERS).map(|n| Publisher::new(n, seed, time.truly())).collect();
        let network = Arc::new(Mutex::new(Network {
            publishers,
            under_way: HashMap::new(),
            crowded: vec![],
            dice: Dice::new(seed),
        }));
        let mut world = Self {
            network,
            time,
            _folder: folder(),
            kept: BTreeMap::new(),
            visits: 0,
        };
        world.live(Dice::new(!seed), trouble).await;
        world
    }

    async fn live(&mut self, mut dice: Dice, trouble: Trouble) {
        let end = self.time.truly() + SignedDuration::from_hours(24 * DAYS);
        let mut newsroom = self.open().await;
        while self.time.truly() < end {
            tokio::time::sleep(TICK).await;
            if trouble == Trouble::Plenty {
                self.meddle_with_the_clock(&mut dice);
                if dice.one_in(50) {
                    let jump = dice.one_in(3).then(|| wrong(&mut dice));
                    newsroom = self.again(newsroom, jump).await;
                }
            }
            let crash = (trouble == Trouble::Plenty && dice.one_in(10)).then(|| dice.within(1..3_000));
            match crash {
                None if trouble == Trouble::Plenty && dice.one_in(20) => {
                    let time = self.time.clone();
                    let set = async {
                        tokio::time::sleep(Duration::from_millis(dice.within(1..3_000))).await;
                        time.set_wrong_by(wrong(&mut dice));
                    };
                    tokio::join!(self.cycle(&newsroom), set);
                }
                None => self.cycle(&newsroom).await,
                Some(millis) => {
                    let crashed = tokio::time::timeout(Duration::from_millis(millis), self.cycle(&newsroom)).await;
                    if crashed.is_err() {
                        newsroom = self.again(newsroom, None).await;
                        let () = self.each(Publisher::was_cut_off);
                    }
                }
            }
        }
        self.kept = kept(&newsroom).await;
    }

    /// Wrong by up to three days, and right again some hours later.
    fn meddle_with_the_clock(&self, dice: &mut Dice) {
        if !self.time.wrong_by().is_zero() && dice.one_in(20) {
            self.time.set_wrong_by(SignedDuration::ZERO);
        } else if self.time.wrong_by().is_zero() && dice.one_in(130) {
            self.time.set_wrong_by(wrong(dice));
        }
    }

    async fn open(&self) -> Newsroom {
        let network = Arc::clone(&self.network);
        let time = self.time.clone();
        let transport = Transport::from_fn(move |request| ask(Arc::clone(&network), time.clone(), request));
        let loaded = self.loaded();
        Newsroom::open_over(loaded, self.time.clock(), transport).await.unwrap()
    }

    /// As after the end of a process: what it had in memory is gone. What it was writing is written, or undone.
    /// The clock may be set meanwhile.
    async fn again(&self, newsroom: Newsroom, wrong_by: Option<SignedDuration>) -> Newsroom {
        let store = newsroom.store.clone();
        drop(newsroom);
        store.write(|_| Ok(())).await.unwrap();
        drop(store);
        // The tasks of a cycle that was cut off end when the runtime comes to them.
        tokio::time::sleep(Duration::from_secs(1)).await;
        if let Some(wrong) = wrong_by {
            self.time.set_wrong_by(wrong);
        }
        self.open().await
    }

    fn loaded(&self) -> Loaded {
        let folder = self._folder.path();
        let sources: String = self.each(|publisher| {
            let (number, url) = (publisher.number, publisher.url());
            format!(
                "[[source]]\nname = \"P {number}\"\nid = \"p-{number}\"\nurl = \"{url}\"\ntopics = [\"research\"]\n"
            )
        });
        let channel = "[[channel]]\nid = \"latest-news\"\ntitle = \"T\"\ntopics = [\"research\"]\n";
        let settings = format!(
            "[store]\npath = \"{}\"\n[fetch]\nshared_hosts = [\"{SHARED_HOST}\"]\nmin_interval = \"{}s\"\nmax_interval = \"{}s\"\n",
            folder.join("oncofeed.db").display(),
            MIN_INTERVAL.as_secs(),
            MAX_INTERVAL.as_secs()
        );
        config::load(&written(folder, &settings, &format!("{channel}{sources}")), []).unwrap()
    }

    async fn cycle(&mut self, newsroom: &Newsroom) {
        let cycle = newsroom.cycle();
        let due = cycle.due(Scope::Due).await.unwrap();
        let network = Arc::clone(&self.network);
        let ended = |visit: &Visit| {
            let id = newsroom.watchlist[&visit.source].source.id.as_str();
            network.lock().unwrap().visit_ended(id[2..].parse().unwrap());
        };
        self.visits += cycle.run(due, ended).await.unwrap().len();
    }

    fn each<T, C: FromIterator<T>>(&self, visit: impl Fn(&mut Publisher) -> T) -> C {
        self.network.lock().unwrap().publishers.iter_mut().map(visit).collect()
    }

    pub(super) fn assert_polite(&self) {
        let complaints: Vec<Vec<String>> = self.each(|publisher| publisher.complaints.clone());
        let complaints = complaints.concat();
        let crowded = self.network.lock().unwrap().crowded.clone();
        let first: Vec<_> = crowded.iter().chain(&complaints).take(20).cloned().collect();
        assert!(
            first.is_empty(),
            "{} complaints:\n{}",
            complaints.len() + crowded.len(),
            first.join("\n")
        );
    }

    /// Every entry of a document that was taken is kept, once; and nothing else is.
    pub(super) fn assert_nothing_lost_or_doubled(&self) {
        let twice: Vec<_> = self.kept.iter().filter(|(_, times)| **times > 1).take(5).collect();
        assert!(twice.is_empty(), "{twice:?}");
        let lost: Vec<Vec<String>> = self.each(|publisher| {
            let titles = publisher.taken.iter().map(|n| title(publisher.number, *n));
            titles.filter(|title| !self.kept.contains_key(title)).collect()
        });
        assert_eq!(
            lost.concat().into_iter().take(5).collect::<Vec<_>>(),
            Vec::<String>::new()
        );
        let known: Vec<usize> = self.each(|publisher| publisher.taken.union(&publisher.perhaps_taken).count());
        assert!(self.kept.len() <= known.iter().sum(), "more is kept than was ever sent");
        assert!(self.kept.len() > 2_000, "{} items", self.kept.len());
    }

    /// Else the month would show less than it says.
    pub(super) fn assert_every_temper_was_met(&self) {
        let unusual: Vec<(Mood, usize)> = self.each(|publisher| (publisher.temper.mood, publisher.unusual));
        for mood in [
            Mood::Strict,
            Mood::Overloaded,
            Mood::Broken,
            Mood::Dies,
            Mood::Confused,
            Mood::Silent,
            Mood::Login,
        ] {
            let met: usize = unusual
                .iter()
                .filter(|(met, _)| *met == mood)
                .map(|(_, times)| times)
                .sum();
            assert!(met >= 10, "{mood:?}: {met}");
        }
        let doubted: Vec<usize> = self.each(|publisher| match publisher.temper.mood {
            Mood::Frozen => publisher.asked.len() - publisher.conditional,
            _ => usize::MAX,
        });
        assert!(
            doubted.iter().all(|unconditional| *unconditional >= 3),
            "after eight days of 304: {doubted:?}"
        );
        let asked: Vec<usize> = self.each(|publisher| publisher.asked.len());
        let conditional: Vec<usize> = self.each(|publisher| publisher.conditional);
        let (asked, conditional) = (asked.iter().sum::<usize>(), conditional.iter().sum::<usize>());
        assert!(
            self.visits > 10_000 && asked > 10_000,
            "{} visits, {asked} requests",
            self.visits
        );
        assert!(conditional * 100 > asked * 70, "{conditional} of {asked} conditional");
    }

    /// Who asks for nothing special, and shares its host with nobody who does, is visited at least about once a day.
    pub(super) fn assert_nobody_was_forgotten(&self, late_max: Duration) {
        let late: Vec<Option<String>> = self.each(|publisher| {
            let asks_for_patience = matches!(publisher.temper.mood, Mood::Dies | Mood::Strict | Mood::Overloaded);
            let patient = asks_for_patience || publisher.host.starts_with("press");
            let gaps = publisher.asked.windows(2).map(|pair| pair[1].duration_since(pair[0]));
            let longest = gaps.max().unwrap_or(SignedDuration::MAX);
            (!patient && longest > SignedDuration::try_from(late_max).unwrap())
                .then(|| format!("{} ({:?}): {longest:#}", publisher.number, publisher.temper))
        });
        let late: Vec<_> = late.into_iter().flatten().collect();
        assert!(late.is_empty(), "{}", late.join("\n"));
    }
}

impl Network {
    fn visit_ended(&mut self, number: usize) {
        let Some(until) = self.publishers[number].was_kept() else {
            return;
        };
        let host = self.publishers[number].host.clone();
        if host != SHARED_HOST {
            let others = self
                .publishers
                .iter_mut()
                .filter(|other| other.host == host && other.number != number);
            others.for_each(|other| other.rests_with_its_host(until));
        }
    }

    fn arrives(&mut self, host: &str) {
        let under_way = self.under_way.entry(host.to_owned()).or_default();
        *under_way += 1;
        if *under_way > 1 {
            self.crowded.push(format!("{under_way} requests at once on {host}"));
        }
    }
}

/// A request that is being answered; it is over, too, when nobody waits for it any more.
struct UnderWay(Arc<Mutex<Network>>, String);

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(under_way) = self.0.lock().unwrap().under_way.get_mut(&self.1) {
            *under_way -= 1;
        }
    }
}

async fn ask(
    network: Arc<Mutex<Network>>,
    time: Time,
    request: Request<Bytes>,
) -> Result<Response<reqwest::Body>, FetchFault> {
    let host = request.uri().host().unwrap().to_owned();
    let (latency, number, hop) = {
        let mut network = network.lock().unwrap();
        network.arrives(&host);
        let path: Vec<_> = request.uri().path().split('/').skip(1).collect();
        let number: usize = path[0].parse().unwrap();
        (network.dice.within(20..2_000), number, path[1].to_owned())
    };
    let _under_way = UnderWay(Arc::clone(&network), host);
    let reply = {
        let mut network = network.lock().unwrap();
        let publisher = &mut network.publishers[number];
        let now = time.truly();
        if hop == "feed" {
            assert_eq!(request.uri().to_string(), publisher.url(), "nothing is added to a URL");
            publisher.is_asked(request.headers(), now, time.wrong_by().is_zero());
        }
        match redirect(publisher, &hop) {
            Some(reply) => reply,
            None => publisher.answer(request.headers(), now),
        }
    };
    tokio::time::sleep(Duration::from_millis(latency)).await;
    match reply.fate {
        Fate::Answered => Ok(response(reply)),
        Fate::Reset => Err(FetchFault::Connection("the site broke the connection off".into())),
        Fate::Silence => std::future::pending().await,
    }
}

fn redirect(publisher: &Publisher, hop: &str) -> Option<Reply> {
    let number = publisher.number;
    match (publisher.temper.mood, hop) {
        (Mood::Moved, "feed") => Some(Reply::redirect(301, format!("https://new{number}.test/{number}/moved"))),
        (Mood::Wanders, "feed") => Some(Reply::redirect(302, format!("/{number}/2"))),
        (Mood::Wanders, "2") => Some(Reply::redirect(307, format!("/{number}/3"))),
        (Mood::Wanders, "3") => Some(Reply::redirect(303, format!("/{number}/last"))),
        _ => None,
    }
}

fn response(reply: Reply) -> Response<reqwest::Body> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(reply.body.into()).unwrap()
}

async fn kept(newsroom: &Newsroom) -> BTreeMap<String, usize> {
    newsroom
        .store
        .read(|reader| {
            let mut kept = BTreeMap::new();
            let mut ids = vec![];
            reader.newest(|id, _, _| {
                ids.push(id);
                std::ops::ControlFlow::Continue(())
            })?;
            for id in ids {
                let item = reader.item(id)?.unwrap();
                *kept.entry(item.title).or_default() += 1;
            }
            Ok(kept)
        })
        .await
        .unwrap()
}

/// In memory, where there is such a place: the month writes as much as a year does.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.unwrap()
}

fn written(folder: &Path, settings: &str, feeds: &str) -> Paths {
    let (config_path, feeds_path) = (folder.join("oncofeed.toml"), folder.join("feeds.toml"));
    std::fs::write(&config_path, settings).unwrap();
    std::fs::write(&feeds_path, feeds).unwrap();
    Paths {
        config: Some(config_path),
        feeds: Some(feeds_path),
    }
}
