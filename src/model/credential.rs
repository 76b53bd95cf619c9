//! What nobody but its addressee may see.

use std::{collections::BTreeMap, fmt};

/// A password or token. It is shown as `***`, so that no log, error or panic can tell it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The operators' secrets, by the names that the two files know them by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials(BTreeMap<String, Secret>);

impl Credentials {
    /// Whether a text can be a credential's name: capital letters, digits and underscores, not beginning with a digit,
    /// so that it can be part of a variable's.
    pub fn is_name(text: &str) -> bool {
        let mut bytes = text.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_uppercase())
            && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    }

    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }

    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.0.values()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// These, and of the others those that have no name among these.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        let mut all = others.0;
        all.extend(self.0);
        Self(all)
    }
}

impl FromIterator<(String, Secret)> for Credentials {
    fn from_iter<I: IntoIterator<Item = (String, Secret)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_itself_to_nobody() {
        let secret = Secret::new("hunter2");
        let all: Credentials = [("NEJM_TOKEN".to_owned(), secret.clone())].into_iter().collect();
        let shown = format!("{secret} {secret:?} {secret:#?} {all:?} {all:#?}");
        assert!(!shown.contains("hunter2") && shown.contains("NEJM_TOKEN"), "{shown}");
    }

    #[test]
    fn names() {
        for (text, is_name) in [
            ("NEJM_TOKEN", true),
            ("A2", true),
            ("2A", false),
            ("", false),
            ("a", false),
            ("A-B", false),
        ] {
            assert_eq!(Credentials::is_name(text), is_name, "{text}");
        }
    }

    #[test]
    fn of_two_the_first_goes_before() {
        let one = |text| -> Credentials { [("A".to_owned(), Secret::new(text))].into_iter().collect() };
        assert_eq!(one("1").or(one("2")).get("A").unwrap().expose(), "1");
        assert_eq!(Credentials::default().or(one("2")).get("A").unwrap().expose(), "2");
    }
}
