//! Entries to drafts: plain text within bounds.

pub mod link;

use crate::model::{draft::Draft, entry::Entry};

/// `None` for an entry with neither title nor link.
pub fn draft(_entry: Entry) -> Option<Draft> {
    None
}

/// The excerpt of a summary: design §6.1.
pub fn excerpt_of(_summary: &str, _title: &str, _characters: usize) -> String {
    String::new()
}
