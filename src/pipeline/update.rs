//! What one feed changes in what is kept.

use std::collections::HashMap;

use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::{
    dedupe::{
        identity::{self, Identified},
        story,
    },
    flood, labels,
};
use crate::model::{
    draft::{Draft, Keyed},
    flood::Surfacing,
    identity::Known,
    intent::{Intent, Wording},
    item::{Item, ItemId},
    source::Dates,
};

/// What was decided about the entries of one document.
#[derive(Debug, Default)]
pub struct Plan {
    pub intents: Vec<Intent>,
    /// Items that wait, and when they are to surface now.
    pub held: Vec<(ItemId, Timestamp)>,
    pub new: usize,
    pub updated: usize,
    pub unchanged: usize,
}

/// Turns what a document says and what is known into what is to be done.
pub fn plan(
    origin: &str,
    entries: Vec<Keyed>,
    known: &Known,
    surfacing: &Surfacing,
    dates: Dates,
    now: Timestamp,
) -> Plan {
    let identified = identity::identify(origin, &entries, known);
    let mut plan = Plan::default();
    for (entry, identified) in entries.into_iter().zip(identified) {
        match identified {
            Identified::New(id) => plan.insert(id, entry, dates, now),
            Identified::Known(id) => plan.keep(id, entry, known),
            Identified::Gone | Identified::Repeated => plan.unchanged += 1,
        }
    }
    if surfacing.began {
        plan.surface(surfacing, now);
    }
    plan
}

impl Plan {
    /// The items that the document lists.
    pub fn present(&self) -> Vec<ItemId> {
        self.intents.iter().map(Intent::id).collect()
    }

    /// The items that are new or say something else than before: only their stories can change.
    pub fn changed(&self) -> Vec<ItemId> {
        let changes = self
            .intents
            .iter()
            .filter(|intent| !matches!(intent, Intent::Seen { .. }));
        changes.map(Intent::id).collect()
    }

    /// Whether it brings more than surfaces at once, and nothing was waiting before.
    pub fn begins_flood(&self, surfacing: &Surfacing, now: Timestamp) -> bool {
        let held = |intent: &Intent| matches!(intent, Intent::Insert { surfaces_at: Some(at), .. } if *at > now);
        surfacing.held.is_empty() && self.intents.iter().any(held)
    }

    /// When its new items say that they were published.
    pub fn published(&self) -> Vec<Timestamp> {
        let published = self.intents.iter().filter_map(|intent| match intent {
            Intent::Insert { wording, .. } => wording.draft.published,
            Intent::Edit { .. } | Intent::Seen { .. } => None,
        });
        published.collect()
    }

    /// Some publishers (gov.uk) give `updated` alone: at first sight that is an item's date, and what they say later moves
    /// it no more.
    fn insert(&mut self, id: ItemId, mut entry: Keyed, dates: Dates, now: Timestamp) {
        entry.draft.published = entry.draft.published.or(entry.draft.updated);
        let ordered_at = ordered_at(entry.draft.published, now, dates);
        self.new += 1;
        self.intents.push(Intent::Insert {
            id,
            wording: wording(entry),
            ordered_at,
            surfaces_at: None,
        });
    }

    fn surface(&mut self, surfacing: &Surfacing, now: Timestamp) {
        let new: Vec<_> = self.intents.iter().filter_map(place).collect();
        if new.is_empty() {
            return;
        }
        let mut times: HashMap<_, _> = flood::schedule(&new, surfacing, now).into_iter().collect();
        for intent in &mut self.intents {
            if let Intent::Insert { id, surfaces_at, .. } = intent {
                *surfaces_at = times.remove(id);
            }
        }
        let held = surfacing.held.iter();
        let moved =
            held.filter_map(|held| Some((held.id, *times.get(&held.id).filter(|at| **at != held.surfaces_at)?)));
        self.held = moved.collect();
    }

    fn keep(&mut self, id: ItemId, entry: Keyed, known: &Known) {
        if known
            .items
            .get(&id)
            .is_some_and(|item| says_the_same(item, &entry.draft))
        {
            self.unchanged += 1;
            self.intents.push(Intent::Seen {
                id,
                keys: entry.keys().cloned().collect(),
            });
        } else {
            self.updated += 1;
            self.intents.push(Intent::Edit {
                id,
                wording: wording(entry),
            });
        }
    }
}

/// A new item, and where it stands among the others.
fn place(intent: &Intent) -> Option<(ItemId, Timestamp)> {
    match intent {
        Intent::Insert { id, ordered_at, .. } => Some((*id, *ordered_at)),
        Intent::Edit { .. } | Intent::Seen { .. } => None,
    }
}

fn wording(entry: Keyed) -> Box<Wording> {
    Box::new(Wording {
        keys: entry.keys().cloned().collect(),
        title: entry.title,
        marks: story::marks_of(&entry.draft),
        notices: labels::notices(&entry.draft),
        draft: entry.draft,
    })
}

/// Dates are left out: a publisher that stamps every entry anew has edited nothing; and images, whose addresses change
/// with the server that they are fetched from.
fn says_the_same(item: &Item, draft: &Draft) -> bool {
    item.title == draft.title
        && item.summary == draft.summary
        && item.link == draft.link
        && item.authors == draft.authors
        && item.categories == draft.categories
        && item.doi == draft.doi
}

/// Where an item stands among the others: its own date where that is plausible, else when it was first seen.
///
/// A date later than that would pin the item to the top; one before 1990 is a clock that was never set.
pub fn ordered_at(published: Option<Timestamp>, first_seen: Timestamp, dates: Dates) -> Timestamp {
    match (published, dates) {
        (Some(published), Dates::Trust) if published <= first_seen && published >= earliest() => published,
        _ => first_seen,
    }
}

fn earliest() -> Timestamp {
    TimeZone::UTC
        .to_timestamp(date(1990, 1, 1).at(0, 0, 0, 0))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_orders_only_where_it_is_plausible() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let seen = at("2026-07-01T12:00:00Z");
        for (published, expect) in [
            (Some("2026-06-30T09:00:00Z"), "2026-06-30T09:00:00Z"),
            (Some("2026-07-01T12:00:01Z"), "2026-07-01T12:00:00Z"),
            (Some("2099-01-01T00:00:00Z"), "2026-07-01T12:00:00Z"),
            (Some("1970-01-01T00:00:00Z"), "2026-07-01T12:00:00Z"),
            (None, "2026-07-01T12:00:00Z"),
        ] {
            assert_eq!(
                ordered_at(published.map(at), seen, Dates::Trust),
                at(expect),
                "{published:?}"
            );
        }
        assert_eq!(ordered_at(Some(at("2026-06-30T09:00:00Z")), seen, Dates::Ignore), seen);
    }
}
