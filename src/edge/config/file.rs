//! Text from a path, within bounds, and places in it.

use std::{
    fs::File,
    io::{self, Read},
    ops::Range,
    path::Path,
};

use super::{
    fault::{Fault, Line},
    value::Wrong,
};

/// Largest file read, in bytes. A thousand sources with rules take 400 KB; a log given by mistake takes more.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A file's text and its name, for messages.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: String,
    pub(super) text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// `None` where there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Document>, Fault> {
    match bytes(path) {
        Ok(bytes) => document(path, bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::of_file(path, format!("cannot be read: {error}"), None)),
    }
}

/// What the bytes of a file say, as far as they are text of a size that we read.
pub(super) fn document(path: &Path, bytes: Vec<u8>) -> Result<Document, Fault> {
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let help = "no list of sources is that long: is this the right file?";
        return Err(Fault::of_file(path, "is larger than 1 MiB", Some(help)));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let help = "save it as UTF-8 in your editor";
        Fault::of_file(path, format!("line {line} is not UTF-8 text"), Some(help))
    })?;
    // Some editors on Windows begin a file with a byte order mark; columns must not count it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Ok(Document::new(path, text))
}

/// At most one byte more than may be read. A pipe or device could keep us waiting for ever.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a directory"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = vec![];
    File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A fault of a setting that names a file.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Wrong {
    match error.kind() {
        io::ErrorKind::NotFound => Wrong::new(format!("there is no file {}", path.display())),
        _ => Wrong::new(format!("{} cannot be read: {error}", path.display())),
    }
}

impl Document {
    pub(super) fn empty(path: &Path) -> Self {
        Self::new(path, String::new())
    }

    pub(super) fn new(path: &Path, text: String) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: path.display().to_string(),
            lines: std::iter::once(0).chain(breaks).collect(),
            text,
        }
    }

    /// What is written at a span; empty where the span is none of this text.
    pub(super) fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// From 1.
    pub(super) fn line_number(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    /// The line in which a span begins, and the part of the span that is on it.
    pub(super) fn line(&self, span: &Range<usize>) -> Line {
        // A fault at the very end belongs to the last line that has something on it.
        let start = match span.start >= self.text.len() {
            true => self.text.trim_end().len(),
            false => span.start,
        };
        let first = |from: usize| {
            self.text
                .get(from..)
                .and_then(|rest| rest.lines().next())
                .unwrap_or_default()
        };
        let number = self.line_number(start);
        let begin = self.lines.get(number - 1).copied().unwrap_or_default();
        let marked = self.slice(&(start..span.end.max(start)));
        Line {
            file: self.file.clone(),
            number,
            column: self.slice(&(begin..start)).chars().count() + 1,
            text: first(begin).to_owned(),
            width: marked.lines().next().unwrap_or_default().chars().count().max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let document = Document::new(Path::new("f"), "ä = 1\r\nb = [\n  2,\n]\n\n".into());
        let place = |span: Range<usize>| {
            let line = document.line(&span);
            (line.number, line.column, line.text, line.width)
        };
        assert_eq!(place(0..2), (1, 1, "ä = 1".into(), 1));
        assert_eq!(place(5..6), (1, 5, "ä = 1".into(), 1));
        assert_eq!(
            place(12..20),
            (2, 5, "b = [".into(), 1),
            "only what is on the first line is marked"
        );
        assert_eq!(place(16..17), (3, 3, "  2,".into(), 1));
        assert_eq!(place(22..22), (4, 2, "]".into(), 1), "the end of the file");
        assert_eq!(document.line_number(0), 1);
    }
}
