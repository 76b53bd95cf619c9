//! Why a channel shows a story, or does not.

use jiff::Timestamp;

use super::{
    Chosen, Desk,
    refusal::{Refusal, unsuitable},
    shelf::too_old,
    tell,
};
use crate::model::story::Story;

/// Where a story stands in one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placing {
    /// Counted from 1.
    Shown {
        position: usize,
        headline: bool,
        pinned_until: Option<Timestamp>,
    },
    Refused(Refusal),
    /// No item of the story may be shown anywhere: their own verdicts say why.
    Unshowable,
}

/// Finds out after the choice was made; `ordered_at` is where the story's lead stands among the others.
pub fn explain(story: &Story, ordered_at: Timestamp, desk: &Desk<'_>, chosen: &Chosen) -> Placing {
    let Some(told) = tell(story, desk) else {
        return Placing::Unshowable;
    };
    if let Some(at) = chosen.leads.iter().position(|lead| *lead == told.lead.id) {
        return Placing::Shown {
            position: at + 1,
            headline: chosen.edition.headlines.contains(&at),
            pinned_until: chosen.pinned.get(at).copied(),
        };
    }
    let channel = &chosen.edition.channel;
    let owned = chosen.owners.iter().filter(|owner| **owner == told.source.key).count();
    Placing::Refused(match unsuitable(channel, &told, desk) {
        Some(refusal) => refusal,
        None if too_old(channel, ordered_at, desk.now) => Refusal::TooOld,
        None if owned >= channel.per_source => Refusal::PerSource,
        None => Refusal::Full,
    })
}
