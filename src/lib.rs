//! oncofeed visits cancer-research feeds, keeps every story once, and publishes curated channels.
//!
//! ```text
//! sources → fetch → parse → extract → dedupe → update → (store) → curate → render → publish/serve
//! ```
//!
//! | layer | holds | may use |
//! |---|---|---|
//! | [`model`] | nouns, plain data | – |
//! | [`pipeline`] | pure verbs: (input, now) → output | `model` |
//! | [`edge`] | effects, one outside thing each | `model` |
//! | [`app`] | wiring: one cycle, one publication, the daemon | all of the above |
//! | [`cli`] | a file per command | all of the above |
//!
//! To follow the news on its way, read [`app::cycle`], then [`app::press`]. Two things leave that way: before a page is
//! asked for, [`app::robots`] asks whether it may be; and where feeds leave out what an article says, [`app::articles`]
//! asks for it. Who is told of what was published stands in [`app::hubs`]. What editors ask beside it begins at [`app::glance`]: [`app::prospect`] looks for feeds,
//! [`app::inspection`] visits those that there are.

#![forbid(unsafe_code)]

pub mod app;
pub mod cli;
pub mod edge;
pub mod model;
pub mod pipeline;
#[cfg(test)]
mod shipped;
