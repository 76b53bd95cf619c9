//! What is to be changed in the store: decided by the pipeline, executed by the store.

use jiff::Timestamp;

use super::{
    draft::Draft,
    identity::Key,
    item::{ItemId, StoryKey},
    label::Notice,
    story::{FirstPublished, Mark},
};

/// One change of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// An item that was never here.
    Insert {
        id: ItemId,
        wording: Box<Wording>,
        ordered_at: Timestamp,
        /// `None`: at once, with all that a first visit brings.
        surfaces_at: Option<Timestamp>,
    },
    /// New wording for a kept item. Its dates, its place and its story's guid stay.
    Edit { id: ItemId, wording: Box<Wording> },
    /// Unchanged, and still in its feed. The keys may be new ones.
    Seen { id: ItemId, keys: Vec<Key> },
}

impl Intent {
    pub fn id(&self) -> ItemId {
        match self {
            Self::Insert { id, .. } | Self::Edit { id, .. } | Self::Seen { id, .. } => *id,
        }
    }
}

/// What an item says, and what it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    pub draft: Draft,
    pub keys: Vec<Key>,
    pub title: Option<Key>,
    pub marks: Vec<Mark>,
    /// The papers, by their DOIs, of which it is a notice.
    pub notices: Vec<(String, Notice)>,
}

/// What a publication leaves behind, so that the next one is byte for byte the same where nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRecord {
    /// A channel's id, or the name of an output that belongs to no channel.
    pub name: String,
    /// SHA-256 of the documents.
    pub digest: Vec<u8>,
    /// When the digest last changed, whole seconds.
    pub changed: Timestamp,
    /// Whether its channel was removed, and its files with it.
    pub gone: bool,
}

/// A story that is now public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    pub story: StoryKey,
    pub published: FirstPublished,
}
