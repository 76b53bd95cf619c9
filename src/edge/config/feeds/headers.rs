//! `headers` of a `[[source]]`.

use std::collections::HashSet;

use http::HeaderName;

use crate::{
    edge::config::{
        table::Section,
        template::{fill, has_secret},
        value::{Given, Wrong, quoted},
    },
    model::{credential::Credentials, source::Header},
};

const EXAMPLE: &str = "{ Authorization = \"Bearer ${NEJM_TOKEN}\" }";

/// Most headers of one source; more would be somebody's whole browser.
const HEADERS_MAX: usize = 20;

/// Longest value, in bytes. Servers take a head of 8 KiB in all.
const VALUE_BYTES_MAX: usize = 4096;

/// What the request says by itself, and what belongs to the connection and not to the request.
const OURS: [&str; 15] = [
    "accept",
    "accept-encoding",
    "connection",
    "cookie",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];
const OURS_BEGIN: [&str; 3] = ["content-", "if-", "proxy-"];

pub(super) fn read(section: &mut Section<'_>, credentials: Option<&Credentials>) -> Option<Vec<Header>> {
    let mut named = HashSet::new();
    let mut headers = section.entries("headers", EXAMPLE, HEADERS_MAX, |key, given| {
        let name = name(key)?;
        match named.insert(name.clone()) {
            true => header(name, given, credentials),
            false => Err(Wrong::new(format!(
                "the header {name} is there already, spelt otherwise"
            ))),
        }
    })?;
    headers.sort_by(|a, b| a.name().as_str().cmp(b.name().as_str()));
    Some(headers)
}

fn name(key: &str) -> Result<HeaderName, Wrong> {
    let name = HeaderName::from_bytes(key.as_bytes())
        .map_err(|_| Wrong::new(format!("{} cannot be the name of a header", quoted(key))))?;
    let lower = name.as_str();
    match OURS.contains(&lower) || OURS_BEGIN.iter().any(|start| lower.starts_with(start)) {
        true => Err(Wrong::new(format!(
            "{} is for oncofeed itself to set, or to leave out",
            quoted(key)
        ))),
        false => Ok(name),
    }
}

fn header(name: HeaderName, given: Given<'_>, credentials: Option<&Credentials>) -> Result<Header, Wrong> {
    let template = given.text("text in quotes")?.trim();
    if template.is_empty() {
        return Err(Wrong::new("must not be empty"));
    }
    if name == http::header::AUTHORIZATION && !has_secret(template) {
        let wrong = Wrong::new("a secret does not belong in this file, which many may read");
        return Err(wrong.help(format!("name it, and let an operator set it: headers = {EXAMPLE}")));
    }
    let value = fill(template, credentials)?;
    if value.expose().len() > VALUE_BYTES_MAX {
        return Err(Wrong::new(format!("longer than {VALUE_BYTES_MAX} bytes")));
    }
    Header::new(name, template.to_owned(), &value).ok_or_else(|| {
        Wrong::new("has a character that no header can hold: ASCII without control characters can be sent")
    })
}
