//! JSON Feed 1.0 and 1.1, leniently: entries are taken one by one, so that half a document gives what it has.
//!
//! Values are read by shape, not by schema: a number is a fine id, a string a fine list of tags, and whatever has
//! another shape is passed over. Depth is bounded by serde_json (128).

mod loose;

use std::fmt;

use jiff::Timestamp;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use url::Url;

use self::loose::{Attachment, Author, Item, Many, Scalar};
use super::{
    NotAFeed,
    chains::{Chains, image_rank, link_rank},
    date,
    faults::{Fault, Faults},
    links::{has_image_name, is_web, resolve},
    pace::Asked,
    prescan,
    walk::ENTRIES_MAX,
};
use crate::model::{
    entry::{Entry, Markup},
    feed::{Feed, Format},
};

/// Most bytes of a text; what goes beyond an excerpt is kept for `parse` alone.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// Reads a JSON Feed.
pub(super) fn read(text: &str, base: Option<&Url>, mut faults: Faults) -> Result<Feed, NotAFeed> {
    let clean = prescan::without_controls(text, &mut faults);
    let halves = loose::without_half_characters(&clean);
    let mut reading = Reading::new(base, faults);
    let complete = serde_json::Deserializer::from_str(&halves)
        .deserialize_any(&mut reading)
        .is_ok();
    if !reading.is_feed {
        return Err(NotAFeed("this is JSON, but not a JSON Feed".into()));
    }
    Ok(reading.finish(complete))
}

#[derive(Debug)]
struct Reading<'a> {
    base: Option<&'a Url>,
    faults: Faults,
    /// The version or the items were seen.
    is_feed: bool,
    title: Option<String>,
    link: Option<String>,
    self_link: Option<String>,
    language: Option<String>,
    hubs: Vec<String>,
    authors: Vec<Author>,
    entries: Vec<Entry>,
}

impl<'a> Reading<'a> {
    fn new(base: Option<&'a Url>, faults: Faults) -> Self {
        Self {
            base,
            faults,
            is_feed: false,
            title: None,
            link: None,
            self_link: None,
            language: None,
            hubs: vec![],
            authors: vec![],
            entries: vec![],
        }
    }

    fn entry(&mut self, item: Item) {
        let mut entry = Chains::default();
        if let Some(id) = &item.id.0 {
            if is_web(id) {
                entry.link(link_rank::PERMALINK, id.clone());
            }
            entry.guid(0, id);
        }
        for name in [item.author]
            .into_iter()
            .chain(item.authors.0)
            .filter_map(|author| author.name.0)
        {
            entry.author(0, &name);
        }
        for tag in item.tags.0.into_iter().filter_map(|tag| tag.0) {
            entry.category(&tag);
        }
        self.links(
            &mut entry,
            [item.url, item.external_url],
            [item.image, item.banner_image],
        );
        self.attachments(&mut entry, item.attachments.0);
        self.texts(
            &mut entry,
            item.title,
            item.summary,
            item.content_html,
            item.content_text,
        );
        if let Some(date) = self.date(item.date_published) {
            entry.published(0, date);
        }
        if let Some(date) = self.date(item.date_modified) {
            entry.updated(0, date);
        }
        self.entries.push(entry.finish());
    }

    fn links(&self, entry: &mut Chains, links: [Scalar; 2], images: [Scalar; 2]) {
        for (rank, link) in (link_rank::ALTERNATE..).zip(links) {
            entry.link(rank, self.resolve(&link));
        }
        for (rank, image) in (0..).zip(images) {
            entry.image(rank, self.resolve(&image));
        }
    }

    fn attachments(&self, entry: &mut Chains, attachments: Vec<Attachment>) {
        for attachment in attachments {
            let url = self.resolve(&attachment.url);
            let kind = attachment.mime_type.0;
            if kind.map_or_else(|| has_image_name(&url), |kind| kind.starts_with("image/")) {
                entry.image(image_rank::ENCLOSURE, url.clone());
            }
            entry.link(link_rank::ENCLOSURE, url);
        }
    }

    fn texts(&mut self, entry: &mut Chains, title: Scalar, summary: Scalar, html: Scalar, text: Scalar) {
        if let Some(title) = title.0 {
            entry.title(0, Markup::Text(self.bounded(title)));
        }
        if let Some(summary) = summary.0 {
            entry.summary(0, Markup::Text(self.bounded(summary)));
        }
        if let Some(html) = html.0 {
            entry.summary(1, Markup::Html(self.bounded(html)));
        }
        if let Some(text) = text.0 {
            entry.summary(2, Markup::Text(self.bounded(text)));
        }
    }

    fn date(&mut self, text: Scalar) -> Option<Timestamp> {
        let text = text.0.filter(|text| !text.trim().is_empty())?;
        let date = date::parse(&text);
        if date.is_none() {
            self.faults.add(Fault::BadDate);
        }
        date
    }

    fn resolve(&self, link: &Scalar) -> String {
        resolve(link.0.as_deref().unwrap_or_default(), self.base)
    }

    fn bounded(&mut self, mut text: String) -> String {
        if text.len() > TEXT_BYTES_MAX {
            self.faults.add(Fault::TooLong);
            text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
        }
        text
    }

    fn finish(mut self, complete: bool) -> Feed {
        if !complete {
            self.faults.add(Fault::Cut);
        }
        // The feed's author wrote what names no other.
        let names: Vec<_> = self.authors.into_iter().filter_map(|author| author.name.0).collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
            entry.authors.clone_from(&names);
        }
        Feed {
            format: Format::Json,
            title: self.title.map(Markup::Text),
            link: self.link,
            self_link: self.self_link,
            hubs: self.hubs,
            language: self.language,
            pace: Asked::default().finish(),
            complete,
            entries: self.entries,
            faults: self.faults.sentences(),
        }
    }
}

impl<'de> Visitor<'de> for &mut Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON Feed")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => {
                    let version: Scalar = map.next_value()?;
                    self.is_feed |= version.0.is_some_and(|version| version.contains("jsonfeed.org"));
                }
                "title" => self.title = map.next_value::<Scalar>()?.0,
                "home_page_url" => self.link = map.next_value::<Scalar>()?.0.map(|url| resolve(&url, self.base)),
                "feed_url" => self.self_link = map.next_value::<Scalar>()?.0.map(|url| resolve(&url, self.base)),
                "language" => self.language = map.next_value::<Scalar>()?.0,
                "authors" => self.authors.extend(map.next_value::<Many<Author>>()?.0),
                "author" => self.authors.push(map.next_value()?),
                "hubs" => {
                    let hubs: Many<loose::Hub> = map.next_value()?;
                    self.hubs = hubs.0.into_iter().filter_map(|hub| hub.url.0).collect();
                }
                "items" => map.next_value_seed(Items(self))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The list of items, put into the feed as they come.
struct Items<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.is_feed = true;
        while let Some(item) = seq.next_element::<Item>()? {
            if self.0.entries.len() < ENTRIES_MAX {
                self.0.entry(item);
            } else {
                self.0.faults.add(Fault::TooManyEntries);
            }
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
