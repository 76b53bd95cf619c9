//! The verbs: pure functions from what is known, and the time, to what follows.
//!
//! *Architecture invariant*: nothing here reads a clock, a file, a socket or the store. Time is an argument.

pub mod audit;
pub mod curate;
pub mod dedupe;
pub mod discover;
pub mod enrol;
pub mod extract;
pub mod flood;
pub mod labels;
pub mod outlook;
pub mod parse;
pub mod ping;
pub mod poll;
pub mod preview;
pub mod relevance;
pub mod render;
pub mod robots;
pub mod sources;
pub mod update;
