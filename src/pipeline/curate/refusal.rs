//! Why a channel does not show what may be shown.

use std::fmt;

use super::{Desk, Told, relevant};
use crate::model::{channel::Channel, source::Watched};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    OtherTopics,
    NotAboutCancer,
    TooOld,
    PerSource,
    Full,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherTopics => f.write_str("the channel takes other topics"),
            Self::NotAboutCancer => f.write_str("nothing in it speaks of cancer"),
            Self::TooOld => f.write_str("older than the channel's max_age"),
            Self::PerSource => f.write_str("its source has as many newer items as per_source allows"),
            Self::Full => f.write_str("the channel is full of newer items (limit)"),
        }
    }
}

/// Why the channel would not show this story even if it were empty.
pub(super) fn unsuitable(channel: &Channel, told: &Told<'_>, desk: &Desk<'_>) -> Option<Refusal> {
    if !told.tellers().any(|(_, watched)| carries(watched, channel)) {
        return Some(Refusal::OtherTopics);
    }
    let about_cancer = |(item, watched): (_, &Watched)| relevant(item, &watched.source, desk.editorial);
    if channel.relevance && !told.tellers().any(about_cancer) {
        return Some(Refusal::NotAboutCancer);
    }
    None
}

fn carries(watched: &Watched, channel: &Channel) -> bool {
    watched.source.topics.iter().any(|topic| channel.topics.contains(topic))
}
