//! What an item of a source is known by.

use std::{collections::HashMap, fmt};

use super::item::{Item, ItemId};

/// `guid:…`, `link:…`, `text:…` or `title:…`; means something inside one source only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the store knows by the keys of one document.
#[derive(Debug, Default)]
pub struct Known {
    /// `None`: an item that was here and is gone (retention, an editor). It does not come back.
    pub keys: HashMap<Key, Option<ItemId>>,
    /// Items by the key of their title.
    pub titles: HashMap<Key, ItemId>,
    /// The items named above, as they are kept.
    pub items: HashMap<ItemId, Item>,
    /// What the items that are gone were last called, by their keys.
    pub gone: HashMap<Key, String>,
}
