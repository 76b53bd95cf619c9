//! The effects: one file or folder for each thing outside.
//!
//! *Architecture invariant*: no edge knows another edge or the pipeline; nothing here decides about news.

pub mod clock;
pub mod config;
pub mod fetch;
pub mod publish;
pub mod serve;
pub mod store;
