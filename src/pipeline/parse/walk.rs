//! Through the events of a document with a stack of our own, from which nothing is expected: an end tag closes
//! its match or nothing, a new item closes what is open, and what is open at the end was cut.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    build::Builder,
    faults::Fault,
    kind,
    names::{Ns, Scopes, fold},
    roles::{self, Field, Role},
    tag::Tag,
    text::{Language, Sink, is_void},
};
use crate::model::feed::{Feed, Format};

/// Deepest nesting that is kept track of. Real feeds reach 30 with the markup of their texts; deeper elements are
/// read as if they stood at this depth.
const DEPTH_MAX: usize = 256;

/// Most entries of one feed. It is more than fit, with a title and a link, into the largest body that is fetched.
pub(super) const ENTRIES_MAX: usize = 100_000;

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: u64,
    role: Role,
    scopes: usize,
    bases: usize,
}

pub(super) struct Walk<'a> {
    stack: Vec<Open>,
    scopes: Scopes,
    format: Option<Format>,
    /// The document is an entry without a feed.
    lone_entry: bool,
    sink: Sink,
    build: Builder<'a>,
    /// The first element, where that is not the root of a feed.
    stranger: Option<String>,
    /// The root was closed; what comes now is after the end.
    closed: bool,
}

/// Reads a feed from text that [`super::prescan::mend`] has seen. `Err` names the document's first element.
pub(super) fn walk(text: &str, build: Builder<'_>) -> Result<Feed, Option<String>> {
    let mut walk = Walk {
        stack: vec![],
        scopes: Scopes::default(),
        format: None,
        lone_entry: false,
        sink: Sink::new(Language::Plain, 0),
        build,
        stranger: None,
        closed: false,
    };
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => walk.event(&event),
            Err(_) => {
                walk.build.faults.add(Fault::Broken);
                break;
            }
        }
    }
    walk.finish()
}

impl Walk<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(start) => self.start(start, false),
            Event::Empty(start) => self.start(start, true),
            Event::End(end) => self.end(end.name().as_ref()),
            Event::Text(text) => {
                if text.starts_with('&') && self.is_reading() {
                    self.build.faults.add(Fault::StrayAmpersand);
                }
                self.characters(text);
            }
            Event::CData(text) => self.characters(text),
            Event::GeneralRef(reference) if self.is_reading() => self.reference(reference),
            Event::DocType(doctype) if self.format.is_none() => self.doctype(doctype),
            _ => {}
        }
    }

    fn reference(&mut self, name: &str) {
        if !self.sink.reference(name) {
            self.build.faults.add(Fault::StrayAmpersand);
        }
    }

    /// The document says that it is for browsers.
    fn doctype(&mut self, doctype: &str) {
        let name = doctype.split_ascii_whitespace().next().unwrap_or_default();
        if name.eq_ignore_ascii_case("html") {
            self.stranger = Some("html".into());
        }
    }

    fn role(&self) -> Role {
        self.stack.last().map_or(Role::Skipped, |open| open.role)
    }

    /// Whether text that comes now is of a field.
    fn is_reading(&self) -> bool {
        matches!(self.role(), Role::Field(_) | Role::Inline | Role::Person(_))
    }

    fn characters(&mut self, text: &str) {
        if self.is_reading() {
            self.sink.characters(text);
        } else if self.stack.is_empty() && !text.trim().is_empty() {
            self.junk();
        }
    }

    fn junk(&mut self) {
        self.build.faults.add(if self.closed {
            Fault::JunkAfter
        } else {
            Fault::JunkBefore
        });
    }

    fn start(&mut self, start: &BytesStart<'_>, empty: bool) {
        let mark = self.scopes.mark();
        if !self.scopes.declare(start) {
            self.build.faults.add(Fault::TooManyNamespaces);
        }
        let name = start.name();
        let tag = Tag::new(start, &self.scopes, name.as_ref());
        let pushed = match self.format {
            Some(format) if !self.stack.is_empty() => self.element(&tag, format, empty, mark),
            _ => self.root(&tag, mark),
        };
        if !pushed {
            self.scopes.leave(mark);
        } else if empty {
            self.pop();
        }
    }

    /// Looks for the root of a feed, past what a server may have put before it. True where this is it. Some servers
    /// send their feed twice in one document, so that there may be another after the first.
    fn root(&mut self, tag: &Tag<'_>, mark: usize) -> bool {
        let found = kind::root(tag.ns, tag.local(), self.stranger.as_deref());
        let Some(format) = found.filter(|format| self.format.is_none_or(|first| first == *format)) else {
            self.junk();
            if self.stranger.is_none() && !kind::is_junk(tag.local()) {
                self.stranger = Some(tag.stranger());
            }
            return false;
        };
        if self.format.is_none() {
            self.build.root(tag, format);
        }
        self.format = Some(format);
        self.closed = false;
        self.scopes.settle(tag.name);
        self.push(tag, Role::Root, mark);
        if tag.local() == "entry" {
            self.lone_entry = true;
            self.open_item(tag, mark);
        }
        true
    }

    /// True where the element is now on the stack.
    fn element(&mut self, tag: &Tag<'_>, format: Format, empty: bool, mark: usize) -> bool {
        if is_item(tag, format) && !self.lone_entry {
            self.leave_item();
            self.open_item(tag, mark);
            return true;
        }
        if let Some(owner) = self.unclosed_field(tag) {
            self.build.faults.add(Fault::Unclosed);
            self.pop_to(owner);
        }
        let role = self.role_of(tag);
        if self.stack.len() >= DEPTH_MAX {
            self.build.faults.add(Fault::TooDeep);
        }
        match role {
            Role::Inline => self.sink.start_tag(tag.written(), tag.attributes(), empty),
            _ if self.stack.len() >= DEPTH_MAX => return false,
            Role::Channel => self.build.channel_attributes(tag),
            Role::Field(field) => self.sink = Sink::new(self.build.open_field(field, tag), field.bytes_max()),
            Role::Person(rank) => self.open_person(rank),
            _ => {}
        }
        let stays = empty || role != Role::Inline || !is_void(tag.local());
        if stays && self.stack.len() < DEPTH_MAX {
            self.push(tag, role, mark);
            return true;
        }
        false
    }

    /// A person may be named by its own text, in RSS, or by an element, in Atom.
    fn open_person(&mut self, rank: u8) {
        let field = Field::Name(rank);
        self.sink = Sink::new(field.language(), field.bytes_max());
    }

    /// The text behind a person's name, mostly a line end, is the person's again.
    fn go_on_with_person(&mut self) {
        if let Role::Person(rank) = self.role() {
            self.open_person(rank);
        }
    }

    fn role_of(&mut self, tag: &Tag<'_>) -> Role {
        let role = match self.role() {
            Role::Root if tag.local() == "channel" => Role::Channel,
            Role::Root | Role::Channel => roles::in_channel(tag.ns, tag.local()),
            Role::Item | Role::Group => roles::in_item(tag.ns, tag.local()),
            Role::Person(rank) => match tag.local() {
                "name" => Role::Field(Field::Name(rank)),
                "email" | "uri" | "url" => Role::Skipped,
                _ => Role::Inline,
            },
            Role::Hours if tag.local() == "hour" => Role::Field(Field::Hour),
            Role::Days if tag.local() == "day" => Role::Field(Field::Day),
            Role::Field(_) | Role::Inline => Role::Inline,
            Role::Attributes(_) | Role::Hours | Role::Days | Role::Skipped => Role::Skipped,
        };
        match role {
            Role::Attributes(attributes) => self.build.attributes(attributes, tag),
            Role::Field(Field::Summary(_)) if self.build.is_no_text(tag) => Role::Skipped,
            role => role,
        }
    }

    /// Where the stack must be cut because this element cannot be inside the field that is open.
    fn unclosed_field(&self, tag: &Tag<'_>) -> Option<usize> {
        if !self.is_reading() {
            return None;
        }
        let (at, field) = self
            .stack
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, open)| match open.role {
                Role::Field(field) => Some((at, field)),
                Role::Person(rank) => Some((at, Field::Name(rank))),
                _ => None,
            })?;
        roles::ends_field(field, tag.ns, tag.local()).then_some(at)
    }

    fn leave_item(&mut self) {
        let outer = |open: &Open| matches!(open.role, Role::Root | Role::Channel);
        let keep = self.stack.iter().rposition(outer).map_or(0, |at| at + 1);
        if self.stack.iter().any(|open| open.role == Role::Item) {
            self.build.faults.add(Fault::NestedItem);
        }
        self.pop_to(keep);
    }

    fn open_item(&mut self, tag: &Tag<'_>, mark: usize) {
        let role = if self.build.open_item(tag) {
            Role::Item
        } else {
            Role::Skipped
        };
        self.push(tag, role, mark);
    }

    fn push(&mut self, tag: &Tag<'_>, role: Role, scopes: usize) {
        let bases = self.build.bases();
        if !matches!(role, Role::Inline | Role::Skipped) {
            self.build.enter(tag);
        }
        self.stack.push(Open {
            name: fold(tag.name),
            role,
            scopes,
            bases,
        });
    }

    fn end(&mut self, name: &str) {
        let key = fold(name);
        match self.stack.iter().rposition(|open| open.name == key) {
            Some(at) => {
                let above = &self.stack[at + 1..];
                if above.iter().any(|open| open.role != Role::Inline) {
                    self.build.faults.add(Fault::Unclosed);
                }
                let inline = self.stack[at].role == Role::Inline;
                self.pop_to(at);
                if inline {
                    self.sink.end_tag(name.rsplit(':').next().unwrap_or_default());
                }
            }
            None if self.format.is_some() && !self.is_reading() => self.build.faults.add(Fault::UnmatchedEnd),
            None => {}
        }
    }

    fn pop_to(&mut self, keep: usize) {
        while self.stack.len() > keep {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        self.scopes.leave(open.scopes);
        match open.role {
            Role::Field(field) => {
                self.close_field(field);
                self.go_on_with_person();
            }
            Role::Person(rank) => self.close_field(Field::Name(rank)),
            Role::Item => {
                self.build.close_item();
                self.closed |= self.lone_entry;
            }
            Role::Root => self.closed = true,
            _ => {}
        }
        self.build.leave(open.bases);
    }

    fn close_field(&mut self, field: Field) {
        let sink = std::mem::replace(&mut self.sink, Sink::new(Language::Plain, 0));
        if sink.is_full() {
            self.build.faults.add(Fault::TooLong);
            if field.is_whole_or_nothing() {
                return;
            }
        }
        self.build.field(field, sink);
    }

    fn finish(mut self) -> Result<Feed, Option<String>> {
        let Some(format) = self.format else {
            return Err(self.stranger);
        };
        let complete = self.closed;
        if !complete {
            self.build.faults.add(Fault::Cut);
        }
        self.cut();
        Ok(self.build.finish(format, complete))
    }

    /// What was open when the document ended. Half a summary is a summary, half a link is another link.
    fn cut(&mut self) {
        let field = self.stack.iter().rev().find_map(|open| match open.role {
            Role::Field(field) => Some(field),
            _ => None,
        });
        if field.is_some_and(|field| field.is_whole_or_nothing() || matches!(field, Field::Title(_))) {
            self.stack
                .retain(|open| !matches!(open.role, Role::Field(_) | Role::Inline));
        }
        self.build.drop_anonymous_item();
        self.pop_to(0);
    }
}

fn is_item(tag: &Tag<'_>, format: Format) -> bool {
    let name = if format == Format::Atom { "entry" } else { "item" };
    tag.ns == Ns::Core && tag.local() == name
}
