//! When to visit a source, how to ask, and what a visit leaves behind (design §7).

mod moved;
mod next;
mod portal;
mod rhythm;

use jiff::{SignedDuration, Timestamp};

use self::next::later;
pub use self::{
    moved::proposed,
    next::Limits,
    portal::{is_portal, led_to, newly_led},
};
use crate::model::{
    fetched::{RETRY_AFTER_MAX, Validators},
    reading::Reading,
    source::Source,
    visit::{FeedState, Led, Moved, Outcome, ReadBody, Told},
};

/// After so long of nothing but 304, a publisher's validators are no longer believed: some answer 304 for ever
/// once they have sent a `Last-Modified` of the future.
const NOT_MODIFIED_BELIEVED: SignedDuration = SignedDuration::from_hours(8 * 24);

/// Whether a source is to be visited. A visit that comes late, after a rest or with another clock, keeps out of the hours
/// that the publisher skips, too.
pub fn due(state: &FeedState, limits: Limits, now: Timestamp) -> bool {
    let its_time = state.next_visit.is_none_or(|next| next <= now);
    its_time && may_ask(state, now) && !next::is_skipped(&state.pace, limits, now)
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
pub fn claimed(state: &FeedState, source: &Source, limits: Limits, clocks: &Reading) -> FeedState {
    let mut claimed = state.clone();
    next::plan_claim(&mut claimed, source, limits, clocks.now);
    claimed.visited = Some(clocks.clone());
    claimed
}

/// The state as it would be, had the clock always gone as it goes now; `None` where it has. `newest` is the time of the
/// latest visit to any source.
///
/// Waits go on as they were: a clock that is set forward brings no visit forward, one that is set back silences nobody, and
/// sources keep their distance from each other. Where the machine was started since the visit, only a clock that was ahead
/// is noticed: what was still to be waited at the newest visit is then waited from now on.
pub fn anchored(state: &FeedState, newest: Timestamp, clocks: &Reading) -> Option<FeedState> {
    let visited = state.visited.as_ref()?;
    let was_ahead = visited.now > clocks.now;
    let by = match clocks.jump_since(visited) {
        Some(by) => by,
        None if was_ahead => clocks.now.duration_since(newest),
        None => return None,
    };
    Some(shifted(state, by, clocks.now))
}

/// The state as it would be after the clock was set `by` so much, forward or back; `now` is the time since. What is past
/// stays past.
fn shifted(state: &FeedState, by: SignedDuration, now: Timestamp) -> FeedState {
    let set = |at: Timestamp, by| at.saturating_add(by).unwrap_or(now);
    let forward = by.max(SignedDuration::ZERO);
    let past = |at: Timestamp| set(at, forward).min(now);
    let future = |at: Option<Timestamp>| at.map(|at| set(at, by).max(now));
    FeedState {
        visited: state.visited.clone().map(|reading| Reading {
            now: set(reading.now, by).min(now),
            ..reading
        }),
        last_success: state.last_success.map(past),
        last_change: state.last_change.map(past),
        last_body: state.last_body.map(past),
        next_visit: future(state.next_visit),
        ready_at: future(state.ready_at),
        retry_after: future(state.retry_after),
        moved: state.moved.clone().map(|moved| Moved {
            since: past(moved.since),
            ..moved
        }),
        led: state.led.clone().map(|led| Led {
            since: past(led.since),
            ..led
        }),
        watched_since: state.watched_since.map(past),
        news_at: state.news_at.iter().copied().map(past).collect(),
        ..state.clone()
    }
}

/// The state after a visit.
pub fn after(state: &FeedState, source: &Source, limits: Limits, outcome: &Outcome, clocks: &Reading) -> FeedState {
    let now = clocks.now;
    let mut next = state.clone();
    match outcome {
        Outcome::NotModified(told) => succeeded(&mut next, told, now),
        Outcome::Same { validators, told } => {
            succeeded(&mut next, told, now);
            next.last_body = Some(now);
            next.validators = validators.clone();
        }
        Outcome::Read { body, brought, told } => {
            succeeded(&mut next, told, now);
            was_read(&mut next, body, now);
            if brought.new + brought.edited > 0 {
                next.last_change = Some(now);
            }
            next.news_at = rhythm::heard(&state.news_at, brought, now);
        }
        Outcome::Failed {
            error,
            status,
            retry_after,
            led_to,
        } => {
            next.failures = state.failures.saturating_add(1);
            next.error = Some(error.clone());
            next.gone = *status == Some(410);
            let asked = retry_after.map(|wait| later(now, wait.min(RETRY_AFTER_MAX)));
            next.retry_after = asked.max(still_running(state.retry_after, now));
            next.led = portal::led(state.led.as_ref(), led_to.as_ref(), now);
        }
        Outcome::Held { host, wait } => return held(state, host, later(now, (*wait).min(RETRY_AFTER_MAX))),
    }
    next.visited = Some(clocks.clone());
    next::plan(&mut next, source, limits, outcome, now);
    next
}

/// The state of a source whose host asked another source's visit to stay away.
pub fn held(state: &FeedState, host: &str, until: Timestamp) -> FeedState {
    if state.gone || state.retry_after.is_some_and(|own| own >= until) {
        return state.clone();
    }
    let mut next = FeedState {
        retry_after: Some(until),
        ..state.clone()
    };
    if state.next_visit.is_none_or(|at| at < until) {
        next.next_visit = Some(until);
        next.ready_at = Some(until);
        next.next_reason = format!("Retry-After, which {host} asked of another source");
    }
    next
}

fn succeeded(next: &mut FeedState, told: &Told, now: Timestamp) {
    next.last_success = Some(now);
    next.watched_since = next.watched_since.or(Some(now));
    next.failures = 0;
    next.error = None;
    next.retry_after = still_running(next.retry_after, now);
    next.moved = moved::again(next.moved.take(), told.moved_to.as_ref(), now);
    next.led = portal::led(next.led.as_ref(), told.led_to.as_ref(), now);
}

/// What the host asked of another source in the meantime.
fn still_running(retry_after: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    retry_after.filter(|until| *until > now)
}

fn was_read(next: &mut FeedState, body: &ReadBody, now: Timestamp) {
    next.last_body = Some(now);
    if may_keep_validators(next, body.complete, &body.digest) {
        next.validators = body.validators.clone();
    }
    next.was_whole |= body.complete;
    next.body_digest = Some(body.digest.clone());
    next.pace = body.pace.clone();
    next.listed = body.listed;
}

/// Half a document stands for its entries only if it is always half (design §6.7): otherwise its validators would
/// earn us a 304 for news that we never saw.
fn may_keep_validators(state: &FeedState, complete: bool, digest: &[u8]) -> bool {
    complete || !state.was_whole || state.body_digest.as_deref() == Some(digest)
}

#[cfg(test)]
mod tests;
