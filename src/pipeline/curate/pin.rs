//! What stands before all others for a time: safety news, by the rules of its source.

use jiff::{SignedDuration, Timestamp};

use super::{Desk, judged};
use crate::{
    model::{item::Item, source::Source},
    pipeline::update,
};

/// Until when an item is pinned, if it is: counted from its date, where that is plausible.
pub(super) fn until(item: &Item, source: &Source, desk: &Desk<'_>) -> Option<Timestamp> {
    if source.pin.is_empty() {
        return None;
    }
    let date = update::ordered_at(item.published, item.first_seen, source.dates);
    let until = date
        .checked_add(source.pinned_for)
        .ok()
        .filter(|until| *until > desk.now)?;
    let judged = judged(item, desk.habits(item));
    source.pin.iter().any(|rule| rule.matches(&judged)).then_some(until)
}

/// The longest that any of these sources pins; nothing older is pinned.
pub(super) fn longest<'a>(sources: impl Iterator<Item = &'a Source>) -> SignedDuration {
    let pinning = sources.filter(|source| !source.pin.is_empty());
    let longest = pinning.map(|source| source.pinned_for).max().unwrap_or_default();
    SignedDuration::try_from(longest).unwrap_or(SignedDuration::MAX)
}
