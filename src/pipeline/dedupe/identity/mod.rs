//! Which entry is which item of its source (design §6.2).
//!
//! An entry is known by its guid, if that behaves as one; else by its link; else by a digest of its text. All keys
//! live inside one source: no source can reach another's items by claiming their guid or link.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use uuid::{Uuid, uuid};

use crate::{
    model::{
        draft::{Draft, Keyed},
        identity::{Key, Known},
        item::ItemId,
        link::Link,
    },
    pipeline::extract::link,
};

/// Namespace of item ids (UUID version 5). Never changes: every published guid hangs on it.
const ITEMS: Uuid = uuid!("6f2b1c5e-53d2-5d0a-9a55-0b0c8a3f7c11");

/// Fewest unknown entries that can be a source's move: below that, equal titles are chance.
const MOVED_ENTRIES_MIN: usize = 5;

/// Share of the unknown entries whose titles must be known for a move, in percent.
const MOVED_TITLES_PERCENT: usize = 80;

/// Shortest title that tells an item, in letters and digits. "Editorial" and "In brief" come in every issue.
const TITLE_CHARS_MIN: usize = 16;

/// What an entry turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identified {
    New(ItemId),
    Known(ItemId),
    /// Known, and gone for good.
    Gone,
    /// The same entry again, further up in the same document.
    Repeated,
}

/// Gives each draft its keys. Which guids and links behave as keys shows only in the whole document.
pub fn keyed(drafts: Vec<Draft>) -> Vec<Keyed> {
    let guids = shared(&drafts, |draft| draft.guid.as_deref().map(guid_key));
    let links = shared(&drafts, |draft| {
        draft.link.as_ref().map(|link| link_key(&link::canonical(link)))
    });
    drafts
        .into_iter()
        .map(|draft| {
            let guid = draft.guid.as_deref().map(guid_key).filter(|key| !guids.contains(key));
            let link = draft
                .link
                .as_ref()
                .map(|link| link_key(&link::canonical(link)))
                .filter(|key| !links.contains(key));
            let (identity, link) = match (guid, link) {
                (Some(guid), link) => (guid, link),
                (None, Some(link)) => (link, None),
                (None, None) => (text_key(&draft), None),
            };
            let title = title_key(&draft.title);
            Keyed {
                draft,
                identity,
                link,
                title,
            }
        })
        .collect()
}

/// Finds each entry's item: by its identity; else by its link, where its guid was renewed under the same headline;
/// else by its title, where the whole source has moved.
pub fn identify(origin: &str, entries: &[Keyed], known: &Known) -> Vec<Identified> {
    let mut claimed = HashSet::new();
    let mut found: Vec<Option<Identified>> = Vec::with_capacity(entries.len());
    let mut seen = HashSet::new();
    for entry in entries {
        found.push(match known.keys.get(&entry.identity) {
            _ if !seen.insert(&entry.identity) => Some(Identified::Repeated),
            Some(None) => Some(Identified::Gone),
            Some(Some(item)) if !claimed.insert(*item) => Some(Identified::Repeated),
            Some(Some(item)) => Some(Identified::Known(*item)),
            None => None,
        });
    }
    for (entry, found) in entries.iter().zip(&mut found) {
        if found.is_none() {
            *found = renewed(entry, known)
                .or_else(|| restated(entry, known))
                .filter(|found| match found {
                    Identified::Known(item) => claimed.insert(*item),
                    _ => true,
                });
        }
    }
    let moves = moved(entries, &found, known, &claimed);
    entries
        .iter()
        .zip(found)
        .map(|(entry, found)| {
            found.unwrap_or_else(|| match entry.title.as_ref().and_then(|title| moves.get(title)) {
                Some(item) if claimed.insert(*item) => Identified::Known(*item),
                _ => Identified::New(item_id(origin, &entry.identity)),
            })
        })
        .collect()
}

/// What the item on the entry's link is, if it tells the same: publishers renew guids (BBC counts `#0`, `#1`), and
/// re-use links for other news.
///
/// What is gone stays so unless the entry is seen to be other news. Taken for it wrongly, it costs the second life of
/// one link; let in wrongly, all that an editor took out is back as soon as its publisher counts on.
fn renewed(entry: &Keyed, known: &Known) -> Option<Identified> {
    let link = entry.link.as_ref()?;
    let title = entry.draft.title.as_str();
    match known.keys.get(link)? {
        Some(item) => alike(&known.items.get(item)?.title, title).then_some(Identified::Known(*item)),
        None => {
            let before = known.gone.get(link).map(String::as_str).unwrap_or_default();
            let unknown = before.is_empty() || title.is_empty();
            (unknown || alike(before, title)).then_some(Identified::Gone)
        }
    }
}

/// The item of the same headline, where date or page tell that it is no later one: a publisher renews guid and link
/// with every answer, or adds a stamp to the link. A column that bears one headline for ever has another date each time.
fn restated(entry: &Keyed, known: &Known) -> Option<Identified> {
    let id = *known.titles.get(entry.title.as_ref()?)?;
    let item = known.items.get(&id)?;
    let draft = &entry.draft;
    let dated = draft.published.is_some() && draft.published == item.published;
    let page = |link: &Link| link.url().path().len() > 1 && Some(bare(link)) == item.link.as_ref().map(bare);
    let same_page = item.published == draft.published && draft.link.as_ref().is_some_and(page);
    (dated || same_page).then_some(Identified::Known(id))
}

/// A link without its query: host and path.
fn bare(link: &Link) -> (&str, &str) {
    (link.host(), link.url().path())
}

/// Items by title key, if nearly every unknown entry bears a title that the source had before: the site has moved,
/// and all guids and links with it.
fn moved<'a>(
    entries: &[Keyed],
    found: &[Option<Identified>],
    known: &'a Known,
    claimed: &HashSet<ItemId>,
) -> HashMap<&'a Key, ItemId> {
    let unknown = entries.iter().zip(found).filter(|(_, found)| found.is_none());
    let (mut total, mut moves) = (0, HashMap::new());
    for (entry, _) in unknown {
        total += 1;
        if let Some((title, item)) = entry.title.as_ref().and_then(|title| known.titles.get_key_value(title))
            && !claimed.contains(item)
        {
            moves.insert(title, *item);
        }
    }
    if total < MOVED_ENTRIES_MIN || moves.len() * 100 < total * MOVED_TITLES_PERCENT {
        moves.clear();
    }
    moves
}

/// A digest of origin and identity alone, so that the guid of an item depends on nothing that can change.
fn item_id(origin: &str, identity: &Key) -> ItemId {
    ItemId(Uuid::new_v5(&ITEMS, format!("{origin}\0{identity}").as_bytes()))
}

/// Keys that entries which are not the same share in one document: a guid or link that all items bear tells nothing.
fn shared(drafts: &[Draft], key: impl Fn(&Draft) -> Option<Key>) -> HashSet<Key> {
    let mut first: HashMap<Key, &Draft> = HashMap::new();
    let mut shared = HashSet::new();
    for draft in drafts {
        let Some(key) = key(draft) else { continue };
        match first.get(&key) {
            Some(other) if other.title != draft.title => {
                shared.insert(key);
            }
            Some(_) => {}
            None => {
                first.insert(key, draft);
            }
        }
    }
    shared
}

fn guid_key(guid: &str) -> Key {
    Key::new(format!("guid:{guid}"))
}

fn link_key(canonical: &str) -> Key {
    Key::new(format!("link:{canonical}"))
}

fn text_key(draft: &Draft) -> Key {
    let link = draft.link.as_ref().map(|link| link.as_str()).unwrap_or_default();
    let text = if draft.title.is_empty() {
        &draft.summary
    } else {
        &draft.title
    };
    Key::new(format!("text:{}", hex(&[link, text])))
}

/// `None` for a title too short to tell an item.
pub fn title_key(title: &str) -> Option<Key> {
    let letters: String = title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    (letters.chars().count() >= TITLE_CHARS_MIN).then(|| Key::new(format!("title:{}", hex(&[&letters]))))
}

/// 128 bits of SHA-256: no two texts of ours will meet by chance, and the key stays short.
fn hex(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether two headlines share at least half of the shorter one's words of four letters or more.
pub(super) fn alike(a: &str, b: &str) -> bool {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 4)
            .map(str::to_lowercase)
            .collect()
    };
    let (first, second) = (words(a), words(b));
    let shared = first.intersection(&second).count();
    a == b || shared > 0 && shared * 2 >= first.len().min(second.len())
}

#[cfg(test)]
mod tests;
