//! Where the news is on a page that is no feed.

use scraper::{error::SelectorErrorKind, selector::ToCss as _};

/// Longest selector, in characters. What a browser copies has some 150.
const SELECTOR_CHARS_MAX: usize = 300;

/// One CSS selector of an editor.
#[derive(Debug, Clone)]
pub struct Selector {
    text: String,
    css: scraper::Selector,
}

impl Selector {
    /// # Errors
    /// A sentence that says what is wrong with the selector.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("an empty selector finds nothing".into());
        }
        if text.chars().count() > SELECTOR_CHARS_MAX {
            return Err(format!("longer than {SELECTOR_CHARS_MAX} characters"));
        }
        let css = scraper::Selector::parse(text).map_err(|error| in_words(&error))?;
        let written = css.to_css_string();
        // Both compare every element with all of its neighbours: a long page would take minutes.
        if written.contains(":has(") {
            return Err("`:has()` is not known here; name a class instead".into());
        }
        if written.replace("~=", "").contains('~') {
            return Err("`~` is not known here; use `+`, or name a class".into());
        }
        Ok(Self {
            text: text.to_owned(),
            css,
        })
    }

    /// As the editor wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn css(&self) -> &scraper::Selector {
        &self.css
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

fn in_words(error: &SelectorErrorKind) -> String {
    let words = match error {
        SelectorErrorKind::EndOfLine => "it ends in the middle",
        _ => "it is incomplete, or has something that is not known here",
    };
    words.to_owned()
}

/// The selectors of a source that has no feed. All but the first are looked for inside an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Selectors {
    /// One piece of news.
    pub item: Selector,
    /// `None`: the text of the link.
    pub title: Option<Selector>,
    /// `None`: the first link.
    pub link: Option<Selector>,
    /// `None`: there is none.
    pub summary: Option<Selector>,
    /// `None`: there is none.
    pub date: Option<Selector>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_selector_is_said() {
        for (text, words) in [
            ("", "an empty selector finds nothing"),
            ("li:", "it ends in the middle"),
            ("li >", "it is incomplete, or has something that is not known here"),
            ("li..x", "it is incomplete, or has something that is not known here"),
            ("a:hover", "it is incomplete, or has something that is not known here"),
            ("p::before", "it is incomplete, or has something that is not known here"),
            ("li:has(a)", "`:has()` is not known here; name a class instead"),
            ("li:h\\61s(a)", "`:has()` is not known here; name a class instead"),
            ("h2 ~ ul", "`~` is not known here; use `+`, or name a class"),
        ] {
            assert_eq!(Selector::parse(text).map(|_| ()), Err(words.to_owned()), "{text}");
        }
        for good in [
            "li",
            "ul.news > li",
            "[class~=item]",
            "h2 + ul li:not(.ad)",
            "a[href^='/news/']",
            "tr:nth-child(2n)",
        ] {
            assert_eq!(Selector::parse(good).map(|found| found.text), Ok(good.to_owned()));
        }
        assert!(Selector::parse(&"a ".repeat(200)).is_err());
    }
}
