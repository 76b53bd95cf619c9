//! Hosts that asked us to stay away (429, 503), for as long as this process lives; the store remembers it for the next.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::model::fetched::RETRY_AFTER_MAX;

#[derive(Debug)]
pub(super) struct Pauses {
    /// Hosts that many independent publishers share: there, one that is asked too often says nothing of the others.
    shared: Vec<String>,
    /// Where the publisher does not say how long.
    default: Duration,
    until: Mutex<HashMap<String, Instant>>,
}

impl Pauses {
    pub(super) fn new(shared: &[String], default: Duration) -> Self {
        Self {
            shared: shared.to_vec(),
            default,
            until: Mutex::default(),
        }
    }

    /// Answers for how long nobody is to be asked at this host; `None` where it is shared.
    pub(super) fn begin(&self, host: &str, retry_after: Option<Duration>) -> Option<Duration> {
        if self.shared.iter().any(|shared| shared == host) {
            return None;
        }
        let wait = retry_after.unwrap_or(self.default).min(RETRY_AFTER_MAX);
        let now = Instant::now();
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, until| *until > now);
        let paused = until.entry(host.to_owned()).or_insert(now);
        *paused = (*paused).max(now + wait);
        Some(wait)
    }

    /// What is left of a host's pause.
    pub(super) fn left(&self, host: &str) -> Option<Duration> {
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.get(host)?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_host_rests_for_as_long_as_it_asked_and_a_shared_one_does_not() {
        let minute = Duration::from_secs(60);
        let pauses = Pauses::new(&["shared.test".into()], minute);
        assert_eq!(pauses.begin("a.test", Some(2 * minute)), Some(2 * minute));
        assert_eq!(pauses.begin("b.test", None), Some(minute));
        assert_eq!(pauses.begin("shared.test", Some(minute)), None);
        assert_eq!(
            pauses.begin("century.test", Some(Duration::from_secs(3_153_600_000))),
            Some(RETRY_AFTER_MAX)
        );
        tokio::time::advance(minute).await;
        assert_eq!(pauses.left("a.test"), Some(minute));
        assert_eq!((pauses.left("b.test"), pauses.left("shared.test")), (None, None));
        pauses.begin("a.test", Some(Duration::from_secs(1)));
        assert_eq!(pauses.left("a.test"), Some(minute), "a shorter one ends no longer one");
    }
}
