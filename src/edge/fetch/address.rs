//! Which addresses may be connected to: public ones, and those that the operator lists.
//!
//! A publisher chooses where its name and its redirects point. Without this table, anybody whose feed is watched could
//! have us ask the hospital's own machines, or a cloud's metadata service.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A block of addresses at which no public site lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    net: IpNet,
    name: &'static str,
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.net, self.name)
    }
}

/// Why an address is not to be connected to; `None` where it may be.
///
/// `allowed` is what the operator lists; it is asked for the address as written and for what is inside it.
pub(super) fn refused(address: IpAddr, allowed: &[IpNet]) -> Option<Block> {
    let listed = |address: IpAddr| allowed.iter().any(|net| net.contains(&address));
    if listed(address) {
        return None;
    }
    let v6 = match address {
        IpAddr::V4(v4) => return special_v4(v4),
        IpAddr::V6(v6) => v6,
    };
    let inside = carried(v6).into_iter().filter(|v4| !listed((*v4).into()));
    let refused_inside = inside.filter_map(special_v4).next();
    refused_inside.or_else(|| special_v6(v6).filter(|_| !is_translated(v6)))
}

fn special_v4(address: Ipv4Addr) -> Option<Block> {
    SPECIAL_V4.iter().find(|(net, _)| net.contains(&address)).map(block)
}

fn special_v6(address: Ipv6Addr) -> Option<Block> {
    let special = SPECIAL_V6.iter().find(|(net, _)| net.contains(&address));
    let nowhere = (!GLOBAL_UNICAST.contains(&address)).then_some(&NOT_UNICAST);
    special.or(nowhere).map(block)
}

fn block<N: Copy + Into<IpNet>>((net, name): &(N, &'static str)) -> Block {
    Block {
        net: (*net).into(),
        name,
    }
}

/// Whether the network makes IPv4 of an address on its way, so that nothing but what is inside counts: the kernel
/// (IPv4-mapped), a network without IPv4 (NAT64), a relay (6to4, Teredo).
fn is_translated(address: Ipv6Addr) -> bool {
    MAPPED.contains(&address) || TRANSLATED.iter().any(|net| net.contains(&address))
}

/// Every IPv4 address that may be asked in the end. All of them have to be public.
///
/// Of Teredo that is the server (a first packet goes through it) and the client, whose bits are turned over. An ISATAP
/// identifier may stand below any prefix: a host with such an interface sends to the address inside.
fn carried(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let octets = address.octets();
    let at = |start: usize| Ipv4Addr::from([0, 1, 2, 3].map(|n| octets[start + n]));
    if MAPPED.contains(&address) || NAT64.contains(&address) {
        return vec![at(12)];
    }
    if TEREDO.contains(&address) {
        return vec![at(4), Ipv4Addr::from(!u32::from(at(12)))];
    }
    let mut inside = vec![];
    if SIX_TO_FOUR.contains(&address) {
        inside.push(at(2));
    }
    if matches!(octets[8..12], [0 | 2, 0, 0x5e, 0xfe]) {
        inside.push(at(12));
    }
    inside
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

/// The first four groups are enough for every block of the registry.
const fn v6(a: u16, b: u16, c: u16, d: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), prefix)
}

/// IANA IPv4 Special-Purpose Address Registry, and multicast. Blocks that are reachable from everywhere (AS112, relays)
/// are here too: they hold services of the network, and no sites. The narrower of two blocks comes first.
const SPECIAL_V4: [(Ipv4Net, &str); 19] = [
    (v4(0, 0, 0, 0, 8), "this network"),
    (v4(10, 0, 0, 0, 8), "private use"),
    (v4(100, 64, 0, 0, 10), "shared by customers of a carrier"),
    (v4(127, 0, 0, 0, 8), "this machine"),
    (v4(169, 254, 0, 0, 16), "link-local"),
    (v4(172, 16, 0, 0, 12), "private use"),
    (v4(192, 0, 0, 0, 24), "IETF protocols"),
    (v4(192, 0, 2, 0, 24), "documentation"),
    (v4(192, 31, 196, 0, 24), "AS112"),
    (v4(192, 52, 193, 0, 24), "multicast tunnelling"),
    (v4(192, 88, 99, 0, 24), "6to4 relays"),
    (v4(192, 168, 0, 0, 16), "private use"),
    (v4(192, 175, 48, 0, 24), "AS112"),
    (v4(198, 18, 0, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 0, 24), "documentation"),
    (v4(203, 0, 113, 0, 24), "documentation"),
    (v4(224, 0, 0, 0, 4), "multicast"),
    (v4(255, 255, 255, 255, 32), "broadcast"),
    (v4(240, 0, 0, 0, 4), "reserved"),
];

/// All that IANA has given out for hosts of the public network.
const GLOBAL_UNICAST: Ipv6Net = v6(0x2000, 0, 0, 0, 3);
const NOT_UNICAST: (Ipv6Net, &str) = (v6(0, 0, 0, 0, 0), "not global unicast");

/// RFC 4291 §2.5.5.2.
const MAPPED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);
/// RFC 6052 §2.1: the well-known prefix.
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 0, 96);
/// RFC 4380 §4.
const TEREDO: Ipv6Net = v6(0x2001, 0, 0, 0, 32);
/// RFC 3056 §2.
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 0, 16);
const TRANSLATED: [Ipv6Net; 3] = [NAT64, TEREDO, SIX_TO_FOUR];

/// IANA IPv6 Special-Purpose Address Registry, multicast and site-local; [`NOT_UNICAST`] is what lies between.
///
/// Two forms that carry IPv4 are refused whatever is inside. IPv4-compatible addresses were given up (RFC 4291
/// §2.5.5.1), and what a system still does with them is its own affair. Behind a local NAT64 prefix (RFC 8215) only its
/// network knows which bits are the address, and the translator may reach inwards.
const SPECIAL_V6: [(Ipv6Net, &str); 15] = [
    (Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128), "unspecified"),
    (Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128), "this machine"),
    (v6(0, 0, 0, 0, 96), "IPv4-compatible"),
    (v6(0x64, 0xff9b, 1, 0, 48), "local NAT64"),
    (v6(0x100, 0, 0, 0, 64), "discarded"),
    (v6(0x100, 0, 0, 1, 64), "dummy"),
    (v6(0x2001, 0, 0, 0, 23), "IETF protocols"),
    (v6(0x2001, 0xdb8, 0, 0, 32), "documentation"),
    (v6(0x2620, 0x4f, 0x8000, 0, 48), "AS112"),
    (v6(0x3fff, 0, 0, 0, 20), "documentation"),
    (v6(0x5f00, 0, 0, 0, 16), "segment routing"),
    (v6(0xfc00, 0, 0, 0, 7), "private use"),
    (v6(0xfe80, 0, 0, 0, 10), "link-local"),
    (v6(0xfec0, 0, 0, 0, 10), "site-local"),
    (v6(0xff00, 0, 0, 0, 8), "multicast"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn name(address: &str) -> Option<String> {
        refused(address.parse().unwrap(), &[]).map(|block| block.to_string())
    }

    /// The registries as of 2026, written out a second time.
    const REGISTRIES: [&str; 50] = [
        "0.0.0.0/8",
        "0.0.0.0/32",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.0.0/29",
        "192.0.0.8/32",
        "192.0.0.9/32",
        "192.0.0.10/32",
        "192.0.0.170/31",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "::1/128",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001::/23",
        "2001::/32",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:2::/48",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:10::/28",
        "2001:20::/28",
        "2001:30::/28",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ];

    #[test]
    fn no_block_of_the_registries_is_public_from_its_first_address_to_its_last() {
        for text in REGISTRIES {
            let net: IpNet = text.parse().unwrap();
            for address in [net.network(), middle(net), net.broadcast()] {
                assert!(refused(address, &[]).is_some(), "{address} of {text}");
            }
        }
    }

    fn middle(net: IpNet) -> IpAddr {
        match net {
            IpNet::V4(net) => {
                let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
                Ipv4Addr::from(first + (last - first) / 2).into()
            }
            IpNet::V6(net) => {
                let (first, last) = (u128::from(net.network()), u128::from(net.broadcast()));
                Ipv6Addr::from(first + (last - first) / 2).into()
            }
        }
    }

    #[test]
    fn a_refusal_names_the_block() {
        for (address, block) in [
            ("10.0.0.1", "10.0.0.0/8, private use"),
            ("169.254.169.254", "169.254.0.0/16, link-local"),
            ("255.255.255.255", "255.255.255.255/32, broadcast"),
            ("::1", "::1/128, this machine"),
            ("::7f00:1", "::/96, IPv4-compatible"),
            ("fd00::1", "fc00::/7, private use"),
            ("4000::1", "::/0, not global unicast"),
            ("::ffff:10.0.0.1", "10.0.0.0/8, private use"),
            ("64:ff9b::7f00:1", "127.0.0.0/8, this machine"),
            ("64:ff9b:1::808:808", "64:ff9b:1::/48, local NAT64"),
            ("2002:7f00:1::", "127.0.0.0/8, this machine"),
            ("2002:c0a8:101::8.8.8.8", "192.168.0.0/16, private use"),
            ("2001:0:4136:e378:8000:63bf:80ff:fffe", "127.0.0.0/8, this machine"),
            ("2001:0:a00:1:8000:63bf:f7f7:f7f7", "10.0.0.0/8, private use"),
            ("2001:1::1", "2001::/23, IETF protocols"),
            ("2a00:1450::5efe:10.0.0.1", "10.0.0.0/8, private use"),
            ("2a00:1450::200:5efe:10.0.0.1", "10.0.0.0/8, private use"),
            ("2002:808:808::5efe:10.0.0.1", "10.0.0.0/8, private use"),
            ("fd00::5efe:8.8.8.8", "fc00::/7, private use"),
        ] {
            assert_eq!(name(address).as_deref(), Some(block), "{address}");
        }
    }

    #[test]
    fn the_neighbours_of_the_blocks_are_public() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.31.195.255",
            "192.31.197.0",
            "192.52.192.255",
            "192.52.194.0",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "192.175.47.255",
            "192.175.49.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2000::",
            "2001:200::",
            "2001:db7:ffff::",
            "2001:db9::",
            "2001:ffff::",
            "2003::",
            "2620:4f:7fff::",
            "2620:4f:8001::",
            "3ffe:ffff::",
            "3fff:1000::",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2001:0:808:808:8000:63bf:f7f7:f7f7",
            "2a00:1450::5efe:8.8.8.8",
            "2a00:1450::100:5efe:10.0.0.1",
        ] {
            assert_eq!(name(address), None, "{address}");
        }
    }

    #[test]
    fn what_the_operator_lists_may_be_reached_in_every_form_that_leads_there() {
        let allowed = ["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for (address, through) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("64:ff9b::127.0.0.1", true),
            ("2002:7f00:1::", true),
            // Server and client.
            ("2001:0:7f00:1:0:0:80ff:fffe", true),
            ("2001:0:7f00:1:0:0:f5ff:fffe", false),
            ("2001:0:a00:1:0:0:80ff:fffe", false),
            ("2001:0:808:808:0:0:80ff:fffe", true),
            ("::127.0.0.1", false),
            ("fd00::1", true),
            ("::1", false),
            ("10.0.0.1", false),
            ("fc00::1", false),
        ] {
            assert_eq!(
                refused(address.parse().unwrap(), &allowed).is_none(),
                through,
                "{address}"
            );
        }
    }
}
