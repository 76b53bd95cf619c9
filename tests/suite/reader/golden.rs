//! One invented feed of each format, and everything that is read of it (`tests/fixtures/feeds`).

use std::{fs, path::Path};

use oncofeed::pipeline::parse::parse;
use url::Url;

#[test]
fn fixtures_are_read_to_the_letter() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    let base = Url::parse("https://base.test/feeds/").unwrap();
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let feed = parse(&fs::read(&file).unwrap(), None, Some(&base)).unwrap();
        insta::assert_debug_snapshot!(name, feed);
    }
}

#[test]
fn what_is_no_feed_is_named() {
    for (document, expect) in [
        ("", "the document is empty"),
        ("\u{FEFF} \n", "the document is empty"),
        (
            "<!DOCTYPE html><title>Sign in</title><p>Password",
            "this is a web page (HTML)",
        ),
        (
            "<HTML><body><channel><item>x</item></channel></body></HTML>",
            "this is a web page (HTML)",
        ),
        (
            "<br><div>Database <b>error</b></div>",
            "this is a piece of a web page (HTML)",
        ),
        ("Service unavailable", "this is plain text"),
        ("<?xml version='1.0'?><urlset><url/></urlset>", "this is a sitemap"),
        ("<opml version='2.0'><body/></opml>", "this is an OPML list of feeds"),
        (
            "<Error><Code>AccessDenied</Code></Error>",
            "this is an XML document of another kind (<error>)",
        ),
        ("%PDF-1.7", "this is a PDF document"),
        ("{\"error\":\"no\"}", "this is JSON, but not a JSON Feed"),
        ("[1,2]", "this is JSON, but not a JSON Feed"),
        ("{", "this is JSON, but not a JSON Feed"),
    ] {
        let error = parse(document.as_bytes(), None, None).unwrap_err();
        assert_eq!(error.0, expect, "{document}");
    }
}

#[test]
fn a_feed_without_entries_is_a_feed() {
    for document in [
        "<rss version='2.0'><channel><title>T</title></channel></rss>",
        "<rss/>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[]}",
    ] {
        let feed = parse(document.as_bytes(), None, None).unwrap();
        assert!(
            feed.complete && feed.entries.is_empty() && feed.faults.is_empty(),
            "{document}: {feed:?}"
        );
    }
}

/// Design §6.7: what is open at the end of a document was cut, and nothing of it may become another identity.
#[test]
fn every_cut_of_a_feed_gives_the_entries_before_it() {
    let document =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds/rss2.xml")).unwrap();
    let whole = parse(document.as_bytes(), None, None).unwrap();
    let known = |value: &Option<String>, of: fn(&oncofeed::model::entry::Entry) -> &Option<String>| {
        value.is_none() || whole.entries.iter().any(|entry| of(entry) == value)
    };
    let end = document.rfind("</rss>").unwrap() + "</rss>".len();
    for cut in (0..end).filter(|cut| document.is_char_boundary(*cut)) {
        let Ok(feed) = parse(&document.as_bytes()[..cut], None, None) else {
            continue;
        };
        assert!(!feed.complete, "cut at {cut}");
        let closed = document[..cut].matches("</item>").count();
        assert!(feed.entries.len() >= closed, "cut at {cut}");
        assert_eq!(feed.entries[..closed], whole.entries[..closed], "cut at {cut}");
        for entry in &feed.entries {
            assert!(known(&entry.guid, |entry| &entry.guid), "cut at {cut}: {entry:?}");
            assert!(known(&entry.link, |entry| &entry.link), "cut at {cut}: {entry:?}");
        }
    }
}
