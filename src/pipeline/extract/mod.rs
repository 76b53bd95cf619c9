//! From an entry of a feed to plain text within bounds.
