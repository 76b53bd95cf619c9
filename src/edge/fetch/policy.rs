//! Which URLs are asked: judged before the first request and again at every hop of a redirect.
//!
//! An address in the URL itself is judged here, because no resolver is ever asked for one; what a name resolves to is
//! judged by [`super::resolver`].

use std::{fmt, net::IpAddr};

use ipnet::IpNet;
use url::{Host, Url};

use super::address::{self, Block};
use crate::model::link::LINK_BYTES_MAX;

/// Ports that any redirect may lead to. Others belong to mail servers, databases and the like.
const WEB_PORTS: [u16; 2] = [80, 443];

/// What one source may lead us to.
#[derive(Debug)]
pub(super) struct Policy<'a> {
    /// The port in `feeds.toml`: an editor has vouched for it.
    own_port: Option<u16>,
    allowed: &'a [IpNet],
}

impl<'a> Policy<'a> {
    pub(super) fn new(source: &Url, allowed: &'a [IpNet]) -> Self {
        Self {
            own_port: source.port(),
            allowed,
        }
    }

    /// Whether a URL may be asked, as far as the URL itself can tell.
    pub(super) fn judge(&self, url: &Url) -> Result<(), Refusal> {
        let Some(why) = self.objection(url) else {
            return Ok(());
        };
        let subject = match url.host_str() {
            Some(host) if why != Why::Scheme => host.to_owned(),
            _ => format!("{}:", url.scheme()),
        };
        Err(Refusal { subject, why })
    }

    fn objection(&self, url: &Url) -> Option<Why> {
        if !matches!(url.scheme(), "http" | "https") {
            return Some(Why::Scheme);
        }
        if url.as_str().len() > LINK_BYTES_MAX {
            return Some(Why::Length);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Some(Why::Credentials);
        }
        let literal = literal(url);
        if let Some(block) = literal.and_then(|address| address::refused(address, self.allowed)) {
            return Some(Why::Address(block));
        }
        let port = url.port_or_known_default()?;
        (!self.may_use(port, literal)).then_some(Why::Port(port))
    }

    /// An operator who lists an address vouches for its ports, too.
    fn may_use(&self, port: u16, literal: Option<IpAddr>) -> bool {
        let listed = literal.is_some_and(|address| self.allowed.iter().any(|net| net.contains(&address)));
        listed || WEB_PORTS.contains(&port) || self.own_port == Some(port)
    }
}

/// Why a source at this URL could never be visited, as far as the URL itself can tell.
pub fn refusal(url: &Url, allowed: &[IpNet]) -> Option<Refusal> {
    Policy::new(url, allowed).judge(url).err()
}

/// The port at which a URL is asked, where that is none of the web's.
pub fn odd_port(url: &Url) -> Option<u16> {
    url.port().filter(|port| !WEB_PORTS.contains(port))
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// Why something is not asked. It names a host at most: paths and queries may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub(super) subject: String,
    pub(super) why: Why,
}

/// What is wrong, as the rest of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Why {
    #[error("is neither http nor https")]
    Scheme,
    #[error("has a URL of more than {LINK_BYTES_MAX} bytes")]
    Length,
    #[error("has a user name or password in its URL")]
    Credentials,
    #[error("would be asked at port {0}, where feeds are not expected")]
    Port(u16),
    #[error("is not a public address ({0})")]
    Address(Block),
    /// A name that leads to such an address.
    #[error("is at {0}, not a public address ({1})")]
    Resolved(IpAddr, Block),
}

impl Refusal {
    /// To follow the words "redirected to".
    pub(super) fn as_clause(&self) -> String {
        format!("{}, which {}", self.subject, self.why)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.subject, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(source: &str, url: &str) -> String {
        let allowed = ["192.168.7.0/24".parse().unwrap()];
        let policy = Policy::new(&Url::parse(source).unwrap(), &allowed);
        match policy.judge(&Url::parse(url).unwrap()) {
            Ok(()) => "asked".into(),
            Err(refusal) => refusal.to_string(),
        }
    }

    #[test]
    fn the_web_at_its_own_ports_is_asked() {
        for url in [
            "http://a.test/",
            "https://a.test/",
            "http://a.test:443/",
            "https://8.8.8.8/",
            "https://[2a00:1450::1]/",
            "http://192.168.7.1/",
            "http://192.168.7.1:8080/",
            "http://a.test:8081/",
        ] {
            assert_eq!(judge("https://a.test:8081/feed", url), "asked", "{url}");
        }
    }

    #[test]
    fn everything_else_is_refused_in_words() {
        let long = format!("http://a.test/{}", "x".repeat(LINK_BYTES_MAX));
        for (url, words) in [
            ("file:///etc/passwd", "file: is neither http nor https"),
            ("ftp://a.test/", "ftp: is neither http nor https"),
            ("javascript:alert(1)", "javascript: is neither http nor https"),
            ("http://u:p@a.test/", "a.test has a user name or password in its URL"),
            ("http://u@a.test/", "a.test has a user name or password in its URL"),
            (&long, "a.test has a URL of more than 2048 bytes"),
            (
                "http://a.test:25/",
                "a.test would be asked at port 25, where feeds are not expected",
            ),
            (
                "http://8.8.8.8:6379/",
                "8.8.8.8 would be asked at port 6379, where feeds are not expected",
            ),
            (
                "http://10.0.0.1/",
                "10.0.0.1 is not a public address (10.0.0.0/8, private use)",
            ),
            (
                "http://192.168.8.1/",
                "192.168.8.1 is not a public address (192.168.0.0/16, private use)",
            ),
            ("http://[::1]/", "[::1] is not a public address (::1/128, this machine)"),
        ] {
            assert_eq!(judge("https://a.test/feed", url), words, "{url}");
        }
    }

    #[test]
    fn every_spelling_of_an_address_is_the_address() {
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "127.1",
            "127.0.1",
            "127.000.000.001",
            "①②⑦.0.0.1",
            "１２７.0.0.1",
            "127。0。0。1",
            "%31%32%37.0.0.1",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:7f00:1]",
            "[64:ff9b::127.0.0.1]",
            "[::127.0.0.1]",
            "[2002:7f00:1::]",
            "0",
            "[::]",
            "[::1]",
        ] {
            let words = judge("https://a.test/feed", &format!("http://{host}/"));
            assert!(words.contains("is not a public address"), "{host}: {words}");
        }
        assert!(Url::parse("http://[fe80::1%25eth0]/").is_err(), "zone ids are no URLs");
    }
}
