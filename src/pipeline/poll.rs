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
mod tests {
    use url::Url;

    use super::*;
    use crate::model::{
        source::{Dates, Relevance, SourceId},
        visit::ReadBody,
    };

    const HOUR: Duration = Duration::from_secs(3600);
    const LIMITS: Limits = Limits {
        min_interval: HOUR,
        max_interval: Duration::from_secs(24 * 3600),
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        at("2026-07-01T12:00:00Z")
    }

    fn source() -> Source {
        Source {
            id: SourceId::parse("a").unwrap(),
            name: "A".into(),
            url: Url::parse("https://a.test/feed").unwrap(),
            topics: vec!["research".into()],
            enabled: true,
            priority: 0,
            interval: None,
            keep: vec![],
            drop: vec![],
            relevance: Relevance::Score,
            dates: Dates::Trust,
            excerpt: 250,
            private: false,
        }
    }

    fn read(digest: &str, complete: bool, pace: Pace) -> Outcome {
        let validators = Validators {
            etag: Some(format!("\"{digest}\"").into_bytes()),
            last_modified: None,
        };
        let body = ReadBody {
            validators,
            digest: digest.into(),
            complete,
            pace,
        };
        Outcome::Read {
            body,
            changed: true,
            fresh_for: None,
            moved_to: None,
        }
    }

    fn failed(status: Option<u16>, retry_after: Option<Duration>) -> Outcome {
        Outcome::Failed {
            error: "it failed".into(),
            status,
            retry_after,
        }
    }

    fn visit(state: &FeedState, outcome: &Outcome) -> FeedState {
        after(state, &source(), LIMITS, outcome, now())
    }

    /// How long until the next visit, in hours, without the jitter's tenth; and why.
    fn wait(state: &FeedState) -> (i64, &str) {
        let wait = state.next_visit.unwrap().duration_since(now()).as_secs();
        ((wait * 10 / 11 + 3599) / 3600, &state.next_reason)
    }

    #[test]
    fn the_longest_of_what_is_asked_for_decides() {
        let fresh = |hours: u32| Outcome::NotModified {
            fresh_for: Some(HOUR * hours),
            moved_to: None,
        };
        let state = FeedState::default();
        assert_eq!(wait(&visit(&state, &fresh(0))), (1, "least time between visits"));
        assert_eq!(wait(&visit(&state, &fresh(6))), (6, "Cache-Control or Expires"));
        let years = visit(&state, &fresh(24 * 365 * 3));
        assert_eq!(
            wait(&years),
            (24, "Cache-Control or Expires (asked for more than max_interval)")
        );
        let slow = read(
            "1",
            true,
            Pace {
                ttl: Some(HOUR * 3),
                ..Pace::default()
            },
        );
        assert_eq!(wait(&visit(&state, &slow)), (3, "ttl"));
    }

    #[test]
    fn a_304_is_answered_with_the_pace_of_the_body_it_stands_for() {
        let state = visit(
            &FeedState::default(),
            &read(
                "1",
                true,
                Pace {
                    ttl: Some(HOUR * 5),
                    ..Pace::default()
                },
            ),
        );
        let again = visit(
            &state,
            &Outcome::NotModified {
                fresh_for: None,
                moved_to: None,
            },
        );
        assert_eq!(wait(&again), (5, "ttl"));
    }

    #[test]
    fn skipped_hours_and_days_are_skipped() {
        let pace = Pace {
            skip_hours: vec![12, 13, 14, 15],
            ..Pace::default()
        };
        let state = visit(&FeedState::default(), &read("1", true, pace));
        assert_eq!(state.next_visit.unwrap(), at("2026-07-01T16:00:00Z"));
        let never = Pace {
            skip_hours: (0..24).collect(),
            ..Pace::default()
        };
        let state = visit(&FeedState::default(), &read("1", true, never));
        assert_eq!(
            state.next_visit.unwrap(),
            at("2026-07-02T12:00:00Z"),
            "believed up to max_interval"
        );
        let wednesday = Pace {
            skip_days: vec![2],
            ..Pace::default()
        };
        let state = visit(&FeedState::default(), &read("1", true, wednesday));
        assert_eq!(state.next_visit.unwrap(), at("2026-07-02T00:00:00Z"));
    }

    #[test]
    fn failures_back_off_and_a_success_ends_it() {
        let mut state = FeedState::default();
        let mut waits = vec![];
        for _ in 0..7 {
            state = visit(&state, &failed(Some(500), None));
            waits.push(wait(&state).0);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 24, 24]);
        assert_eq!(state.error.as_deref(), Some("it failed"));
        let state = visit(
            &state,
            &Outcome::NotModified {
                fresh_for: None,
                moved_to: None,
            },
        );
        assert_eq!((state.failures, state.error.as_deref(), wait(&state).0), (0, None, 1));
    }

    #[test]
    fn retry_after_holds_even_against_all_and_has_a_cap() {
        let state = visit(&FeedState::default(), &failed(Some(429), Some(HOUR * 72)));
        assert_eq!(state.next_visit, Some(at("2026-07-04T12:00:00Z")));
        assert!(!may_ask(&state, at("2026-07-04T11:59:59Z")));
        assert!(may_ask(&state, at("2026-07-04T12:00:00Z")));
        let century = visit(&FeedState::default(), &failed(Some(503), Some(HOUR * 24 * 36_500)));
        assert_eq!(century.retry_after, Some(at("2026-07-08T12:00:00Z")));
    }

    #[test]
    fn skipped_hours_hold_after_a_failure_too() {
        let pace = Pace {
            skip_hours: vec![13, 14],
            ..Pace::default()
        };
        let state = visit(&FeedState::default(), &read("1", true, pace));
        let state = visit(&state, &failed(Some(500), None));
        assert_eq!(state.next_visit.unwrap(), at("2026-07-01T15:00:00Z"));
        assert_eq!(state.next_reason, "skipHours or skipDays");
    }

    #[test]
    fn a_source_that_is_being_asked_is_not_due_again() {
        let claimed = claimed(&FeedState::default(), &source(), LIMITS, now());
        assert_eq!(wait(&claimed), (1, "a visit that did not end"));
    }

    #[test]
    fn a_clock_that_was_ahead_neither_silences_nor_hurries() {
        let ahead = at("2099-01-01T00:00:00Z");
        let state = after(
            &FeedState::default(),
            &source(),
            LIMITS,
            &read("1", true, Pace::default()),
            ahead,
        );
        let wait = state.next_visit.unwrap().duration_since(ahead);
        let anchored_state = anchored(&state, now()).unwrap();
        assert!(!due(&anchored_state, now()));
        assert_eq!(anchored_state.next_visit.unwrap().duration_since(now()), wait);
        assert!(validators(&anchored_state, at("2026-07-10T12:00:00Z")).is_none());
        assert_eq!(anchored(&state, ahead), None, "a clock that goes on changes nothing");
    }

    #[test]
    fn gone_is_gone() {
        let state = visit(&FeedState::default(), &failed(Some(410), None));
        assert!(!due(&state, Timestamp::MAX) && !may_ask(&state, Timestamp::MAX));
        assert!(state.next_visit.is_none());
    }

    #[test]
    fn requests_are_conditional_but_not_for_ever() {
        assert_eq!(validators(&FeedState::default(), now()), None);
        let state = visit(&FeedState::default(), &read("1", true, Pace::default()));
        assert_eq!(validators(&state, now()).unwrap().etag.unwrap(), b"\"1\"");
        assert!(validators(&state, at("2026-07-09T11:59:59Z")).is_some());
        assert!(validators(&state, at("2026-07-09T12:00:00Z")).is_none());
    }

    #[test]
    fn half_a_document_leaves_no_validators_unless_it_is_always_half() {
        let etag = |state: &FeedState| String::from_utf8(state.validators.etag.clone().unwrap_or_default()).unwrap();
        let whole = visit(&FeedState::default(), &read("1", true, Pace::default()));
        let half = visit(&whole, &read("2", false, Pace::default()));
        assert_eq!(etag(&half), "\"1\"");
        let again = visit(&half, &read("2", false, Pace::default()));
        assert_eq!(
            etag(&again),
            "\"2\"",
            "the same bytes twice: that is what the publisher has"
        );
        let never_whole = visit(&FeedState::default(), &read("3", false, Pace::default()));
        assert_eq!(etag(&never_whole), "\"3\"");
    }
}
