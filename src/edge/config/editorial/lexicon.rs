//! `lexicon.toml`.

use super::{sections, unknown_sections};
use crate::{
    edge::config::{
        fault::Faults,
        file::Document,
        table::{Section, Walk},
        value::{self, Given, Wrong, quoted},
    },
    model::lexicon::{Group, Lexicon, OPEN_LETTERS_MIN},
};

/// Most words of a group. The largest that is shipped has some three hundred.
const WORDS_MAX: usize = 2_000;

/// Most points of one word, for or against. Three make news relevant.
const POINTS_MAX: f64 = 20.0;

pub(super) fn read(document: &Document, faults: &mut Faults, warnings: &mut Vec<String>) -> Lexicon {
    let (root, walk) = Walk::start(document);
    unknown_sections(root.get_ref(), &["group"], &walk);
    let groups = sections(root.get_ref(), "group", "[[group]]", &walk);
    let groups = groups.into_iter().filter_map(group).collect();
    walk.finish(faults, warnings);
    Lexicon::new(groups)
}

fn group(mut section: Section<'_>) -> Option<Group> {
    let points = || value::decimal(-POINTS_MAX..=POINTS_MAX);
    let name = section.require("name", "\"procedures\"", value::line);
    let title = section.require("title", "3.0", points());
    let text = section.require("text", "1.5", points());
    let text_most = section.require("text_most", "6.0", value::decimal(0.0..=POINTS_MAX));
    let context = section.take("context", value::flag);
    let words = section.require_list_of(WORDS_MAX, "words", "[\"lymphoma*\", \"stem cell\"]", word);
    section.finish();
    Some(Group {
        name: name?,
        title: title?,
        text: text?,
        text_most: text_most?,
        context: context.unwrap_or_default(),
        words: words?,
    })
}

/// A word that can be found: in lower case, of letters and digits, perhaps with an open start or end.
pub(super) fn word(given: Given<'_>) -> Result<String, Wrong> {
    let text = value::line(given)?;
    if text != text.to_lowercase() {
        return Err(Wrong::new(format!("{} must be in lower case", quoted(&text))).help(text.to_lowercase()));
    }
    if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '*')) {
        let message = format!("{} has more than letters, digits, spaces and *", quoted(&text));
        let plain: Vec<_> = text
            .split(|c: char| !(c.is_alphanumeric() || c == '*'))
            .filter(|part| !part.is_empty())
            .collect();
        return Err(Wrong::new(message).help(format!("write \"{}\"", plain.join(" "))));
    }
    let open = text.split(' ').next().and_then(|word| word.strip_suffix('*'));
    match open {
        Some(start) if start.len() < OPEN_LETTERS_MIN => Err(Wrong::new(format!(
            "{} would match too much: at least {OPEN_LETTERS_MIN} letters must stand before *",
            quoted(&text)
        ))),
        _ => Ok(text),
    }
}
