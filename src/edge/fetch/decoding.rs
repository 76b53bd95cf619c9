//! Content codings (RFC 9110 §8.4.1): which are offered, which of them an answer came in, and how they are taken off.

use std::{io, pin::Pin};

use async_compression::{
    tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder},
    zstd::DParameter,
};
use http::{HeaderMap, HeaderValue, header::CONTENT_ENCODING};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _};

use super::fault::{FetchFault, quoted};

/// What is offered to publishers.
pub(super) const OFFERED: HeaderValue = HeaderValue::from_static("gzip, br, zstd, deflate");

/// Largest window of a zstd stream, as a power of two: what RFC 9659 lets a server count on, 8 MiB. The format itself
/// would let every answer ask for 128 MiB of our memory. The others have windows of 16 MiB (brotli) and 32 KiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// First bytes of gzip: no feed begins with them, only one that was compressed twice or without saying so.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How the bytes on the wire stand for those of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
    Deflate,
}

impl Coding {
    /// Of an answer. Real servers write `identity` where they mean none. Two codings, one upon the other, are nothing that
    /// anybody asks for, and a way to make a small body large twice.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, FetchFault> {
        let lines = headers.get_all(CONTENT_ENCODING).iter();
        let lines: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        let written = lines.join(", ").to_ascii_lowercase();
        let names = written.split(',').map(str::trim);
        let names: Vec<_> = names.filter(|name| !matches!(*name, "" | "identity")).collect();
        match names[..] {
            [] => Ok(Self::Identity),
            ["gzip" | "x-gzip"] => Ok(Self::Gzip),
            ["br"] => Ok(Self::Brotli),
            ["zstd"] => Ok(Self::Zstd),
            ["deflate"] => Ok(Self::Deflate),
            _ => Err(FetchFault::Encoding(quoted(&lines.join(", ")))),
        }
    }
}

/// The document: at most `most` bytes of it and one more, which tells that there is more. A stream that ends in the middle
/// is an error. What comes after its end is read and left aside, since only then it is known that the transfer was whole.
pub(super) async fn decode<R>(coding: Coding, wire: &mut R, most: u64, capacity: usize) -> io::Result<Vec<u8>>
where
    R: AsyncBufRead + Send + Unpin,
{
    let mut bytes = Vec::with_capacity(capacity);
    let decoder = decoder(coding, wire).await?;
    let length = decoder.take(most.saturating_add(1)).read_to_end(&mut bytes).await?;
    if u64::try_from(length).is_ok_and(|length| length <= most) {
        tokio::io::copy_buf(wire, &mut tokio::io::sink()).await?;
    }
    Ok(bytes)
}

type Decoder<'a> = Pin<Box<dyn AsyncRead + Send + 'a>>;

/// gzip and zstd may come in several members, one after the other (RFC 1952 §2.2, RFC 8878 §3.1).
async fn decoder<'a, R>(coding: Coding, wire: &'a mut R) -> io::Result<Decoder<'a>>
where
    R: AsyncBufRead + Send + Unpin,
{
    Ok(match coding {
        Coding::Identity => Box::pin(wire),
        Coding::Gzip => {
            let mut decoder = GzipDecoder::new(wire);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        Coding::Brotli => Box::pin(BrotliDecoder::new(wire)),
        Coding::Zstd => {
            let window = DParameter::window_log_max(ZSTD_WINDOW_LOG_MAX);
            let mut decoder = ZstdDecoder::with_params(wire, &[window]);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        Coding::Deflate => match wire.fill_buf().await?.first() {
            Some(first) if !is_zlib(*first) => Box::pin(DeflateDecoder::new(wire)),
            _ => Box::pin(ZlibDecoder::new(wire)),
        },
    })
}

/// "deflate" means zlib (RFC 9110 §8.4.1.2), but some servers send the bare format. A zlib stream begins with its method,
/// 8 in the low half; a bare one that begins so would be a stored block with padding that is not zero, which nothing writes.
fn is_zlib(first: u8) -> bool {
    first & 0x0f == 8
}

/// Whether a document that should be plain by now is not.
pub(super) fn is_still_gzip(document: &[u8]) -> bool {
    document.starts_with(&GZIP_MAGIC)
}
