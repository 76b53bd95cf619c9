//! A look at a document, of which nothing is kept: what an editor wants to see before anything is decided.

use bytes::Bytes;
use url::Url;

use crate::{
    edge::{
        clock::Clock,
        fetch::{FetchFault, Fetcher},
    },
    model::{
        feed::Feed,
        fetched::{Answer, Request},
    },
    pipeline::parse::{self, NotAFeed},
};

/// A document as it came.
#[derive(Debug, Clone)]
pub struct Document {
    pub bytes: Bytes,
    /// The `charset` parameter of `Content-Type`.
    pub charset: Option<String>,
    /// Where it was found: the base of its links.
    pub url: Url,
    /// If every hop on the way there was permanent.
    pub moved_to: Option<Url>,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum GlanceFault {
    #[error(transparent)]
    Fetch(#[from] FetchFault),
    #[error("304 to a question without conditions")]
    NotModified,
    /// A panic of ours.
    #[error("oncofeed itself failed on this document; please report it")]
    Ours,
}

/// Asks without conditions.
///
/// # Errors
/// Where no document comes.
pub async fn fetch(fetcher: &Fetcher, request: &Request, clock: &Clock) -> Result<Document, GlanceFault> {
    let fetched = fetcher.fetch(request, clock.now()).await?;
    match fetched.answer {
        Answer::NotModified => Err(GlanceFault::NotModified),
        Answer::Body(body) => Ok(Document {
            bytes: body.bytes,
            charset: body.charset,
            url: fetched.url,
            moved_to: fetched.moved_to,
        }),
    }
}

impl Document {
    /// Reads it as a feed, and hands what it is to `then`; beside the threads that wait for the network.
    ///
    /// # Errors
    /// A panic of the reader.
    pub async fn read<T: Send + 'static>(
        &self,
        then: impl FnOnce(&Self, Result<Feed, NotAFeed>) -> T + Send + 'static,
    ) -> Result<T, GlanceFault> {
        let document = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let feed = parse::parse(&document.bytes, document.charset.as_deref(), Some(&document.url));
            then(&document, feed)
        });
        read.await.map_err(|_| GlanceFault::Ours)
    }
}
