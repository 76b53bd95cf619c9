//! Addresses that must not be reached, in every way to write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// The IANA special-purpose registries, multicast, site-local, and the tails of what is not given out.
const FORBIDDEN: [&str; 53] = [
    "0.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "169.254.169.254/32",
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
    "::/96",
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
    "4000::/3",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

/// A way to carry an IPv4 address in an IPv6 address.
type Carry = fn(Ipv4Addr) -> Ipv6Addr;

/// First, middle and last address of each block, each once.
pub(super) fn addresses() -> Vec<IpAddr> {
    let nets = FORBIDDEN.iter().map(|net| net.parse::<IpNet>().unwrap());
    let mut addresses: Vec<_> = nets.flat_map(ends_and_middle).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

fn ends_and_middle(net: IpNet) -> [IpAddr; 3] {
    let middle = match net {
        IpNet::V4(net) => {
            let half = u64::from(u32::from(net.broadcast()) - u32::from(net.network())) / 2;
            IpAddr::from(Ipv4Addr::from(u32::from(net.network()) + u32::try_from(half).unwrap()))
        }
        IpNet::V6(net) => {
            let half = (u128::from(net.broadcast()) - u128::from(net.network())) / 2;
            IpAddr::from(Ipv6Addr::from(u128::from(net.network()) + half))
        }
    };
    [net.network(), middle, net.broadcast()]
}

/// How an address may stand in a URL.
pub(super) fn spellings(address: IpAddr) -> Vec<String> {
    match address {
        IpAddr::V4(v4) => [plain(v4), disguised(v4), carried(v4)].concat(),
        IpAddr::V6(v6) => bracketed(v6),
    }
}

/// Numbers of every base and length (WHATWG URL §4.4).
fn plain(address: Ipv4Addr) -> Vec<String> {
    let number = u32::from(address);
    let [a, b, c, d] = address.octets();
    let (low16, low24) = (number & 0xffff, number & 0xff_ffff);
    vec![
        format!("{a}.{b}.{c}.{d}"),
        format!("{a}.{b}.{c}.{d}."),
        format!("{number}"),
        format!("{number}."),
        format!("{number:#x}"),
        format!("{number:#X}").replace("0X", "0x"),
        format!("0X{number:X}"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("000{a:o}.000{b:o}.000{c:o}.000{d:o}"),
        format!("0x000{a:x}.0x000{b:X}.{c}.0{d:o}"),
        format!("{a}.{low24}"),
        format!("{a}.{b}.{low16}"),
        format!("{a:#x}.{low24:#x}"),
        format!("0{a:o}.0{b:o}.0{low16:o}"),
    ]
}

/// Characters that become digits and dots on the way.
fn disguised(address: Ipv4Addr) -> Vec<String> {
    let dotted = address.to_string();
    let wide = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit));
    let bold = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0x1d7ce + digit));
    let map = |with: &dyn Fn(char) -> Option<char>| dotted.chars().map(|c| with(c).unwrap_or(c)).collect::<String>();
    let percent: String = dotted.bytes().map(|byte| format!("%{byte:02x}")).collect();
    vec![
        map(&wide),
        map(&bold),
        map(&wide).replace('.', "。"),
        dotted.replace('.', "。"),
        dotted.replace('.', "．"),
        dotted.replace('.', "｡"),
        dotted.replace('.', "%2e"),
        dotted.replace('.', "%E3%80%82"),
        dotted.replacen('.', "\u{ad}.", 1),
        percent.to_uppercase(),
        percent,
    ]
}

fn carried(address: Ipv4Addr) -> Vec<String> {
    let mut spelt: Vec<_> = carriers()
        .iter()
        .map(|(carry, _)| format!("[{}]", carry(address)))
        .collect();
    let mapped = address.to_ipv6_mapped();
    let [.., high, low] = mapped.segments();
    spelt.extend([
        format!("[::FFFF:{high:X}:{low:x}]"),
        format!("[0:0:0:0:0:ffff:{address}]"),
        format!("[0000:0000:0000:0000:0000:FFFF:{high:04x}:{low:04X}]"),
        format!("[64:FF9B::{address}]"),
    ]);
    spelt
}

/// Each with whether a public address inside makes a public address.
pub(super) fn carriers() -> [(Carry, bool); 8] {
    fn build(head: &[u8], inside: Ipv4Addr, tail: &[u8]) -> Ipv6Addr {
        let mut octets = [0; 16];
        octets[..head.len()].copy_from_slice(head);
        octets[head.len()..head.len() + 4].copy_from_slice(&inside.octets());
        octets[16 - tail.len()..].copy_from_slice(tail);
        octets.into()
    }
    [
        (|v4| v4.to_ipv6_mapped(), true),
        (|v4| build(&[0; 12], v4, &[]), false),
        (
            |v4| build(&[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], v4, &[]),
            true,
        ),
        (
            |v4| build(&[0, 0x64, 0xff, 0x9b, 0, 1, 0, 0, 0, 0, 0, 0], v4, &[]),
            false,
        ),
        (|v4| build(&[0x20, 0x02], v4, &[0, 1]), true),
        // Teredo, by its server and by its client.
        (
            |v4| build(&[0x20, 0x01, 0, 0], v4, &[0x80, 0, 0, 0, 0xf7, 0xf7, 0xf7, 0xf7]),
            true,
        ),
        (
            |v4| {
                build(
                    &[0x20, 0x01, 0, 0, 8, 8, 8, 8, 0x80, 0, 0, 0],
                    (!u32::from(v4)).into(),
                    &[],
                )
            },
            true,
        ),
        // ISATAP.
        (
            |v4| build(&[0x2a, 0, 0x14, 0x50, 0, 0, 0, 0, 2, 0, 0x5e, 0xfe], v4, &[]),
            true,
        ),
    ]
}

fn bracketed(address: Ipv6Addr) -> Vec<String> {
    let groups = |with: &dyn Fn(&u16) -> String| address.segments().iter().map(with).collect::<Vec<_>>().join(":");
    let [.., a, b, c, d] = address.octets();
    let head = address.segments()[..6]
        .iter()
        .map(|group| format!("{group:x}"))
        .collect::<Vec<_>>()
        .join(":");
    vec![
        format!("[{address}]"),
        format!("[{}]", groups(&|group| format!("{group:x}"))),
        format!("[{}]", groups(&|group| format!("{group:04X}"))),
        format!("[{head}:{a}.{b}.{c}.{d}]"),
    ]
}
