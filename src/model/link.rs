//! A link that is safe to publish.

use std::fmt;

use url::{Host, Url};

/// Longest URL kept, in bytes. Longer ones are tracking or an attack; the length is what old proxies still pass.
pub const LINK_BYTES_MAX: usize = 2_048;

/// An absolute `http` or `https` URL with a host, without user name or password, at most [`LINK_BYTES_MAX`] long.
///
/// It is made by WHATWG parsing, so that what we publish is read by a browser as it was read by us
/// (`/\host`, tabs inside the scheme and the like are gone).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(Url);

impl Link {
    /// `None` for anything that is not an absolute http(s) URL without credentials.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(Url::parse(text.trim()).ok()?)
    }

    /// As [`Link::parse`], for a URL that is parsed already.
    pub fn new(url: Url) -> Option<Self> {
        let web = matches!(url.scheme(), "http" | "https");
        let named = url.host().is_some_and(|host| !matches!(host, Host::Domain("")));
        let bare = url.username().is_empty() && url.password().is_none();
        (web && named && bare && url.as_str().len() <= LINK_BYTES_MAX).then_some(Self(url))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Lower-case host, punycode for an international name.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_web_addresses_without_credentials_are_links() {
        for good in ["http://a.test/", "https://a.test/x?y#z", "  https://a.test/x  "] {
            assert!(Link::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a.test/x",
            "/x",
            "//a.test/x",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.test/",
            "mailto:a@a.test",
            "https://u:p@a.test/",
            "https://u@a.test/",
            "java\tscript:alert(1)",
            "https://",
        ] {
            assert!(Link::parse(bad).is_none(), "{bad}");
        }
        assert!(Link::parse(&format!("https://a.test/{}", "x".repeat(LINK_BYTES_MAX))).is_none());
    }
}
