//! Why a visit brought nothing, in one line for an editor.

use std::{
    error::Error,
    io::{self, ErrorKind},
    time::Duration,
};

use rustls::CertificateError;

use super::{
    headers::{HEADERS_BYTES_MAX, HEADERS_MAX},
    policy::Refusal,
    resolver::ResolveFault,
    route::{REDIRECTS_MAX, Route},
    status,
};

/// Longest part of a foreign text (a header, another crate's error) in a message, in characters.
const QUOTED_CHARS_MAX: usize = 100;

/// Why a visit brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum FetchFault {
    /// An answer other than the document or a 304 that was asked for.
    #[error("{}", status::in_words(*status))]
    Status {
        status: u16,
        retry_after: Option<Duration>,
        /// 429, and 503 with `Retry-After` to anything but a feed: the host that is now left alone, and for how long;
        /// `None` where it is a shared one.
        pause: Option<(String, Duration)>,
    },
    /// Nobody was asked.
    #[error("not asked: {host} has asked us to come less often")]
    Paused { host: String, wait: Duration },
    #[error("{0}")]
    Refused(Refusal),
    #[error("redirected to {}", .0.as_clause())]
    RefusedRedirect(Refusal),
    #[error("redirected more than {REDIRECTS_MAX} times")]
    Redirects,
    #[error("{0}: redirected, but not to anywhere")]
    Location(u16),
    #[error("the name {0} does not resolve")]
    Unresolved(String),
    #[error("no connection within {}", seconds(*.0))]
    NoConnection(Duration),
    #[error("no answer within {}", seconds(*.0))]
    NoAnswer(Duration),
    #[error("took longer than {}", seconds(*.0))]
    Slow(Duration),
    /// The lowest rate, in bytes a second.
    #[error("slower than {} a second", bytes(*.0))]
    Dribble(u64),
    /// The limit, in bytes.
    #[error("larger than {}", bytes(*.0))]
    Large(u64),
    #[error(
        "more than {HEADERS_MAX} headers, or {} of them",
        bytes(u64::from(HEADERS_BYTES_MAX))
    )]
    Headers,
    #[error("200: the site sends nothing")]
    Empty,
    #[error("encoded as \"{0}\", which we do not read")]
    Encoding(String),
    #[error("cannot be decompressed: {0}")]
    Corrupt(String),
    #[error("the connection ended before the whole document was there")]
    Cut,
    #[error("the answer is not HTTP: {0}")]
    Http(String),
    #[error("not secure: {0}")]
    Tls(String),
    #[error("{0}")]
    Connection(String),
    #[error("the proxy {proxy} {why}")]
    Proxy { proxy: String, why: String },
    /// Ours, at start.
    #[error("cannot set up HTTP: {0}")]
    Setup(String),
}

impl FetchFault {
    /// The publisher's status, where that is what was wrong.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } | Self::Location(status) => Some(*status),
            Self::Empty => Some(200),
            _ => None,
        }
    }

    /// How long the publisher asks us to stay away.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The host that asked to be left alone, and for how long from now.
    pub fn pause(&self) -> Option<(&str, Duration)> {
        match self {
            Self::Status {
                pause: Some((host, wait)),
                ..
            }
            | Self::Paused { host, wait } => Some((host, *wait)),
            _ => None,
        }
    }

    /// Whether nobody was asked.
    pub fn is_paused(&self) -> bool {
        matches!(self, Self::Paused { .. })
    }

    pub(super) fn setup(error: &(dyn Error + 'static)) -> Self {
        Self::Setup(last_words(error))
    }

    /// Of a request that got no answer.
    pub(super) fn of_request(error: &reqwest::Error, connect_timeout: Duration) -> Self {
        if let Some(fault) = cause::<ResolveFault>(error) {
            return match fault {
                ResolveFault::Unresolved(name) => Self::Unresolved(name.clone()),
                ResolveFault::Refused(refusal) => Self::Refused(refusal.clone()),
            };
        }
        if error.is_timeout() && error.is_connect() {
            return Self::NoConnection(connect_timeout);
        }
        if let Some(fault) = cause::<rustls::Error>(error) {
            return Self::Tls(tls(fault));
        }
        if let Some(fault) = cause::<h2::Error>(error) {
            return Self::of_http2(fault);
        }
        match cause::<hyper::Error>(error) {
            Some(fault) if fault.is_parse_too_large() => Self::Headers,
            Some(fault) if fault.is_parse() => Self::Http(last_words(error)),
            _ => Self::Connection(connection(error)),
        }
    }

    /// What the site says in an error of its own, or what we say of its frames.
    fn of_http2(fault: &h2::Error) -> Self {
        let why = fault.reason();
        let why = why.as_ref().map_or("no reason given", h2::Reason::description);
        match fault.is_remote() {
            true => Self::Connection(format!("the site broke off in HTTP/2: {why}")),
            false => Self::Http(format!("{why}, in HTTP/2")),
        }
    }

    /// Of a body that could not be read to its end: a fault of ours that was met below the decoder, or the decoder's own.
    pub(super) fn of_body(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Self::Corrupt("it ends in the middle".to_owned()),
            _ => Self::Corrupt(last_words(&error)),
        })
    }

    /// The same fault, told with the way that led there.
    pub(super) fn met_on(self, route: &Route) -> Self {
        match self {
            Self::Refused(refusal) if route.was_redirected() => Self::RefusedRedirect(refusal),
            other => other,
        }
    }
}

/// A text of somebody else's, fit for one line.
pub(super) fn quoted(text: &str) -> String {
    let mut chars = text.chars().filter(|c| !c.is_control());
    let mut quoted: String = chars.by_ref().take(QUOTED_CHARS_MAX).collect();
    if chars.next().is_some() {
        quoted.push('…');
    }
    quoted
}

fn tls(fault: &rustls::Error) -> String {
    let certificate = match fault {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::InvalidMessage(_) => return "the site does not speak TLS here".to_owned(),
        other => return quoted(&other.to_string()),
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "the site's certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the site's certificate is not valid yet (is this machine's clock right?)"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the site's certificate belongs to another name"
        }
        CertificateError::UnknownIssuer => "nobody that this machine trusts vouches for the site's certificate",
        CertificateError::Revoked => "the site's certificate was withdrawn",
        other => {
            return format!(
                "the site's certificate is not valid ({})",
                quoted(&format!("{other:?}"))
            );
        }
    }
    .to_owned()
}

/// Whether a request reached nobody, or nobody who answered: the connection was at its end. Of HTTP/1 that includes an
/// answer that ended within its head.
pub(super) fn is_unanswered(error: &reqwest::Error) -> bool {
    if error.is_connect() || error.is_timeout() {
        return false;
    }
    let http = |fault: &hyper::Error| fault.is_incomplete_message() || fault.is_canceled() || fault.is_closed();
    let http2 = |fault: &h2::Error| fault.is_go_away() || fault.reason() == Some(h2::Reason::REFUSED_STREAM);
    cause::<io::Error>(error).is_some_and(|fault| is_broken(fault.kind()))
        || cause::<h2::Error>(error).is_some_and(http2)
        || cause::<hyper::Error>(error).is_some_and(http)
}

fn is_broken(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe
    )
}

fn connection(error: &reqwest::Error) -> String {
    let words = match cause::<io::Error>(error).map(io::Error::kind) {
        Some(ErrorKind::ConnectionRefused) => "the site takes no connections",
        Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => "the site cannot be reached from here",
        Some(kind) if is_broken(kind) => "the site broke the connection off",
        Some(ErrorKind::TimedOut) => "the site does not answer",
        _ if cause::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message) => {
            "the site closed the connection without an answer"
        }
        _ => return format!("no answer: {}", last_words(error)),
    };
    words.to_owned()
}

/// What the innermost cause says.
fn last_words(error: &(dyn Error + 'static)) -> String {
    quoted(&causes(error).last().map(ToString::to_string).unwrap_or_default())
}

pub(super) fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(<dyn Error>::downcast_ref)
}

/// An error and everything that it comes from. An `io::Error` hides the error that it wraps from `source`.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

pub(super) fn seconds(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("{} s", duration.as_secs()),
        _ => format!("{} ms", duration.as_millis()),
    }
}

fn bytes(count: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match (count % MIB, count % 1024) {
        (0, _) => format!("{} MiB", count / MIB),
        (_, 0) => format!("{} KiB", count / 1024),
        _ => format!("{count} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_one_line_in_plain_words() {
        let status = |status| FetchFault::Status {
            status,
            retry_after: None,
            pause: None,
        };
        for (fault, words) in [
            (status(403), "403: the site refuses automated readers"),
            (status(410), "410: the publisher has removed the feed"),
            (status(599), "599: the site has a fault of its own"),
            (
                status(999),
                "999: the site answers with a status that means nothing here",
            ),
            (FetchFault::Slow(Duration::from_secs(30)), "took longer than 30 s"),
            (
                FetchFault::Slow(Duration::from_millis(1500)),
                "took longer than 1500 ms",
            ),
            (FetchFault::Large(8 << 20), "larger than 8 MiB"),
            (FetchFault::Large(1000), "larger than 1000 bytes"),
            (FetchFault::Redirects, "redirected more than 5 times"),
        ] {
            assert_eq!(fault.to_string(), words);
        }
    }

    #[test]
    fn foreign_texts_fit_into_a_line() {
        assert_eq!(quoted("a\r\nb\u{1b}[31m"), "ab[31m");
        assert_eq!(quoted(&"é".repeat(200)).chars().count(), QUOTED_CHARS_MAX + 1);
    }
}
