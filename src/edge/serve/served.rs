//! A publication made ready: every representation of every document, tagged once.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::HeaderValue;
use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::model::publication::{Departed, Document, Encoding, Format, Publication};

/// Bytes of the digest in a tag: 128 bits, so that no two representations ever share one.
const TAG_BYTES: usize = 16;

/// What is served, by its name.
#[derive(Debug, Default)]
pub(super) struct Served {
    outputs: BTreeMap<String, Arc<Output>>,
    departed: BTreeMap<String, Departed>,
}

/// A document in every encoding.
#[derive(Debug)]
pub(super) struct Output {
    document: Document,
    pub(super) last_modified: Option<HeaderValue>,
    pub(super) link: Option<HeaderValue>,
    plain: Representation,
    packed: Vec<(Encoding, Representation)>,
}

#[derive(Debug)]
pub(super) struct Representation {
    pub(super) bytes: Bytes,
    /// A strong one: a digest of these very bytes, so that it differs by encoding.
    pub(super) etag: Option<HeaderValue>,
}

impl Served {
    /// Outputs that have not changed are taken over from the last publication.
    pub(super) fn new(publication: &Publication, last: &Self) -> Self {
        let output = |(name, document): (&String, &Document)| {
            let known = last.outputs.get(name).filter(|output| output.document == *document);
            let output = known.cloned().unwrap_or_else(|| Arc::new(Output::new(document)));
            (name.clone(), output)
        };
        Self {
            outputs: publication.documents.iter().map(output).collect(),
            departed: publication.departed.clone(),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Output> {
        self.outputs.get(name).map(AsRef::as_ref)
    }

    /// What became of an output that is no more.
    pub(super) fn departed(&self, name: &str) -> Option<&Departed> {
        self.departed.get(name)
    }
}

impl Output {
    fn new(document: &Document) -> Self {
        let packed = document.packed.iter();
        let packed = packed.map(|(encoding, bytes)| (*encoding, Representation::new(bytes.clone())));
        Self {
            last_modified: http_date(document.changed),
            link: document.link.as_ref().and_then(|link| HeaderValue::try_from(link).ok()),
            plain: Representation::new(document.bytes.clone()),
            packed: packed.collect(),
            document: document.clone(),
        }
    }

    pub(super) fn format(&self) -> Format {
        self.document.format
    }

    pub(super) fn changed(&self) -> Timestamp {
        self.document.changed
    }

    /// The encodings that are there, the smallest first.
    pub(super) fn encodings(&self) -> impl Iterator<Item = Encoding> {
        self.packed.iter().map(|(encoding, _)| *encoding)
    }

    pub(super) fn representation(&self, encoding: Option<Encoding>) -> &Representation {
        let packed = self.packed.iter().find(|(found, _)| Some(*found) == encoding);
        packed.map_or(&self.plain, |(_, representation)| representation)
    }
}

impl Representation {
    fn new(bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes);
        let hex: String = digest
            .iter()
            .take(TAG_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            etag: HeaderValue::try_from(format!("\"{hex}\"")).ok(),
            bytes,
        }
    }
}

/// `None` for years that HTTP cannot write.
fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let text = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .ok()?;
    HeaderValue::try_from(text).ok()
}
