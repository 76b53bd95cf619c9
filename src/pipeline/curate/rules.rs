//! What an editor's rules do to what is kept: a rule that matches all of it, or nothing, is probably not meant.

use std::{collections::BTreeMap, fmt};

use super::judged;
use crate::model::{
    editorial::Editorial,
    item::Item,
    rule::Rule,
    source::{Source, SourceId},
};

/// Fewest items that say something of a rule: one that concerns one item in seven has met one among twenty, nineteen
/// times in twenty.
const ITEMS_MIN: usize = 20;

/// Most items of a source that are asked, the newest. What it wrote before says little of what it writes.
pub const ITEMS_MAX: usize = 300;

/// Most sources that are named in one sentence.
const NAMED_MAX: usize = 3;

/// Rules on trial before the items of their sources.
#[derive(Debug, Default)]
pub struct Trial<'a>(BTreeMap<(Key, &'a str), Vec<Outcome<'a>>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Keep,
    Drop,
    Pin,
}

/// What a rule did in one source.
#[derive(Debug)]
struct Outcome<'a> {
    source: &'a SourceId,
    matched: usize,
    items: usize,
}

/// A rule that says nothing, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle {
    key: Key,
    rule: String,
    /// Whether it matches every item; else it matches none.
    everything: bool,
    sources: Vec<String>,
    items: usize,
}

impl<'a> Trial<'a> {
    /// Whether a source has anything to be tried.
    pub fn concerns(source: &Source) -> bool {
        rules(source).next().is_some()
    }

    /// Tries a source's rules on its newest items.
    pub fn hear(&mut self, source: &'a Source, items: &[Item], editorial: &Editorial) {
        let newest = items.iter().take(ITEMS_MAX);
        let judged: Vec<_> = newest
            .map(|item| judged(item, editorial.habits(Some(source))))
            .collect();
        for (key, rule) in rules(source) {
            let outcome = Outcome {
                source: &source.id,
                matched: judged.iter().filter(|item| rule.matches(item)).count(),
                items: judged.len(),
            };
            self.0.entry((key, rule.as_str())).or_default().push(outcome);
        }
    }

    /// The rules that match everything in a source, and those that match nothing in any. A rule that many sources have
    /// (`Correction:` of journals) is known to work by one of them.
    pub fn idle(&self) -> Vec<Idle> {
        self.0
            .iter()
            .flat_map(|((key, rule), outcomes)| {
                let idle = |outcomes: &[&Outcome<'_>], everything| Idle {
                    key: *key,
                    rule: (*rule).to_owned(),
                    everything,
                    sources: outcomes.iter().map(|outcome| outcome.source.to_string()).collect(),
                    items: outcomes.iter().map(|outcome| outcome.items).sum(),
                };
                let everywhere = idle(&matching_all(outcomes), true);
                let nowhere = idle(&matching_nothing(*key, outcomes), false);
                [everywhere, nowhere].into_iter().filter(|idle| idle.items >= ITEMS_MIN)
            })
            .collect()
    }
}

fn rules(source: &Source) -> impl Iterator<Item = (Key, &Rule)> {
    let lists = [
        (Key::Keep, &source.keep),
        (Key::Drop, &source.drop),
        (Key::Pin, &source.pin),
    ];
    lists
        .into_iter()
        .flat_map(|(key, rules)| rules.iter().map(move |rule| (key, rule)))
}

fn matching_all<'o, 'a>(outcomes: &'o [Outcome<'a>]) -> Vec<&'o Outcome<'a>> {
    let all = |outcome: &&Outcome<'_>| outcome.items >= ITEMS_MIN && outcome.matched == outcome.items;
    outcomes.iter().filter(all).collect()
}

/// A pin is for the rare item: that none matches says nothing.
fn matching_nothing<'o, 'a>(key: Key, outcomes: &'o [Outcome<'a>]) -> Vec<&'o Outcome<'a>> {
    match key == Key::Pin || outcomes.iter().any(|outcome| outcome.matched > 0) {
        true => vec![],
        false => outcomes.iter().collect(),
    }
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match self.key {
            Key::Keep => "keep",
            Key::Drop => "drop",
            Key::Pin => "pin",
        };
        let what = if self.everything { "each" } else { "none" };
        let named: Vec<_> = self.sources.iter().take(NAMED_MAX).map(String::as_str).collect();
        let (rule, items, sources) = (&self.rule, self.items, named.join(", "));
        write!(
            f,
            "the `{key}` rule `{rule}` matches {what} of the {items} newest items of {sources}"
        )?;
        match self.sources.len().saturating_sub(NAMED_MAX) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{
            item::{ItemId, StoryKey},
            source::SourceKey,
        },
        shipped::EDITORIAL,
    };

    fn items(titles: &[&str]) -> Vec<Item> {
        let item = |title: &&str| Item {
            id: ItemId(Uuid::nil()),
            source: SourceKey(1),
            story: StoryKey(1),
            link: None,
            title: (*title).to_owned(),
            summary: String::new(),
            description: None,
            published: None,
            updated: None,
            first_seen: Timestamp::UNIX_EPOCH,
            last_seen: Timestamp::UNIX_EPOCH,
            surfaces_at: None,
            claims: vec![],
            authors: vec![],
            categories: vec![],
            doi: None,
            image: None,
        };
        titles.iter().map(item).collect()
    }

    fn source(id: &str, keep: &[&str], drop: &[&str], pin: &[&str]) -> Source {
        let rules = |texts: &[&str]| texts.iter().map(|text| Rule::parse(text).unwrap()).collect();
        Source {
            keep: rules(keep),
            drop: rules(drop),
            pin: rules(pin),
            ..Source::new(
                SourceId::parse(id).unwrap(),
                id.into(),
                "https://a.test/".parse().unwrap(),
                vec![],
            )
        }
    }

    fn check(heard: &[(&Source, &[Item])], expect: &[&str]) {
        let mut trial = Trial::default();
        for (source, items) in heard {
            trial.hear(source, items, &EDITORIAL);
        }
        let said: Vec<_> = trial.idle().iter().map(ToString::to_string).collect();
        assert_eq!(said, expect);
    }

    #[test]
    fn rules_that_match_everything_or_nothing_are_told() {
        let mut news = items(&["Cancer news"; 19]);
        news.extend(items(&["Cancer podcast"]));
        let busy = source("busy", &["cancer", "cancers"], &["podcast", "quiz"], &["recall", "/./"]);
        check(
            &[(&busy, &news)],
            &[
                "the `keep` rule `cancer` matches each of the 20 newest items of busy",
                "the `keep` rule `cancers` matches none of the 20 newest items of busy",
                "the `drop` rule `quiz` matches none of the 20 newest items of busy",
                "the `pin` rule `/./` matches each of the 20 newest items of busy",
            ],
        );
        check(&[(&busy, &news[1..])], &[]);
    }

    #[test]
    fn one_source_shows_for_all_that_a_rule_works() {
        let rule = |id| source(id, &[], &["correction"], &[]);
        let (a, b, c, d) = (rule("a"), rule("b"), rule("c"), rule("d"));
        let (silent, telling) = (items(&["A trial"; 30]), items(&["Correction to a trial"]));
        check(&[(&a, &silent), (&b, &telling)], &[]);
        let all: [(&Source, &[Item]); 4] = [(&a, &silent), (&b, &silent), (&c, &silent), (&d, &silent[..5])];
        check(
            &all,
            &["the `drop` rule `correction` matches none of the 95 newest items of a, b, c and 1 more"],
        );
    }
}
