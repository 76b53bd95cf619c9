//! How many connections each client has, so that no one takes the places of all.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::IpNet;

/// What one holder is given of IPv6: a /64, within which addresses cost nothing.
const HOLDER_MASK: u128 = !0 << 64;

pub(super) struct Tally {
    max: usize,
    exempt: Vec<IpNet>,
    counts: Counts,
}

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// One connection that is counted, for as long as this lives.
pub(super) struct Counted {
    /// `None` for who is exempt.
    client: Option<IpAddr>,
    counts: Counts,
}

impl Tally {
    pub(super) fn new(max: usize, exempt: Vec<IpNet>) -> Self {
        Self {
            max,
            exempt,
            counts: Arc::default(),
        }
    }

    /// `None` beyond the cap.
    pub(super) fn count(&self, peer: IpAddr) -> Option<Counted> {
        let peer = peer.to_canonical();
        let client = (!self.exempt.iter().any(|net| net.contains(&peer))).then(|| holder(peer));
        if let Some(client) = client {
            let mut counts = lock(&self.counts);
            let count = counts.get(&client).copied().unwrap_or_default();
            if count >= self.max {
                return None;
            }
            counts.insert(client, count + 1);
        }
        Some(Counted {
            client,
            counts: self.counts.clone(),
        })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Some(client) = self.client else {
            return;
        };
        let mut counts = lock(&self.counts);
        match counts.get_mut(&client) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.remove(&client);
            }
        }
    }
}

fn holder(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & HOLDER_MASK).into(),
    }
}

/// Counts are whole between any two lines, so a panic elsewhere harms none.
fn lock(counts: &Counts) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_counts_as_one() {
        for (one, other, together) in [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
            ("2001:db8::1", "2001:db8::ffff:0:0:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
        ] {
            let tally = Tally::new(1, vec![]);
            let held = tally.count(one.parse().unwrap());
            assert!(held.is_some());
            assert_eq!(tally.count(other.parse().unwrap()).is_none(), together, "{one} {other}");
            drop(held);
            assert!(lock(&tally.counts).is_empty(), "nothing is kept of who has left");
        }
    }

    #[test]
    fn who_is_exempt_is_not_counted() {
        let tally = Tally::new(0, vec!["192.0.2.0/24".parse().unwrap()]);
        for (peer, exempt) in [("192.0.2.9", true), ("::ffff:192.0.2.9", true), ("192.0.3.1", false)] {
            assert_eq!(tally.count(peer.parse().unwrap()).is_some(), exempt, "{peer}");
        }
    }
}
