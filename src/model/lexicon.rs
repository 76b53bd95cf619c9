//! The words by which news is known to be about cancer, arranged so that each word of a text is looked at once.

use std::collections::HashMap;

/// Letters of a word by which words that end openly are found, and so the fewest that such a word needs.
pub const OPEN_LETTERS_MIN: usize = 3;

/// Words that say the same, with what they are worth.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub name: String,
    pub title: f64,
    /// In a summary or a category.
    pub text: f64,
    /// Most that all of them together are worth outside the title.
    pub text_most: f64,
    /// Whether they say something only beside others.
    pub context: bool,
    pub words: Vec<String>,
}

/// One entry of a group: a word or a few of them.
#[derive(Debug)]
pub struct Term {
    /// As the file has it: `lymphoma*`, `*tinib`, `stem cell`.
    pub text: String,
    words: Vec<Pattern>,
    /// Its group's place in [`Lexicon::groups`].
    pub group: usize,
}

/// How one word of a term is compared.
#[derive(Debug)]
enum Pattern {
    Whole(String),
    Start(String),
    End(String),
}

/// All groups, and their terms by how they are found.
#[derive(Debug, Default)]
pub struct Lexicon {
    groups: Vec<Group>,
    terms: Vec<Term>,
    /// By the whole first word.
    whole: HashMap<String, Vec<usize>>,
    /// By the first letters of the first word.
    starts: HashMap<String, Vec<usize>>,
    ends: Vec<usize>,
}

impl Lexicon {
    pub fn new(groups: Vec<Group>) -> Self {
        let mut lexicon = Self::default();
        for (at, group) in groups.iter().enumerate() {
            for word in &group.words {
                lexicon.add(word, at);
            }
        }
        Self { groups, ..lexicon }
    }

    fn add(&mut self, text: &str, group: usize) {
        let number = self.terms.len();
        let words: Vec<_> = text.split_whitespace().map(pattern).collect();
        match words.first() {
            None => return,
            Some(Pattern::Whole(word)) => self.whole.entry(word.clone()).or_default().push(number),
            Some(Pattern::Start(word)) => {
                let start = word.get(..OPEN_LETTERS_MIN).unwrap_or(word);
                self.starts.entry(start.to_owned()).or_default().push(number);
            }
            Some(Pattern::End(_)) => self.ends.push(number),
        }
        self.terms.push(Term {
            text: text.to_owned(),
            words,
            group,
        });
    }

    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The terms that begin with the first of these words, which are in lower case.
    pub fn at<'a>(&'a self, words: &[String]) -> impl Iterator<Item = &'a Term> {
        let first = words.first().map_or("", String::as_str);
        let whole = self.whole.get(first);
        let starts = first.get(..OPEN_LETTERS_MIN).and_then(|start| self.starts.get(start));
        let found = whole.into_iter().chain(starts).flatten().chain(&self.ends);
        found
            .filter_map(|number| self.terms.get(*number))
            .filter(|term| term.matches(words))
    }
}

impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.groups == other.groups
    }
}

impl Term {
    fn matches(&self, words: &[String]) -> bool {
        words.len() >= self.words.len()
            && self.words.iter().zip(words).all(|(pattern, word)| match pattern {
                Pattern::Whole(whole) => word == whole,
                Pattern::Start(start) => word.starts_with(start.as_str()),
                Pattern::End(end) => word.len() > end.len() + 1 && word.ends_with(end.as_str()),
            })
    }
}

fn pattern(word: &str) -> Pattern {
    match (word.strip_prefix('*'), word.strip_suffix('*')) {
        (Some(end), _) => Pattern::End(end.to_owned()),
        (None, Some(start)) => Pattern::Start(start.to_owned()),
        (None, None) => Pattern::Whole(word.to_owned()),
    }
}
