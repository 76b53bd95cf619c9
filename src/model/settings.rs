//! What operators and editors set. Made by `edge::config`, with every default filled in.

use std::{path::PathBuf, time::Duration};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use url::Url;

use super::{
    channel::Channel,
    credential::{Credentials, Secret},
    source::Source,
};

/// `config/oncofeed.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub site: Site,
    pub store: Store,
    pub fetch: Fetch,
    pub publish: Publish,
    pub serve: Serve,
    pub log: Log,
}

/// `[site]`: who we are.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub title: String,
    /// The website whose news this is.
    pub home: Option<Url>,
    /// Where our outputs are public; ends in a slash.
    pub base_url: Url,
    /// A URL or e-mail address, for publishers who want to write to us.
    pub contact: Option<String>,
    /// BCP 47.
    pub language: String,
    pub timezone: TimeZone,
    /// WebSub hubs that tell our subscribers.
    pub hubs: Vec<Url>,
}

/// `[store]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    pub path: PathBuf,
    /// Counted from when an item was last in its feed.
    pub retention: Duration,
}

/// `[fetch]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Cron with seconds, in the site's time zone.
    pub tick: String,
    /// Most requests under way at once.
    pub concurrency: usize,
    /// Most requests under way at once on one host.
    pub per_host: usize,
    /// For a whole request, redirects included.
    pub timeout: Duration,
    /// Decoded bytes.
    pub max_body: u64,
    pub min_interval: Duration,
    pub max_interval: Duration,
    /// Where one source that is asked too often says nothing of the others. Lower case.
    pub shared_hosts: Vec<String>,
    /// May be reached although not public.
    pub allow_addresses: Vec<IpNet>,
    /// All requests go through it. http or https, without path, user name and password.
    pub proxy: Option<Url>,
    /// `user:password`, for the proxy.
    pub proxy_login: Option<Secret>,
    /// Certificates, in DER, that are trusted beside those of the system.
    pub ca: Vec<Vec<u8>>,
    pub credentials: Credentials,
}

/// `[publish]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    pub dir: PathBuf,
}

/// `[serve]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serve {
    /// `None` serves nothing.
    pub listen: Option<std::net::SocketAddr>,
    /// Reverse proxies in front of us.
    pub proxies: Vec<IpNet>,
}

/// `[log]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub level: tracing::Level,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    /// One object a line.
    Json,
}

/// `feeds.toml`, in the editor's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Feeds {
    pub channels: Vec<Channel>,
    pub sources: Vec<Source>,
}
