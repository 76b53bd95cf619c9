//! The second reader: where a strict reader (feed-rs) sees something else in a document than we do.
//!
//! It never decides anything. feed-rs panics on some documents and recurses with the depth of others until the stack
//! ends, which nothing catches: so it runs in a thread of its own, on documents whose depth was measured first.

use std::{
    panic,
    thread::{self, Builder},
};

use feed_rs::model;
use quick_xml::{Reader, events::Event};
use url::Url;

use super::{decode, faults::Faults, links, references, text};
use crate::model::{
    entry::{Entry, Markup},
    feed::Feed,
};

/// Name of the thread in which the second reader runs, for [`is_current_thread`].
const THREAD: &str = "second-reader";

/// A frame of feed-rs takes up to 20 KiB in a debug build; this holds [`DEPTH_MAX`] of them three times.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Deepest document that is given to it.
const DEPTH_MAX: usize = 256;

/// Largest document that is given to it, as `fetch.max_body` is by default.
const DOCUMENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Longest tag in a document that is given to it; it looks at every attribute.
const TAG_BYTES_MAX: usize = 64 * 1024;

/// Most sentences about one document.
const SENTENCES_MAX: usize = 5;

/// Longest text that is repeated in a sentence: a title, or a parser's whole complaint.
const QUOTE_CHARS_MAX: usize = 160;

/// Where a strict reader sees something else, in sentences for an editor. Empty where it sees the same.
///
/// What readers may do differently is no difference: ids that one makes up, white space, markup inside a title, a
/// link where the other has none.
pub fn disagreements(bytes: &[u8], feed: &Feed) -> Vec<String> {
    if bytes.len() > DOCUMENT_BYTES_MAX || !is_bearable(bytes) {
        return vec!["A strict reader was not asked: the document is too large or nested too deep for it.".into()];
    }
    match read(bytes) {
        Some(Ok(second)) => compare(feed, &second),
        Some(Err(error)) => vec![format!("A strict reader cannot read this feed: {}.", quote(&error))],
        None => vec!["A strict reader breaks down on this feed.".into()],
    }
}

/// Whether the current thread is the second reader's. The panic hook of a binary should keep silent then: the panic
/// is caught, and told as a disagreement.
pub fn is_current_thread() -> bool {
    thread::current().name() == Some(THREAD)
}

/// `None` where it panicked.
fn read(bytes: &[u8]) -> Option<Result<model::Feed, String>> {
    thread::scope(|scope| {
        Builder::new()
            .name(THREAD.into())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || {
                panic::catch_unwind(|| feed_rs::parser::parse(bytes).map_err(|error| error.to_string())).ok()
            })
            .ok()?
            .join()
            .ok()?
    })
}

fn is_bearable(bytes: &[u8]) -> bool {
    let text = decode::decode(bytes, None, &mut Faults::default());
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut depth: usize = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if depth >= DEPTH_MAX || start.len() > TAG_BYTES_MAX => return false,
            Ok(Event::Empty(start)) if start.len() > TAG_BYTES_MAX => return false,
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            // Where this reader gives up, so does feed-rs, which is built on it.
            Ok(Event::Eof) | Err(_) => return true,
            Ok(_) => {}
        }
    }
}

fn compare(feed: &Feed, second: &model::Feed) -> Vec<String> {
    let (ours, theirs) = (feed.entries.len(), second.entries.len());
    if ours != theirs {
        return vec![format!("A strict reader sees {theirs} entries, not {ours}.")];
    }
    let mut sentences: Vec<_> = (1..)
        .zip(feed.entries.iter().zip(&second.entries))
        .flat_map(|(number, (entry, second))| [title(number, entry, second), link(number, entry, second)])
        .flatten()
        .collect();
    if let Some(more) = sentences.len().checked_sub(SENTENCES_MAX).filter(|more| *more > 0) {
        sentences.truncate(SENTENCES_MAX);
        sentences.push(format!("There are {more} more such differences."));
    }
    sentences
}

fn title(number: usize, entry: &Entry, second: &model::Entry) -> Option<String> {
    let ours = text::plain(entry.title.as_ref().map(Markup::source)?);
    let theirs = second.title.as_ref()?.content.as_str();
    let theirs = text::plain(&references::decoded_twice(theirs).unwrap_or_else(|| theirs.to_owned()));
    (letters(&ours) != letters(&theirs)).then(|| {
        format!(
            "A strict reader sees another title of entry {number}: \"{}\", not \"{}\".",
            quote(&theirs),
            quote(&ours)
        )
    })
}

/// A strict reader may have several links, and resolve them in its own way: one that ends as ours does is the same.
fn link(number: usize, entry: &Entry, second: &model::Entry) -> Option<String> {
    let ours = bare(entry.link.as_deref()?);
    let theirs = second.links.first()?;
    let same = second.links.iter().any(|link| {
        let link = bare(&link.href);
        link.ends_with(&ours) || ours.ends_with(&link)
    });
    (!same).then(|| {
        format!(
            "A strict reader sees another link of entry {number}: {}, not {}.",
            quote(&theirs.href),
            quote(&ours)
        )
    })
}

/// A title without white space, punctuation and case, which readers treat each in their own way.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A link as a browser has it, without the slash that parsing puts at its end.
fn bare(link: &str) -> String {
    let link = links::resolve(link, None);
    let link = Url::parse(&link).map_or(link, Into::into);
    link.trim_end_matches('/').to_owned()
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
