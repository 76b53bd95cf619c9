//! How many requests are under way at once, in all and on one host.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(super) struct Permits {
    all: Arc<Semaphore>,
    most: usize,
    per_host: usize,
    /// Only hosts that are being asked or waited for: the others are dropped with the next request.
    hosts: Mutex<HashMap<String, Weak<Semaphore>>>,
}

/// One request under way; dropped when it is over.
#[derive(Debug)]
pub(super) struct Permit {
    /// `None` never happens: the semaphores are not closed.
    _host: Option<OwnedSemaphorePermit>,
    slot: Slot,
}

/// A part of the concurrency that is allowed. Held until its body is read, it bounds how many bodies wait in memory.
#[derive(Debug)]
pub struct Slot {
    _all: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// Lets the host go.
    pub(super) fn into_slot(self) -> Slot {
        self.slot
    }
}

impl Permits {
    /// Zero of either would wait for ever, and means one.
    pub(super) fn new(all: usize, per_host: usize) -> Self {
        let most = all.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(most)),
            most,
            per_host: per_host.clamp(1, Semaphore::MAX_PERMITS),
            hosts: Mutex::default(),
        }
    }

    /// Whether they grant as many as others do.
    pub(super) fn are_as_many_as(&self, others: &Self) -> bool {
        (self.most, self.per_host) == (others.most, others.per_host)
    }

    /// The host's permit first: whoever waits for a slow host takes nobody else's place.
    pub(super) async fn acquire(&self, host: &str) -> Permit {
        let host = self.host(host).acquire_owned().await.ok();
        let all = Arc::clone(&self.all).acquire_owned().await.ok();
        Permit {
            _host: host,
            slot: Slot { _all: all },
        }
    }

    fn host(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = hosts.get(host).and_then(Weak::upgrade) {
            return known;
        }
        hosts.retain(|_, semaphore| semaphore.strong_count() > 0);
        let semaphore = Arc::new(Semaphore::new(self.per_host));
        hosts.insert(host.to_owned(), Arc::downgrade(&semaphore));
        semaphore
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn hosts_wait_for_themselves_and_then_for_all() {
        let permits = Permits::new(2, 1);
        let first = permits.acquire("a.test").await;
        let mut same = Box::pin(permits.acquire("a.test"));
        assert!((&mut same).now_or_never().is_none(), "one at a time on a host");
        let other = permits.acquire("b.test").await;
        assert!(
            permits.acquire("c.test").now_or_never().is_none(),
            "two at a time in all"
        );
        drop(first);
        let second = (&mut same).now_or_never().unwrap();
        drop((other, second));
    }

    #[tokio::test]
    async fn hosts_that_nobody_asks_are_forgotten() {
        let permits = Permits::new(0, 0);
        for n in 0..100 {
            drop(permits.acquire(&format!("{n}.test")).await);
        }
        assert_eq!(permits.hosts.lock().unwrap().len(), 1);
    }
}
