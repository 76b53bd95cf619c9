//! Addresses that give something away.

use std::ops::Range;

use url::Url;

/// Names of parameters whose values are secrets, in lower case.
const SECRETS: [&str; 17] = [
    "access_token",
    "api_key",
    "api-key",
    "apikey",
    "auth",
    "auth_token",
    "authorization",
    "feed_token",
    "key",
    "pass",
    "passwd",
    "password",
    "private_token",
    "secret",
    "sig",
    "signature",
    "token",
];

/// The parameter of an address that looks like a secret: the address must not be published.
pub fn secret_parameter(url: &Url) -> Option<String> {
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(name, value)| !value.is_empty() && is_secret(name));
    found.map(|(name, _)| name.into_owned())
}

/// Where the values of such parameters stand in a line, as it is written.
pub fn secret_values(line: &str) -> Vec<Range<usize>> {
    let mut values = vec![];
    for (at, _) in line.match_indices(['?', '&']) {
        let rest = &line[at + 1..];
        let Some((name, after)) = rest.split_once('=').filter(|(name, _)| is_secret(name)) else {
            continue;
        };
        let from = at + 1 + name.len() + 1;
        let ends = |c: char| matches!(c, '&' | '#' | '"' | '\'') || c.is_whitespace();
        values.push(from..from + after.find(ends).unwrap_or(after.len()));
    }
    values
}

fn is_secret(name: &str) -> bool {
    SECRETS.contains(&&*name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_look_like_secrets_are_found() {
        for (url, parameter, line) in [
            ("https://a.test/?token=abc", Some("token"), "https://a.test/?token=***"),
            (
                "https://a.test/?x=1&API_KEY=ab#c",
                Some("API_KEY"),
                "https://a.test/?x=1&API_KEY=**#c",
            ),
            ("https://a.test/?token=&x=y", None, "https://a.test/?token=&x=y"),
            (
                "https://a.test/feed?jc=key&rss=yes",
                None,
                "https://a.test/feed?jc=key&rss=yes",
            ),
            ("https://a.test/token=abc", None, "https://a.test/token=abc"),
        ] {
            assert_eq!(
                secret_parameter(&Url::parse(url).unwrap()).as_deref(),
                parameter,
                "{url}"
            );
            let mut shown = url.to_owned();
            for value in secret_values(url) {
                let length = value.len();
                shown.replace_range(value, &"*".repeat(length));
            }
            assert_eq!(shown, line);
        }
    }
}
