//! Values of the operators' file.

use std::net::{IpAddr, SocketAddr};

use croner::parser::{CronParser, Seconds, Year};
use ipnet::IpNet;
use jiff::tz::{self, TimeZone};
use tracing::Level;
use url::Url;

use super::{Given, Wrong, choice, line, quoted, web_url};
use crate::edge::config::suggest;

/// Longest contact, in characters: it is sent with every request.
const CONTACT_CHARS_MAX: usize = 100;

/// Six fields, as `tokio-cron-scheduler` reads them.
pub(in crate::edge::config) fn cron(given: Given<'_>) -> Result<String, Wrong> {
    let text = line(given)?;
    let help = "six fields: second minute hour day month weekday, like \"0 */5 * * * *\"";
    let fields = text.split_whitespace().count();
    if fields != 6 {
        return Err(Wrong::new(format!("expected six fields, found {fields}")).help(help));
    }
    let parser = CronParser::builder()
        .seconds(Seconds::Required)
        .year(Year::Disallowed)
        .dom_and_dow(true)
        .build();
    match parser.parse(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Wrong::new(format!("no schedule: {error}")).help(help)),
    }
}

pub(in crate::edge::config) fn timezone(given: Given<'_>) -> Result<TimeZone, Wrong> {
    let name = line(given)?;
    TimeZone::get(&name).map_err(|_| {
        let known: Vec<_> = tz::db().available().map(|known| known.to_string()).collect();
        let wrong = Wrong::new(format!("unknown time zone {}", quoted(&name)));
        match suggest::closest(&name, known.iter().map(String::as_str)) {
            Some(meant) => wrong.help(format!("did you mean \"{meant}\"?")),
            None => wrong.help("an IANA name, like \"Europe/London\""),
        }
    })
}

/// The shape of BCP 47, not its registry: "en-GB", "cy", "zh-Hant-TW".
pub(in crate::edge::config) fn language(given: Given<'_>) -> Result<String, Wrong> {
    let tag = line(given)?;
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let primary = (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    match primary && rest {
        true => Ok(tag),
        false => Err(Wrong::new(format!("no language tag: {}", quoted(&tag))).help("for example: \"en-GB\"")),
    }
}

/// A web or e-mail address that may stand in a `User-Agent`.
pub(in crate::edge::config) fn contact(given: Given<'_>) -> Result<String, Wrong> {
    let text = line(given)?;
    let help = "for example: \"news@example.org\" or \"https://example.org/about-our-robot\"";
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_graphic() && !matches!(b, b'(' | b')' | b'<' | b'>' | b'"' | b'\\'));
    if !plain || text.len() > CONTACT_CHARS_MAX {
        let message = format!("must be one address in ASCII, of at most {CONTACT_CHARS_MAX} characters");
        return Err(Wrong::new(message).help(help));
    }
    let mail = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    match text.contains("://") {
        true => web_url(given).map(|_| text),
        false if mail => Ok(text),
        false => Err(Wrong::new("neither a web address nor an e-mail address").help(help)),
    }
}

pub(in crate::edge::config) fn listen(given: Given<'_>) -> Result<SocketAddr, Wrong> {
    let text = line(given)?;
    text.parse().map_err(|_| {
        let wrong = Wrong::new(format!("expected an address and a port, found {}", quoted(&text)));
        let port = text
            .rsplit(':')
            .next()
            .and_then(|port| port.parse::<u16>().ok())
            .unwrap_or(8080);
        match text.strip_prefix("localhost").unwrap_or(&text).starts_with(':') {
            true => wrong.help(format!("did you mean \"127.0.0.1:{port}\"?")),
            false => wrong.help("for example: \"127.0.0.1:8080\" or \"[::]:8080\"; \"\" serves nothing"),
        }
    })
}

/// The address of an HTTP proxy, and nothing more.
pub(in crate::edge::config) fn proxy(given: Given<'_>) -> Result<Url, Wrong> {
    let url = web_url(given)?;
    match url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
        true => Ok(url),
        false => Err(Wrong::new("a proxy has no path").help("for example: \"http://proxy.example.org:3128\"")),
    }
}

pub(in crate::edge::config) fn network(given: Given<'_>) -> Result<IpNet, Wrong> {
    let text = line(given)?;
    let help = match text.parse::<IpAddr>() {
        Ok(address) => format!("did you mean \"{}\"?", IpNet::from(address)),
        Err(_) => "for example: \"10.20.0.0/16\" or \"fd00::/8\"".into(),
    };
    let network: IpNet = text
        .parse()
        .map_err(|_| Wrong::new(format!("expected a range of addresses, found {}", quoted(&text))).help(help))?;
    Ok(network.trunc())
}

pub(in crate::edge::config) fn log_level(given: Given<'_>) -> Result<Level, Wrong> {
    choice(&[
        ("error", Level::ERROR),
        ("warn", Level::WARN),
        ("info", Level::INFO),
        ("debug", Level::DEBUG),
        ("trace", Level::TRACE),
    ])(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T>(read: impl Fn(Given<'_>) -> Result<T, Wrong>, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(read(Given::Text(text)).is_ok(), "{text}");
        }
        for text in bad {
            assert!(read(Given::Text(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn values() {
        check(
            cron,
            &["0 * * * * *", "*/10 * * * * *", "0 0 7-19 * * MON-FRI"],
            &[
                "* * * * *",
                "0 * * * * * 2030",
                "61 * * * * *",
                "@hourly",
                "a b c d e f",
                "",
            ],
        );
        check(
            timezone,
            &["Europe/London", "UTC", "europe/london"],
            &["Europe/Lundon", "GMT+25", "/etc/passwd", ""],
        );
        check(
            language,
            &["en-GB", "cy", "zh-Hant-TW"],
            &["", "e", "english language", "en_GB", "en-", "12"],
        );
        check(
            contact,
            &["news@example.org", "https://example.org/bot"],
            &[
                "",
                "us",
                "@example.org",
                "a@b",
                "a@example.org) evil (",
                "https://u:p@example.org/",
                "ä@example.org",
            ],
        );
        check(
            listen,
            &["127.0.0.1:8080", "[::]:80"],
            &["", "8080", ":8080", "localhost:8080", "127.0.0.1:99999"],
        );
        check(
            network,
            &["127.0.0.0/8", "fd00::/8", "10.1.2.3/8"],
            &["", "127.0.0.1", "10.0.0.0/33", "lan"],
        );
        check(
            proxy,
            &["http://proxy.test:3128", "https://proxy.test/", "http://10.0.0.1:3128"],
            &[
                "",
                "proxy.test:3128",
                "socks5://proxy.test",
                "http://u:p@proxy.test",
                "http://proxy.test/x",
                "http://proxy.test/?x",
            ],
        );
        check(log_level, &["info", "warn"], &["", "INFO", "all"]);
    }

    #[test]
    fn suggestions() {
        let help = |wrong: Result<(), Wrong>| wrong.unwrap_err().help.unwrap_or_default();
        assert_eq!(
            help(timezone(Given::Text("Europe/Lodon")).map(drop)),
            "did you mean \"Europe/London\"?"
        );
        assert_eq!(
            help(listen(Given::Text(":9000")).map(drop)),
            "did you mean \"127.0.0.1:9000\"?"
        );
        assert_eq!(
            help(network(Given::Text("10.0.0.7")).map(drop)),
            "did you mean \"10.0.0.7/32\"?"
        );
        assert_eq!(
            help(log_level(Given::Text("warning")).map(drop)),
            "did you mean \"warn\"?"
        );
    }
}
