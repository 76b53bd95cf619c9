//! The feed in the making: takes fields and attributes, puts them into the open entry or into the feed itself.

use url::Url;

use super::{
    chains::{Chains, image_rank, link_rank},
    date,
    faults::{Fault, Faults},
    links::{is_image, is_web, resolve},
    names::Ns,
    pace::Asked,
    references,
    roles::{Attributes, Field, Role},
    tag::Tag,
    text::{self, Language, Sink},
    walk::ENTRIES_MAX,
};
use crate::model::{
    entry::{Entry, Markup},
    feed::{Feed, Format},
    link::LINK_BYTES_MAX,
};

/// Most hubs of one feed; one is usual, three the most seen.
const HUBS_MAX: usize = 10;

/// What is known of the feed so far.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    pub(super) faults: Faults,
    base: Option<&'a Url>,
    /// `xml:base`, innermost last.
    bases: Vec<Url>,
    /// Atom's text constructs say what they hold; RSS's never do.
    is_atom: bool,
    /// Title and link of the feed, found as an entry's are.
    channel: Chains,
    self_link: Option<String>,
    hubs: Vec<String>,
    language: Option<String>,
    asked: Asked,
    entry: Option<Chains>,
    entries: Vec<Entry>,
    /// Whether the guid that is being read is a link too.
    permalink: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(base: Option<&'a Url>, faults: Faults) -> Self {
        Self {
            faults,
            base,
            bases: vec![],
            is_atom: false,
            channel: Chains::default(),
            self_link: None,
            hubs: vec![],
            language: None,
            asked: Asked::default(),
            entry: None,
            entries: vec![],
            permalink: false,
        }
    }

    pub(super) fn root(&mut self, tag: &Tag<'_>, format: Format) {
        self.is_atom = format == Format::Atom;
        self.language = tag.exactly("xml:lang");
        self.channel_attributes(tag);
    }

    /// RDF names a channel by its page, CDF has nothing else.
    pub(super) fn channel_attributes(&mut self, tag: &Tag<'_>) {
        if let Some(link) = tag.attribute("href") {
            self.channel.link(link_rank::LINK, self.resolve(&link));
        }
        if let Some(link) = tag.attribute("about") {
            self.channel.link(link_rank::ABOUT, self.resolve(&link));
        }
    }

    /// False where there are enough entries.
    pub(super) fn open_item(&mut self, tag: &Tag<'_>) -> bool {
        if self.entries.len() >= ENTRIES_MAX {
            self.faults.add(Fault::TooManyEntries);
            return false;
        }
        let mut entry = Chains::default();
        if let Some(about) = tag.attribute("about") {
            entry.guid(2, &about);
            if is_web(&about) {
                entry.link(link_rank::ABOUT, about);
            }
        }
        if let Some(link) = tag.attribute("href") {
            entry.link(link_rank::LINK, self.resolve(&link));
        }
        if let Some(date) = tag.attribute("lastmod").and_then(|date| date::parse(&date)) {
            entry.updated(1, date);
        }
        self.entry = Some(entry);
        true
    }

    pub(super) fn close_item(&mut self) {
        self.entries.extend(self.entry.take().map(Chains::finish));
    }

    /// Half an entry that nothing tells from others would come back as another one when it is whole.
    pub(super) fn drop_anonymous_item(&mut self) {
        if self.entry.as_ref().is_some_and(Chains::is_anonymous) {
            self.entry = None;
            self.faults.add(Fault::CutEntry);
        }
    }

    /// How many bases are in force, to go back to with [`Builder::leave`].
    pub(super) fn bases(&self) -> usize {
        self.bases.len()
    }

    pub(super) fn enter(&mut self, tag: &Tag<'_>) {
        if !tag.attributes().contains("xml:base") {
            return;
        }
        let Some(written) = tag.exactly("xml:base") else { return };
        let base = match self.bases.last().or(self.base) {
            Some(base) => base.join(&written),
            None => Url::parse(&written),
        };
        self.bases
            .extend(base.ok().filter(|base| base.as_str().len() <= LINK_BYTES_MAX));
    }

    pub(super) fn leave(&mut self, bases: usize) {
        self.bases.truncate(bases);
    }

    /// Makes ready for a field, and says what its characters mean.
    pub(super) fn open_field(&mut self, field: Field, tag: &Tag<'_>) -> Language {
        if let Field::Guid(_) = field {
            self.permalink = !tag
                .attribute("ispermalink")
                .is_some_and(|value| value.eq_ignore_ascii_case("false"));
        }
        match field {
            Field::Title(_) | Field::Summary(_) if tag.ns == Ns::Xhtml => Language::Inline,
            Field::Title(_) | Field::Summary(_) if self.is_construct(tag) => construct(tag),
            field => field.language(),
        }
    }

    /// Whether the element is a text construct (RFC 4287 §3.1).
    fn is_construct(&self, tag: &Tag<'_>) -> bool {
        tag.ns == Ns::Atom || self.is_atom && tag.ns == Ns::Core
    }

    /// Whether a content is a file, here or elsewhere (RFC 4287 §4.1.3).
    pub(super) fn is_no_text(&self, tag: &Tag<'_>) -> bool {
        if !self.is_construct(tag) {
            return false;
        }
        let media_type = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let is_file = media_type.contains('/')
            && !media_type.starts_with("text/")
            && !["xml", "html"].iter().any(|kind| media_type.contains(kind));
        is_file
            || tag.attribute("src").is_some()
            || tag
                .attribute("mode")
                .is_some_and(|mode| mode.eq_ignore_ascii_case("base64"))
    }

    /// Takes an element that says all in its attributes, and says what it is otherwise.
    pub(super) fn attributes(&mut self, attributes: Attributes, tag: &Tag<'_>) -> Role {
        if tag.has_too_many_attributes() {
            self.faults.add(Fault::TooManyAttributes);
        }
        match attributes {
            Attributes::Link => match tag.attribute("href") {
                Some(href) => self.atom_link(&href, tag),
                None => return Role::Field(Field::Link(link_rank::LINK)),
            },
            Attributes::Category => match tag.attribute("term") {
                Some(term) => self.atom_category(&term, tag),
                None => return Role::Field(Field::Category),
            },
            Attributes::Enclosure => self.enclosure(tag),
            Attributes::Image(rank) => {
                if let Some(url) = tag.attribute("url").or_else(|| tag.attribute("href")) {
                    let image = self.resolve(&url);
                    self.subject().image(rank, image);
                }
            }
            Attributes::Media => {
                if let Some(url) = tag.attribute("url").filter(|url| is_image(tag, url)) {
                    let image = self.resolve(&url);
                    self.subject().image(image_rank::MEDIA_CONTENT, image);
                }
                return Role::Group;
            }
        }
        Role::Skipped
    }

    fn atom_link(&mut self, href: &str, tag: &Tag<'_>) {
        let link = self.resolve(href);
        let rel = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        let media_type = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        match rel.rsplit('/').next().unwrap_or_default() {
            "" | "alternate" => {
                let is_page = media_type.is_empty() || media_type.contains("html");
                let rank = if is_page { link_rank::ALTERNATE } else { link_rank::LINK };
                self.subject().link(rank, link);
            }
            "enclosure" => {
                if is_image(tag, href) {
                    self.subject().image(image_rank::ENCLOSURE, link.clone());
                }
                if self.entry.is_some() {
                    self.subject().link(link_rank::ENCLOSURE, link);
                }
            }
            "self" if self.entry.is_none() => self.self_link = self.self_link.take().or(Some(link)),
            "hub" if self.entry.is_none() && self.hubs.len() < HUBS_MAX && !self.hubs.contains(&link) => {
                self.hubs.push(link);
            }
            _ => {}
        }
    }

    fn atom_category(&mut self, term: &str, tag: &Tag<'_>) {
        let scheme = tag.attribute("scheme").unwrap_or_default();
        // Blogger marks every entry as a post.
        if scheme.ends_with("g/2005#kind") {
            return;
        }
        let label = tag.attribute("label");
        self.subject().category(label.as_deref().unwrap_or(term));
    }

    fn enclosure(&mut self, tag: &Tag<'_>) {
        let Some(url) = tag.attribute("url") else { return };
        let link = self.resolve(&url);
        if is_image(tag, &url) {
            self.subject().image(image_rank::ENCLOSURE, link.clone());
        }
        self.subject().link(link_rank::ENCLOSURE, link);
    }

    /// Takes a field's text.
    pub(super) fn field(&mut self, field: Field, sink: Sink) {
        let text = sink.as_str();
        match field {
            Field::Title(rank) => {
                let title = self.markup(sink);
                self.subject().title(rank, title);
            }
            Field::Summary(rank) => {
                let summary = self.markup(sink);
                self.subject().summary(rank, summary);
            }
            Field::Link(rank) => {
                let link = self.resolve(text);
                self.subject().link(rank, link);
            }
            Field::Guid(rank) => {
                if self.permalink && is_web(text.trim()) {
                    let link = self.resolve(text);
                    self.subject().link(link_rank::PERMALINK, link);
                }
                self.subject().guid(rank, text);
            }
            Field::Published(rank) => {
                if let Some(date) = self.date(text) {
                    self.subject().published(rank, date);
                }
            }
            Field::Updated(rank) => {
                if let Some(date) = self.date(text) {
                    self.subject().updated(rank, date);
                }
            }
            Field::Name(rank) => self.subject().author(rank, text),
            Field::Category => self.subject().category(text),
            Field::Doi(rank) => self.subject().doi(rank, text),
            Field::Language => self.language = Some(text.trim().to_owned()).filter(|tag| !tag.is_empty()),
            Field::Ttl => self.asked.ttl(text),
            Field::Period => self.asked.period(text),
            Field::Frequency => self.asked.frequency(text),
            Field::Hour => self.asked.skip_hour(text),
            Field::Day => self.asked.skip_day(text),
        }
    }

    fn markup(&mut self, sink: Sink) -> Markup {
        let is_html = sink.is_markup() || text::looks_like_html(sink.as_str());
        let mended = references::decoded_twice(sink.as_str());
        if mended.is_some() {
            self.faults.add(Fault::TwiceEncoded);
        }
        let text = mended.as_deref().unwrap_or(sink.as_str()).trim().to_owned();
        if is_html {
            Markup::Html(text)
        } else {
            Markup::Text(text)
        }
    }

    fn date(&mut self, text: &str) -> Option<jiff::Timestamp> {
        let date = date::parse(text);
        if date.is_none() && !text.trim().is_empty() {
            self.faults.add(Fault::BadDate);
        }
        date
    }

    /// What is being read: the open entry, or the feed itself.
    fn subject(&mut self) -> &mut Chains {
        self.entry.as_mut().unwrap_or(&mut self.channel)
    }

    fn resolve(&self, written: &str) -> String {
        resolve(written, self.bases.last().or(self.base))
    }

    pub(super) fn finish(self, format: Format, complete: bool) -> Feed {
        let channel = self.channel.finish();
        Feed {
            format,
            title: channel.title,
            link: channel.link,
            self_link: self.self_link,
            hubs: self.hubs,
            language: self.language,
            pace: self.asked.finish(),
            complete,
            entries: self.entries,
            faults: self.faults.sentences(),
        }
    }
}

/// What an Atom text construct holds, in 1.0 or 0.3.
fn construct(tag: &Tag<'_>) -> Language {
    let kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let is_escaped = tag
        .attribute("mode")
        .is_some_and(|mode| mode.eq_ignore_ascii_case("escaped"));
    match kind.as_str() {
        "html" | "text/html" => Language::Html,
        kind if is_escaped && kind.contains("html") => Language::Html,
        kind if kind.ends_with("xhtml") || kind.ends_with("xml") => Language::Inline,
        _ => Language::Text,
    }
}
