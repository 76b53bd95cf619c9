//! The effects: one file or folder for each thing outside.
//!
//! *Architecture invariant*: no edge knows another edge or the pipeline (the log asks the clock); nothing here decides
//! about news.

pub mod clock;
pub mod config;
pub mod fetch;
pub mod log;
pub mod publish;
pub mod schedule;
pub mod serve;
pub mod service;
pub mod signals;
pub mod store;
pub mod watch;
