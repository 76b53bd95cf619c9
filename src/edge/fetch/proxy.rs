//! The operator's proxy: all requests go through it, and it resolves the names.
//!
//! Nothing of the environment chooses it. Addresses that stand in URLs are judged as ever; what a name leads to is the
//! proxy's to judge, and the proxy's own address nobody's: the operator named it.

use std::{
    error::Error,
    io::{self, ErrorKind},
    time::Duration,
};

use reqwest::ClientBuilder;
use url::Url;

use super::{
    fault::{FetchFault, cause, causes, seconds},
    resolver::ResolveFault,
};
use crate::model::settings;

/// Leads all requests of a client through the proxy, where there is one.
pub(super) fn lead(builder: ClientBuilder, settings: &settings::Fetch) -> reqwest::Result<ClientBuilder> {
    let builder = builder.no_proxy();
    let Some(url) = &settings.proxy else {
        return Ok(builder);
    };
    let proxy = reqwest::Proxy::all(url.clone())?;
    let login = settings.proxy_login.as_ref().map(|login| login.expose());
    Ok(builder.proxy(match login.and_then(|login| login.split_once(':')) {
        Some((user, password)) => proxy.basic_auth(user, password),
        None => proxy,
    }))
}

/// What kept a request from getting further than the proxy; `None` where that was something else.
pub(super) fn fault(proxy: &Url, error: &reqwest::Error, connect_timeout: Duration) -> Option<FetchFault> {
    if !error.is_connect() || cause::<rustls::Error>(error).is_some() {
        return None;
    }
    if tunnel_says(error, "proxy authorization required") {
        return Some(FetchFault::Status {
            status: 407,
            retry_after: None,
            pause: None,
        });
    }
    let why = match cause::<io::Error>(error).map(io::Error::kind) {
        _ if cause::<ResolveFault>(error).is_some() => "has a name that does not resolve".to_owned(),
        _ if error.is_timeout() => format!("makes no connection within {}", seconds(connect_timeout)),
        _ if tunnel_says(error, "unsuccessful") => "does not lead to the site".to_owned(),
        Some(ErrorKind::ConnectionRefused) => "takes no connections".to_owned(),
        Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => "cannot be reached from here".to_owned(),
        _ => "broke the connection off".to_owned(),
    };
    Some(FetchFault::Proxy {
        proxy: name(proxy),
        why,
    })
}

/// The client keeps the type of its tunnel's errors to itself; their words are all that can be told apart.
fn tunnel_says(error: &(dyn Error + 'static), words: &str) -> bool {
    causes(error).any(|cause| cause.to_string().ends_with(words))
}

/// Host and port.
fn name(proxy: &Url) -> String {
    let host = proxy.host_str().unwrap_or_default();
    match proxy.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
