//! A feed as a careful publisher serves it: validators, 304, gzip. It can be changed while it is served.

use std::{
    io::Write as _,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::origin::{Origin, Recorded, Reply};

/// 2026-07-01, when every document was first published; each change comes a minute later.
const FIRST_PUBLISHED: Duration = Duration::from_secs(1_782_864_000);
const BETWEEN_CHANGES: Duration = Duration::from_secs(60);

/// Cheap to clone; clones are the same document.
#[derive(Debug, Clone)]
pub struct Document(Arc<Mutex<Version>>);

#[derive(Debug)]
struct Version {
    number: u32,
    body: Bytes,
    media_type: &'static str,
}

impl Document {
    pub fn rss(body: impl Into<Bytes>) -> Self {
        Self::new("application/rss+xml; charset=utf-8", body)
    }

    pub fn new(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self(Arc::new(Mutex::new(Version {
            number: 1,
            body: body.into(),
            media_type,
        })))
    }

    /// Publishes a new version.
    pub fn set(&self, body: impl Into<Bytes>) {
        let mut version = self.0.lock().unwrap();
        version.number += 1;
        version.body = body.into();
    }

    /// `ETag` decides where a request has both conditions (RFC 9110 §13.2.2).
    pub fn reply(&self, request: &Recorded) -> Reply {
        let version = self.0.lock().unwrap();
        let gzip = request.header("accept-encoding").contains("gzip");
        let etag = format!("\"v{}{}\"", version.number, if gzip { "-gzip" } else { "" });
        let modified = UNIX_EPOCH + FIRST_PUBLISHED + BETWEEN_CHANGES * (version.number - 1);
        let modified = httpdate::fmt_http_date(modified);
        let unchanged = match (request.header("if-none-match"), request.header("if-modified-since")) {
            ("", "") => false,
            ("", since) => is_not_before(since, &modified),
            (tag, _) => tag == etag,
        };
        let reply = match (unchanged, gzip) {
            (true, _) => Reply::new(304, ""),
            (false, true) => Reply::new(200, gzipped(&version.body)).header("content-encoding", "gzip"),
            (false, false) => Reply::new(200, version.body.clone()),
        };
        reply
            .header("content-type", version.media_type)
            .header("etag", etag)
            .header("last-modified", modified)
            .header("vary", "accept-encoding")
    }
}

impl Origin {
    /// Serves documents by their paths, and 404 for all others.
    pub fn serving<const N: usize>(documents: [(&'static str, &Document); N]) -> Self {
        let documents = documents.map(|(path, document)| (path, document.clone()));
        Self::start(move |request| {
            let found = documents.iter().find(|(path, _)| *path == request.path);
            found.map_or_else(|| Reply::new(404, "not here"), |(_, document)| document.reply(request))
        })
    }
}

pub fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn is_not_before(since: &str, modified: &str) -> bool {
    let date = |text| httpdate::parse_http_date(text).unwrap_or(SystemTime::UNIX_EPOCH);
    date(since) >= date(modified)
}
