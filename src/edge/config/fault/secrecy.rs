//! What is not shown of a faulty line.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::secrecy::secret_values;

/// Keys whose values are secret, or were meant to be named: at a reload their lines may reach the journal.
const SECRET_KEYS: [&str; 3] = ["authorization", "headers", "proxy_login"];

pub(super) fn without_secrets(line: &str) -> String {
    let lower = line.to_lowercase();
    match SECRET_KEYS.iter().any(|key| lower.contains(key)) {
        true => without_values(line),
        false => without_parameters(&without_credentials(line)),
    }
}

/// Nor the values of parameters that look like secrets.
fn without_parameters(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut end = 0;
    for value in secret_values(line) {
        shown.push_str(&line[end..value.start]);
        shown.extend(line[value.clone()].chars().map(|_| '*'));
        end = value.end;
    }
    shown.push_str(&line[end..]);
    shown
}

/// What may be shown of a line of secrets: keys, the names of credentials, and punctuation.
#[expect(clippy::unwrap_used, reason = "a constant, which a test compiles")]
static NO_VALUE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?:^|[{,])\s*["']?[\w.-]+["']?\s*=|\$\{[A-Z0-9_]*\}|[\s"'{}\[\]=,]"#).unwrap());

/// `*` for every other character.
pub(super) fn without_values(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut end = 0;
    for kept in NO_VALUE.find_iter(line) {
        shown.extend(line[end..kept.start()].chars().map(|_| '*'));
        shown.push_str(kept.as_str());
        end = kept.end();
    }
    shown.extend(line[end..].chars().map(|_| '*'));
    shown
}

/// A password in a URL is a fault, but at a reload it would reach the journal with its line: `*` for every character.
fn without_credentials(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        let end = after
            .find(|c: char| matches!(c, '/' | '?' | '#' | '"' | '\'') || c.is_whitespace())
            .unwrap_or(after.len());
        let secret = after[..end].rfind('@').unwrap_or(0);
        shown.extend(after[..secret].chars().map(|_| '*'));
        rest = &after[secret..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secret_keys_are_not_shown() {
        for (line, expect) in [
            (
                "headers = { Authorization = \"Bearer abc\", X-B = '${B}c' }",
                "headers = { Authorization = \"****** ***\", X-B = '${B}*' }",
            ),
            (
                "\"Authorization\" = \"Basic YWJj==\"",
                "\"Authorization\" = \"***** ****==\"",
            ),
            ("Authorization = Basic YWJj=", "Authorization = ***** ****="),
            ("proxy_login = \"u:päss${X}", "proxy_login = \"******${X}"),
        ] {
            assert_eq!(without_secrets(line), expect);
            let elsewhere = without_values(&line.replace("headers", "more"));
            assert!(!elsewhere.contains("abc") && !elsewhere.contains("YWJj"), "{elsewhere}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        for (line, expect) in [
            ("url = \"https://u:p@a.test/x@y\"", "url = \"https://***@a.test/x@y\""),
            ("a://b@c d://e", "a://*@c d://e"),
            ("https://a.test/x", "https://a.test/x"),
            (
                "url = \"https://a.test/?a=b&token=päss&x=y\" # token",
                "url = \"https://a.test/?a=b&token=****&x=y\" # token",
            ),
        ] {
            assert_eq!(without_secrets(line), expect);
        }
    }
}
