//! What a judgement of news needs beside the news, and what it sees of an item.

use std::collections::HashMap;

use jiff::Timestamp;

use super::standing;

use crate::{
    model::{
        boilerplate::Habits,
        editorial::Editorial,
        item::{Claim, Item},
        label::Notice,
        source::{EXCERPT_CHARACTERS, Outlet, Source, SourceKey, Watched},
    },
    pipeline::{
        extract,
        labels::{self, Labelled},
        relevance::{self, Judgement, Subject},
    },
};

#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub sources: &'a HashMap<SourceKey, Watched>,
    pub editorial: &'a Editorial,
    pub now: Timestamp,
}

impl<'a> Desk<'a> {
    /// `None` where an item's source is no longer in feeds.toml.
    pub fn source(&self, item: &Item) -> Option<&'a Source> {
        self.sources.get(&item.source).map(|watched| &watched.source)
    }

    /// What an item's source puts around its prose.
    pub fn habits(&self, item: &Item) -> Habits<'a> {
        self.editorial.habits(self.source(item))
    }

    /// What there is to read of an item beside its title.
    pub fn text<'b>(&self, item: &'b Item) -> &'b str {
        extract::text_of(item, self.habits(item))
    }

    /// What an item is called.
    pub fn title(&self, item: &Item) -> String {
        self.titled(item, self.claim(item).map(|claim| claim.notice))
    }

    /// What an item is called of whose paper there is a notice. A retraction stands there too, where its publisher has
    /// not put it: lists show nothing else.
    pub fn titled(&self, item: &Item, notice: Option<Notice>) -> String {
        let title = extract::headline(&item.title, self.text(item), self.habits(item));
        match notice {
            Some(Notice::Retracted) if labels::named(&title, self.outlet(item)).is_none() => {
                format!("{}: {title}", Notice::Retracted.title())
            }
            _ => title,
        }
    }

    /// The notice of an item's paper that is believed.
    pub fn claim<'b>(&self, item: &'b Item) -> Option<&'b Claim> {
        standing::believed(item, self)
    }

    fn outlet(&self, item: &Item) -> Option<Outlet> {
        self.source(item).and_then(|source| source.outlet)
    }

    pub fn excerpt(&self, item: &Item) -> String {
        let characters = self.source(item).map_or(EXCERPT_CHARACTERS, |source| source.excerpt);
        extract::excerpt_of(self.text(item), &item.title, characters, self.habits(item))
    }

    /// What an item says of cancer. Nothing is known of a source that was removed.
    pub fn about_cancer(&self, item: &Item) -> Judgement {
        let source = self.source(item);
        let subject = Subject {
            title: &item.title,
            summary: self.text(item),
            categories: &item.categories,
            outlet: source.and_then(|source| source.outlet),
        };
        let rule = source.map(|source| source.relevance).unwrap_or_default();
        relevance::judge(&subject, rule, &self.editorial.lexicon)
    }

    /// What an item is about, and what has become of its paper.
    pub fn labels(&self, item: &Item) -> Labelled {
        let mut labelled = labels::of(item, self.text(item), self.outlet(item), &self.editorial.labels);
        let notice = self.claim(item).map(|claim| claim.notice);
        labelled.labels.notice = labelled.labels.notice.max(notice);
        labelled
    }
}
