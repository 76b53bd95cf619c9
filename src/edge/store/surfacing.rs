//! Which items wait to surface.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{
    read::Reader,
    rows::{self, millis},
    write::Writer,
};
use crate::model::{
    flood::{Held, Queue, Surfacing},
    item::ItemId,
    source::SourceKey,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Reader<'_> {
    /// What new items of a source find.
    pub fn surfacing(&self, source: SourceKey, now: Timestamp) -> rusqlite::Result<Surfacing> {
        let sql = "SELECT surfaces_at FROM items WHERE source = ?1 AND surfaces_at > ?2 AND surfaces_at <= ?3
             ORDER BY surfaces_at";
        let mut statement = self.connection.prepare_cached(sql)?;
        let hour_ago = millis(now.saturating_sub(HOUR).unwrap_or(now));
        let lately = statement
            .query_map(params![source.0, hour_ago, millis(now)], |row| rows::time(row, 0))?
            .collect::<Result<_, _>>()?;
        Ok(Surfacing {
            began: self.has_brought_something(source)?,
            lately,
            held: self.held(source, now)?,
        })
    }

    fn has_brought_something(&self, source: SourceKey) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM item_keys WHERE source = ?1)";
        self.connection
            .prepare_cached(sql)?
            .query_row([source.0], |row| row.get(0))
    }

    fn held(&self, source: SourceKey, now: Timestamp) -> rusqlite::Result<Vec<Held>> {
        let sql = "SELECT id, ordered_at, surfaces_at FROM items
             WHERE source = ?1 AND surfaces_at > ?2 AND first_seen <= ?2 ORDER BY surfaces_at, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let held = statement.query_map(params![source.0, millis(now)], |row| {
            Ok(Held {
                id: rows::id(row, 0)?,
                ordered_at: rows::time(row, 1)?,
                surfaces_at: rows::time(row, 2)?,
            })
        })?;
        held.collect()
    }

    /// What waits, of every source of which something does.
    pub fn queues(&self, now: Timestamp) -> rusqlite::Result<BTreeMap<SourceKey, Queue>> {
        let sql = "SELECT source, count(*), max(surfaces_at) FROM items
             WHERE surfaces_at > ?1 AND first_seen <= ?1 GROUP BY source";
        let mut statement = self.connection.prepare_cached(sql)?;
        let queues = statement.query_map([millis(now)], |row| {
            let queue = Queue {
                items: row.get::<_, u32>(1)? as usize,
                until: rows::time(row, 2)?,
            };
            Ok((SourceKey(row.get(0)?), queue))
        })?;
        queues.collect()
    }

    /// Whether anything that waited has surfaced since.
    pub fn has_surfaced(&self, since: Timestamp, now: Timestamp) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM items
             WHERE surfaces_at > ?1 AND surfaces_at <= ?2 AND surfaces_at > first_seen)";
        let params = params![millis(since), millis(now)];
        self.connection.prepare_cached(sql)?.query_row(params, |row| row.get(0))
    }
}

impl Writer<'_> {
    /// Items that wait, planned anew.
    pub fn hold(&self, planned: &[(ItemId, Timestamp)]) -> rusqlite::Result<()> {
        for (id, at) in planned {
            let sql = "UPDATE items SET surfaces_at = ?2 WHERE id = ?1";
            self.execute(sql, params![id.0.as_bytes(), millis(*at)])?;
        }
        Ok(())
    }
}
