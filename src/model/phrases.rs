//! Words and phrases of a list, arranged so that each word of a text is looked at once.

use std::collections::HashMap;

/// Letters by which a word that ends openly is found, and so the fewest that it needs.
pub const OPEN_LETTERS_MIN: usize = 3;

/// Phrases, each with what it stands for.
#[derive(Debug)]
pub struct Phrases<T> {
    phrases: Vec<Phrase<T>>,
    /// By the whole first word.
    whole: HashMap<String, Vec<usize>>,
    /// By the first letters of the first word.
    starts: HashMap<String, Vec<usize>>,
    ends: Vec<usize>,
}

/// A word or a few of them.
#[derive(Debug)]
pub struct Phrase<T> {
    /// As its list has it: `lymphoma*`, `*tinib`, `stem cell`.
    pub text: String,
    pub meaning: T,
    words: Vec<Pattern>,
}

/// How one word of a phrase is compared.
#[derive(Debug)]
enum Pattern {
    Whole(String),
    Start(String),
    End(String),
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            phrases: vec![],
            whole: HashMap::new(),
            starts: HashMap::new(),
            ends: vec![],
        }
    }
}

impl<T> Phrases<T> {
    /// `*` stands for any rest of a word. A phrase without a word is left out.
    pub fn add(&mut self, text: &str, meaning: T) {
        let number = self.phrases.len();
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
        self.phrases.push(Phrase {
            text: text.to_owned(),
            meaning,
            words,
        });
    }

    /// Those that begin with the first of these words, which are in lower case.
    pub fn at<'a>(&'a self, words: &[String]) -> impl Iterator<Item = &'a Phrase<T>> {
        let first = words.first().map_or("", String::as_str);
        let whole = self.whole.get(first);
        let starts = first.get(..OPEN_LETTERS_MIN).and_then(|start| self.starts.get(start));
        let found = whole.into_iter().chain(starts).flatten().chain(&self.ends);
        found
            .filter_map(|number| self.phrases.get(*number))
            .filter(|phrase| phrase.matches(words))
    }

    /// All of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Phrase<T>> {
        self.phrases.iter()
    }
}

impl<T: PartialEq> PartialEq for Phrases<T> {
    fn eq(&self, other: &Self) -> bool {
        let of = |phrases: &Self| phrases.phrases.len();
        let same = |(one, other): (&Phrase<T>, &Phrase<T>)| one.text == other.text && one.meaning == other.meaning;
        of(self) == of(other) && self.iter().zip(other.iter()).all(same)
    }
}

impl<T> Phrase<T> {
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

/// Lower-case words, at most so many; what joins their parts (`PD-1`, `CDK4/6`) parts them.
pub fn words(text: &str, most: usize) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(most)
        .map(str::to_lowercase)
        .collect()
}
