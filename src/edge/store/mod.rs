//! SQLite: one writer, and readers that never wait for it (WAL).
//!
//! *Architecture invariant*: what one fetch changes is one transaction, made by [`Store::write`]; a store is created
//! by [`Store::create`] alone, so that a mistyped path never becomes an empty archive.

mod migrate;
mod neighbours;
mod pauses;
mod read;
mod rows;
mod surfacing;
mod write;

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

pub use self::{
    read::{Reader, SourceRow},
    write::Writer,
};

/// How long a statement waits for another process (a backup, an operator's shell) to let go.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages that the writer keeps in memory, in KiB with SQLite's minus sign: the week of a large archive that news is held
/// against, where the 2 MiB of SQLite's default would be read over and over.
const CACHE_KIB: i64 = -64 * 1024;

/// Why the store could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    #[error("no store at {}: `oncofeed run` or `oncofeed once` creates it", .0.display())]
    Missing(PathBuf),
    #[error("{} is in use by another oncofeed", .0.display())]
    InUse(PathBuf),
    #[error("{} was written by an older oncofeed; start the daemon, or run `once`, to bring it up to date", .0.display())]
    Older(PathBuf),
    #[error("{} was written by a newer oncofeed (schema {found}, this one knows {known}); it was left as it is", path.display())]
    Newer { path: PathBuf, found: i64, known: usize },
    #[error("{} is a database of another program; it was left as it is", .0.display())]
    Foreign(PathBuf),
    #[error("{} was removed or replaced while it was in use; start oncofeed again", .0.display())]
    Replaced(PathBuf),
    #[error("cannot prepare {}", path.display())]
    Prepare { path: PathBuf, source: io::Error },
    #[error("{} cannot be opened as this user; run the command as the user that the daemon runs as", .0.display())]
    Denied(PathBuf),
    #[error("{}: {source}", path.display())]
    Sqlite { path: PathBuf, source: rusqlite::Error },
    #[error("a task of the store was ended early")]
    Ended,
}

/// A handle on the store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    path: Arc<Path>,
    /// Device and inode of the file that was opened.
    file: (u64, u64),
    writer: Option<Arc<Exclusive>>,
}

/// The one writing connection, and the lock that keeps other processes from having one.
#[derive(Debug)]
struct Exclusive {
    connection: Mutex<Connection>,
    _lock: File,
}

impl Store {
    /// Opens the store for writing, creating and migrating it as needed.
    ///
    /// # Errors
    /// [`StoreFault::InUse`] at once, where another process writes to it.
    pub fn create(path: &Path) -> Result<Self, StoreFault> {
        let prepare = |source| StoreFault::Prepare {
            path: path.to_owned(),
            source,
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(prepare)?;
        }
        let lock = lock(path)?;
        let sqlite = |source| StoreFault::Sqlite {
            path: path.to_owned(),
            source,
        };
        let mut connection = Connection::open(path).map_err(sqlite)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(sqlite)?;
        // Before the first change: what is another program's is left as it is.
        migrate::check(&connection, path)?;
        configure_writer(&connection).map_err(sqlite)?;
        migrate::run(&mut connection, path)?;
        Ok(Self {
            file: file(path).map_err(prepare)?,
            path: path.into(),
            writer: Some(Arc::new(Exclusive {
                connection: Mutex::new(connection),
                _lock: lock,
            })),
        })
    }

    /// Opens an existing store for reading, beside whoever writes to it.
    ///
    /// # Errors
    /// [`StoreFault::Missing`] where there is none, [`StoreFault::Older`] where it has to be migrated first.
    pub fn open(path: &Path) -> Result<Self, StoreFault> {
        if !path.exists() {
            return Err(StoreFault::Missing(path.to_owned()));
        }
        let prepare = |source| StoreFault::Prepare {
            path: path.to_owned(),
            source,
        };
        let store = Self {
            file: file(path).map_err(prepare)?,
            path: path.into(),
            writer: None,
        };
        let connection = store.reading()?;
        match migrate::is_up_to_date(&connection, path)? {
            true => Ok(store),
            false => Err(StoreFault::Older(path.to_owned())),
        }
    }

    /// Runs `work` in one transaction: all of it is kept, or, where it fails, nothing.
    ///
    /// # Errors
    /// Whatever SQLite says, and [`StoreFault::Missing`] on a store that was opened for reading.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Writer<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreFault> {
        let exclusive = self
            .writer
            .clone()
            .ok_or_else(|| StoreFault::Missing(self.path.to_path_buf()))?;
        self.still_there()?;
        self.blocking(move || {
            // A panic in the middle rolled its transaction back: the connection is sound.
            let mut connection = exclusive.connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = work(&Writer::new(&transaction))?;
            transaction.commit()?;
            Ok(answer)
        })
        .await
    }

    /// Runs `work` on a snapshot of its own.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreFault> {
        self.still_there()?;
        let connection = self.reading()?;
        self.blocking(move || {
            let snapshot = connection.unchecked_transaction()?;
            work(&Reader::new(&snapshot))
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreFault> {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| StoreFault::Ended)?
            .map_err(|source| self.sqlite(source))
    }

    /// A backup that was put in the place of the file would be read, while the writer still wrote to what it opened.
    fn still_there(&self) -> Result<(), StoreFault> {
        match file(&self.path).is_ok_and(|found| found == self.file) {
            true => Ok(()),
            false => Err(StoreFault::Replaced(self.path.to_path_buf())),
        }
    }

    fn reading(&self) -> Result<Connection, StoreFault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(&*self.path, flags).map_err(|source| self.sqlite(source))?;
        connection
            .busy_timeout(BUSY_TIMEOUT)
            .map_err(|source| self.sqlite(source))?;
        Ok(connection)
    }

    /// A reader of a WAL database must be allowed to write beside it, even where nobody else has it open.
    fn sqlite(&self, source: rusqlite::Error) -> StoreFault {
        let path = self.path.to_path_buf();
        match source.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)
                if self.writer.is_none() =>
            {
                StoreFault::Denied(path)
            }
            _ => StoreFault::Sqlite { path, source },
        }
    }
}

/// `FULL`: what was committed is there after a power cut, since its validators will ask for what comes after it.
fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn file(path: &Path) -> io::Result<(u64, u64)> {
    let found = fs::metadata(path)?;
    Ok((found.dev(), found.ino()))
}

/// The kernel lets go of it however the process ends.
fn lock(path: &Path) -> Result<File, StoreFault> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let prepare = |source| StoreFault::Prepare {
        path: path.to_owned(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name)
        .map_err(prepare)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreFault::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(prepare(source)),
    }
}
