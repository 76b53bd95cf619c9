//! How often a source brings news, learnt from itself.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::visit::Brought;

/// Occasions that are remembered: enough for a weekly rhythm to show, few enough for a new one to be learnt.
const OCCASIONS: usize = 12;

/// What a source publishes within this is one occasion: journals put a whole issue online in one go.
const ONE_OCCASION: SignedDuration = SignedDuration::from_hours(1);

/// Visits between two occasions. News is then seen, on average, after a twenty-fourth of the time between two: an hour,
/// where it comes daily; seven hours, where it comes weekly.
const VISITS: u32 = 12;

/// Share of the time of our own watching that is waited at most: what dates say of a source is believed as we see it.
const WATCHED: u32 = 4;

/// Entries that claim to be older say nothing of how the source publishes now.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The occasions after a visit. At the first one, the dates of the entries tell what came before; where they do not, it is
/// an occasion itself, so that silence counts from there.
pub(super) fn heard(before: &[Timestamp], brought: &Brought, now: Timestamp) -> Vec<Timestamp> {
    if brought.new == 0 && !before.is_empty() {
        return before.to_vec();
    }
    let mut times = match before {
        [] => plausible(&brought.published, now),
        known => known.to_vec(),
    };
    if !before.is_empty() || times.is_empty() {
        times.push(now);
    }
    times.sort_unstable();
    let mut occasions: Vec<Timestamp> = vec![];
    for at in times {
        if occasions
            .last()
            .is_none_or(|last| at.duration_since(*last) >= ONE_OCCASION)
        {
            occasions.push(at);
        }
    }
    occasions.split_off(occasions.len().saturating_sub(OCCASIONS))
}

fn plausible(published: &[Timestamp], now: Timestamp) -> Vec<Timestamp> {
    let is_plausible = |at: &Timestamp| *at <= now && now.duration_since(*at) <= REMEMBERED;
    published.iter().copied().filter(is_plausible).collect()
}

/// The time between two occasions, on average and up to now, so that silence makes it longer; `None` before the first.
pub(super) fn between(occasions: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let oldest = occasions.first()?;
    let known = Duration::try_from(now.duration_since(*oldest)).ok()?;
    Some(known / u32::try_from(occasions.len()).ok()?)
}

/// How long to wait for the next news of a source that is watched for so long.
pub(super) fn wait(between: Duration, watched: Duration) -> Duration {
    (between / VISITS).min(watched / WATCHED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }

    fn hours_ago(hours: i64) -> Timestamp {
        now() - SignedDuration::from_hours(hours)
    }

    fn brought(new: usize, published: &[i64]) -> Brought {
        Brought {
            new,
            edited: 0,
            published: published.iter().copied().map(hours_ago).collect(),
        }
    }

    fn days(occasions: &[Timestamp]) -> Option<u64> {
        Some((between(occasions, now())?.as_secs() + 43_200) / 86_400)
    }

    #[test]
    fn a_first_visit_learns_from_the_dates_of_the_entries() {
        let daily: Vec<_> = (0..40).map(|n| n * 24).collect();
        assert_eq!(days(&heard(&[], &brought(40, &daily), now())), Some(1));
        let weekly_in_one_go: Vec<_> = (0..40).map(|n| n / 10 * 168).collect();
        assert_eq!(days(&heard(&[], &brought(40, &weekly_in_one_go), now())), Some(5));
        assert_eq!(heard(&[], &brought(9, &[]), now()), [now()], "no dates");
        let implausible = [-24, -48, 24 * 400, 24 * 500];
        assert_eq!(heard(&[], &brought(4, &implausible), now()), [now()]);
    }

    #[test]
    fn then_it_counts_when_news_was_heard() {
        let mut occasions = vec![];
        for n in (0..30).rev() {
            occasions = heard(&occasions, &brought(1, &[0]), hours_ago(n * 72));
        }
        assert_eq!((occasions.len(), days(&occasions)), (OCCASIONS, Some(3)));
        assert_eq!(heard(&occasions, &brought(0, &[]), now()), occasions, "no news");
    }

    #[test]
    fn a_new_source_is_watched_before_its_dates_are_believed() {
        let hours = |hours: u64| Duration::from_secs(3_600 * hours);
        assert_eq!(wait(hours(24 * 30), hours(0)), hours(0));
        assert_eq!(wait(hours(24 * 30), hours(24)), hours(6));
        assert_eq!(wait(hours(24 * 30), hours(24 * 365)), hours(60));
    }

    #[test]
    fn silence_makes_the_time_longer() {
        let occasions: Vec<_> = (0..12).rev().map(|n| hours_ago(24 * (60 + n))).collect();
        assert_eq!(days(&occasions), Some(6));
        let empty = heard(&[], &brought(0, &[]), hours_ago(24 * 10));
        assert_eq!(days(&empty), Some(10), "a feed that never had anything");
    }
}
