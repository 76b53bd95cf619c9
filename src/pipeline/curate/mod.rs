//! Which stories a channel shows, and in what order.
//!
//! One pass over the stories, newest first, fills all channels. A story is judged as a whole: it is told by its lead,
//! and shown where any of its items would be.

mod explain;
mod shelf;

use std::{collections::HashMap, ops::ControlFlow};

use jiff::Timestamp;
use url::Url;

use self::shelf::Shelf;
pub use self::{
    explain::{Placing, explain},
    shelf::Refusal,
};
use super::{
    dedupe::lead,
    extract,
    labels::{self, Labelled},
    relevance::{self, Score},
};
use crate::model::{
    channel::Channel,
    editorial::Editorial,
    intent::Announced,
    item::{Item, ItemId},
    label::Notice,
    publication::Edition,
    source::{Relevance, Source, SourceKey, Watched},
    story::Story,
};

/// Most items looked at beyond the oldest `max_age` to fill a block: a channel whose sources have gone quiet
/// shows old news, but does not read the whole archive for it at every publication.
const OLD_ITEMS_MAX: usize = 5_000;

/// What a judgement of news needs beside the news.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub sources: &'a HashMap<SourceKey, Watched>,
    pub editorial: &'a Editorial,
    pub now: Timestamp,
}

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
}

/// Judges an item by its source's rules.
pub fn judge(item: &Item, source: Option<&Source>, editorial: &Editorial) -> Verdict {
    let Some(source) = source else {
        return Verdict::SourceRemoved;
    };
    match &item.link {
        None => return Verdict::NoLink,
        Some(link) if source.private && same_document(link.url(), &source.url) => return Verdict::PrivateLink,
        Some(_) => {}
    }
    let text = format!(
        "{}\n{}\n{}",
        item.title,
        extract::text_of(item, &editorial.boilerplate),
        item.categories.join("\n")
    );
    if !source.keep.is_empty() && !source.keep.iter().any(|rule| rule.matches(&text)) {
        return Verdict::NotKept;
    }
    match source.drop.iter().find(|rule| rule.matches(&text)) {
        Some(rule) => Verdict::Dropped(rule.as_str().to_owned()),
        None => Verdict::Shown,
    }
}

/// Whether two addresses differ in nothing but the place inside the document.
fn same_document(one: &Url, other: &Url) -> bool {
    let document = |url: &Url| url.as_str().split('#').next().map(str::to_owned);
    document(one) == document(other)
}

/// What an item says of cancer.
pub fn score(item: &Item, editorial: &Editorial) -> Score {
    let text = extract::text_of(item, &editorial.boilerplate);
    relevance::score(&item.title, text, &item.categories, &editorial.lexicon)
}

/// What an item is about.
pub fn labels(item: &Item, editorial: &Editorial) -> Labelled {
    labels::of(item, extract::text_of(item, &editorial.boilerplate), &editorial.labels)
}

/// What an item is called. A retraction stands there too, where its publisher has not put it: lists show nothing else.
pub fn title(item: &Item, editorial: &Editorial) -> String {
    let rules = &editorial.boilerplate;
    let title = extract::headline(&item.title, extract::text_of(item, rules), rules);
    match item.notice {
        Some(Notice::Retracted) if labels::named(&title).is_none() => {
            format!("{}: {title}", Notice::Retracted.title())
        }
        _ => title,
    }
}

/// Whether an item counts as being about cancer.
fn relevant(item: &Item, source: &Source, editorial: &Editorial) -> bool {
    source.relevance == Relevance::Always || score(item, editorial).relevant()
}

/// Chooses for all channels in one pass over the stories, newest first.
#[derive(Debug)]
pub struct Curation<'a> {
    desk: Desk<'a>,
    shelves: Vec<Shelf<'a>>,
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
    /// Stories that are shown for the first time, or by another lead.
    pub announced: Vec<Announced>,
}

impl<'a> Curation<'a> {
    pub fn new(channels: &'a [Channel], desk: Desk<'a>) -> Self {
        Self {
            desk,
            shelves: channels.iter().map(|channel| Shelf::new(channel, desk)).collect(),
            old_items: 0,
        }
    }

    /// Offers the next item with its story: items come newest first, and a story is taken in its lead's place.
    pub fn offer(&mut self, item: ItemId, ordered_at: Timestamp, story: &Story) -> ControlFlow<()> {
        if let Some(told) = tell(story, &self.desk)
            && told.lead.id == item
        {
            for shelf in &mut self.shelves {
                if shelf.refusal(&told, ordered_at).is_none() {
                    shelf.take(&told, story, ordered_at);
                }
            }
        }
        self.go_on(ordered_at)
    }

    fn go_on(&mut self, ordered_at: Timestamp) -> ControlFlow<()> {
        let aged = self.shelves.iter().all(|shelf| shelf.too_old(ordered_at));
        self.old_items += usize::from(aged);
        let full = self.shelves.iter().all(|shelf| shelf.full(ordered_at));
        match full || self.old_items > OLD_ITEMS_MAX {
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
}

impl<'a> Told<'a> {
    fn tellers(&self) -> impl Iterator<Item = (&'a Item, &'a Watched)> {
        std::iter::once((self.lead, self.source)).chain(self.others.iter().copied())
    }
}

/// `None` for a story of which nothing may be shown.
fn tell<'a>(story: &'a Story, desk: &Desk<'a>) -> Option<Told<'a>> {
    let mut members: Vec<_> = story
        .members
        .iter()
        .filter_map(|item| Some((item, desk.sources.get(&item.source)?)))
        .filter(|(item, watched)| judge(item, Some(&watched.source), desk.editorial) == Verdict::Shown)
        .collect();
    let candidates: Vec<_> = members.iter().map(|(item, watched)| (*item, &watched.source)).collect();
    let at = lead::choose(&candidates, story.published.as_ref(), desk.now)?;
    let (lead, source) = members.remove(at);
    members.sort_by_key(|(item, watched)| (item.first_seen, watched.source.id.clone(), item.id));
    Some(Told {
        lead,
        source,
        others: members,
    })
}

/// The item that leads a story now; `None` where nothing of it may be shown.
pub fn lead_of(story: &Story, desk: &Desk<'_>) -> Option<ItemId> {
    tell(story, desk).map(|told| told.lead.id)
}
