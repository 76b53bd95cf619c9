//! `boilerplate.toml`.

use super::{of_file, sections, unknown_sections};
use crate::{
    edge::config::{
        fault::Faults,
        file::Document,
        table::{Section, Walk},
        value::{self, Given, Wrong},
    },
    model::boilerplate::{Boilerplate, Habit, Place},
};

/// Most characters of a case.
const CASE_CHARS_MAX: usize = 2_000;

/// Most rules: each is tried on every summary.
const RULES_MAX: usize = 500;

pub(super) fn read(document: &Document, faults: &mut Faults, warnings: &mut Vec<String>) -> Boilerplate {
    let (root, walk) = Walk::start(document);
    unknown_sections(root.get_ref(), &["rule"], &walk);
    let mut rules = sections(root.get_ref(), "rule", "[[rule]]", &walk);
    if rules.len() > RULES_MAX {
        let message = format!("{} rules; at most {RULES_MAX} are allowed", rules.len());
        walk.fault(0..0, message, None);
        rules.clear();
    }
    let habits = rules.into_iter().filter_map(habit).collect();
    walk.finish(faults, warnings);
    Boilerplate::new(habits).unwrap_or_else(|why| {
        faults.push(of_file(document, format!("the rules cannot be used together: {why}")));
        Boilerplate::default()
    })
}

fn habit(mut section: Section<'_>) -> Option<Habit> {
    let places = [
        ("paragraph", Place::Paragraph),
        ("head", Place::Head),
        ("tail", Place::Tail),
    ];
    let place = section.require("place", "\"paragraph\"", value::choice(&places));
    let pattern = section.require("pattern", "'read more.*'", |given| {
        given.text("a regular expression in quotes").map(str::to_owned)
    });
    section.require("before", "\"Text. Read more\"", case);
    section.require("after", "\"Text.\"", case);
    let habit = Habit::new(place?, pattern.as_ref()?);
    let habit = habit.map_err(|why| section.wrong("pattern", format!("cannot be used: {why}"), None));
    section.finish();
    habit.ok()
}

fn case(given: Given<'_>) -> Result<String, Wrong> {
    let text = given.text("text in quotes")?;
    match text.chars().count() > CASE_CHARS_MAX {
        true => Err(Wrong::new(format!("longer than {CASE_CHARS_MAX} characters"))),
        false => Ok(text.to_owned()),
    }
}
