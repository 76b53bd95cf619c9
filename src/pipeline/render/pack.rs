//! Documents made shorter, once for all who read them: over HTTP, and from a web server that serves the files.

use std::io::Write as _;

use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use crate::model::publication::{Document, Encoding};

/// Brotli quality, of 11. Measured on feeds of 60 KB: 10 takes 24 ms and saves 13 % on 9; 11 takes 55 ms for 2 % more.
const BROTLI_QUALITY: i32 = 10;

/// The document with all encodings that are smaller. The same bytes always become the same bytes.
pub fn packed(document: Document) -> Document {
    let encoded = Encoding::ALL.into_iter().filter_map(|encoding| {
        let bytes = encode(encoding, &document.bytes)?;
        (bytes.len() < document.bytes.len()).then(|| (encoding, Bytes::from(bytes)))
    });
    Document {
        packed: encoded.collect(),
        ..document
    }
}

fn encode(encoding: Encoding, bytes: &[u8]) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Brotli => brotli(bytes),
        Encoding::Gzip => gzip(bytes),
    }
}

/// Without a time and a name in its head.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(vec![], Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn brotli(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        ..BrotliEncoderParams::default()
    };
    let mut packed = vec![];
    brotli::BrotliCompress(&mut bytes, &mut packed, &params).ok()?;
    Some(packed)
}
