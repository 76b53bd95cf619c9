//! Each rule sees what it is for: a sound document is broken once for each.

use super::NONE;
use crate::render::{also, edition, item, output};

fn sound(suffix: &str) -> String {
    let mut first = item(1, "First <story> & more", "An excerpt & p<0.05");
    first.authors = vec!["A. Author".into()];
    first.categories = vec!["Breast".into()];
    first.also = vec![also("BBC News", "The <same> story")];
    output(&edition(vec![first, item(2, "Second", "")]), suffix)
}

fn check(suffix: &str, faults: fn(&str) -> Vec<String>, breaks: &[(&str, &str, &str)]) {
    let sound = sound(suffix);
    assert_eq!(faults(&sound), NONE, "{suffix}");
    for (rule, from, to) in breaks {
        assert!(sound.contains(from), "{suffix} has no {from:?}");
        let found = faults(&sound.replacen(from, to, 1));
        let only = found.iter().all(|fault| fault.starts_with(rule));
        assert!(!found.is_empty() && only, "{from:?} became {to:?}: {found:?}");
    }
}

#[test]
fn rules_of_rss_see_what_they_are_for() {
    let breaks = [
        ("well-formed", "</channel>", ""),
        ("rss 2.0", "version=\"2.0\"", "version=\"0.91\""),
        ("elements of the channel", "<ttl>30</ttl>", "<ttl>30</ttl><ttl>30</ttl>"),
        (
            "elements of an item",
            "<title>Second</title>",
            "<title>Second</title><title>Third</title>",
        ),
        ("known elements", "<ttl>30</ttl>", "<tttl>30</tttl>"),
        (
            "link",
            "<link>https://chemo.example/</link>",
            "<link>chemo.example</link>",
        ),
        ("language", "en-GB", "British English"),
        ("dates", "Mon, 06 Jul 2015 09:30:00", "Tue, 06 Jul 2015 09:30:00"),
        ("dates", "06 Jul 2015 10", "06 Jul 15 10"),
        ("ttl", "<ttl>30</ttl>", "<ttl>half an hour</ttl>"),
        ("self", "rel=\"self\"", "rel=\"related\""),
        ("item says something", "<title>Second</title>", ""),
        ("links", "<link>https://publisher.example/news/2", "<link>javascript:2"),
        ("links", "rel=\"related\"", "rel=\"also\""),
        (
            "links",
            "title=\"BBC News: The &#x3C; same",
            "title=\"BBC News: The &#x3C;same",
        ),
        ("guid", "0000-000000000002</guid>", "0000-000000000001</guid>"),
        ("guid", "isPermaLink=\"false\"", "isPermaLink=\"true\""),
        ("source", "<source url=\"https", "<source url=\"feed"),
        (
            "no element for what RSS has",
            "<guid",
            "<dc:publisher>x</dc:publisher><guid",
        ),
        ("nothing blank", "A. Author", " "),
        ("no HTML", "First &#x3C; story", "First &#x3C;story"),
        ("no HTML", "An excerpt &amp;amp;", "An excerpt &lt;b>"),
        ("no HTML", "First &#x3C; story&#x3E; &#x26; more", "R&amp;D"),
        ("characters", "Second", "Sec\u{fffd}ond"),
        ("characters", "Second", "Sec\u{202e}ond"),
    ];
    check("rss", super::rss::faults, &breaks);
}

#[test]
fn rules_of_atom_see_what_they_are_for() {
    let breaks = [
        ("well-formed", "</feed>", ""),
        (
            "elements of the feed",
            "<subtitle type=\"text\">",
            "<subtitle type=\"text\">x</subtitle><subtitle type=\"text\">",
        ),
        (
            "elements of an entry",
            "<published>2015-07-06T09:30:00Z</published>",
            "<updated>2015-07-06T09:30:00Z</updated>",
        ),
        (
            "elements of an entry",
            "rel=\"alternate\" href=\"https://publisher",
            "rel=\"related\" href=\"https://publisher",
        ),
        ("elements of a source", "<id>https://publisher.example/feed/</id>", ""),
        (
            "known elements",
            "<generator>oncofeed</generator>",
            "<engine>oncofeed</engine>",
        ),
        ("language", "xml:lang=\"en-GB\"", ""),
        ("ids", "0000-000000000002</id>", "0000-000000000001</id>"),
        ("ids", "<id>https://publisher.example/feed/</id>", "<id>the feed</id>"),
        ("dates", "2015-07-06T10:00:00Z", "2015-07-06 10:00:00Z"),
        (
            "self",
            "rel=\"self\" type=\"application/atom+xml\"",
            "rel=\"self\" type=\"text/xml\"",
        ),
        ("links", "href=\"https://other.example", "href=\"//other.example"),
        ("persons", "<name>A. Author</name>", ""),
        (
            "an entry says something",
            "<summary type=\"text\">Cancer Research UK</summary>",
            "",
        ),
        ("categories", "term=\"Breast\"", "term=\"\""),
        (
            "text is text",
            "<title type=\"text\">Second",
            "<title type=\"html\">Second",
        ),
        ("text is text", "First &#x3C; story", "First &#x3C;story"),
        ("characters", "Second", "Sec\u{fffd}ond"),
    ];
    check("atom", super::atom::faults, &breaks);
}

#[test]
fn rules_of_json_feed_see_what_they_are_for() {
    let breaks = [
        ("version", "version/1.1", "version/1"),
        ("title", "\"title\": \"Latest news\"", "\"title\": \"\""),
        ("url", "\"url\": \"https://publisher", "\"url\": \"//publisher"),
        ("id", "0000-000000000002", "0000-000000000001"),
        ("date_published", "2015-07-06T09:30:00Z", "6 July 2015"),
        ("content_text", "\"content_text\"", "\"_content_text\": {}, \"content\""),
        ("authors", "\"name\": \"A. Author\"", "\"name\": \"\""),
        ("tags", "\"Breast\"", "\"\""),
    ];
    let sound = sound("json");
    assert_eq!(super::json::faults(&sound), NONE);
    for (rule, from, to) in breaks {
        assert!(sound.contains(from), "no {from:?}");
        let found = super::json::faults(&sound.replacen(from, to, 1));
        assert!(
            found.iter().any(|fault| fault.starts_with(rule)),
            "{from:?} became {to:?}: {found:?}"
        );
    }
}

#[test]
fn a_page_s_errors_are_counted() {
    let sound = sound("html");
    assert_eq!(super::html::faults(&sound), NONE);
    for (from, to) in [
        ("<p class", "<b><p class"),
        ("</article>", "</section>"),
        ("<!doctype html>", ""),
    ] {
        assert_ne!(
            super::html::faults(&sound.replacen(from, to, 1)),
            NONE,
            "{from:?} became {to:?}"
        );
    }
}
