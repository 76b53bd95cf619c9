//! Words as two tellings of one story share them: without case, accents and endings, and weighed by how rare they are.
//!
//! How rare a word is stands in a list, and is never counted in what is kept: whether two items tell one story must
//! depend on these two alone.

use std::{collections::HashMap, sync::LazyLock};

/// What a word says that is not in the list, in bits: one text in a hundred, or fewer, has it.
pub(super) const RARE: f32 = 7.0;

/// What a number says: it is seldom in two texts by chance, and often not the same in two that tell one story.
const NUMBER: f32 = 3.0;

/// Longest word, in characters. What is longer is no word but an address or an attack.
const WORD_CHARS_MAX: usize = 40;

static COMMON: LazyLock<HashMap<&str, f32>> = LazyLock::new(|| {
    let lines = include_str!("words.txt").lines().filter(|line| !line.starts_with('#'));
    let weighed = lines.filter_map(|line| {
        let (bits, words) = line.split_once(' ')?;
        // The middle of the class, and nothing for those that say nothing.
        let weight = bits
            .parse::<u8>()
            .ok()
            .map(|bits| if bits == 0 { 0.0 } else { f32::from(bits) + 0.5 })?;
        Some(words.split_whitespace().map(move |word| (word, weight)))
    });
    weighed.flatten().collect()
});

/// What it says that two texts share this word, in bits; 0 where it says nothing.
pub(super) fn weight(stem: &str) -> f32 {
    match COMMON.get(stem) {
        Some(weight) => *weight,
        None if is_number(stem) => {
            if stem.len() == 1 {
                0.0
            } else {
                NUMBER
            }
        }
        None if stem.chars().count() == 1 => 0.0,
        None => RARE,
    }
}

/// Digits and points, with an optional `mn` or `bn`.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.strip_suffix("mn").or(word.strip_suffix("bn")).unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The words of a text in their order, lower case and without accents, each of at most [`WORD_CHARS_MAX`] characters.
/// Amounts are `1.9bn` and `200mn`, however they are written.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let decimal = c == '.' && next.is_ascii_digit() && word.ends_with(|c: char| c.is_ascii_digit());
        let thousands = c == ',' && next.is_ascii_digit() && word.ends_with(|c: char| c.is_ascii_digit());
        let apostrophe = matches!(c, '\'' | '’' | '‘') && next.is_alphanumeric() && !word.is_empty();
        if c.is_alphanumeric() {
            fold(c, &mut word);
        } else if decimal {
            word.push('.');
        } else if apostrophe {
            word.push('\'');
        } else if !thousands {
            end(&mut words, &mut word);
        }
    }
    end(&mut words, &mut word);
    words
}

fn end(words: &mut Vec<String>, word: &mut String) {
    let whole = std::mem::take(word);
    if whole.is_empty() || whole.chars().count() > WORD_CHARS_MAX {
        return;
    }
    let unit = match whole.as_str() {
        "billion" | "bn" => "bn",
        "million" | "mn" | "m" => "mn",
        _ => "",
    };
    if let Some(last) = words
        .last_mut()
        .filter(|last| !unit.is_empty() && is_plain_number(last))
    {
        last.push_str(unit);
        return;
    }
    words.push(amount(&whole).unwrap_or(whole));
}

fn is_plain_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `1.9b` and `200m`.
fn amount(word: &str) -> Option<String> {
    let (digits, unit) = match word.strip_suffix('b') {
        Some(digits) => (digits, "bn"),
        None => (word.strip_suffix('m')?, "mn"),
    };
    (!digits.is_empty() && is_plain_number(digits)).then(|| format!("{digits}{unit}"))
}

/// Lower case, without the accents of Western European languages; others stay what they are.
fn fold(c: char, word: &mut String) {
    for c in c.to_lowercase() {
        match c {
            'à'..='å' => word.push('a'),
            'ç' => word.push('c'),
            'è'..='ë' => word.push('e'),
            'ì'..='ï' => word.push('i'),
            'ñ' => word.push('n'),
            'ò'..='ö' | 'ø' => word.push('o'),
            'ù'..='ü' => word.push('u'),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            _ => word.push(c),
        }
    }
}

/// A word without its endings, in American spelling: `tumours` and `tumor`, `approves` and `approved` are one.
pub(super) fn stem(word: &str) -> String {
    let word = word.split('\'').next().unwrap_or(word);
    let mut stem = word
        .replace("tumour", "tumor")
        .replace("aem", "em")
        .replace("oesoph", "esoph");
    if !stem.is_ascii() || stem.bytes().any(|b| b.is_ascii_digit()) {
        return stem;
    }
    if stem.len() > 4 {
        without_plural(&mut stem);
    }
    if stem.len() > 5 {
        without_inflection(&mut stem);
    }
    if stem.len() > 4 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

fn without_plural(stem: &mut String) {
    if stem.ends_with("ies") {
        stem.truncate(stem.len() - 3);
        stem.push('y');
    } else if ["sses", "ches", "shes", "xes"]
        .iter()
        .any(|ending| stem.ends_with(ending))
    {
        stem.truncate(stem.len() - 2);
    } else if stem.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| stem.ends_with(ending)) {
        stem.pop();
    }
}

fn without_inflection(stem: &mut String) {
    let Some(base) = stem.strip_suffix("ing").or(stem.strip_suffix("ed")) else {
        return;
    };
    if base.len() < 4 || !base.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
        return;
    }
    let last = base.as_bytes()[base.len() - 1];
    let doubled = base.as_bytes()[base.len() - 2] == last && !matches!(last, b'l' | b's');
    let length = base.len() - usize::from(doubled);
    stem.truncate(length);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let stems: Vec<_> = words(text).iter().map(|word| stem(word)).collect();
        assert_eq!(stems, expect, "{text}");
    }

    #[test]
    fn spellings_of_one_word_are_one() {
        check("Tumours, tumour; TUMORS’", &["tumor", "tumor", "tumor"]);
        check("approves approved Approving approve", &["approv"; 4]);
        check("Novartis’ Lilly's therapies", &["novartis", "lilly", "therapy"]);
        check("planning plans leukaemia", &["plan", "plan", "leukemia"]);
        check("Müller Crohn’s naïve", &["muller", "crohn", "naiv"]);
    }

    #[test]
    fn amounts_are_one_however_they_are_written() {
        check("$1.9B, £1.9bn and 1.9 billion", &["1.9bn", "1.9bn", "and", "1.9bn"]);
        check("$200M 200 million 1,200 3.", &["200mn", "200mn", "1200", "3"]);
    }

    #[test]
    fn the_rare_says_more_than_the_common() {
        assert_eq!(weight("the"), 0.0);
        assert!(weight("cancer") < weight("survival") && weight("survival") < weight("osimertinib"));
    }
}
