use async_compression::tokio::bufread::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use bytes::Bytes;
use oncofeed::model::fetched::Request;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{document, fault, fetcher, now};
use crate::support::{
    document::gzipped,
    origin::{Origin, Reply},
};

const FEED: &[u8] = b"<rss><channel><title>News of trials, and more news of trials</title></channel></rss>";

async fn read(mut reader: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut bytes = vec![];
    reader.read_to_end(&mut bytes).await.unwrap();
    bytes
}

/// As a content coding, or "raw" for the bare format that some servers call "deflate".
pub async fn encoded(name: &str, body: &[u8]) -> Vec<u8> {
    match name {
        "gzip" => read(GzipEncoder::new(body)).await,
        "br" => read(BrotliEncoder::new(body)).await,
        "zstd" => read(ZstdEncoder::new(body)).await,
        "deflate" => read(ZlibEncoder::new(body)).await,
        "raw" => read(DeflateEncoder::new(body)).await,
        _ => body.to_vec(),
    }
}

fn site(names: &[&'static str], body: impl Into<Bytes>) -> Origin {
    let (names, body) = (names.to_vec(), body.into());
    Origin::start(move |_| {
        let reply = Reply::feed(body.clone());
        let line = |reply: Reply, name| reply.header("content-encoding", name);
        names.iter().fold(reply, line)
    })
}

#[tokio::test]
async fn every_coding_is_read_however_it_is_spelt() {
    for (called, coding) in [
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        (" gzip ,", "gzip"),
        ("identity, gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("deflate", "deflate"),
        ("deflate", "raw"),
        ("identity", ""),
        ("Identity", ""),
        ("", ""),
    ] {
        let origin = site(&[called], encoded(coding, FEED).await);
        let document = document(origin.url("/")).await;
        assert_eq!(&document.bytes[..], FEED, "{coding} called {called:?}");
        assert_eq!(
            origin.requests()[0].header("accept-encoding"),
            "gzip, br, zstd, deflate"
        );
    }
}

#[tokio::test]
async fn a_document_may_come_in_several_members() {
    for coding in ["gzip", "zstd"] {
        let (left, right) = FEED.split_at(40);
        let members = [encoded(coding, left).await, encoded(coding, right).await].concat();
        let origin = site(&[coding], members);
        assert_eq!(&document(origin.url("/")).await.bytes[..], FEED, "{coding}");
    }
}

#[tokio::test]
async fn a_coding_that_is_not_read_is_never_parsed() {
    let once = gzipped(FEED);
    let twice = gzipped(&once);
    for (names, body, called) in [
        (vec!["compress"], &once, "compress"),
        (vec!["gzip, gzip"], &twice, "gzip, gzip"),
        (vec!["gzip", "gzip"], &twice, "gzip, gzip"),
        (vec!["br, gzip"], &once, "br, gzip"),
        (vec!["gzip;q=1"], &once, "gzip;q=1"),
        (vec!["utf-8"], &once, "utf-8"),
        (vec![], &once, "gzip without saying so"),
        (vec!["gzip"], &twice, "gzip without saying so"),
    ] {
        let origin = site(&names, body.clone());
        let words = format!("encoded as \"{called}\", which we do not read");
        assert_eq!(fault(origin.url("/")).await, words, "{names:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_not_what_they_are_called_are_a_fault() {
    let damaged = {
        let mut bytes = gzipped(FEED);
        bytes[20] ^= 0x55;
        bytes
    };
    let and_more = [&gzipped(FEED), FEED].concat();
    for (coding, body) in [
        ("gzip", FEED),
        ("br", FEED),
        ("zstd", FEED),
        ("deflate", FEED),
        ("gzip", &damaged),
        ("gzip", &and_more),
    ] {
        let words = fault(site(&[coding], body.to_vec()).url("/")).await;
        assert!(words.starts_with("cannot be decompressed: "), "{coding}: {words}");
    }
}

/// The transfer is whole; what was transferred is not.
#[tokio::test]
async fn a_stream_that_ends_in_the_middle_is_never_a_document() {
    let fetcher = fetcher(|_| ());
    for coding in ["gzip", "br", "zstd", "deflate", "raw"] {
        let whole = encoded(coding, FEED).await;
        let length = whole.len();
        let called = if coding == "raw" { "deflate" } else { coding };
        let origin = Origin::start(move |request| {
            let length: usize = request.path[1..].parse().unwrap();
            Reply::feed(whole[..length].to_vec()).header("content-encoding", called)
        });
        for cut in 1..length {
            let request = Request::new(origin.url(&format!("/{cut}")));
            let words = fetcher.fetch(&request, now()).await.unwrap_err().to_string();
            let what = format!("{coding}, {cut} of {length}: {words}");
            assert!(words.starts_with("cannot be decompressed: "), "{what}");
        }
    }
}

#[tokio::test]
async fn bombs_go_off_at_the_limit() {
    let zeros = vec![0; 16 << 20];
    for coding in ["gzip", "br", "zstd", "deflate", "raw"] {
        let called = if coding == "raw" { "deflate" } else { coding };
        let bomb = encoded(coding, &zeros).await;
        assert!(bomb.len() < 1 << 20, "{coding}: {}", bomb.len());
        assert_eq!(
            fault(site(&[called], bomb).url("/")).await,
            "larger than 8 MiB",
            "{coding}"
        );
    }
    let nothing = gzipped(b"").repeat((9 << 20) / gzipped(b"").len());
    assert_eq!(
        fault(site(&["gzip"], nothing).url("/")).await,
        "larger than 8 MiB",
        "members without an end, of which nothing comes"
    );
}

/// The window of a zstd stream is ours to hold, and its format would let it be 128 MiB.
#[tokio::test]
async fn a_stream_may_not_ask_for_much_memory() {
    let head = |window_log: u8| [0x28, 0xb5, 0x2f, 0xfd, 0x00, (window_log - 10) << 3];
    let empty_block = [1, 0, 0];
    let stream = |window_log| [&head(window_log)[..], &empty_block].concat();
    let most = fault(site(&["zstd"], stream(23)).url("/")).await;
    assert_eq!(most, "200: the site sends nothing");
    let more = fault(site(&["zstd"], stream(24)).url("/")).await;
    assert_eq!(
        more,
        "cannot be decompressed: Frame requires too much memory for decoding"
    );
}
