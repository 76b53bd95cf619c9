//! What oncofeed promises, seen from outside. One binary, so that linking stays cheap.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where it is surprised, and nothing is reachable from outside of a binary"
)]

mod add;
mod check;
mod commands;
mod config;
mod corpus;
mod daemon;
mod excerpts;
mod fetch;
mod hubs;
mod layers;
mod limits;
mod month;
mod once;
mod opml;
mod plain;
mod press;
mod preview;
mod publish;
mod reader;
mod real_feeds;
mod relevance;
mod render;
mod secrets;
mod serve;
mod store;
mod support;
mod unit_file;
