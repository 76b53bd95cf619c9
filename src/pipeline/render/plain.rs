//! The last gate for characters: what no output may hold is dropped here, whoever let it in.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::model::{
    channel::Channel,
    link::Link,
    publication::{AlsoReported, Edition, PublishedItem, PublishedSource},
    settings::Site,
};

/// The edition with clean text, names that are not empty, whole seconds, no source URL that would give away credentials,
/// and images only where the channel asks for them.
pub(super) fn edition(edition: &Edition) -> Edition {
    let images = edition.channel.images;
    Edition {
        channel: channel(&edition.channel),
        changed: whole(edition.changed),
        items: edition.items.iter().map(|shown| item(shown, images)).collect(),
        headlines: edition.headlines.clone(),
    }
}

pub(super) fn channel(channel: &Channel) -> Channel {
    Channel {
        title: line(&channel.title),
        ..channel.clone()
    }
}

pub(super) fn site(site: &Site) -> Site {
    Site {
        title: line(&site.title),
        language: line(&site.language),
        ..site.clone()
    }
}

/// Formats that count in seconds and such that do not must tell the same time.
pub(super) fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn item(item: &PublishedItem, images: bool) -> PublishedItem {
    PublishedItem {
        guid: item.guid,
        title: titled(&item.title, &item.link),
        excerpt: text(&item.excerpt).into_owned(),
        link: item.link.clone(),
        source: PublishedSource {
            name: titled(&item.source.name, &item.link),
            url: item.source.url.clone().filter(|url| Link::parse(url).is_some()),
        },
        date: whole(item.date),
        authors: lines(&item.authors),
        categories: lines(&item.categories),
        labels: lines(&item.labels),
        also: item.also.iter().map(also).collect(),
        image: item.image.clone().filter(|_| images),
    }
}

fn also(also: &AlsoReported) -> AlsoReported {
    AlsoReported {
        source: titled(&also.source, &also.link),
        title: titled(&also.title, &also.link),
        link: also.link.clone(),
    }
}

/// A title of which nothing is left would be a link that nobody can see: the host stands in.
fn titled(title: &str, link: &Link) -> String {
    match line(title) {
        title if title.is_empty() => link.host().to_owned(),
        title => title,
    }
}

fn lines(texts: &[String]) -> Vec<String> {
    texts
        .iter()
        .map(|text| line(text))
        .filter(|text| !text.is_empty())
        .collect()
}

/// Clean text on one line.
pub(super) fn line(dirty: &str) -> String {
    let clean = text(dirty);
    let mut line = String::with_capacity(clean.len());
    for word in clean.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Text without forbidden characters; line ends become `\n`, since XML and HTML readers make them so anyway.
fn text(dirty: &str) -> Cow<'_, str> {
    if !dirty.contains(|c| forbidden(c) || c == REPLACEMENT) {
        return Cow::Borrowed(dirty);
    }
    let ends = dirty.replace("\r\n", "\n").replace('\r', "\n");
    let readable = ends.chars().map(|c| if c == REPLACEMENT { '?' } else { c });
    Cow::Owned(readable.filter(|c| !forbidden(*c)).collect())
}

/// Stands for bytes that nobody could read. Validators take it for a sign of damage, and readers for garbage.
const REPLACEMENT: char = '\u{fffd}';

/// What XML 1.0 forbids (§2.2) or discourages and HTML calls an error (controls, noncharacters); and the characters
/// that turn the direction of the text around them (Unicode's `Bidi_Control`), which reach beyond the item they are in.
/// `\r` among them: what is left of it would not survive a reader.
pub(super) fn forbidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\t' | '\n');
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    control || noncharacter || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_output_may_hold_is_dropped() {
        for (dirty, clean) in [
            ("a\u{1}b\0c\u{b}d", "abcd"),
            ("a\u{7f}b\u{85}c", "abc"),
            ("a\u{fffe}b\u{ffff}c\u{1fffe}d\u{fdd0}e", "abcde"),
            ("a\u{202e}b\u{2067}c\u{200f}d", "abcd"),
            ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
            ("é 日本 🎗 e\u{301}", "é 日本 🎗 e\u{301}"),
            ("it\u{fffd}s", "it?s"),
        ] {
            assert_eq!(text(dirty), clean, "{dirty:?}");
        }
        assert_eq!(line(" a\n\u{1}\t b\u{2028}c "), "a b c");
    }

    #[test]
    fn a_title_of_which_nothing_is_left_names_the_host() {
        let link = Link::parse("https://a.test/1").unwrap();
        assert_eq!(titled("\u{202e}\u{1}", &link), "a.test");
        assert_eq!(titled("News", &link), "News");
    }
}
