use std::time::Duration;

use url::Url;

use super::*;
use crate::model::{
    feed::Pace,
    fetched::Fresh,
    source::SourceId,
    visit::{Brought, Listed, Place},
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
    Source::new(
        SourceId::parse("a").unwrap(),
        "A".into(),
        Url::parse("https://a.test/feed").unwrap(),
        vec!["research".into()],
    )
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
        listed: Listed {
            entries: 3,
            rejected: 1,
        },
    };
    Outcome::Read {
        body,
        brought: Brought {
            edited: 1,
            ..Brought::default()
        },
        told: Told::default(),
    }
}

fn not_modified() -> Outcome {
    Outcome::NotModified(Told::default())
}

fn failed(status: Option<u16>, retry_after: Option<Duration>) -> Outcome {
    Outcome::Failed {
        error: "it failed".into(),
        status,
        retry_after,
        led_to: None,
    }
}

/// Of a machine that was started at the beginning of the year, where `wrong` is what is wrong with its clock.
fn clocks(now: Timestamp, wrong: SignedDuration) -> Reading {
    let uptime = (now - wrong).duration_since(at("2026-01-01T00:00:00Z"));
    Reading {
        now,
        uptime: Duration::try_from(uptime).unwrap(),
        boot: "1".into(),
    }
}

fn right(now: Timestamp) -> Reading {
    clocks(now, SignedDuration::ZERO)
}

/// After the machine was started again.
fn rebooted(now: Timestamp) -> Reading {
    Reading {
        boot: "2".into(),
        ..right(now)
    }
}

fn visit(state: &FeedState, outcome: &Outcome) -> FeedState {
    after(state, &source(), LIMITS, outcome, &right(now()))
}

/// How long until the next visit, in hours, without the jitter's tenth; and why.
fn wait(state: &FeedState) -> (i64, &str) {
    let wait = state.next_visit.unwrap().duration_since(now()).as_secs();
    ((wait * 10 / 11 + 3599) / 3600, &state.next_reason)
}

#[test]
fn the_longest_of_what_is_asked_for_decides() {
    let fresh = |hours: u32| {
        Outcome::NotModified(Told {
            fresh: Some(Fresh {
                lasts: HOUR * hours,
                says: "Cache-Control",
            }),
            ..Told::default()
        })
    };
    let state = FeedState::default();
    assert_eq!(wait(&visit(&state, &fresh(0))), (1, "least time between visits"));
    assert_eq!(wait(&visit(&state, &fresh(6))), (6, "Cache-Control"));
    let years = visit(&state, &fresh(24 * 365 * 3));
    assert_eq!(wait(&years), (24, "Cache-Control (asked for more than max_interval)"));
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
    let again = visit(&state, &not_modified());
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
    let plain = visit(&FeedState::default(), &read("1", true, Pace::default()));
    let jittered = plain.next_visit.unwrap().duration_since(plain.ready_at.unwrap());
    let never = Pace {
        skip_hours: (0..24).collect(),
        ..Pace::default()
    };
    let state = visit(&FeedState::default(), &read("1", true, never));
    let waits = state.next_visit.unwrap().duration_since(now()) - jittered;
    assert_eq!(waits, SignedDuration::from_hours(1 + 24), "believed up to max_interval");
    let wednesday = Pace {
        skip_days: vec![2],
        ..Pace::default()
    };
    let state = visit(&FeedState::default(), &read("1", true, wednesday));
    assert_eq!(state.next_visit.unwrap(), at("2026-07-02T00:00:00Z"));
    assert!(
        !due(&state, LIMITS, at("2026-07-08T12:00:00Z")),
        "a late visit skips them too"
    );
    assert!(due(&state, LIMITS, at("2026-07-09T00:00:00Z")));
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
    let state = visit(&state, &not_modified());
    assert_eq!((state.failures, state.error.as_deref(), wait(&state).0), (0, None, 1));
}

#[test]
fn retry_after_holds_even_against_all_and_has_a_cap() {
    let state = visit(&FeedState::default(), &failed(Some(429), Some(HOUR * 72)));
    assert_eq!(
        (state.ready_at, state.next_reason.as_str()),
        (Some(at("2026-07-04T12:00:00Z")), "Retry-After")
    );
    let late = state.next_visit.unwrap().duration_since(at("2026-07-04T12:00:00Z"));
    assert!((0..=360).contains(&late.as_secs()), "spread over six minutes: {late}");
    assert!(!may_ask(&state, at("2026-07-04T11:59:59Z")));
    assert!(may_ask(&state, at("2026-07-04T12:00:00Z")));
    let century = visit(&FeedState::default(), &failed(Some(503), Some(HOUR * 24 * 36_500)));
    assert_eq!(century.retry_after, Some(at("2026-07-08T12:00:00Z")));
    assert_eq!(century.next_reason, "Retry-After (asked for more than 7 days)");
    let short = visit(&FeedState::default(), &failed(Some(503), Some(HOUR / 2)));
    assert_eq!(wait(&short), (1, "failed 1 time"), "it brings no visit forward");
}

#[test]
fn who_is_held_with_another_has_not_failed() {
    let rested = |state: &FeedState, hours| held(state, "a.test", now() + HOUR * hours);
    let state = visit(&FeedState::default(), &not_modified());
    let waiting = rested(&state, 5);
    assert!(!may_ask(&waiting, now() + HOUR * 4) && may_ask(&waiting, now() + HOUR * 5));
    assert_eq!(
        (waiting.failures, waiting.next_reason.as_str()),
        (0, "Retry-After, which a.test asked of another source")
    );
    assert_eq!(rested(&waiting, 3), waiting, "a shorter wait ends no longer one");
    let (host, wait) = ("a.test".to_owned(), HOUR * 5);
    assert_eq!(visit(&state, &Outcome::Held { host, wait }), waiting);
    let answered_meanwhile = visit(&waiting, &not_modified());
    assert_eq!(answered_meanwhile.retry_after, waiting.retry_after);
    let gone = visit(&FeedState::default(), &failed(Some(410), None));
    assert_eq!(rested(&gone, 5), gone);
}

#[test]
fn the_same_bytes_renew_the_validators_and_the_belief_in_them() {
    let whole = visit(&FeedState::default(), &read("1", true, Pace::default()));
    let validators = Validators {
        etag: Some(b"\"2\"".to_vec()),
        last_modified: None,
    };
    let later = at("2026-07-10T12:00:00Z");
    let same = Outcome::Same {
        validators: validators.clone(),
        told: Told::default(),
    };
    let state = after(&whole, &source(), LIMITS, &same, &right(later));
    assert_eq!((&state.validators, state.last_body), (&validators, Some(later)));
    assert_eq!((state.last_change, state.listed), (whole.last_change, whole.listed));
}

#[test]
fn a_source_is_visited_in_its_own_rhythm() {
    let every = |hours: u32| FeedState {
        watched_since: Some(now() - HOUR * 24 * 365),
        news_at: (1..=12).rev().map(|n| now() - HOUR * hours * n).collect(),
        ..FeedState::default()
    };
    let next = |hours| visit(&every(hours), &not_modified());
    assert_eq!(wait(&next(2)), (1, "least time between visits"));
    assert_eq!(wait(&next(24)), (2, "its own rhythm, news every 24 hours"));
    assert_eq!(wait(&next(72)), (6, "its own rhythm, news every 3 days"));
    assert_eq!(wait(&next(24 * 30)), (24, "its own rhythm, news every 30 days"));
}

#[test]
fn of_two_that_ask_for_the_same_the_publisher_is_told() {
    let rare = FeedState {
        watched_since: Some(now() - HOUR * 24 * 365),
        news_at: vec![now() - HOUR * 24 * 300],
        ..FeedState::default()
    };
    let day = Told {
        fresh: Some(Fresh {
            lasts: HOUR * 24,
            says: "Cache-Control",
        }),
        ..Told::default()
    };
    assert_eq!(wait(&visit(&rare, &Outcome::NotModified(day))), (24, "Cache-Control"));
}

#[test]
fn where_a_visit_was_led_is_known_until_the_next_answer() {
    let place = Some(Place("https://login.test/".into()));
    let led = Outcome::Failed {
        error: "it failed".into(),
        status: None,
        retry_after: None,
        led_to: place.clone(),
    };
    let state = visit(&FeedState::default(), &led);
    assert_eq!(state.led.clone().map(|led| led.to), place);
    assert_eq!(visit(&state, &not_modified()).led, None);
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
    let claimed = claimed(&FeedState::default(), &source(), LIMITS, &right(now()));
    assert_eq!(wait(&claimed), (1, "a visit that did not end"));
}

#[test]
fn a_visit_that_did_not_end_is_waited_for_like_the_one_before() {
    let slow = Pace {
        ttl: Some(HOUR * 7),
        ..Pace::default()
    };
    let state = visit(&FeedState::default(), &read("1", true, slow));
    let claimed = claimed(&state, &source(), LIMITS, &right(now()));
    assert_eq!(wait(&claimed), (7, "a visit that did not end"));
}

#[test]
fn a_clock_that_was_ahead_neither_silences_nor_hurries() {
    let ahead = at("2099-01-01T00:00:00Z");
    let body = read("1", true, Pace::default());
    let state = after(&FeedState::default(), &source(), LIMITS, &body, &right(ahead));
    let wait = state.next_visit.unwrap().duration_since(ahead);
    let set_back = clocks(now(), now().duration_since(ahead));
    for clocks in [rebooted(now()), set_back] {
        let anchored = anchored(&state, ahead, &clocks).unwrap();
        assert!(!due(&anchored, LIMITS, now()));
        assert_eq!(anchored.next_visit.unwrap().duration_since(now()), wait);
        assert!(validators(&anchored, at("2026-07-10T12:00:00Z")).is_none());
    }
    assert_eq!(
        anchored(&state, ahead, &right(ahead)),
        None,
        "a clock that goes on changes nothing"
    );
}

#[test]
fn a_clock_that_was_set_back_brings_no_herd_together() {
    let ahead = at("2099-01-01T00:00:00Z");
    let visited = |minutes| {
        let at = ahead - SignedDuration::from_mins(minutes);
        let body = read("1", true, Pace::default());
        after(&FeedState::default(), &source(), LIMITS, &body, &right(at))
    };
    let next = |minutes, clocks: &Reading| anchored(&visited(minutes), ahead, clocks).unwrap().next_visit.unwrap();
    let set_back = clocks(now(), now().duration_since(ahead));
    for clocks in [rebooted(now()), set_back] {
        let apart = next(0, &clocks).duration_since(next(30, &clocks));
        assert_eq!(apart, SignedDuration::from_mins(30));
    }
}

#[test]
fn a_clock_that_is_set_forward_brings_no_visit_forward() {
    let state = visit(&FeedState::default(), &read("1", true, Pace::default()));
    let wait = state.next_visit.unwrap().duration_since(now());
    let (jump, minute) = (SignedDuration::from_hours(24 * 800), SignedDuration::from_mins(1));
    let after_jump = now() + jump + minute;
    assert!(due(&state, LIMITS, after_jump), "else this test says nothing");
    let state = anchored(&state, now(), &clocks(after_jump, jump)).unwrap();
    assert!(!due(&state, LIMITS, after_jump));
    assert_eq!(state.next_visit.unwrap().duration_since(after_jump), wait - minute);
    assert!(validators(&state, after_jump).is_some(), "eight days have not gone by");
    let again = anchored(&state, after_jump, &clocks(after_jump + minute, jump));
    assert_eq!(again, None, "one jump is one jump");
    let since = visit(&FeedState::default(), &not_modified());
    assert_eq!(
        anchored(&since, now(), &right(now() + jump)),
        None,
        "a long rest is none"
    );
}

#[test]
fn gone_is_gone() {
    let state = visit(&FeedState::default(), &failed(Some(410), None));
    assert!(!due(&state, LIMITS, Timestamp::MAX) && !may_ask(&state, Timestamp::MAX));
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
