//! One thing in a feed, as its publisher put it.

use jiff::Timestamp;

/// A text field of a feed, which publishers fill with either of two languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Markup {
    /// Characters that mean themselves (Atom `type="text"`, JSON Feed titles).
    Text(String),
    /// HTML source, or what may be HTML (every RSS text field).
    Html(String),
}

impl Markup {
    /// The field as written.
    pub fn source(&self) -> &str {
        match self {
            Self::Text(text) | Self::Html(text) => text,
        }
    }
}

/// One entry of a feed. Text fields are as the publisher wrote them, not yet plain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The publisher's own id (`guid`, `atom:id`, `rdf:about`), trimmed; never one that a reader made up.
    pub guid: Option<String>,
    /// Absolute where a base is known, else as written; any scheme.
    pub link: Option<String>,
    pub title: Option<Markup>,
    /// The publisher's summary or, where there is none, the content.
    pub summary: Option<Markup>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    /// Names, without e-mail addresses where the field has both.
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    /// Bare and lower case: `10.1000/xyz`.
    pub doi: Option<String>,
    /// Absolute where a base is known, else as written.
    pub image: Option<String>,
}
