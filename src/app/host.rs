//! Hosts, and the rest that one of them has asked for.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::{
    edge::{
        fetch::Fetcher,
        store::{Store, StoreFault, Writer},
    },
    model::{fetched::RETRY_AFTER_MAX, reading::Reading, visit::FeedState},
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
pub(super) fn rest(writer: &Writer<'_>, host: &str, wait: Duration, clocks: &Reading) -> rusqlite::Result<()> {
    let wait = wait.min(RETRY_AFTER_MAX);
    writer.pause_host(host, wait, clocks)?;
    let until = clocks.now.saturating_add(wait).unwrap_or(Timestamp::MAX);
    for row in writer.sources()?.into_iter().filter(|row| of(&row.url) == host) {
        let state = by_this_clock(row.state, clocks);
        writer.set_state(row.key, &poll::held(&state, host, until))?;
    }
    Ok(())
}

/// What was planned before the clock was set, a moment ago, is not to be mixed with what is planned now.
pub(super) fn by_this_clock(state: FeedState, clocks: &Reading) -> FeedState {
    poll::anchored(&state, clocks.now, clocks).unwrap_or(state)
}

/// Tells a fetcher which hosts are at rest, of which another one was told.
///
/// # Errors
/// Whatever the store says.
pub(super) async fn go_on_resting(store: &Store, fetcher: &Fetcher, clocks: Reading) -> Result<(), StoreFault> {
    let paused = store.write(move |writer| writer.paused_hosts(&clocks)).await?;
    for (host, left) in paused {
        fetcher.leave_alone(&host, left);
    }
    Ok(())
}
