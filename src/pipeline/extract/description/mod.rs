//! What an article's page says of the article, where the feed says nothing.
//!
//! A page describes itself for those who link to it; where it does not, its first real paragraph does. One pass over
//! the tags, without a tree: pages are large, and only their beginnings matter.

mod noise;

use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};

use self::noise::{is_byline, is_hidden, is_noise, is_notice, may_be_noise};
use super::{SUMMARY_CHARS_MAX, says_nothing, text};
use crate::model::{boilerplate::Habits, entry::Markup};

/// Shortest description, in characters: below that, it is a slogan or a name.
const DESCRIPTION_CHARS_MIN: usize = 40;

/// Shortest paragraph, in characters: below that, it is a label, a date or a by-line.
const PARAGRAPH_CHARS_MIN: usize = 60;

/// Longest paragraph and longest value that are read, in bytes.
const TEXT_BYTES_MAX: usize = 32 * 1024;

/// Names of a `<meta>`, in the order of belief. Journals put an abstract into the last ones.
const METAS: [&str; 6] = [
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
    "citation_abstract",
];

/// A description of the article as a plain summary, at most 4,000 characters; `None` where its page gives none. `title`
/// is the article's: what only repeats it describes nothing.
pub fn description(page: &str, title: &str, habits: Habits<'_>) -> Option<String> {
    let mut reader = Reader::default();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| reader.take(event));
    emitter.naively_switch_states(true);
    // The first token says that what follows is believed less.
    let _ = Tokenizer::new_with_emitter(page, emitter).next();
    reader.end_paragraph();
    let metas = reader.metas.into_iter().flatten().map(Markup::Html);
    let paragraphs = [reader.of_article, reader.elsewhere];
    let mut found = metas
        .map(|meta| (text::paragraphs(&meta, SUMMARY_CHARS_MAX), DESCRIPTION_CHARS_MIN))
        .chain(paragraphs.into_iter().flatten().map(|text| (text, 0)));
    found.find_map(|(text, least)| fits(&text, title, least, habits).then_some(text))
}

fn fits(text: &str, title: &str, least: usize, habits: Habits<'_>) -> bool {
    text.chars().count() >= least && !is_notice(text) && !says_nothing(text, title, habits)
}

/// An attribute that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attribute {
    /// Of a meta: what it is about.
    Name,
    Content,
    /// A class or id.
    Kind,
    Href,
    Other,
}

#[derive(Debug)]
struct Tag {
    name: String,
    attribute: Attribute,
    /// Place among [`METAS`].
    meta: Option<usize>,
    content: String,
    noise: bool,
    href: bool,
}

#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    /// Bytes of it that are links.
    linked: usize,
}

#[derive(Debug, Default)]
struct Reader {
    metas: [Option<String>; METAS.len()],
    of_article: Option<String>,
    elsewhere: Option<String>,
    tag: Option<Tag>,
    /// The element that is passed over, and how many of its name are open.
    hidden: Option<(String, usize)>,
    /// How many `article` and `main` are open.
    articles: usize,
    paragraph: Option<Paragraph>,
    in_link: bool,
}

impl Reader {
    /// `Some` where the article's first paragraph was found.
    fn take(&mut self, event: CallbackEvent<'_>) -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag = Some(Tag::new(name)),
            CallbackEvent::AttributeName { name } => {
                if let Some(tag) = &mut self.tag {
                    tag.name_attribute(name);
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(tag) = &mut self.tag {
                    tag.value(&String::from_utf8_lossy(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = self.tag.take() {
                    self.start(tag, self_closing);
                }
            }
            CallbackEvent::EndTag { name } => {
                self.tag = None;
                self.end(&String::from_utf8_lossy(name));
            }
            CallbackEvent::String { value } if self.hidden.is_none() => self.text(&String::from_utf8_lossy(value)),
            _ => {}
        }
        self.of_article.is_some().then_some(())
    }

    fn start(&mut self, tag: Tag, self_closing: bool) {
        if let Some((name, depth)) = &mut self.hidden {
            *depth += usize::from(*name == tag.name);
            return;
        }
        if ends_paragraph(&tag.name) {
            self.end_paragraph();
        }
        match tag.name.as_str() {
            "meta" => self.meta(tag),
            "p" if !tag.noise => self.paragraph = Some(Paragraph::default()),
            "br" => self.text(" "),
            "a" => self.in_link = tag.href,
            "article" | "main" => self.articles += 1,
            // A page's own header is no part of the article, an article's is.
            "header" if self.articles == 0 => self.hide(tag),
            // A paragraph has no end tag as a rule.
            name if name != "p" && (is_hidden(name) || tag.noise) && !(self_closing && name == "svg") => self.hide(tag),
            _ => {}
        }
    }

    fn hide(&mut self, tag: Tag) {
        self.hidden = Some((tag.name, 1));
    }

    fn meta(&mut self, tag: Tag) {
        if let Some(kept) = tag.meta.and_then(|at| self.metas.get_mut(at)) {
            kept.get_or_insert(tag.content);
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
        match name {
            "a" => self.in_link = false,
            "article" | "main" => {
                self.end_paragraph();
                self.articles = self.articles.saturating_sub(1);
            }
            _ if ends_paragraph(name) => self.end_paragraph(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let Some(paragraph) = &mut self.paragraph else { return };
        if paragraph.text.len() < TEXT_BYTES_MAX {
            let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
            paragraph.text.push_str(text);
            paragraph.linked += if self.in_link { text.len() } else { 0 };
        }
    }

    fn end_paragraph(&mut self) {
        self.in_link = false;
        let Some(paragraph) = self.paragraph.take() else { return };
        let place = match self.articles {
            0 => &mut self.elsewhere,
            _ => &mut self.of_article,
        };
        if place.is_none() {
            *place = paragraph.prose();
        }
    }
}

impl Tag {
    fn new(name: &[u8]) -> Self {
        Self {
            name: String::from_utf8_lossy(name).into_owned(),
            attribute: Attribute::Other,
            meta: None,
            content: String::new(),
            noise: false,
            href: false,
        }
    }

    fn name_attribute(&mut self, name: &[u8]) {
        self.attribute = match (self.name.as_str(), name) {
            ("meta", b"name" | b"property" | b"itemprop") => Attribute::Name,
            ("meta", b"content") => Attribute::Content,
            ("a", b"href") => Attribute::Href,
            (_, b"class" | b"id") => Attribute::Kind,
            _ => Attribute::Other,
        };
        self.href |= self.attribute == Attribute::Href;
    }

    fn value(&mut self, value: &str) {
        match self.attribute {
            Attribute::Name => {
                let name = value.trim().to_ascii_lowercase();
                self.meta = METAS.iter().position(|meta| *meta == name).or(self.meta);
            }
            Attribute::Content => self.content = value[..value.floor_char_boundary(TEXT_BYTES_MAX)].to_owned(),
            Attribute::Kind => self.noise |= may_be_noise(&self.name) && is_noise(value),
            Attribute::Href | Attribute::Other => {}
        }
    }
}

impl Paragraph {
    /// As a plain summary, if it is prose and not a label, a by-line, a notice or a list of links.
    fn prose(&self) -> Option<String> {
        let words: Vec<_> = self.text.split_whitespace().collect();
        let text = text::paragraphs(&Markup::Text(words.join(" ")), SUMMARY_CHARS_MAX);
        let own = self.linked * 2 <= self.text.len();
        let sentence = text.contains(['.', '!', '?', '…', '。']);
        let prose = own && sentence && text.chars().count() >= PARAGRAPH_CHARS_MIN;
        (prose && !is_byline(&text) && !is_notice(&text)).then_some(text)
    }
}

/// Whether an element's tags, either of them, end the paragraph before them.
fn ends_paragraph(name: &str) -> bool {
    is_hidden(name)
        || matches!(
            name,
            "address"
                | "article"
                | "blockquote"
                | "body"
                | "dd"
                | "div"
                | "dl"
                | "dt"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "header"
                | "hr"
                | "li"
                | "main"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "ul"
        )
}

#[cfg(test)]
mod tests;
