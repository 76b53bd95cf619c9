//! A page as markup of which a tree can be built quickly, whatever the page is.
//!
//! A browser's way of building a tree is quadratic in the depth of a page, in the attributes of a tag and in emphasis
//! that is never closed: 64,000 `<div>` take it eleven seconds. So the page is written anew first, in one pass and
//! with limits: each tag has its end, and nothing in it is left that the tree builder would read in another way. Of
//! 8 MiB of whatever was tried, the tree is there after at most 0.3 seconds and 40 MiB.

use std::fmt::Write as _;

use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};

use super::elements::{Ended, Nature, ended_by, ended_by_block, is_cell, is_of_table, nature};
use crate::pipeline::parse::faults::{Fault, Faults};

/// Most elements that are open at once. Real pages stay below 60.
const DEPTH_MAX: usize = 128;

/// Most emphasis that is open at once. It may be built again for each element in it, so this bounds the tree.
const FORMATTING_MAX: usize = 8;

/// Most tags and texts of a page; a long list of news has 20,000. What comes after them is left out.
const PIECES_MAX: usize = 200_000;

/// Most bytes of a page that is written anew; a long list has some 500 KiB.
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// Most attributes of one tag: they are compared each with all. Real tags have up to 30.
const ATTRIBUTES_MAX: usize = 64;

/// Longest name of an element or attribute, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// Longest title of a page, in bytes.
const TITLE_BYTES_MAX: usize = 1_024;

/// A page, written anew.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    pub(super) html: String,
    pub(super) title: String,
    /// Whether the end of the page was left out.
    pub(super) cut: bool,
}

pub(super) fn tidy(page: &str, faults: &mut Faults) -> Tidy {
    let mut writer = Writer::new(faults);
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| writer.take(event));
    emitter.naively_switch_states(true);
    // The first token says that the page is long enough.
    let _ = Tokenizer::new_with_emitter(page, emitter).next();
    writer.finish()
}

/// A start tag that is being read.
#[derive(Debug)]
struct Tag {
    name: String,
    /// As they are to be written.
    attributes: String,
    count: usize,
    /// Whether the attribute that is being read is kept.
    keeps: bool,
}

#[derive(Debug)]
struct Open {
    name: String,
    nature: Nature,
    /// Its end tag came before that of something in it.
    ended: bool,
}

struct Writer<'a> {
    tidy: Tidy,
    faults: &'a mut Faults,
    open: Vec<Open>,
    /// Of the open elements.
    formatting: usize,
    /// The element that is being left out, and how many of its name are open.
    hidden: Option<(String, usize)>,
    tag: Option<Tag>,
    /// Those that were written.
    roots: Vec<String>,
    pieces: usize,
}

impl<'a> Writer<'a> {
    fn new(faults: &'a mut Faults) -> Self {
        let tidy = Tidy {
            html: "<!DOCTYPE html>".into(),
            ..Tidy::default()
        };
        Self {
            tidy,
            faults,
            open: vec![],
            formatting: 0,
            hidden: None,
            tag: None,
            roots: vec![],
            pieces: 0,
        }
    }

    /// `Some` when the page is long enough.
    fn take(&mut self, event: CallbackEvent<'_>) -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag = name_of(name).map(Tag::new),
            CallbackEvent::AttributeName { name } => self.attribute(name),
            CallbackEvent::AttributeValue { value } => {
                if let Some(tag) = self.tag.as_mut().filter(|tag| tag.keeps) {
                    tag.value(&String::from_utf8_lossy(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = self.tag.take() {
                    self.start(&tag, self_closing);
                }
            }
            CallbackEvent::EndTag { name } => {
                self.tag = None;
                if let Some(name) = name_of(name) {
                    self.end(&name);
                }
            }
            CallbackEvent::String { value } => self.text(&String::from_utf8_lossy(value)),
            _ => {}
        }
        self.is_full().then_some(())
    }

    fn is_full(&mut self) -> bool {
        let full = self.pieces > PIECES_MAX || self.tidy.html.len() >= BYTES_MAX;
        self.tidy.cut |= full;
        full
    }

    fn attribute(&mut self, name: &[u8]) {
        let Some(tag) = &mut self.tag else { return };
        tag.keeps = false;
        let Some(name) = name_of(name) else { return };
        if tag.count == ATTRIBUTES_MAX {
            self.faults.add(Fault::TooManyAttributes);
        }
        tag.count += 1;
        if tag.count <= ATTRIBUTES_MAX {
            tag.keeps = true;
            tag.attributes.push(' ');
            tag.attributes.push_str(&name);
        }
    }

    /// Emphasis that is open may be built again, for each element or text in it.
    fn count(&mut self) {
        self.pieces += 1 + self.formatting;
    }

    fn start(&mut self, tag: &Tag, self_closing: bool) {
        if let Some((name, depth)) = &mut self.hidden {
            *depth += usize::from(*name == tag.name);
            return;
        }
        self.count();
        let nature = nature(&tag.name);
        match nature {
            // Only in SVG and MathML does a tag end itself.
            Nature::Hidden if self_closing && matches!(tag.name.as_str(), "svg" | "math") => {}
            Nature::Hidden => self.hidden = Some((tag.name.clone(), 1)),
            Nature::Through => {}
            Nature::Root if self.roots.contains(&tag.name) => {}
            Nature::Root => {
                self.roots.push(tag.name.clone());
                self.write(tag);
            }
            Nature::Void => {
                self.make_room(&tag.name);
                self.write(tag);
            }
            Nature::Link | Nature::Formatting | Nature::Plain => self.open(tag, nature),
        }
    }

    fn open(&mut self, tag: &Tag, nature: Nature) {
        self.make_room(&tag.name);
        if nature == Nature::Link {
            self.let_go_of_link();
        }
        let deep = self.open.len() >= DEPTH_MAX;
        if deep {
            self.faults.add(Fault::TooDeep);
        }
        let emphasis = nature != Nature::Plain;
        if deep || emphasis && self.formatting >= FORMATTING_MAX {
            return;
        }
        self.write(tag);
        self.formatting += usize::from(emphasis);
        self.open.push(Open {
            name: tag.name.clone(),
            nature,
            ended: false,
        });
    }

    fn write(&mut self, tag: &Tag) {
        let _infallible = write!(self.tidy.html, "<{}{}>", tag.name, tag.attributes);
    }

    /// Ends what is left open where an element of this name begins.
    fn make_room(&mut self, name: &str) {
        for ended in [ended_by(name), ended_by_block(name)].into_iter().flatten() {
            if let Some(at) = self.left_open(&ended) {
                self.close_to(at);
            }
        }
    }

    fn left_open(&self, ended: &Ended) -> Option<usize> {
        let open = self.open.iter().enumerate().rev();
        let mut near = open.take_while(|(_, open)| !ended.until.contains(&open.name.as_str()));
        near.find(|(_, open)| ended.names.contains(&open.name.as_str()))
            .map(|(at, _)| at)
    }

    /// A link in a link ends the outer one, and the tree builder knows how.
    fn let_go_of_link(&mut self) {
        if let Some(at) = self.open.iter().rposition(|open| open.nature == Nature::Link) {
            self.open.remove(at);
            self.formatting -= 1;
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth -= usize::from(hidden == name);
            if *depth == 0 {
                self.hidden = None;
            }
            return;
        }
        self.count();
        let reach = self.open.iter().rev();
        let mut reach = reach.take_while(|open| open.name == name || is_of_table(name) || !is_cell(&open.name));
        let Some(above) = reach.position(|open| open.name == name) else {
            return;
        };
        let at = self.open.len() - 1 - above;
        let holds_block = |open: &[Open]| open.iter().any(|open| open.nature == Nature::Plain);
        match self.open[at].nature {
            Nature::Plain => self.close_to(at),
            _ if holds_block(&self.open[at + 1..]) => self.open[at].ended = true,
            _ => self.close_to(at),
        }
    }

    /// Ends the open elements down to this one, and those around it whose end tags came before.
    fn close_to(&mut self, at: usize) {
        while self.open.len() > at || self.open.last().is_some_and(|open| open.ended) {
            let Some(open) = self.open.pop() else { return };
            self.formatting -= usize::from(open.nature != Nature::Plain);
            let _infallible = write!(self.tidy.html, "</{}>", open.name);
        }
    }

    fn text(&mut self, text: &str) {
        match &self.hidden {
            Some((hidden, _)) if hidden == "title" && self.tidy.title.is_empty() => {
                let end = text.floor_char_boundary(TITLE_BYTES_MAX);
                self.tidy.title = text[..end].trim().to_owned();
            }
            Some(_) => {}
            None => {
                self.count();
                escape(text, &mut self.tidy.html);
            }
        }
    }

    fn finish(self) -> Tidy {
        if self.tidy.cut {
            self.faults.add(Fault::LongPage);
        }
        self.tidy
    }
}

impl Tag {
    fn new(name: String) -> Self {
        Self {
            name,
            attributes: String::new(),
            count: 0,
            keeps: false,
        }
    }

    fn value(&mut self, value: &str) {
        self.attributes.push_str("=\"");
        escape(value, &mut self.attributes);
        self.attributes.push('"');
    }
}

/// `None` for a name that the tree builder might read in another way.
fn name_of(name: &[u8]) -> Option<String> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    let fits = !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.iter().all(plain);
    fits.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Writes a text or a value, up to the bound of the whole page.
fn escape(text: &str, into: &mut String) {
    for part in text.split_inclusive(['&', '<', '"']) {
        let plain = part.trim_end_matches(['&', '<', '"']);
        let room = BYTES_MAX.saturating_sub(into.len());
        if room == 0 {
            return;
        }
        into.push_str(&plain[..plain.floor_char_boundary(room)]);
        into.push_str(match &part[plain.len()..] {
            "&" => "&amp;",
            "<" => "&lt;",
            "\"" => "&quot;",
            _ => "",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, expect: &str) {
        let html = tidy(page, &mut Faults::default()).html;
        assert_eq!(html.strip_prefix("<!DOCTYPE html>"), Some(expect), "{page}");
    }

    #[test]
    fn every_tag_has_its_end() {
        check("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c");
        check("<p>a<div>b</div>", "<p>a</p><div>b</div>");
        check("<p>a<p>b<hr>", "<p>a</p><p>b</p><hr>");
        check("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>");
        check(
            "<table><tr><td>a<td>b<tr><td>c</table>d",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d",
        );
        check("<div></span></p>a</div></div>", "<div>a</div>");
        check("<div><table><td></div>a</table>", "<div><table><td>a</td></table>");
    }

    #[test]
    fn emphasis_does_not_take_blocks_with_it() {
        check("<b><div>a</b>b</div>c", "<b><div>ab</div></b>c");
        check("<b><i>a</b>b", "<b><i>a</i></b>b");
        check("<a href=1>x<a href=2>y</a>", "<a href=\"1\">x<a href=\"2\">y</a>");
    }

    #[test]
    fn what_is_no_news_is_left_out() {
        check(
            "a<script>'<b>'</script><svg><g><b></svg><svg/><textarea><b></textarea><!-- <b> -->b",
            "ab",
        );
        check("<select><option>a</select>", "a");
        check("<x\"y>a<p x\"=1 b=\"&quot;<\">", "a<p b=\"&quot;&lt;\">");
        let page = tidy(
            "<title> A &amp; B </title><svg><title>C</title></svg>",
            &mut Faults::default(),
        );
        assert_eq!(page.title, "A & B");
    }

    #[test]
    fn there_are_limits() {
        let mut faults = Faults::default();
        let deep = tidy(&"<div>".repeat(1_000), &mut faults);
        assert_eq!(deep.html.matches("<div>").count(), DEPTH_MAX);
        let emphasis = tidy(&"<i>".repeat(1_000), &mut faults);
        assert_eq!(emphasis.html.matches("<i>").count(), FORMATTING_MAX);
        let attributes: String = (0..1_000).map(|n| format!(" a{n}=1")).collect();
        let tag = tidy(&format!("<p{attributes}>"), &mut faults);
        assert_eq!(tag.html.matches("=\"1\"").count(), ATTRIBUTES_MAX);
        assert!(!deep.cut && !emphasis.cut && !tag.cut);
        let long = tidy(&"<p>x".repeat(PIECES_MAX), &mut faults);
        assert!(long.cut && long.html.matches("<p>").count() <= PIECES_MAX / 2 + 1);
        for large in ["&", "<p a='\"'>"] {
            let large = tidy(&large.repeat(BYTES_MAX / 3), &mut faults);
            assert!(large.cut && large.html.len() < BYTES_MAX + 100, "{}", large.html.len());
        }
        assert_eq!(faults.sentences().len(), 3, "{:?}", faults.sentences());
    }
}
