//! Adds sources to the editors' file: as text at its end, so that every byte that was there stays.
//!
//! *Architecture invariant*: the file is replaced whole or not at all; what replaces it has been read before, and says
//! what the file said and the added sources, nothing else. A file that somebody saved meanwhile is left as it is.
//!
//! Commands of ours take turns, by an advisory lock on the folder: none replaces what another has just added. An editor's
//! program knows nothing of that lock. What it saves in the moment between our last look at the file and the rename is
//! lost, and nothing could keep it out. Blocking, for as long as others take to write some hundred kilobytes.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, fchown},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;
use toml::Value;

use super::{fault::Faults, feeds, file};
use crate::model::{
    channel::Channel,
    settings::{Feeds, Settings},
    source::Source,
};

/// The file in the making, in the folder of the file that it is to replace.
const TEMPORARY_PREFIX: &str = ".oncofeed-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum AppendFault {
    /// The file as it is now.
    #[error("{0}")]
    Faulty(Faults),
    /// The file as it would be.
    #[error("{} would be faulty with it:\n{faults}", path.display())]
    Unfit { path: PathBuf, faults: Faults },
    #[error("{} would say something else than it does now, beside what is added", .0.display())]
    SaysMore(PathBuf),
    #[error("{} was changed by somebody else in this very moment", .0.display())]
    Changed(PathBuf),
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

/// Sources on their way into the file: read and judged, not yet written.
#[derive(Debug)]
pub struct Addition {
    /// The file itself, where its name is a link.
    file: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
    warnings: Vec<String>,
    /// Where the file is: locked until this is dropped.
    folder: File,
}

impl Addition {
    /// Reads the file as it is now, and as it would be with these sources at its end. Waits for the additions that others
    /// are making; whoever holds one and prepares another in its folder waits for ever.
    ///
    /// # Errors
    /// Where either is faulty, or the second does not say what the first says and these sources.
    pub fn prepare(path: &Path, settings: &Settings, sources: &[Source]) -> Result<Self, AppendFault> {
        let file = fs::canonicalize(path).map_err(fault("find", path))?;
        let folder = locked_folder(&file)?;
        let before = file::bytes(&file).map_err(fault("read", path))?;
        let (feeds_before, known) = read(path, &before, settings).map_err(AppendFault::Faulty)?;
        let after = with(&before, &block(sources));
        let (feeds_after, mut warnings) = read(path, &after, settings).map_err(|faults| AppendFault::Unfit {
            path: path.to_owned(),
            faults,
        })?;
        if !only_adds(&feeds_before, &feeds_after, sources) {
            return Err(AppendFault::SaysMore(path.to_owned()));
        }
        warnings.retain(|warning| !known.contains(warning));
        Ok(Self {
            file,
            before,
            after,
            warnings,
            folder,
        })
    }

    /// What works and is probably not meant, and was not in the file before.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Replaces the file; mode and owner stay.
    ///
    /// # Errors
    /// Whatever the system says, and where the file is no longer the one that was read. Then it is as it was.
    pub fn save(self) -> Result<(), AppendFault> {
        let new = self.written().map_err(fault("write beside", &self.file))?;
        let now = file::bytes(&self.file).map_err(fault("read", &self.file))?;
        if now != self.before {
            return Err(AppendFault::Changed(self.file));
        }
        new.persist(&self.file)
            .map_err(|error| fault("replace", &self.file)(error.error))?;
        // A rename is on the disk when its folder is.
        self.folder.sync_all().map_err(fault("flush", folder_of(&self.file)))
    }

    fn written(&self) -> io::Result<NamedTempFile> {
        let metadata = fs::metadata(&self.file)?;
        let mut new = tempfile::Builder::new()
            .prefix(TEMPORARY_PREFIX)
            .suffix(TEMPORARY_SUFFIX)
            .tempfile_in(folder_of(&self.file))?;
        new.write_all(&self.after)?;
        let ours = new.as_file().metadata()?;
        if (ours.uid(), ours.gid()) != (metadata.uid(), metadata.gid()) {
            fchown(new.as_file(), Some(metadata.uid()), Some(metadata.gid()))?;
        }
        new.as_file().set_permissions(metadata.permissions())?;
        new.as_file().sync_all()?;
        Ok(new)
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

/// The folder, and not the file: that is another one after each addition.
fn locked_folder(file: &Path) -> Result<File, AppendFault> {
    let path = folder_of(file);
    let folder = File::open(path).map_err(fault("open", path))?;
    folder.lock().map_err(fault("lock", path))?;
    Ok(folder)
}

/// The sources as an editor would write them: only the keys that `add` and `import` decide.
pub fn block(sources: &[Source]) -> String {
    let blocks: Vec<_> = sources.iter().map(section).collect();
    blocks.join("\n")
}

fn section(source: &Source) -> String {
    let text = |text: &str| Value::String(text.to_owned());
    let topics = Value::Array(source.topics.iter().map(|topic| text(topic)).collect());
    let mut section = format!(
        "[[source]]\nid = {}\nname = {}\nurl = {}\ntopics = {topics}\n",
        text(source.id.as_str()),
        text(&source.name),
        text(source.url.as_str()),
    );
    if !source.enabled {
        section.push_str("enabled = false\n");
    }
    if source.private {
        section.push_str("private = true\n");
    }
    section
}

/// The bytes with a block after them, set off by an empty line and with the line ends that the file has.
fn with(before: &[u8], block: &str) -> Vec<u8> {
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    let windows = before.array_windows().filter(|pair| *pair == b"\r\n").count();
    let end = if windows > lines - windows { "\r\n" } else { "\n" };
    let line_is_open = !before.is_empty() && !before.ends_with(b"\n");
    let line_is_empty = before.is_empty() || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    let mut after = before.to_vec();
    for _ in 0..usize::from(line_is_open) + usize::from(!line_is_empty) {
        after.extend_from_slice(end.as_bytes());
    }
    after.extend_from_slice(block.replace('\n', end).as_bytes());
    after
}

/// What a text says that is to be the editors' file, and its warnings.
fn read(path: &Path, bytes: &[u8], settings: &Settings) -> Result<(Feeds, Vec<String>), Faults> {
    let document = file::document(path, bytes.to_vec()).map_err(Faults::from)?;
    let (mut faults, mut warnings) = (Faults::default(), vec![]);
    let feeds = feeds::read(&document, Some(settings), &mut faults, &mut warnings);
    match faults.is_empty() {
        true => Ok((feeds, warnings)),
        false => Err(faults),
    }
}

/// Whether the sources are those that were there and the added ones, and the channels what they were.
fn only_adds(before: &Feeds, after: &Feeds, added: &[Source]) -> bool {
    let same_channel = |(old, new): (&Channel, &Channel)| {
        let widened = || Channel {
            topics: feeds::all_topics(&after.sources),
            ..old.clone()
        };
        // A channel that names no topics takes the new ones, too.
        old == new || old.topics == feeds::all_topics(&before.sources) && *new == widened()
    };
    after.sources.iter().eq(before.sources.iter().chain(added))
        && before.channels.len() == after.channels.len()
        && before.channels.iter().zip(&after.channels).all(same_channel)
}

fn fault(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> AppendFault {
    let path = path.to_owned();
    move |source| AppendFault::Io { doing, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_file_end_as_they_did() {
        for (before, after) in [
            ("", "x\ny\n"),
            ("a = 1", "a = 1\n\nx\ny\n"),
            ("a = 1\n", "a = 1\n\nx\ny\n"),
            ("a = 1\n\n", "a = 1\n\nx\ny\n"),
            ("a = 1\r\n", "a = 1\r\n\r\nx\r\ny\r\n"),
            ("a = 1\r\n\r\n", "a = 1\r\n\r\nx\r\ny\r\n"),
            ("a = 1\r\nb = 1\r\n# c", "a = 1\r\nb = 1\r\n# c\r\n\r\nx\r\ny\r\n"),
            ("a = 1\r\nb = 1\n\n", "a = 1\r\nb = 1\n\nx\ny\n"),
        ] {
            assert_eq!(String::from_utf8(with(before.as_bytes(), "x\ny\n")).unwrap(), after);
        }
    }
}
