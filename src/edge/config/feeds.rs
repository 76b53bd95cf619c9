//! `feeds.toml`.

mod channels;
mod headers;
mod sources;
mod topics;

use std::{collections::HashMap, hash::Hash, ops::Range, time::Duration};

use toml::de::{DeTable, DeValue};

use super::{
    fault::Faults,
    file::Document,
    suggest,
    table::{Section, Walk},
    value::{kind, quoted},
};
use crate::model::{
    settings::{Feeds, Settings},
    source::Source,
};

const DAY: Duration = Duration::from_secs(86_400);

/// Sections of the file, as they are written.
const SECTIONS: [&str; 2] = ["channel", "source"];

/// The channels and sources that are whole. What is wrong with the others is among the faults.
pub(super) fn read(
    document: &Document,
    settings: Option<&Settings>,
    faults: &mut Faults,
    warnings: &mut Vec<String>,
) -> Feeds {
    let (root, walk) = Walk::start(document);
    unknown_sections(root.get_ref(), &walk);
    let channels = sections(root.get_ref(), "channel", "[[channel]]", &walk);
    let sources = sections(root.get_ref(), "source", "[[source]]", &walk);

    let channels = channels::read(channels, &walk);
    let sources = sources::read(sources, settings, &walk);
    topics::compare(&channels, &sources, &walk);
    let feeds = assemble(channels, sources);
    walk.finish(faults, warnings);
    feeds
}

/// A channel or source, and where it is written.
#[derive(Debug)]
struct Placed<T> {
    value: T,
    header: Range<usize>,
    topics: Range<usize>,
}

/// A channel without topics takes those of all sources.
fn assemble(channels: Vec<Placed<channels::ChannelDraft>>, sources: Vec<Placed<Source>>) -> Feeds {
    let sources: Vec<_> = sources.into_iter().map(|placed| placed.value).collect();
    let all = all_topics(&sources);
    Feeds {
        channels: channels.into_iter().map(|placed| placed.value.finish(&all)).collect(),
        sources,
    }
}

/// What a channel takes that names no topics.
pub(super) fn all_topics(sources: &[Source]) -> Vec<String> {
    let mut all: Vec<_> = sources
        .iter()
        .flat_map(|source| source.topics.iter().cloned())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn unknown_sections(root: &DeTable<'_>, walk: &Walk<'_>) {
    for (key, value) in root {
        let name: &str = key.get_ref();
        if SECTIONS.contains(&name) {
            continue;
        }
        let help = match (name, value.get_ref()) {
            ("site" | "store" | "fetch" | "publish" | "serve" | "log", _) => {
                "what operators set belongs in config/oncofeed.toml".into()
            }
            (_, DeValue::Table(_) | DeValue::Array(_)) => suggest::help(name, &SECTIONS),
            _ => "keys belong below a [[channel]] or a [[source]]".into(),
        };
        walk.fault_if_sound(key.span(), format!("unknown section {}", quoted(name)), Some(help));
    }
}

/// Every table of one kind. None at all is a fault.
fn sections<'a>(
    root: &'a DeTable<'a>,
    name: &str,
    title: &'static str,
    walk: &'a Walk<'a>,
) -> Vec<(Section<'a>, Range<usize>)> {
    let Some(value) = root.get(name) else {
        let help = format!("a file without any would empty every channel; add a {title}");
        walk.fault_if_sound(0..0, format!("there is no {title}"), Some(help));
        return vec![];
    };
    let wrong = |span, found| {
        let help = format!("write {title}, with two brackets, on a line of its own");
        walk.fault(span, format!("`{name}` is written as {found}"), Some(help));
    };
    let DeValue::Array(members) = value.get_ref() else {
        wrong(value.span(), kind(value.get_ref()));
        return vec![];
    };
    if members.is_empty() {
        wrong(value.span(), "an empty list");
    }
    let mut sections = vec![];
    for member in members {
        match member.get_ref() {
            DeValue::Table(table) => {
                let section = Section::new(title, Some(table), member.span(), walk);
                sections.push((section, member.span()));
            }
            other => wrong(member.span(), kind(other)),
        }
    }
    sections
}

/// Finds what should be there once and is there twice.
#[derive(Debug)]
struct Once<K>(HashMap<K, usize>);

impl<K: Eq + Hash> Once<K> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    /// The line that has it already.
    fn again(&mut self, key: K, line: usize) -> Option<usize> {
        match self.0.get(&key) {
            Some(first) => Some(*first),
            None => {
                self.0.insert(key, line);
                None
            }
        }
    }
}
