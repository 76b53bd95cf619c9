//! The wiring: decisions of the pipeline, carried out at the edge.
//!
//! [`cycle`] is the whole way of the news on one screen; [`articles`] adds what a feed leaves out; [`press`] makes the
//! publication; [`newsroom`] holds what all work with, and [`daemon`] is their life. [`robots`] stands before every page.

pub mod articles;
pub mod cycle;
pub mod daemon;
pub mod glance;
mod host;
pub mod inspection;
pub mod newsroom;
pub mod overlap;
pub mod press;
pub mod prospect;
pub mod robots;
pub mod watchlist;
