//! Text that wants to be markup: it stays text in every field of every format.
//!
//! Outputs are read as subscribers read them (XML by quick-xml, HTML by html5ever, a browser's algorithm); none may
//! hold an element, attribute or address that we did not mean, and each text must read as it was meant.

use std::collections::BTreeSet;

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink as _};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use oncofeed::{
    model::publication::{Edition, PublishedItem},
    pipeline::render::check,
};
use quick_xml::{Reader, events::Event};
use serde_json::Value;

use super::{also, edition, item, output, outputs};

/// Every kind of trick that once worked on somebody: tags, handlers, schemes, broken nesting, foreign content, entities,
/// encodings, templates, ends of what surrounds the text.
const VECTORS: [&str; 78] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<img src=`x` onerror=`alert(1)`>",
    "<img srcset=\"x 1x, javascript:alert(1) 2x\">",
    "<image href=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=alert(1)>#x\">",
    "<svg><foreignObject><iframe srcdoc=\"<script>alert(1)</script>\">",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"></object>",
    "<embed src=\"javascript:alert(1)\">",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(2)>x",
    "<input autofocus onfocus=alert(1)>",
    "<isindex action=javascript:alert(1) type=submit>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src onloadstart=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=\"https://evil.example/x.css\">",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href='vbscript:msgbox(1)' ping='https://evil.example/'>x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=\"//evil.example\" referrerpolicy=unsafe-url>x</a>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</a></h2></article></main></body></html><script>alert(1)</script>",
    "</noscript><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<plaintext>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "]]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "<?php echo 1 ?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "<!ENTITY % p \"x\">%p;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;script&#x3e;alert(1)",
    "&lt;img src=x onerror=alert(1)&gt",
    "&quot; onmouseover=&quot;alert(1)",
    "{{constructor.constructor('alert(1)')()}}{% include 'x' %}${alert(1)}",
    "<x-element onclick=alert(1) is=evil>x</x-element>",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e} +ADw-script+AD4-",
    "<é onclick=alert(1)>\u{2028}</script>\u{2029}",
];

/// The vector in every text of an item, as far as a text can have it.
fn laced(vector: &str) -> PublishedItem {
    let mut laced = item(1, vector, vector);
    laced.source.name = vector.into();
    laced.authors = vec![vector.into()];
    laced.categories = vec![vector.into()];
    laced.also = vec![also(vector, vector)];
    laced
}

fn laced_edition(vector: &str) -> Edition {
    let mut edition = edition(vec![laced(vector), item(2, "Next", "Untouched")]);
    edition.channel.title = vector.into();
    edition
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

/// The elements of our RSS and Atom.
const OURS: [&str; 27] = [
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
];

/// The text of each element of an XML document by name, in order, and its attributes.
fn xml(document: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().enable_all_checks(true);
    let (mut open, mut found) = (vec![], vec![]);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) if !OURS.contains(&tag.name().0) => panic!("{tag:?}"),
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
    for vector in VECTORS {
        let found = xml(&output(&laced_edition(vector), "rss"));
        for name in ["title", "source", "dc:creator", "category"] {
            assert_eq!(texts(&found, name)[0], untagged(vector), "{name}");
            visible(texts(&found, name)[0]);
        }
        assert_eq!(visible(texts(&found, "description")[1]), vector);
        assert_eq!(texts(&found, "title").last(), Some(&"Next"), "{vector}");
    }
}

#[test]
fn atom_is_text() {
    for vector in VECTORS {
        let atom = output(&laced_edition(vector), "atom");
        let found = xml(&atom);
        for (name, at) in [("title", 1), ("summary", 0), ("name", 1)] {
            assert_eq!(line(texts(&found, name)[at]), untagged(vector), "{name}");
        }
        assert!(!atom.contains("type=\"html\"") && !atom.contains("type=\"xhtml\""));
    }
}

#[test]
fn json_is_the_same_text_and_safe_in_a_script() {
    for vector in VECTORS {
        let json = output(&laced_edition(vector), "json");
        assert!(!json.contains(['<', '\u{2028}', '\u{2029}']), "{vector}");
        let feed: Value = serde_json::from_str(&json).unwrap();
        let item = &feed["items"][0];
        assert_eq!(item["title"], *line(vector));
        assert_eq!(
            (&item["summary"], &item["content_text"]),
            (&vector.into(), &vector.into())
        );
        assert_eq!(item["authors"][0]["name"], *line(vector));
        assert_eq!(item["tags"][0], *line(vector));
        assert_eq!(item["_oncofeed"]["also_reported"][0]["source"], *line(vector));
    }
}

#[test]
fn html_has_the_shape_of_our_templates_alone() {
    for (suffix, heading) in [("html", "h2"), ("fragment.html", "h3")] {
        let harmless = seen(&output(&laced_edition("harmless"), suffix));
        for vector in VECTORS {
            let found = seen(&output(&laced_edition(vector), suffix));
            assert_eq!(found.shapes, harmless.shapes, "{vector}");
            assert_eq!(found.addresses, harmless.addresses, "{vector}");
            assert!(found.texts(heading).contains(&&*line(vector)), "{vector}: {found:?}");
            assert_eq!(found.texts("p.excerpt")[0], vector);
            assert_eq!(found.texts("p.source")[0], format!("{}, 6 July 2015", line(vector)));
            assert_eq!(found.texts("p.also")[0], format!("Also reported by {}", line(vector)));
        }
    }
}

#[test]
fn the_check_lets_all_of_them_pass() {
    for vector in VECTORS {
        let edition = laced_edition(vector);
        for (name, document) in outputs(&edition) {
            assert_eq!(check::document(&name, &document, &edition), Ok(()), "{vector}");
        }
    }
}
