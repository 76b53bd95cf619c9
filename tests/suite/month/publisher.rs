//! One publisher: what it answers, and what it holds against its visitor.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};

use super::{
    dice::Dice,
    temper::{DAY, HOUR, Marks, Mood, Temper},
};

/// Entries that its feed lists.
const LISTED: usize = 12;

/// As the settings of the month say.
pub(super) const MIN_INTERVAL: Duration = HOUR;
pub(super) const MAX_INTERVAL: Duration = DAY;

const RETRY_AFTER_MAX: Duration = Duration::from_secs(7 * 86_400);

/// After so long without a document, validators need not be believed.
const BELIEVED: Duration = Duration::from_secs(8 * 86_400);

/// `ETag` and `Last-Modified`, as they were sent.
pub(super) type Validators = (Option<String>, Option<String>);

#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    /// No answer at all: a reset, or silence.
    pub(super) fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Answered,
    Reset,
    Silence,
}

/// What the visitor has, as far as the publisher can know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Of the last document that was taken.
    validators: Option<Validators>,
    taken_at: Option<Timestamp>,
    ttl: Option<Duration>,
    failures: u32,
    gone: bool,
}

/// What follows from one answer, once its visit has ended.
#[derive(Debug, Clone)]
struct Effect {
    held: Held,
    not_before: Timestamp,
    why: &'static str,
    /// Its host is to be left alone until then.
    host_rests: Option<Timestamp>,
    took: BTreeSet<u64>,
}

#[derive(Debug)]
pub(super) struct Publisher {
    pub(super) number: usize,
    pub(super) temper: Temper,
    pub(super) host: String,
    dice: Dice,
    /// Since the beginning: when each piece of news came.
    news: Vec<Timestamp>,
    next_news: Timestamp,
    begun: Timestamp,
    flips: u64,
    /// More than one after a crash: then nobody knows whether the last answer was kept.
    held: Vec<Held>,
    pending: Option<Effect>,
    not_before: (Timestamp, &'static str),
    pub(super) asked: Vec<Timestamp>,
    pub(super) conditional: usize,
    pub(super) unusual: usize,
    pub(super) complaints: Vec<String>,
    /// Numbers of the news in documents that were taken for certain, and in those that may have been.
    pub(super) taken: BTreeSet<u64>,
    pub(super) perhaps_taken: BTreeSet<u64>,
}

impl Publisher {
    pub(super) fn new(number: usize, seed: u64, now: Timestamp) -> Self {
        let temper = Temper::of(number);
        let long_ago = now - SignedDuration::from_hours(24 * 60);
        let mut publisher = Self {
            number,
            temper,
            host: Temper::host(number),
            dice: Dice::new(seed ^ (number as u64) << 32),
            news: vec![],
            next_news: long_ago,
            begun: now,
            flips: 0,
            held: vec![Held::default()],
            pending: None,
            not_before: (long_ago, "nothing"),
            asked: vec![],
            conditional: 0,
            unusual: 0,
            complaints: vec![],
            taken: BTreeSet::new(),
            perhaps_taken: BTreeSet::new(),
        };
        publisher.publish(now);
        publisher
    }

    pub(super) fn url(&self) -> String {
        format!("https://{}/{}/feed", self.host, self.number)
    }

    /// A request for its feed, at the first hop. `clock_is_right`: the visitor can know the
    /// hour.
    pub(super) fn is_asked(&mut self, headers: &HeaderMap, now: Timestamp, clock_is_right: bool) {
        self.complain_of_time(now, clock_is_right);
        self.complain_of_conditions(headers, now);
        self.asked.push(now);
    }

    fn complain(&mut self, now: Timestamp, what: impl AsRef<str>) {
        let day = now.duration_since(self.begun).as_secs() / 86_400;
        let Self { number, temper, .. } = self;
        let complaint = format!("{number} ({temper:?}), day {day}, {now}: {}", what.as_ref());
        self.complaints.push(complaint);
    }

    fn complain_of_time(&mut self, now: Timestamp, clock_is_right: bool) {
        let (not_before, why) = self.not_before;
        if now < not_before {
            let early = not_before.duration_since(now).as_secs();
            self.complain(now, format!("{early} s too early for {why}"));
        }
        if self.held.iter().all(|held| held.gone) {
            self.complain(now, "asked after 410");
        }
        let resting = self.temper.mood == Mood::Rests && self.held.iter().all(|held| held.validators.is_some());
        // Who was due in the last minute before may have had to wait for others.
        let rested = rests(now) && rests(now - SignedDuration::from_mins(1));
        if resting && clock_is_right && rested {
            self.complain(now, "asked in a skipped hour");
        }
    }

    fn complain_of_conditions(&mut self, headers: &HeaderMap, now: Timestamp) {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let sent = (text(header::IF_NONE_MATCH), text(header::IF_MODIFIED_SINCE));
        self.conditional += usize::from(sent != (None, None));
        let mut right: Vec<_> = self.held.clone();
        right.retain(|held| held.may_send(&sent, now));
        if right.is_empty() {
            let held: Vec<_> = self.held.iter().map(|held| held.validators.clone()).collect();
            self.complain(now, format!("sent {sent:?}, holds {held:?}"));
        } else {
            self.held = right;
        }
        let foreign = headers.keys().find(|name| !OURS.contains(&name.as_str()));
        if let Some(name) = foreign {
            self.complain(now, format!("sent {name}"));
        }
    }

    /// The answer at the end of all hops.
    pub(super) fn answer(&mut self, headers: &HeaderMap, now: Timestamp) -> Reply {
        self.publish(now);
        let document = self.document();
        let validators = self.validators(&document);
        let conditional =
            headers.contains_key(header::IF_NONE_MATCH) || headers.contains_key(header::IF_MODIFIED_SINCE);
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let same = match (text(header::IF_NONE_MATCH), text(header::IF_MODIFIED_SINCE)) {
            (Some(etag), _) => validators.0.as_deref() == Some(etag),
            (None, modified) => modified.is_some() && validators.1.as_deref() == modified,
        };
        let frozen = self.temper.mood == Mood::Frozen && conditional;
        let reply = match self.misbehaves(conditional, now) {
            Some(reply) => reply,
            None if same || frozen => self.reply(304, String::new(), validators, now),
            None => self.reply(200, document, validators, now),
        };
        self.expect(&reply, now);
        reply
    }

    fn misbehaves(&mut self, conditional: bool, now: Timestamp) -> Option<Reply> {
        let day = now.duration_since(self.begun).as_secs() / 86_400;
        let bare = |status| Some(Reply::bare(status));
        let reply = match self.temper.mood {
            Mood::Strict if self.dice.one_in(6) => Some(self.strict()),
            Mood::Overloaded if self.dice.one_in(5) => Some(self.overloaded(now)),
            Mood::Broken if day % 9 >= 6 => bare([500, 403, 404][self.number / 20 % 3]),
            Mood::Dies if day >= 10 => bare(410),
            Mood::Confused if !conditional && self.dice.one_in(3) => bare(304),
            Mood::Silent if self.dice.one_in(8) => Some(Reply::none(Fate::Reset)),
            Mood::Silent if self.dice.one_in(8) => Some(Reply::none(Fate::Silence)),
            Mood::Login if self.dice.one_in(5) => {
                let page = "<!DOCTYPE html><html><body>Please log in</body></html>".into();
                let mut reply = Reply::bare(200);
                reply.body = page;
                Some(
                    reply
                        .header("etag", "\"login\"")
                        .header("last-modified", "Thu, 01 Jan 2015 00:00:00 GMT"),
                )
            }
            _ => None,
        };
        self.unusual += usize::from(reply.is_some());
        reply
    }

    fn strict(&mut self) -> Reply {
        let reply = Reply::bare(429);
        match self.dice.within(0..4) {
            0 => reply,
            1 => reply.header("retry-after", "1800"),
            2 => reply.header("retry-after", "40000"),
            _ => reply.header("retry-after", "3153600000"),
        }
    }

    fn overloaded(&mut self, now: Timestamp) -> Reply {
        let reply = Reply::bare(503).header("date", http_date(now));
        match self.dice.within(0..3) {
            0 => reply,
            1 => reply.header("retry-after", http_date(now + SignedDuration::from_hours(30))),
            _ => reply.header("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"),
        }
    }

    fn reply(&mut self, status: u16, body: String, validators: Validators, now: Timestamp) -> Reply {
        let mut reply = Reply::bare(status);
        reply.body = body;
        if let (Some(etag), _) = &validators {
            reply = reply.header("etag", etag.clone());
        }
        if let (_, Some(modified)) = &validators {
            reply = reply.header("last-modified", modified.clone());
        }
        match self.temper.mood {
            Mood::Cached(lasts) => reply.header("cache-control", format!("public, max-age={}", lasts.as_secs())),
            Mood::Expiring(lasts) => reply
                .header("date", http_date(now))
                .header("expires", http_date(now + lasts)),
            _ => reply,
        }
    }

    /// What follows from the reply, if its visit ends.
    fn expect(&mut self, reply: &Reply, now: Timestamp) {
        let held = self.held[0].clone();
        let is_feed = reply.status == 200 && reply.body.contains("<rss");
        let unasked = reply.status == 304 && self.temper.mood == Mood::Confused && held.validators.is_none();
        let good = reply.fate == Fate::Answered && (is_feed || reply.status == 304 && !unasked);
        let held = match (good, is_feed) {
            (true, true) => Held {
                validators: Some((reply.value("etag"), reply.value("last-modified"))),
                taken_at: Some(now),
                ttl: self.asks(),
                failures: 0,
                gone: false,
            },
            (true, false) => Held { failures: 0, ..held },
            (false, _) => Held {
                failures: held.failures + 1,
                gone: reply.status == 410,
                ..held
            },
        };
        let waits = [
            (MIN_INTERVAL, "min_interval"),
            (
                if good { fresh(self.temper.mood) } else { Duration::ZERO },
                "Cache-Control or Expires",
            ),
            (
                if good {
                    held.ttl.unwrap_or_default()
                } else {
                    Duration::ZERO
                },
                "ttl or sy:update",
            ),
            (HOUR * (1 << held.failures.saturating_sub(1).min(5)), "the backoff"),
        ];
        let longest = waits.into_iter().map(|(wait, why)| (wait.min(MAX_INTERVAL), why)).max();
        let (wait, why) = longest.unwrap_or_default();
        let retry = reply.retry_after(now).map(|wait| now + wait.min(RETRY_AFTER_MAX));
        let host_rests = (reply.status == 429).then(|| retry.unwrap_or(now + MIN_INTERVAL));
        self.pending = Some(Effect {
            not_before: (now + wait).max(retry.unwrap_or(now)),
            why: if retry.is_some_and(|retry| retry > now + wait) {
                "Retry-After"
            } else {
                why
            },
            took: if is_feed { self.listed() } else { BTreeSet::new() },
            held,
            host_rests,
        });
    }

    /// The visit was kept; answers until when all of the host is to be left alone.
    pub(super) fn was_kept(&mut self) -> Option<Timestamp> {
        let effect = self.pending.take()?;
        self.held = vec![effect.held];
        self.not_before = (effect.not_before, effect.why).max(self.not_before);
        self.taken.extend(effect.took);
        effect.host_rests
    }

    /// The visitor was ended before anybody knows what.
    pub(super) fn was_cut_off(&mut self) {
        let Some(effect) = self.pending.take() else { return };
        self.perhaps_taken.extend(effect.took);
        let asked = self.asked.last().copied().unwrap_or(self.begun);
        self.not_before = (asked + MIN_INTERVAL, "min_interval").max(self.not_before);
        if !self.held.contains(&effect.held) {
            self.held.push(effect.held);
        }
    }

    pub(super) fn rests_with_its_host(&mut self, until: Timestamp) {
        self.not_before = (until, "Retry-After of its host").max(self.not_before);
    }

    fn asks(&self) -> Option<Duration> {
        match self.temper.mood {
            Mood::Ttl(ttl) => Some(ttl),
            Mood::Updates(times) => Some(DAY / times),
            _ => None,
        }
    }

    fn publish(&mut self, now: Timestamp) {
        while self.next_news <= now {
            self.news.push(self.next_news);
            let every = self.temper.news_every.as_secs();
            let gap = self.dice.within(every / 2..every * 3 / 2);
            self.next_news += SignedDuration::from_secs(gap as i64);
        }
    }

    fn listed(&self) -> BTreeSet<u64> {
        let first = self.news.len().saturating_sub(LISTED);
        (first as u64..self.news.len() as u64).collect()
    }

    fn document(&self) -> String {
        let mut feed = String::from(
            "<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel><title>T</title>",
        );
        match self.temper.mood {
            Mood::Ttl(ttl) => write!(feed, "<ttl>{}</ttl>", ttl.as_secs() / 60).unwrap(),
            Mood::Updates(times) => write!(
                feed,
                "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>{times}</sy:updateFrequency>"
            )
            .unwrap(),
            Mood::Rests => feed.push_str(&resting()),
            _ => {}
        }
        for n in self.listed().into_iter().rev() {
            let Self { number, host, .. } = self;
            let date = http_date(self.news[n as usize]);
            write!(
                feed,
                "<item><title>{}</title><link>https://{host}/{number}/{n}</link><guid>{number}-{n}</guid><pubDate>{date}</pubDate></item>",
                title(*number, n),
            )
            .unwrap();
        }
        feed + "</channel></rss>"
    }

    fn validators(&mut self, document: &str) -> Validators {
        let newest = self.news.last().copied().unwrap_or(self.begun);
        let modified = match self.temper.mood {
            Mood::Frozen => "Tue, 01 Jan 2041 00:00:00 GMT".into(),
            _ => http_date(newest),
        };
        let etag = format!("W/\"{}-{}\"", self.news.len(), document.len());
        self.flips += 1;
        match self.temper.marks {
            Marks::Both => (Some(etag), Some(modified)),
            Marks::Etag => (Some(etag), None),
            Marks::Modified => (None, Some(modified)),
            Marks::None => (None, None),
            Marks::Flipping => (Some(format!("\"flip {}\"", self.flips)), Some(modified)),
        }
    }
}

/// Every header that a visit may send.
const OURS: [&str; 6] = [
    "user-agent",
    "accept",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "host",
];

impl Held {
    fn may_send(&self, sent: &Validators, now: Timestamp) -> bool {
        let none = (None, None);
        let unconditional = *sent == none;
        match &self.validators {
            None => unconditional,
            Some(held) if held == sent => true,
            Some(_) => unconditional && self.taken_at.is_some_and(|at| now >= at + BELIEVED),
        }
    }
}

impl Reply {
    fn bare(status: u16) -> Self {
        Self {
            status,
            headers: vec![],
            body: String::new(),
            fate: Fate::Answered,
        }
    }

    fn none(fate: Fate) -> Self {
        Self {
            fate,
            ..Self::bare(500)
        }
    }

    pub(super) fn redirect(status: u16, location: String) -> Self {
        Self::bare(status).header("location", location)
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn value(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let value = self.value("retry-after")?;
        match value.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => {
                let until = Timestamp::try_from(httpdate::parse_http_date(&value).unwrap()).unwrap_or(Timestamp::MAX);
                Duration::try_from(until.duration_since(now)).ok()
            }
        }
    }
}

pub(super) fn title(publisher: usize, n: u64) -> String {
    format!("News {n} of publisher {publisher}")
}

fn fresh(mood: Mood) -> Duration {
    match mood {
        // HTTP dates are whole seconds.
        Mood::Expiring(lasts) => lasts.saturating_sub(Duration::from_secs(1)),
        Mood::Cached(lasts) => lasts,
        _ => Duration::ZERO,
    }
}

fn http_date(at: Timestamp) -> String {
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_millis(at.as_millisecond() as u64))
}

/// In the morning and on Sundays.
fn rests(at: Timestamp) -> bool {
    let at = at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    (6..12).contains(&at.hour()) || at.weekday() == jiff::civil::Weekday::Sunday
}

fn resting() -> String {
    let hours: String = (6..12).map(|hour| format!("<hour>{hour}</hour>")).collect();
    format!("<skipHours>{hours}</skipHours><skipDays><day>Sunday</day></skipDays>")
}
