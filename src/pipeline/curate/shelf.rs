//! What one channel has been given so far, and what it still takes.

use std::{collections::HashMap, fmt};

use jiff::{SignedDuration, Timestamp};

use super::{Chosen, Desk, Told, labels, relevant, title};
use crate::{
    model::{
        channel::{Channel, HEADLINES_PER_SOURCE},
        editorial::Editorial,
        intent::Announced,
        item::ItemId,
        publication::{AlsoReported, Edition, PublishedItem, PublishedSource},
        source::{SourceKey, Watched},
        story::{FirstPublished, Story},
    },
    pipeline::extract::{self, link},
};

#[derive(Debug)]
pub(super) struct Shelf<'a> {
    channel: &'a Channel,
    desk: Desk<'a>,
    items: Vec<PublishedItem>,
    leads: Vec<ItemId>,
    owners: Vec<SourceKey>,
    announced: Vec<Announced>,
}

/// Why a channel does not show a story that may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    OtherTopics,
    NotAboutCancer,
    TooOld,
    PerSource,
    Full,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherTopics => "the channel takes other topics",
            Self::NotAboutCancer => "nothing in it speaks of cancer",
            Self::TooOld => "older than the channel's max_age",
            Self::PerSource => "its source has as many newer items as per_source allows",
            Self::Full => "the channel is full of newer items (limit)",
        })
    }
}

impl<'a> Shelf<'a> {
    pub(super) fn new(channel: &'a Channel, desk: Desk<'a>) -> Self {
        Self {
            channel,
            desk,
            items: vec![],
            leads: vec![],
            owners: vec![],
            announced: vec![],
        }
    }

    pub(super) fn too_old(&self, ordered_at: Timestamp) -> bool {
        too_old(self.channel, ordered_at, self.desk.now)
    }

    /// Whether nothing from `ordered_at` on has a place.
    pub(super) fn full(&self, ordered_at: Timestamp) -> bool {
        self.items.len() >= room(self.channel, ordered_at, self.desk.now)
    }

    pub(super) fn refusal(&self, told: &Told<'_>, ordered_at: Timestamp) -> Option<Refusal> {
        let owned = || self.owners.iter().filter(|owner| **owner == told.source.key).count();
        match () {
            () if self.items.len() >= self.channel.limit => Some(Refusal::Full),
            () if self.full(ordered_at) => Some(Refusal::TooOld),
            () if owned() >= self.channel.per_source => Some(Refusal::PerSource),
            () => unsuitable(self.channel, told, &self.desk),
        }
    }

    pub(super) fn take(&mut self, told: &Told<'_>, story: &Story, ordered_at: Timestamp) {
        let Some(link) = told.lead.link.clone() else { return };
        let first = FirstPublished {
            lead: told.lead.id,
            ..story.published.unwrap_or(FirstPublished {
                guid: told.lead.id,
                lead: told.lead.id,
                at: self.desk.now,
            })
        };
        let source = &told.source.source;
        let rules = &self.desk.editorial.boilerplate;
        let text = extract::text_of(told.lead, rules);
        let labels = labels(told.lead, self.desk.editorial).labels;
        self.items.push(PublishedItem {
            guid: first.guid,
            title: title(told.lead, self.desk.editorial),
            excerpt: extract::excerpt_of(text, &told.lead.title, source.excerpt, rules),
            link,
            source: PublishedSource {
                name: source.name.clone(),
                url: (!source.private).then(|| source.url.to_string()),
            },
            date: Timestamp::from_second(ordered_at.as_second()).unwrap_or(ordered_at),
            authors: told.lead.authors.clone(),
            categories: told.lead.categories.clone(),
            labels: labels.titles().into_iter().map(str::to_owned).collect(),
            also: also(told, self.desk.editorial),
        });
        self.leads.push(told.lead.id);
        self.owners.push(told.source.key);
        if story.published != Some(first) {
            self.announced.push(Announced {
                story: story.key,
                published: first,
            });
        }
    }

    pub(super) fn finish(self) -> Chosen {
        let headlines = headlines(&self.owners, self.channel.headlines);
        let edition = Edition {
            channel: self.channel.clone(),
            changed: Timestamp::UNIX_EPOCH,
            items: self.items,
            headlines,
        };
        Chosen {
            edition,
            leads: self.leads,
            owners: self.owners,
            announced: self.announced,
        }
    }
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

/// Why the channel would not show this story even if it were empty.
pub(super) fn unsuitable(channel: &Channel, told: &Told<'_>, desk: &Desk<'_>) -> Option<Refusal> {
    if !told.tellers().any(|(_, watched)| carries(watched, channel)) {
        return Some(Refusal::OtherTopics);
    }
    let about_cancer = |(item, watched): (_, &Watched)| relevant(item, &watched.source, desk.editorial);
    let relevant = !channel.relevance || told.tellers().any(about_cancer);
    (!relevant).then_some(Refusal::NotAboutCancer)
}

fn carries(watched: &Watched, channel: &Channel) -> bool {
    watched.source.topics.iter().any(|topic| channel.topics.contains(topic))
}

/// Each other source once, with another page than the lead's.
fn also(told: &Told<'_>, editorial: &Editorial) -> Vec<AlsoReported> {
    let mut also: Vec<AlsoReported> = vec![];
    let page = told.lead.link.as_ref().map(link::canonical);
    for (item, watched) in &told.others {
        let Some(link) = item.link.clone() else { continue };
        let name = &watched.source.name;
        let known = *name == told.source.source.name || also.iter().any(|other| other.source == *name);
        if !known && Some(link::canonical(&link)) != page {
            also.push(AlsoReported {
                source: watched.source.name.clone(),
                title: title(item, editorial),
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
