//! What stands before all others for a time: safety news, by the rules of its source.

use jiff::{SignedDuration, Timestamp};

use super::{Desk, judged};
use crate::{
    model::{item::Item, source::Source},
    pipeline::update,
};

/// Until when an item is pinned, if it is: counted from its date, where that is plausible.
pub(super) fn until(item: &Item, source: &Source, desk: &Desk<'_>) -> Option<Timestamp> {
    let date = update::ordered_at(item.published, item.first_seen, source.dates);
    let until = date
        .checked_add(source.pinned_for)
        .ok()
        .filter(|until| *until > desk.now)?;
    is_safety_news(item, source, desk).then_some(until)
}

/// Whether an item's source pins it, or once did.
pub(super) fn is_safety_news(item: &Item, source: &Source, desk: &Desk<'_>) -> bool {
    let rules = &source.pin;
    !rules.is_empty() && {
        let judged = judged(item, desk.habits(item));
        rules.iter().any(|rule| rule.matches(&judged))
    }
}

/// The longest that any of these sources pins; nothing older is pinned.
pub(super) fn longest<'a>(sources: impl Iterator<Item = &'a Source>) -> SignedDuration {
    let pinning = sources.filter(|source| !source.pin.is_empty());
    let longest = pinning.map(|source| source.pinned_for).max().unwrap_or_default();
    SignedDuration::try_from(longest).unwrap_or(SignedDuration::MAX)
}
