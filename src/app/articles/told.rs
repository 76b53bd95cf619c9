//! What of the descriptions that one run found says something of the articles.
//!
//! A page to which different articles of other sites led is a login, a captive portal or a home page; what two articles
//! of a source say in the same words is a slogan.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    edge::store::Writer,
    model::{item::ItemId, link::Link, visit::Place},
};

/// The articles of one run that were led to other sites, by where; all clones are one.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(Arc<Mutex<HashMap<Place, Vec<ToldOf>>>>);

/// What an article told of itself.
#[derive(Debug)]
pub(super) struct ToldOf {
    pub(super) item: ItemId,
    pub(super) title: String,
    pub(super) link: Link,
    /// Another site.
    pub(super) led_to: Option<Place>,
    pub(super) description: Option<String>,
}

impl ToldOf {
    /// One piece of news may have several addresses.
    fn is_other_news(&self, other: &Self) -> bool {
        self.link != other.link && self.title != other.title
    }
}

impl Told {
    /// Keeps a description that says something of its article alone, and takes away what others were taken for before it
    /// was known where they led. Nothing is held back for that: what was found is not to be lost. Answers whether it was
    /// kept.
    pub(super) fn keep(&self, writer: &Writer<'_>, told: ToldOf) -> rusqlite::Result<bool> {
        let mut led = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = told.led_to.as_ref().and_then(|place| led.get(place));
        let others: Vec<_> = before
            .into_iter()
            .flatten()
            .filter(|other| told.is_other_news(other))
            .map(|other| other.item)
            .collect();
        for other in &others {
            writer.describe(*other, None)?;
        }
        let description = told.description.as_deref().filter(|_| others.is_empty());
        let kept = match description {
            Some(description) if !writer.is_said_of_another(told.item, description)? => {
                writer.describe(told.item, Some(description))?;
                true
            }
            _ => false,
        };
        if let Some(place) = told.led_to.clone() {
            led.entry(place).or_default().push(told);
        }
        Ok(kept)
    }
}
