//! How long a publisher says that an answer is fresh (RFC 9111 §4.2).

use std::time::Duration;

use http::{
    HeaderMap, HeaderName,
    header::{AGE, CACHE_CONTROL, DATE, EXPIRES},
};
use jiff::{SignedDuration, Timestamp};

use crate::model::fetched::Fresh;

/// What "for ever" is, in whole seconds (RFC 9111 §1.2.2).
const SECONDS_MAX: u64 = 1 << 31;

/// `Cache-Control: max-age`, else `Expires` less `Date` (`now`, where the answer has none), and in both cases less the
/// time that it spent in caches (`Age`). `None` where nothing is left or it must be asked for again anyway. `s-maxage` is
/// meant for caches that many people share, and not for us.
pub(super) fn fresh(headers: &HeaderMap, now: Timestamp) -> Option<Fresh> {
    let (lifetime, says) = match max_age(headers) {
        MaxAge::Seconds(seconds) => (Duration::from_secs(seconds), "Cache-Control"),
        MaxAge::Stale => return None,
        MaxAge::Unsaid => (until_expiry(headers, now)?, "Expires"),
    };
    let age = text(headers, AGE).and_then(seconds).unwrap_or_default();
    let lasts = lifetime.checked_sub(Duration::from_secs(age))?;
    (!lasts.is_zero()).then_some(Fresh { lasts, says })
}

enum MaxAge {
    Seconds(u64),
    /// Forbidden, or not to be understood.
    Stale,
    Unsaid,
}

/// The first `max-age` counts. `no-cache="Set-Cookie"` speaks of one header, not of the document.
fn max_age(headers: &HeaderMap) -> MaxAge {
    let lines = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let directives: Vec<_> = lines.flat_map(split).map(directive).collect();
    let forbids = |(name, value): &(String, Option<&str>)| matches!((&**name, value), ("no-store" | "no-cache", None));
    if directives.iter().any(forbids) {
        return MaxAge::Stale;
    }
    match directives.iter().find(|(name, _)| name == "max-age") {
        None => MaxAge::Unsaid,
        Some((_, value)) => value.and_then(seconds).map_or(MaxAge::Stale, MaxAge::Seconds),
    }
}

/// Split at commas, but not at those inside quotes.
fn split(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

fn directive(text: &str) -> (String, Option<&str>) {
    match text.split_once('=') {
        None => (text.trim().to_ascii_lowercase(), None),
        Some((name, value)) => (name.trim().to_ascii_lowercase(), Some(value.trim().trim_matches('"'))),
    }
}

fn until_expiry(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let expires = date(text(headers, EXPIRES)?)?;
    let sent = text(headers, DATE).and_then(date).unwrap_or(now);
    Duration::try_from(expires.duration_since(sent)).ok().map(at_most)
}

/// How long to wait (RFC 9110 §10.2.3); a date that is over says no more than that it is over.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, http::header::RETRY_AFTER)?;
    if let Some(seconds) = seconds(value) {
        return Some(Duration::from_secs(seconds));
    }
    let until = date(value)?;
    // By the publisher's clock and by ours: the longer wait is right for both.
    let sent = text(headers, DATE)
        .and_then(date)
        .filter(|sent| is_sensible(*sent, until));
    let wait = until.duration_since(sent.unwrap_or(now).min(now));
    Some(Duration::try_from(wait).map(at_most).unwrap_or_default())
}

/// Whether a clock by which a publisher counts can be right: one that was never set asks for decades.
fn is_sensible(sent: Timestamp, until: Timestamp) -> bool {
    let wait = until.duration_since(sent);
    !wait.is_negative() && wait <= SignedDuration::from_hours(7 * 24)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// Digits only; as many as you like.
fn seconds(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(SECONDS_MAX).min(SECONDS_MAX))
}

/// All three forms that RFC 9110 §5.6.7 knows. The very end of the year 9999 is beyond [`Timestamp::MAX`].
fn date(text: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text).ok()?;
    Some(Timestamp::try_from(date).unwrap_or(Timestamp::MAX))
}

fn at_most(duration: Duration) -> Duration {
    duration.min(Duration::from_secs(SECONDS_MAX))
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header::RETRY_AFTER};

    use super::*;

    fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    fn now() -> Timestamp {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn cache_control() {
        for (value, expect) in [
            ("max-age=60", Some(60)),
            ("Max-Age=60", Some(60)),
            ("max-age=\"60\"", Some(60)),
            ("public,max-age=60 , must-revalidate", Some(60)),
            ("max-age=60, max-age=90", Some(60)),
            ("private=\"a, max-age=3\", max-age=60", Some(60)),
            ("no-cache=\"Set-Cookie\", max-age=60", Some(60)),
            ("max-age=60, s-maxage=90", Some(60)),
            ("s-maxage=90", None),
            ("max-age=60, no-cache", None),
            ("no-store, max-age=60", None),
            ("max-age=0", None),
            ("max-age=-1", None),
            ("max-age=", None),
            ("max-age", None),
            ("max-age=60.5", None),
            ("max-age=1h", None),
            ("max-age=99999999999999999999999", Some(SECONDS_MAX)),
            ("", None),
            ("\"", None),
        ] {
            let found = fresh(&headers(&[(CACHE_CONTROL, value)]), now());
            assert_eq!(found.map(|fresh| fresh.lasts.as_secs()), expect, "{value}");
        }
        let lines = headers(&[(CACHE_CONTROL, "public"), (CACHE_CONTROL, "max-age=60")]);
        assert_eq!(
            fresh(&lines, now()).map(|fresh| fresh.lasts),
            Some(Duration::from_secs(60)),
            "two lines are one list"
        );
    }

    #[test]
    fn expires_counts_from_the_answers_own_date() {
        let noon = "Wed, 01 Jul 2026 12:00:00 GMT";
        for (expires, date, expect) in [
            ("Wed, 01 Jul 2026 13:00:00 GMT", Some(noon), Some(3600)),
            ("Wednesday, 01-Jul-26 13:00:00 GMT", Some(noon), Some(3600)),
            ("Wed Jul  1 13:00:00 2026", Some(noon), Some(3600)),
            (
                "Wed, 01 Jul 2026 13:00:00 GMT",
                Some("Wed, 01 Jul 2026 12:30:00 GMT"),
                Some(1800),
            ),
            ("Wed, 01 Jul 2026 13:00:00 GMT", None, Some(3600)),
            ("Wed, 01 Jul 2026 13:00:00 GMT", Some("yesterday"), Some(3600)),
            (noon, Some(noon), None),
            ("Wed, 01 Jul 2020 12:00:00 GMT", Some(noon), None),
            ("0", Some(noon), None),
            ("-1", Some(noon), None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(noon), Some(SECONDS_MAX)),
        ] {
            let date = date.map(|date| (DATE, date));
            let lines: Vec<_> = [(EXPIRES, expires)].into_iter().chain(date.clone()).collect();
            let found = fresh(&headers(&lines), now());
            assert_eq!(
                found.map(|fresh| (fresh.lasts.as_secs(), fresh.says)),
                expect.map(|lasts| (lasts, "Expires")),
                "{expires}, {date:?}"
            );
        }
    }

    #[test]
    fn max_age_beats_expires_and_age_is_spent_already() {
        let expires = (EXPIRES, "Wed, 01 Jul 2026 13:00:00 GMT");
        for (lines, expect) in [
            (vec![(CACHE_CONTROL, "max-age=60"), expires.clone()], Some(60)),
            (vec![(CACHE_CONTROL, "no-cache"), expires.clone()], None),
            (vec![(CACHE_CONTROL, "max-age=x"), expires.clone()], None),
            (vec![(CACHE_CONTROL, "public"), expires.clone()], Some(3600)),
            (vec![(CACHE_CONTROL, "max-age=60"), (AGE, "20")], Some(40)),
            (vec![(CACHE_CONTROL, "max-age=60"), (AGE, "60")], None),
            (
                vec![(CACHE_CONTROL, "max-age=60"), (AGE, "9999999999999999999999")],
                None,
            ),
            (vec![(CACHE_CONTROL, "max-age=60"), (AGE, "-5")], Some(60)),
            (vec![expires, (AGE, "600")], Some(3000)),
        ] {
            let found = fresh(&headers(&lines), now());
            assert_eq!(found.map(|fresh| fresh.lasts.as_secs()), expect, "{lines:?}");
        }
    }

    #[test]
    fn waits() {
        for (value, expect) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 120 ", Some(120)),
            ("1000000000000000000", Some(SECONDS_MAX)),
            ("Wed, 01 Jul 2026 12:02:00 GMT", Some(120)),
            ("Wednesday, 01-Jul-26 12:02:00 GMT", Some(120)),
            ("Wed, 01 Jul 2020 12:02:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(SECONDS_MAX)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let found = retry_after(&headers(&[(RETRY_AFTER, value)]), now());
            assert_eq!(found.map(|wait| wait.as_secs()), expect, "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now()), None);
    }

    #[test]
    fn a_date_to_wait_for_is_by_the_clock_of_whoever_is_behind() {
        for (sent, expect) in [
            ("Wed, 01 Jul 2026 12:00:00 GMT", 120),
            ("Wed, 01 Jul 2026 11:59:00 GMT", 180),
            ("Wed, 01 Jul 2026 12:01:00 GMT", 120),
            ("Tue, 30 Jun 2026 12:02:00 GMT", 86_400),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 120),
            ("Tue, 01 Jan 2041 00:00:00 GMT", 120),
        ] {
            let lines = headers(&[(RETRY_AFTER, "Wed, 01 Jul 2026 12:02:00 GMT"), (DATE, sent)]);
            assert_eq!(retry_after(&lines, now()), Some(Duration::from_secs(expect)), "{sent}");
        }
    }
}
