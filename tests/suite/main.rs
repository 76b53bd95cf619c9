//! What oncofeed promises, seen from outside. One binary, so that linking stays cheap.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where it is surprised, and nothing is reachable from outside of a binary"
)]

mod config;
mod corpus;
mod daemon;
mod evaluation;
mod excerpts;
mod fetch;
mod once;
mod plain;
mod publish;
mod reader;
mod relevance;
mod render;
mod serve;
mod support;
mod unit_file;
