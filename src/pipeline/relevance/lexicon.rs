//! The terms, arranged so that each word is looked at once.

use std::{collections::HashMap, sync::LazyLock};

use super::terms::{GROUPS, Group};

/// Letters of a word by which terms that end openly are found.
const START: usize = 3;

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// One entry of the table.
#[derive(Debug)]
pub(super) struct Term {
    /// As the table has it: `lymphoma*`, `*tinib`, `stem cell`.
    pub(super) text: &'static str,
    words: Vec<Pattern>,
    pub(super) group: &'static Group,
    pub(super) group_number: usize,
}

/// How one word of a term is compared.
#[derive(Debug)]
enum Pattern {
    Whole(&'static str),
    Start(&'static str),
    End(&'static str),
}

/// All terms, by how they are found.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// By the whole first word.
    whole: HashMap<&'static str, Vec<Term>>,
    /// By the first letters of the first word.
    starts: HashMap<&'static str, Vec<Term>>,
    ends: Vec<Term>,
}

impl Lexicon {
    fn new() -> Self {
        let mut lexicon = Self::default();
        for (group_number, group) in GROUPS.iter().enumerate() {
            for text in group.terms.split('\n').flat_map(|line| line.split(',')).map(str::trim) {
                let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).map(pattern).collect();
                let term = Term {
                    text,
                    words,
                    group,
                    group_number,
                };
                match term.words.first() {
                    None => {}
                    Some(Pattern::Whole(word)) => lexicon.whole.entry(word).or_default().push(term),
                    Some(Pattern::Start(word)) => {
                        let start = word.get(..START).unwrap_or(word);
                        lexicon.starts.entry(start).or_default().push(term);
                    }
                    Some(Pattern::End(_)) => lexicon.ends.push(term),
                }
            }
        }
        lexicon
    }

    /// The terms that begin with the first of these words.
    pub(super) fn at<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = &'a Term> {
        let first = words.first().map_or("", String::as_str);
        let whole = self.whole.get(first);
        let starts = first.get(..START).and_then(|start| self.starts.get(start));
        let found = whole.into_iter().chain(starts).flatten().chain(&self.ends);
        found.filter(|term| term.matches(words))
    }
}

impl Term {
    fn matches(&self, words: &[String]) -> bool {
        words.len() >= self.words.len()
            && self.words.iter().zip(words).all(|(pattern, word)| match pattern {
                Pattern::Whole(whole) => word == whole,
                Pattern::Start(start) => word.starts_with(start),
                Pattern::End(end) => word.len() > end.len() + 1 && word.ends_with(end),
            })
    }
}

fn pattern(word: &'static str) -> Pattern {
    match (word.strip_prefix('*'), word.strip_suffix('*')) {
        (Some(end), _) => Pattern::End(end),
        (None, Some(start)) => Pattern::Start(start),
        (None, None) => Pattern::Whole(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read() {
        for group in GROUPS {
            for term in group.terms.split(',').map(str::trim).filter(|term| !term.is_empty()) {
                assert_eq!(term, term.to_lowercase());
                assert!(
                    term.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '*')),
                    "{term}"
                );
                let open = term.split(' ').next().and_then(|word| word.strip_suffix('*'));
                assert!(open.is_none_or(|start| start.len() >= START), "{term}");
            }
        }
    }
}
