//! Which signs are tags, and what the tags mean for the text around them.

use std::borrow::Cow;

/// How far a tag is looked through for its end before it is taken for text.
const TAG_BYTES_MAX: usize = 4_096;

/// What an element does to text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text is part of the paragraph around it.
    Inline,
    /// A link's text, too; but a paragraph of nothing else leads elsewhere.
    Link,
    /// Bold text: publishers set headings so, and leave out the space behind them.
    Strong,
    /// Ends the paragraph before it and after it.
    Block,
    /// What it holds is not for reading.
    Hidden,
    /// A picture or the like: holds nothing, whatever its tag says.
    Void,
}

/// The role of an element by its lower-case name, `None` for a name that HTML does not know.
///
/// Prefixed names (`jats:p`, `mml:math`) mean what they mean without their prefix.
pub(super) fn role(name: &str) -> Option<Role> {
    let (prefixed, local) = match name.rsplit_once(':') {
        Some((_, local)) => (true, local),
        None => (false, name),
    };
    Some(match local {
        "a" => Role::Link,
        "b" | "strong" | "bold" => Role::Strong,
        "address" | "article" | "blockquote" | "body" | "br" | "caption" | "center" | "dd" | "details" | "dir"
        | "div" | "dl" | "dt" | "fieldset" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "listing" | "main" | "menu" | "ol" | "p" | "pre"
        | "section" | "sec" | "summary" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" | "ul" => {
            Role::Block
        }
        "applet" | "audio" | "button" | "canvas" | "datalist" | "figcaption" | "frameset" | "head" | "iframe"
        | "map" | "math" | "nav" | "noembed" | "noframes" | "noscript" | "object" | "script" | "select" | "style"
        | "svg" | "template" | "textarea" | "title" | "video" | "xmp" => Role::Hidden,
        "area" | "base" | "basefont" | "bgsound" | "col" | "embed" | "frame" | "img" | "image" | "input" | "link"
        | "meta" | "param" | "source" | "track" | "wbr" => Role::Void,
        "abbr" | "acronym" | "bdi" | "bdo" | "big" | "blink" | "cite" | "code" | "colgroup" | "data" | "del"
        | "dfn" | "dialog" | "em" | "font" | "i" | "ins" | "italic" | "kbd" | "label" | "mark" | "marquee"
        | "meter" | "nobr" | "optgroup" | "option" | "output" | "picture" | "progress" | "q" | "rb" | "rp" | "rt"
        | "ruby" | "s" | "samp" | "slot" | "small" | "span" | "strike" | "sub" | "sup" | "time" | "tt" | "u"
        | "var" | "xml" | "aside" => Role::Inline,
        _ if prefixed || is_custom(name) => Role::Inline,
        _ => return None,
    })
}

/// Custom elements: `gu-island`, but not `<IL-6>` or `<il-6>`.
fn is_custom(name: &str) -> bool {
    name.contains('-') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// The source with every `<` that starts no plausible tag escaped: a tokenizer would make a tag of the rest of
/// `IL-6 <TNF and p>0.05`. CDATA marks that the XML left inside are taken out.
pub(super) fn plausible(source: &str) -> Cow<'_, str> {
    if !source.contains('<') {
        return Cow::Borrowed(source);
    }
    let last_end = source.rfind('>');
    let mut clean = String::with_capacity(source.len() + 16);
    let mut rest = source;
    let mut in_cdata = false;
    while let Some((before, after)) = rest.split_once('<') {
        push_text(&mut clean, before, in_cdata);
        let at = source.len() - after.len();
        rest = match after.strip_prefix("![CDATA[") {
            Some(inside) => {
                in_cdata = true;
                inside
            }
            None => {
                clean.push_str(if is_tag(after, last_end > Some(at)) {
                    "<"
                } else {
                    "&lt;"
                });
                after
            }
        };
    }
    push_text(&mut clean, rest, in_cdata);
    Cow::Owned(clean)
}

fn push_text(clean: &mut String, text: &str, in_cdata: bool) {
    if in_cdata {
        clean.push_str(&text.replace("]]>", ""));
    } else {
        clean.push_str(text);
    }
}

/// Whether what follows a `<` makes it a tag; `ends`: whether there is any `>` further on.
fn is_tag(after: &str, ends: bool) -> bool {
    let bytes = after.as_bytes();
    match bytes.first() {
        Some(b'!') => {
            after.starts_with("!--")
                || after.starts_with("![")
                || after.get(1..8).is_some_and(|word| word.eq_ignore_ascii_case("doctype"))
        }
        Some(b'?') => bytes.get(1).is_some_and(u8::is_ascii_alphabetic),
        Some(b'/') => named(after.get(1..).unwrap_or_default()).is_some(),
        _ => named(after).is_some_and(|(name, inside)| is_start_tag(name, inside, ends)),
    }
}

/// A known element's name, and what follows it.
fn named(text: &str) -> Option<(&str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len()).min(64);
    let (name, inside) = text.split_at_checked(end)?;
    let delimited = inside.is_empty() || inside.starts_with(['>', '/']) || inside.starts_with(char::is_whitespace);
    let known = name.starts_with(|c: char| c.is_ascii_alphabetic()) && role(&name.to_ascii_lowercase()).is_some();
    (known && delimited).then_some((name, inside))
}

/// `a <b and c> d`: a short name followed by words is a comparison, not a tag.
fn is_start_tag(name: &str, inside: &str, ends: bool) -> bool {
    let window = inside
        .as_bytes()
        .get(..inside.len().min(TAG_BYTES_MAX))
        .unwrap_or_default();
    let end = window.iter().position(|byte| matches!(byte, b'>' | b'<' | b'='));
    let end_byte = end.and_then(|at| window.get(at));
    if end_byte == Some(&b'=') || (name.len() > 1 && (!ends || end_byte.is_some())) {
        return true;
    }
    let empty = window
        .iter()
        .take(end.unwrap_or(window.len()))
        .all(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    ends && end_byte == Some(&b'>') && empty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_roles() {
        for (name, expect) in [
            ("p", Some(Role::Block)),
            ("jats:p", Some(Role::Block)),
            ("mml:math", Some(Role::Hidden)),
            ("o:p", Some(Role::Block)),
            ("gu-island", Some(Role::Inline)),
            ("il-6", None),
            ("tnf", None),
        ] {
            assert_eq!(role(name), expect, "{name}");
        }
    }
}
