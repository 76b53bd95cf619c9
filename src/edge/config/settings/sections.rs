//! Every key of `config/oncofeed.toml`: its default, its bounds, and what it is for.

use std::time::Duration;

use super::{
    access,
    file::{Keys, SettingsFile},
};
use crate::{
    edge::config::value,
    model::settings::{Fetch, Log, LogFormat, Publish, Serve, Site, Store},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

pub(super) fn site(file: &mut SettingsFile<'_>) -> Option<Site> {
    let mut keys = file.section("site", "Who we are.");
    let title = keys.read(
        "title",
        r#""Cancer news""#,
        "The name of our outputs as a whole.",
        value::line,
    );
    let home = keys.read(
        "home",
        r#""""#,
        "The website whose news this is, as a web address; \"\" is none.",
        value::optional(value::web_url),
    );
    let base_url = keys.read(
        "base_url",
        r#""http://127.0.0.1:8080/""#,
        "Where our outputs are public: the address of the folder that readers see.",
        value::base_url,
    );
    let contact = keys.read(
        "contact",
        r#""""#,
        "An e-mail or web address for publishers, who see it with every request.",
        value::optional(value::contact),
    );
    let language = keys.read(
        "language",
        r#""en-GB""#,
        "The language of our outputs.",
        value::language,
    );
    let timezone = keys.read(
        "timezone",
        r#""Europe/London""#,
        "The time zone of the dates shown and of fetch.tick.",
        value::timezone,
    );
    let hubs = keys.read_list(
        "hubs",
        "[]",
        "WebSub hubs, such as [\"https://hub.example.org/\"]: told when a feed has changed, they tell its subscribers at once.",
        value::web_url,
    );
    keys.finish();
    Some(Site {
        title: title?,
        home: home?,
        base_url: base_url?,
        contact: contact?,
        language: language?,
        timezone: timezone?,
        hubs: hubs?,
    })
}

pub(super) fn store(file: &mut SettingsFile<'_>) -> Option<Store> {
    let mut keys = file.section("store", "What is kept.");
    let path = keys.read("path", r#""var/oncofeed.db""#, "The SQLite database.", value::path);
    let retention = keys.read(
        "retention",
        r#""400d""#,
        "How long an item is kept after it was last in its feed.",
        value::duration(DAY..=3_650 * DAY),
    );
    keys.finish();
    Some(Store {
        path: path?,
        retention: retention?,
    })
}

pub(super) fn fetch(file: &mut SettingsFile<'_>) -> Option<Fetch> {
    let in_environment = file.credentials();
    let mut keys = file.section("fetch", "How publishers are visited.");
    let tick = keys.read(
        "tick",
        r#""0 * * * * *""#,
        "When to see which sources are due: second minute hour day month weekday.",
        value::cron,
    );
    let limits = limits(&mut keys);
    let min_interval = keys.read(
        "min_interval",
        r#""1h""#,
        "Least time between two visits to a source.",
        value::duration(SECOND..=7 * DAY),
    );
    let max_interval = keys.read(
        "max_interval",
        r#""24h""#,
        "What publishers ask for is believed up to this; sources that fail or rarely bring news are visited as often.",
        value::duration(SECOND..=30 * DAY),
    );
    let shared_hosts = keys.read_list(
        "shared_hosts",
        "[]",
        "Hosts of many publishers, such as [\"medium.com\"]: one that is asked too often (429) rests alone, not the host.",
        value::host,
    );
    let allow_addresses = keys.read_list(
        "allow_addresses",
        "[]",
        "Addresses that may be visited although they are not public, such as [\"10.20.0.0/16\"].",
        value::network,
    );
    let access = access::read(&mut keys, in_environment);
    keys.finish();
    let (limits, access) = (limits?, access?);
    Some(Fetch {
        tick: tick?,
        concurrency: limits.concurrency,
        per_host: limits.per_host,
        timeout: limits.timeout,
        max_body: limits.max_body,
        min_interval: min_interval?,
        max_interval: max_interval?,
        shared_hosts: shared_hosts?,
        allow_addresses: allow_addresses?,
        proxy: access.proxy,
        proxy_login: access.proxy_login,
        ca: access.ca,
        credentials: access.credentials,
    })
}

/// What requests may take of us and of hosts, as in [`Fetch`].
struct Limits {
    concurrency: usize,
    per_host: usize,
    timeout: Duration,
    max_body: u64,
}

fn limits(keys: &mut Keys<'_, '_>) -> Option<Limits> {
    let concurrency = keys.read("concurrency", "16", "Most requests at once.", value::count(1..=256));
    let per_host = keys.read(
        "per_host",
        "1",
        "Most requests at once on one host.",
        value::count(1..=8),
    );
    let timeout = keys.read(
        "timeout",
        r#""30s""#,
        "Longest time for one request, redirects included.",
        value::duration(SECOND..=10 * MINUTE),
    );
    let max_body = keys.read(
        "max_body",
        r#""8MiB""#,
        "Largest feed, once decompressed.",
        value::size(64 * KIB..=64 * MIB),
    );
    Some(Limits {
        concurrency: concurrency?,
        per_host: per_host?,
        timeout: timeout?,
        max_body: max_body?,
    })
}

pub(super) fn publish(file: &mut SettingsFile<'_>) -> Option<Publish> {
    let mut keys = file.section("publish", "Where outputs are written.");
    let dir = keys.read(
        "dir",
        r#""var/public""#,
        "The folder; everything in it is public.",
        value::path,
    );
    keys.finish();
    Some(Publish { dir: dir? })
}

pub(super) fn serve(file: &mut SettingsFile<'_>) -> Option<Serve> {
    let mut keys = file.section("serve", "The same outputs over HTTP.");
    let listen = keys.read(
        "listen",
        r#""127.0.0.1:8080""#,
        "Address and port; \"\" serves nothing.",
        value::optional(value::listen),
    );
    let proxies = keys.read_list(
        "proxies",
        "[]",
        "Reverse proxies on other machines, such as [\"10.20.0.5/32\"], which may have more than 64 connections at once.",
        value::network,
    );
    keys.finish();
    Some(Serve {
        listen: listen?,
        proxies: proxies?,
    })
}

pub(super) fn log(file: &mut SettingsFile<'_>) -> Option<Log> {
    let mut keys = file.section("log", "What is told on stderr.");
    let level = keys.read(
        "level",
        r#""info""#,
        "error, warn, info, debug or trace.",
        value::log_level,
    );
    let format = keys.read(
        "format",
        r#""text""#,
        "text, or json: one object a line.",
        value::choice(&[("text", LogFormat::Text), ("json", LogFormat::Json)]),
    );
    keys.finish();
    Some(Log {
        level: level?,
        format: format?,
    })
}
