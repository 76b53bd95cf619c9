//! Atom (RFC 4287).

use std::collections::HashSet;

use roxmltree::{Document, Node};

use super::{
    ATOM, MEDIA, Rule, attribute, bad_characters, children, count, elements, is_language, is_markup, is_rfc3339,
    is_unmarked, is_urn, is_web, text,
};

const RULES: [Rule; 15] = [
    ("feed", root),
    ("elements of the feed", of_feed),
    ("elements of an entry", of_entry),
    ("elements of a source", of_source),
    ("known elements", known),
    ("language", language),
    ("ids", ids),
    ("dates", dates),
    ("self", own_link),
    ("links", links),
    ("persons", persons),
    ("an entry says something", says_something),
    ("categories", categories),
    ("text is text", texts),
    ("characters", bad_characters),
];

pub(in crate::render) fn faults(text: &str) -> Vec<String> {
    super::faults(text, &RULES)
}

fn entries<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    children(document.root_element(), ATOM, "entry")
}

fn named<'a>(document: &'a Document<'a>, names: &'a [&str]) -> impl Iterator<Item = Node<'a, 'a>> {
    elements(document).filter(move |node| names.contains(&node.tag_name().name()))
}

fn root(document: &Document<'_>) -> Vec<String> {
    let tag = document.root_element().tag_name();
    match (tag.namespace(), tag.name()) {
        (Some(ATOM), "feed") => vec![],
        _ => vec!["the root is another".into()],
    }
}

/// §4.1.1.
fn of_feed(document: &Document<'_>) -> Vec<String> {
    let wanted = [
        ("id", 1..=1),
        ("title", 1..=1),
        ("updated", 1..=1),
        ("subtitle", 0..=1),
        ("generator", 0..=1),
        ("rights", 0..=1),
    ];
    count(document.root_element(), ATOM, &wanted)
}

/// §4.1.2.
fn of_entry(document: &Document<'_>) -> Vec<String> {
    let wanted = [
        ("id", 1..=1),
        ("title", 1..=1),
        ("updated", 1..=1),
        ("published", 0..=1),
        ("summary", 0..=1),
        ("source", 0..=1),
    ];
    let mut faults: Vec<_> = entries(document)
        .flat_map(|entry| count(entry, ATOM, &wanted))
        .collect();
    // §4.1.2: without content, an alternate link; no two of one type and language.
    let alternates = |entry: &Node<'_, '_>| {
        let links = children(*entry, ATOM, "link");
        links.filter(|link| attribute(*link, "rel") == "alternate").count()
    };
    faults.extend(
        entries(document)
            .filter(|entry| alternates(entry) != 1)
            .map(|_| "alternate links".to_owned()),
    );
    faults
}

/// §4.2.11; validator: a source has an id, a title and a time.
fn of_source(document: &Document<'_>) -> Vec<String> {
    let wanted = ["id", "title", "updated"].map(|name| (name, 1..=1));
    let sources = entries(document).flat_map(|entry| children(entry, ATOM, "source"));
    sources.flat_map(|source| count(source, ATOM, &wanted)).collect()
}

fn known(document: &Document<'_>) -> Vec<String> {
    let known = |node: &Node<'_, '_>| {
        let name = node.tag_name().name();
        match node.tag_name().namespace() {
            Some(ATOM) => [
                "feed",
                "entry",
                "id",
                "title",
                "subtitle",
                "updated",
                "published",
                "link",
                "author",
                "name",
                "uri",
                "generator",
                "summary",
                "category",
                "source",
            ]
            .contains(&name),
            Some(MEDIA) => name == "thumbnail" && is_web(attribute(*node, "url")),
            _ => false,
        }
    };
    let strange = elements(document).filter(|node| !known(node));
    strange.map(|node| format!("{:?}", node.tag_name())).collect()
}

fn language(document: &Document<'_>) -> Vec<String> {
    let tag = document
        .root_element()
        .attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
    tag.filter(|tag| is_language(tag))
        .map_or(vec!["no language".into()], |_| vec![])
}

/// §4.2.6: permanent and unique; validator: no two entries with one.
fn ids(document: &Document<'_>) -> Vec<String> {
    let mut seen = HashSet::new();
    let own = children(document.root_element(), ATOM, "id")
        .chain(entries(document).flat_map(|entry| children(entry, ATOM, "id")));
    let wrong = own.filter(|id| !is_urn(text(*id)) || !seen.insert(text(*id)));
    let wrong: Vec<_> = wrong.map(|id| text(id).to_owned()).collect();
    let sources = named(document, &["source"]).flat_map(|source| children(source, ATOM, "id"));
    let strange = sources.filter(|id| !is_urn(text(*id)) && !is_web(text(*id)));
    wrong.into_iter().chain(strange.map(|id| text(id).to_owned())).collect()
}

/// §3.3.
fn dates(document: &Document<'_>) -> Vec<String> {
    let dates = named(document, &["updated", "published"]);
    dates
        .filter(|node| !is_rfc3339(text(*node)))
        .map(|node| text(node).to_owned())
        .collect()
}

/// §4.1.1: "feed elements SHOULD contain one atom:link element with a rel attribute value of self".
fn own_link(document: &Document<'_>) -> Vec<String> {
    let links = children(document.root_element(), ATOM, "link");
    let own: Vec<_> = links.filter(|link| attribute(*link, "rel") == "self").collect();
    match own[..] {
        [link] if attribute(link, "type") == "application/atom+xml" => vec![],
        _ => vec![format!("{} of them, or without the type", own.len())],
    }
}

/// §4.2.7.
fn links(document: &Document<'_>) -> Vec<String> {
    let sound = |node: &Node<'_, '_>| {
        let known = ["self", "alternate", "hub", "related"].contains(&attribute(*node, "rel"));
        known && is_web(attribute(*node, "href")) && !is_markup(attribute(*node, "title"))
    };
    let wrong = named(document, &["link"]).filter(|node| !sound(node));
    wrong.map(|node| format!("{node:?}")).collect()
}

/// §3.2 and §4.1.2: each entry, or the feed, has an author with a name.
fn persons(document: &Document<'_>) -> Vec<String> {
    let nameless = |author: &Node<'_, '_>| {
        let names: Vec<_> = children(*author, ATOM, "name").collect();
        let addresses = children(*author, ATOM, "uri");
        names.len() != 1 || text(names[0]).trim().is_empty() || addresses.into_iter().any(|uri| !is_web(text(uri)))
    };
    let mut faults: Vec<_> = named(document, &["author"])
        .filter(nameless)
        .map(|_| "an author without a name".to_owned())
        .collect();
    let orphans = entries(document).filter(|entry| children(*entry, ATOM, "author").count() == 0);
    faults.extend(orphans.map(|_| "an entry that would be ours".to_owned()));
    faults
}

/// §4.1.1.1: "entries [should] contain a non-empty summary or content"; validator: missing textual content, not blank.
fn says_something(document: &Document<'_>) -> Vec<String> {
    let silent = |entry: &Node<'_, '_>| {
        let mut said = children(*entry, ATOM, "summary").chain(children(*entry, ATOM, "content"));
        !said.any(|node| !text(node).trim().is_empty())
    };
    let mut faults: Vec<_> = entries(document)
        .filter(silent)
        .map(|_| "an entry without text".to_owned())
        .collect();
    let blank = named(document, &["title", "generator", "subtitle"]).filter(|node| text(*node).trim().is_empty());
    faults.extend(blank.map(|node| format!("a blank <{}>", node.tag_name().name())));
    faults
}

/// §4.2.2.
fn categories(document: &Document<'_>) -> Vec<String> {
    let sound = |node: &Node<'_, '_>| {
        let scheme = node.attribute("scheme");
        !attribute(*node, "term").trim().is_empty() && scheme.is_none_or(|scheme| is_urn(scheme) || is_web(scheme))
    };
    let wrong = named(document, &["category"]).filter(|node| !sound(node));
    wrong.map(|node| format!("{node:?}")).collect()
}

/// §3.1: of type text, in which nobody finds markup.
fn texts(document: &Document<'_>) -> Vec<String> {
    let constructs = named(document, &["title", "subtitle", "summary"]);
    let mut faults: Vec<_> = constructs
        .filter(|node| attribute(*node, "type") != "text")
        .map(|node| format!("{node:?} is of another type"))
        .collect();
    let all = named(document, &["title", "subtitle", "summary", "name"]);
    faults.extend(
        all.filter(|node| is_unmarked(*node, document.input_text()))
            .map(|node| text(node).to_owned()),
    );
    faults
}
