//! One entry in the making: for each field the best of what was offered.

use jiff::Timestamp;

use super::{doi, text};
use crate::model::entry::{Entry, Markup};

/// Most authors of one entry: a consortium's paper may name thousands, and nobody prints them.
const AUTHORS_MAX: usize = 200;
/// Most categories of one entry; the most seen is 70.
const CATEGORIES_MAX: usize = 200;

/// A value and how far it is to be believed.
#[derive(Debug)]
struct Best<T>(Option<(u8, T)>);

impl<T> Default for Best<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Best<T> {
    /// Keeps the first value of the lowest rank.
    fn offer(&mut self, rank: u8, value: T) {
        if self.0.as_ref().is_none_or(|(best, _)| rank < *best) {
            self.0 = Some((rank, value));
        }
    }

    fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// What was read of an entry so far.
#[derive(Debug, Default)]
pub(super) struct Chains {
    guid: Best<String>,
    link: Best<String>,
    title: Best<Markup>,
    summary: Best<Markup>,
    published: Best<Timestamp>,
    updated: Best<Timestamp>,
    image: Best<String>,
    doi: Best<String>,
    authors: Vec<(u8, String)>,
    categories: Vec<String>,
}

/// Where a link came from, in the order of belief.
pub(super) mod link_rank {
    pub(crate) const ALTERNATE: u8 = 0;
    pub(crate) const LINK: u8 = 1;
    pub(crate) const PERMALINK: u8 = 2;
    pub(crate) const ABOUT: u8 = 3;
    pub(crate) const ENCLOSURE: u8 = 4;
}

/// Where an image came from, in the order of belief; 0 and 1 are `media:thumbnail` and `itunes:image`.
pub(super) mod image_rank {
    pub(crate) const ENCLOSURE: u8 = 2;
    pub(crate) const MEDIA_CONTENT: u8 = 3;
}

impl Chains {
    pub(super) fn guid(&mut self, rank: u8, guid: &str) {
        let guid = guid.trim();
        if !guid.is_empty() {
            self.guid.offer(rank, guid.to_owned());
        }
    }

    pub(super) fn link(&mut self, rank: u8, link: String) {
        if !link.is_empty() {
            self.link.offer(rank, link);
        }
    }

    pub(super) fn image(&mut self, rank: u8, image: String) {
        if !image.is_empty() {
            self.image.offer(rank, image);
        }
    }

    pub(super) fn title(&mut self, rank: u8, title: Markup) {
        if !is_blank(&title) {
            self.title.offer(rank, title);
        }
    }

    pub(super) fn summary(&mut self, rank: u8, summary: Markup) {
        if !is_blank(&summary) {
            self.summary.offer(rank, summary);
        }
    }

    pub(super) fn published(&mut self, rank: u8, date: Timestamp) {
        self.published.offer(rank, date);
    }

    pub(super) fn updated(&mut self, rank: u8, date: Timestamp) {
        self.updated.offer(rank, date);
    }

    /// A field that may hold a DOI. HighWire sends two identifiers, and the first is its own.
    pub(super) fn doi(&mut self, rank: u8, text: &str) {
        if let Some(doi) = doi::find(text) {
            self.doi.offer(rank, doi);
        }
    }

    pub(super) fn author(&mut self, rank: u8, source: &str) {
        let name = name(&text::plain(source));
        let known = self.authors.iter().any(|(_, known)| *known == name);
        if !name.is_empty() && !known && self.authors.len() < AUTHORS_MAX {
            self.authors.push((rank, name));
        }
    }

    pub(super) fn category(&mut self, source: &str) {
        let category = text::plain(source);
        if !category.is_empty() && !self.categories.contains(&category) && self.categories.len() < CATEGORIES_MAX {
            self.categories.push(category);
        }
    }

    /// Whether nothing tells this entry from others: half of one, at the end of a cut document.
    pub(super) fn is_anonymous(&self) -> bool {
        self.guid.0.is_none() && self.link.0.is_none()
    }

    pub(super) fn finish(mut self) -> Entry {
        let guid = self.guid.take();
        let link = self.link.take();
        for place in [&link, &guid].into_iter().flatten() {
            if let Some(doi) = doi::find_in_url(place) {
                self.doi.offer(u8::MAX, doi);
            }
        }
        Entry {
            guid,
            link,
            title: self.title.take(),
            summary: self.summary.take(),
            published: self.published.take(),
            updated: self.updated.take(),
            authors: believed(self.authors),
            categories: self.categories,
            doi: self.doi.take(),
            image: self.image.take(),
        }
    }
}

/// The authors of the lowest rank; addresses only where there are no names.
fn believed(authors: Vec<(u8, String)>) -> Vec<String> {
    let rank = authors.iter().map(|(rank, _)| *rank).min().unwrap_or_default();
    let is_address = |name: &String| name.contains('@') && !name.contains(' ');
    let mut names: Vec<_> = authors.into_iter().filter(|a| a.0 == rank).map(|a| a.1).collect();
    if !names.iter().all(is_address) {
        names.retain(|name| !is_address(name));
    }
    names
}

/// The name in `a@b.test (Ann Lee)`, `Ann Lee <a@b.test>`, or the whole where there is no address.
fn name(author: &str) -> String {
    let Some(at) = author.find('@') else {
        return author.to_owned();
    };
    let brackets = |open: char, close: char| {
        let (before, rest) = author.split_once(open)?;
        let (inside, after) = rest.rsplit_once(close).unwrap_or((rest, ""));
        let outside = if before.trim().is_empty() { after } else { before };
        Some(if at > before.len() { outside } else { inside })
    };
    let named = [('(', ')'), ('（', '）'), ('<', '>'), ('[', ']')]
        .into_iter()
        .find_map(|(open, close)| brackets(open, close));
    let named = named.unwrap_or_default().trim().trim_matches(['"', ',', ';']).trim();
    if named.is_empty() || named.contains('@') {
        author.to_owned()
    } else {
        named.to_owned()
    }
}

fn is_blank(markup: &Markup) -> bool {
    markup.source().chars().all(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_names_where_there_is_one() {
        for (author, expect) in [
            ("Ann Lee", "Ann Lee"),
            ("a@b.test (Ann Lee)", "Ann Lee"),
            ("a@b.test（张三）", "张三"),
            ("Ann Lee <a@b.test>", "Ann Lee"),
            ("Ann Lee (a@b.test)", "Ann Lee"),
            ("\"Lee, Ann\" <a@b.test>", "Lee, Ann"),
            ("a@b.test", "a@b.test"),
            ("a@b.test ()", "a@b.test ()"),
            ("(a@b.test", "(a@b.test"),
        ] {
            assert_eq!(name(author), expect);
        }
    }

    #[test]
    fn addresses_go_where_there_are_names() {
        let mut chains = Chains::default();
        chains.author(1, "The Podcast Company");
        chains.author(0, "a@b.test");
        chains.author(0, "Ann");
        chains.author(0, "Ann");
        assert_eq!(chains.finish().authors, ["Ann"]);
    }

    #[test]
    fn the_best_offer_wins_whenever_it_comes() {
        let mut chains = Chains::default();
        chains.link(link_rank::LINK, "https://a.test/1".into());
        chains.link(link_rank::ALTERNATE, String::new());
        chains.summary(2, Markup::Html("content".into()));
        chains.summary(0, Markup::Html(" \n".into()));
        let entry = chains.finish();
        assert_eq!(entry.link.unwrap(), "https://a.test/1");
        assert_eq!(entry.summary.unwrap().source(), "content");
    }
}
