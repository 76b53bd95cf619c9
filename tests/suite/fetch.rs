//! How publishers are asked, and what is believed of their answers.

mod conditional;
mod decoding;
mod http2;
mod kept;
mod limits;
mod own_headers;
mod proxy;
mod redirects;
mod simulated;
mod ssrf;
mod tls;
mod transport;

use std::time::Duration;

use jiff::Timestamp;
use oncofeed::{
    edge::fetch::{FetchFault, Fetcher},
    model::{
        credential::Credentials,
        fetched::{Answer, Body, Fetched, Request, Validators},
        settings,
    },
};
use url::Url;

/// Loopback is allowed, and patience is what a test can afford.
pub(crate) fn settings() -> settings::Fetch {
    settings::Fetch {
        tick: "0 * * * * *".into(),
        concurrency: 8,
        per_host: 8,
        timeout: Duration::from_secs(20),
        max_body: 8 << 20,
        min_interval: Duration::from_secs(3600),
        max_interval: Duration::from_secs(24 * 3600),
        shared_hosts: vec![],
        allow_addresses: vec!["127.0.0.0/8".parse().unwrap()],
        proxy: None,
        proxy_login: None,
        ca: vec![],
        credentials: Credentials::default(),
    }
}

fn fetcher(change: impl FnOnce(&mut settings::Fetch)) -> Fetcher {
    let mut settings = settings();
    change(&mut settings);
    Fetcher::new(&settings, "oncofeed/test (+https://news.example.org/)").unwrap()
}

fn now() -> Timestamp {
    "2026-07-01T12:00:00Z".parse().unwrap()
}

async fn get(url: Url) -> Result<Fetched, FetchFault> {
    get_if(url, None).await
}

async fn get_if(url: Url, validators: Option<Validators>) -> Result<Fetched, FetchFault> {
    let request = Request {
        validators,
        ..Request::new(url)
    };
    fetcher(|_| ()).fetch(&request, now()).await
}

/// The document of a visit that brought one.
async fn document(url: Url) -> Body {
    match get(url).await.unwrap().answer {
        Answer::Body(body) => body,
        Answer::NotModified => panic!("nothing was asked conditionally"),
    }
}

/// What an editor reads of a visit that brought nothing.
async fn fault(url: Url) -> String {
    get(url).await.unwrap_err().to_string()
}
