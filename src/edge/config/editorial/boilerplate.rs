//! `boilerplate.toml`.

use super::{sections, unknown_sections};
use crate::{
    edge::config::{
        fault::Faults,
        file::Document,
        table::{Section, Walk},
        value::{self, Given, Wrong, quoted},
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
    Boilerplate::new(habits)
}

fn habit(mut section: Section<'_>) -> Option<Habit> {
    let habit = rule(&mut section);
    section.finish();
    habit
}

/// A rule that does what its example says.
fn rule(section: &mut Section<'_>) -> Option<Habit> {
    let places = [
        ("paragraph", Place::Paragraph),
        ("first", Place::First),
        ("head", Place::Head),
        ("tail", Place::Tail),
    ];
    let name = section.require("name", "\"read more\"", value::line);
    let place = section.require("place", "\"paragraph\"", value::choice(&places));
    let pattern = section.require("pattern", "'read more.*'", |given| {
        given.text("a regular expression in quotes").map(str::to_owned)
    });
    let before = section.require("before", "\"Text. Read more\"", case);
    let after = section.require("after", "\"Text.\"", case);
    let habit = Habit::new(&name?, place?, &pattern?);
    let habit = habit.map_err(|why| section.wrong("pattern", format!("cannot be used: {why}"), None));
    let (habit, after) = (habit.ok()?, after?);
    let left = habit.leaves(&before?);
    if left != after {
        let message = format!("the rule leaves {} of its example", quoted(&left));
        let help = "change the pattern, or the example if that is wrong";
        section.wrong("after", message, Some(help.into()));
        return None;
    }
    Some(habit)
}

fn case(given: Given<'_>) -> Result<String, Wrong> {
    let text = given.text("text in quotes")?;
    match text.chars().count() > CASE_CHARS_MAX {
        true => Err(Wrong::new(format!("longer than {CASE_CHARS_MAX} characters"))),
        false => Ok(text.to_owned()),
    }
}
