//! What a channel would become, compared with what is published of it.

use jiff::Timestamp;
use serde::Deserialize;

use super::curate::Chosen;

/// A channel as it would stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    pub channel: String,
    pub title: String,
    /// In order.
    pub items: Vec<Standing>,
    /// What is not published, and would be.
    pub come: Vec<Told>,
    /// What is published, and would not be any longer.
    pub leave: Vec<Told>,
    /// Whether anything is published under its name.
    pub published: bool,
}

/// An item in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub told: Told,
    pub date: Timestamp,
    pub headline: bool,
    pub pinned_until: Option<Timestamp>,
}

/// A story, as far as an editor needs it to know which is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its guid, as the feeds write it.
    pub id: String,
    pub title: String,
    pub source: String,
}

/// Compares a choice with what is published under the channel's name, where anything is.
pub fn outlook(chosen: &Chosen, published: Option<Vec<Told>>) -> Outlook {
    let edition = &chosen.edition;
    let items: Vec<_> = (0..edition.items.len()).filter_map(|at| standing(chosen, at)).collect();
    let is_among = |id: &str, told: &[Told]| told.iter().any(|other| other.id == id);
    let before = published.as_deref().unwrap_or_default();
    let after: Vec<_> = items.iter().map(|item| item.told.clone()).collect();
    Outlook {
        channel: edition.channel.id.clone(),
        title: edition.channel.title.clone(),
        come: after
            .iter()
            .filter(|told| !is_among(&told.id, before))
            .cloned()
            .collect(),
        leave: before
            .iter()
            .filter(|told| !is_among(&told.id, &after))
            .cloned()
            .collect(),
        published: published.is_some(),
        items,
    }
}

fn standing(chosen: &Chosen, at: usize) -> Option<Standing> {
    let item = chosen.edition.items.get(at)?;
    Some(Standing {
        told: Told {
            id: item.guid.0.urn().to_string(),
            title: item.title.clone(),
            source: item.source.name.clone(),
        },
        date: item.date,
        headline: chosen.edition.headlines.contains(&at),
        pinned_until: chosen.pinned.get(at).copied(),
    })
}

/// The stories of a JSON Feed of ours; `None` where it is none.
pub fn published(json: &[u8]) -> Option<Vec<Told>> {
    let feed: Feed = serde_json::from_slice(json).ok()?;
    Some(feed.items.into_iter().map(Told::from).collect())
}

#[derive(Deserialize)]
struct Feed {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    title: String,
    #[serde(rename = "_oncofeed")]
    extension: Extension,
}

#[derive(Deserialize)]
struct Extension {
    source: Source,
}

#[derive(Deserialize)]
struct Source {
    name: String,
}

impl From<Item> for Told {
    fn from(item: Item) -> Self {
        Self {
            id: item.id,
            title: item.title,
            source: item.extension.source.name,
        }
    }
}
