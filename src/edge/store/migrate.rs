//! Numbered migrations; `user_version` counts those that were run.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreFault;

/// In order, never edited once released.
const MIGRATIONS: [&str; 4] = [
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
];

/// Tells our databases from others (`PRAGMA application_id`): "onco" in ASCII. Never changes.
const APPLICATION: i64 = 0x6f6e_636f;

/// Brings a store up to date, each step in a transaction of its own.
pub(super) fn run(connection: &mut Connection, path: &Path) -> Result<(), StoreFault> {
    let done = check(connection, path)?;
    let sqlite = |source| StoreFault::Sqlite {
        path: path.to_owned(),
        source,
    };
    for (number, migration) in MIGRATIONS.iter().enumerate().skip(done) {
        let step = |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", number as u32 + 1)?;
            transaction.commit()
        };
        step(connection).map_err(sqlite)?;
    }
    Ok(())
}

/// Whether every migration was run.
pub(super) fn is_up_to_date(connection: &Connection, path: &Path) -> Result<bool, StoreFault> {
    Ok(check(connection, path)? == MIGRATIONS.len())
}

/// How many migrations were run; a fault where the database is not ours, or newer than this program.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<usize, StoreFault> {
    let found = stamp(connection).map_err(|source| StoreFault::Sqlite {
        path: path.to_owned(),
        source,
    })?;
    match found {
        Stamp { empty: true, .. } => Ok(0),
        Stamp { application, .. } if application != APPLICATION => Err(StoreFault::Foreign(path.to_owned())),
        Stamp { version, .. } => match usize::try_from(version) {
            Ok(done) if done <= MIGRATIONS.len() => Ok(done),
            _ => Err(StoreFault::Newer {
                path: path.to_owned(),
                found: version,
                known: MIGRATIONS.len(),
            }),
        },
    }
}

/// What a database says of itself.
struct Stamp {
    empty: bool,
    application: i64,
    version: i64,
}

fn stamp(connection: &Connection) -> rusqlite::Result<Stamp> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(Stamp {
        empty: number("SELECT count(*) FROM sqlite_master")? == 0,
        application: number("PRAGMA application_id")?,
        version: number("PRAGMA user_version")?,
    })
}
