//! `keep`, `drop` and `pin` rules of a source.

use regex::{Regex, RegexBuilder};

/// Compiled size of one expression, in bytes. The crate's default (10 MiB) lets a typing error eat memory.
const REGEX_BYTES_MAX: usize = 256 * 1024;

/// Where a rule looks that says where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title,
    Text,
    Link,
    Author,
    Category,
}

impl Field {
    /// As they are written before a rule, with a colon: `title:podcast`.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("title", Self::Title),
        ("text", Self::Text),
        ("link", Self::Link),
        ("author", Self::Author),
        ("category", Self::Category),
    ];

    fn named(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, field)| *field)
    }
}

/// What rules are asked about: an item, as far as they look at it.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    title: &'a str,
    text: &'a str,
    link: &'a str,
    authors: &'a [String],
    categories: &'a [String],
    /// Title, text and categories, a line each: where a rule looks that does not say where.
    all: String,
}

impl<'a> Judged<'a> {
    /// Plain texts; `link` is empty where there is none.
    pub fn new(title: &'a str, text: &'a str, link: &'a str, authors: &'a [String], categories: &'a [String]) -> Self {
        Self {
            title,
            text,
            link,
            authors,
            categories,
            all: format!("{title}\n{text}\n{}", categories.join("\n")),
        }
    }
}

/// One rule of an editor: a word or phrase (whole words, case does not matter), or `/a regular expression/`
/// (case does not matter either; the `regex` crate's syntax, linear time); before it, if need be, the field in which it
/// looks, and a colon.
#[derive(Debug, Clone)]
pub struct Rule {
    text: String,
    /// `None`: in title, text and categories.
    field: Option<Field>,
    regex: Regex,
}

impl Rule {
    /// A word before a colon that is no field's name is the beginning of a phrase.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the rule.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (field, said) = match Self::prefix(text).and_then(|(name, rest)| Some((Field::named(name)?, rest))) {
            Some((field, rest)) => (Some(field), rest.trim()),
            None => (None, text.trim()),
        };
        let pattern = match said.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some("") => return Err("an empty expression matches everything".into()),
            Some(expression) => expression.to_owned(),
            None if said.is_empty() => return Err("an empty rule matches everything".into()),
            None => phrase(said),
        };
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(true)
            .size_limit(REGEX_BYTES_MAX)
            .build()
            .map_err(|error| error.to_string().lines().last().unwrap_or_default().trim().to_owned())?;
        Ok(Self {
            text: text.to_owned(),
            field,
            regex,
        })
    }

    /// The one word before a rule's first colon, and what follows that.
    pub fn prefix(text: &str) -> Option<(&str, &str)> {
        let (word, rest) = text.trim_start().split_once(':')?;
        let is_word = !word.is_empty() && word.chars().all(char::is_alphabetic);
        is_word.then_some((word, rest))
    }

    /// As the editor wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Of several authors or categories, any one will do.
    pub fn matches(&self, judged: &Judged<'_>) -> bool {
        let any = |texts: &[String]| texts.iter().any(|text| self.regex.is_match(text));
        match self.field {
            None => self.regex.is_match(&judged.all),
            Some(Field::Title) => self.regex.is_match(judged.title),
            Some(Field::Text) => self.regex.is_match(judged.text),
            Some(Field::Link) => self.regex.is_match(judged.link),
            Some(Field::Author) => any(judged.authors),
            Some(Field::Category) => any(judged.categories),
        }
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

    fn matches(rule: &str, title: &str) -> bool {
        let judged = Judged::new(title, "", "", &[], &[]);
        Rule::parse(rule).unwrap().matches(&judged)
    }

    #[test]
    fn a_phrase_is_whole_words_in_any_case() {
        assert!(matches("breast  cancer", "Early Breast\ncancer found"));
        assert!(!matches("breast  cancer", "breast cancers"));
        assert!(matches("(podcast)", "News (Podcast)"));
        assert!(matches("Video: ", "Video: a ward round"), "no field is called so");
    }

    #[test]
    fn slashes_make_an_expression() {
        assert!(matches("/^cancers?/", "Cancers") && matches("title:/cancers?$/", "Two cancers"));
        assert!(!matches("title:/cancers?$/", "cancers today"));
    }

    #[test]
    fn a_field_is_looked_at_alone() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (authors, categories) = (names(&["A. Smith", "B. Jones"]), names(&["Podcasts", "Lung"]));
        let link = "https://a.test/podcast/lung-1";
        let judged = Judged::new("The title", "The text", link, &authors, &categories);
        for (rule, expect) in [
            ("title", true),
            ("title:title", true),
            ("title: the title", true),
            ("title:text", false),
            ("text:text", true),
            ("text:title", false),
            ("link:podcast", true),
            (r"link:/lung-\d$/", true),
            ("a.test", false),
            ("author:smith", true),
            ("author:/^b/", true),
            ("smith", false),
            ("category:lung", true),
            ("category:/^podcasts?$/", true),
            ("podcasts", true),
            ("category:title", false),
        ] {
            assert_eq!(Rule::parse(rule).unwrap().matches(&judged), expect, "{rule}");
        }
    }

    #[test]
    fn faulty_rules_say_why() {
        for bad in ["", "  ", "//", "/(/", "title:", "title: ", "link://", "author:/(/"] {
            assert!(!Rule::parse(bad).unwrap_err().is_empty(), "{bad}");
        }
    }
}
