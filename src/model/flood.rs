//! What of one source's news shows at once, and what waits.

use jiff::Timestamp;

use super::item::ItemId;

/// Most items of one source that surface within an hour. A journal puts a whole issue of 50 to 100 articles out at once,
/// and a site that was rebuilt its archive; a newsroom of its own brings some five an hour on its busiest day. So
/// nobody who writes news waits, and no issue takes longer than a morning.
pub const SURFACE_PER_HOUR: usize = 20;

/// What a source's new items find when they come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surfacing {
    /// Whether it has brought something before. What its first visit brings surfaces at once, all of it.
    pub began: bool,
    /// When items surfaced in the last hour, the earliest first; without those of the first visit.
    pub lately: Vec<Timestamp>,
    pub held: Vec<Held>,
}

/// An item that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub id: ItemId,
    /// Where it will stand among the others.
    pub ordered_at: Timestamp,
    pub surfaces_at: Timestamp,
}

/// How much of one source waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    pub items: usize,
    /// When the last of them surfaces.
    pub until: Timestamp,
}
