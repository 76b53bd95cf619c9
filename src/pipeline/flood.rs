//! When the news of a source that brings much at once surfaces: so many an hour, and nothing is lost.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::model::{
    flood::{SURFACE_PER_HOUR, Surfacing},
    item::ItemId,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// When new items and those that wait surface: the newest first, in the order in which channels show them, so that
/// what is new today does not wait behind an archive.
///
/// `new` are items with where they stand. Whatever surfaced before `now` has surfaced; what waits is planned anew. Within
/// any hour at most [`SURFACE_PER_HOUR`] surface, however the news was spread over visits.
pub fn schedule(new: &[(ItemId, Timestamp)], surfacing: &Surfacing, now: Timestamp) -> Vec<(ItemId, Timestamp)> {
    let held = surfacing.held.iter().map(|held| (held.id, held.ordered_at));
    let mut queue: Vec<_> = new.iter().copied().chain(held).collect();
    queue.sort_unstable_by_key(|(id, ordered_at)| (Reverse(*ordered_at), *id));
    let mut times = surfacing.lately.clone();
    queue
        .into_iter()
        .map(|(id, _)| {
            let place = times.len().checked_sub(SURFACE_PER_HOUR).and_then(|at| times.get(at));
            let at = place.map_or(now, |before| now.max(*before + HOUR));
            times.push(at);
            (id, at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::model::flood::Held;

    fn minutes(n: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(n)
    }

    /// What a store remembers of one source.
    #[derive(Default)]
    struct Kept(BTreeMap<ItemId, (Timestamp, Timestamp)>);

    impl Kept {
        fn surfacing(&self, now: Timestamp) -> Surfacing {
            let mut lately: Vec<_> = self.0.values().map(|(_, at)| *at).collect();
            lately.retain(|at| *at <= now && *at > now - HOUR);
            lately.sort_unstable();
            let held = self.0.iter().filter(|(_, (_, at))| *at > now);
            Surfacing {
                began: true,
                lately,
                held: held
                    .map(|(id, (ordered_at, surfaces_at))| Held {
                        id: *id,
                        ordered_at: *ordered_at,
                        surfaces_at: *surfaces_at,
                    })
                    .collect(),
            }
        }

        fn visit(&mut self, new: &[(ItemId, Timestamp)], now: Timestamp) {
            let planned = schedule(new, &self.surfacing(now), now);
            let dates: BTreeMap<_, _> = new.iter().copied().collect();
            for (id, at) in planned {
                let ordered_at = dates.get(&id).copied().unwrap_or_else(|| self.0[&id].0);
                self.0.insert(id, (ordered_at, at));
            }
        }

        fn times(&self) -> Vec<Timestamp> {
            let mut times: Vec<_> = self.0.values().map(|(_, at)| *at).collect();
            times.sort_unstable();
            times
        }
    }

    fn item(n: u128, ordered_at: i64) -> (ItemId, Timestamp) {
        (ItemId(Uuid::from_u128(n)), minutes(ordered_at))
    }

    #[test]
    fn a_flood_surfaces_by_the_hour_and_todays_news_before_the_archive() {
        let mut kept = Kept::default();
        let archive: Vec<_> = (0..50).map(|n| item(n, n as i64)).collect();
        kept.visit(&archive, minutes(1_000));
        let at = |kept: &Kept, n: u128| kept.0[&item(n, 0).0].1;
        assert_eq!(
            [49, 30, 29, 10, 9, 0].map(|n| at(&kept, n)),
            [1_000, 1_000, 1_060, 1_060, 1_120, 1_120].map(minutes)
        );
        kept.visit(&[item(99, 1_010)], minutes(1_030));
        assert_eq!(at(&kept, 99), minutes(1_060), "before all that wait");
        assert_eq!((at(&kept, 29), at(&kept, 10)), (minutes(1_060), minutes(1_120)));
        assert_eq!(kept.0.len(), 51);
    }

    #[test]
    fn few_items_never_wait() {
        let mut kept = Kept::default();
        for visit in 0..5 {
            let now = minutes(visit * 60);
            kept.visit(
                &(0..20).map(|n| item((visit * 20 + n) as u128, n)).collect::<Vec<_>>(),
                now,
            );
            assert!(kept.times().iter().all(|at| *at <= now));
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_hour_has_too_many(visits in prop::collection::vec((0i64..200, 0usize..70), 1..12)) {
            let mut kept = Kept::default();
            let (mut now, mut number) = (1_000, 0);
            for (pause, count) in visits {
                now += pause;
                let before = kept.0.clone();
                let new: Vec<_> = (0..count).map(|n| item(number + n as u128, (n as i64 * 7) % 50)).collect();
                number += count as u128;
                kept.visit(&new, minutes(now));
                prop_assert_eq!(kept.0.len() as u128, number);
                for (id, (_, at)) in before.iter().filter(|(_, (_, at))| *at <= minutes(now)) {
                    prop_assert_eq!(kept.0[id].1, *at, "what has surfaced stays");
                }
            }
            for hour in kept.times().windows(SURFACE_PER_HOUR + 1) {
                prop_assert!(hour[SURFACE_PER_HOUR].duration_since(hour[0]) >= HOUR);
            }
        }

        /// However the same news is spread over visits of one time.
        #[test]
        fn the_order_of_cycles_makes_no_difference(cuts in prop::collection::vec(1usize..40, 1..6), seed in 0usize..100) {
            let total: usize = cuts.iter().sum();
            let all: Vec<_> = (0..total).map(|n| item(n as u128, ((n * (seed + 1)) % 97) as i64)).collect();
            let mut once = Kept::default();
            once.visit(&all, minutes(1_000));
            let mut bit_by_bit = Kept::default();
            let mut rest = all.as_slice();
            for cut in cuts {
                let (now, later) = rest.split_at(cut);
                bit_by_bit.visit(now, minutes(1_000));
                rest = later;
            }
            prop_assert_eq!(once.times(), bit_by_bit.times());
        }
    }
}
