//! What tests talk to: publishers on loopback, well and badly behaved, and oncofeed as somebody installed it.

pub mod background;
pub mod document;
pub mod installation;
pub mod origin;
pub mod raw_origin;

use std::io::Write as _;

/// Says plainly what a test left out, past the test harness, which shows nothing of what passed.
pub fn left_out(what: &str) {
    let _told = writeln!(std::io::stderr(), "left out: {what}");
}
