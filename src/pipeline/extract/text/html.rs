//! HTML source to prose, token by token.

use std::{convert::Infallible, sync::LazyLock};

use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};
use regex::Regex;

use super::{
    prose::Prose,
    tags::{self, Role},
};

/// Tags that show that a text was escaped once more than it should have been. Only such as format prose: a headline
/// may speak of `<script>`.
static ESCAPED_TAG: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?i)</(?:p|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|td|table|sub|sup)>|<br ?/?>|<p>|<img [^<>]*>")
});

/// An entity that was escaped: what is left of `&amp;nbsp;` is `&nbsp;`.
static ESCAPED_ENTITY: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"&(?:[A-Za-z]{2,31}[0-9]{0,2}|#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6});"));

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant expression, compiled by every test")
}

/// Plain text of HTML, one paragraph a line, at most `most` characters.
///
/// Many publishers escape twice. One round more is taken where what is left shows it: a text without any tag in
/// which tags appear, entities that appear anywhere.
pub(super) fn read(source: &str, most: usize) -> String {
    let marked = tags::plausible(source);
    let text = if marked.contains('<') {
        prose(&marked, most)
    } else {
        let text = decoded(&marked);
        if ESCAPED_TAG.is_match(&text) {
            prose(&tags::plausible(&text), most)
        } else if ESCAPED_ENTITY.is_match(&text) {
            return lines(&again(&text), most);
        } else {
            return lines(&text, most);
        }
    };
    match ESCAPED_ENTITY.is_match(&text) {
        true => lines(&again(&text), most),
        false => text,
    }
}

fn lines(text: &str, most: usize) -> String {
    let mut prose = Prose::new(most);
    prose.push_lines(text);
    prose.finish()
}

/// Entities decoded a second time; a `<` stays what it has become, a character.
fn again(text: &str) -> String {
    decoded(&text.replace('<', "&lt;"))
}

/// Entities decoded in a source without tags.
fn decoded(source: &str) -> String {
    let mut text = Vec::with_capacity(source.len());
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        if let CallbackEvent::String { value } = event {
            text.extend_from_slice(value);
        }
        None
    });
    let Ok(()) = Tokenizer::new_with_emitter(source, emitter).finish();
    String::from_utf8_lossy(&text).into_owned()
}

fn prose(source: &str, most: usize) -> String {
    let mut reader = Reader {
        prose: Prose::new(most),
        hidden: None,
        tag: Role::Inline,
        in_link: false,
        sentence_may_end: false,
    };
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| reader.take(event));
    // The first token says that there is enough text.
    let _ = Tokenizer::new_with_emitter(source, emitter).next();
    reader.prose.finish()
}

/// Where in a document we are.
struct Reader {
    prose: Prose,
    /// The element that is being left out, and how many of its name are open.
    hidden: Option<(Vec<u8>, usize)>,
    /// Of the tag that is being read.
    tag: Role,
    in_link: bool,
    /// Bold text starts or ends behind a full stop or colon.
    sentence_may_end: bool,
}

impl Reader {
    /// `Some` when there is enough text.
    fn take(&mut self, event: CallbackEvent<'_>) -> Option<()> {
        match event {
            CallbackEvent::String { value } if self.hidden.is_none() => self.text(&String::from_utf8_lossy(value)),
            CallbackEvent::OpenStartTag { name } => self.open(name),
            CallbackEvent::AttributeName { name } if name == b"href" => self.in_link |= self.tag == Role::Link,
            CallbackEvent::CloseStartTag { self_closing: true } if self.tag == Role::Hidden => self.close_hidden(),
            CallbackEvent::EndTag { name } => self.close(name),
            _ => {}
        }
        self.prose.is_full().then_some(())
    }

    fn text(&mut self, text: &str) {
        if self.sentence_may_end && text.starts_with(char::is_alphabetic) {
            self.prose.space();
        }
        self.sentence_may_end = false;
        self.prose.push(text, self.in_link);
    }

    fn open(&mut self, name: &[u8]) {
        self.tag = role(name);
        if self.hidden.is_some() {
            return self.open_hidden(name);
        }
        match self.tag {
            Role::Hidden => self.hidden = Some((name.to_vec(), 1)),
            Role::Link => self.in_link = false,
            Role::Block => self.end_paragraph(),
            Role::Strong => self.sentence_may_end |= self.is_behind_a_stop(),
            Role::Inline | Role::Void => {}
        }
    }

    fn open_hidden(&mut self, name: &[u8]) {
        match &mut self.hidden {
            Some((hidden, depth)) if hidden == name => *depth += 1,
            // A page's head may end with the start of its body.
            Some((hidden, _)) if hidden == b"head" && name == b"body" => self.hidden = None,
            // Whatever else ends in it ends nothing.
            _ => self.tag = Role::Inline,
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some((hidden, _)) = &self.hidden {
            if hidden == name {
                self.close_hidden();
            }
            return;
        }
        match role(name) {
            Role::Link => self.in_link = false,
            Role::Block => self.end_paragraph(),
            Role::Strong => self.sentence_may_end |= self.is_behind_a_stop(),
            Role::Hidden | Role::Inline | Role::Void => {}
        }
    }

    fn close_hidden(&mut self) {
        self.hidden = self
            .hidden
            .take()
            .and_then(|(name, depth)| (depth > 1).then(|| (name, depth - 1)));
    }

    fn end_paragraph(&mut self) {
        self.prose.end_paragraph();
        self.in_link = false;
        self.sentence_may_end = false;
    }

    fn is_behind_a_stop(&self) -> bool {
        self.prose
            .last()
            .is_some_and(|last| matches!(last, '.' | ':' | ';' | '?' | '!'))
    }
}

fn role(name: &[u8]) -> Role {
    std::str::from_utf8(name)
        .ok()
        .and_then(tags::role)
        .unwrap_or(Role::Inline)
}
