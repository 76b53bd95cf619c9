//! The wiring: decisions of the pipeline, carried out at the edge.
//!
//! [`cycle`] is the whole way of the news on one screen; [`articles`] adds what a feed leaves out; [`stories`] tells which
//! items are one; [`press`] makes the publication; [`newsroom`] holds what all work with, and [`daemon`] is their life.
//! [`watchlist`] tells which configured source is which of the kept ones, [`robots`] stands before every page, and `host`
//! lets all sources of a host rest.
//!
//! Editors look at documents of which nothing is kept, each through [`glance`]: [`prospect`] finds a site's feeds, and
//! [`overlap`] how much of one is kept already; [`inspection`] visits what is watched, and [`rules`] judges their rules by what is kept;
//! [`outlook`] shows what another feeds.toml would make of it.

pub mod articles;
pub mod cycle;
pub mod daemon;
pub mod glance;
mod host;
pub mod hubs;
pub mod inspection;
pub mod newsroom;
pub mod outlook;
pub mod overlap;
pub mod press;
pub mod prospect;
pub mod robots;
pub mod rules;
pub mod stories;
pub mod watchlist;
