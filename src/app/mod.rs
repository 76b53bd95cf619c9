//! The wiring: decisions of the pipeline, carried out at the edge.
//!
//! [`cycle`] is the whole way of the news on one screen; [`press`] makes the publication; [`newsroom`]
//! holds what both work with, and [`daemon`] is their life.

pub mod cycle;
pub mod daemon;
pub mod glance;
pub mod inspection;
pub mod newsroom;
pub mod overlap;
pub mod press;
pub mod prospect;
pub mod watchlist;
