//! RSS 2.0.

use std::collections::HashSet;

use roxmltree::{Document, Node};

use super::{
    ATOM, DC, MEDIA, Rule, attribute, bad_characters, children, count, elements, html, is_language, is_markup,
    is_rfc822, is_unmarked, is_web, text,
};

const RULES: [Rule; 17] = [
    ("rss 2.0 with one channel", root),
    ("elements of the channel", of_channel),
    ("elements of an item", of_item),
    ("known elements", known),
    ("link of the channel", channel_link),
    ("language", language),
    ("dates", dates),
    ("ttl", ttl),
    ("self", own_link),
    ("item says something", says_something),
    ("links", links),
    ("guid", guid),
    ("source", source),
    ("no element for what RSS has one for", no_second_semantics),
    ("nothing blank", not_blank),
    ("no HTML but in descriptions", no_html),
    ("characters", bad_characters),
];

pub(in crate::render) fn faults(text: &str) -> Vec<String> {
    super::faults(text, &RULES)
}

fn channel<'a>(document: &'a Document<'a>) -> Option<Node<'a, 'a>> {
    children(document.root_element(), "", "channel").next()
}

fn items<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    channel(document)
        .into_iter()
        .flat_map(|channel| children(channel, "", "item"))
}

/// Specification: "Subordinate to the <rss> element is a single <channel> element".
fn root(document: &Document<'_>) -> Vec<String> {
    let root = document.root_element();
    let mut faults = count(root, "", &[("channel", 1..=1)]);
    if (root.tag_name().name(), attribute(root, "version")) != ("rss", "2.0") {
        faults.push("the root is another".into());
    }
    faults
}

/// Specification: required elements; validator: no element of the channel twice.
fn of_channel(document: &Document<'_>) -> Vec<String> {
    let once = ["title", "link", "description"].map(|name| (name, 1..=1));
    let at_most = ["language", "lastBuildDate", "generator", "ttl", "pubDate", "image"].map(|name| (name, 0..=1));
    let wanted: Vec<_> = once.into_iter().chain(at_most).collect();
    channel(document)
        .map(|channel| count(channel, "", &wanted))
        .unwrap_or_default()
}

fn of_item(document: &Document<'_>) -> Vec<String> {
    let wanted = ["title", "link", "description", "guid", "pubDate", "source"].map(|name| (name, 0..=1));
    items(document).flat_map(|item| count(item, "", &wanted)).collect()
}

/// Validator: undefined elements, and extensions that nobody knows.
fn known(document: &Document<'_>) -> Vec<String> {
    let known = |node: &Node<'_, '_>| {
        let name = node.tag_name().name();
        match node.tag_name().namespace() {
            None => [
                "rss",
                "channel",
                "item",
                "title",
                "link",
                "description",
                "language",
                "lastBuildDate",
                "generator",
                "ttl",
                "guid",
                "pubDate",
                "source",
                "category",
            ]
            .contains(&name),
            Some(ATOM) => name == "link",
            Some(DC) => matches!(name, "creator" | "publisher"),
            Some(MEDIA) => name == "thumbnail",
            Some(_) => false,
        }
    };
    let strange = elements(document).filter(|node| !known(node));
    strange.map(|node| format!("{:?}", node.tag_name())).collect()
}

fn channel_link(document: &Document<'_>) -> Vec<String> {
    let links = channel(document)
        .into_iter()
        .flat_map(|channel| children(channel, "", "link"));
    links
        .filter(|link| !is_web(text(*link)))
        .map(|link| text(link).to_owned())
        .collect()
}

fn language(document: &Document<'_>) -> Vec<String> {
    let languages = elements(document).filter(|node| node.tag_name().name() == "language");
    languages
        .filter(|node| !is_language(text(*node)))
        .map(|node| text(node).to_owned())
        .collect()
}

/// Specification: RFC 822; profile: four digits for the year, and the right weekday.
fn dates(document: &Document<'_>) -> Vec<String> {
    let dates = elements(document).filter(|node| matches!(node.tag_name().name(), "pubDate" | "lastBuildDate"));
    dates
        .filter(|node| !is_rfc822(text(*node)))
        .map(|node| text(node).to_owned())
        .collect()
}

fn ttl(document: &Document<'_>) -> Vec<String> {
    let ttls = elements(document).filter(|node| node.tag_name().name() == "ttl");
    let whole = |node: &Node<'_, '_>| text(*node).parse::<u32>().is_ok_and(|minutes| minutes > 0);
    ttls.filter(|node| !whole(node))
        .map(|node| text(node).to_owned())
        .collect()
}

/// Profile: an atom:link with the feed's own address.
fn own_link(document: &Document<'_>) -> Vec<String> {
    let links = channel(document)
        .into_iter()
        .flat_map(|channel| children(channel, ATOM, "link"));
    let own: Vec<_> = links.filter(|link| attribute(*link, "rel") == "self").collect();
    match own[..] {
        [link] if is_web(attribute(link, "href")) && attribute(link, "type") == "application/rss+xml" => vec![],
        _ => vec![format!("{} of them, or not by an address and a type", own.len())],
    }
}

/// Specification: "at least one of title or description must be present".
fn says_something(document: &Document<'_>) -> Vec<String> {
    let silent = |item: &Node<'_, '_>| {
        let mut said = children(*item, "", "title").chain(children(*item, "", "description"));
        !said.any(|node| !text(node).trim().is_empty())
    };
    items(document)
        .filter(silent)
        .map(|_| "an item without title and description".into())
        .collect()
}

/// Absolute, and of the web; relations that are registered.
fn links(document: &Document<'_>) -> Vec<String> {
    let link = |node: Node<'_, '_>| match node.tag_name().namespace() {
        Some(ATOM) => {
            let known = ["self", "hub", "related"].contains(&attribute(node, "rel"));
            known && is_web(attribute(node, "href")) && !is_markup(attribute(node, "title"))
        }
        Some(MEDIA) => is_web(attribute(node, "url")),
        _ => is_web(text(node)),
    };
    let links = elements(document).filter(|node| matches!(node.tag_name().name(), "link" | "thumbnail"));
    links
        .filter(|node| !link(*node))
        .map(|node| format!("{node:?}"))
        .collect()
}

/// Specification: a string that identifies the item; validator: no two alike, and no permalink that is none.
fn guid(document: &Document<'_>) -> Vec<String> {
    let mut seen = HashSet::new();
    let guids = items(document).flat_map(|item| children(item, "", "guid"));
    let wrong = guids.filter(|guid| {
        let is_link = attribute(*guid, "isPermaLink") != "false";
        text(*guid).trim() != text(*guid)
            || text(*guid).is_empty()
            || (is_link && !is_web(text(*guid)))
            || !seen.insert(text(*guid))
    });
    wrong.map(|guid| text(guid).to_owned()).collect()
}

/// Specification: the url is required.
fn source(document: &Document<'_>) -> Vec<String> {
    let sources = items(document).flat_map(|item| children(item, "", "source"));
    let wrong = sources.filter(|source| !is_web(attribute(*source, "url")));
    wrong.map(|source| text(source).to_owned()).collect()
}

/// Validator: "duplicate item semantics", as of dc:date beside pubDate.
fn no_second_semantics(document: &Document<'_>) -> Vec<String> {
    let twice = |item: &Node<'_, '_>| {
        children(*item, "", "source").count() + children(*item, DC, "publisher").count() > 1
            || children(*item, DC, "date").count() + children(*item, DC, "title").count() > 0
    };
    items(document)
        .filter(twice)
        .map(|_| "an item says something twice".into())
        .collect()
}

fn not_blank(document: &Document<'_>) -> Vec<String> {
    let leaf = |node: &Node<'_, '_>| !node.children().any(|child| child.is_element()) && node.attributes().len() == 0;
    let blank = elements(document).filter(|node| leaf(node) && text(*node).trim().is_empty());
    blank.map(|node| node.tag_name().name().to_owned()).collect()
}

/// Profile: titles and names are text, with hexadecimal references; descriptions of items HTML, here text alone.
fn no_html(document: &Document<'_>) -> Vec<String> {
    let inside = items(document).flat_map(|item| children(item, "", "description"));
    let marked = inside.filter(|node| !html::faults_in_text(text(*node)).is_empty());
    let marked: Vec<_> = marked.map(|node| text(node).to_owned()).collect();
    let plain = |node: &Node<'_, '_>| match node.tag_name().name() {
        "title" | "category" | "creator" | "publisher" | "source" => true,
        "description" => node.parent_element() == channel(document),
        _ => false,
    };
    let unmarked = elements(document).filter(|node| plain(node) && is_unmarked(*node, document.input_text()));
    marked
        .into_iter()
        .chain(unmarked.map(|node| text(node).to_owned()))
        .collect()
}
