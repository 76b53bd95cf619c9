//! What tests talk to: publishers on loopback, well and badly behaved.

pub mod background;
pub mod document;
pub mod origin;
pub mod raw_origin;
