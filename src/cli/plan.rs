//! When a source is visited next, in words.

use jiff::{Timestamp, tz::TimeZone};

use super::answer;
use crate::{
    model::{
        source::Source,
        visit::{FeedState, Moved},
    },
    pipeline::poll,
};

/// `next visit 6 Jul 2026, 14:23 (Cache-Control: ready at 14:20)`.
pub(super) fn next_visit(source: &Source, state: &FeedState, timezone: &TimeZone) -> String {
    match (source.enabled, state.next_visit) {
        (false, _) => "not visited (enabled = false)".into(),
        (true, None) if state.gone => format!("no further visits: {}", state.next_reason),
        (true, None) => "next visit: with the next cycle".into(),
        (true, Some(next)) => format!(
            "next visit {} ({})",
            answer::time(next, timezone),
            reason(state, timezone)
        ),
    }
}

fn reason(state: &FeedState, timezone: &TimeZone) -> String {
    match state.ready_at {
        Some(ready) => format!("{}: ready at {}", state.next_reason, clock(ready, state, timezone)),
        None => state.next_reason.clone(),
    }
}

/// With its day, where that is another one than the visit's.
fn clock(ready: Timestamp, state: &FeedState, timezone: &TimeZone) -> String {
    let local = |at: Timestamp| at.to_zoned_datetime(timezone.clone());
    let same_day = state
        .next_visit
        .is_some_and(|next| local(next).date() == local(ready).date());
    match same_day {
        true => local(ready).strftime("%H:%M").to_string(),
        false => answer::time(ready, timezone),
    }
}

/// What a permanent redirect means to an editor.
pub(super) fn moved(moved: &Moved, now: Timestamp, timezone: &TimeZone) -> String {
    let Moved { to, since, visits } = moved;
    let since = answer::time(*since, timezone);
    match poll::proposed(moved, now) {
        true => format!("has moved for good, says the publisher at all visits since {since}: write url = \"{to}\""),
        false => format!(
            "the publisher says that it has moved to {to} (since {since}, {}); that may be a mistake yet",
            answer::count(*visits as usize, "visit")
        ),
    }
}
