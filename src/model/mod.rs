//! The nouns: plain data, no effects, no decisions about news.
//!
//! *Architecture invariant*: nothing here reads a clock, a file or a socket, and nothing here depends on the other
//! layers. What a type promises (a [`link::Link`] is absolute http(s)) holds from the moment it is made.

pub mod boilerplate;
pub mod channel;
pub mod credential;
pub mod draft;
pub mod editorial;
pub mod entry;
pub mod feed;
pub mod fetched;
pub mod flood;
pub mod identity;
pub mod intent;
pub mod item;
pub mod label;
pub mod lexicon;
pub mod link;
pub mod phrases;
pub mod publication;
pub mod reading;
pub mod robots;
pub mod rule;
pub mod secrecy;
pub mod selectors;
pub mod settings;
pub mod source;
pub mod story;
pub mod visit;
pub mod vocabulary;
