//! Topics join sources to channels, and nothing declares them: a misspelt one would silently join nothing.

use std::collections::BTreeSet;

use super::{Placed, channels::ChannelDraft};
use crate::{
    edge::config::{
        suggest,
        table::Walk,
        value::{self, Given, Wrong, quoted},
    },
    model::source::Source,
};

/// Longest topic, in characters.
const TOPIC_CHARS_MAX: usize = 64;

pub(super) fn topic(given: Given<'_>) -> Result<String, Wrong> {
    let topic = value::line(given)?;
    match topic.chars().count() > TOPIC_CHARS_MAX {
        true => Err(Wrong::new(format!("a topic has at most {TOPIC_CHARS_MAX} characters"))),
        false => Ok(topic),
    }
}

/// Warns of topics that only one side knows. Sources that are not visited may have any.
pub(super) fn compare(channels: &[Placed<ChannelDraft>], sources: &[Placed<Source>], walk: &Walk<'_>) {
    let offered: BTreeSet<&str> = sources
        .iter()
        .flat_map(|placed| placed.value.topics.iter().map(String::as_str))
        .collect();
    let wanted: BTreeSet<&str> = channels
        .iter()
        .flat_map(|placed| placed.value.topics().iter().map(String::as_str))
        .collect();

    for placed in channels {
        for topic in placed
            .value
            .topics()
            .iter()
            .filter(|topic| !offered.contains(topic.as_str()))
        {
            let message = format!("no source has the topic {}", quoted(topic));
            walk.warn(placed.topics.clone(), meant(message, topic, &offered));
        }
    }
    for placed in sources.iter().filter(|placed| placed.value.enabled) {
        let topics = &placed.value.topics;
        let taken = topics
            .iter()
            .any(|topic| channels.iter().any(|channel| channel.value.takes(topic)));
        if !taken {
            let listed = topics.iter().map(|topic| quoted(topic)).collect::<Vec<_>>().join(", ");
            let message = format!(
                "no channel takes the topics of {}: {listed}",
                quoted(&placed.value.name)
            );
            let nearest = topics
                .iter()
                .find(|topic| suggest::closest(topic, wanted.iter().copied()).is_some());
            let message = nearest.map_or(message.clone(), |topic| meant(message, topic, &wanted));
            walk.warn(placed.topics.clone(), message);
        }
    }
}

fn meant(message: String, topic: &str, known: &BTreeSet<&str>) -> String {
    match suggest::closest(topic, known.iter().copied()) {
        Some(meant) => format!("{message}; did you mean `{meant}`?"),
        None => message,
    }
}
