//! Changes to the store, inside one transaction.

use std::{collections::BTreeSet, ops::Deref};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    read::Reader,
    rows::{self, StoredPace, maybe_millis, millis, to_json},
};
use crate::model::{
    identity::Key,
    intent::{Announced, Intent, OutputRecord, Wording},
    item::{ItemId, StoryKey},
    source::SourceKey,
    story::{Grouped, Mark, Marked},
    visit::FeedState,
};

/// Most items that are asked whether they belong to one story. A mark that more of them share is a publisher's
/// mistake; the bound keeps one mistake from holding up the writer.
const NEIGHBOURS_MAX: usize = 500;

/// The writing transaction; it answers a [`Reader`]'s questions too, as of itself.
#[derive(Debug)]
pub struct Writer<'a> {
    reader: Reader<'a>,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self {
            reader: Reader::new(connection),
        }
    }

    fn execute(&self, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute(params)
    }

    pub fn add_source(&self, origin: &str, id: &str, url: &str, fingerprint: &[u8]) -> rusqlite::Result<SourceKey> {
        let sql = "INSERT INTO sources (origin, id, url, fingerprint) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![origin, id, url, fingerprint])?;
        Ok(SourceKey(self.connection.last_insert_rowid()))
    }

    pub fn edit_source(&self, key: SourceKey, id: &str, url: &str, fingerprint: &[u8]) -> rusqlite::Result<()> {
        let sql = "UPDATE sources SET id = ?2, url = ?3, fingerprint = ?4 WHERE key = ?1";
        self.execute(sql, params![key.0, id, url, fingerprint])?;
        Ok(())
    }

    pub fn set_state(&self, key: SourceKey, state: &FeedState) -> rusqlite::Result<()> {
        let sql = "UPDATE sources SET etag = ?2, last_modified = ?3, body_digest = ?4, was_whole = ?5,
             last_visit = ?6, last_success = ?7, last_change = ?8, last_body = ?9, failures = ?10, error = ?11,
             next_visit = ?12, next_reason = ?13, retry_after = ?14, gone = ?15, moved_to = ?16, pace = ?17
             WHERE key = ?1";
        self.execute(
            sql,
            params![
                key.0,
                state.validators.etag,
                state.validators.last_modified,
                state.body_digest,
                state.was_whole,
                maybe_millis(state.last_visit),
                maybe_millis(state.last_success),
                maybe_millis(state.last_change),
                maybe_millis(state.last_body),
                state.failures,
                state.error,
                maybe_millis(state.next_visit),
                state.next_reason,
                maybe_millis(state.retry_after),
                state.gone,
                state.moved_to,
                to_json(&StoredPace::from(&state.pace))?,
            ],
        )?;
        Ok(())
    }

    /// Where the items of a source stand, decided anew from when they were published and first seen.
    pub fn reorder(
        &self,
        source: SourceKey,
        place: impl Fn(Option<Timestamp>, Timestamp) -> Timestamp,
    ) -> rusqlite::Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, published, first_seen FROM items WHERE source = ?1")?;
        let places: Vec<_> = statement
            .query_map([source.0], |row| {
                Ok((rows::id(row, 0)?, place(rows::maybe_time(row, 1)?, rows::time(row, 2)?)))
            })?
            .collect::<Result<_, _>>()?;
        for (id, at) in places {
            self.execute(
                "UPDATE items SET ordered_at = ?2 WHERE id = ?1",
                params![id.0.as_bytes(), millis(at)],
            )?;
        }
        Ok(())
    }

    /// Executes what was decided about one source's entries.
    pub fn apply(&self, source: SourceKey, intents: &[Intent], now: Timestamp) -> rusqlite::Result<()> {
        for intent in intents {
            match intent {
                Intent::Insert {
                    id,
                    wording,
                    ordered_at,
                } => {
                    self.insert(source, *id, wording, *ordered_at, now)?;
                    self.know(source, *id, &wording.keys)?;
                    self.mark(*id, &wording.marks)?;
                }
                Intent::Edit { id, wording } => {
                    self.edit(*id, wording, now)?;
                    self.know(source, *id, &wording.keys)?;
                    self.mark(*id, &wording.marks)?;
                }
                Intent::Seen { id, keys } => {
                    let sql = "UPDATE items SET last_seen = ?2, in_feed = 1 WHERE id = ?1 AND in_feed = 0";
                    self.execute(sql, params![id.0.as_bytes(), millis(now)])?;
                    self.know(source, *id, keys)?;
                }
            }
        }
        Ok(())
    }

    fn insert(
        &self,
        source: SourceKey,
        id: ItemId,
        wording: &Wording,
        ordered_at: Timestamp,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let draft = &wording.draft;
        let sql = "INSERT INTO items (id, source, link, title, title_key, summary, published, updated, first_seen,
             last_seen, in_feed, ordered_at, authors, categories, doi)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 1, ?10, ?11, ?12, ?13)";
        self.execute(
            sql,
            params![
                id.0.as_bytes(),
                source.0,
                draft.link.as_ref().map(|link| link.as_str()),
                draft.title,
                wording.title.as_ref().map(Key::as_str),
                draft.summary,
                maybe_millis(draft.published),
                maybe_millis(draft.updated),
                millis(now),
                millis(ordered_at),
                to_json(&draft.authors)?,
                to_json(&draft.categories)?,
                draft.doi,
            ],
        )?;
        Ok(())
    }

    fn edit(&self, id: ItemId, wording: &Wording, now: Timestamp) -> rusqlite::Result<()> {
        let draft = &wording.draft;
        let sql = "UPDATE items SET link = ?2, title = ?3, title_key = ?4, summary = ?5, updated = ?6, last_seen = ?7,
             in_feed = 1, authors = ?8, categories = ?9, doi = ?10 WHERE id = ?1";
        self.execute(
            sql,
            params![
                id.0.as_bytes(),
                draft.link.as_ref().map(|link| link.as_str()),
                draft.title,
                wording.title.as_ref().map(Key::as_str),
                draft.summary,
                maybe_millis(draft.updated),
                millis(now),
                to_json(&draft.authors)?,
                to_json(&draft.categories)?,
                draft.doi,
            ],
        )?;
        Ok(())
    }

    /// The newest item with a key has it: a link that was re-used leads to its present news.
    fn know(&self, source: SourceKey, id: ItemId, keys: &[Key]) -> rusqlite::Result<()> {
        let sql = "INSERT INTO item_keys (source, key, item) VALUES (?1, ?2, ?3)
             ON CONFLICT (source, key) DO UPDATE SET item = excluded.item WHERE item IS NOT excluded.item";
        for key in keys {
            self.execute(sql, params![source.0, key.as_str(), id.0.as_bytes()])?;
        }
        Ok(())
    }

    fn mark(&self, id: ItemId, marks: &[Mark]) -> rusqlite::Result<()> {
        self.execute("DELETE FROM item_marks WHERE item = ?1", [id.0.as_bytes()])?;
        for mark in marks {
            let sql = "INSERT OR IGNORE INTO item_marks (mark, item) VALUES (?1, ?2)";
            self.execute(sql, params![mark, id.0.as_bytes()])?;
        }
        Ok(())
    }

    /// Items of the source that its whole document no longer had: their retention runs from now.
    pub fn left_feed(&self, source: SourceKey, present: &[ItemId], now: Timestamp) -> rusqlite::Result<()> {
        let present: BTreeSet<_> = present.iter().copied().collect();
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM items WHERE source = ?1 AND in_feed = 1")?;
        let listed: Vec<_> = statement
            .query_map([source.0], |row| rows::id(row, 0))?
            .collect::<Result<_, _>>()?;
        for id in listed.iter().filter(|id| !present.contains(id)) {
            let sql = "UPDATE items SET in_feed = 0, last_seen = ?2 WHERE id = ?1";
            self.execute(sql, params![id.0.as_bytes(), millis(now)])?;
        }
        Ok(())
    }

    /// These items and all that share a mark or a story with one of them, and so on: at most
    /// [`NEIGHBOURS_MAX`] further ones.
    pub fn neighbours(&self, ids: &[ItemId]) -> rusqlite::Result<Vec<Marked>> {
        let sql = "SELECT other.item FROM item_marks AS own JOIN item_marks AS other USING (mark)
             WHERE own.item = ?1
             UNION SELECT other.id FROM items AS own JOIN items AS other USING (story) WHERE own.id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut found: BTreeSet<_> = ids.iter().copied().collect();
        let mut queue: Vec<_> = ids.to_vec();
        let most = ids.len() + NEIGHBOURS_MAX;
        while let Some(id) = queue.pop() {
            for other in statement.query_map([id.0.as_bytes()], |row| rows::id(row, 0))? {
                let other = other?;
                if found.len() < most && found.insert(other) {
                    queue.push(other);
                }
            }
        }
        found.into_iter().map(|id| self.marked(id)).collect()
    }

    fn marked(&self, id: ItemId) -> rusqlite::Result<Marked> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT mark FROM item_marks WHERE item = ?1 ORDER BY mark")?;
        let marks = statement
            .query_map([id.0.as_bytes()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let sql = "SELECT items.source, items.first_seen, items.story, stories.published_at
             FROM items LEFT JOIN stories ON stories.key = items.story WHERE items.id = ?1";
        self.connection
            .prepare_cached(sql)?
            .query_row([id.0.as_bytes()], |row| {
                Ok(Marked {
                    id,
                    source: SourceKey(row.get(0)?),
                    first_seen: rows::time(row, 1)?,
                    story: row.get::<_, Option<i64>>(2)?.map(StoryKey),
                    story_published: rows::maybe_time(row, 3)?,
                    marks,
                })
            })
    }

    /// Puts items into the stories that were decided on, and forgets stories that have none left.
    pub fn regroup(&self, groups: &[Grouped]) -> rusqlite::Result<()> {
        for group in groups {
            let story = match group.story {
                Some(story) => story,
                None => {
                    self.execute("INSERT INTO stories DEFAULT VALUES", [])?;
                    StoryKey(self.connection.last_insert_rowid())
                }
            };
            for id in &group.items {
                let sql = "UPDATE items SET story = ?2 WHERE id = ?1 AND story IS NOT ?2";
                self.execute(sql, params![id.0.as_bytes(), story.0])?;
            }
        }
        Ok(())
    }

    /// Lets go of items that were last in their feed before `cutoff`; their keys stay as tombstones. Items that are
    /// still listed stay, unless their source has not been heard of since.
    pub fn expire(&self, cutoff: Timestamp) -> rusqlite::Result<usize> {
        let sql = "DELETE FROM items WHERE last_seen < ?1 AND (in_feed = 0 OR source IN
             (SELECT key FROM sources WHERE last_success IS NULL OR last_success < ?1))";
        let expired = self.execute(sql, [millis(cutoff)])?;
        if expired > 0 {
            let sql = "DELETE FROM stories WHERE NOT EXISTS (SELECT 1 FROM items WHERE story = stories.key)";
            self.execute(sql, [])?;
        }
        Ok(expired)
    }

    pub fn set_output(&self, output: &OutputRecord) -> rusqlite::Result<()> {
        let sql = "INSERT INTO outputs (name, digest, changed) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, changed = excluded.changed";
        self.execute(sql, params![output.name, output.digest, millis(output.changed)])?;
        Ok(())
    }

    pub fn forget_output(&self, name: &str) -> rusqlite::Result<()> {
        self.execute("DELETE FROM outputs WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Remembers under which guid a story is public. The guid and the time stay; the lead may change.
    pub fn announce(&self, announced: &Announced) -> rusqlite::Result<()> {
        let published = announced.published;
        let sql = "UPDATE stories SET guid = coalesce(guid, ?2), lead = ?3, published_at = coalesce(published_at, ?4)
             WHERE key = ?1";
        let (guid, lead) = (published.guid.0, published.lead.0);
        self.execute(
            sql,
            params![
                announced.story.0,
                guid.as_bytes(),
                lead.as_bytes(),
                millis(published.at)
            ],
        )?;
        Ok(())
    }
}
