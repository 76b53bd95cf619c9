//! A look at a document, of which nothing is kept: what an editor wants to see before anything is decided.

use bytes::Bytes;
use url::Url;

use crate::{
    app::robots::{PageFault, Robots},
    edge::fetch::FetchFault,
    model::{
        feed::Feed,
        fetched::{Answer, Request, Wanted},
        selectors::Selectors,
    },
    pipeline::parse,
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
    #[error(transparent)]
    Page(#[from] PageFault),
    #[error("304 to a question without conditions")]
    NotModified,
    /// A panic of ours.
    #[error("oncofeed itself failed on this document; please report it")]
    Ours,
}

/// Asks without conditions, and for a page only where its site lets robots read it.
///
/// # Errors
/// Where no document comes.
pub async fn fetch(robots: &Robots, request: &Request) -> Result<Document, GlanceFault> {
    let fetched = match request.wanted {
        Wanted::Page => robots.fetch(request).await?,
        Wanted::Feed | Wanted::Robots => robots.fetcher.fetch(request, robots.clock.now()).await?,
    };
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
    /// Reads it as a page where there are selectors for it, else as a feed, and hands what it is to `then`; beside the
    /// threads that wait for the network.
    ///
    /// # Errors
    /// A panic of the reader.
    pub async fn read<T: Send + 'static>(
        &self,
        page: Option<Selectors>,
        then: impl FnOnce(&Self, Result<Feed, String>) -> T + Send + 'static,
    ) -> Result<T, GlanceFault> {
        let document = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let (charset, base) = (document.charset.as_deref(), Some(&document.url));
            let feed = parse::source(&document.bytes, charset, base, page.as_ref());
            then(&document, feed)
        });
        read.await.map_err(|_| GlanceFault::Ours)
    }
}
