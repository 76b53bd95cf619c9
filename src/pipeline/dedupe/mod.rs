//! Which entry is which item, and which items are one story.
