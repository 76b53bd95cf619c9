//! Questions to the store.

use std::{cmp::Reverse, ops::ControlFlow};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{self, ITEM, STATE};
use crate::model::{
    identity::{Key, Known},
    intent::OutputRecord,
    item::{Item, ItemId, StoryKey},
    robots::SiteRules,
    source::SourceKey,
    story::Story,
    visit::FeedState,
};

/// Most items of a source among which those without a text are looked for. Feeds that list more seldom lack some only.
const LOOKED_AT_MAX: usize = 200;

/// One snapshot of the store.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) connection: &'a Connection,
}

/// A source as the store knows it, configured or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    pub key: SourceKey,
    pub origin: String,
    /// Its id in `feeds.toml`, now or when it was last there.
    pub id: String,
    pub url: String,
    pub fingerprint: Vec<u8>,
    /// A digest of what its documents are read by.
    pub read_by: Vec<u8>,
    /// The last reading of `feeds.toml` that had it, counted from 1.
    pub configured: i64,
    pub state: FeedState,
    /// How many of its items are kept.
    pub items: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// Every source that was ever configured, by key.
    pub fn sources(&self) -> rusqlite::Result<Vec<SourceRow>> {
        let sql = format!(
            "SELECT key, origin, id, url, fingerprint, configured,
             (SELECT count(*) FROM items WHERE source = sources.key), read_by, {STATE} FROM sources ORDER BY key"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| {
            Ok(SourceRow {
                key: SourceKey(row.get(0)?),
                origin: row.get(1)?,
                id: row.get(2)?,
                url: row.get(3)?,
                fingerprint: row.get(4)?,
                configured: row.get(5)?,
                items: row.get::<_, u32>(6)? as usize,
                read_by: row.get(7)?,
                state: rows::state(row, 8)?,
            })
        })?;
        rows.collect()
    }

    pub fn state(&self, source: SourceKey) -> rusqlite::Result<FeedState> {
        let sql = format!("SELECT {STATE} FROM sources WHERE key = ?1");
        self.connection
            .prepare_cached(&sql)?
            .query_row([source.0], |row| rows::state(row, 0))
    }

    /// What is known in one source by these keys and title keys.
    pub fn known<'k>(
        &self,
        source: SourceKey,
        keys: impl IntoIterator<Item = &'k Key>,
        titles: impl IntoIterator<Item = &'k Key>,
    ) -> rusqlite::Result<Known> {
        let mut known = Known::default();
        let mut by_key = self
            .connection
            .prepare_cached("SELECT item, title FROM item_keys WHERE source = ?1 AND key = ?2")?;
        for key in keys {
            let found = by_key
                .query_row(params![source.0, key.as_str()], |row| {
                    Ok((rows::maybe_id(row, 0)?, row.get::<_, Option<String>>(1)?))
                })
                .optional()?;
            let Some((item, title)) = found else { continue };
            known.gone.extend(title.map(|title| (key.clone(), title)));
            known.keys.insert(key.clone(), item);
        }
        // The newest of several with one title: `ORDER BY` by what the index does not hold is cheap on so few.
        let sql = "SELECT id FROM items WHERE source = ?1 AND title_key = ?2 ORDER BY first_seen DESC, id LIMIT 1";
        let mut by_title = self.connection.prepare_cached(sql)?;
        for title in titles {
            let found = by_title
                .query_row(params![source.0, title.as_str()], |row| rows::id(row, 0))
                .optional()?;
            known.titles.extend(found.map(|item| (title.clone(), item)));
        }
        let named: Vec<_> = known
            .keys
            .values()
            .flatten()
            .chain(known.titles.values())
            .copied()
            .collect();
        for id in named {
            if let Some(item) = self.item(id)? {
                known.items.insert(id, item);
            }
        }
        Ok(known)
    }

    pub fn item(&self, id: ItemId) -> rusqlite::Result<Option<Item>> {
        let sql = format!("SELECT {ITEM} FROM items WHERE id = ?1");
        self.connection
            .prepare_cached(&sql)?
            .query_row([id.0.as_bytes()], rows::item)
            .optional()
    }

    /// Ids of the items with this very link, of every source.
    pub fn items_by_link(&self, link: &str) -> rusqlite::Result<Vec<ItemId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM items WHERE link = ?1 ORDER BY id")?;
        statement.query_map([link], |row| rows::id(row, 0))?.collect()
    }

    /// Ids of the items that bear this mark.
    pub fn items_by_mark(&self, mark: &str) -> rusqlite::Result<Vec<ItemId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT item FROM item_marks WHERE mark = ?1 ORDER BY item")?;
        statement.query_map([mark], |row| rows::id(row, 0))?.collect()
    }

    /// What an item is known by, and what it may share with others: keys and marks.
    pub fn names_of(&self, id: ItemId) -> rusqlite::Result<(Vec<String>, Vec<String>)> {
        let texts = |sql: &str| -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map([id.0.as_bytes()], |row| row.get(0))?.collect()
        };
        Ok((
            texts("SELECT key FROM item_keys WHERE item = ?1 ORDER BY key")?,
            texts("SELECT mark FROM item_marks WHERE item = ?1 ORDER BY mark")?,
        ))
    }

    /// By what a thing that is derived from items was made; `None` where it never was.
    pub fn made_by(&self, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        self.connection
            .prepare_cached("SELECT made_by FROM derived WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()
    }

    /// Ids of the first items behind one, or of all, in the order of ids.
    pub fn ids_after(&self, last: Option<ItemId>, most: usize) -> rusqlite::Result<Vec<ItemId>> {
        let last: &[u8] = last.as_ref().map_or(&[], |last| last.0.as_bytes());
        let sql = "SELECT id FROM items WHERE id > ?1 ORDER BY id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement
            .query_map(params![last, most as i64], |row| rows::id(row, 0))?
            .collect()
    }

    /// Ids of the items that stand at `since` or later, in their order.
    pub fn ids_since(&self, since: Timestamp) -> rusqlite::Result<Vec<ItemId>> {
        let sql = "SELECT id FROM items WHERE ordered_at >= ?1 ORDER BY ordered_at, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement
            .query_map([rows::millis(since)], |row| rows::id(row, 0))?
            .collect()
    }

    /// Shows every item with the story that it belongs to, newest first, until `visit` has enough.
    pub fn newest(&self, mut visit: impl FnMut(ItemId, Timestamp, Story) -> ControlFlow<()>) -> rusqlite::Result<()> {
        let sql = "SELECT id, ordered_at, story FROM items ORDER BY ordered_at DESC, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let story = self.story(StoryKey(row.get(2)?))?;
            if visit(rows::id(row, 0)?, rows::time(row, 1)?, story).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// As [`Reader::newest`], with places decided anew from source, date and first sight: as `place` says, or as they are
    /// where it says nothing.
    pub fn newest_as(
        &self,
        place: impl Fn(SourceKey, Option<Timestamp>, Timestamp) -> Option<Timestamp>,
        mut visit: impl FnMut(ItemId, Timestamp, Story) -> ControlFlow<()>,
    ) -> rusqlite::Result<()> {
        let sql = "SELECT id, ordered_at, story, source, published, first_seen FROM items";
        let mut statement = self.connection.prepare_cached(sql)?;
        let placed = statement.query_map([], |row| {
            let source = SourceKey(row.get(3)?);
            let anew = place(source, rows::maybe_time(row, 4)?, rows::time(row, 5)?);
            Ok((
                Reverse(anew.map_or_else(|| rows::time(row, 1), Ok)?),
                rows::id(row, 0)?,
                StoryKey(row.get(2)?),
            ))
        })?;
        let mut items = placed.collect::<rusqlite::Result<Vec<_>>>()?;
        items.sort_unstable();
        for (Reverse(ordered_at), id, story) in items {
            if visit(id, ordered_at, self.story(story)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A story and its items; an unknown key has none.
    pub fn story(&self, key: StoryKey) -> rusqlite::Result<Story> {
        let published = self
            .connection
            .prepare_cached("SELECT guid, lead, published_at FROM stories WHERE key = ?1")?
            .query_row([key.0], |row| rows::first_published(row, 0))
            .optional()?
            .flatten();
        let sql = format!("SELECT {ITEM} FROM items WHERE story = ?1 ORDER BY id");
        let members = self
            .connection
            .prepare_cached(&sql)?
            .query_map([key.0], rows::item)?
            .collect::<Result<_, _>>()?;
        Ok(Story {
            key,
            published,
            members,
        })
    }

    /// Where an item stands among the others.
    pub fn ordered_at(&self, id: ItemId) -> rusqlite::Result<Option<Timestamp>> {
        self.connection
            .prepare_cached("SELECT ordered_at FROM items WHERE id = ?1")?
            .query_row([id.0.as_bytes()], |row| rows::time(row, 0))
            .optional()
    }

    /// The newest items of a source, the newest first.
    pub fn newest_of(&self, source: SourceKey, most: usize) -> rusqlite::Result<Vec<Item>> {
        let sql = format!("SELECT {ITEM} FROM items WHERE source = ?1 ORDER BY ordered_at DESC, id LIMIT ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement
            .query_map(params![source.0, most as i64], rows::item)?
            .collect()
    }

    /// Items with a link that are wanted, that the feed of their source still lists, and whose articles were not asked
    /// yet: the newest first, of the newest [`LOOKED_AT_MAX`].
    pub fn undescribed(
        &self,
        source: SourceKey,
        most: usize,
        wanted: impl Fn(&Item) -> bool,
    ) -> rusqlite::Result<Vec<Item>> {
        let sql = format!(
            "SELECT {ITEM} FROM items WHERE source = ?1 AND in_feed = 1 AND described IS NULL AND link IS NOT NULL
             ORDER BY ordered_at DESC, id LIMIT ?2"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let items = statement.query_map(params![source.0, LOOKED_AT_MAX as i64], rows::item)?;
        items
            .filter(|item| item.as_ref().map_or(true, &wanted))
            .take(most)
            .collect()
    }

    /// What a site (scheme, host and port) last said of robots.
    pub fn robots(&self, site: &str) -> rusqlite::Result<Option<SiteRules>> {
        self.connection
            .prepare_cached("SELECT asked, rules FROM robots WHERE origin = ?1")?
            .query_row([site], |row| {
                Ok(SiteRules {
                    asked: rows::time(row, 0)?,
                    rules: row.get(1)?,
                })
            })
            .optional()
    }

    /// When each output last changed, by name; those that are gone too.
    pub fn outputs(&self) -> rusqlite::Result<Vec<OutputRecord>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name, digest, changed, gone FROM outputs ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(OutputRecord {
                name: row.get(0)?,
                digest: row.get(1)?,
                changed: rows::time(row, 2)?,
                gone: row.get(3)?,
            })
        })?;
        rows.collect()
    }
}
