//! The part of `[fetch]` that lets us in: the proxy, whom to trust, and the secrets.

use std::cell::Cell;

use url::Url;

use super::file::Keys;
use crate::{
    edge::config::{
        template::{fill, has_secret},
        value::{self, Given, Wrong},
    },
    model::credential::{Credentials, Secret},
};

/// As in [`crate::model::settings::Fetch`].
pub(super) struct Access {
    pub(super) proxy: Option<Url>,
    pub(super) proxy_login: Option<Secret>,
    pub(super) ca: Vec<Vec<u8>>,
    pub(super) credentials: Credentials,
}

pub(super) fn read(keys: &mut Keys<'_, '_>, in_environment: Credentials) -> Option<Access> {
    let proxy = keys.read(
        "proxy",
        r#""""#,
        "An HTTP proxy for all requests, such as \"http://proxy.example.org:3128\"; \"\" is none.",
        value::optional(value::proxy),
    );
    let ca_file = keys.read(
        "ca_file",
        r#""""#,
        "A file of certificates (PEM) to trust beside the system's, such as those of a proxy that looks into TLS.",
        value::optional(value::certificates),
    );
    let faulty = Cell::new(false);
    let in_file = keys.read(
        "credentials",
        r#""""#,
        "A file of secrets, each a line NAME = \"secret\", for ${NAME} in headers and below; closed to other users.",
        value::optional(|given| value::credentials(given).inspect_err(|_| faulty.set(true))),
    );
    // Of a file that is faulty nothing can be missed.
    let credentials = in_file.filter(|_| !faulty.get());
    let credentials = credentials.map(|in_file| in_file.unwrap_or_default().or(in_environment));
    let proxy_login = keys.read(
        "proxy_login",
        r#""""#,
        "What the proxy asks for, as \"user:${NAME}\".",
        value::optional(|given| login(given, credentials.as_ref())),
    );
    Some(Access {
        proxy: proxy?,
        proxy_login: proxy_login?,
        ca: ca_file?.unwrap_or_default(),
        credentials: credentials?,
    })
}

/// User name and password; the password by its name.
fn login(given: Given<'_>, credentials: Option<&Credentials>) -> Result<Secret, Wrong> {
    let template = value::line(given)?;
    match template.split_once(':') {
        Some((user, password)) if !user.is_empty() && has_secret(password) => fill(&template, credentials),
        Some(_) => Err(Wrong::new("the password does not belong here").help("name it: \"user:${PROXY_PASSWORD}\"")),
        None => Err(Wrong::new("expected a user name, a colon and a password").help("like \"user:${PROXY_PASSWORD}\"")),
    }
}
