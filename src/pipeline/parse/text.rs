//! The text of one field: character references resolved once, markup inside it kept as markup.

use html5gum::{Token, Tokenizer};

use super::references::{self, REFERENCE_BYTES_MAX};

/// What a field's characters mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Plain text; markup inside it is passed over.
    Plain,
    /// Plain text that turns out to be [`Language::Inline`] if it holds an element.
    Text,
    /// HTML source, escaped in the feed: what the characters spell is markup.
    Html,
    /// HTML as elements of the feed: its characters are only characters.
    Inline,
}

/// Collects one field.
#[derive(Debug)]
pub(super) struct Sink {
    text: String,
    language: Language,
    bytes_max: usize,
    full: bool,
    /// The first half of a character that a publisher wrote as two references (`&#xD83D;&#xDE00;`).
    half: Option<u32>,
}

impl Sink {
    pub(super) fn new(language: Language, bytes_max: usize) -> Self {
        Self {
            text: String::new(),
            language,
            bytes_max,
            full: false,
            half: None,
        }
    }

    /// The field's text as it is so far.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn is_markup(&self) -> bool {
        matches!(self.language, Language::Html | Language::Inline)
    }

    /// Whether something did not fit.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Characters of the document without references: text or CDATA.
    pub(super) fn characters(&mut self, text: &str) {
        if self.language == Language::Inline {
            for part in text.split_inclusive(['<', '&']) {
                let plain = part.trim_end_matches(['<', '&']);
                self.push(plain);
                self.push(match &part[plain.len()..] {
                    "<" => "&lt;",
                    "&" => "&amp;",
                    _ => "",
                });
            }
        } else {
            self.push(text);
        }
    }

    /// What stands between `&` and `;`. False where that is no reference; it is text then.
    pub(super) fn reference(&mut self, name: &str) -> bool {
        if let Some(number) = name.strip_prefix('#') {
            if let Some(code) = references::number(number) {
                self.code(code);
                return true;
            }
        } else if references::is_name(name) {
            return self.named(name);
        }
        self.no_reference(name);
        false
    }

    fn named(&mut self, name: &str) -> bool {
        match (references::xml(name), self.language) {
            (Some(c), _) => self.characters(c.encode_utf8(&mut [0; 4])),
            // Whoever reads the HTML knows HTML's names.
            (None, Language::Html | Language::Inline) => {
                self.push("&");
                self.push(name);
                self.push(";");
            }
            (None, _) => match references::html(name) {
                Some(text) => self.push(&text),
                None => {
                    self.no_reference(name);
                    return false;
                }
            },
        }
        true
    }

    fn no_reference(&mut self, name: &str) {
        self.characters("&");
        self.characters(name);
        self.characters(";");
    }

    fn code(&mut self, code: u32) {
        match (code, self.half.take()) {
            (0xD800..=0xDBFF, _) => self.half = Some(code),
            (0xDC00..=0xDFFF, Some(half)) => {
                let whole = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00);
                self.characters(char::from_u32(whole).unwrap_or_default().encode_utf8(&mut [0; 4]));
            }
            _ => {
                if let Some(c) = references::character(code) {
                    self.characters(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// The start tag of an element inside the field. `local` is its name without prefix, `attributes` as written.
    pub(super) fn start_tag(&mut self, local: &str, attributes: &str, empty: bool) {
        match self.language {
            Language::Plain => return,
            Language::Text => {
                let text = std::mem::take(&mut self.text);
                self.language = Language::Inline;
                self.characters(&text);
            }
            Language::Html | Language::Inline => {}
        }
        // A half tag would swallow what comes after it.
        if self.text.len() + local.len() + attributes.len() + 5 > self.bytes_max {
            self.full = true;
            return;
        }
        self.push("<");
        self.push(local);
        self.push(attributes.trim_end_matches('/').trim_end());
        self.push(">");
        if empty && !is_void(local) {
            self.end_tag(local);
        }
    }

    pub(super) fn end_tag(&mut self, local: &str) {
        if self.is_markup() {
            self.push("</");
            self.push(local);
            self.push(">");
        }
    }

    fn push(&mut self, text: &str) {
        self.half = None;
        let room = self.bytes_max - self.text.len();
        if text.len() <= room {
            self.text.push_str(text);
        } else {
            self.full = true;
            self.text.push_str(&text[..text.floor_char_boundary(room)]);
        }
    }
}

/// Resolves the references in an attribute's value.
pub(super) fn unescape(value: &str, bytes_max: usize) -> String {
    let mut sink = Sink::new(Language::Plain, bytes_max);
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        sink.characters(before);
        let end = after
            .bytes()
            .take(REFERENCE_BYTES_MAX)
            .position(|byte| matches!(byte, b';' | b'&'));
        rest = match end {
            Some(end) if after[end..].starts_with(';') => {
                sink.reference(&after[..end]);
                &after[end + 1..]
            }
            _ => {
                sink.characters("&");
                after
            }
        };
    }
    sink.characters(rest);
    sink.into_text()
}

/// The words of HTML source, for the few fields that are names and hold markup by mistake.
pub(super) fn plain(source: &str) -> String {
    if !source.contains(['<', '&']) {
        return collapse(source);
    }
    let mut text = String::new();
    for token in Tokenizer::new(source).flatten() {
        match token {
            Token::String(string) => text.push_str(&String::from_utf8_lossy(&string)),
            Token::StartTag(_) | Token::EndTag(_) => text.push(' '),
            _ => {}
        }
    }
    collapse(&text)
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements that have no end tag.
pub(super) fn is_void(local: &str) -> bool {
    const VOID: [&str; 12] = [
        "br", "hr", "img", "input", "wbr", "area", "base", "col", "embed", "param", "source", "track",
    ];
    VOID.iter().any(|void| local.eq_ignore_ascii_case(void))
}

/// Text that calls itself plain and yet is HTML: it has an end tag, a line break or a named reference.
pub(super) fn looks_like_html(text: &str) -> bool {
    let ends = text
        .match_indices("</")
        .any(|(at, _)| text[at + 2..].starts_with(|c: char| c.is_ascii_alphabetic()));
    ends || ["<br>", "<br/>", "<br />", "<p>", "&nbsp;", "&amp;", "&quot;", "&#"]
        .iter()
        .any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, references: &[&str], expect: &str) {
        let mut sink = Sink::new(language, 100);
        for reference in references {
            sink.reference(reference);
        }
        assert_eq!(sink.into_text(), expect, "{references:?}");
    }

    #[test]
    fn references() {
        check(
            Language::Plain,
            &["amp", "lt", "eacute", "#233", "#xE9", "#146"],
            "&<ééé’",
        );
        check(Language::Plain, &["#0", "#1", "#xFFFE", "#x110000", "#99999999999"], "");
        check(Language::Plain, &["#xD83D", "#xDE00", "#xD83D", "#xDE00"], "😀😀");
        check(Language::Plain, &["#xD83D", "amp", "#xDE00"], "&");
        check(Language::Plain, &["bogus", " D", "#", "#x", ""], "&bogus;& D;&#;&#x;&;");
        check(Language::Html, &["lt", "eacute", "#60"], "<&eacute;<");
        check(Language::Inline, &["lt", "eacute", "#38"], "&lt;&eacute;&amp;");
    }

    #[test]
    fn markup_inside_a_field_is_kept() {
        let mut sink = Sink::new(Language::Text, 100);
        sink.characters("a < b & ");
        sink.start_tag("i", " class=\"x\"", false);
        sink.characters("TP53");
        sink.end_tag("i");
        sink.start_tag("br", " /", true);
        sink.start_tag("script", " /", true);
        assert!(sink.is_markup());
        assert_eq!(
            sink.into_text(),
            "a &lt; b &amp; <i class=\"x\">TP53</i><br><script></script>"
        );
    }

    #[test]
    fn a_field_has_a_most() {
        let mut sink = Sink::new(Language::Html, 5);
        sink.characters("abcé");
        sink.characters("é");
        sink.characters("x");
        assert!(sink.is_full());
        assert_eq!(sink.as_str(), "abcé");
    }

    #[test]
    fn attributes_and_names() {
        assert_eq!(unescape("a&amp;b&x&eacute;&#8217;", 100), "a&b&xé’");
        assert_eq!(plain(" <b>Ann</b>\n O&#39;Brien &amp; co "), "Ann O'Brien & co");
        assert!(looks_like_html("a <b>c</b>") && !looks_like_html("a < b and c > d"));
    }
}
