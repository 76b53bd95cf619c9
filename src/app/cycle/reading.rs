//! From an answer to what it says.

use std::time::Duration;

use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    app::robots::PageFault,
    edge::fetch::FetchFault,
    model::{
        draft::Keyed,
        fetched::{Answer, Body, Fetched, Validators},
        selectors::Selectors,
        visit::{Listed, Outcome, Place, ReadBody, Told},
    },
    pipeline::{dedupe::identity, extract, parse},
};

/// A panic of ours costs one visit, and is told as what it is; what it was stands in the log.
const OURS: &str = "oncofeed itself failed on this document; please report it";

/// What a visit brought, before it is known what of it is new.
pub(super) enum Seen {
    NotModified(Told),
    /// The bytes of last time.
    Same {
        validators: Validators,
        told: Told,
    },
    Read(Box<ReadDocument>),
    /// Led to where other sites' visits were led.
    AtPortal(Place),
    Failed(Outcome),
    /// As `Failed`, and the host rests for so long.
    Paused {
        outcome: Outcome,
        host: String,
        wait: Duration,
    },
}

/// A document that was read.
pub(super) struct ReadDocument {
    pub(super) entries: Vec<Keyed>,
    pub(super) faults: Vec<String>,
    pub(super) body: ReadBody,
    pub(super) told: Told,
}

impl Seen {
    /// Another site to which a good answer led.
    pub(super) fn led_to(&self) -> Option<&Place> {
        match self {
            Self::NotModified(told) | Self::Same { told, .. } => told.led_to.as_ref(),
            Self::Read(document) => document.told.led_to.as_ref(),
            Self::AtPortal(_) | Self::Failed(_) | Self::Paused { .. } => None,
        }
    }

    /// A document on which we panicked.
    pub(super) fn ours() -> Self {
        Self::no_feed(OURS.into(), None)
    }

    /// An answer that is no feed.
    fn no_feed(error: String, led_to: Option<Place>) -> Self {
        Self::Failed(Outcome::Failed {
            error,
            status: None,
            retry_after: None,
            led_to,
        })
    }

    /// A page that may not be read.
    pub(super) fn refused(fault: &PageFault) -> Self {
        let failed = Outcome::Failed {
            error: fault.to_string(),
            status: None,
            retry_after: fault.pause().map(|(_, wait)| wait),
            led_to: None,
        };
        Self::paused(failed, fault.pause())
    }

    fn paused(outcome: Outcome, pause: Option<(&str, Duration)>) -> Self {
        match pause {
            Some((host, wait)) => Self::Paused {
                outcome,
                host: host.to_owned(),
                wait,
            },
            None => Self::Failed(outcome),
        }
    }

    /// No answer, or not the one that we hoped for.
    pub(super) fn failed(fault: &FetchFault) -> Self {
        let failed = Outcome::Failed {
            error: fault.to_string(),
            status: fault.status(),
            retry_after: fault.retry_after(),
            led_to: None,
        };
        let outcome = match fault {
            FetchFault::Paused { host, wait } => Outcome::Held {
                host: host.clone(),
                wait: *wait,
            },
            _ => failed,
        };
        Self::paused(outcome, fault.pause())
    }
}

/// Reads what came: the work of a processor, beside the threads that wait for the network.
pub(super) async fn read(
    fetched: Fetched,
    page: Option<Selectors>,
    led_to: Option<Place>,
    last: Option<Vec<u8>>,
) -> Seen {
    let told = Told {
        fresh: fetched.fresh,
        moved_to: fetched.moved_to,
        led_to,
    };
    match fetched.answer {
        Answer::NotModified => Seen::NotModified(told),
        Answer::Body(body) => {
            let url = fetched.url;
            let read = tokio::task::spawn_blocking(move || document(&body, &url, page.as_ref(), told, last.as_deref()));
            read.await.unwrap_or_else(|_| Seen::ours())
        }
    }
}

fn document(body: &Body, url: &Url, page: Option<&Selectors>, told: Told, last: Option<&[u8]>) -> Seen {
    let digest = digest(body, url);
    if last == Some(&digest) {
        let validators = body.validators.clone();
        return Seen::Same { validators, told };
    }
    let feed = match parse::source(&body.bytes, body.charset.as_deref(), Some(url), page) {
        Ok(feed) => feed,
        Err(no_news) => return Seen::no_feed(no_news, told.led_to),
    };
    let entries = feed.entries.len();
    let drafts: Vec<_> = feed.entries.into_iter().filter_map(extract::draft).collect();
    let rejected = entries - drafts.len();
    Seen::Read(Box::new(ReadDocument {
        entries: identity::keyed(drafts),
        faults: feed.faults,
        body: ReadBody {
            validators: body.validators.clone(),
            digest,
            complete: feed.complete,
            pace: feed.pace,
            listed: Listed { entries, rejected },
        },
        told,
    }))
}

/// The same digest is read the same: it holds the bytes, where and in what letters they came, and who reads them.
fn digest(body: &Body, url: &Url) -> Vec<u8> {
    let charset = body.charset.as_deref().unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), charset, url.as_str()] {
        digest.update(part);
        digest.update([0]);
    }
    digest.update(&body.bytes);
    digest.finalize().to_vec()
}
