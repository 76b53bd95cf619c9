//! HTML, read by html5gum: every element, attribute and link must be one of ours.

use html5gum::{HtmlString, StartTag, Token, Tokenizer};

use super::{each, same, web};
use crate::model::publication::PublishedItem;

/// All that our templates write.
const ELEMENTS: [(&str, &[&str]); 25] = [
    ("a", &["aria-label", "href", "itemprop", "rel"]),
    ("article", &["itemprop", "itemscope", "itemtype"]),
    ("bdi", &["itemprop"]),
    ("body", &[]),
    ("br", &[]),
    ("code", &[]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &["itemprop"]),
    ("h3", &["itemprop"]),
    ("head", &[]),
    ("header", &[]),
    ("html", &["lang"]),
    ("li", &[]),
    ("link", &["rel", "type", "title", "href"]),
    ("main", &["itemscope", "itemtype"]),
    ("meta", &["charset", "content", "itemprop", "name"]),
    ("p", &["class"]),
    ("pre", &[]),
    ("section", &["class", "itemscope", "itemtype", "lang"]),
    ("span", &["itemprop", "itemscope", "itemtype"]),
    ("style", &[]),
    ("time", &["datetime", "itemprop"]),
    ("title", &[]),
    ("ul", &["class"]),
];

/// What one `<article>` says.
#[derive(Debug, Default)]
struct Article {
    links: Vec<Anchor>,
    excerpt: String,
    labels: String,
    source: String,
    datetime: String,
}

/// What a link shows, and what it is called where it stands alone.
#[derive(Debug, Default, PartialEq)]
struct Anchor {
    address: String,
    text: String,
    label: String,
}

/// Where the text that comes next belongs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    Link,
    Excerpt,
    Labels,
    Source,
    #[default]
    Elsewhere,
}

/// Elements without an end.
const VOID: [&str; 3] = ["br", "link", "meta"];

/// Whether a document is one whole element, `root`, whose articles are those meant.
pub(super) fn page<'a>(root: &str, text: &str, meant: impl Iterator<Item = &'a PublishedItem>) -> Result<(), String> {
    each(&articles(root, text)?, meant, article)
}

fn article(found: &Article, meant: &PublishedItem) -> Result<(), String> {
    let lead = Anchor {
        address: meant.link.to_string(),
        text: meant.title.clone(),
        label: String::new(),
    };
    let also = meant.also.iter().map(|also| Anchor {
        address: also.link.to_string(),
        text: also.source.clone(),
        label: format!("{}: {}", also.source, also.title),
    });
    let links: Vec<_> = std::iter::once(lead).chain(also).collect();
    same("the links", &found.links, &links)?;
    same("the excerpt", &*found.excerpt, &*meant.excerpt)?;
    same("the labels", &*found.labels, &*meant.labels.join(" · "))?;
    same("the source", &*found.source, &*meant.source.name)?;
    same("the date", &*found.datetime, &*meant.date.to_string())
}

/// The text of what must be text alone.
pub(super) fn text(html: &str) -> Result<String, String> {
    let mut text = String::new();
    for token in tokens(html) {
        match token {
            Token::String(part) => text.push_str(&utf8(&part)?),
            // "<" before a blank, "&" before a word: slips for a validator, text for every reader.
            Token::Error(_) => {}
            other => return Err(format!("{other:?} where there should be text")),
        }
    }
    Ok(text)
}

fn articles(root: &str, text: &str) -> Result<Vec<Article>, String> {
    let mut reading = Reading::default();
    for token in tokens(text) {
        match token {
            Token::StartTag(tag) => reading.start(root, &tag)?,
            Token::EndTag(tag) => reading.end(&utf8(&tag.name)?)?,
            Token::String(text) => reading.text(&utf8(&text)?)?,
            Token::Doctype(doctype) => same("the doctype", &*utf8(&doctype.name)?, "html")?,
            other => return Err(format!("{other:?} has no place here")),
        }
    }
    same("what is left open", reading.open, vec![])?;
    same("the number of roots", reading.roots, 1)?;
    Ok(reading.articles)
}

/// A document half read.
#[derive(Debug, Default)]
struct Reading {
    articles: Vec<Article>,
    open: Vec<String>,
    roots: usize,
    place: Place,
}

impl Reading {
    fn start(&mut self, root: &str, tag: &StartTag<()>) -> Result<(), String> {
        let name = known(tag)?;
        if self.open.is_empty() {
            same("the root", &*name, root)?;
            self.roots += 1;
        }
        if name == "article" {
            self.articles.push(Article::default());
        }
        let place = self.place;
        if let Some(article) = self.article() {
            self.place = article.start(&name, tag, place)?;
        }
        if !VOID.contains(&&*name) {
            self.open.push(name);
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), String> {
        same("the end of an element", Some(name), self.open.pop().as_deref())?;
        if name != "bdi" || self.place == Place::Source {
            self.place = Place::Elsewhere;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        let place = self.place;
        if self.open.is_empty() {
            return same("the text outside", text.trim(), "");
        }
        if let Some(article) = self.article() {
            article.add(text, place);
        }
        Ok(())
    }

    /// The one that is open.
    fn article(&mut self) -> Option<&mut Article> {
        let inside = self.open.iter().any(|name| name == "article");
        self.articles.last_mut().filter(|_| inside)
    }
}

impl Article {
    fn start(&mut self, name: &str, tag: &StartTag<()>, place: Place) -> Result<Place, String> {
        Ok(match name {
            "a" => {
                self.links.push(Anchor {
                    address: attribute(tag, "href")?,
                    text: String::new(),
                    label: attribute(tag, "aria-label")?,
                });
                Place::Link
            }
            "p" => match &*attribute(tag, "class")? {
                "excerpt" => Place::Excerpt,
                "labels" => Place::Labels,
                "source" => Place::Source,
                _ => Place::Elsewhere,
            },
            "time" => {
                self.datetime = attribute(tag, "datetime")?;
                Place::Elsewhere
            }
            _ => place,
        })
    }

    fn add(&mut self, text: &str, place: Place) {
        match (place, self.links.last_mut()) {
            (Place::Link, Some(link)) => link.text.push_str(text),
            (Place::Excerpt, _) => self.excerpt.push_str(text),
            (Place::Labels, _) => self.labels.push_str(text),
            (Place::Source, _) => self.source.push_str(text),
            _ => {}
        }
    }
}

/// The name of an element that we write, with none but its attributes.
fn known(tag: &StartTag<()>) -> Result<String, String> {
    let name = utf8(&tag.name)?;
    let (_, attributes) = ELEMENTS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| format!("<{name}> has no place here"))?;
    for (attribute, value) in &tag.attributes {
        let attribute = utf8(attribute)?;
        if !attributes.contains(&&*attribute) {
            return Err(format!("<{name} {attribute}> has no place here"));
        }
        if attribute == "href" {
            web(&utf8(value)?)?;
        }
    }
    Ok(name)
}

fn attribute(tag: &StartTag<()>, name: &str) -> Result<String, String> {
    tag.attributes
        .get(name.as_bytes())
        .map_or(Ok(String::new()), |value| utf8(value))
}

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    Tokenizer::new(html).flatten()
}

fn utf8(text: &HtmlString) -> Result<String, String> {
    String::from_utf8(text.to_vec()).map_err(|error| error.to_string())
}
