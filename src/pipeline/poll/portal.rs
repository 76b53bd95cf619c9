//! Captive portals and proxies that answer for everybody.
//!
//! A hotel's or hospital's network may send every request to one page of its own. What comes from there is nobody's
//! news, and a permanent redirect to it moves nobody: an office proxy's once rewrote the whole list of another reader.

use std::collections::BTreeSet;

use jiff::Timestamp;
use url::Url;

use super::moved::STOOD_FOR;
use crate::model::visit::{Led, Place};

/// So many sites do not move to one page at once. Two may: a publisher closes one of two journals.
const SITES_MIN: usize = 3;

/// Where a visit was led, if that was another site. Sites are told apart by their hosts; `www.a.org` and `feeds.a.org`
/// are `a.org`. Where exactly is told without the query, in which a portal remembers what was wanted.
pub fn led_to(asked: &Url, answered: &Url) -> Option<Place> {
    let (from, to) = (asked.host_str()?, answered.host_str()?);
    (!same_site(from, to)).then(|| {
        Place(format!(
            "{}{}",
            answered.origin().ascii_serialization(),
            answered.path()
        ))
    })
}

/// What is remembered of where a visit was led.
pub(super) fn led(before: Option<&Led>, to: Option<&Place>, now: Timestamp) -> Option<Led> {
    let to = to?;
    let since = before.filter(|led| led.to == *to).map_or(now, |led| led.since);
    Some(Led { to: to.clone(), since })
}

/// Whether a source was not led to a place before, or not for long. Three journals of one publisher may have moved to one
/// page that tells them apart by its query: who is led there for a week stands before no portal.
pub fn newly_led(before: Option<&Led>, to: &Place, now: Timestamp) -> bool {
    before.is_none_or(|led| led.to != *to || now.duration_since(led.since) < STOOD_FOR)
}

fn same_site(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|host| host.trim_end_matches('.').trim_start_matches("www."));
    let below = |host: &str, site: &str| host.strip_suffix(site).is_some_and(|rest| rest.ends_with('.'));
    one == other || below(one, other) || below(other, one)
}

/// Whether a place to which these hosts were led at once is a captive portal.
pub fn is_portal<'a>(hosts: impl IntoIterator<Item = &'a str>) -> bool {
    let mut sites: BTreeSet<&str> = BTreeSet::new();
    for host in hosts {
        if !sites.iter().any(|site| same_site(site, host)) {
            sites.insert(host);
        }
    }
    sites.len() >= SITES_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(asked: &str, answered: &str) -> Option<String> {
        let url = |text: &str| Url::parse(text).unwrap();
        led_to(&url(asked), &url(answered)).map(|place| place.0)
    }

    #[test]
    fn only_another_site_is_a_place_to_be_led_to() {
        for (asked, answered, expect) in [
            ("https://a.org/feed", "https://a.org/rss?x", None),
            ("http://a.org/feed", "https://www.a.org/feed", None),
            ("https://www.a.org/feed", "https://feeds.a.org/feed", None),
            (
                "https://a.org/",
                "https://login.test/in?to=a",
                Some("https://login.test/in"),
            ),
            ("https://a.org/", "https://ba.org/", Some("https://ba.org/")),
        ] {
            assert_eq!(place(asked, answered).as_deref(), expect, "{asked} {answered}");
        }
    }

    #[test]
    fn who_is_led_there_for_a_week_is_led_there_for_good() {
        let start: Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        let day = |n: i64| start + jiff::SignedDuration::from_hours(24 * n);
        let place = |path: &str| Place(format!("https://hub.test/{path}"));
        let mut stands = None;
        for n in 0..8 {
            stands = led(stands.as_ref(), Some(&place("a")), day(n));
        }
        assert!(newly_led(None, &place("a"), start));
        assert!(newly_led(stands.as_ref(), &place("a"), day(6)));
        assert!(!newly_led(stands.as_ref(), &place("a"), day(7)));
        assert!(newly_led(stands.as_ref(), &place("b"), day(7)), "elsewhere");
        assert_eq!(led(stands.as_ref(), None, day(8)), None);
    }

    #[test]
    fn three_sites_at_one_place_are_a_portal() {
        assert!(is_portal(["a.org", "b.org", "c.org"]));
        assert!(!is_portal(["a.org", "b.org", "b.org", "b.org"]));
        assert!(!is_portal(["www.a.org", "feeds.a.org", "a.org", "b.org"]));
    }
}
