//! `[[group]]` and `[[medicines]]`: phrases with what they are worth.

use std::{cell::RefCell, collections::HashMap};

use super::{ENTRIES_MAX, POINTS_MAX, parsed};
use crate::{
    edge::config::{
        table::Section,
        value::{self, Wrong, quoted},
    },
    model::{
        phrases::{Phrase, Phrases},
        vocabulary::{Family, Group, Kind, Meaning},
    },
};

const KINDS: [(&str, Kind); 7] = [
    ("cancer", Kind::Cancer),
    ("hint", Kind::Hint),
    ("medicine", Kind::Medicine),
    ("people", Kind::People),
    ("disease", Kind::Disease),
    ("other", Kind::Other),
    ("instead", Kind::Instead),
];

/// What was read so far.
#[derive(Default)]
pub(super) struct Listed {
    groups: Vec<Group>,
    phrases: RefCell<Phrases<Meaning>>,
    /// Which group has a phrase already: only one of a family would count.
    seen: RefCell<HashMap<(Family, Phrase), String>>,
    faulty: bool,
}

impl Listed {
    pub(super) fn words(&mut self, mut section: Section<'_>) {
        let group = group(&mut section);
        let list = section.require_list_of(ENTRIES_MAX, "words", "[\"lymphoma*\", \"stem cell\"]", |given| {
            let text = value::line(given)?;
            self.add(group.as_ref(), &[&text], false)
        });
        section.finish();
        self.close(group, list);
    }

    /// Each entry is a medicine: its names by commas, the international one first.
    pub(super) fn medicines(&mut self, mut section: Section<'_>) {
        let group = group(&mut section);
        let list = section.require_list_of(ENTRIES_MAX, "names", "[\"osimertinib, Tagrisso\"]", |given| {
            let text = value::line(given)?;
            let names: Vec<_> = text.split(',').map(str::trim).collect();
            self.add(group.as_ref(), &names, true)
        });
        section.finish();
        self.close(group, list);
    }

    /// `None` where anything was faulty.
    pub(super) fn finish(self) -> Option<(Vec<Group>, Phrases<Meaning>)> {
        (!self.faulty).then(|| (self.groups, self.phrases.into_inner()))
    }

    /// Names of one thing, which is called by the first of them. Those of a faulty group are checked, too.
    fn add(&self, group: Option<&Group>, names: &[&str], medicine: bool) -> Result<(), Wrong> {
        let kind = group.map_or(Kind::Other, |group| group.kind);
        let mut phrases = self.phrases.borrow_mut();
        let id = phrases.len();
        for written in names {
            let phrase = parsed(written)?;
            let known = group.and_then(|group| self.again(kind.family(), &phrase, &group.name));
            if let Some(first) = known {
                let message = format!("{} is in {} already", quoted(written), quoted(&first));
                return Err(Wrong::new(message).help("of these groups only one would count; leave it in one"));
            }
            let meaning = Meaning {
                group: self.groups.len(),
                kind,
                id,
                name: names.first().copied().unwrap_or_default().to_owned(),
                medicine,
            };
            phrases.add(phrase, meaning);
        }
        Ok(())
    }

    /// The group that has the phrase already.
    fn again(&self, family: Family, phrase: &Phrase, group: &str) -> Option<String> {
        self.seen
            .borrow_mut()
            .insert((family, phrase.clone()), group.to_owned())
    }

    fn close(&mut self, group: Option<Group>, list: Option<Vec<()>>) {
        self.faulty |= group.is_none() || list.is_none();
        self.groups.extend(group);
    }
}

fn group(section: &mut Section<'_>) -> Option<Group> {
    let name = section.require("name", "\"procedures\"", value::line);
    let kind = section.require("kind", "\"hint\"", value::choice(&KINDS));
    let title = section.require("title", "3.0", value::decimal(-POINTS_MAX..=POINTS_MAX));
    let text = section.require("text", "1.5", value::decimal(-POINTS_MAX..=POINTS_MAX));
    let text_most = section.require("text_most", "6.0", value::decimal(0.0..=POINTS_MAX));
    Some(Group {
        name: name?,
        kind: kind?,
        title: title?,
        text: text?,
        text_most: text_most?,
    })
}
