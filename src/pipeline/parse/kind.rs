//! What a document is: a feed of some format, or what else, in words that an editor understands.

use super::names::Ns;
use crate::model::feed::Format;

/// Longest name of an unknown root that is repeated to an editor.
const NAME_CHARS_MAX: usize = 40;

/// The format that a root element stands for. `stranger` is the first element before it that is not junk: some
/// servers wrap a feed into a web page, and there only what cannot be anything else is a feed.
pub(super) fn root(ns: Ns, local: &str, stranger: Option<&str>) -> Option<Format> {
    match local {
        "rss" => Some(Format::Rss),
        "rdf" if stranger != Some("html") => Some(Format::Rdf),
        "feed" if stranger != Some("html") || ns == Ns::Atom => Some(Format::Atom),
        "entry" if stranger.is_none() => Some(Format::Atom),
        // RSS without its root, or CDF.
        "channel" if stranger.is_none() => Some(Format::Rss),
        _ => None,
    }
}

/// Elements that servers and PHP put before a feed: warnings, and scripts of whoever sells the connection.
pub(super) fn is_junk(local: &str) -> bool {
    const JUNK: [&str; 16] = [
        "br", "b", "p", "i", "a", "hr", "div", "pre", "em", "strong", "font", "span", "script", "style", "center",
        "small",
    ];
    JUNK.contains(&local)
}

/// Bytes that are no text at all.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [b'%', b'P', b'D', b'F', ..] => "this is a PDF document",
        [0x1F, 0x8B, ..] => "this is compressed data (gzip)",
        [b'P', b'K', 3, 4, ..] => "this is a ZIP archive",
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] => "this is a picture",
        _ => return None,
    })
}

/// What a text is that has no feed's root. `stranger` is the first element in it that is not junk.
pub(super) fn describe(text: &str, stranger: Option<&str>) -> String {
    match stranger {
        Some("html" | "head" | "body" | "title" | "meta" | "link" | "form" | "section" | "h1") => {
            "this is a web page (HTML)".into()
        }
        Some("urlset" | "sitemapindex") => "this is a sitemap".into(),
        Some("opml") => "this is an OPML list of feeds".into(),
        Some("svg") => "this is a picture".into(),
        Some(root) => {
            let root: String = root.chars().take(NAME_CHARS_MAX).collect();
            format!("this is an XML document of another kind (<{root}>)")
        }
        None if text.trim().is_empty() => "the document is empty".into(),
        None if text.contains("</") => "this is a piece of a web page (HTML)".into(),
        None => "this is plain text".into(),
    }
}
