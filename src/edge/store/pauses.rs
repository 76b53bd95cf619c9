//! Hosts that asked to be left alone: for the next process, and for hosts on which no source is.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;

use super::{
    rows::{self, millis},
    write::Writer,
};
use crate::model::{fetched::RETRY_AFTER_MAX, reading::Reading};

impl Writer<'_> {
    /// Remembers that a host is left alone for so long from now, and forgets what is over. A shorter pause ends no longer
    /// one.
    pub fn pause_host(&self, host: &str, wait: Duration, clocks: &Reading) -> rusqlite::Result<()> {
        let known = self.paused_hosts(clocks)?;
        match known.iter().any(|(known, left)| known == host && *left > wait) {
            true => Ok(()),
            false => self.set_pause(host, wait, clocks),
        }
    }

    fn set_pause(&self, host: &str, wait: Duration, clocks: &Reading) -> rusqlite::Result<()> {
        let until = clocks.now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        let uptime = i64::try_from((clocks.uptime + wait).as_millis()).unwrap_or(i64::MAX);
        let sql = "INSERT OR REPLACE INTO host_pauses (host, until, uptime, boot) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![host, millis(until), uptime, clocks.boot])?;
        Ok(())
    }

    /// Hosts that are left alone, and for how long from now: by the machine's uptime, or, where it was started since, by
    /// the clock. Those whose pause is over are forgotten; what would last longer than any may was written by a clock that
    /// ran ahead.
    pub fn paused_hosts(&self, clocks: &Reading) -> rusqlite::Result<Vec<(String, Duration)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT host, until, uptime, boot FROM host_pauses ORDER BY host")?;
        let rows = statement.query_map([], |row| {
            let ends = Reading {
                now: rows::time(row, 1)?,
                uptime: Duration::from_millis(row.get::<_, i64>(2)?.unsigned_abs()),
                boot: row.get(3)?,
            };
            Ok((row.get::<_, String>(0)?, ends.since(clocks)))
        })?;
        let mut paused = vec![];
        for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
            let (host, left) = row;
            match Duration::try_from(left).ok().filter(|left| !left.is_zero()) {
                Some(left) if left > RETRY_AFTER_MAX => {
                    self.set_pause(&host, RETRY_AFTER_MAX, clocks)?;
                    paused.push((host, RETRY_AFTER_MAX));
                }
                Some(left) => paused.push((host, left)),
                None => {
                    self.execute("DELETE FROM host_pauses WHERE host = ?1", [host])?;
                }
            }
        }
        Ok(paused)
    }
}
