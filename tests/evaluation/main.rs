//! How well news is judged: every figure for a folder of labelled news, and then the errors.
//!
//! ```sh
//! EVAL_DATA=FOLDER cargo test --release --test evaluation -- --nocapture
//! ```
//!
//! The folder holds files named like `relevance.*.jsonl` and `excerpts.*.jsonl`. Publishers' texts stay with their
//! publishers: none is part of this repository. What the figures mean is told in docs/editorial.md.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops where it is surprised, and nothing is reachable from outside of a binary"
)]

mod excerpts;
mod figure;
mod folder;
mod origin;
mod pace;
mod relevance;
mod sites;
mod stories;
