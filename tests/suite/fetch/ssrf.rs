//! No connection ever arrives at an address that is not public.
//!
//! Seen from the address: in a network of its own every address is this machine, so a listener finds out what was
//! connected to, whatever it is called, and has to find nothing. Where the machine allows no such network, addresses of
//! loopback stand for all.

mod cases;
mod world;

use std::{
    collections::BTreeSet,
    net::IpAddr,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use oncofeed::{edge::fetch::Fetcher, model::fetched::Request};
use url::{Host, Url};

use self::{
    cases::{addresses, carriers, spellings},
    world::{A, AAAA, PUBLIC_V4, PUBLIC_V6, World, hex, name, run_inside},
};
use super::{fetcher, now};
use crate::support::{
    left_out,
    origin::{Origin, Reply},
};

/// In a process that has the network of [`world`] around it.
const INSIDE: &str = "EVERY_ADDRESS_IS_THIS_MACHINE";

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Visits under way at once.
const AT_ONCE: usize = 64;

const CASES_MIN: usize = 2_000;

#[test]
fn nothing_arrives_where_nothing_public_is() {
    let program = std::env::current_exe().unwrap();
    let program = program.to_str().unwrap();
    let test = "fetch::ssrf::every_case_in_a_network_of_its_own";
    let marker = format!("{INSIDE}=1");
    match run_inside(&["env", &marker, program, "--exact", test, "--ignored", "--nocapture"]) {
        Err(why) => left_out(&format!(
            "addresses other than loopback, names and rebinding: no network of our own here ({why})"
        )),
        Ok(output) => {
            let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
            assert!(
                output.status.success() && told[0].contains("1 passed"),
                "{}",
                told.concat()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by another test, in a network of its own"]
async fn every_case_in_a_network_of_its_own() {
    assert!(std::env::var_os(INSIDE).is_some(), "never in the real network");
    let started = Instant::now();
    let world = World::start(public_addresses()).await;
    let strict = fetcher(|settings| {
        settings.allow_addresses.clear();
        (settings.concurrency, settings.per_host) = (AT_ONCE, AT_ONCE);
    });

    let (literals, redirects, names) = (literals(), redirects(), names());
    let turning = turning();
    let cases = [&literals, &redirects, &names, &turning].map(Vec::len);
    let all = [literals.clone(), redirects, names, turning].concat();
    for (url, outcome) in visit(&strict, all.clone()).await {
        let refused = outcome
            .as_ref()
            .is_err_and(|words| words.contains("not a public address"));
        assert!(refused, "{url}: {outcome:?}");
    }
    let arrived = world.arrived().await;
    assert_eq!(
        arrived.len(),
        2,
        "the two that show that arrivals are seen: {arrived:?}"
    );
    assert!(all.len() >= CASES_MIN, "{} cases", all.len());
    check_turning(&world);

    let public = public_urls();
    let expected = public.len();
    for (url, outcome) in visit(&strict, public).await {
        assert!(outcome.is_ok(), "{url}: {outcome:?}");
    }
    assert_eq!(world.arrived().await.len(), 2);

    let arrivals = without_the_judge(&world, literals).await;
    let [literals, redirects, names, turning] = cases;
    println!(
        "{} cases ({literals} literals, {redirects} redirects, {names} names, {turning} that turn over), no arrival; \
         {expected} public ones reached; {arrivals} literals arrive where all is allowed; {:?}",
        all.len(),
        started.elapsed()
    );
}

/// Loopback stands for all addresses; any machine has it.
#[tokio::test]
async fn nothing_arrives_at_this_machine_however_it_is_spelt() {
    let (origin, traps) = loopback();
    let port = origin.port();
    let fetcher = fetcher(|settings| {
        settings.allow_addresses = vec!["127.0.0.2/32".parse().unwrap()];
        settings.timeout = Duration::from_secs(2);
    });
    let mut cases = vec![];
    for spelling in ["127.0.0.1", "::1"]
        .into_iter()
        .flat_map(|address| spellings(address.parse().unwrap()))
    {
        let target = format!("http://{spelling}:{port}/");
        cases.push(Url::parse(&target).unwrap());
        cases.extend(STATUSES.map(|status| origin.url(&redirect_path(status, &target))));
    }
    assert!(cases.len() > 200, "{}", cases.len());
    for (url, outcome) in visit(&fetcher, cases).await {
        let refused = outcome
            .as_ref()
            .is_err_and(|words| words.contains("not a public address"));
        assert!(refused, "{url}: {outcome:?}");
    }
    for trap in &traps {
        assert!(trap.accept().is_err(), "{trap:?}");
        std::net::TcpStream::connect(trap.local_addr().unwrap()).unwrap();
        assert!(trap.accept().is_ok(), "what arrives is seen");
    }
}

/// No name is resolved here then, but an address is an address.
#[tokio::test]
async fn a_proxy_is_not_asked_for_any_of_them() {
    let proxy = Origin::start(|_| Reply::feed("<rss/>"));
    let fetcher = fetcher(|settings| {
        settings.allow_addresses.clear();
        settings.proxy = Some(proxy.url("/"));
    });
    for (url, outcome) in visit(&fetcher, literals()).await {
        let refused = outcome
            .as_ref()
            .is_err_and(|words| words.contains("not a public address"));
        assert!(refused, "{url}: {outcome:?}");
    }
    assert!(proxy.requests().is_empty());
    assert!(
        fetcher
            .fetch(&Request::new("http://a.test/".parse().unwrap()), now())
            .await
            .is_ok()
    );
}

/// A publisher at 127.0.0.2 who redirects, and listeners at the same port of 127.0.0.1 and, where there is one, ::1.
fn loopback() -> (Origin, Vec<std::net::TcpListener>) {
    loop {
        let origin = Origin::start_at("127.0.0.2", |request| {
            let mut path = request.path.split('/').skip(2);
            let (status, location) = (path.next().unwrap(), path.next().and_then(world::unhex).unwrap());
            Reply::new(status.parse().unwrap(), "").header("location", location)
        });
        let bind = |ip: &str| std::net::TcpListener::bind((ip, origin.port()));
        let (v4, v6) = (bind("127.0.0.1"), bind("::1"));
        let taken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::AddrInUse;
        if v4.is_err() || v6.as_ref().is_err_and(taken) {
            continue;
        }
        let traps: Vec<_> = v4.into_iter().chain(v6).collect();
        for trap in &traps {
            trap.set_nonblocking(true).unwrap();
        }
        return (origin, traps);
    }
}

/// Every case, and how it ended.
async fn visit(fetcher: &Fetcher, urls: Vec<Url>) -> Vec<(Url, Result<(), String>)> {
    stream::iter(urls)
        .map(async |url| {
            let found = fetcher.fetch(&Request::new(url.clone()), now()).await;
            (url, found.map(drop).map_err(|fault| fault.to_string()))
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

/// Every spelling over http, as spelt: two are two cases, though they may come to one URL. Every address over https.
fn literals() -> Vec<Url> {
    let addresses = addresses();
    let spelt: BTreeSet<_> = addresses.iter().flat_map(|address| spellings(*address)).collect();
    let plain = spelt.iter().map(|spelling| format!("http://{spelling}/"));
    let secure = addresses
        .iter()
        .map(|address| format!("https://{}/", spellings(*address)[0]));
    let urls = plain.chain(secure).map(|text| {
        let url = Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(
            matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))),
            "{text} has no address"
        );
        url
    });
    urls.collect()
}

/// From a public site to every spelling, and to every address by every status.
fn redirects() -> Vec<Url> {
    let from_public = |status: u16, target: &str| {
        let path = redirect_path(status, target);
        Url::parse(&format!("http://{PUBLIC_V4}{path}")).unwrap()
    };
    let mut urls = vec![];
    for address in addresses() {
        let spellings = spellings(address);
        for status in STATUSES {
            urls.push(from_public(
                status,
                &format!("http://{}/latest/meta-data/", spellings[0]),
            ));
        }
        for (spelling, status) in spellings.iter().zip(STATUSES.into_iter().cycle()) {
            urls.push(from_public(status, &format!("//{spelling}/")));
        }
    }
    urls
}

fn redirect_path(status: u16, location: &str) -> String {
    format!("/to/{status}/{}", hex(location.as_bytes()))
}

/// Names that lead there alone, or among public addresses, or after a redirect; IPv4 also as it is carried in IPv6.
fn names() -> Vec<Url> {
    let mut urls = vec![];
    for address in addresses() {
        for plan in ["only", "first", "last"] {
            urls.push(format!("http://{}/", name(plan, address)));
        }
        let target = format!("http://{}/", name("last", address));
        urls.push(format!("http://{PUBLIC_V4}{}", redirect_path(302, &target)));
        if let IpAddr::V4(v4) = address {
            let carried = carriers().map(|(carry, _)| carry(v4).into());
            urls.extend(carried.map(|address| format!("http://{}/", name("last", address))));
        }
    }
    urls.iter().map(|url| Url::parse(url).unwrap()).collect()
}

/// Names that are public at first and then are not. They redirect to themselves, so that they are asked again.
fn turning() -> Vec<Url> {
    let url = |address| {
        let name = name("turning", address);
        let path = redirect_path(302, &format!("http://{name}/"));
        Url::parse(&format!("http://{name}{path}")).unwrap()
    };
    addresses().into_iter().map(url).collect()
}

/// Each was resolved once for each connection, and never a second time between the judgement and the connection.
fn check_turning(world: &World) {
    for address in addresses() {
        let name = name("turning", address);
        let asked = [A, AAAA].map(|kind| world.times_asked(&name, kind));
        assert_eq!(asked, [2, 2], "{name}");
    }
}

fn public_addresses() -> Vec<IpAddr> {
    let v4 = PUBLIC_V4.parse().unwrap();
    let carried = carriers()
        .into_iter()
        .filter(|(_, public)| *public)
        .map(|(carry, _)| carry(v4).into());
    let plain = [v4.into(), PUBLIC_V6.parse().unwrap()];
    plain.into_iter().chain(carried).collect()
}

/// Public addresses in every spelling, by name, and each also by redirect.
fn public_urls() -> Vec<Url> {
    let reachable = public_addresses();
    let literals = [PUBLIC_V4, PUBLIC_V6]
        .map(|address| spellings(address.parse().unwrap()))
        .concat();
    let literals = literals
        .iter()
        .map(|spelling| Url::parse(&format!("http://{spelling}/")).unwrap());
    let literals = literals.filter(|url| match url.host().unwrap() {
        Host::Ipv6(v6) => reachable.contains(&v6.into()) || v6.to_ipv4_mapped().is_some(),
        _ => true,
    });
    let named = Url::parse(&format!("http://{}/", name("public", [10, 0, 0, 77].into())));
    let urls: Vec<_> = literals.chain(named).collect();
    let redirected = urls.iter().zip(STATUSES.into_iter().cycle()).map(|(url, status)| {
        let path = redirect_path(status, url.as_str());
        Url::parse(&format!("http://{PUBLIC_V4}{path}")).unwrap()
    });
    let redirected: Vec<_> = redirected.collect();
    [urls, redirected].concat()
}

/// The same literals where the operator lists all addresses: they do arrive, so that their absence says something.
async fn without_the_judge(world: &World, literals: Vec<Url>) -> usize {
    let lenient = fetcher(|settings| {
        settings.allow_addresses = ["0.0.0.0/0", "::/0"].map(|net| net.parse().unwrap()).to_vec();
        (settings.concurrency, settings.per_host) = (AT_ONCE, AT_ONCE);
    });
    visit(&lenient, literals).await;
    let arrived = world.arrived().await.len() - 2;
    assert!(arrived >= CASES_MIN, "{arrived} arrived");
    arrived
}
