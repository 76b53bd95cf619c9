//! What carries a request: the network, or whatever stands in for it.
//!
//! Below it is the wire: names, connections, TLS. Above it is everything that oncofeed decides: whom to ask, with which
//! headers, what to believe of an answer and how much of it to take.

use std::{fmt, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use reqwest::Body;

use super::{fault::FetchFault, network::Network};

/// One request, one answer, whose body is read as it comes. Cheap to clone.
#[derive(Clone)]
pub struct Transport(Arc<dyn Fn(Request<Bytes>) -> Answering + Send + Sync>);

type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, FetchFault>> + Send>>;

impl Transport {
    /// Answers as `answer` does. The request holds its absolute URL and every header that is sent, but `Host`.
    pub fn from_fn<F>(answer: impl Fn(Request<Bytes>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Response<Body>, FetchFault>> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(answer(request))))
    }

    /// The real one.
    pub(super) fn network(network: Network) -> Self {
        let network = Arc::new(network);
        Self::from_fn(move |request| {
            let network = Arc::clone(&network);
            async move { network.answer(request).await }
        })
    }

    pub(super) async fn answer(&self, request: Request<Bytes>) -> Result<Response<Body>, FetchFault> {
        (self.0)(request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}
