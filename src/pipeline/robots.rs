//! What a site asks of robots, and whether we may read a page of it (RFC 9309).
//!
//! Feeds are published to be read by programs, and are not asked about; pages are.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use robotxt::{BYTE_LIMIT, Robots};
use url::Url;

use crate::model::robots::{Permission, SiteRules};

/// The name by which rules mean us: the first word of our User-Agent (§2.2.1).
const PRODUCT: &str = env!("CARGO_PKG_NAME");

/// How the line that names a robot is spelled; `robotxt` reads the same.
const AGENT_SPELLINGS: [&str; 3] = ["user-agent", "user agent", "useragent"];

/// How long an answer is believed (§2.4 asks for no more).
pub const BELIEVED: SignedDuration = SignedDuration::from_hours(24);

/// How long it is believed that a site gives none. Sources of one site are visited together, and ask once.
const SILENCE_BELIEVED: SignedDuration = SignedDuration::from_mins(5);

/// Whether a site is to be asked again. An answer from the future is one from before a clock was set back.
pub fn is_stale(known: &SiteRules, now: Timestamp) -> bool {
    let believed = match known.rules {
        Some(_) => BELIEVED,
        None => SILENCE_BELIEVED,
    };
    known.asked > now || now.duration_since(known.asked) >= believed
}

/// Where a page's site keeps its rules (§2.3); `None` for what is no page of the web.
pub fn place(page: &Url) -> Option<Url> {
    let mut place = page.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.set_path("/robots.txt");
    page.has_host().then_some(place)
}

/// What an answer means (§2.3.1): a body, or the status of a fault if it had one.
///
/// A site that has no such file sets no rules. One that asks for patience has not answered, although 429 is one of the
/// statuses that mean "no file" elsewhere.
pub fn rules(answer: Result<&[u8], Option<u16>>) -> Option<String> {
    match answer {
        Ok(body) => {
            let end = body.len().min(BYTE_LIMIT);
            Some(String::from_utf8_lossy(&body[..end]).into_owned())
        }
        Err(Some(429)) => None,
        // An empty body is a fault elsewhere.
        Err(Some(200 | 400..=499)) => Some(String::new()),
        Err(_) => None,
    }
}

/// Whether a body is markup. To this name, sites answer so where they have no such file, and captive portals always.
pub fn is_page(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    text.trim_ascii_start().starts_with(b"<")
}

/// Whether the rules let us read a page.
pub fn permission(rules: Option<&str>, page: &Url) -> Permission {
    let Some(rules) = rules else {
        return Permission::Unknown;
    };
    let rules = Robots::parse(by_product(rules).as_bytes(), PRODUCT);
    let query = page.query().map(|query| format!("?{query}")).unwrap_or_default();
    match rules.is_allowed(&format!("{}{query}", page.path())) {
        true => Permission::Allowed {
            pause: rules.crawl_delay().unwrap_or(Duration::ZERO),
        },
        false => Permission::Disallowed,
    }
}

/// The rules, with our plain name wherever it stands with a version or anything else behind it: what counts is the product
/// (§2.2.1), and `robotxt` compares the whole line.
fn by_product(rules: &str) -> String {
    let lines = rules.trim_start_matches('\u{feff}').split(['\r', '\n', '\0']);
    let lines: Vec<_> = lines
        .map(|line| match is_ours(line) {
            true => concat!("user-agent:", env!("CARGO_PKG_NAME")),
            false => line,
        })
        .collect();
    lines.join("\n")
}

fn is_ours(line: &str) -> bool {
    let line = line.trim_start();
    let value = AGENT_SPELLINGS.iter().find_map(|spelling| {
        let key = line.get(..spelling.len())?;
        key.eq_ignore_ascii_case(spelling).then(|| &line[spelling.len()..])
    });
    let Some(value) = value.map(str::trim_start) else {
        return false;
    };
    let value = value.strip_prefix(':').unwrap_or(value).trim_start();
    let ends = |c: char| c == '/' || c == '#' || c.is_whitespace();
    value
        .split(ends)
        .next()
        .is_some_and(|product| product.eq_ignore_ascii_case(PRODUCT))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALLOWED: Permission = Permission::Allowed { pause: Duration::ZERO };

    fn ask(rules: &str, path: &str) -> Permission {
        permission(Some(rules), &Url::parse(&format!("https://a.test{path}")).unwrap())
    }

    fn check(rules: &str, allowed: &[&str], disallowed: &[&str]) {
        for path in allowed {
            assert_eq!(ask(rules, path), ALLOWED, "{path} in {rules}");
        }
        for path in disallowed {
            assert_eq!(ask(rules, path), Permission::Disallowed, "{path} in {rules}");
        }
    }

    /// RFC 9309 §5.1.
    #[test]
    fn rules_of_our_own_group_hold_else_those_for_all() {
        let simple = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
            User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
            User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n";
        check(simple, &["/", "/publications/1", "/a.gif?b"], &["/example/", "/a.gif"]);
        let ours = simple.replace("foobot", "OncoFeed");
        check(
            &ours,
            &["/example/page.html", "/example/allowed.gif"],
            &["/", "/example/", "/publications/"],
        );
        check(
            &simple.replace("bazbot", "oncofeed"),
            &["/", "/example/"],
            &["/example/page.html"],
        );
        check(&simple.replace("quxbot", "oncofeed"), &["/example/", "/a.gif"], &[]);
        check(&simple.replace("foobot", "oncofeedbot"), &["/"], &["/example/"]);
    }

    #[test]
    fn our_name_may_have_a_version_behind_it() {
        for name in [
            "oncofeed/0.1",
            "OncoFeed/2 (+https://a.test)",
            "oncofeed bot",
            "oncofeed#x",
            "oncofeed",
        ] {
            for spelling in ["User-agent: ", "user agent:", "\u{feff}USERAGENT : ", "  user-agent "] {
                let rules = format!("{spelling}{name}\r\nDisallow: /a\r\n\r\nUser-agent: *\r\nDisallow: /b\r\n");
                check(&rules, &["/b"], &["/a"]);
            }
        }
        check(
            "user-agent: oncofeed/0.1\ndisallow: /a\n\nuser-agent: oncofeed\ndisallow: /b",
            &["/c"],
            &["/a", "/b"],
        );
        for other in ["oncofeed-images/1", "oncofeedbot", "x oncofeed", "x/oncofeed"] {
            check(&format!("user-agent: {other}\ndisallow: /"), &["/"], &[]);
        }
    }

    /// RFC 9309 §5.2 and §2.2.2.
    #[test]
    fn the_longest_match_holds() {
        check(
            "User-Agent: oncofeed\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
            &["/example/page/1", "/other"],
            &["/example/page/disallowed.gif"],
        );
        check("User-agent: *\nDisallow: /a\nAllow: /a\n", &["/a"], &[]);
        check(
            "user-agent: *\ndisallow: /foo/bar/ツ",
            &["/foo/bar"],
            &["/foo/bar/%E3%83%84"],
        );
        check("user-agent: *\ndisallow: /foo/bar/%62%61%7A", &[], &["/foo/bar/baz"]);
        check("user-agent: *\ndisallow: /*?p=", &["/?q=1"], &["/x?p=1"]);
        check("user-agent: *\ndisallow: /", &["/robots.txt"], &["/", "/x"]);
    }

    #[test]
    fn what_is_no_rule_forbids_nothing() {
        for text in [
            "",
            "<!doctype html><title>Not found</title>",
            "\u{feff}\0\0",
            "disallow: /",
            "User-agent: *\nDisallow:",
        ] {
            check(text, &["/", "/x?y"], &[]);
        }
        let cut = format!("user-agent: *\n{}disallow: /", "#\n".repeat(BYTE_LIMIT));
        let kept = rules(Ok(cut.as_bytes())).unwrap();
        check(&kept, &["/x"], &[]);
        assert!(kept.len() <= BYTE_LIMIT);
    }

    #[test]
    fn a_site_without_an_answer_forbids_all() {
        for (answer, expect) in [
            (Ok(&b"user-agent: *"[..]), Some("user-agent: *")),
            (Err(Some(404)), Some("")),
            (Err(Some(403)), Some("")),
            (Err(Some(200)), Some("")),
            (Err(Some(429)), None),
            (Err(Some(500)), None),
            (Err(Some(503)), None),
            (Err(None), None),
        ] {
            assert_eq!(rules(answer).as_deref(), expect, "{answer:?}");
        }
        assert_eq!(
            permission(None, &Url::parse("https://a.test/").unwrap()),
            Permission::Unknown
        );
    }

    #[test]
    fn markup_is_no_rules() {
        for (body, expect) in [
            (&b"<!doctype html>"[..], true),
            (b"\xef\xbb\xbf\r\n <html>", true),
            (b"# <html>", false),
            (b"User-agent: *", false),
            (b"", false),
        ] {
            assert_eq!(is_page(body), expect, "{body:?}");
        }
    }

    #[test]
    fn a_site_is_asked_once_a_day() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (asked, known) = (at("2026-07-01T12:00:00Z"), |rules: Option<&str>| SiteRules {
            asked: at("2026-07-01T12:00:00Z"),
            rules: rules.map(str::to_owned),
        });
        for (rules, now, stale) in [
            (Some(""), asked, false),
            (Some(""), at("2026-07-02T11:59:59Z"), false),
            (Some(""), at("2026-07-02T12:00:00Z"), true),
            (Some(""), at("2026-07-01T11:59:59Z"), true),
            (None, at("2026-07-01T12:04:59Z"), false),
            (None, at("2026-07-01T12:05:00Z"), true),
        ] {
            assert_eq!(is_stale(&known(rules), now), stale, "{rules:?} {now}");
        }
    }

    #[test]
    fn a_site_may_ask_for_pauses() {
        let pause = |rules: &str| match ask(rules, "/") {
            Permission::Allowed { pause } => pause.as_secs_f64(),
            other => panic!("{other:?}"),
        };
        assert_eq!(pause("user-agent: *\ncrawl-delay: 2.5"), 2.5);
        assert_eq!(pause("user-agent: other\ncrawl-delay: 2"), 0.0);
        for odd in ["-1", "NaN", "1e400", "soon", ""] {
            assert_eq!(pause(&format!("user-agent: *\ncrawl-delay: {odd}")), 0.0, "{odd}");
        }
        let place = place(&Url::parse("https://a.test:8443/x/y?z#w").unwrap()).unwrap();
        assert_eq!(place.as_str(), "https://a.test:8443/robots.txt");
    }

    proptest! {
        #[test]
        fn any_text_is_rules(text in r"(?s)((user-agent|disallow|allow|crawl-delay): ?(\*|oncofeed|/[*$a%0-9]{0,9}|.{0,9})\n?|.){0,40}", path in r"/[a*$%?0-9é]{0,20}") {
            let _answer = ask(&text, &path);
        }
    }

    /// Patterns that take a backtracking matcher for ever.
    #[test]
    fn hostile_rules_take_no_time() {
        let line = format!("disallow: /{}b$\n", "*a".repeat(60));
        let text = format!("user-agent: *\n{}", line.repeat(BYTE_LIMIT / line.len()));
        let started = std::time::Instant::now();
        assert_eq!(ask(&text, &format!("/{}", "a".repeat(2_000))), ALLOWED);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}
