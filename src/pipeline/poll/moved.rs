//! Feeds that have moved for good.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::model::visit::Moved;

/// Publishers set up permanent redirects by mistake and take them back within days; a proxy that answers for everybody
/// is noticed within a week.
pub(super) const STOOD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A week in which the source was hardly asked proves nothing.
const STOOD_VISITS: u32 = 10;

/// The redirect that stands after a visit that was, or was not, led elsewhere for good.
pub(super) fn again(before: Option<Moved>, to: Option<&Url>, now: Timestamp) -> Option<Moved> {
    let to = to?.as_str();
    Some(match before {
        Some(moved) if moved.to == to => Moved {
            visits: moved.visits.saturating_add(1),
            ..moved
        },
        _ => Moved {
            to: to.to_owned(),
            since: now,
            visits: 1,
        },
    })
}

/// Whether a redirect has stood long enough for an editor to follow it.
pub fn proposed(moved: &Moved, now: Timestamp) -> bool {
    now.duration_since(moved.since) >= STOOD_FOR && moved.visits >= STOOD_VISITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_has_to_stand_for_a_week_and_ten_visits() {
        let to = |path: &str| Url::parse(&format!("https://new.test/{path}")).unwrap();
        let start: Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        let day = |n: i64| start + SignedDuration::from_hours(24 * n);
        let mut moved = None;
        for n in 0..8 {
            moved = again(moved, Some(&to("feed")), day(n));
        }
        assert!(!proposed(moved.as_ref().unwrap(), day(8)), "8 visits");
        for _ in 0..2 {
            moved = again(moved, Some(&to("feed")), day(8));
        }
        let stands = moved.clone().unwrap();
        assert!(!proposed(&stands, day(6)), "6 days");
        assert!(proposed(&stands, day(7)));
        assert_eq!(again(moved.clone(), None, day(9)), None, "taken back");
        let elsewhere = again(moved, Some(&to("other")), day(9)).unwrap();
        assert_eq!((elsewhere.visits, elsewhere.since), (1, day(9)), "to another place");
    }
}
