//! Hosts, and the rest that one of them has asked for.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::{edge::store::Writer, pipeline::poll};

/// The host of a URL as the store has it.
pub(super) fn of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    host.trim_end_matches('.').to_owned()
}

/// All sources on a host wait for so long, because a visit to one of them, or to an article, was told to: also after a
/// restart.
///
/// # Errors
/// Whatever the store says.
pub(super) fn rest(writer: &Writer<'_>, host: &str, wait: Duration, now: Timestamp) -> rusqlite::Result<()> {
    let until = now.saturating_add(wait).unwrap_or(now);
    for row in writer.sources()?.iter().filter(|row| of(&row.url) == host) {
        writer.set_state(row.key, &poll::held(&row.state, host, until))?;
    }
    Ok(())
}
