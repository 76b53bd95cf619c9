//! Hosts that asked to be left alone: for the next process, and for hosts on which no source is.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;

use super::{
    rows::{self, millis},
    write::Writer,
};

impl Writer<'_> {
    /// Remembers until when a host is left alone, and forgets what is over. A shorter pause ends no longer one.
    pub fn pause_host(&self, host: &str, until: Timestamp, now: Timestamp) -> rusqlite::Result<()> {
        let sql = "INSERT INTO host_pauses (host, until) VALUES (?1, ?2)
             ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)";
        self.execute(sql, params![host, millis(until)])?;
        self.execute("DELETE FROM host_pauses WHERE until <= ?1", [millis(now)])?;
        Ok(())
    }

    /// Hosts that are left alone, and until when. What would last longer than `longest` was written by a clock that ran
    /// ahead, and ends then.
    pub fn paused_hosts(&self, now: Timestamp, longest: Duration) -> rusqlite::Result<Vec<(String, Timestamp)>> {
        let end = now.saturating_add(longest).unwrap_or(Timestamp::MAX);
        self.execute("UPDATE host_pauses SET until = ?1 WHERE until > ?1", [millis(end)])?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT host, until FROM host_pauses WHERE until > ?1 ORDER BY host")?;
        statement
            .query_map([millis(now)], |row| Ok((row.get(0)?, rows::time(row, 1)?)))?
            .collect()
    }
}
