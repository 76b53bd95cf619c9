//! Runs of one source are broken up, where others have something of about the same time.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::model::source::SourceKey;

/// Most items of one source in a row, where it can be helped: as many as it may have among the headlines.
const RUN_MAX: usize = 2;

/// What is so near in time may change places: readers see days, and take those of one day for equally new.
const NEAR: SignedDuration = SignedDuration::from_hours(24);

/// Puts items that come newest first into the order in which they are shown.
///
/// Each place goes to the newest item that has none. Only where the two places before it are its source's own, it goes
/// to the newest of another source, if that is at most [`NEAR`] older. So an item never stands before one that is more
/// than a day newer, and goes down by at most one place for every two of its own source that stand before it.
pub(super) fn interleave<T>(newest_first: Vec<T>, told: impl Fn(&T) -> (SourceKey, Timestamp)) -> Vec<T> {
    let mut waiting = VecDeque::from(newest_first);
    let mut placed = Vec::with_capacity(waiting.len());
    let mut run: Option<(SourceKey, usize)> = None;
    while let Some(first) = waiting.front() {
        let (owner, at) = told(first);
        let next = match run {
            Some((source, length)) if source == owner && length >= RUN_MAX => {
                let near = waiting
                    .iter()
                    .map(&told)
                    .take_while(|(_, other)| at.duration_since(*other) <= NEAR);
                near.into_iter().position(|(other, _)| other != owner).unwrap_or(0)
            }
            _ => 0,
        };
        let Some(item) = waiting.remove(next) else { break };
        let (owner, _) = told(&item);
        run = match run {
            Some((source, length)) if source == owner => Some((owner, length + 1)),
            _ => Some((owner, 1)),
        };
        placed.push(item);
    }
    placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A source by its letter, and an age in hours.
    type Item = (char, i64);

    fn order(items: Vec<Item>) -> Vec<Item> {
        let told = |(source, hours): &Item| {
            let at = Timestamp::UNIX_EPOCH - SignedDuration::from_hours(*hours);
            (SourceKey(i64::from(u32::from(*source))), at)
        };
        interleave(items, told)
    }

    fn check(items: &[Item], expect: &str) {
        let sources: String = order(items.to_vec()).into_iter().map(|(source, _)| source).collect();
        assert_eq!(sources, expect, "{items:?}");
    }

    #[test]
    fn a_burst_is_broken_up_by_what_others_have_of_that_day() {
        let burst = [('a', 0); 6];
        check(&[&burst[..], &[('b', 3), ('c', 5)]].concat(), "aabaacaa");
        check(&[&burst[..], &[('b', 30), ('c', 31)]].concat(), "aaaaaabc");
        check(&[&burst[..], &[('b', 24), ('c', 25)]].concat(), "aabaaaac");
    }

    #[test]
    fn two_in_a_row_are_no_burst() {
        check(&[('a', 0), ('a', 1), ('b', 2), ('b', 3), ('a', 4)], "aabba");
        check(&[('a', 0), ('a', 1), ('a', 2), ('b', 2), ('b', 3)], "aabab");
        check(&[], "");
    }

    proptest! {
        #[test]
        fn the_same_items_no_further_from_their_places_than_was_said(
            mut items in prop::collection::vec((prop::char::range('a', 'd'), 0i64..80), 0..60),
        ) {
            items.sort_by_key(|(_, hours)| *hours);
            let numbered: Vec<_> = items.iter().copied().enumerate().collect();
            let told = |(_, (source, hours)): &(usize, Item)| {
                let at = Timestamp::UNIX_EPOCH - SignedDuration::from_hours(*hours);
                (SourceKey(i64::from(u32::from(*source))), at)
            };
            let placed = interleave(numbered.clone(), told);
            let mut sorted = placed.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, numbered, "a permutation");
            for (place, (before, (source, hours))) in placed.iter().enumerate() {
                let newest_after = placed[place..].iter().map(|(_, (_, hours))| *hours).min().unwrap();
                prop_assert!(hours - newest_after <= 24);
                let own = items[..*before].iter().filter(|(other, _)| other == source).count();
                prop_assert!(place <= before + own / RUN_MAX, "{place} {before} {own}");
            }
        }
    }
}
