//! Text that wants to be markup: it stays text in every field of every format.
//!
//! Outputs are read as subscribers read them (XML by quick-xml, HTML by html5ever, a browser's algorithm); none may
//! hold an element, attribute or address that we did not mean, and each text must read as it was meant.

use std::collections::BTreeSet;

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink as _};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use oncofeed::{
    model::{
        channel::Channel,
        publication::{Document, Edition, Format, PublishedItem},
        settings::Site,
        source::{Source, SourceId},
    },
    pipeline::render::{self, check},
};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use serde_json::Value;

use super::{also, at, channel, edition, item, site, vectors};

/// The vector in every text of an item.
fn laced(vector: &str) -> PublishedItem {
    let mut laced = item(1, vector, vector);
    laced.source.name = vector.into();
    laced.authors = vec![vector.into()];
    laced.categories = vec![vector.into()];
    laced.labels = vec![vector.into()];
    laced.also = vec![also(vector, vector)];
    laced
}

fn laced_edition(vector: &str) -> Edition {
    let mut edition = edition(vec![laced(vector), item(2, "Next", "Untouched")]);
    edition.channel.title = vector.into();
    edition
}

fn laced_site(vector: &str) -> Site {
    Site {
        title: vector.into(),
        ..site()
    }
}

fn laced_output(vector: &str, format: Format) -> String {
    let name = render::name("latest-news", format);
    let mut outputs = render::channel(&laced_site(vector), &laced_edition(vector)).into_iter();
    let (_, document) = outputs.find(|(found, _)| *found == name).unwrap();
    String::from_utf8(document.bytes.to_vec()).unwrap()
}

/// Each vector, and what of it may be published.
fn each(check: impl Fn(&str, &str)) {
    for vector in vectors::all() {
        check(&vector, &vectors::public(&vector));
    }
}

/// One line, as titles are.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As feeds in XML tell it: no `<` that begins a tag.
fn untagged(text: &str) -> String {
    let mut untagged = line(text);
    for at in (0..untagged.len()).rev() {
        let next = untagged
            .get(at..)
            .filter(|rest| rest.starts_with('<'))
            .and_then(|rest| rest.chars().nth(1));
        if next.is_some_and(|next| next.is_alphabetic() || "/!?".contains(next)) {
            untagged.insert(at + 1, ' ');
        }
    }
    untagged
}

fn dom(html: &str) -> RcDom {
    parse_document(RcDom::default(), ParseOpts::default()).one(html)
}

/// Element names with their attributes' names; every address they hold; text of each element by name and class.
#[derive(Debug, Default)]
struct Seen {
    shapes: BTreeSet<String>,
    addresses: Vec<String>,
    texts: Vec<(String, String)>,
}

fn look(node: &Handle, seen: &mut Seen) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attrs = attrs.borrow();
        let names: Vec<_> = attrs.iter().map(|attr| attr.name.local.to_string()).collect();
        let class = attrs.iter().find(|attr| &*attr.name.local == "class");
        let class = class.map_or(String::new(), |attr| format!(".{}", attr.value));
        seen.shapes.insert(format!("{} {}", name.local, names.join(" ")));
        let address = attrs.iter().filter(|attr| &*attr.name.local == "href");
        seen.addresses.extend(address.map(|attr| attr.value.to_string()));
        seen.texts.push((format!("{}{class}", name.local), inner(node)));
    }
    assert!(!matches!(
        node.data,
        NodeData::Comment { .. } | NodeData::ProcessingInstruction { .. }
    ));
    node.children.borrow().iter().for_each(|child| look(child, seen));
}

fn inner(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => node.children.borrow().iter().map(inner).collect(),
    }
}

fn seen(html: &str) -> Seen {
    let mut seen = Seen::default();
    look(&dom(html).document, &mut seen);
    seen
}

impl Seen {
    fn texts(&self, name: &str) -> Vec<&str> {
        self.texts
            .iter()
            .filter(|(found, _)| found == name)
            .map(|(_, text)| &**text)
            .collect()
    }
}

/// What HTML makes of a text that may be HTML: its visible text, if it has nothing but that.
fn visible(html: &str) -> String {
    // An HTML reader puts it into a page.
    let seen = seen(&format!("<!doctype html><title>x</title><p>{html}"));
    let shapes: Vec<_> = seen.shapes.iter().map(|shape| shape.trim()).collect();
    assert_eq!(shapes, ["body", "head", "html", "p", "title"], "{html}");
    seen.texts("p").concat()
}

/// The elements of our RSS, Atom and OPML.
const OURS: [&str; 32] = [
    "rss",
    "channel",
    "item",
    "title",
    "link",
    "description",
    "language",
    "lastBuildDate",
    "generator",
    "atom:link",
    "guid",
    "pubDate",
    "source",
    "dc:creator",
    "dc:publisher",
    "category",
    "feed",
    "id",
    "subtitle",
    "updated",
    "published",
    "author",
    "name",
    "uri",
    "entry",
    "summary",
    "ttl",
    "opml",
    "head",
    "body",
    "outline",
    "dateModified",
];

/// Whether an element is one of ours, and each address in it one of the web.
fn is_ours(tag: &BytesStart<'_>) -> bool {
    let mut attributes = tag.attributes().map(Result::unwrap);
    let is_address = |name: &str| matches!(name, "href" | "url" | "xmlUrl");
    let sound = attributes.all(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap();
        !is_address(attribute.key.0) || value.starts_with("https://")
    });
    sound && OURS.contains(&tag.name().0)
}

/// The text of each element of an XML document by name, in order, and its attributes.
fn xml(document: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().enable_all_checks(true);
    let (mut open, mut found) = (vec![], vec![]);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) if !is_ours(&tag) => panic!("{tag:?}"),
            Event::Start(tag) => open.push((tag.name().0.to_string(), String::new())),
            Event::End(_) => found.extend(open.pop()),
            Event::Text(text) => open
                .last_mut()
                .into_iter()
                .for_each(|(_, all)| all.push_str(&text.xml10_content())),
            Event::GeneralRef(entity) => {
                let c = entity.resolve_char_ref().unwrap().unwrap_or_else(|| match &*entity {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    other => panic!("&{other};"),
                });
                open.last_mut().unwrap().1.push(c);
            }
            Event::Decl(_) | Event::Empty(_) => {}
            Event::Eof => return found,
            other => panic!("{other:?}"),
        }
    }
}

fn texts<'a>(found: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    found
        .iter()
        .filter(|(found, _)| found == name)
        .map(|(_, text)| &**text)
        .collect()
}

#[test]
fn rss_is_text_to_both_kinds_of_readers() {
    each(|vector, meant| {
        let found = xml(&laced_output(vector, Format::Rss));
        for name in ["title", "source", "dc:creator", "category"] {
            assert_eq!(texts(&found, name)[0], untagged(meant), "{name}");
            visible(texts(&found, name)[0]);
        }
        visible(texts(&found, "description")[0]);
        assert_eq!(visible(texts(&found, "description")[1]), meant);
        assert_eq!(texts(&found, "title").last(), Some(&"Next"), "{vector}");
    });
}

#[test]
fn atom_is_text() {
    each(|vector, meant| {
        let atom = laced_output(vector, Format::Atom);
        let found = xml(&atom);
        for (name, at) in [("title", 0), ("title", 1), ("summary", 0), ("name", 1)] {
            assert_eq!(line(texts(&found, name)[at]), untagged(meant), "{name}");
            visible(texts(&found, name)[at]);
        }
        visible(texts(&found, "subtitle")[0]);
        assert!(!atom.contains("type=\"html\"") && !atom.contains("type=\"xhtml\""));
    });
}

#[test]
fn json_is_the_same_text_and_safe_in_a_script() {
    each(|vector, meant| {
        let json = laced_output(vector, Format::Json);
        assert!(!json.contains(['<', '\u{2028}', '\u{2029}']), "{vector}");
        let feed: Value = serde_json::from_str(&json).unwrap();
        addresses(&feed);
        let item = &feed["items"][0];
        let line = line(meant);
        assert_eq!((&feed["title"], &item["title"]), (&(*line).into(), &(*line).into()));
        assert_eq!(
            (&item["summary"], &item["content_text"]),
            (&meant.into(), &meant.into())
        );
        assert_eq!(item["authors"][0]["name"], *line);
        assert_eq!(item["tags"][0], *line);
        assert_eq!(item["_oncofeed"]["source"]["name"], *line);
        assert_eq!(item["_oncofeed"]["labels"][0], *line);
        assert_eq!(item["_oncofeed"]["also_reported"][0]["source"], *line);
        assert_eq!(item["_oncofeed"]["also_reported"][0]["title"], *line);
    });
}

#[test]
fn the_script_is_our_program_and_text() {
    let harmless = laced_output("harmless", Format::Script);
    let (before, after) = harmless.split_once("{\"title\"").unwrap();
    let (_, after) = after
        .rsplit_once(';')
        .map(|_| after.split_once(";\n").unwrap())
        .unwrap();
    each(|vector, meant| {
        let script = laced_output(vector, Format::Script);
        let literal = script.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        let literal = literal.and_then(|rest| rest.strip_suffix(";\n")).expect(vector);
        let news: Value = serde_json::from_str(literal).unwrap();
        assert_eq!(news["items"][0]["title"], *line(meant));
        assert_eq!(news["items"][0]["excerpt"], *meant);
        addresses(&news);
        // Somebody may put it into a page.
        let page = seen(&format!("<!doctype html><title>x</title><script>{script}</script>"));
        let shapes: Vec<_> = page.shapes.iter().map(|shape| shape.trim()).collect();
        assert_eq!(shapes, ["body", "head", "html", "script", "title"], "{vector}");
    });
}

/// Every address in it is one of the web.
fn addresses(value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| match member.as_str() {
            Some(address) if name.ends_with("url") || name == "page" || name == "image" => web(address),
            _ => addresses(member),
        }),
        Value::Array(members) => members.iter().for_each(addresses),
        _ => {}
    }
}

fn web(address: &str) {
    assert!(address.starts_with("https://"), "{address}");
}

#[test]
fn html_has_the_shape_of_our_templates_alone() {
    for (format, heading) in [(Format::Page, "h2"), (Format::Fragment, "h3")] {
        let harmless = seen(&laced_output("harmless", format));
        each(|vector, meant| {
            let found = seen(&laced_output(vector, format));
            assert_eq!(found.shapes, harmless.shapes, "{vector}");
            assert_eq!(found.addresses, harmless.addresses, "{vector}");
            assert!(found.texts(heading).contains(&&*line(meant)), "{vector}: {found:?}");
            assert_eq!(found.texts("p.excerpt")[0], meant);
            assert_eq!(found.texts("p.labels")[0], line(meant));
            assert_eq!(found.texts("p.source")[0], format!("{}, 6 July 2015", line(meant)));
            assert_eq!(found.texts("p.also")[0], format!("Also reported by {}", line(meant)));
        });
    }
}

#[test]
fn what_belongs_to_no_channel_is_text_too() {
    let now = at("2015-07-06T10:00:00Z");
    let titled = |title: &str| Channel {
        title: title.into(),
        ..channel()
    };
    let text = |(_, document): (String, Document)| String::from_utf8(document.bytes.to_vec()).unwrap();
    let index = |vector: &str| text(render::index(&laced_site(vector), &[titled(vector)], now));
    let harmless = seen(&index("harmless"));
    each(|vector, meant| {
        let found = seen(&index(vector));
        assert_eq!(found.shapes, harmless.shapes, "{vector}");
        assert_eq!(found.addresses, harmless.addresses, "{vector}");
        let url = "https://a.example/feed".parse().unwrap();
        let source = Source::new(SourceId::parse("a").unwrap(), vector.into(), url, vec![vector.into()]);
        let opml = text(render::opml(&laced_site(vector), &[source], now));
        let found = xml(&opml);
        assert_eq!(texts(&found, "title"), [format!("{}: sources", line(meant))]);
    });
}

#[test]
fn the_check_lets_all_of_them_pass() {
    each(|vector, _| {
        let edition = laced_edition(vector);
        for (name, document) in render::channel(&laced_site(vector), &edition) {
            assert_eq!(check::document(&name, &document, &edition), Ok(()), "{vector}");
        }
    });
}
