//! Which stories a channel shows, and in what order.

use std::{collections::HashMap, ops::ControlFlow};

use jiff::{SignedDuration, Timestamp};

use super::{
    dedupe::lead,
    extract,
    relevance::{self, Score},
};
use crate::model::{
    channel::{Channel, HEADLINES_PER_SOURCE},
    intent::Announced,
    item::{Item, ItemId},
    publication::{AlsoReported, Edition, PublishedItem, PublishedSource},
    source::{Relevance, Source, SourceKey, Watched},
    story::{FirstPublished, Story},
};

/// Most stories looked at beyond the oldest `max_age` to fill a block: a channel whose sources have gone quiet
/// shows old news, but does not read the whole archive for it at every publication.
const OLD_STORIES_MAX: usize = 5_000;

/// Whether an item may be shown at all, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Shown,
    /// Its source is not in `feeds.toml` any more.
    SourceRemoved,
    NoLink,
    /// The source has `keep` rules, and none matches.
    NotKept,
    /// The `drop` rule that matches.
    Dropped(String),
}

/// Judges an item by its source's rules.
pub fn judge(item: &Item, source: Option<&Source>) -> Verdict {
    let Some(source) = source else {
        return Verdict::SourceRemoved;
    };
    if item.link.is_none() {
        return Verdict::NoLink;
    }
    let text = format!("{}\n{}\n{}", item.title, item.summary, item.categories.join("\n"));
    if !source.keep.is_empty() && !source.keep.iter().any(|rule| rule.matches(&text)) {
        return Verdict::NotKept;
    }
    match source.drop.iter().find(|rule| rule.matches(&text)) {
        Some(rule) => Verdict::Dropped(rule.as_str().to_owned()),
        None => Verdict::Shown,
    }
}

/// What an item says of cancer.
pub fn score(item: &Item) -> Score {
    relevance::score(&item.title, &item.summary, &item.categories)
}

/// Chooses for all channels in one pass over the stories, newest first.
#[derive(Debug)]
pub struct Curation<'a> {
    sources: &'a HashMap<SourceKey, Watched>,
    now: Timestamp,
    shelves: Vec<Shelf<'a>>,
    old_stories: usize,
}

/// What one channel has been given so far.
#[derive(Debug)]
struct Shelf<'a> {
    channel: &'a Channel,
    items: Vec<PublishedItem>,
    owners: Vec<SourceKey>,
    announced: Vec<Announced>,
}

/// A channel's choice.
#[derive(Debug)]
pub struct Chosen {
    /// Its `changed` is yet to be found out.
    pub edition: Edition,
    /// What the stories shown are public under.
    pub announced: Vec<Announced>,
}

impl<'a> Curation<'a> {
    pub fn new(channels: &'a [Channel], sources: &'a HashMap<SourceKey, Watched>, now: Timestamp) -> Self {
        let shelf = |channel| Shelf {
            channel,
            items: vec![],
            owners: vec![],
            announced: vec![],
        };
        Self {
            sources,
            now,
            shelves: channels.iter().map(shelf).collect(),
            old_stories: 0,
        }
    }

    /// Offers the next item with its story: items come newest first, and a story is taken in its lead's place.
    pub fn offer(&mut self, item: ItemId, ordered_at: Timestamp, story: &Story) -> ControlFlow<()> {
        let Some(told) = tell(story, self.sources, self.now) else {
            return self.go_on(ordered_at);
        };
        if told.lead.id == item {
            for shelf in &mut self.shelves {
                if shelf.wants(&told, ordered_at, self.now) {
                    shelf.take(&told, story, ordered_at, self.now);
                }
            }
        }
        self.go_on(ordered_at)
    }

    fn go_on(&mut self, ordered_at: Timestamp) -> ControlFlow<()> {
        let aged = self.shelves.iter().all(|shelf| shelf.too_old(ordered_at, self.now));
        self.old_stories += usize::from(aged);
        match self.shelves.iter().all(|shelf| shelf.full(ordered_at, self.now)) || self.old_stories > OLD_STORIES_MAX {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    pub fn finish(self) -> Vec<Chosen> {
        self.shelves.into_iter().map(Shelf::finish).collect()
    }
}

/// A story as it is told: its lead, and the others that may be shown.
struct Told<'a> {
    lead: &'a Item,
    source: &'a Watched,
    others: Vec<(&'a Item, &'a Watched)>,
}

/// `None` for a story of which nothing may be shown.
fn tell<'a>(story: &'a Story, sources: &'a HashMap<SourceKey, Watched>, now: Timestamp) -> Option<Told<'a>> {
    let mut members: Vec<_> = story
        .members
        .iter()
        .filter_map(|item| Some((item, sources.get(&item.source)?)))
        .filter(|(item, watched)| judge(item, Some(&watched.source)) == Verdict::Shown)
        .collect();
    let candidates: Vec<_> = members.iter().map(|(item, watched)| (*item, &watched.source)).collect();
    let at = lead::choose(&candidates, story.published.as_ref(), now)?;
    let (lead, source) = members.remove(at);
    members.sort_by_key(|(item, watched)| (item.first_seen, watched.source.id.clone(), item.id));
    Some(Told {
        lead,
        source,
        others: members,
    })
}

/// The item that leads a story now; `None` where nothing of it may be shown.
pub fn lead_of(story: &Story, sources: &HashMap<SourceKey, Watched>, now: Timestamp) -> Option<ItemId> {
    tell(story, sources, now).map(|told| told.lead.id)
}

impl Shelf<'_> {
    fn too_old(&self, ordered_at: Timestamp, now: Timestamp) -> bool {
        let age = SignedDuration::try_from(self.channel.max_age).unwrap_or(SignedDuration::MAX);
        now.duration_since(ordered_at) > age
    }

    fn full(&self, ordered_at: Timestamp, now: Timestamp) -> bool {
        let enough = if self.too_old(ordered_at, now) {
            self.channel.headlines
        } else {
            self.channel.limit
        };
        self.items.len() >= enough.min(self.channel.limit)
    }

    fn wants(&self, told: &Told<'_>, ordered_at: Timestamp, now: Timestamp) -> bool {
        let tellers = || std::iter::once((told.lead, told.source)).chain(told.others.iter().copied());
        let owned = self.owners.iter().filter(|owner| **owner == told.source.key).count();
        !self.full(ordered_at, now)
            && owned < self.channel.per_source
            && tellers().any(|(_, watched)| carries(watched, self.channel))
            && (!self.channel.relevance || tellers().any(|(item, watched)| relevant(item, &watched.source)))
    }

    fn take(&mut self, told: &Told<'_>, story: &Story, ordered_at: Timestamp, now: Timestamp) {
        let Some(link) = told.lead.link.clone() else { return };
        let first = story.published.unwrap_or(FirstPublished {
            guid: told.lead.id,
            lead: told.lead.id,
            at: now,
        });
        let source = &told.source.source;
        let excerpt = extract::excerpt_of(&told.lead.summary, &told.lead.title, source.excerpt);
        self.items.push(PublishedItem {
            guid: first.guid,
            title: told.lead.title.clone(),
            excerpt,
            link,
            source: PublishedSource {
                name: source.name.clone(),
                url: (!source.private).then(|| source.url.to_string()),
            },
            date: Timestamp::from_second(ordered_at.as_second()).unwrap_or(ordered_at),
            authors: told.lead.authors.clone(),
            categories: told.lead.categories.clone(),
            also: also(told),
        });
        self.owners.push(told.source.key);
        self.announced.push(Announced {
            story: story.key,
            published: FirstPublished {
                lead: told.lead.id,
                ..first
            },
        });
    }

    fn finish(self) -> Chosen {
        let headlines = headlines(&self.owners, self.channel.headlines);
        let channel = self.channel.clone();
        let edition = Edition {
            channel,
            changed: Timestamp::UNIX_EPOCH,
            items: self.items,
            headlines,
        };
        Chosen {
            edition,
            announced: self.announced,
        }
    }
}

fn carries(watched: &Watched, channel: &Channel) -> bool {
    watched.source.topics.iter().any(|topic| channel.topics.contains(topic))
}

fn relevant(item: &Item, source: &Source) -> bool {
    source.relevance == Relevance::Always || score(item).relevant()
}

/// Each other source once, with another page than the lead's.
fn also(told: &Told<'_>) -> Vec<AlsoReported> {
    let mut also: Vec<AlsoReported> = vec![];
    for (item, watched) in &told.others {
        let Some(link) = item.link.clone() else { continue };
        let known = watched.key == told.source.key || also.iter().any(|other| other.source == watched.source.name);
        if !known {
            also.push(AlsoReported {
                source: watched.source.name.clone(),
                title: item.title.clone(),
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
        if *count <= HEADLINES_PER_SOURCE {
            chosen.push(at)
        } else {
            spare.push(at)
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
