use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::shipped::EDITORIAL;

fn description(page: &str, title: &str) -> Option<String> {
    super::description(page, title, EDITORIAL.habits(None))
}

const TITLE: &str = "New drug slows growth of rare cancer";
const META: &str = "A trial in 300 patients found that the drug held the disease back for a year.";
const LEAD: &str = "Patients with a rare cancer lived longer without their disease growing, a trial has found.";
const NEXT: &str = "The second paragraph tells more about how the trial was done and who paid for it.";

fn check(page: &str, expect: Option<&str>) {
    assert_eq!(description(page, TITLE).as_deref(), expect, "{page}");
}

/// A charity's page: banner, navigation, article, footer.
fn charity(head: &str, article: &str) -> String {
    format!(
        "<!doctype html><html lang=en class=has-cookie-banner><head><meta charset=utf-8>
         <title>{TITLE} - The Charity</title>{head}
         <script>document.write('<p>' + \"{NEXT}\" + '</p>')</script><style>p {{ margin: 0 }}</style></head>
         <body class='page no-sidebar'><div id=cookie-banner><p>We use cookies to make this site better for you. You
         can change that in your browser. It is up to you.</p><button>Accept all</button></div>
         <header class=site><p>The Charity is a charity that works for people with cancer, and has done so since 1902.</p>
         <nav><ul><li><a href=/a>About us</a></ul><p>{NEXT}</p></nav></header>{article}
         <footer><p>The Charity is a registered charity in England and Wales (123456). All rights reserved.</p></footer>"
    )
}

#[test]
fn a_page_describes_itself() {
    for (head, expect) in [
        (format!("<meta property='og:description' content='{META}'>"), META),
        (format!("<meta content='{META}' name=description>"), META),
        (format!("<META NAME='Description' CONTENT='{META}' />"), META),
        (format!("<meta name=twitter:description content='{META}'>"), META),
        (format!("<meta name=DC.Description content='{META}'>"), META),
        (
            format!("<meta name=citation_abstract content='&lt;p&gt;{META}&lt;/p&gt;'>"),
            META,
        ),
        (
            format!("<meta name=description content='{NEXT}'><meta property=og:description content='{META}'>"),
            META,
        ),
        // What says too little, or only the title, is no description.
        (
            format!("<meta property=og:description content='{TITLE}'><meta name=description content='{META}'>"),
            META,
        ),
        ("<meta name=description content='News from The Charity'>".into(), LEAD),
        (
            "<meta name=description content=''><meta property=og:description>".into(),
            LEAD,
        ),
        (format!("<meta name=keywords content='{META}'>"), LEAD),
    ] {
        check(
            &charity(&head, &format!("<main><p>{LEAD}</p><p>{NEXT}</p></main>")),
            Some(expect),
        );
    }
}

#[test]
fn else_its_first_real_paragraph_does() {
    for article in [
        format!("<article><h1>{TITLE}</h1><p>{LEAD}</p><p>{NEXT}"),
        format!("<main><article><header><h1>{TITLE}</h1><p class=standfirst>{LEAD}</header><p>{NEXT}</article></main>"),
        format!("<main><p class=byline>By Ann Lee. Health editor of this paper, and a writer on science.<p>{LEAD}"),
        format!("<main><p>By Ann Lee, Health editor of this paper, and Bob Roe, who lives in Leeds<p>{LEAD}"),
        format!("<main><p>12 March 2026<p>5 min read<p>{LEAD}"),
        format!(
            "<main><p><a href=/1>Home.</a> <a href=/2>News and all that is new in the world of cancer.</a><p>{LEAD}"
        ),
        format!("<main><figure><img><figcaption><p>{NEXT}</p></figcaption></figure><p>{LEAD}"),
        format!("<main><div class='share social-links'><div><p>{NEXT}</div></div><p>{LEAD}"),
        format!("<main><aside><p>{NEXT}</aside><form><p>{NEXT}</form><p>{LEAD}"),
        format!("<main><p>Sign up to our newsletter to get all the news every week. It costs nothing at all.<p>{LEAD}"),
        format!("<div class=content><p>{LEAD}</p><p>{NEXT}</p></div>"),
        format!("<div class=teaser><p>{NEXT}</p></div><article><p>{LEAD}</p></article>"),
        format!(
            "<main><p>{}",
            LEAD.replace(' ', "\n  ")
                .replace("rare", "<b>r</b>are")
                .replace("lived", "<br>lived")
        ),
        format!("<main><p>{}", LEAD.replace("a trial", "<a href=/trial>a trial</a>")),
        format!(
            "<main><noscript><p>Please enable JavaScript, or you will not see much of this page.</p></noscript><p>{LEAD}"
        ),
    ] {
        check(&charity("", &article), Some(LEAD));
    }
}

#[test]
fn a_page_without_prose_has_no_description() {
    for page in [
        "",
        "<p>Short.</p>",
        "Just a text of some length, which is no page at all and has no paragraph in it either.",
        "<div id=app></div><script>render('<p>Some text that is long enough to be taken for prose.</p>')</script>",
        "<title>Sign in</title><form><p>Sign in with your account to go on reading what you came here to read.</p></form>",
    ] {
        check(page, None);
    }
    check(&charity("", "<main><ul><li>One</ul></main>"), None);
    check(&charity("", &format!("<main><p>{TITLE}.</p></main>")), None);
}

#[test]
fn a_description_is_plain_and_bounded() {
    let long = "A sentence of some words. ".repeat(1_000);
    for page in [
        format!("<meta name=description content='{long}'>"),
        format!("<p>{long}"),
    ] {
        let found = description(&page, TITLE).unwrap();
        assert!((3_900..=4_000).contains(&found.chars().count()));
    }
    check(
        "<meta name=description content='The &amp;#39;IL-6&amp;#39; &lt;i&gt;TP53&lt;/i&gt; study&nbsp;of   patients, told in full.'>",
        Some("The 'IL-6' TP53 study of patients, told in full."),
    );
}

#[test]
fn hostile_pages_take_no_time() {
    const SIZE: usize = 2 * 1024 * 1024;
    for part in [
        "<p>",
        "<div class=ad>",
        "<p>x</p>",
        "<b>",
        "</i>",
        "<meta name=description content=x>",
        "&amp;",
        "<p a='",
        "<!--",
        "<a href=x>x",
        "<p>word. ",
    ] {
        let page = part.repeat(SIZE / part.len());
        let started = Instant::now();
        let _found = description(&page, TITLE);
        let took = started.elapsed();
        assert!(took < Duration::from_secs(20), "{part} took {took:?}");
    }
}

proptest! {
    #[test]
    fn any_page_is_an_answer(page in r"(<(meta|p|div|main|header|a|aside)( (name|class|content|href)=(description|ad|\PC{0,50}))*>|</(p|div|main|header|a|aside)>|\PC{0,70}[.]){0,60}", title in r"\PC{0,40}") {
        if let Some(found) = description(&page, &title) {
            prop_assert!(found.chars().count() <= SUMMARY_CHARS_MAX);
            prop_assert!(!found.trim().is_empty());
        }
    }
}
