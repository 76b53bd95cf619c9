//! Makes any text one that an XML tokenizer can go through to its end: every `<` left in it starts something that
//! is closed. One pass; a clean document is borrowed.
//!
//! It decides about single characters only. It must never look further back than the last `<`, and work that
//! may repeat is paid from a budget, or a hostile document makes it quadratic.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};

use super::faults::{Fault, Faults};

/// Longest tag. Real ones stay below 4 KiB; a longer one is an attribute whose quote was never closed.
const TAG_BYTES_MAX: usize = 64 * 1024;

/// Bytes of what is broken that are looked at again, as a multiple of the document. Real documents need a hundredth.
const RESCAN_FACTOR: usize = 4;

/// The text without what a tokenizer would stumble over.
pub(super) fn mend<'a>(text: &'a str, faults: &mut Faults) -> Cow<'a, str> {
    match without_controls(text, faults) {
        Cow::Borrowed(text) => Mender::new(text).mend(faults),
        Cow::Owned(text) => Cow::Owned(Mender::new(&text).mend(faults).into_owned()),
    }
}

/// C0 controls and U+FFFE, U+FFFF: no XML may hold them, and they would travel on into ours.
pub(super) fn without_controls<'a>(text: &'a str, faults: &mut Faults) -> Cow<'a, str> {
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let bytes = text.as_bytes();
    let nonsense = bytes.iter().fold(false, |seen, byte| seen | is_control(*byte))
        || memmem::find(bytes, b"\xEF\xBF\xBE").is_some()
        || memmem::find(bytes, b"\xEF\xBF\xBF").is_some();
    if !nonsense {
        return Cow::Borrowed(text);
    }
    let mut removed = 0;
    let clean = text
        .chars()
        .filter(|c| {
            let nonsense = matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}');
            removed += usize::from(nonsense);
            !nonsense
        })
        .collect();
    faults.add_times(Fault::Controls, removed);
    Cow::Owned(clean)
}

/// What a `<` is the start of.
enum Found {
    /// Something whole, up to this place.
    Whole(usize),
    /// A section that never ends: its opening mark, up to this place, is dropped, and what it holds is read.
    Open(usize),
    /// A document type with declarations, up to this place: it is dropped.
    Declarations(usize),
    /// Nothing: it is text.
    Stray,
    /// A tag that the end of the document cuts off.
    Cut,
    /// The budget is spent.
    Hopeless,
}

struct Mender<'a> {
    text: &'a str,
    /// Made with the first change, and complete up to `copied`.
    mended: String,
    copied: usize,
    /// Ends that do not come any more. Each is looked for in vain once.
    gone: [bool; 3],
    doctype_seen: bool,
    budget: usize,
}

const CDATA: (usize, &str, &[u8]) = (0, "<![CDATA[", b"]]>");
const COMMENT: (usize, &str, &[u8]) = (1, "<!--", b"-->");
const INSTRUCTION: (usize, &str, &[u8]) = (2, "<?", b"?>");

impl<'a> Mender<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            mended: String::new(),
            copied: 0,
            gone: [false; 3],
            doctype_seen: false,
            budget: text.len().saturating_mul(RESCAN_FACTOR),
        }
    }

    fn mend(mut self, faults: &mut Faults) -> Cow<'a, str> {
        let mut at = 0;
        while let Some(offset) = memchr(b'<', &self.text.as_bytes()[at..]) {
            let start = at + offset;
            at = match self.look(start) {
                Found::Whole(end) => end,
                Found::Open(end) => {
                    faults.add(Fault::OpenSection);
                    self.replace(start, end, "")
                }
                Found::Declarations(end) => {
                    faults.add(Fault::Declarations);
                    self.replace(start, end, "")
                }
                Found::Stray => {
                    faults.add(Fault::StrayLess);
                    self.replace(start, start + 1, "&lt;")
                }
                Found::Cut => self.replace(start, self.text.len(), ""),
                Found::Hopeless => {
                    faults.add(Fault::Broken);
                    self.replace(start, self.text.len(), "")
                }
            };
        }
        self.finish()
    }

    fn look(&mut self, start: usize) -> Found {
        let rest = &self.text[start..];
        match rest.as_bytes() {
            [b'<', b'!', b'[', ..] if rest.starts_with(CDATA.1) => self.section(start, CDATA),
            [b'<', b'!', b'-', b'-', ..] => self.section(start, COMMENT),
            [b'<', b'?', b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => self.section(start, INSTRUCTION),
            [b'<', b'!', b'd' | b'D', ..] if !self.doctype_seen => self.doctype(start),
            [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':', ..]
            | [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':', ..] => self.tag(start),
            [b'<'] | [b'<', b'/'] => Found::Cut,
            _ => Found::Stray,
        }
    }

    fn section(&mut self, start: usize, (kind, open, close): (usize, &str, &[u8])) -> Found {
        let body = start + open.len();
        let end = match self.gone[kind] {
            true => None,
            false => memmem::find(&self.text.as_bytes()[body..], close),
        };
        match end {
            Some(end) if kind != CDATA.0 && self.swallows(start, body + end) && self.pay(end) => Found::Open(body),
            Some(end) => Found::Whole(body + end + close.len()),
            None => {
                self.gone[kind] = true;
                Found::Open(body)
            }
        }
    }

    /// Whether a section was never closed, and the end that was found belongs to another one: `<?xml version="1.0">`
    /// with all up to the next instruction in it, or a comment with a whole document (ScienceDaily's cache does that).
    fn swallows(&self, start: usize, end: usize) -> bool {
        let section = &self.text[start..end];
        match section.starts_with("<?") {
            true => section.starts_with("<?xml ") && section[1..].contains('<'),
            false => section.contains("<?xml "),
        }
    }

    /// A document type has no business in a feed; one that holds declarations is dropped as far as its first `>`.
    fn doctype(&mut self, start: usize) -> Found {
        self.doctype_seen = true;
        match memchr2(b'>', b'[', &self.text.as_bytes()[start..]) {
            Some(end) if self.text.as_bytes()[start + end] == b'>' => Found::Whole(start + end + 1),
            _ => match memmem::find(&self.text.as_bytes()[start..], b"]>") {
                Some(end) => Found::Declarations(start + end + 2),
                None => Found::Stray,
            },
        }
    }

    /// The end of a tag, quotes considered as the tokenizer does.
    fn tag(&mut self, start: usize) -> Found {
        let bytes = self.text.as_bytes();
        let whole = &bytes[start + 1..];
        let bytes = &whole[..whole.len().min(TAG_BYTES_MAX)];
        let mut at = 0;
        while let Some(mark) = next_mark(&bytes[at..]) {
            at += mark;
            match bytes[at] {
                b'>' => return Found::Whole(start + 1 + at + 1),
                b'<' => break,
                quote => match memchr(quote, &bytes[at + 1..]) {
                    Some(close) => at += close + 2,
                    None => {
                        at = bytes.len();
                        break;
                    }
                },
            }
        }
        let cut = next_mark(&bytes[at..]).is_none() && bytes.len() == whole.len();
        if cut && memchr2(b'<', b'>', whole).is_none() {
            return Found::Cut;
        }
        if self.pay(at.max(1)) {
            Found::Stray
        } else {
            Found::Hopeless
        }
    }

    /// Takes what is looked at again from the budget; false where that is spent.
    fn pay(&mut self, bytes: usize) -> bool {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.unwrap_or(0);
        left.is_some()
    }

    /// Puts `with` in the place of a part of the text, and says where to go on.
    fn replace(&mut self, start: usize, end: usize, with: &str) -> usize {
        self.mended.push_str(&self.text[self.copied..start]);
        self.mended.push_str(with);
        self.copied = end;
        end
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.mended.push_str(&self.text[self.copied..]);
        Cow::Owned(self.mended)
    }
}

/// What matters in a tag. Tags are short, so that nothing faster than a loop is worth its start.
fn next_mark(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| matches!(byte, b'<' | b'>' | b'"' | b'\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(mend(text, &mut Faults::default()), expect);
    }

    #[test]
    fn a_clean_document_is_borrowed() {
        let text = "<?xml version='1.0'?><!DOCTYPE rss><!-- < --><a b=\"<'>\" c='\"'><![CDATA[<]]></a>";
        assert!(matches!(mend(text, &mut Faults::default()), Cow::Borrowed(_)));
    }

    #[test]
    fn a_less_than_that_starts_nothing_is_text() {
        check(
            "<t>p < 0.05 <0.05 <= <é <3</t>",
            "<t>p &lt; 0.05 &lt;0.05 &lt;= &lt;é &lt;3</t>",
        );
        check("<t>n <m and</t>", "<t>n &lt;m and</t>");
        check("<t><![endif]></t>", "<t>&lt;![endif]></t>");
    }

    #[test]
    fn sections_that_never_end_are_opened() {
        check("<t><![CDATA[a <b>c</b></t>", "<t>a <b>c</b></t>");
        check("<t><!-- a</t><!-- b", "<t> a</t> b");
        check("<t><?php a</t>", "<t>php a</t>");
        check("<?xml version='1.0'><a/><?b?>", "xml version='1.0'><a/><?b?>");
        check(
            "<a/><!-- x <?xml version='1.0'?><b/><!-- y -->",
            "<a/> x <?xml version='1.0'?><b/><!-- y -->",
        );
    }

    #[test]
    fn declarations_of_entities_are_dropped() {
        check("<!DOCTYPE a [<!ENTITY x \"<y>\">]><a>&x;</a>", "<a>&x;</a>");
    }

    #[test]
    fn a_tag_that_the_end_cuts_off_is_dropped() {
        check("<a>x<b c=\"d", "<a>x");
        check("<a>x</", "<a>x");
        check("<a>x<", "<a>x");
    }

    #[test]
    fn control_characters_go() {
        check("<a>x\u{3}\0\u{FFFE}y\n</a>", "<a>xy\n</a>");
    }
}
