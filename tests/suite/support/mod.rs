//! What tests talk to: publishers on loopback, well and badly behaved, and oncofeed as somebody installed it.

pub mod background;
pub mod document;
pub mod installation;
pub mod origin;
pub mod raw_origin;
