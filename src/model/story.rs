//! Items that tell the same news.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    item::{Item, ItemId, StoryKey},
    source::SourceKey,
};

/// Something that two items about the same thing share: `doi:10.1000/xyz`, `link:a.test/1`.
pub type Mark = String;

/// A word that an item is found by, in the week of its news, counted from 1970.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clue {
    pub word: String,
    pub week: i64,
}

/// What items are found by when stories are told apart: what an edit takes away from one matters to those it leaves behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    pub marks: BTreeSet<Mark>,
    pub clues: BTreeSet<Clue>,
}

/// Most items of one story, and so most that a mark can join. One piece of news in more feeds than that is not to be
/// expected of any watchlist: what more items share is a publisher's mistake, or an attack.
pub const STORY_ITEMS_MAX: usize = 100;

/// An item as far as telling stories apart needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    pub id: ItemId,
    pub source: SourceKey,
    pub first_seen: Timestamp,
    /// The story that it belongs to now.
    pub story: Option<StoryKey>,
    /// When that story was first published.
    pub story_published: Option<Timestamp>,
    /// Under which item's id it was.
    pub story_guid: Option<ItemId>,
    pub title: String,
    pub summary: String,
    /// Where it stands among the others.
    pub ordered_at: Timestamp,
    /// Whether that is a date of its own, and not when it was first seen.
    pub dated: bool,
    /// Without those that more than [`STORY_ITEMS_MAX`] items bear.
    pub marks: Vec<Mark>,
}

/// Items, and all that may belong to one story with one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    pub items: Vec<Marked>,
    /// Pairs of them that tell one story, as far as these two say.
    pub ties: Vec<(ItemId, ItemId)>,
    /// Whether these are all. If not, what looks like a story that falls apart may be one of which a part is not here.
    pub whole: bool,
}

/// The items of one story, and the story that they keep; `None` asks for a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouped {
    pub story: Option<StoryKey>,
    /// Stories that are no more: whatever still belongs to one belongs to this group's.
    pub absorbed: Vec<StoryKey>,
    pub items: Vec<ItemId>,
}

/// How a story was first published. The guid stays for ever, the lead may change for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstPublished {
    pub guid: ItemId,
    pub lead: ItemId,
    pub at: Timestamp,
}

/// A story with all its items, in no particular order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub key: StoryKey,
    pub published: Option<FirstPublished>,
    pub members: Vec<Item>,
}
