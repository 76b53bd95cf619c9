//! When to visit a source, how to ask, and what a visit leaves behind (design §7).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use crate::model::{
    feed::Pace,
    fetched::Validators,
    source::Source,
    visit::{FeedState, Outcome},
};

/// After so long of nothing but 304, a publisher's validators are no longer believed: some answer 304 for ever
/// once they have sent a `Last-Modified` of the future.
const NOT_MODIFIED_BELIEVED: SignedDuration = SignedDuration::from_hours(8 * 24);

/// Longest `Retry-After` that is obeyed.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// Failures after which waiting no longer doubles; by then `max_interval` holds.
const DOUBLINGS_MAX: u32 = 10;

/// Share of the waiting time over which sources are spread, so that they do not all come due at once.
const JITTER_DIVISOR: u64 = 10;

/// What the operator allows.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub min_interval: Duration,
    /// What publishers ask for is believed up to this.
    pub max_interval: Duration,
}

/// Whether a source is to be visited.
pub fn due(state: &FeedState, now: Timestamp) -> bool {
    may_ask(state, now) && state.next_visit.is_none_or(|next| next <= now)
}

/// Whether a source may be asked at all: what even `once --all` obeys.
pub fn may_ask(state: &FeedState, now: Timestamp) -> bool {
    !state.gone && state.retry_after.is_none_or(|until| until <= now)
}

/// What to make the request conditional on; `None` for an unconditional one.
pub fn validators(state: &FeedState, now: Timestamp) -> Option<Validators> {
    let body = state.last_body?;
    let believed = now.duration_since(body) < NOT_MODIFIED_BELIEVED;
    (believed && !state.validators.is_empty()).then(|| state.validators.clone())
}

/// The state of a source that is about to be asked. It is stored before the question goes out, so that neither a crash
/// nor a store that fails afterwards brings the next one forward.
pub fn claimed(state: &FeedState, source: &Source, limits: Limits, now: Timestamp) -> FeedState {
    let interval = limits.min_interval.max(source.interval.unwrap_or_default());
    FeedState {
        last_visit: Some(now),
        next_visit: Some(later(now, interval + jitter(source, interval))),
        next_reason: "a visit that did not end".into(),
        ..state.clone()
    }
}

/// The state as it would be, had the clock always gone as it goes now: `None` where it was not ahead. What was to be
/// waited is still waited, from now on; nobody rests until the year to which a clock once jumped.
pub fn anchored(state: &FeedState, now: Timestamp) -> Option<FeedState> {
    let last_visit = state.last_visit.filter(|last| *last > now)?;
    let earliest = |at: Option<Timestamp>| at.map(|at| at.min(now));
    let still = |at: Option<Timestamp>| {
        let wait = at?.duration_since(last_visit);
        Some(now.saturating_add(wait).unwrap_or(now).max(now))
    };
    Some(FeedState {
        last_visit: Some(now),
        next_visit: still(state.next_visit),
        retry_after: still(state.retry_after),
        last_success: earliest(state.last_success),
        last_change: earliest(state.last_change),
        last_body: earliest(state.last_body),
        ..state.clone()
    })
}

/// The state after a visit.
pub fn after(state: &FeedState, source: &Source, limits: Limits, outcome: &Outcome, now: Timestamp) -> FeedState {
    let mut next = FeedState {
        last_visit: Some(now),
        retry_after: None,
        ..state.clone()
    };
    match outcome {
        Outcome::NotModified { .. } => succeeded(&mut next, now),
        Outcome::Read { body, changed, .. } => {
            succeeded(&mut next, now);
            next.last_body = Some(now);
            next.last_change = if *changed { Some(now) } else { next.last_change };
            if may_keep_validators(state, body.complete, &body.digest) {
                next.validators = body.validators.clone();
            }
            next.was_whole |= body.complete;
            next.body_digest = Some(body.digest.clone());
            next.pace = body.pace.clone();
        }
        Outcome::Failed {
            error,
            status,
            retry_after,
        } => {
            next.failures = state.failures.saturating_add(1);
            next.error = Some(error.clone());
            next.gone = *status == Some(410);
            next.retry_after = retry_after.map(|wait| later(now, wait.min(RETRY_AFTER_MAX)));
        }
    }
    if let Outcome::NotModified { moved_to, .. } | Outcome::Read { moved_to, .. } = outcome {
        next.moved_to = moved_to.as_ref().map(ToString::to_string);
    }
    (next.next_visit, next.next_reason) = next_visit(&next, source, limits, outcome, now);
    next
}

fn succeeded(next: &mut FeedState, now: Timestamp) {
    next.last_success = Some(now);
    next.failures = 0;
    next.error = None;
}

/// Half a document stands for its entries only if it is always half (design §6.7): otherwise its validators would
/// earn us a 304 for news that we never saw.
fn may_keep_validators(state: &FeedState, complete: bool, digest: &[u8]) -> bool {
    complete || !state.was_whole || state.body_digest.as_deref() == Some(digest)
}

/// The latest of everything that is asked of us, and which of it that was.
fn next_visit(
    state: &FeedState,
    source: &Source,
    limits: Limits,
    outcome: &Outcome,
    now: Timestamp,
) -> (Option<Timestamp>, String) {
    if state.gone {
        return (
            None,
            "410: the publisher has removed the feed; edit the source to try again".into(),
        );
    }
    let interval = limits.min_interval.max(source.interval.unwrap_or_default());
    let mut asks = vec![(interval, "least time between visits".to_owned())];
    match outcome {
        Outcome::NotModified { fresh_for, .. } | Outcome::Read { fresh_for, .. } => {
            asks.extend(publisher_asks(*fresh_for, &state.pace, limits));
        }
        Outcome::Failed { .. } => asks.push(backoff(state.failures, interval, limits)),
    }
    let (wait, reason) = asks.into_iter().fold((Duration::ZERO, String::new()), |longest, ask| {
        if ask.0 > longest.0 { ask } else { longest }
    });
    let next = later(now, wait + jitter(source, wait));
    let (next, reason) = match state.retry_after {
        Some(until) if until > next => (until, "Retry-After".into()),
        _ => (next, reason),
    };
    let allowed = skip(next, &state.pace, later(now, limits.max_interval).max(next));
    match allowed == next {
        true => (Some(next), reason),
        false => (Some(allowed), "skipHours or skipDays".into()),
    }
}

fn publisher_asks(fresh_for: Option<Duration>, pace: &Pace, limits: Limits) -> Vec<(Duration, String)> {
    [
        (fresh_for, "Cache-Control or Expires"),
        (pace.ttl, "ttl"),
        (pace.update_period, "sy:updatePeriod"),
    ]
    .into_iter()
    .filter_map(|(wait, name)| Some((wait?, name)))
    .map(|(wait, name)| match wait > limits.max_interval {
        true => (
            limits.max_interval,
            format!("{name} (asked for more than max_interval)"),
        ),
        false => (wait, name.to_owned()),
    })
    .collect()
}

fn backoff(failures: u32, interval: Duration, limits: Limits) -> (Duration, String) {
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
    let skipped = |at: Timestamp| {
        let utc = at.to_zoned_datetime(TimeZone::UTC);
        let day = utc.weekday().to_monday_zero_offset().unsigned_abs();
        pace.skip_hours.contains(&utc.hour().unsigned_abs()) || pace.skip_days.contains(&day)
    };
    let mut allowed = at;
    while skipped(allowed) && allowed < until {
        let into_hour = allowed.as_second().rem_euclid(3600).unsigned_abs();
        allowed = later(allowed, Duration::from_secs(3600 - into_hour));
    }
    allowed.min(until).max(at)
}

fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
