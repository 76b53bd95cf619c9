//! OPML 1 and 2: a list of feeds, as feed readers export it.
//!
//! Read as leniently as a feed, and within the same bounds: nothing that a document defines is expanded, nothing is
//! fetched, and no nesting is followed with the program's own stack. Addresses are as written: whoever takes them judges
//! them.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{NotAFeed, decode, faults::Faults, kind, names::Scopes, prescan, tag::Tag};

/// Deepest folders that are kept track of. Feed readers have one or two levels.
const DEPTH_MAX: usize = 32;

/// Most feeds that are taken from one list. feeds.toml holds a thousand, and nobody follows more.
const FEEDS_MAX: usize = 5_000;

/// A list of feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// In document order.
    pub outlines: Vec<Outline>,
    /// Feeds that are not among them, as there are too many.
    pub omitted: usize,
    /// The document ends before its root does, or cannot be read beyond some point.
    pub cut: bool,
}

/// One feed of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// As written; any scheme, or none.
    pub address: String,
    pub title: Option<String>,
    /// What its `category` names, and then the folders around it, the nearest first. Never empty words.
    pub topics: Vec<String>,
    /// `isComment` (OPML 2.0): it is in the list, but rests.
    pub resting: bool,
}

/// Reads any bytes as OPML.
///
/// # Errors
/// [`NotAFeed`] says what the document is instead.
pub fn read(bytes: &[u8]) -> Result<List, NotAFeed> {
    if let Some(kind) = kind::binary(bytes) {
        return Err(NotAFeed(kind.into()));
    }
    let mut faults = Faults::default();
    let text = decode::decode(bytes, None, &mut faults);
    let text = prescan::mend(&text, &mut faults);
    let mut walk = Walk::default();
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => walk.start(&start, false),
            Ok(Event::Empty(start)) => walk.start(&start, true),
            Ok(Event::End(end)) => walk.end(end.name().as_ref()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                walk.list.cut = true;
                break;
            }
        }
    }
    walk.finish(&text)
}

#[derive(Debug, Default)]
struct Walk {
    list: List,
    /// The open outlines: the folder's name, and whether it rests. Deeper ones than are kept are only counted.
    open: Vec<(Option<String>, bool)>,
    deeper: usize,
    root: Root,
}

/// How far the document is one of ours.
#[derive(Debug, Default)]
enum Root {
    #[default]
    Unseen,
    Stranger(String),
    Open,
    Closed,
}

impl Walk {
    fn start(&mut self, start: &BytesStart<'_>, empty: bool) {
        let (scopes, name) = (Scopes::default(), start.name());
        let tag = Tag::new(start, &scopes, name.as_ref());
        match (tag.local(), &self.root) {
            ("opml", Root::Unseen) => self.root = Root::Open,
            (_, Root::Unseen) => self.root = Root::Stranger(tag.stranger()),
            ("outline", Root::Open) => self.outline(&tag, empty),
            _ => {}
        }
    }

    fn outline(&mut self, tag: &Tag<'_>, empty: bool) {
        let resting = tag
            .attribute("isComment")
            .is_some_and(|is| is.eq_ignore_ascii_case("true"));
        let title = tag.attribute("title").or_else(|| tag.attribute("text"));
        match tag.attribute("xmlUrl") {
            Some(_) if self.list.outlines.len() >= FEEDS_MAX => self.list.omitted += 1,
            Some(address) => {
                let outline = Outline {
                    address,
                    title: title.clone(),
                    topics: self.topics(tag),
                    resting: resting || self.open.iter().any(|(_, resting)| *resting),
                };
                self.list.outlines.push(outline);
            }
            None => {}
        }
        match empty {
            true => {}
            false if self.open.len() < DEPTH_MAX => self.open.push((title, resting)),
            false => self.deeper += 1,
        }
    }

    /// Categories are separated by commas, and may be paths (OPML 2.0).
    fn topics(&self, tag: &Tag<'_>) -> Vec<String> {
        let category = tag.attribute("category").unwrap_or_default();
        let categories = category.split(',').map(|word| word.trim().trim_matches('/').to_owned());
        let folders = self.open.iter().rev().filter_map(|(folder, _)| folder.clone());
        categories.chain(folders).filter(|word| !word.is_empty()).collect()
    }

    fn end(&mut self, name: &str) {
        match name.rsplit(':').next().unwrap_or_default() {
            "outline" if self.deeper > 0 => self.deeper -= 1,
            "outline" => {
                self.open.pop();
            }
            "opml" => self.root = Root::Closed,
            _ => {}
        }
    }

    fn finish(self, text: &str) -> Result<List, NotAFeed> {
        match self.root {
            Root::Closed => Ok(self.list),
            Root::Open => Ok(List { cut: true, ..self.list }),
            Root::Stranger(root) if matches!(&*root, "rss" | "rdf" | "feed") => {
                Err(NotAFeed("this is a feed itself: try `oncofeed add`".into()))
            }
            Root::Stranger(root) => Err(NotAFeed(kind::describe(text, Some(&root)))),
            Root::Unseen => Err(NotAFeed(kind::describe(text, None))),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(body: &str) -> List {
        read(format!("<opml version='1.0'><head><title>T</title></head><body>{body}</body></opml>").as_bytes()).unwrap()
    }

    #[test]
    fn folders_and_categories_are_topics() {
        let list = of("<outline text='Cancer'><outline text='A' title='A &amp; B' XMLURL=' https://a.test/?x=1&amp;y=2 '/>
            <outline text='Deep'><outline xmlUrl='https://b.test/' category='/x/y, research,,'></outline></outline></outline>
            <outline text='C' type='rss' xmlUrl='feed://c.test/' isComment='true'/>
            <outline text='no feed' htmlUrl='https://d.test/'/>");
        let seen: Vec<_> = list
            .outlines
            .iter()
            .map(|outline| {
                (
                    &*outline.address,
                    outline.title.as_deref(),
                    outline.topics.join("|"),
                    outline.resting,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("https://a.test/?x=1&y=2", Some("A & B"), "Cancer".to_owned(), false),
                ("https://b.test/", None, "x/y|research|Deep|Cancer".to_owned(), false),
                ("feed://c.test/", Some("C"), String::new(), true),
            ]
        );
        assert!(!list.cut);
    }

    #[test]
    fn what_rests_rests_with_all_that_is_in_it() {
        let list =
            of("<outline text='F' isComment='true'><outline xmlUrl='https://a.test/'/></outline><outline xmlUrl='b'/>");
        assert_eq!(
            list.outlines.iter().map(|outline| outline.resting).collect::<Vec<_>>(),
            [true, false]
        );
    }

    #[test]
    fn other_documents_are_told_apart() {
        let wrong = |text: &str| read(text.as_bytes()).unwrap_err().0;
        assert_eq!(
            wrong("<!doctype html><html><title>x</title></html>"),
            "this is a web page (HTML)"
        );
        assert!(wrong("<rss><channel/></rss>").contains("this is a feed itself"));
        assert_eq!(wrong(""), "the document is empty");
        assert_eq!(wrong("%PDF-1.4"), "this is a PDF document");
        assert!(read(b"<opml><body><outline xmlUrl='https://a.test/'/>").unwrap().cut);
    }

    #[test]
    fn entities_are_not_expanded() {
        let text = "<?xml version='1.0'?><!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>
            <opml><body><outline text='&x;' xmlUrl='https://a.test/&x;'/></body></opml>";
        let list = read(text.as_bytes()).unwrap();
        assert_eq!(list.outlines[0].address, "https://a.test/&x;");
    }

    /// 8 MiB is the most that a source, or `import`, hands on.
    #[test]
    fn the_largest_lists_take_no_time() {
        let started = std::time::Instant::now();
        let many = "<outline xmlUrl='https://a.test/'/>".repeat(200_000);
        let list = of(&many);
        assert_eq!((list.outlines.len(), list.omitted), (FEEDS_MAX, 200_000 - FEEDS_MAX));
        let deep = "<outline text='x'>".repeat(400_000) + "<outline xmlUrl='https://a.test/'/>";
        assert_eq!(of(&deep).outlines[0].topics.len(), DEPTH_MAX);
        let wide = format!("<outline {} xmlUrl='https://a.test/'/>", "a='' ".repeat(1_000_000));
        of(&wide);
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(text in r"(?s)(<opml>|<outline |</outline>|xmlUrl='|<!\[CDATA\[|&|>|.){0,60}") {
            let _any = read(text.as_bytes());
        }
    }
}
