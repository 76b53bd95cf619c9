//! What a publisher sends back of our own secrets goes no further than here.
//!
//! A site can put what it was sent into a header, a redirect, the name of a host or the document itself, and all of these are
//! told to editors, logged, kept or published.

use std::cmp::Reverse;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use memchr::memmem;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::fault::FetchFault;
use crate::model::{
    credential::Secret,
    fetched::{Answer, Fetched, Request},
    settings,
};

/// What stands in the place of a secret.
const HIDDEN: &str = "***";

/// In bytes. Shorter ones are no secrets, and parts of most words.
const SHORTEST_SECRET: usize = 4;

/// The operator's secrets: each credential, and the proxy's login as it is written and as HTTP sends it.
pub(super) fn of_operator(settings: &settings::Fetch) -> Vec<Secret> {
    let login = settings.proxy_login.as_ref().map(Secret::expose);
    let password = login
        .and_then(|login| login.split_once(':'))
        .map(|(_, password)| password);
    let sent = login.map(|login| Secret::new(BASE64_STANDARD.encode(login)));
    let of_proxy = login.into_iter().chain(password).map(Secret::new).chain(sent);
    settings.credentials.secrets().cloned().chain(of_proxy).collect()
}

/// In bytes. In a document nothing shorter is looked for: it may be a word of the news.
const SHORTEST_IN_DOCUMENT: usize = 12;

/// The secrets that an answer to one request could repeat; the longest first, so that none leaves a part of a longer one
/// behind.
#[derive(Debug)]
pub(super) struct Redaction {
    /// In every spelling.
    all: Vec<Secret>,
    /// Those that this request has told.
    told: Vec<Secret>,
}

impl Redaction {
    pub(super) fn new(of_operator: &[Secret], request: &Request) -> Self {
        let sent = request.headers.iter().filter(|header| header.is_secret());
        let values: Vec<_> = sent.filter_map(|header| header.value().to_str().ok()).collect();
        let was_told = |text: &&str| values.iter().any(|value| value.contains(text));
        let texts = || of_operator.iter().map(Secret::expose).chain(values.iter().copied());
        let mut told: Vec<_> = texts()
            .filter(was_told)
            .filter(|text| text.len() >= SHORTEST_IN_DOCUMENT)
            .collect();
        told.sort_by_key(|text| Reverse(text.len()));
        let mut secrets: Vec<_> = texts()
            .filter(|text| text.len() >= SHORTEST_SECRET)
            .flat_map(|text| [text.to_owned(), utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()])
            .collect();
        secrets.sort_by_key(|text| Reverse(text.len()));
        Self {
            all: secrets.into_iter().map(Secret::new).collect(),
            told: told.into_iter().map(Secret::new).collect(),
        }
    }

    /// What came of a request for `asked`, without the secrets.
    pub(super) fn of(&self, visit: Result<Fetched, FetchFault>, asked: &Url) -> Result<Fetched, FetchFault> {
        let mut fetched = visit.map_err(|fault| self.fault(fault))?;
        if self.is_in(fetched.url.as_str()) {
            fetched.url = asked.clone();
            fetched.moved_to = None;
        }
        if let Answer::Body(body) = &mut fetched.answer {
            for validator in [&mut body.validators.etag, &mut body.validators.last_modified] {
                validator.take_if(|bytes| self.is_in(&String::from_utf8_lossy(bytes)));
            }
            for secret in &self.told {
                replace(&mut body.bytes, secret.expose().as_bytes());
            }
        }
        Ok(fetched)
    }

    fn fault(&self, mut fault: FetchFault) -> FetchFault {
        if let Some(text) = foreign(&mut fault) {
            *text = self.text(text);
        }
        fault
    }

    fn text(&self, text: &str) -> String {
        let hide = |text: String, secret: &Secret| without(&text, secret.expose());
        self.all.iter().fold(self.without_a_begun_one(text), hide)
    }

    /// A text that was cut may end with the beginning of a secret, in which a shorter one may stand.
    fn without_a_begun_one(&self, text: &str) -> String {
        let kept = text.strip_suffix('…').unwrap_or_default();
        let begun = self.all.iter().filter_map(|secret| begun(kept, secret.expose())).max();
        match begun.and_then(|begun| kept.get(..kept.len() - begun)) {
            Some(kept) => format!("{kept}{HIDDEN}…"),
            None => text.to_owned(),
        }
    }

    fn is_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let decoded = percent_decode_str(&text).decode_utf8_lossy().to_ascii_lowercase();
        let mut secrets = self.all.iter().map(|secret| secret.expose().to_ascii_lowercase());
        secrets.any(|secret| text.contains(&secret) || decoded.contains(&secret))
    }
}

/// The part of a fault that somebody else has written.
fn foreign(fault: &mut FetchFault) -> Option<&mut String> {
    match fault {
        FetchFault::Status {
            pause: Some((host, _)), ..
        }
        | FetchFault::Paused { host, .. } => Some(host),
        FetchFault::Refused(refusal) | FetchFault::RefusedRedirect(refusal) => Some(&mut refusal.subject),
        FetchFault::Unresolved(text)
        | FetchFault::Encoding(text)
        | FetchFault::Corrupt(text)
        | FetchFault::Http(text)
        | FetchFault::Tls(text)
        | FetchFault::Connection(text) => Some(text),
        _ => None,
    }
}

/// Without a secret, in capital letters or small ones: those of a host's name are lost.
fn without(text: &str, secret: &str) -> String {
    let (lower, secret) = (text.to_ascii_lowercase(), secret.to_ascii_lowercase());
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(&secret) {
        shown.push_str(&text[from..at]);
        shown.push_str(HIDDEN);
        from = at + secret.len();
    }
    shown + &text[from..]
}

/// A document is copied only where there is something to hide in it.
fn replace(document: &mut Bytes, secret: &[u8]) {
    if memmem::find(document, secret).is_none() {
        return;
    }
    let mut hidden = Vec::with_capacity(document.len());
    let mut from = 0;
    for at in memmem::find_iter(document, secret) {
        hidden.extend_from_slice(&document[from..at]);
        hidden.extend_from_slice(HIDDEN.as_bytes());
        from = at + secret.len();
    }
    hidden.extend_from_slice(&document[from..]);
    *document = hidden.into();
}

/// How many bytes at the end of a text are the beginning of a secret.
fn begun(text: &str, secret: &str) -> Option<usize> {
    let (text, secret) = (text.as_bytes(), secret.as_bytes());
    let ends_with =
        |begun: &[u8]| text.len() >= begun.len() && text[text.len() - begun.len()..].eq_ignore_ascii_case(begun);
    (SHORTEST_SECRET..secret.len())
        .rev()
        .find(|length| ends_with(&secret[..*length]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction(secrets: &[&str]) -> Redaction {
        let secrets: Vec<_> = secrets.iter().map(|text| Secret::new(*text)).collect();
        Redaction::new(&secrets, &Request::new("https://a.test/".parse().unwrap()))
    }

    #[test]
    fn a_secret_is_hidden_wherever_it_stands_and_however_it_is_spelt() {
        let redaction = redaction(&["s3cr3t/+x", "s3cr", "abc"]);
        for (text, shown) in [
            ("nothing of ours, é", "nothing of ours, é"),
            ("a s3cr3t/+x, é S3CR3T/+X", "a ***, é ***"),
            ("t=s3cr3t%2f%2Bx&s3cr", "t=***&***"),
            ("abc", "abc"),
            ("é s3cr3t/…", "é ***…"),
            ("é s3…", "é s3…"),
        ] {
            assert_eq!(redaction.text(text), shown);
        }
    }

    #[test]
    fn a_url_holds_a_secret_in_every_spelling() {
        let redaction = redaction(&["Bearer s3cr3t"]);
        for (url, held) in [
            ("https://a.test/Bearer%20s3cr3t/feed", true),
            ("https://a.test/?t=%42earer%20%733cr3t", true),
            ("https://a.test/?t=bearer", false),
        ] {
            assert_eq!(redaction.is_in(url), held, "{url}");
        }
    }
}
