//! Where a site's feeds are: what its page names, what it links to, and where feeds usually are.
//!
//! Token by token, without a tree: linear in the length of the page, whatever is on it.

use std::{collections::HashSet, convert::Infallible};

use html5gum::{
    Span, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};
use url::Url;

use crate::model::link::{LINK_BYTES_MAX, Link};

/// Most addresses that are noted of one kind. Pages that name more are directories of feeds, or an attack.
const LEADS_MAX: usize = 50;

/// Media types of feeds.
const TYPES: [&str; 4] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
];

/// Names that feeds bear at the end of their path.
const NAMES: [&str; 13] = [
    "feed",
    "feeds",
    "rss",
    "rss2",
    "atom",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "news.xml",
    "index.rdf",
    "feed.json",
    "rss.aspx",
];

/// Where feeds are on most sites, the most frequent first.
const USUAL: [&str; 8] = [
    "feed/",
    "rss",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    "rss/",
];

/// Where a feed may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub url: Url,
    /// It carries what readers write below articles.
    pub comments: bool,
}

/// What a page says of feeds, each kind in document order, each address once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leads {
    /// Said to be its feeds: `<link rel="alternate">` with a feed's type, and `rel="feed"`.
    pub named: Vec<Lead>,
    /// Links that look as if they led to one.
    pub linked: Vec<Lead>,
}

/// Reads a page that came from `page`.
pub fn leads(html: &str, page: &Url) -> Leads {
    let mut reader = Reader::default();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| reader.take(event));
    // What stands in a script is no markup.
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    reader.finish(page)
}

/// Where to ask on a site that names no feed: below the page, then below its root.
pub fn usual_places(page: &Url) -> Vec<Url> {
    let mut folder = page.clone();
    folder.set_query(None);
    folder.set_fragment(None);
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", page.path()));
    }
    let below = (folder.path() != "/").then(|| folder.join("feed/").ok()).flatten();
    let root = USUAL.iter().filter_map(|place| page.join(&format!("/{place}")).ok());
    below.into_iter().chain(root).collect()
}

#[derive(Debug, Default)]
struct Reader {
    element: Element,
    rel: String,
    kind: String,
    href: Option<String>,
    title: String,
    attribute: Attribute,
    /// The first `<base href>` is everybody's.
    base: Option<String>,
    named: Vec<Found>,
    linked: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    href: String,
    title: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Element {
    Base,
    Link,
    Anchor,
    #[default]
    Other,
}

#[derive(Debug, Default, Clone, Copy)]
enum Attribute {
    Rel,
    Type,
    Href,
    Title,
    #[default]
    Other,
}

impl Reader {
    fn take(&mut self, event: CallbackEvent<'_>) -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => self.open(name),
            CallbackEvent::AttributeName { name } => {
                self.attribute = match name {
                    b"rel" => Attribute::Rel,
                    b"type" => Attribute::Type,
                    b"href" => Attribute::Href,
                    b"title" => Attribute::Title,
                    _ => Attribute::Other,
                };
            }
            CallbackEvent::AttributeValue { value } if self.element != Element::Other => self.value(value),
            CallbackEvent::CloseStartTag { .. } => self.close(),
            _ => {}
        }
        None
    }

    fn open(&mut self, name: &[u8]) {
        self.element = match name {
            b"base" => Element::Base,
            b"link" => Element::Link,
            b"a" | b"area" => Element::Anchor,
            _ => Element::Other,
        };
        self.rel.clear();
        self.kind.clear();
        self.title.clear();
        self.href = None;
    }

    fn value(&mut self, value: &[u8]) {
        if value.len() > LINK_BYTES_MAX {
            return;
        }
        let value = String::from_utf8_lossy(value);
        match self.attribute {
            Attribute::Rel => self.rel = value.to_ascii_lowercase(),
            Attribute::Type => self.kind = value.to_ascii_lowercase(),
            Attribute::Href => self.href = Some(value.trim().to_owned()),
            Attribute::Title => self.title = value.to_lowercase(),
            Attribute::Other => {}
        }
    }

    fn close(&mut self) {
        let element = std::mem::take(&mut self.element);
        let Some(href) = self.href.take().filter(|href| !href.is_empty()) else {
            return;
        };
        let named = self.names_a_feed();
        let title = std::mem::take(&mut self.title);
        match element {
            Element::Base => {
                self.base.get_or_insert(href);
            }
            Element::Link | Element::Anchor if named => note(&mut self.named, href, title),
            Element::Anchor if looks_like_a_feed(&href) => note(&mut self.linked, href, title),
            _ => {}
        }
    }

    fn names_a_feed(&self) -> bool {
        let is = |relation: &str| self.rel.split_ascii_whitespace().any(|word| word == relation);
        let kind = self.kind.split(';').next().unwrap_or_default().trim();
        is("feed") || is("alternate") && TYPES.contains(&kind)
    }

    fn finish(self, page: &Url) -> Leads {
        let base = self.base.and_then(|base| page.join(&base).ok());
        let base = base.as_ref().unwrap_or(page);
        let mut seen = HashSet::new();
        let mut resolve = |found: Vec<Found>| -> Vec<Lead> {
            let leads = found.into_iter().filter_map(|found| lead(&found, base));
            leads.filter(|lead| seen.insert(lead.url.clone())).collect()
        };
        Leads {
            named: resolve(self.named),
            linked: resolve(self.linked),
        }
    }
}

fn note(noted: &mut Vec<Found>, href: String, title: String) {
    if noted.len() < LEADS_MAX {
        noted.push(Found { href, title });
    }
}

/// `None` for what is no address of the web.
fn lead(found: &Found, base: &Url) -> Option<Lead> {
    let href = found.href.strip_prefix("feed:").unwrap_or(&found.href);
    let mut url = base.join(href).ok()?;
    url.set_fragment(None);
    let url = Link::new(url)?.url().clone();
    let comments = found.title.contains("comment") || url.path().to_lowercase().contains("comment");
    Some(Lead { url, comments })
}

/// Whether an address ends as those of feeds do.
fn looks_like_a_feed(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    let document = lower.split('#').next().unwrap_or_default();
    let (path, query) = document.split_once('?').unwrap_or((document, ""));
    let path = path
        .split_once("://")
        .map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let asks = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        matches!(key, "feed" | "format" | "type" | "output") && matches!(value, "rss" | "rss2" | "atom" | "feed")
            || key == "rss" && matches!(value, "1" | "yes" | "true" | "")
    };
    NAMES.contains(&name)
        || [".rss", ".atom", ".rdf"].iter().any(|end| name.ends_with(end))
        || name.ends_with(".xml") && (name.contains("rss") || name.contains("feed"))
        || query.split('&').any(asks)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(html: &str) -> (Vec<String>, Vec<String>) {
        let Leads { named, linked } = leads(html, &Url::parse("https://a.test/news/today").unwrap());
        let texts = |leads: Vec<Lead>| {
            let text = |lead: Lead| format!("{}{}", lead.url, if lead.comments { " (comments)" } else { "" });
            leads.into_iter().map(text).collect()
        };
        (texts(named), texts(linked))
    }

    #[test]
    fn what_a_page_names_is_found_in_its_order() {
        let (named, linked) = found(
            "<head><LINK REL='Alternate' TYPE='application/rss+xml; charset=utf-8' HREF='/feed/'>
             <link rel=\"alternate home\" type=application/atom+xml href=atom.xml title='Comments on A'>
             <link rel=alternate type=application/feed+json href='//b.test/feed.json'/>
             <link rel=feed href='feed:https://c.test/x'>
             <link rel=alternate type=application/rss+xml href='https://a.test/feed/#again'>
             <link rel=stylesheet type=application/rss+xml href=/no><link rel=alternate hreflang=de href=/de>
             <link rel=alternate type='application/json+oembed' href='/oembed'>
             <link rel=alternate type=application/rss+xml href='javascript:alert(1)'>
             <script>'<link rel=alternate type=application/rss+xml href=/script>'</script>
             <!-- <link rel=alternate type=application/rss+xml href=/comment> -->",
        );
        let expect = [
            "https://a.test/feed/",
            "https://a.test/news/atom.xml (comments)",
            "https://b.test/feed.json",
            "https://c.test/x",
        ];
        assert_eq!((named, linked), (expect.map(str::to_owned).to_vec(), vec![]));
    }

    #[test]
    fn links_that_look_like_feeds_are_a_second_choice() {
        let (named, linked) = found(
            "<a href='/rss.xml'>RSS</a><a href='/about'>About</a><a href=\"/?feed=rss2&amp;x=1\">Feed</a>
             <a href='https://b.test/topic/cancer.rss'>x</a><a href='/comments/feed'>y</a>
             <a href='https://feedly.test/i/subscription'>z</a><a href='https://rss/'>host</a><a href='/feedback'>w</a>",
        );
        let expect = [
            "https://a.test/rss.xml",
            "https://a.test/?feed=rss2&x=1",
            "https://b.test/topic/cancer.rss",
            "https://a.test/comments/feed (comments)",
        ];
        assert_eq!((named, linked), (vec![], expect.map(str::to_owned).to_vec()));
    }

    #[test]
    fn the_base_counts_wherever_it_stands() {
        let page = "<link rel=feed href=x><base href='/sub/'><base href='/other/'><link rel=feed href=y>";
        assert_eq!(found(page).0, ["https://a.test/sub/x", "https://a.test/sub/y"]);
    }

    #[test]
    fn usual_places_are_below_the_page_and_the_root() {
        let places = |page: &str| usual_places(&Url::parse(page).unwrap());
        assert_eq!(places("https://a.test/?x#y").len(), USUAL.len());
        assert_eq!(places("https://a.test/")[0].as_str(), "https://a.test/feed/");
        let below: Vec<_> = places("https://a.test/news?x").into_iter().map(String::from).collect();
        assert_eq!(below[..2], ["https://a.test/news/feed/", "https://a.test/feed/"]);
    }

    #[test]
    fn the_largest_pages_take_no_time() {
        let started = std::time::Instant::now();
        for piece in [
            "<div>",
            "<a href=/rss>",
            "<link rel=feed href=/x",
            "<a ",
            "a='' ",
            "<!--",
            "&",
            "<script>",
        ] {
            let page = piece.repeat(1024 * 1024 / piece.len());
            assert!(leads(&page, &Url::parse("https://a.test/").unwrap()).linked.len() <= LEADS_MAX);
        }
        let attributes = format!("<a {}href=/rss>", "a='' ".repeat(200_000));
        leads(&attributes, &Url::parse("https://a.test/").unwrap());
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn any_page_is_read(html in r"(?s)(<link |<a |<base |rel=feed |href=|'|>|/|.){0,80}") {
            for lead in leads(&html, &Url::parse("https://a.test/").unwrap()).named {
                prop_assert!(matches!(lead.url.scheme(), "http" | "https"));
            }
        }
    }
}
