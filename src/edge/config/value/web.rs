//! Web addresses.

use url::{ParseError, Url};

use super::{Given, Wrong, quoted};
use crate::edge::config::suggest;
use crate::model::link::LINK_BYTES_MAX;

const EXPECTED: &str = "a web address like \"https://example.org/\"";

/// Absolute http or https, with a host, without user name or password.
pub(in crate::edge::config) fn web_url(given: Given<'_>) -> Result<Url, Wrong> {
    let text = given.text(EXPECTED)?.trim();
    if text.is_empty() {
        return Err(Wrong::new("must not be empty").help(format!("expected {EXPECTED}")));
    }
    if text.len() > LINK_BYTES_MAX {
        let length = text.len();
        return Err(Wrong::new(format!(
            "{length} bytes long; at most {LINK_BYTES_MAX} are allowed"
        )));
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Wrong::new("a web address has no spaces or line breaks in it"));
    }
    let url = Url::parse(text).map_err(|error| unparsed(text, error))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(not_web(text, url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let help = "leave out what stands between `://` and `@`";
        return Err(Wrong::new("a web address must not carry a user name or password").help(help));
    }
    match url.as_str().len() > LINK_BYTES_MAX {
        true => Err(Wrong::new(format!(
            "longer than {LINK_BYTES_MAX} bytes once it is encoded"
        ))),
        false => Ok(url),
    }
}

/// A web address under which our outputs have names: it ends in a slash, and has neither query nor fragment.
pub(in crate::edge::config) fn base_url(given: Given<'_>) -> Result<Url, Wrong> {
    let mut url = web_url(given)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Wrong::new(
            "outputs are named below this address, so it must not contain `?` or `#`",
        ));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// A host as it stands in URLs: lower case, punycode.
pub(in crate::edge::config) fn host(given: Given<'_>) -> Result<String, Wrong> {
    let text = given.text("a host like \"medium.com\"")?.trim();
    let url = Url::parse(&format!("https://{text}/")).ok();
    let host = url.filter(|url| url.path() == "/" && url.port().is_none() && url.username().is_empty());
    match host.as_ref().and_then(Url::host_str) {
        Some(host) => Ok(host.trim_end_matches('.').to_owned()),
        None => Err(Wrong::new(format!(
            "expected a host like \"medium.com\", found {}",
            quoted(text)
        ))),
    }
}

fn unparsed(text: &str, error: ParseError) -> Wrong {
    match error {
        ParseError::RelativeUrlWithoutBase => Wrong::new("must begin with http:// or https://").help(format!(
            "did you mean {}?",
            quoted(&format!("https://{}", text.trim_start_matches('/')))
        )),
        error => Wrong::new(format!("no web address: {error}")),
    }
}

fn not_web(text: &str, scheme: &str) -> Wrong {
    let wrong = Wrong::new(format!(
        "must begin with http:// or https://, not {}",
        quoted(&format!("{scheme}:"))
    ));
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    match suggest::closest(scheme, ["https", "http"]) {
        // `feed:https://…` and `feed://…` are what browsers once gave to feed readers.
        None if scheme != "feed" => wrong,
        _ if rest.starts_with("http") => wrong.help(format!("did you mean {}?", quoted(rest))),
        meant => wrong.help(format!(
            "did you mean {}?",
            quoted(&format!("{}:{rest}", meant.unwrap_or("https")))
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let wrong = web_url(Given::Text(text)).unwrap_err();
        format!("{} | {}", wrong.message, wrong.help.unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        for (text, expect) in [
            (
                "a.test/feed",
                "must begin with http:// or https:// | did you mean `https://a.test/feed`?",
            ),
            (
                "feed://a.test/x",
                "must begin with http:// or https://, not `feed:` | did you mean `https://a.test/x`?",
            ),
            (
                "htps://a.test/x",
                "must begin with http:// or https://, not `htps:` | did you mean `https://a.test/x`?",
            ),
            (
                "file:///etc/passwd",
                "must begin with http:// or https://, not `file:` | ",
            ),
            (
                "javascript:alert(1)",
                "must begin with http:// or https://, not `javascript:` | ",
            ),
            (
                "https://a .test/",
                "a web address has no spaces or line breaks in it | ",
            ),
            ("https://", "no web address: empty host | "),
            ("https://[::1/", "no web address: invalid IPv6 address | "),
            (
                "https://u:p@a.test/",
                "a web address must not carry a user name or password | leave out what stands between `://` and `@`",
            ),
        ] {
            assert_eq!(wrong(text), expect);
        }
        assert!(wrong(&format!("https://a.test/{}", "x".repeat(8_000))).starts_with("8015 bytes long; at most 2048"));
        assert!(wrong(&format!("https://a.test/{}", "ä".repeat(1_000))).starts_with("longer than 2048 bytes"));
    }

    #[test]
    fn a_base_ends_in_a_slash() {
        let base = |text| base_url(Given::Text(text)).map(|url| url.to_string());
        assert_eq!(base("https://a.test").unwrap(), "https://a.test/");
        assert_eq!(base("https://a.test/news").unwrap(), "https://a.test/news/");
        assert!(base("https://a.test/?x").is_err());
    }
}
