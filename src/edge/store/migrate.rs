//! Numbered migrations; `user_version` counts those that were run.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreFault;

/// In order, never edited once released.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/0001.sql")];

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
            transaction.pragma_update(None, "user_version", number as u32 + 1)?;
            transaction.commit()
        };
        step(connection).map_err(sqlite)?;
    }
    Ok(())
}

/// How many migrations were run; a fault where it is more than this program knows.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<usize, StoreFault> {
    let found = connection
        .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))
        .map_err(|source| StoreFault::Sqlite {
            path: path.to_owned(),
            source,
        })?;
    let found = found as usize;
    match found > MIGRATIONS.len() {
        true => Err(StoreFault::Newer {
            path: path.to_owned(),
            found,
            known: MIGRATIONS.len(),
        }),
        false => Ok(found),
    }
}
