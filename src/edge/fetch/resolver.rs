//! Names to addresses, public ones only.
//!
//! The check sits where the connection is made, so that the address that was judged is the address that is asked: a
//! name that answers twice, and differently, gains nothing.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{
    address,
    policy::{Refusal, Why},
};

/// Addresses of one name that are tried. The time to connect is shared among them, so that more would leave too little
/// for each.
const ADDRESSES_MAX: usize = 8;

const ANYWHERE: [IpNet; 2] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 0)),
];

/// The system's resolver, with our judgement behind it.
#[derive(Debug)]
pub(super) struct PublicResolver {
    pub(super) allowed: Arc<[IpNet]>,
    /// The operator's proxy, which is not judged.
    pub(super) proxy: Option<String>,
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveFault {
    #[error("the name {0} does not resolve")]
    Unresolved(String),
    #[error("{0}")]
    Refused(Refusal),
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = match self.proxy.as_deref() == Some(name.as_str()) {
            true => ANYWHERE.into(),
            false => Arc::clone(&self.allowed),
        };
        Box::pin(async move {
            let name = name.as_str();
            let found = tokio::net::lookup_host((name, 0)).await;
            let addresses: Vec<_> = found.map(Iterator::collect).unwrap_or_default();
            let vetted = vet(name, &addresses, &allowed).map_err(Box::<dyn Error + Send + Sync>::from)?;
            Ok(Box::new(vetted.into_iter()) as Addrs)
        })
    }
}

/// All of a name's addresses, or none: one private address among public ones is how a name is made to lead inwards.
fn vet(name: &str, found: &[SocketAddr], allowed: &[IpNet]) -> Result<Vec<SocketAddr>, ResolveFault> {
    let refused = |address: IpAddr| address::refused(address, allowed).map(|block| (address, block));
    if let Some((address, block)) = found.iter().find_map(|socket| refused(socket.ip())) {
        return Err(ResolveFault::Refused(Refusal {
            subject: name.to_owned(),
            why: Why::Resolved(address, block),
        }));
    }
    match found.iter().copied().take(ADDRESSES_MAX).collect::<Vec<_>>() {
        none if none.is_empty() => Err(ResolveFault::Unresolved(name.to_owned())),
        some => Ok(some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vetted(addresses: &[&str]) -> Result<usize, String> {
        let found: Vec<_> = addresses
            .iter()
            .map(|address| SocketAddr::new(address.parse().unwrap(), 0))
            .collect();
        vet("a.test", &found, &["10.1.0.0/16".parse().unwrap()])
            .map(|some| some.len())
            .map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_name_is_as_public_as_its_least_public_address() {
        assert_eq!(vetted(&["8.8.8.8", "2a00:1450::1", "10.1.0.1"]), Ok(3));
        assert_eq!(
            vetted(&["8.8.8.8", "10.0.0.1"]).unwrap_err(),
            "a.test is at 10.0.0.1, not a public address (10.0.0.0/8, private use)"
        );
        assert!(vetted(&["2a00:1450::1", "::ffff:127.0.0.1"]).is_err());
        assert_eq!(vetted(&[]).unwrap_err(), "the name a.test does not resolve");
    }

    #[test]
    fn a_private_address_is_found_behind_any_number_of_public_ones() {
        assert_eq!(vetted(&["8.8.8.8"; 30]), Ok(ADDRESSES_MAX));
        let hidden: Vec<_> = std::iter::repeat_n("8.8.8.8", 30).chain(["127.0.0.1"]).collect();
        assert!(vetted(&hidden).is_err());
    }
}
