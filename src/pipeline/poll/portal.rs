//! Captive portals and proxies that answer for everybody.
//!
//! A hotel's or hospital's network may send every request to one page of its own. What comes from there is nobody's
//! news, and a permanent redirect to it moves nobody: an office proxy's once rewrote the whole list of another reader.

use std::collections::BTreeSet;

use url::Url;

use crate::model::visit::Place;

/// So many sites do not move to one page at once. Two may: a publisher closes one of two journals.
const SITES_MIN: usize = 3;

/// Where a visit was led, if that was another site. Sites are told apart by their hosts; `www.a.org` and `feeds.a.org`
/// are `a.org`.
pub fn led_to(asked: &Url, answered: &Url) -> Option<Place> {
    let (from, to) = (asked.host_str()?, answered.host_str()?);
    (!same_site(from, to)).then(|| Place(answered.as_str().to_owned()))
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

    fn led(asked: &str, answered: &str) -> Option<String> {
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
                Some("https://login.test/in?to=a"),
            ),
            ("https://a.org/", "https://ba.org/", Some("https://ba.org/")),
        ] {
            assert_eq!(led(asked, answered).as_deref(), expect, "{asked} {answered}");
        }
    }

    #[test]
    fn three_sites_at_one_place_are_a_portal() {
        assert!(is_portal(["a.org", "b.org", "c.org"]));
        assert!(!is_portal(["a.org", "b.org", "b.org", "b.org"]));
        assert!(!is_portal(["www.a.org", "feeds.a.org", "a.org", "b.org"]));
    }
}
