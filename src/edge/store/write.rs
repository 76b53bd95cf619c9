//! Changes to the store, inside one transaction.

use std::{collections::BTreeSet, ops::Deref};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    neighbours::WEEK_MS,
    read::Reader,
    rows::{self, StoredPace, maybe_millis, millis, to_json},
};
use crate::model::{
    identity::Key,
    intent::{Announced, Intent, OutputRecord, Wording},
    item::{ItemId, StoryKey},
    label::Notice,
    robots::SiteRules,
    source::SourceKey,
    story::{Grouped, Mark},
    visit::FeedState,
};

/// Most items that are let go of at once: a store that was long unattended is cleared over several cycles, and none
/// of them holds up the writer for more than a second or two.
const EXPIRED_MAX: usize = 5_000;

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

    pub(super) fn execute(&self, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<usize> {
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

    pub fn set_read_by(&self, key: SourceKey, read_by: &[u8]) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE sources SET read_by = ?2 WHERE key = ?1",
            params![key.0, read_by],
        )?;
        Ok(())
    }

    pub fn set_state(&self, key: SourceKey, state: &FeedState) -> rusqlite::Result<()> {
        let sql = "UPDATE sources SET etag = ?2, last_modified = ?3, body_digest = ?4, was_whole = ?5,
             last_visit = ?6, last_success = ?7, last_change = ?8, last_body = ?9, failures = ?10, error = ?11,
             next_visit = ?12, next_reason = ?13, ready_at = ?14, retry_after = ?15, gone = ?16, moved_to = ?17,
             moved_since = ?18, moved_visits = ?19, led_to = ?20, led_since = ?21, pace = ?22, news_at = ?23,
             listed = ?24, rejected = ?25, watched_since = ?26,
             uptime = ?27, boot = ?28 WHERE key = ?1";
        let (moved, led) = (state.moved.as_ref(), state.led.as_ref());
        let visited = state.visited.as_ref();
        self.execute(
            sql,
            params![
                key.0,
                state.validators.etag,
                state.validators.last_modified,
                state.body_digest,
                state.was_whole,
                maybe_millis(state.last_visit()),
                maybe_millis(state.last_success),
                maybe_millis(state.last_change),
                maybe_millis(state.last_body),
                state.failures,
                state.error,
                maybe_millis(state.next_visit),
                state.next_reason,
                maybe_millis(state.ready_at),
                maybe_millis(state.retry_after),
                state.gone,
                moved.map(|moved| &moved.to),
                maybe_millis(moved.map(|moved| moved.since)),
                moved.map_or(0, |moved| moved.visits),
                led.map(|led| &led.to.0),
                maybe_millis(led.map(|led| led.since)),
                to_json(&StoredPace::from(&state.pace))?,
                rows::from_times(&state.news_at)?,
                state.listed.entries as i64,
                state.listed.rejected as i64,
                maybe_millis(state.watched_since),
                visited.map_or(0, |reading| i64::try_from(reading.uptime.as_millis())
                    .unwrap_or(i64::MAX)),
                visited.map_or("", |reading| &reading.boot),
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
            let sql = "UPDATE OR REPLACE item_clues SET week = ?2 / ?3 WHERE item = ?1";
            self.execute(sql, params![id.0.as_bytes(), millis(at), WEEK_MS])?;
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
                    surfaces_at,
                } => {
                    self.insert(source, *id, wording, (*ordered_at, *surfaces_at), now)?;
                    self.know(source, *id, &wording.keys)?;
                    self.mark(*id, &wording.marks)?;
                    self.note(*id, &wording.notices)?;
                }
                Intent::Edit { id, wording } => {
                    self.edit(*id, wording, now)?;
                    self.know(source, *id, &wording.keys)?;
                    self.mark(*id, &wording.marks)?;
                    self.note(*id, &wording.notices)?;
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
        (ordered_at, surfaces_at): (Timestamp, Option<Timestamp>),
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let draft = &wording.draft;
        let sql = "INSERT INTO items (id, source, link, title, title_key, summary, published, updated, first_seen,
             last_seen, in_feed, ordered_at, authors, categories, doi, surfaces_at, image)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 1, ?10, ?11, ?12, ?13, ?14, ?15)";
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
                maybe_millis(surfaces_at),
                draft.image.as_ref().map(|image| image.as_str()),
            ],
        )?;
        Ok(())
    }

    fn edit(&self, id: ItemId, wording: &Wording, now: Timestamp) -> rusqlite::Result<()> {
        let draft = &wording.draft;
        let sql = "UPDATE items SET link = ?2, title = ?3, title_key = ?4, summary = ?5, updated = ?6, last_seen = ?7,
             in_feed = 1, authors = ?8, categories = ?9, doi = ?10, image = ?11 WHERE id = ?1";
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
                draft.image.as_ref().map(|image| image.as_str()),
            ],
        )?;
        Ok(())
    }

    /// The newest item with a key has it: a link that was re-used leads to its present news.
    fn know(&self, source: SourceKey, id: ItemId, keys: &[Key]) -> rusqlite::Result<()> {
        let sql = "INSERT INTO item_keys (source, key, item) VALUES (?1, ?2, ?3)
             ON CONFLICT (source, key) DO UPDATE SET item = excluded.item, title = NULL
             WHERE item IS NOT excluded.item";
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

    fn note(&self, id: ItemId, notices: &[(String, Notice)]) -> rusqlite::Result<()> {
        self.execute("DELETE FROM notices WHERE item = ?1", [id.0.as_bytes()])?;
        for (doi, notice) in notices {
            let number = rows::NOTICES
                .iter()
                .find(|(_, known)| known == notice)
                .map(|(number, _)| *number);
            let sql = "INSERT INTO notices (doi, item, notice) VALUES (?1, ?2, ?3)";
            self.execute(sql, params![doi, id.0.as_bytes(), number])?;
        }
        Ok(())
    }

    /// Files an item under the words that it is found by, in the week where it stands.
    pub fn clue(&self, id: ItemId, words: &[String]) -> rusqlite::Result<()> {
        self.execute("DELETE FROM item_clues WHERE item = ?1", [id.0.as_bytes()])?;
        for word in words {
            let sql = "INSERT OR IGNORE INTO item_clues (word, week, item)
                 SELECT ?1, ordered_at / ?3, id FROM items WHERE id = ?2";
            self.execute(sql, params![word, id.0.as_bytes(), WEEK_MS])?;
        }
        Ok(())
    }

    /// Remembers by what a thing that is derived from items was made.
    pub fn set_made_by(&self, name: &str, made_by: &[u8]) -> rusqlite::Result<()> {
        let sql = "INSERT INTO derived (name, made_by) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET made_by = excluded.made_by";
        self.execute(sql, params![name, made_by])?;
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

    /// Remembers that an item's article is asked for a description. Answers whether it is to be: it was not yet, and its
    /// source is still one of `feeds.toml`.
    pub fn set_described(&self, id: ItemId, now: Timestamp) -> rusqlite::Result<bool> {
        let sql = "UPDATE items SET described = ?2 WHERE id = ?1 AND described IS NULL AND source IN
             (SELECT key FROM sources WHERE configured = (SELECT max(configured) FROM sources))";
        Ok(self.execute(sql, params![id.0.as_bytes(), millis(now)])? > 0)
    }

    /// Its article was not asked after all.
    pub fn set_undescribed(&self, id: ItemId) -> rusqlite::Result<()> {
        self.execute("UPDATE items SET described = NULL WHERE id = ?1", [id.0.as_bytes()])?;
        Ok(())
    }

    /// What an item's article says of itself; `None`: nothing that counts.
    pub fn describe(&self, id: ItemId, description: Option<&str>) -> rusqlite::Result<()> {
        let sql = "UPDATE items SET description = ?2 WHERE id = ?1";
        self.execute(sql, params![id.0.as_bytes(), description])?;
        Ok(())
    }

    /// Whether another article of an item's source says the very same of itself.
    pub fn is_said_of_another(&self, id: ItemId, description: &str) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM items WHERE description = ?2 AND id != ?1
             AND source = (SELECT source FROM items WHERE id = ?1))";
        let params = params![id.0.as_bytes(), description];
        self.connection.prepare_cached(sql)?.query_row(params, |row| row.get(0))
    }

    /// Remembers what a site says of robots, and forgets what others said before `cutoff`.
    pub fn set_robots(&self, site: &str, known: &SiteRules, cutoff: Timestamp) -> rusqlite::Result<()> {
        let sql = "INSERT INTO robots (origin, asked, rules) VALUES (?1, ?2, ?3)
             ON CONFLICT (origin) DO UPDATE SET asked = excluded.asked, rules = excluded.rules";
        self.execute(sql, params![site, millis(known.asked), known.rules])?;
        self.execute("DELETE FROM robots WHERE asked < ?1", [millis(cutoff)])?;
        Ok(())
    }

    /// Counts one more reading of `feeds.toml`, which had these sources.
    pub fn configured(&self, sources: impl IntoIterator<Item = SourceKey>) -> rusqlite::Result<()> {
        let sql = "SELECT coalesce(max(configured), 0) + 1 FROM sources";
        let reading: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        for source in sources {
            let sql = "UPDATE sources SET configured = ?2 WHERE key = ?1";
            self.execute(sql, params![source.0, reading])?;
        }
        Ok(())
    }

    /// Puts items into the stories that were decided on, and forgets the stories that were absorbed, which are all
    /// that can have none left.
    ///
    /// What of an absorbed story was beyond the bound of [`Reader::neighbours`] follows, so that the item that gave a
    /// story its guid never belongs to another: no guid is published twice.
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
            for absorbed in &group.absorbed {
                let sql = "UPDATE items SET story = ?2 WHERE story = ?1";
                self.execute(sql, params![absorbed.0, story.0])?;
                self.execute("DELETE FROM stories WHERE key = ?1", [absorbed.0])?;
            }
        }
        Ok(())
    }

    /// Lets go of items that were last in their feed before `cutoff`, the oldest first and at most [`EXPIRED_MAX`] at
    /// once; answers how many. Their keys stay as tombstones, with the title beside them.
    ///
    /// This is all of the rule: an item that left its feed was last there at `last_seen`; one that is still listed was
    /// there when its source was last heard of, which is why a quiet feed keeps what it lists.
    pub fn expire(&self, cutoff: Timestamp) -> rusqlite::Result<usize> {
        let sql = "SELECT id, story FROM items WHERE last_seen < ?1 AND (in_feed = 0 OR source IN
             (SELECT key FROM sources WHERE last_success IS NULL OR last_success < ?1))
             ORDER BY last_seen, id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let expired: Vec<(ItemId, i64)> = statement
            .query_map(params![millis(cutoff), EXPIRED_MAX as i64], |row| {
                Ok((rows::id(row, 0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        for (id, story) in &expired {
            self.bury(*id)?;
            let sql = "DELETE FROM stories WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM items WHERE story = ?1)";
            self.execute(sql, [story])?;
        }
        Ok(expired.len())
    }

    fn bury(&self, id: ItemId) -> rusqlite::Result<()> {
        let sql = "UPDATE item_keys SET title = (SELECT title FROM items WHERE id = ?1) WHERE item = ?1";
        self.execute(sql, [id.0.as_bytes()])?;
        self.execute("DELETE FROM items WHERE id = ?1", [id.0.as_bytes()])?;
        Ok(())
    }

    pub fn set_output(&self, output: &OutputRecord) -> rusqlite::Result<()> {
        let sql = "INSERT INTO outputs (name, digest, changed, gone) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, changed = excluded.changed, gone = excluded.gone";
        let (name, digest) = (&output.name, &output.digest);
        self.execute(sql, params![name, digest, millis(output.changed), output.gone])?;
        Ok(())
    }

    /// Remembers under which guid a story is public. The guid and the time stay; the lead may change.
    ///
    /// A story that was regrouped since it was chosen may have lost the item whose id was to be its guid: it is left
    /// for the next publication.
    pub fn announce(&self, announced: &Announced) -> rusqlite::Result<()> {
        let published = announced.published;
        let sql = "UPDATE stories SET guid = coalesce(guid, ?2), lead = ?3, published_at = coalesce(published_at, ?4)
             WHERE key = ?1 AND (guid IS NOT NULL OR EXISTS (SELECT 1 FROM items WHERE id = ?2 AND story = ?1))";
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
