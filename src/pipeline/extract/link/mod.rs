//! Links as we publish them, and as we compare them.

mod tracking;

use std::borrow::Cow;

use url::{Host, Url};

use crate::model::link::Link;

/// The published form of what a feed gives as a link: without what only tells the publisher where a reader came from,
/// and otherwise as the publisher wrote it. `None` for what is no safe link.
pub fn published(text: &str) -> Option<Link> {
    let visible: String = text.trim().chars().filter(|c| !is_hidden(*c)).collect();
    let mut url = Link::parse(&visible)?.url().clone();
    if let Some(query) = url.query()
        && let Cow::Owned(kept) = without_tracking(&url, query)
    {
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
    if url
        .fragment()
        .is_some_and(|fragment| is_tracking_fragment(&url, fragment))
    {
        url.set_fragment(None);
    }
    Link::new(url)
}

/// The form under which two links to one page are equal; no URL itself. It may only ever leave out what is known to
/// make no other page: `?p=1` and `?p=2` are two.
pub fn canonical(link: &Link) -> String {
    let url = link.url();
    let mut form = host(url);
    form.push_str(path(&normalised(url.path())));
    let query = url.query().map(|query| sorted_query(url, query)).unwrap_or_default();
    if !query.is_empty() {
        form.push('?');
        form.push_str(&query);
    }
    // Some sites are one page, and route behind the hash.
    if let Some(route) = url.fragment().filter(|fragment| fragment.starts_with(['!', '/'])) {
        form.push('#');
        form.push_str(&normalised(route));
    }
    form
}

/// Without scheme, `www.` and a port that either scheme has by default.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    let mut bare = name.strip_suffix('.').unwrap_or(name);
    while let Some(rest) = bare.strip_prefix("www.")
        && rest.contains('.')
        && matches!(url.host(), Some(Host::Domain(_)))
    {
        bare = rest;
    }
    let bare = if bare == "dx.doi.org" { "doi.org" } else { bare };
    match url.port() {
        None | Some(80 | 443) => bare.to_owned(),
        Some(port) => format!("{bare}:{port}"),
    }
}

/// Without what other names of the same page have: a slash, an index file, the copy for telephones.
fn path(path: &str) -> &str {
    let mut left = path;
    loop {
        let before = left;
        left = left.strip_suffix('/').unwrap_or(left);
        for name in ["/index.html", "/index.htm", "/amp"] {
            left = left.strip_suffix(name).unwrap_or(left);
        }
        if left.len() == before.len() {
            return left;
        }
    }
}

fn sorted_query(url: &Url, query: &str) -> String {
    let kept = without_tracking(url, query);
    let mut pairs: Vec<_> = kept
        .split('&')
        .filter(|pair| !pair.is_empty() && !matches!(*pair, "amp" | "amp=1" | "outputType=amp"))
        .map(normalised)
        .collect();
    pairs.sort_unstable();
    pairs.join("&")
}

/// Borrowed where nothing was left out.
fn without_tracking<'a>(url: &Url, query: &'a str) -> Cow<'a, str> {
    let is_tracking = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        tracking::is(
            url.host_str().unwrap_or_default(),
            &normalised(name),
            &normalised(value),
        )
    };
    if !query.split('&').any(is_tracking) {
        return Cow::Borrowed(query);
    }
    let kept: Vec<_> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
    Cow::Owned(kept.join("&"))
}

/// `#utm_source=rss` and the like: pairs, all of them tracking.
fn is_tracking_fragment(url: &Url, fragment: &str) -> bool {
    fragment.contains('=') && matches!(without_tracking(url, fragment), Cow::Owned(kept) if kept.is_empty())
}

/// Percent-encoding as RFC 3986 §6.2.2 has it: upper case, and none where a character needs none.
fn normalised(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        form.push_str(before);
        let code = after
            .get(..2)
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => form.push(char::from(byte)),
            Some(byte) => form.push_str(&format!("%{byte:02X}")),
            // A lone sign must not make a code with what is decoded behind it.
            None => form.push_str("%25"),
        }
        rest = if code.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    form.push_str(rest);
    form
}

/// Characters that show nothing and make an address look like another.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(url: &str) -> String {
        canonical(&Link::parse(url).unwrap())
    }

    #[test]
    fn a_published_link_is_as_written_without_tracking() {
        for (written, expect) in [
            (
                "https://a.test/1?utm_source=rss&utm_medium=feed",
                Some("https://a.test/1"),
            ),
            (
                "https://a.test/1?b=%7e2&utm_source=rss&a=1#part",
                Some("https://a.test/1?b=%7e2&a=1#part"),
            ),
            (
                "https://www.bbc.co.uk/news/1?at_medium=RSS&at_campaign=rss",
                Some("https://www.bbc.co.uk/news/1"),
            ),
            ("https://a.test/?p=1", Some("https://a.test/?p=1")),
            ("https://a.test/?", Some("https://a.test/?")),
            ("https://a.test/1#utm_source=rss&utm_medium=x", Some("https://a.test/1")),
            ("https://a.test/1#section=2", Some("https://a.test/1#section=2")),
            (" https://a.test/\u{202e}x\u{200b} ", Some("https://a.test/x")),
            ("https:\\\\a.test\\x", Some("https://a.test/x")),
            ("HTTPS://A.TEST/X", Some("https://a.test/X")),
            ("java\tscript:alert(1)", None),
            ("javascript:alert(1)//https://a.test", None),
            ("data:text/html,x", None),
            ("//a.test/x", None),
            ("/\\a.test/x", None),
            ("/news/1", None),
            ("https://user:pw@a.test/", None),
            ("", None),
        ] {
            assert_eq!(published(written).as_ref().map(Link::as_str), expect, "{written}");
        }
    }

    #[test]
    fn links_to_one_page_are_equal() {
        for (one, other) in [
            ("http://www.a.test/1?utm_source=rss", "https://a.test/1"),
            ("https://a.test:443/1/", "http://a.test:80/1"),
            ("https://a.test/", "https://A.test"),
            ("https://a.test/x?b=2&a=1", "https://a.test/x?a=1&b=2&"),
            ("https://a.test/%7Ex/%c3%a9", "https://a.test/~x/é"),
            ("https://a.test/x/index.html#top", "https://a.test/x"),
            ("https://a.test/x/amp/", "https://a.test/x"),
            ("https://a.test/x?amp=1", "https://a.test/x?utm%5Fsource=y"),
            ("https://dx.doi.org/10.1/x", "http://doi.org/10.1/x"),
            ("https://a.test./x", "https://a.test/x"),
        ] {
            assert_eq!(form(one), form(other));
        }
    }

    #[test]
    fn pages_that_differ_stay_apart() {
        for (one, other) in [
            ("https://a.test/?p=1", "https://a.test/?p=2"),
            ("https://a.test/A", "https://a.test/a"),
            ("https://a.test/?a=1&a=2", "https://a.test/?a=1"),
            ("https://a.test/a%2Fb", "https://a.test/a/b"),
            ("https://a.test/?q=a%26b", "https://a.test/?q=a&b"),
            ("https://a.test/#!/one", "https://a.test/#!/two"),
            ("https://a.test/index.php?p=1", "https://a.test/index.php?p=2"),
            ("https://www.test/", "https://test/"),
            ("https://a.test:8080/", "https://a.test/"),
            ("https://a.test/1?ref=index", "https://a.test/1?ref=contents"),
            ("https://example.test/stamp", "https://example.test/st"),
        ] {
            assert_ne!(form(one), form(other));
        }
    }

    proptest! {
        #[test]
        fn the_form_is_stable_and_tracking_makes_no_difference(
            host in r"(www\.)?[a-z]{1,5}\.test(:80|:443|:8080)?",
            path in r"(/|%[0-9a-fA-F]{2}|%|amp|index\.html|[a-zA-Z0-9~é;=]|\.\.){0,12}",
            query in r"(\?([a-c]=[0-9]|&|%2[0-9a-f]|%4[0-9a-f]|[+é%=]){0,8})?",
        ) {
            let url = format!("https://{host}/{path}{query}");
            let link = Link::parse(&url).unwrap();
            let canonical = canonical(&link);
            prop_assert_eq!(&form(&format!("http://{canonical}")), &canonical);
            let sign = if query.is_empty() { '?' } else { '&' };
            let tracked = format!("{url}{sign}utm_source=rss&fbclid=x1");
            prop_assert_eq!(&form(&tracked), &canonical);
            let published = published(&tracked).unwrap();
            prop_assert_eq!(form(published.as_str()), canonical);
            prop_assert!(!published.as_str().contains("utm_source"));
        }
    }
}
