//! RSS, Atom and OPML, read by quick-xml with every check it has, into a small tree.

use jiff::Timestamp;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{each, html, same, web};
use crate::{
    model::publication::{Edition, PublishedItem},
    pipeline::render::{atom, xml::untagged},
};

/// Our documents nest 5 deep.
const DEPTH_MAX: usize = 8;

/// Elements whose text is an address.
const ADDRESSES: [&str; 2] = ["link", "uri"];

#[derive(Debug, Default)]
struct Node {
    /// With its prefix, as we write it.
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Node>,
}

pub(super) fn rss(text: &str, edition: &Edition) -> Result<(), String> {
    let root = read(text)?;
    let channel = root.child("channel")?;
    same("the title", channel.text("title")?, &*untagged(&edition.channel.title))?;
    same(
        "lastBuildDate",
        rfc822(channel.text("lastBuildDate")?)?,
        edition.changed,
    )?;
    channel.inert()?;
    each(&channel.all("item"), edition.items.iter(), |found, meant| {
        rss_item(found, meant)
    })
}

fn rss_item(found: &Node, meant: &PublishedItem) -> Result<(), String> {
    same("the title", found.text("title")?, &*untagged(&meant.title))?;
    same("the link", found.text("link")?, meant.link.as_str())?;
    same("the guid", found.text("guid")?, &*meant.guid.0.urn().to_string())?;
    same("the date", rfc822(found.text("pubDate")?)?, meant.date)?;
    same(
        "the excerpt",
        &*html::text(found.text_or_none("description"))?,
        &*meant.excerpt,
    )?;
    let source = if meant.source.url.is_some() {
        "source"
    } else {
        "dc:publisher"
    };
    same("the source", found.text(source)?, &*untagged(&meant.source.name))?;
    same("the related links", found.related("atom:link"), related(meant))
}

pub(super) fn atom(text: &str, edition: &Edition) -> Result<(), String> {
    let root = read(text)?;
    same("the title", root.text("title")?, &*untagged(&edition.channel.title))?;
    same("updated", rfc3339(root.text("updated")?)?, edition.changed)?;
    each(&root.all("entry"), edition.items.iter(), |found, meant| {
        atom_entry(found, meant)
    })
}

fn atom_entry(found: &Node, meant: &PublishedItem) -> Result<(), String> {
    for node in found.children.iter().chain(&found.child("source")?.children) {
        if matches!(&*node.name, "title" | "summary") {
            same("the type of a text", node.attribute("type"), Some("text"))?;
        }
    }
    same("the title", found.text("title")?, &*untagged(&meant.title))?;
    let links = found.all("link");
    let alternate = links.iter().find(|link| link.attribute("rel") == Some("alternate"));
    same(
        "the link",
        alternate.and_then(|link| link.attribute("href")),
        Some(meant.link.as_str()),
    )?;
    same("the id", found.text("id")?, &*meant.guid.0.urn().to_string())?;
    same("the date", rfc3339(found.text("published")?)?, meant.date)?;
    same("the excerpt", found.text("summary")?, &*untagged(atom::summary(meant)))?;
    same(
        "the source",
        found.child("source")?.text("title")?,
        &*untagged(&meant.source.name),
    )?;
    let credits: Result<Vec<_>, _> = found.all("author").iter().map(|author| author.text("name")).collect();
    let meant_credits: Vec<_> = meant.credits().into_iter().map(untagged).collect();
    same(
        "the authors",
        credits?,
        meant_credits.iter().map(String::as_str).collect(),
    )?;
    same("the related links", found.related("link"), related(meant))
}

pub(super) fn opml(text: &str) -> Result<(), String> {
    let root = read(text)?;
    same("the root", &*root.name, "opml")?;
    match root
        .child("body")?
        .children
        .iter()
        .find(|node| node.attribute("xmlUrl").is_none())
    {
        Some(node) => Err(format!("<{}> has no address", node.name)),
        None => Ok(()),
    }
}

fn related(item: &PublishedItem) -> Vec<&str> {
    item.also.iter().map(|also| also.link.as_str()).collect()
}

fn rfc822(text: &str) -> Result<Timestamp, String> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .map_err(|error| error.to_string())
}

fn rfc3339(text: &str) -> Result<Timestamp, String> {
    text.parse::<Timestamp>().map_err(|error| error.to_string())
}

impl Node {
    fn all(&self, name: &str) -> Vec<&Node> {
        self.children.iter().filter(|node| node.name == name).collect()
    }

    /// The one child of that name.
    fn child(&self, name: &str) -> Result<&Node, String> {
        match *self.all(name) {
            [node] => Ok(node),
            ref nodes => Err(format!("<{}> has {} <{name}>", self.name, nodes.len())),
        }
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        Ok(&self.child(name)?.text)
    }

    fn text_or_none(&self, name: &str) -> &str {
        self.child(name).map_or("", |node| &node.text)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    fn related(&self, name: &str) -> Vec<&str> {
        let links = self.children.iter().filter(|node| node.name == name);
        let related = links.filter(|link| link.attribute("rel") == Some("related"));
        related.filter_map(|link| link.attribute("href")).collect()
    }

    /// Whether an HTML reader finds text only, wherever it looks.
    fn inert(&self) -> Result<(), String> {
        html::text(&self.text)?;
        self.children.iter().try_for_each(Node::inert)
    }
}

fn read(text: &str) -> Result<Node, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Decl(_) => {}
            Event::Start(tag) => open.push(node(&tag)?),
            Event::Empty(tag) => end(&mut open, node(&tag)?)?,
            Event::End(_) => {
                let node = open.pop().ok_or("an end too many")?;
                end(&mut open, node)?;
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => add(&mut open, &character(&reference)?),
            Event::Eof => break,
            other => return Err(format!("{other:?} has no place here")),
        }
        if open.len() > DEPTH_MAX {
            return Err("too deep".into());
        }
    }
    match (open.pop(), open.pop()) {
        (Some(mut document), None) if document.children.len() == 1 => Ok(document.children.remove(0)),
        _ => Err("not one whole element".into()),
    }
}

fn node(tag: &BytesStart<'_>) -> Result<Node, String> {
    let mut node = Node {
        name: tag.name().0.to_string(),
        ..Node::default()
    };
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        let name = attribute.key.0.to_string();
        if matches!(&*name, "href" | "url" | "xmlUrl") {
            web(&value)?;
        }
        node.attributes.push((name, value.into_owned()));
    }
    Ok(node)
}

/// Hands a finished element to its parent. Text between elements is indentation.
fn end(open: &mut [Node], mut node: Node) -> Result<(), String> {
    if !node.children.is_empty() {
        same("the text between elements", node.text.trim(), "")?;
        node.text.clear();
    }
    if ADDRESSES.contains(&&*node.name) && node.attributes.is_empty() {
        web(&node.text)?;
    }
    open.last_mut().ok_or("an end too many")?.children.push(node);
    Ok(())
}

fn add(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<String, String> {
    let resolved = reference.resolve_char_ref().map_err(|error| error.to_string())?;
    let character = resolved.or(match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        _ => None,
    });
    character
        .map(String::from)
        .ok_or_else(|| format!("&{}; is unknown", &**reference))
}
