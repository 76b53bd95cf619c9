//! A document that an editor names: a file, or standard input.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, anyhow};
use bytes::Bytes;

/// All of it, if it has as many bytes as a source could send. `-` is standard input.
///
/// # Errors
/// Where it cannot be read, or is larger.
pub(super) fn read(file: &Path, most: u64) -> anyhow::Result<Bytes> {
    let mut bytes = vec![];
    let source: Box<dyn Read> = match file.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?),
    };
    let read = source.take(most + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {}", file.display()))?;
    match bytes.len() as u64 > most {
        true => Err(anyhow!(
            "{} is larger than {most} bytes ([fetch] max_body)",
            file.display()
        )),
        false => Ok(bytes.into()),
    }
}
