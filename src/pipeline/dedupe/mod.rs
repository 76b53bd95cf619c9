//! Which entry is which item, and which items are one story.

pub mod identity;
pub mod lead;
pub mod story;
