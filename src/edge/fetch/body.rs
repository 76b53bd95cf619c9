//! The body of an answer: as many bytes as a document may have, on the wire and decoded, and none that dribble.

use std::{io, pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use http::{Response, Version};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame};
use reqwest::Body;
use tokio::time::{Instant, timeout_at};
use tokio_util::io::StreamReader;

use super::{
    decoding::{self, Coding},
    fault::FetchFault,
};

/// Lowest rate, in bytes a second. A telephone line of 1995 carried ten times as many: what is slower is stuck, or holds
/// us on purpose.
pub(super) const RATE_MIN: u64 = 256;

/// Over how long the rate is taken: sites that make their feed while they send it pause for up to ten seconds.
pub(super) const RATE_WINDOW: Duration = Duration::from_secs(10);

/// What a document may take from the start, in bytes; more comes with the body itself, whatever its length claims to be.
const CAPACITY_MAX: u64 = 64 * 1024;

/// All of a document, decoded. `most` bounds it, and what comes over the wire for it: a compression that makes things
/// larger is none.
pub(super) async fn read(response: Response<Body>, coding: Coding, most: u64) -> Result<Bytes, FetchFault> {
    let tells_its_end = response.version() == Version::HTTP_2;
    let body = response.into_body();
    let claimed = body.size_hint().lower();
    if claimed > most {
        return Err(FetchFault::Large(most));
    }
    let chunks = pin!(stream::try_unfold(
        Wire::new(body, tells_its_end, most),
        |mut wire| async move {
            let chunk = wire.chunk().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>(chunk.map(|chunk| (chunk, wire)))
        }
    ));
    let mut wire = StreamReader::new(chunks);
    let capacity = usize::try_from(claimed.min(CAPACITY_MAX)).unwrap_or_default();
    let bytes = decoding::decode(coding, &mut wire, most, capacity).await;
    let bytes = Bytes::from(bytes.map_err(FetchFault::of_body)?);
    match u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        true => Ok(bytes),
        false => Err(FetchFault::Large(most)),
    }
}

/// What comes over the wire, counted.
struct Wire {
    body: Body,
    /// As every stream of HTTP/2 does. Its reader takes one that the site gave up without an error for one that ended.
    tells_its_end: bool,
    left: u64,
    most: u64,
    /// Of the window that is running.
    until: Instant,
    received: u64,
}

impl Wire {
    fn new(body: Body, tells_its_end: bool, most: u64) -> Self {
        Self {
            body,
            tells_its_end,
            left: most,
            most,
            until: Instant::now() + RATE_WINDOW,
            received: 0,
        }
    }

    /// `None` at the end.
    async fn chunk(&mut self) -> Result<Option<Bytes>, FetchFault> {
        while let Some(frame) = self.frame().await? {
            // Trailers say nothing that is asked for here.
            let Ok(chunk) = frame.into_data() else { continue };
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.left = self.left.checked_sub(length).ok_or(FetchFault::Large(self.most))?;
            self.received += length;
            if length > 0 {
                return Ok(Some(chunk));
            }
        }
        match self.tells_its_end && !self.body.is_end_stream() {
            true => Err(FetchFault::Cut),
            false => Ok(None),
        }
    }

    async fn frame(&mut self) -> Result<Option<Frame<Bytes>>, FetchFault> {
        loop {
            // A flood of empty frames never lets a timer have its turn.
            if Instant::now() >= self.until {
                self.next_window()?;
            }
            match timeout_at(self.until, self.body.frame()).await {
                Ok(frame) => return frame.transpose().map_err(|_| FetchFault::Cut),
                Err(_) => self.next_window()?,
            }
        }
    }

    fn next_window(&mut self) -> Result<(), FetchFault> {
        if self.received < RATE_MIN * RATE_WINDOW.as_secs() {
            return Err(FetchFault::Dribble(RATE_MIN));
        }
        self.until = Instant::now() + RATE_WINDOW;
        self.received = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_that_are_always_there_and_always_empty_end_with_the_window() {
        let nothing = stream::repeat_with(|| Ok::<_, io::Error>(Bytes::new()));
        let mut wire = Wire::new(Body::wrap_stream(nothing), false, 100);
        wire.until = Instant::now() + Duration::from_millis(10);
        let fault = wire.chunk().await.unwrap_err();
        assert_eq!(fault.to_string(), "slower than 256 bytes a second");
    }
}
