//! Hosts, and the rest that one of them has asked for.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::{
    edge::{
        fetch::Fetcher,
        store::{Store, StoreFault, Writer},
    },
    model::fetched::RETRY_AFTER_MAX,
    pipeline::poll,
};

/// The host of a URL as the store has it.
pub(super) fn of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.trim_end_matches('.').to_owned()
}

/// A host is left alone for so long, because a visit to one of its sources, to an article or for its robots.txt was told
/// to: also after a restart. All sources on it are planned by that.
///
/// # Errors
/// Whatever the store says.
pub(super) fn rest(writer: &Writer<'_>, host: &str, wait: Duration, now: Timestamp) -> rusqlite::Result<()> {
    let until = now.saturating_add(wait).unwrap_or(now);
    writer.pause_host(host, until, now)?;
    for row in writer.sources()?.iter().filter(|row| of(&row.url) == host) {
        writer.set_state(row.key, &poll::held(&row.state, host, until))?;
    }
    Ok(())
}

/// Tells a fetcher which hosts are at rest, of which another one was told.
///
/// # Errors
/// Whatever the store says.
pub(super) async fn go_on_resting(store: &Store, fetcher: &Fetcher, now: Timestamp) -> Result<(), StoreFault> {
    let paused = store
        .write(move |writer| writer.paused_hosts(now, RETRY_AFTER_MAX))
        .await?;
    for (host, until) in paused {
        fetcher.leave_alone(&host, until.duration_since(now).unsigned_abs());
    }
    Ok(())
}
