//! `[[channel]]`.

use std::{ops::Range, time::Duration};

use super::{DAY, Once, Placed, topics};
use crate::{
    edge::config::{
        table::{Section, Walk},
        value::{self, Given, Wrong, quoted},
    },
    model::{
        channel::Channel,
        label::{NewsType, Site},
    },
};

/// Longest id, in characters. Files and addresses are named after it.
const ID_CHARS_MAX: usize = 64;

/// Ids whose `.html` is another output's.
const TAKEN: [&str; 1] = ["index"];

const LIMIT: usize = 50;
/// Feed readers fetch the whole feed each time; 500 excerpts are 400 KB.
const LIMIT_MAX: usize = 500;
const HEADLINES: usize = 5;
const PER_SOURCE: usize = 10;
const MAX_AGE: Duration = Duration::from_secs(60 * 86_400);

/// A channel whose topics may still be unknown.
#[derive(Debug)]
pub(super) struct ChannelDraft {
    channel: Channel,
    /// Whether it takes all topics.
    all: bool,
}

impl ChannelDraft {
    pub(super) fn finish(self, all: &[String]) -> Channel {
        match self.all {
            true => Channel {
                topics: all.to_vec(),
                ..self.channel
            },
            false => self.channel,
        }
    }

    pub(super) fn takes(&self, topic: &str) -> bool {
        self.all || self.channel.topics.iter().any(|taken| taken == topic)
    }

    /// What it asks for by name.
    pub(super) fn topics(&self) -> &[String] {
        &self.channel.topics
    }
}

/// Channels that have an id; faults of the others are reported.
pub(super) fn read(sections: Vec<(Section<'_>, Range<usize>)>, walk: &Walk<'_>) -> Vec<Placed<ChannelDraft>> {
    let mut ids = Once::new();
    let mut channels = vec![];
    let mut formerly = vec![];
    for (mut section, header) in sections {
        let topics = section.span("topics");
        formerly.push(section.span("formerly"));
        if let Some(value) = channel(&mut section) {
            let id = &value.channel.id;
            if let Some(first) = ids.again(id.clone(), walk.line_number(&section.span("id"))) {
                let help = "outputs are named after it, so each channel needs its own";
                section.wrong(
                    "id",
                    format!("the id `{id}` is used on line {first} already"),
                    Some(help.into()),
                );
            }
            channels.push(Placed { value, header, topics });
        } else {
            formerly.pop();
        }
        section.finish();
    }
    compare_former(&channels, &formerly, walk);
    channels
}

/// An id leads to one place: to the channel that has it, or else to the one that had it.
fn compare_former(channels: &[Placed<ChannelDraft>], spans: &[Range<usize>], walk: &Walk<'_>) {
    let mut former = Once::new();
    for (placed, span) in channels.iter().zip(spans) {
        let (channel, line) = (&placed.value.channel, walk.line_number(span));
        for id in &channel.formerly {
            if channels.iter().any(|other| other.value.channel.id == *id) {
                let help = "its readers stay with it; `formerly` names ids that are free now";
                walk.fault(
                    span.clone(),
                    format!("a channel has the id `{id}` now"),
                    Some(help.into()),
                );
            } else if let Some(first) = former.again(id.clone(), line) {
                let message = format!("readers of `{id}` are sent to the channel of line {first} already");
                walk.fault(span.clone(), message, None);
            }
        }
    }
}

fn channel(section: &mut Section<'_>) -> Option<ChannelDraft> {
    let id = section.require("id", "\"latest-news\"", id_of_channel);
    let title = section.take("title", value::line);
    let topics = section.list("topics", "[\"research\"]", topics::topic);
    if topics.as_ref().is_some_and(Vec::is_empty) {
        let help = "leave the key out to take the news of all sources";
        section.wrong("topics", "an empty list takes nothing", Some(help.into()));
    }
    let limit = section.take("limit", value::count(1..=LIMIT_MAX)).unwrap_or(LIMIT);
    let headlines = section.take("headlines", value::count(1..=LIMIT_MAX));
    if headlines.is_some_and(|headlines| headlines > limit) {
        let message = format!("the headlines are taken from the feed, so they cannot be more than its limit, {limit}");
        section.wrong("headlines", message, None);
    }
    let per_source = section
        .take("per_source", value::count(1..=LIMIT_MAX))
        .unwrap_or(PER_SOURCE);
    let max_age = section
        .take("max_age", value::duration(DAY..=3_650 * DAY))
        .unwrap_or(MAX_AGE);
    let relevance = section.take("relevance", value::flag).unwrap_or(true);
    let sites = labels(
        section,
        "sites",
        "[\"breast\"]",
        &Site::ALL.map(|site| (site.name(), site)),
    );
    let news_types = NewsType::ALL.map(|kind| (kind.name(), kind));
    let news_types = labels(section, "news_type", "[\"trial\"]", &news_types);
    let images = section.take("images", value::flag).unwrap_or(false);
    let formerly = section
        .list("formerly", "[\"news\"]", id_of_channel)
        .unwrap_or_default();
    let all = !section.has("topics");
    let id = id?;
    let channel = Channel {
        title: title.unwrap_or_else(|| title_of(&id)),
        id,
        topics: topics.unwrap_or_default(),
        limit,
        headlines: headlines.unwrap_or(HEADLINES.min(limit)),
        per_source,
        max_age,
        relevance,
        sites,
        news_types,
        images,
        formerly,
    };
    Some(ChannelDraft { channel, all })
}

/// What the channel asks for of what news is labelled with; empty where it does not ask.
fn labels<T: Copy>(section: &mut Section<'_>, key: &'static str, example: &str, known: &[(&'static str, T)]) -> Vec<T> {
    let asked = section.list(key, example, value::choice(known));
    if asked.as_ref().is_some_and(Vec::is_empty) {
        let help = "leave the key out to take all";
        section.wrong(key, "an empty list takes nothing", Some(help.into()));
    }
    asked.unwrap_or_default()
}

/// Lower-case ASCII letters, digits and single hyphens: a name that every file system and address takes as it is.
fn id_of_channel(given: Given<'_>) -> Result<String, Wrong> {
    let id = value::line(given)?;
    if TAKEN.contains(&id.as_str()) {
        return Err(Wrong::new(format!("the id {} is another output's name", quoted(&id))));
    }
    let slug = slug(&id);
    if slug == id && id.len() <= ID_CHARS_MAX {
        return Ok(id);
    }
    let message = format!("an id has lower-case letters, digits and single hyphens, at most {ID_CHARS_MAX}");
    match slug.is_empty() || slug.len() > ID_CHARS_MAX {
        true => Err(Wrong::new(message)),
        false => Err(Wrong::new(message).help(format!("did you mean \"{slug}\"?"))),
    }
}

fn slug(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// "latest-news" is "Latest news".
fn title_of(id: &str) -> String {
    let spaced = id.replace('-', " ");
    let mut chars = spaced.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_names_of_files() {
        let check = |text: &str| id_of_channel(Given::Text(text)).map_err(|wrong| wrong.help.unwrap_or_default());
        assert_eq!(check("latest-news"), Ok("latest-news".into()));
        assert_eq!(check("Latest News"), Err("did you mean \"latest-news\"?".into()));
        assert_eq!(check("../../etc/passwd"), Err("did you mean \"etc-passwd\"?".into()));
        for bad in ["", "index", "/", "a--b", "-a", "a.b", &"x".repeat(65)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_title_is_made_of_the_id() {
        assert_eq!(title_of("latest-news"), "Latest news");
    }
}
