//! Which stories a channel shows, and in what order.
//!
//! One pass over the stories, newest first, fills all channels. A story is judged as a whole: it is told by its lead,
//! and shown where any of its items would be. What a source's editor has pinned comes first, and bursts of one source are
//! broken up ([`interleave`]).

mod desk;
mod explain;
mod interleave;
mod pin;
mod refusal;
pub mod rules;
mod shelf;
mod standing;

use std::{cell::OnceCell, ops::ControlFlow};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use self::refusal::carries;
use self::shelf::Shelf;
pub use self::{
    desk::Desk,
    explain::{Placing, explain},
    refusal::Refusal,
};
use super::{dedupe::lead, extract};
use crate::model::{
    boilerplate::Habits,
    channel::Channel,
    intent::Announced,
    item::{Claim, Item, ItemId},
    label::Labels,
    link::Link,
    publication::Edition,
    rule::Judged,
    source::{Source, SourceKey, Watched},
    story::Story,
};

/// Most items looked at beyond the oldest `max_age` to fill a block: a channel whose sources have gone quiet
/// shows old news, but does not read the whole archive for it at every publication.
const OLD_ITEMS_MAX: usize = 5_000;

/// Whether an item may be shown at all, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Shown,
    /// Its source is not in `feeds.toml` any more.
    SourceRemoved,
    NoLink,
    /// The link is the address of the feed itself, which is private.
    PrivateLink,
    /// The source has `keep` rules, and none matches.
    NotKept,
    /// The `drop` rule that matches.
    Dropped(String),
    /// Its source brought too much at once, and it waits until then.
    Held(Timestamp),
}

/// Judges an item by its source's rules.
pub fn judge(item: &Item, desk: &Desk<'_>) -> Verdict {
    let Some(Watched { source, .. }) = desk.sources.get(&item.source) else {
        return Verdict::SourceRemoved;
    };
    match &item.link {
        None => return Verdict::NoLink,
        Some(link) if source.private && same_document(link.url(), &source.url) => return Verdict::PrivateLink,
        Some(_) => {}
    }
    if source.keep.is_empty() && source.drop.is_empty() {
        return held(item, source, desk).map_or(Verdict::Shown, Verdict::Held);
    }
    let judged = judged(item, desk.habits(item));
    if !source.keep.is_empty() && !source.keep.iter().any(|rule| rule.matches(&judged)) {
        return Verdict::NotKept;
    }
    match source.drop.iter().find(|rule| rule.matches(&judged)) {
        Some(rule) => Verdict::Dropped(rule.as_str().to_owned()),
        None => held(item, source, desk).map_or(Verdict::Shown, Verdict::Held),
    }
}

/// Until when an item waits; what is pinned never does, nor when it is pinned no more: what was shown stays.
fn held(item: &Item, source: &Source, desk: &Desk<'_>) -> Option<Timestamp> {
    let until = item.held_until(desk.now)?;
    (!pin::is_safety_news(item, source, desk)).then_some(until)
}

/// An item, as rules look at it.
fn judged<'a>(item: &'a Item, habits: Habits<'_>) -> Judged<'a> {
    Judged::new(
        &item.title,
        extract::text_of(item, habits),
        item.link.as_ref().map_or("", Link::as_str),
        &item.authors,
        &item.categories,
    )
}

/// Whether two addresses differ in nothing but the place inside the document.
fn same_document(one: &Url, other: &Url) -> bool {
    let document = |url: &Url| url.as_str().split('#').next().map(str::to_owned);
    document(one) == document(other)
}

/// Chooses for all channels in one pass over the stories, newest first.
#[derive(Debug)]
pub struct Curation<'a> {
    desk: Desk<'a>,
    shelves: Vec<Shelf<'a>>,
    /// The longest that any source has its items pinned.
    pinned_for: SignedDuration,
    old_items: usize,
}

/// A channel's choice.
#[derive(Debug)]
pub struct Chosen {
    /// Its `changed` is yet to be found out.
    pub edition: Edition,
    /// The lead of each item of the edition.
    pub leads: Vec<ItemId>,
    /// The source of each item of the edition.
    pub owners: Vec<SourceKey>,
    /// Until when each of the first items stands before all others.
    pub pinned: Vec<Timestamp>,
    /// Stories that are shown for the first time, or by another lead.
    pub announced: Vec<Announced>,
}

impl<'a> Curation<'a> {
    pub fn new(channels: &'a [Channel], desk: Desk<'a>) -> Self {
        Self {
            desk,
            shelves: channels.iter().map(|channel| Shelf::new(channel, desk)).collect(),
            pinned_for: pin::longest(desk.sources.values().map(|watched| &watched.source)),
            old_items: 0,
        }
    }

    /// Offers the next item with its story: items come newest first, and a story is taken in its lead's place.
    pub fn offer(&mut self, item: ItemId, ordered_at: Timestamp, story: &Story) -> ControlFlow<()> {
        if let Some(told) = tell(story, &self.desk)
            && told.lead.id == item
        {
            for shelf in &mut self.shelves {
                shelf.offer(&told, story, ordered_at);
            }
        }
        self.go_on(ordered_at)
    }

    fn go_on(&mut self, ordered_at: Timestamp) -> ControlFlow<()> {
        let aged = self.shelves.iter().all(|shelf| shelf.too_old(ordered_at));
        self.old_items += usize::from(aged);
        let full = self.shelves.iter().all(|shelf| shelf.full(ordered_at));
        let unpinned = self.desk.now.duration_since(ordered_at) > self.pinned_for;
        match full && unpinned || self.old_items > OLD_ITEMS_MAX {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// The choices, in the order of the channels.
    pub fn finish(self) -> Vec<Chosen> {
        self.shelves.into_iter().map(Shelf::finish).collect()
    }
}

/// A story as it is told: its lead, and the others that may be shown.
struct Told<'a> {
    lead: &'a Item,
    source: &'a Watched,
    others: Vec<(&'a Item, &'a Watched)>,
    /// Until when which sources pin it.
    pins: Vec<(Timestamp, &'a Watched)>,
    /// Once they have been asked for.
    labels: OnceCell<Labels>,
    relevant: OnceCell<bool>,
}

impl<'a> Told<'a> {
    fn tellers(&self) -> impl Iterator<Item = (&'a Item, &'a Watched)> {
        std::iter::once((self.lead, self.source)).chain(self.others.iter().copied())
    }

    /// Until when it is pinned in a channel, by sources that the channel takes.
    fn pinned_until(&self, channel: &Channel) -> Option<Timestamp> {
        let taken = self.pins.iter().filter(|(_, watched)| carries(watched, channel));
        taken.map(|(until, _)| *until).max()
    }

    /// Whether any of it counts as news about cancer.
    fn is_relevant(&self, desk: &Desk<'_>) -> bool {
        let judge = || self.tellers().any(|(item, _)| desk.about_cancer(item).relevant());
        *self.relevant.get_or_init(judge)
    }

    fn labels(&self, desk: &Desk<'_>) -> &Labels {
        self.labels.get_or_init(|| standing::labels(self, desk))
    }
}

/// `None` for a story of which nothing may be shown.
fn tell<'a>(story: &'a Story, desk: &Desk<'a>) -> Option<Told<'a>> {
    let mut members: Vec<_> = story
        .members
        .iter()
        .filter_map(|item| Some((item, desk.sources.get(&item.source)?)))
        .filter(|(item, _)| judge(item, desk) == Verdict::Shown)
        .collect();
    let candidates: Vec<_> = members.iter().map(|(item, watched)| (*item, &watched.source)).collect();
    let at = lead::choose(&candidates, story.published.as_ref(), desk.now)?;
    let pins = members
        .iter()
        .filter_map(|(item, watched)| Some((pin::until(item, &watched.source, desk)?, *watched)));
    let pins = pins.collect();
    let (lead, source) = members.remove(at);
    members.sort_by_key(|(item, watched)| (item.first_seen, watched.source.id.clone(), item.id));
    Some(Told {
        lead,
        source,
        others: members,
        pins,
        labels: OnceCell::new(),
        relevant: OnceCell::new(),
    })
}

/// What readers see of a story's labels, and the notice that another item brought; `None` where nothing of it may be
/// shown.
pub fn standing<'a>(story: &'a Story, desk: &Desk<'a>) -> Option<(Labels, Option<&'a Claim>)> {
    let told = tell(story, desk)?;
    Some((told.labels(desk).clone(), standing::claim(&told, desk)))
}

/// The item that leads a story now; `None` where nothing of it may be shown.
pub fn lead_of(story: &Story, desk: &Desk<'_>) -> Option<ItemId> {
    tell(story, desk).map(|told| told.lead.id)
}
