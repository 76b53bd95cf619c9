//! What one channel has been given so far, and what it still takes.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Chosen, Desk, Told, interleave::interleave, refusal::unsuitable};
use crate::{
    model::{
        channel::{Channel, HEADLINES_PER_SOURCE},
        intent::Announced,
        item::ItemId,
        publication::{AlsoReported, Edition, PublishedItem, PublishedSource},
        source::SourceKey,
        story::{FirstPublished, Story},
    },
    pipeline::extract::link,
};

/// Most pinned items of a channel at a time: with more, the news would begin where the block on the home page ends.
const PINNED_MAX: usize = 2;

#[derive(Debug)]
pub(super) struct Shelf<'a> {
    channel: &'a Channel,
    desk: Desk<'a>,
    /// Newest first, each with until when.
    pinned: Vec<(Place, Timestamp)>,
    /// Newest first.
    others: Vec<Place>,
}

/// A story that has a place.
#[derive(Debug)]
struct Place {
    item: PublishedItem,
    lead: ItemId,
    owner: SourceKey,
    ordered_at: Timestamp,
    announced: Option<Announced>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(channel: &'a Channel, desk: Desk<'a>) -> Self {
        Self {
            channel,
            desk,
            pinned: vec![],
            others: vec![],
        }
    }

    pub(super) fn too_old(&self, ordered_at: Timestamp) -> bool {
        too_old(self.channel, ordered_at, self.desk.now)
    }

    /// Whether nothing from `ordered_at` on has a place, but for what is pinned.
    pub(super) fn full(&self, ordered_at: Timestamp) -> bool {
        self.len() >= room(self.channel, ordered_at, self.desk.now)
    }

    /// Takes the next story, if the channel shows it.
    pub(super) fn offer(&mut self, told: &Told<'_>, story: &Story, ordered_at: Timestamp) {
        let pinned_until = told.pinned_until(self.channel).filter(|_| self.pins(told, ordered_at));
        if pinned_until.is_none() && self.refuses(told, ordered_at) {
            return;
        }
        let Some(place) = place(told, story, ordered_at, &self.desk) else {
            return;
        };
        match pinned_until {
            Some(until) => {
                self.make_room(place.owner);
                self.pinned.push((place, until));
            }
            None => self.others.push(place),
        }
    }

    fn refuses(&self, told: &Told<'_>, ordered_at: Timestamp) -> bool {
        self.full(ordered_at)
            || self.owned(told.source.key) >= self.channel.per_source
            || unsuitable(self.channel, told, &self.desk).is_some()
    }

    fn pins(&self, told: &Told<'_>, ordered_at: Timestamp) -> bool {
        let own = self.pinned.iter().filter(|(place, _)| place.owner == told.source.key);
        let most = PINNED_MAX.min(self.channel.limit);
        self.pinned.len() < most
            && own.count() < self.channel.per_source
            && !self.too_old(ordered_at)
            && unsuitable(self.channel, told, &self.desk).is_none()
    }

    /// Whatever was there before is newer, but not pinned: the oldest gives way.
    fn make_room(&mut self, owner: SourceKey) {
        if self.owned(owner) >= self.channel.per_source
            && let Some(at) = self.others.iter().rposition(|place| place.owner == owner)
        {
            self.others.remove(at);
        }
        self.others.truncate(self.channel.limit - 1 - self.pinned.len());
    }

    fn len(&self) -> usize {
        self.pinned.len() + self.others.len()
    }

    fn owned(&self, source: SourceKey) -> usize {
        let pinned = self.pinned.iter().map(|(place, _)| place);
        pinned.chain(&self.others).filter(|place| place.owner == source).count()
    }

    pub(super) fn finish(self) -> Chosen {
        let (first, pinned): (Vec<_>, Vec<_>) = self.pinned.into_iter().unzip();
        let others = interleave(self.others, |place| (place.owner, place.ordered_at));
        let places: Vec<_> = first.into_iter().chain(others).collect();
        let owners: Vec<_> = places.iter().map(|place| place.owner).collect();
        Chosen {
            leads: places.iter().map(|place| place.lead).collect(),
            announced: places.iter().filter_map(|place| place.announced).collect(),
            edition: Edition {
                channel: self.channel.clone(),
                changed: Timestamp::UNIX_EPOCH,
                headlines: headlines(&owners, self.channel.headlines),
                items: places.into_iter().map(|place| place.item).collect(),
            },
            owners,
            pinned,
        }
    }
}

/// The story as readers see it; `None` without a link.
fn place(told: &Told<'_>, story: &Story, ordered_at: Timestamp, desk: &Desk<'_>) -> Option<Place> {
    let first = FirstPublished {
        lead: told.lead.id,
        ..story.published.unwrap_or(FirstPublished {
            guid: told.lead.id,
            lead: told.lead.id,
            at: desk.now,
        })
    };
    let announced = Announced {
        story: story.key,
        published: first,
    };
    Some(Place {
        item: published(told, first.guid, ordered_at, desk)?,
        lead: told.lead.id,
        owner: told.source.key,
        ordered_at,
        announced: (story.published != Some(first)).then_some(announced),
    })
}

fn published(told: &Told<'_>, guid: ItemId, ordered_at: Timestamp, desk: &Desk<'_>) -> Option<PublishedItem> {
    let source = &told.source.source;
    let labels = told.labels(desk);
    Some(PublishedItem {
        guid,
        title: desk.titled(told.lead, labels.notice),
        excerpt: desk.excerpt(told.lead),
        link: told.lead.link.clone()?,
        source: PublishedSource {
            name: source.name.clone(),
            url: (!source.private).then(|| source.url.to_string()),
        },
        date: Timestamp::from_second(ordered_at.as_second()).unwrap_or(ordered_at),
        authors: told.lead.authors.clone(),
        categories: told.lead.categories.clone(),
        labels: labels.titles().into_iter().map(str::to_owned).collect(),
        also: also(told, desk),
        image: told.lead.image.clone(),
    })
}

pub(super) fn too_old(channel: &Channel, ordered_at: Timestamp, now: Timestamp) -> bool {
    let age = SignedDuration::try_from(channel.max_age).unwrap_or(SignedDuration::MAX);
    now.duration_since(ordered_at) > age
}

/// How many items the channel holds when those of `ordered_at` come: old ones only fill the block.
fn room(channel: &Channel, ordered_at: Timestamp, now: Timestamp) -> usize {
    match too_old(channel, ordered_at, now) {
        true => channel.headlines.min(channel.limit),
        false => channel.limit,
    }
}

/// Each other source once, with another page than the lead's.
fn also(told: &Told<'_>, desk: &Desk<'_>) -> Vec<AlsoReported> {
    let mut also: Vec<AlsoReported> = vec![];
    let page = told.lead.link.as_ref().map(link::canonical);
    for (item, watched) in &told.others {
        let Some(link) = item.link.clone() else { continue };
        let name = &watched.source.name;
        let known = *name == told.source.source.name || also.iter().any(|other| other.source == *name);
        if !known && Some(link::canonical(&link)) != page {
            also.push(AlsoReported {
                source: watched.source.name.clone(),
                title: desk.title(item),
                link,
            });
        }
    }
    also
}

/// The block: in order, at most [`HEADLINES_PER_SOURCE`] of one source while others have something.
fn headlines(owners: &[SourceKey], most: usize) -> Vec<usize> {
    let mut taken: HashMap<SourceKey, usize> = HashMap::new();
    let (mut chosen, mut spare) = (vec![], vec![]);
    for (at, owner) in owners.iter().enumerate() {
        let count = taken.entry(*owner).or_default();
        *count += 1;
        match *count <= HEADLINES_PER_SOURCE {
            true => chosen.push(at),
            false => spare.push(at),
        }
    }
    chosen.truncate(most);
    chosen.extend(spare.into_iter().take(most - chosen.len()));
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bursting_source_leaves_headlines_to_others() {
        let owners = |text: &str| text.bytes().map(|b| SourceKey(b.into())).collect::<Vec<_>>();
        for (items, most, expect) in [
            ("aaaabc", 5, vec![0, 1, 2, 4, 5]),
            ("aaaaaa", 5, vec![0, 1, 2, 3, 4]),
            ("aabbccdd", 5, vec![0, 1, 2, 3, 4]),
            ("ab", 5, vec![0, 1]),
            ("", 5, vec![]),
        ] {
            assert_eq!(headlines(&owners(items), most), expect, "{items}");
        }
    }
}
