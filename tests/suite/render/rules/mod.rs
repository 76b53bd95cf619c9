//! What validators hold against feeds, as rules of our own: RSS 2.0 by its specification and the RSS Advisory Board's Best
//! Practices Profile, Atom by RFC 4287, and what the W3C feed validator finds beyond them, its warnings included (but equal
//! `atom:updated`). Read by roxmltree, which shares nothing with who wrote it.

pub(super) mod atom;
pub(super) mod html;
pub(super) mod json;
pub(super) mod rss;
mod tests;

use jiff::Timestamp;
use roxmltree::{Document, Node};
use url::Url;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// No faults.
pub(super) const NONE: Vec<String> = vec![];

/// A rule: its name, and what of a document breaks it.
type Rule = (&'static str, fn(&Document<'_>) -> Vec<String>);

/// Which rules a document breaks, and where.
fn faults(text: &str, rules: &[Rule]) -> Vec<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("well-formed: {error}")],
    };
    let mut faults = vec![];
    for (name, rule) in rules {
        faults.extend(rule(&document).into_iter().map(|what| format!("{name}: {what}")));
    }
    faults
}

/// Children of a name in a namespace; "" is none.
fn children<'a>(node: Node<'a, 'a>, namespace: &'a str, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| {
        let tag = child.tag_name();
        child.is_element() && tag.name() == name && tag.namespace().unwrap_or_default() == namespace
    })
}

fn text<'a>(node: Node<'a, 'a>) -> &'a str {
    node.text().unwrap_or_default()
}

fn attribute<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    node.attribute(name).unwrap_or_default()
}

fn elements<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(Node::is_element)
}

fn is_web(address: &str) -> bool {
    let parsed = Url::parse(address).ok();
    parsed
        .is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.as_str() == address)
}

/// RFC 5646, as far as it can be seen without the registry.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let letters = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic());
    (2..=8).contains(&first.len())
        && letters(first)
        && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn is_urn(id: &str) -> bool {
    let uuid = id
        .strip_prefix("urn:uuid:")
        .and_then(|uuid| uuid.parse::<uuid::Uuid>().ok());
    uuid.is_some_and(|uuid| uuid.hyphenated().to_string() == id["urn:uuid:".len()..])
}

/// RFC 3339 with a capital T and Z (RFC 4287 §3.3), of a year that a feed can be of.
fn is_rfc3339(date: &str) -> bool {
    let parsed = date.parse::<Timestamp>();
    parsed.is_ok_and(|at| at.to_string() == date && date.ends_with('Z') && is_plausible(at))
}

/// RFC 822 with a year of four digits and a weekday that is that day's.
fn is_rfc822(date: &str) -> bool {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date);
    let written = |at: Timestamp| {
        jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&at)
            .unwrap()
    };
    parsed.is_ok_and(|at| written(at) == date && is_plausible(at))
}

fn is_plausible(at: Timestamp) -> bool {
    at > "1970-01-02T00:00:00Z".parse().unwrap() && at < "2100-01-01T00:00:00Z".parse().unwrap()
}

/// Whether a reader of HTML would find anything but text: a tag, or a reference that means another character.
fn is_markup(text: &str) -> bool {
    let tag = |(at, _): (usize, &str)| text[at + 1..].starts_with(|c: char| c.is_alphabetic() || "/!?".contains(c));
    text.match_indices('<').any(tag)
}

/// As [`is_markup`], and written so that references in it may be taken for such (the profile has hexadecimal ones).
fn is_unmarked(node: Node<'_, '_>, source: &str) -> bool {
    let written = &source[node.range()];
    is_markup(text(node)) || (text(node).contains(['&', '<']) && !written.contains("&#x"))
}

/// What no validator and no reader wants to see, whatever XML allows.
fn bad_characters(document: &Document<'_>) -> Vec<String> {
    let bad = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || c == '\u{fffd}'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
            || matches!(c, '\u{fdd0}'..='\u{fdef}')
            || u32::from(c) & 0xfffe == 0xfffe
    };
    let found = document.input_text().char_indices().find(|(_, c)| bad(*c));
    found
        .map(|(at, c)| format!("U+{:04X} at byte {at}", u32::from(c)))
        .into_iter()
        .collect()
}

/// A blank behind each `<` that could begin a tag.
pub(super) fn untagged(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        shown.push_str(before);
        shown.push('<');
        if after.starts_with(|c: char| c.is_alphabetic() || "/!?".contains(c)) {
            shown.push(' ');
        }
        rest = after;
    }
    shown + rest
}

/// The names of those that are not there just so often.
fn count<'a>(
    node: Node<'a, 'a>,
    namespace: &'a str,
    wanted: &[(&'a str, std::ops::RangeInclusive<usize>)],
) -> Vec<String> {
    let wrong = |(name, times): &(&'a str, std::ops::RangeInclusive<usize>)| {
        let found = children(node, namespace, name).count();
        (!times.contains(&found)).then(|| format!("{found} <{name}> in <{}>", node.tag_name().name()))
    };
    wanted.iter().filter_map(wrong).collect()
}
