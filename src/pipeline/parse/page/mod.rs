//! A page that is no feed, read by an editor's selectors.
//!
//! ```text
//! bytes → decode → tidy (one pass, limits) → tree → items → entries
//! ```
//!
//! A page that yields nothing is never a feed without entries: its publisher has changed it, and somebody must look.

mod elements;
mod tidy;

use std::borrow::Cow;

use ego_tree::iter::Edge;
use jiff::Timestamp;
use scraper::{ElementRef, Html, Node};
use url::Url;

use super::{
    date, decode, doi,
    faults::{Fault, Faults},
    kind,
    links::{is_web, resolve},
    prescan,
};
use crate::model::{
    entry::{Entry, Markup},
    feed::{Feed, Format, Pace},
    selectors::{Selector, Selectors},
};

/// Most items of one page. A list that is read for its news has 20 to 100; more are archives, newest first.
const ITEMS_MAX: usize = 500;

/// Longest title and longest summary of an item, in bytes of markup. What is shown of them is far shorter.
const TITLE_BYTES_MAX: usize = 8 * 1024;
const SUMMARY_BYTES_MAX: usize = 64 * 1024;

/// Longest date, in bytes of text.
const DATE_BYTES_MAX: usize = 1024;

/// Where a page names its encoding (HTML §4.2.5.5).
const META_BYTES: usize = 1_024;

/// What is wrong with a page on which there is no news, for its editor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoNews(String);

/// Reads any bytes as a page. `charset` is that of HTTP's `Content-Type`; `base` the URL that answered.
///
/// # Errors
/// [`NoNews`] where nothing was found that has a title or a link.
pub fn page(bytes: &[u8], charset: Option<&str>, base: Option<&Url>, selectors: &Selectors) -> Result<Feed, NoNews> {
    if let Some(kind) = kind::binary(bytes) {
        return Err(NoNews(format!("not a page: {kind}")));
    }
    let mut faults = Faults::default();
    let text = decoded(bytes, charset, &mut faults);
    let tidy = tidy::tidy(&text, &mut faults);
    let tree = Html::parse_document(&tidy.html);
    let base = declared_base(&tree, base);
    let mut reader = Reader {
        base: base.as_ref(),
        selectors,
        faults,
    };
    let entries = reader.entries(&tree)?;
    Ok(Feed {
        format: Format::Page,
        title: (!tidy.title.is_empty()).then_some(Markup::Text(tidy.title)),
        link: reader.base.map(ToString::to_string),
        self_link: None,
        hubs: vec![],
        language: tree.root_element().attr("lang").map(str::to_owned),
        pace: Pace::default(),
        complete: !tidy.cut,
        entries,
        faults: reader.faults.sentences(),
    })
}

/// The text of a page, whatever its bytes are; empty for what is no text.
pub fn page_text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    if kind::binary(bytes).is_some() {
        return Cow::Borrowed("");
    }
    decoded(bytes, charset, &mut Faults::default())
}

fn decoded<'a>(bytes: &'a [u8], charset: Option<&str>, faults: &mut Faults) -> Cow<'a, str> {
    let declared = charset.map(str::to_owned).or_else(|| declared_charset(bytes));
    match decode::decode(bytes, declared.as_deref(), faults) {
        Cow::Borrowed(text) => prescan::without_controls(text, faults),
        Cow::Owned(text) => Cow::Owned(prescan::without_controls(&text, faults).into_owned()),
    }
}

/// `<meta charset="…">`, in either of its forms.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(META_BYTES)]).to_ascii_lowercase();
    let meta = head.split("<meta").skip(1).find(|meta| meta.contains("charset"))?;
    let value = meta.split_once("charset")?.1.trim_start().strip_prefix('=')?;
    let label = value.trim_start().trim_start_matches(['"', '\'']);
    label.split(['"', '\'', ' ', ';', '/', '>']).next().map(str::to_owned)
}

/// The first `<base href>` that can be one.
fn declared_base(tree: &Html, base: Option<&Url>) -> Option<Url> {
    let bases = tree.root_element().descendent_elements();
    let mut bases = bases.filter(|element| element.value().name() == "base");
    let declared = bases.find_map(|element| Url::parse(&resolve(element.attr("href")?, base)).ok());
    declared.filter(|url| is_web(url.as_str())).or_else(|| base.cloned())
}

struct Reader<'a> {
    base: Option<&'a Url>,
    selectors: &'a Selectors,
    faults: Faults,
}

impl Reader<'_> {
    fn entries(&mut self, tree: &Html) -> Result<Vec<Entry>, NoNews> {
        let mut items = tree.select(self.selectors.item.css());
        let entries: Vec<_> = items.by_ref().take(ITEMS_MAX).map(|item| self.entry(item)).collect();
        self.faults.add_times(Fault::TooManyEntries, items.count());
        let wanted = self.selectors.item.as_str();
        if entries.is_empty() {
            return Err(NoNews(format!(
                "nothing on the page matches the selector {wanted:?}; the site may have changed it"
            )));
        }
        match entries
            .iter()
            .all(|entry| entry.title.is_none() && entry.link.is_none())
        {
            true => Err(NoNews(format!(
                "what matches the selector {wanted:?} has neither title nor a link that can be opened; the site may have changed it"
            ))),
            false => Ok(entries),
        }
    }

    fn entry(&mut self, item: ElementRef<'_>) -> Entry {
        let link = self.link(item);
        let href = link.and_then(|link| link.attr("href"));
        let url = href.map(|href| resolve(href, self.base));
        Entry {
            guid: None,
            doi: url.as_deref().and_then(doi::find_in_url),
            title: self.title(item, link),
            summary: self.summary(item),
            published: self.published(item),
            link: url,
            ..Entry::default()
        }
    }

    fn link<'t>(&mut self, item: ElementRef<'t>) -> Option<ElementRef<'t>> {
        let inside = match &self.selectors.link {
            Some(selector) => find(item, selector),
            None => Some(item),
        };
        let link = inside.and_then(|inside| links(inside).find(|link| self.leads_on(*link)));
        if link.is_none() {
            self.faults.add(Fault::NotFound("link"));
        }
        link
    }

    /// Whether a link leads to a page: not to a place on this one, and to no script.
    fn leads_on(&self, link: ElementRef<'_>) -> bool {
        let href = link.attr("href").unwrap_or_default().trim();
        let place = href.is_empty() || href.starts_with('#');
        !place && (is_web(&resolve(href, self.base)) || self.base.is_none() && !href.contains(':'))
    }

    /// A card begins with a picture that is a link, and has the same link again with its headline.
    fn title(&mut self, item: ElementRef<'_>, link: Option<ElementRef<'_>>) -> Option<Markup> {
        if let Some(selector) = &self.selectors.title {
            match find(item, selector).filter(|found| has_text(*found)) {
                Some(found) => return Some(markup(found, TITLE_BYTES_MAX)),
                None => self.faults.add(Fault::NotFound("title")),
            }
        }
        let href = link.and_then(|link| link.attr("href"));
        let mut same = links(item).filter(|other| href.is_some() && other.attr("href") == href);
        let title = same.find(|link| has_text(*link)).or_else(|| heading(item));
        title.map(|title| markup(title, TITLE_BYTES_MAX))
    }

    fn summary(&mut self, item: ElementRef<'_>) -> Option<Markup> {
        let found = find(item, self.selectors.summary.as_ref()?);
        found.map(|found| markup(found, SUMMARY_BYTES_MAX))
    }

    fn published(&mut self, item: ElementRef<'_>) -> Option<Timestamp> {
        let selector = self.selectors.date.as_ref()?;
        let Some(found) = find(item, selector) else {
            self.faults.add(Fault::NotFound("date"));
            return None;
        };
        let mut inside = std::iter::once(found).chain(found.descendent_elements());
        let machine = inside.find_map(|element| date::parse(element.attr("datetime")?));
        let date = machine.or_else(|| date::parse(&text(found)));
        if date.is_none() {
            self.faults.add(Fault::BadDate);
        }
        date
    }
}

/// The first match inside an item, else the item itself.
fn find<'t>(item: ElementRef<'t>, selector: &Selector) -> Option<ElementRef<'t>> {
    let css = selector.css();
    item.select(css)
        .next()
        .or_else(|| css.matches_with_scope(&item, Some(item)).then_some(item))
}

/// The element, if it is a link, and those in it.
fn links(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element
        .descendent_elements()
        .filter(|element| matches!(element.value().name(), "a" | "area") && element.attr("href").is_some())
}

fn heading(item: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut elements = item.descendent_elements();
    elements
        .find(|element| matches!(element.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") && has_text(*element))
}

fn has_text(element: ElementRef<'_>) -> bool {
    element.text().any(|text| text.contains(char::is_alphanumeric))
}

/// The beginning of an element's text.
fn text(element: ElementRef<'_>) -> String {
    let mut whole = String::new();
    for text in element.text() {
        whole.push_str(&text[..text.floor_char_boundary(DATE_BYTES_MAX - whole.len())]);
        if whole.len() >= DATE_BYTES_MAX - 4 {
            break;
        }
    }
    whole
}

/// What an element holds, up to a bound, as HTML without attributes.
fn markup(element: ElementRef<'_>, most: usize) -> Markup {
    let mut html = String::new();
    for edge in element.traverse().skip(1) {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => html.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
                Node::Element(element) => html.push_str(&format!("<{}>", element.name())),
                _ => {}
            },
            Edge::Close(node) if node.id() == element.id() => break,
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    html.push_str(&format!("</{}>", element.name()));
                }
            }
        }
        if html.len() >= most {
            break;
        }
    }
    Markup::Html(html.trim().to_owned())
}

#[cfg(test)]
mod tests;
