//! `keep` and `drop` rules of a source.

use regex::{Regex, RegexBuilder};

/// Compiled size of one expression, in bytes. The crate's default (10 MiB) lets a typing error eat memory.
const REGEX_BYTES_MAX: usize = 256 * 1024;

/// One rule of an editor: a word or phrase (whole words, case does not matter), or `/a regular expression/`
/// (case does not matter either; the `regex` crate's syntax, linear time).
#[derive(Debug, Clone)]
pub struct Rule {
    text: String,
    regex: Regex,
}

impl Rule {
    /// # Errors
    /// A sentence that says what is wrong with the rule.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        let pattern = match trimmed.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some("") => return Err("an empty expression matches everything".into()),
            Some(expression) => expression.to_owned(),
            None if trimmed.is_empty() => return Err("an empty rule matches everything".into()),
            None => phrase(trimmed),
        };
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(true)
            .size_limit(REGEX_BYTES_MAX)
            .build()
            .map_err(|error| error.to_string().lines().last().unwrap_or_default().trim().to_owned())?;
        Ok(Self {
            text: text.to_owned(),
            regex,
        })
    }

    /// As the editor wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Whole words, any white space between them. `\b` only where the phrase begins or ends with a word character:
/// "COVID-19" and "(podcast)" are both phrases.
fn phrase(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().map(regex::escape).collect();
    let edge = |c: Option<char>| {
        if c.is_some_and(char::is_alphanumeric) {
            r"\b"
        } else {
            ""
        }
    };
    format!(
        "{}{}{}",
        edge(text.chars().next()),
        words.join(r"\s+"),
        edge(text.chars().last())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_whole_words_in_any_case() {
        let rule = Rule::parse("breast  cancer").unwrap();
        assert!(rule.matches("Early Breast\ncancer found"));
        assert!(!rule.matches("breast cancers"));
        assert!(Rule::parse("(podcast)").unwrap().matches("News (Podcast)"));
    }

    #[test]
    fn slashes_make_an_expression() {
        let rule = Rule::parse("/cancers?$/").unwrap();
        assert!(rule.matches("Cancers"));
        assert!(!rule.matches("cancers today"));
    }

    #[test]
    fn faulty_rules_say_why() {
        for bad in ["", "  ", "//", "/(/"] {
            assert!(!Rule::parse(bad).unwrap_err().is_empty(), "{bad}");
        }
    }
}
