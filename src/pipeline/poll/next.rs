//! The next visit: the latest of everything that is asked of us, and which of it that was.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::rhythm;
use crate::model::{
    feed::Pace,
    fetched::{Fresh, RETRY_AFTER_MAX},
    source::Source,
    visit::{FeedState, Outcome, Told},
};

/// Failures after which waiting no longer doubles; by then `max_interval` holds.
const DOUBLINGS_MAX: u32 = 10;

/// Share of the waiting time over which sources are spread, so that they do not all come due at once.
const JITTER_DIVISOR: u64 = 10;

const HOUR: Duration = Duration::from_secs(3_600);

/// What the operator allows.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub min_interval: Duration,
    /// What publishers ask for is believed up to this.
    pub max_interval: Duration,
}

/// How long somebody asks us to wait, and in words who.
type Ask = (Duration, String);

/// Enters the next visit into the state of a source that is about to be asked, as if nothing came of it: then what was
/// waited for the last time is waited for again.
pub(super) fn plan_claim(state: &mut FeedState, source: &Source, limits: Limits, now: Timestamp) {
    let last = state.ready_at.zip(state.last_visit());
    let waited = last.and_then(|(ready, visit)| Duration::try_from(ready.duration_since(visit)).ok());
    let wait = waited.unwrap_or_default().min(limits.max_interval);
    let ask = (wait.max(interval(source, limits)), "a visit that did not end".into());
    enter(state, source, ask, now);
}

/// Enters the next visit into the state that a visit left behind.
pub(super) fn plan(state: &mut FeedState, source: &Source, limits: Limits, outcome: &Outcome, now: Timestamp) {
    if state.gone {
        state.next_visit = None;
        state.ready_at = None;
        state.next_reason = "410: the publisher has removed the feed; edit the source to try again".into();
        return;
    }
    enter(state, source, longest(state, source, limits, outcome, now), now);
    keep_away(state, source, outcome);
    keep_hours(state, limits);
}

/// `Retry-After` is spread like an hour, however long it is: it says when to come back.
fn keep_away(state: &mut FeedState, source: &Source, outcome: &Outcome) {
    let longer = |until: &Timestamp| state.ready_at.is_none_or(|ready| ready < *until);
    let Some(until) = state.retry_after.filter(longer) else {
        return;
    };
    state.ready_at = Some(until);
    state.next_visit = Some(later(until, jitter(source, HOUR))).max(state.next_visit);
    let capped = matches!(outcome, Outcome::Failed { retry_after: Some(wait), .. } if *wait > RETRY_AFTER_MAX);
    state.next_reason = match capped {
        true => "Retry-After (asked for more than 7 days)".into(),
        false => "Retry-After".into(),
    };
}

fn enter(state: &mut FeedState, source: &Source, (wait, reason): Ask, now: Timestamp) {
    state.ready_at = Some(later(now, wait));
    state.next_visit = Some(later(now, wait + jitter(source, wait)));
    state.next_reason = reason;
}

/// What a publisher skips, it skips after the jitter, for `max_interval` at most.
fn keep_hours(state: &mut FeedState, limits: Limits) {
    let Some(next) = state.next_visit else { return };
    let allowed = skip(next, &state.pace, later(next, limits.max_interval));
    if allowed != next {
        state.next_visit = Some(allowed);
        state.ready_at = Some(allowed);
        state.next_reason = "skipHours or skipDays".into();
    }
}

fn interval(source: &Source, limits: Limits) -> Duration {
    limits.min_interval.max(source.interval.unwrap_or_default())
}

fn longest(state: &FeedState, source: &Source, limits: Limits, outcome: &Outcome, now: Timestamp) -> Ask {
    let interval = interval(source, limits);
    let mut asks = vec![(interval, "least time between visits".to_owned())];
    match outcome {
        Outcome::NotModified(told) | Outcome::Same { told, .. } | Outcome::Read { told, .. } => {
            asks.extend(own_rhythm(state, limits, now));
            asks.extend(publisher_asks(told, &state.pace, limits));
        }
        Outcome::Failed { .. } | Outcome::Held { .. } => asks.push(backoff(state.failures, interval, limits)),
    }
    // Of two that ask for the same, the later one is told: a publisher's word before our own.
    let longer = |longest: Ask, ask: Ask| if ask.0 >= longest.0 { ask } else { longest };
    asks.into_iter().reduce(longer).unwrap_or_default()
}

fn publisher_asks(told: &Told, pace: &Pace, limits: Limits) -> Vec<Ask> {
    [
        told.fresh.map(|Fresh { lasts, says }| (lasts, says)),
        pace.ttl.map(|wait| (wait, "ttl")),
        pace.update_period.map(|wait| (wait, "sy:updatePeriod")),
    ]
    .into_iter()
    .flatten()
    .map(|(wait, name)| match wait > limits.max_interval {
        true => (
            limits.max_interval,
            format!("{name} (asked for more than max_interval)"),
        ),
        false => (wait, name.to_owned()),
    })
    .collect()
}

fn own_rhythm(state: &FeedState, limits: Limits, now: Timestamp) -> Option<Ask> {
    let between = rhythm::between(&state.news_at, now)?;
    let watched = Duration::try_from(now.duration_since(state.watched_since?)).ok()?;
    let wait = rhythm::wait(between, watched).min(limits.max_interval);
    Some((wait, format!("its own rhythm, news every {}", in_words(between))))
}

/// To the nearest hour or day.
fn in_words(between: Duration) -> String {
    let hours = (between.as_secs() + 1_800) / 3_600;
    match hours {
        0 | 1 => "hour".into(),
        2..48 => format!("{hours} hours"),
        _ => format!("{} days", (hours + 12) / 24),
    }
}

fn backoff(failures: u32, interval: Duration, limits: Limits) -> Ask {
    let doublings = failures.saturating_sub(1).min(DOUBLINGS_MAX);
    let wait = interval
        .saturating_mul(1 << doublings)
        .min(limits.max_interval.max(interval));
    (
        wait,
        format!("failed {failures} time{}", if failures == 1 { "" } else { "s" }),
    )
}

/// A source's own share of the spread: always the same, so that a restart brings no herd together.
fn jitter(source: &Source, wait: Duration) -> Duration {
    let digest = Sha256::digest(source.id.as_str().as_bytes());
    let share = u64::from(u16::from_be_bytes([digest[0], digest[1]]));
    let spread = wait.as_secs() / JITTER_DIVISOR;
    Duration::from_secs(spread * share / u64::from(u16::MAX))
}

/// The first time from `at` on that is in no skipped hour or day, but not later than `until`.
fn skip(at: Timestamp, pace: &Pace, until: Timestamp) -> Timestamp {
    let mut allowed = at;
    while skips(pace, allowed) && allowed < until {
        let into_hour = allowed.as_second().rem_euclid(3600).unsigned_abs();
        allowed = later(allowed, Duration::from_secs(3600 - into_hour));
    }
    allowed.min(until).max(at)
}

fn skips(pace: &Pace, at: Timestamp) -> bool {
    let utc = at.to_zoned_datetime(TimeZone::UTC);
    let day = utc.weekday().to_monday_zero_offset().unsigned_abs();
    pace.skip_hours.contains(&utc.hour().unsigned_abs()) || pace.skip_days.contains(&day)
}

/// Whether the publisher asks not to be visited now, and leaves a better time within `max_interval`.
pub(super) fn is_skipped(pace: &Pace, limits: Limits, now: Timestamp) -> bool {
    let until = later(now, limits.max_interval);
    skips(pace, now) && !skips(pace, skip(now, pace, until))
}

pub(super) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
