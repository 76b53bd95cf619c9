//! Words and phrases that editors list, and how they are found in a text.
//!
//! Texts are compared word by word, in small letters; what is no letter or digit parts words. So `PD-L1`, `pd l1` and
//! `Pd‑L1` are the same two words, and an entry can be written as an editor writes it.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Letters that must stand beside a `*` in the first word: fewer find words of every subject.
pub const OPEN_LETTERS_MIN: usize = 3;

/// Most words of one phrase; the longest sensible ones have six.
pub const PHRASE_WORDS_MAX: usize = 8;

/// Most characters of a text that are read: as many as are kept of a summary.
const TEXT_CHARS_MAX: usize = 4_000;

/// A word or several: `lymphoma`, `stem cell`, `metasta*`, `*tinib`, `aged #`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    words: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Pattern {
    Whole(String),
    /// Any rest may follow.
    Start(String),
    /// Any beginning of at least two letters may go before.
    End(String),
    Number,
}

impl Phrase {
    /// # Errors
    /// A sentence that says what is wrong with the phrase.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lower = text.to_lowercase();
        let words: Vec<_> = lower
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '#'))
            .filter(|word| !word.is_empty())
            .enumerate()
            .map(|(at, word)| Pattern::parse(word, if at == 0 { OPEN_LETTERS_MIN } else { 1 }))
            .collect::<Result<_, _>>()?;
        match words.len() {
            0 => Err("has no letter or digit, so it finds nothing".into()),
            1 if words == [Pattern::Number] => Err("finds every number".into()),
            many if many > PHRASE_WORDS_MAX => Err(format!("has {many} words; at most {PHRASE_WORDS_MAX} are allowed")),
            _ => Ok(Self { words }),
        }
    }

    /// In words.
    pub fn length(&self) -> usize {
        self.words.len()
    }

    fn begins(&self, words: &[&str]) -> bool {
        words.len() >= self.words.len()
            && self
                .words
                .iter()
                .zip(words)
                .all(|(pattern, word)| pattern.matches(word))
    }

    /// Which of two phrases says more about a word: longer ones before shorter ones, whole words before open ones.
    pub fn weight(&self) -> (usize, bool, usize) {
        let (whole, letters) = match self.words.first() {
            Some(Pattern::Whole(word)) => (true, word.len()),
            Some(Pattern::Start(word) | Pattern::End(word)) => (false, word.len()),
            Some(Pattern::Number) | None => (false, 0),
        };
        (self.words.len(), whole, letters)
    }
}

impl Pattern {
    fn parse(word: &str, least: usize) -> Result<Self, String> {
        let open = |letters: &str| match letters.chars().count() {
            _ if letters.contains(['*', '#']) => {
                Err("has a sign inside a word: a `*` stands at one end of it, a `#` alone".to_owned())
            }
            few if few < least => Err(format!(
                "has fewer than {least} letters beside a `*`, which finds words of every subject"
            )),
            _ => Ok(letters.to_owned()),
        };
        match (word.strip_prefix('*'), word.strip_suffix('*')) {
            (Some(end), _) => open(end).map(Self::End),
            (None, Some(start)) => open(start).map(Self::Start),
            (None, None) if word == "#" => Ok(Self::Number),
            (None, None) if word.contains(['*', '#']) => open(word).map(Self::Whole),
            (None, None) => Ok(Self::Whole(word.to_owned())),
        }
    }

    fn matches(&self, word: &str) -> bool {
        match self {
            Self::Whole(whole) => word == whole,
            Self::Start(start) => word.starts_with(start.as_str()),
            Self::End(end) => word.len() > end.len() + 1 && word.ends_with(end.as_str()),
            Self::Number => word.bytes().all(|byte| byte.is_ascii_digit()),
        }
    }
}

/// As much of a text as is read.
pub fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(TEXT_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// The words of a text, in small letters.
#[derive(Debug)]
pub struct Words {
    lower: String,
}

impl Words {
    /// Of the first 4,000 characters.
    pub fn of(text: &str) -> Self {
        Self {
            lower: beginning(text).to_lowercase(),
        }
    }

    pub fn list(&self) -> Vec<&str> {
        let words = self.lower.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty()).collect()
    }
}

type Places = HashMap<String, Vec<usize>, BuildHasherDefault<Fnv>>;

/// Quick on short words. That its collisions can be made is no matter: what is kept in the tables is the editors'.
#[derive(Debug, Clone)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Phrases with what they stand for, arranged so that each word of a text is looked up a fixed number of times.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    listed: Vec<(Phrase, T)>,
    /// By the whole first word.
    whole: Places,
    /// By the first letters of the first word.
    starts: Places,
    /// By the last letters of the first word.
    ends: Places,
    numbers: Vec<usize>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            listed: vec![],
            whole: Places::default(),
            starts: Places::default(),
            ends: Places::default(),
            numbers: vec![],
        }
    }
}

impl<T: PartialEq> PartialEq for Phrases<T> {
    fn eq(&self, other: &Self) -> bool {
        self.listed == other.listed
    }
}

impl<T> Phrases<T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub fn add(&mut self, phrase: Phrase, meaning: T) {
        let at = self.listed.len();
        match phrase.words.first() {
            Some(Pattern::Whole(word)) => self.whole.entry(word.clone()).or_default().push(at),
            Some(Pattern::Start(word)) => self.starts.entry(first_letters(word).to_owned()).or_default().push(at),
            Some(Pattern::End(word)) => self.ends.entry(last_letters(word).to_owned()).or_default().push(at),
            Some(Pattern::Number) | None => self.numbers.push(at),
        }
        self.listed.push((phrase, meaning));
    }

    /// What begins with the first of these words; in no order.
    pub fn at<'a, 'w>(&'a self, words: &'w [&'w str]) -> impl Iterator<Item = (&'a Phrase, &'a T)> + use<'a, 'w, T> {
        let first = words.first().copied().unwrap_or_default();
        let number = first.as_bytes().first().is_some_and(u8::is_ascii_digit);
        let places = [
            self.whole.get(first),
            self.starts.get(first_letters(first)),
            self.ends.get(last_letters(first)),
            number.then_some(&self.numbers),
        ];
        let found = places
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|at| self.listed.get(*at));
        found
            .filter(|(phrase, _)| phrase.begins(words))
            .map(|(phrase, meaning)| (phrase, meaning))
    }

    /// The phrase that says most.
    pub fn best_at<'a>(&'a self, words: &[&str]) -> Option<(&'a Phrase, &'a T)> {
        self.at(words).max_by_key(|(phrase, _)| phrase.weight())
    }
}

fn first_letters(word: &str) -> &str {
    let end = word
        .char_indices()
        .nth(OPEN_LETTERS_MIN)
        .map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or(word)
}

fn last_letters(word: &str) -> &str {
    let start = word
        .char_indices()
        .rev()
        .nth(OPEN_LETTERS_MIN - 1)
        .map_or(0, |(at, _)| at);
    word.get(start..).unwrap_or(word)
}
