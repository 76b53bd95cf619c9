//! Files under `publish.dir`, each replaced whole.
//!
//! *Architecture invariant*: a reader of the folder finds the old file or the new one, never a part; where anything
//! fails before the renames, every old file is still there. Blocking: call it through `spawn_blocking`.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Component, Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::model::publication::{Document, Encoding, Format, Publication};

/// A web server of another user serves the files.
const FILE_MODE: u32 = 0o644;
const DIR_MODE: u32 = 0o755;

/// Marks files in the making; what bears both was left behind by a crash.
const TEMPORARY_PREFIX: &str = ".oncofeed-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Why the folder is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum PublishFault {
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{0:?} is no name for an output: it must be a plain file name")]
    Name(String),
}

/// What a publication changed in the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Names of the files that were replaced or are new.
    pub changed: Vec<String>,
    /// How many had the same bytes already and were not touched.
    pub unchanged: usize,
}

/// Brings the folder to what the publication says. Files that it does not name stay.
///
/// All files are prepared and on the disk before the first is renamed: a full disk changes nothing, and the formats of
/// a channel change together but for an instant.
///
/// # Errors
/// The first thing that failed, with its path.
pub fn write(dir: &Path, publication: &Publication) -> Result<Written, PublishFault> {
    DirBuilder::new()
        .recursive(true)
        .mode(DIR_MODE)
        .create(dir)
        .map_err(fault("create", dir))?;
    clear_leftovers(dir)?;
    let mut written = Written::default();
    let mut prepared = vec![];
    for (name, document) in &publication.documents {
        for (name, bytes) in files(name, document) {
            let path = output(dir, &name)?;
            if holds(&path, bytes) {
                written.unchanged += 1;
            } else {
                prepared.push((prepare(dir, &path, bytes, document.changed)?, path, name));
            }
        }
    }
    for (file, path, name) in prepared {
        file.persist(&path)
            .map_err(|error| fault("replace", &path)(error.error))?;
        written.changed.push(name);
    }
    let stale = publication
        .documents
        .iter()
        .flat_map(|(name, document)| without(name, document));
    let removed = unlink(dir, stale)?;
    if removed > 0 || !written.changed.is_empty() {
        sync(dir)?;
    }
    Ok(written)
}

/// The files of a document, as web servers look for them: its own, and those that hold it encoded.
fn files<'a>(name: &'a str, document: &'a Document) -> impl Iterator<Item = (String, &'a [u8])> {
    let encoded = document.packed.iter();
    let encoded = encoded.map(move |(encoding, bytes)| (beside(name, *encoding), &**bytes));
    std::iter::once((name.to_owned(), &*document.bytes)).chain(encoded)
}

/// Names of the encoded files that a document does not have, though its last one may have had them.
fn without(name: &str, document: &Document) -> impl Iterator<Item = String> {
    let has = |encoding: &Encoding| document.packed.iter().any(|(packed, _)| packed == encoding);
    let absent = Encoding::ALL.into_iter().filter(move |encoding| !has(encoding));
    absent.map(move |encoding| beside(name, encoding))
}

fn beside(name: &str, encoding: Encoding) -> String {
    format!("{name}{}", encoding.extension())
}

/// What lies in the folder under these names, not packed. A file that is not there, or cannot be read, is left out.
pub fn read(dir: &Path, outputs: &[(String, Format)]) -> Publication {
    let document = |(name, format): &(String, Format)| {
        let path = output(dir, name).ok()?;
        let modified = fs::symlink_metadata(&path)
            .ok()
            .filter(fs::Metadata::is_file)?
            .modified()
            .ok()?;
        let document = Document {
            format: *format,
            bytes: fs::read(&path).ok()?.into(),
            changed: modified.try_into().ok()?,
            packed: vec![],
            link: None,
        };
        Some((name.clone(), document))
    };
    Publication {
        documents: outputs.iter().filter_map(document).collect(),
        departed: BTreeMap::new(),
    }
}

/// Removes outputs that are published no longer, and what lies encoded beside them. Names without a file are passed over.
///
/// # Errors
/// The first thing that failed, with its path.
pub fn remove<'a>(dir: &Path, names: impl IntoIterator<Item = &'a str>) -> Result<usize, PublishFault> {
    let encoded = |name: &'a str| Encoding::ALL.map(|encoding| beside(name, encoding));
    let files = names
        .into_iter()
        .flat_map(|name| std::iter::once(name.to_owned()).chain(encoded(name)));
    let removed = unlink(dir, files)?;
    if removed > 0 {
        sync(dir)?;
    }
    Ok(removed)
}

fn unlink(dir: &Path, names: impl Iterator<Item = String>) -> Result<usize, PublishFault> {
    let mut removed = 0;
    for name in names {
        let path = output(dir, &name)?;
        match fs::remove_file(&path) {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(fault("remove", &path)(error)),
        }
    }
    Ok(removed)
}

/// Names come from channel ids, which are checked when `feeds.toml` is read; no mistake there may lead out of the
/// folder.
fn output(dir: &Path, name: &str) -> Result<PathBuf, PublishFault> {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(part)), None) if part == name => Ok(dir.join(name)),
        _ => Err(PublishFault::Name(name.to_owned())),
    }
}

/// Whether this very file is there. A link is not: what it points to is not ours to keep.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let alike = |meta: fs::Metadata| meta.is_file() && meta.len() == bytes.len() as u64;
    fs::symlink_metadata(path).is_ok_and(alike) && fs::read(path).is_ok_and(|found| found == bytes)
}

/// The bytes under a temporary name, on the disk. The file's time is when the document changed, so that a web server's
/// `Last-Modified` is ours.
fn prepare(dir: &Path, path: &Path, bytes: &[u8], changed: Timestamp) -> Result<NamedTempFile, PublishFault> {
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .tempfile_in(dir)
        .map_err(fault("create a file in", dir))?;
    let filled = file.write_all(bytes).and_then(|()| {
        let file = file.as_file();
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
        file.set_modified(SystemTime::try_from(changed).map_err(io::Error::other)?)?;
        file.sync_all()
    });
    filled.map_err(fault("write", path))?;
    Ok(file)
}

fn clear_leftovers(dir: &Path) -> Result<(), PublishFault> {
    let entries = fs::read_dir(dir).map_err(fault("list", dir))?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) {
            fs::remove_file(entry.path()).map_err(fault("remove", &entry.path()))?;
        }
    }
    Ok(())
}

/// A rename is on the disk when its folder is.
fn sync(dir: &Path) -> Result<(), PublishFault> {
    File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(fault("flush", dir))
}

fn fault(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishFault {
    let path = path.to_owned();
    move |source| PublishFault::Io { doing, path, source }
}
