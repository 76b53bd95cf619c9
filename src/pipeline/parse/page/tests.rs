use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Selectors as an editor sets them: `title=h3`.
fn selectors(item: &str, others: &str) -> Selectors {
    let other = |key: &str| {
        let mut pairs = others.split_whitespace().filter_map(|pair| pair.split_once('='));
        let (_, text) = pairs.find(|(name, _)| *name == key)?;
        Some(Selector::parse(text).unwrap())
    };
    Selectors {
        item: Selector::parse(item).unwrap(),
        title: other("title"),
        link: other("link"),
        summary: other("summary"),
        date: other("date"),
    }
}

fn read(html: &str, selectors: &Selectors) -> Result<Feed, NoNews> {
    let base = Url::parse("https://a.test/news/").unwrap();
    page(html.as_bytes(), None, Some(&base), selectors)
}

/// Title, link and summary as written, and the day.
fn told(entry: &Entry) -> String {
    let source = |markup: &Option<Markup>| markup.as_ref().map(|markup| markup.source().to_owned());
    let date = entry.published.map(|date| date.to_string()[..10].to_owned());
    [source(&entry.title), entry.link.clone(), source(&entry.summary), date]
        .map(Option::unwrap_or_default)
        .join(" | ")
}

fn check(html: &str, selectors: &Selectors, expect: &[&str]) {
    let feed = read(html, selectors).unwrap();
    assert_eq!(feed.entries.iter().map(told).collect::<Vec<_>>(), expect, "{html}");
}

#[test]
fn items_are_what_the_selectors_say() {
    check(
        "<ul class=news><li><h3><a href='/1'>One &amp; <i>all</i></a></h3><p>About <b>one</b>.</p>\
         <time datetime='2026-03-12T10:00Z'>Today</time><li><h3><a href=2>Two</a></h3><p>About two.</p>\
         <time>13 March 2026</time></ul><ul><li><a href=/about>About us</a></ul>",
        &selectors("ul.news>li", "title=h3 summary=p date=time"),
        &[
            "<a>One &amp; <i>all</i></a> | https://a.test/1 | About <b>one</b>. | 2026-03-12",
            "<a>Two</a> | https://a.test/news/2 | About two. | 2026-03-13",
        ],
    );
}

#[test]
fn without_selectors_the_link_says_all() {
    for (item, expect) in [
        ("<a class=x href=/1>One</a>", "One | https://a.test/1 |  | "),
        (
            "<p class=x>See <a href=/1>One</a> or <a href=/2>Two</a>",
            "One | https://a.test/1 |  | ",
        ),
        (
            "<div class=x><a href=/1><img src=x></a><a href=/2>Tag</a><h3><a href=/1>One</a></h3></div>",
            "One | https://a.test/1 |  | ",
        ),
        (
            "<div class=x><a href=/1><img src=x></a><h2>One</h2></div>",
            "One | https://a.test/1 |  | ",
        ),
        (
            "<div class=x><a href=#top>Up</a><a href='javascript:x()'>More</a><a href=/1>One</a></div>",
            "One | https://a.test/1 |  | ",
        ),
        ("<div class=x><h2>No link</h2></div>", "No link |  |  | "),
        (
            "<base href=//b.test/c/><a class=x href=1>One</a>",
            "One | https://b.test/c/1 |  | ",
        ),
        (
            "<base href='data:,'><a class=x href=1>One</a>",
            "One | https://a.test/news/1 |  | ",
        ),
    ] {
        check(item, &selectors(".x", ""), &[expect]);
    }
}

#[test]
fn dates_as_they_are_written_on_pages() {
    for (date, expect) in [
        ("<time datetime=2026-03-12>Thursday</time>", "2026-03-12"),
        (
            "<div><time datetime='2026-03-12T09:00:00+00:00'>x</time></div>",
            "2026-03-12",
        ),
        ("<span>12 March 2026</span>", "2026-03-12"),
        ("<span>Published: 12th March 2026</span>", "2026-03-12"),
        ("<span>March 12, 2026</span>", "2026-03-12"),
        ("<span>Thu 12 Mar <b>2026</b>, 09:15 GMT</span>", "2026-03-12"),
        ("<span>12/03/2026</span>", "2026-03-12"),
        ("<time datetime=''>12.03.2026</time>", "2026-03-12"),
        ("<span>March 2026</span>", "2026-03-01"),
        ("<span>yesterday</span>", ""),
    ] {
        let html = format!("<li><a href=/1>One</a><div class=date>{date}</div></li>");
        check(
            &html,
            &selectors("li", "date=.date"),
            &[&format!("One | https://a.test/1 |  | {expect}")],
        );
    }
}

#[test]
fn what_is_missing_in_an_item_is_a_fault_of_the_page() {
    let html = "<li><a href=/1>One</a><time>soon</time><li><h3>Two</h3><a href=/2>More</a><time>1 May 2026</time><li>";
    let feed = read(html, &selectors("li", "title=h3 link=a date=time")).unwrap();
    assert_eq!(
        feed.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "One | https://a.test/1 |  | ",
            "Two | https://a.test/2 |  | 2026-05-01",
            " |  |  | "
        ]
    );
    assert_eq!(
        feed.faults,
        [
            "An item has no title where the selectors look for it (2 times).",
            "A date could not be read (once).",
            "An item has no link where the selectors look for it (once).",
            "An item has no date where the selectors look for it (once).",
        ]
    );
}

#[test]
fn a_page_without_news_says_so() {
    for (html, words) in [
        ("", "nothing on the page matches the selector \"li.x\""),
        ("<ul><li>One</ul>", "nothing on the page matches the selector \"li.x\""),
        ("{\"a\": 1}", "nothing on the page matches the selector \"li.x\""),
        (
            "<li class=x><img src=x><li class=x>",
            "what matches the selector \"li.x\" has neither title nor a link that can be opened",
        ),
        ("%PDF-1.7", "not a page: this is a PDF document"),
    ] {
        let error = read(html, &selectors("li.x", "")).unwrap_err().to_string();
        assert!(error.starts_with(words), "{error}");
    }
}

#[test]
fn a_page_tells_of_itself() {
    let html =
        "<html lang=en-GB><head><meta charset=iso-8859-1><title>News &amp; more</title><body><a href=/1>Caf\u{e9}</a>";
    let latin1: Vec<u8> = html.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let feed = page(&latin1, None, None, &selectors("a", "")).unwrap();
    assert_eq!(feed.title, Some(Markup::Text("News & more".into())));
    assert_eq!(
        (feed.language.as_deref(), feed.format.to_string().as_str()),
        (Some("en-GB"), "page")
    );
    assert_eq!(told(&feed.entries[0]), "Caf\u{e9} | /1 |  | ");
    assert!(feed.complete);
}

#[test]
fn a_browser_s_selectors_hold() {
    let html = "<html><body class=home><div id=main><table><tr><td><p>x<p><a href=/1>One</a></table></div>";
    for selector in [
        "body > div > table > tbody > tr > td > p:nth-child(2)",
        "#main td p + p",
        "body.home a",
        "[href^='/']",
    ] {
        check(html, &selectors(selector, ""), &["One | https://a.test/1 |  | "]);
    }
}

#[test]
fn everything_has_a_bound() {
    let many: String = (0..ITEMS_MAX + 9)
        .map(|n| format!("<li><a href=/{n}>{n}</a>"))
        .collect();
    let feed = read(&many, &selectors("li", "")).unwrap();
    assert_eq!(feed.entries.len(), ITEMS_MAX);
    assert_eq!(feed.faults, ["There are too many entries; the last were left out (9)."]);
    let long = format!(
        "<li><a href=/1>One{}</a><p>{}",
        "<i>x</i>".repeat(9_000),
        "<b>y</b>".repeat(20_000)
    );
    let feed = read(&long, &selectors("li", "summary=p")).unwrap();
    let length = |markup: &Option<Markup>| markup.as_ref().unwrap().source().len();
    assert!(length(&feed.entries[0].title) < TITLE_BYTES_MAX + 10);
    assert!(length(&feed.entries[0].summary) < SUMMARY_BYTES_MAX + 10);
    let date = format!("<li><a href=/1>One</a><time>{}", "é<b></b>".repeat(9_000));
    assert_eq!(
        read(&date, &selectors("li", "date=time")).unwrap().entries[0].published,
        None
    );
}

/// What takes a tree builder minutes: each is read to its end, or to a limit, in a moment.
#[test]
fn hostile_pages_take_no_time() {
    // Past the limits of the page that is written anew.
    const SIZE: usize = 2 * 1024 * 1024;
    let fill = |part: &str| part.repeat(SIZE / part.len());
    let halves = |one: &str, other: &str| one.repeat(SIZE / 2 / one.len()) + &other.repeat(SIZE / 2 / other.len());
    let numbered = |part: fn(usize) -> String| {
        let mut page = String::new();
        for n in 0.. {
            page.push_str(&part(n));
            if page.len() > SIZE {
                break;
            }
        }
        page
    };
    let pages = [
        ("blocks, 8 MiB", fill("<div>").repeat(4)),
        ("emphasis and other ends", halves("<b>", "</i>")),
        ("emphasis and its ends", halves("<b>", "</b>")),
        ("emphasis in paragraphs", fill("<font></p>")),
        ("emphasis of all kinds", numbered(|n| format!("<font color=c{n}><p>x"))),
        (
            "emphasis that is built again",
            numbered(|n| format!("<p><i id=i{n}></p>x")),
        ),
        (
            "emphasis around blocks",
            numbered(|n| format!("<b id=b{n}>{}</b>{}", "<div>".repeat(12), "</div>".repeat(12))),
        ),
        ("links in links", numbered(|n| format!("<a href={n}><div><p>"))),
        ("tables in tables", fill("<table><tr><td>")),
        ("text in tables", fill("<table>x<tr>")),
        ("items", fill("<li><a href=1>x")),
        ("siblings", fill("<li></li>")),
        ("attributes", format!("<p{}>", numbered(|n| format!(" a{n}=1")))),
        ("one attribute", format!("<p a=\"{}\">", fill("\"&amp;"))),
        ("bodies", numbered(|n| format!("<body a{n}=1>"))),
        ("drawings, 8 MiB", fill("<svg><g>").repeat(4)),
        ("drawings with tables", fill("<svg><option><table>")),
        ("forms", fill("<select><option>")),
        ("templates", fill("<template><div>")),
        ("comments", fill("<!--<div>--!><li>")),
        ("ends", fill("</div>")),
        ("ampersands", fill("&")),
        ("quotes", fill("<a \"'")),
        ("less thans", fill("<")),
        ("text", fill("text ")),
    ];
    let wanted = selectors("li, div div, td > p + p, a:nth-child(2n)", "title=b summary=p date=i");
    for (name, html) in pages {
        let started = Instant::now();
        let _read = read(&html, &wanted);
        let took = started.elapsed();
        // Not optimised, and beside other tests; the worst takes a tenth of it.
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
    }
}

/// A tree is no larger than a few times its page: nothing is built again and again. In `repeated`, `#` is a number.
fn is_no_thicket(once: &str, repeated: &str) -> Result<(), String> {
    let all: String = (0..300).map(|n| repeated.replace('#', &n.to_string())).collect();
    let tidy = tidy::tidy(&format!("{once}{all}"), &mut Faults::default());
    let tree = Html::parse_document(&tidy.html);
    let (nodes, tags) = (tree.tree.nodes().count(), tidy.html.matches('<').count());
    match nodes <= 50 + 10 * tags {
        true => Ok(()),
        false => Err(format!("{nodes} nodes of {tags} tags: {once} {repeated}")),
    }
}

#[test]
fn emphasis_in_tables_makes_no_thicket() {
    for (once, repeated) in [
        ("<table>", "<i id=#>x"),
        ("<table>x", "<i id=#>x<td>"),
        ("", "<table><b id=#>x"),
        ("<div>", "<p><i id=#></p>x"),
    ] {
        assert_eq!(is_no_thicket(once, repeated), Ok(()));
    }
}

proptest! {
    #[test]
    fn no_page_makes_a_thicket(
        parts in prop::collection::vec(r"</?(a|b|i|p|div|li|ul|table|tr|td|caption|form|h1|svg|title|select|body|button|nobr|x-y|font|dd|template)( id=#)?>|x", 1..10),
        once in 0usize..10,
    ) {
        let (head, repeated) = parts.split_at(once.min(parts.len()));
        prop_assert_eq!(is_no_thicket(&head.concat(), &repeated.concat()), Ok(()));
    }

    #[test]
    fn any_page_is_an_answer(
        parts in prop::collection::vec(r"</?(a|b|p|div|li|table|td|svg|title|time|base)( (id|href|datetime)=[a-z0-9:/#]{0,9})?/?>|[a-z&;<>\x22']{0,3}|<!--|-->|\PC", 0..100),
    ) {
        let _read = read(&parts.concat(), &selectors("li, p, a, td", "title=b link=a summary=p date=time"));
    }

    #[test]
    fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _read = page(&bytes, None, None, &selectors("*", "date=*"));
    }
}
