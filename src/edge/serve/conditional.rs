//! Whether a client has the answer already (RFC 9110 §13).

use std::time::SystemTime;

use axum::http::{
    HeaderMap, HeaderValue,
    header::{IF_MODIFIED_SINCE, IF_NONE_MATCH},
};
use jiff::Timestamp;

/// `If-None-Match` decides alone where it is there (§13.1.3: dates are then ignored).
pub(super) fn not_modified(headers: &HeaderMap, etag: Option<&HeaderValue>, changed: Timestamp) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        let ours = etag.and_then(|etag| etag.to_str().ok());
        let mut lines = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|line| line.to_str().ok());
        return lines.any(|line| names(line, ours));
    }
    headers.get(IF_MODIFIED_SINCE).is_some_and(|date| since(date, changed))
}

/// Whether a list of tags, or `*`, names ours. The comparison is weak (§13.1.2): `W/` makes no difference.
fn names(line: &str, ours: Option<&str>) -> bool {
    if line.trim() == "*" {
        return true;
    }
    let mut rest = line;
    while let Some((tag, after)) = next_tag(rest) {
        if Some(tag) == ours {
            return true;
        }
        rest = after;
    }
    false
}

/// The next quoted tag, with its quotes, and what comes after it. Commas may stand inside the quotes.
fn next_tag(text: &str) -> Option<(&str, &str)> {
    let from = text.find('"')?;
    let length = text.get(from + 1..)?.find('"')? + 2;
    let (tag, rest) = text.get(from..)?.split_at_checked(length)?;
    Some((tag, rest))
}

/// A date that is none is ignored (§13.1.3).
fn since(date: &HeaderValue, changed: Timestamp) -> bool {
    let date = date.to_str().ok().and_then(|text| httpdate::parse_http_date(text).ok());
    let changed = SystemTime::try_from(changed).ok();
    date.zip(changed).is_some_and(|(date, changed)| changed <= date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_dates() {
        let changed = "2015-07-06T10:00:00Z".parse().unwrap();
        let etag = HeaderValue::from_static("\"abc\"");
        for (none_match, since, expect) in [
            (None, None, false),
            (Some("\"abc\""), None, true),
            (Some("W/\"abc\""), None, true),
            (Some("\"x\", \"abc\""), None, true),
            (Some("\"x\",W/\"abc\",\"y\""), None, true),
            (Some("*"), None, true),
            (Some(" * "), None, true),
            (Some("\"*\""), None, false),
            (Some("\"abcd\""), None, false),
            (Some("\"a,b\", \"abc\""), None, true),
            (Some("abc"), None, false),
            (Some("\"abc"), None, false),
            (Some(""), None, false),
            (Some("\"x\""), Some("Mon, 06 Jul 2015 10:00:00 GMT"), false),
            (Some("\"abc\""), Some("Mon, 06 Jul 2015 09:00:00 GMT"), true),
            (None, Some("Mon, 06 Jul 2015 10:00:00 GMT"), true),
            (None, Some("Mon, 06 Jul 2015 09:59:59 GMT"), false),
            (None, Some("Tue, 07 Jul 2015 10:00:00 GMT"), true),
            (None, Some("Monday, 06-Jul-15 10:00:00 GMT"), true),
            (None, Some("Mon Jul  6 10:00:00 2015"), true),
            (None, Some("yesterday"), false),
            (None, Some(""), false),
        ] {
            let field = |name, value: Option<&'static str>| value.map(|text| (name, HeaderValue::from_static(text)));
            let headers = [field(IF_NONE_MATCH, none_match), field(IF_MODIFIED_SINCE, since)];
            let headers = headers.into_iter().flatten().collect();
            let found = not_modified(&headers, Some(&etag), changed);
            assert_eq!(found, expect, "{none_match:?} {since:?}");
        }
    }
}
