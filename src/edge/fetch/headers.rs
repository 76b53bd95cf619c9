//! What we say of ourselves in a request, and what an answer says of its document.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
};
use url::{Host, Url};

use super::decoding;
use crate::model::fetched::{Request, Validators, Wanted};

/// Most headers of an answer: what the HTTP/1 reader grants by itself.
pub(super) const HEADERS_MAX: usize = 100;

/// Most bytes of an answer's headers, as HTTP/2 counts them. Proxies pass on 8 KiB unless they are told otherwise (nginx).
pub(super) const HEADERS_BYTES_MAX: u32 = 64 * 1024;

/// What HTTP/2 counts for each header beside its name and value (RFC 9113 §6.5.2).
const HEADER_BYTES: usize = 32;

/// Longest validator that is kept, in bytes. Real ones have up to some 100; more would be somebody's use of our store.
const VALIDATOR_BYTES_MAX: usize = 512;

/// Longest label of a character set; the longest registered one has 45 characters.
const CHARSET_BYTES_MAX: usize = 64;

const FEEDS: HeaderValue = HeaderValue::from_static(
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, \
     application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
);

const PAGES: HeaderValue = HeaderValue::from_static("text/html, application/xhtml+xml;q=0.9, */*;q=0.1");
const ROBOTS: HeaderValue = HeaderValue::from_static("text/plain, */*;q=0.1");

/// What a request says beside who asks, to whomever it is led.
pub(super) fn of(request: &Request) -> HeaderMap {
    let accept = match request.wanted {
        Wanted::Feed => FEEDS,
        Wanted::Page => PAGES,
        Wanted::Robots => ROBOTS,
    };
    let mut headers = conditions(request.validators.as_ref());
    headers.insert(ACCEPT, accept);
    headers.insert(ACCEPT_ENCODING, decoding::OFFERED);
    headers
}

/// What a request says at one hop: the source's own headers go to the source's own origin (RFC 6454), since they may be
/// keys to it. A redirect to another origin leaves them out, and one back to it takes them up again.
pub(super) fn at(url: &Url, request: &Request, common: &HeaderMap) -> HeaderMap {
    let mut headers = common.clone();
    if url.origin() == request.url.origin() {
        let own = request.headers.iter();
        headers.extend(own.map(|header| (header.name().clone(), header.value().clone())));
    }
    headers
}

pub(super) fn is_conditional(headers: &HeaderMap) -> bool {
    headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE)
}

/// Whether an answer has as few headers as one may have. The readers below bound them too, but the one of HTTP/1 counts
/// no bytes below 400 KiB, and the one of HTTP/2 no headers.
pub(super) fn are_within_bounds(headers: &HeaderMap) -> bool {
    let bytes = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + HEADER_BYTES);
    let bytes_max = usize::try_from(HEADERS_BYTES_MAX).unwrap_or(usize::MAX);
    headers.len() <= HEADERS_MAX && bytes.sum::<usize>() <= bytes_max
}

/// Who asks: `oncofeed/0.1.0 (+https://news.example.org/; editor@example.org)`. An address at which nobody else can
/// reach us is left out, and so is whatever a header or its comment cannot hold.
pub fn user_agent(base_url: &Url, contact: Option<&str>) -> String {
    let page = is_public(base_url).then(|| format!("+{base_url}"));
    let about: Vec<_> = page.into_iter().chain(contact.map(str::to_owned)).collect();
    let about: String = about.join("; ").chars().filter(|c| is_comment(*c)).collect();
    let name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    match about.trim() {
        "" => name.to_owned(),
        about => format!("{name} ({about})"),
    }
}

fn is_comment(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '(' | ')' | '\\')
}

fn is_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name != "localhost",
        Some(Host::Ipv4(address)) => !address.is_loopback() && !address.is_unspecified(),
        Some(Host::Ipv6(address)) => !address.is_loopback() && !address.is_unspecified(),
        None => false,
    }
}

/// What makes a request conditional: the publisher's own bytes. Empty where there are none that could be sent.
fn conditions(validators: Option<&Validators>) -> HeaderMap {
    let Some(validators) = validators else {
        return HeaderMap::new();
    };
    [
        (IF_NONE_MATCH, &validators.etag),
        (IF_MODIFIED_SINCE, &validators.last_modified),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, HeaderValue::from_bytes(usable(value.as_deref()?)?).ok()?)))
    .collect()
}

pub(super) fn validators(headers: &HeaderMap) -> Validators {
    let bytes = |name: HeaderName| Some(usable(headers.get(name)?.as_bytes())?.to_vec());
    Validators {
        etag: bytes(ETAG),
        last_modified: bytes(LAST_MODIFIED),
    }
}

fn usable(value: &[u8]) -> Option<&[u8]> {
    (1..=VALIDATOR_BYTES_MAX).contains(&value.len()).then_some(value)
}

/// The `charset` parameter of `Content-Type`, in whatever way it is written.
pub(super) fn charset(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let label = value.trim().trim_matches(['"', '\'']);
        let usable = (1..=CHARSET_BYTES_MAX).contains(&label.len());
        (name.trim().eq_ignore_ascii_case("charset") && usable).then(|| label.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_is_a_header_whatever_an_operator_writes() {
        let agent = |base: &str, contact| user_agent(&Url::parse(base).unwrap(), contact);
        let name = concat!("oncofeed/", env!("CARGO_PKG_VERSION"));
        for (base, contact, expect) in [
            (
                "https://news.example.org/",
                Some("a@b.test"),
                " (+https://news.example.org/; a@b.test)",
            ),
            ("https://news.example.org/", None, " (+https://news.example.org/)"),
            ("http://localhost:8080/", Some("a@b.test"), " (a@b.test)"),
            ("http://127.0.0.1:8080/", None, ""),
            ("http://[::1]/", Some("Änne (ed)\r\nX: y"), " (nne edX: y)"),
        ] {
            let found = agent(base, contact);
            assert_eq!(found, format!("{name}{expect}"));
            assert!(HeaderValue::from_str(&found).is_ok());
        }
    }

    #[test]
    fn charsets() {
        for (value, expect) in [
            ("text/xml; charset=utf-8", Some("utf-8")),
            ("text/xml;charset=\"ISO-8859-1\"; x=y", Some("ISO-8859-1")),
            ("application/rss+xml; CHARSET = 'utf-8';", Some("utf-8")),
            ("text/xml; charset=; charset=utf-8", Some("utf-8")),
            ("text/xml", None),
            ("charset=utf-8", None),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(value))]);
            assert_eq!(charset(&headers).as_deref(), expect, "{value}");
        }
    }

    #[test]
    fn what_cannot_be_a_header_is_no_condition() {
        let with = |etag: &[u8]| {
            conditions(Some(&Validators {
                etag: Some(etag.to_vec()),
                last_modified: None,
            }))
        };
        for bad in [&b""[..], b"\"a\r\nX: y\"", b"\0", &[b'x'; 513]] {
            assert!(with(bad).is_empty(), "{bad:?}");
        }
        assert_eq!(with(&[b'x'; 512]).len(), 1);
    }
}
