//! What each format looks like.

use insta::assert_snapshot;
use oncofeed::model::{
    publication::{Edition, PublishedItem, PublishedSource},
    source::{Source, SourceId},
};

use super::{also, at, channel, edition, item, output, site};

/// A plain item, one with everything, one from a private source and without an excerpt, one in another script.
fn difficult() -> Edition {
    let plain = item(
        1,
        "Promising drug combination for advanced prostate cancer",
        "A new drug combination may be effective in treating men with metastatic prostate cancer...",
    );
    let full = PublishedItem {
        authors: vec!["O'Brien, A. & B.".into()],
        categories: vec!["Breast <cancer>".into(), "trial".into()],
        labels: vec!["Retracted".into(), "Trial".into()],
        also: vec![also("BBC News", "\"Breakthrough\" & more <b>news</b>")],
        ..item(
            2,
            "R&D: <i>TP53</i> at p<0.05 in AT&amp;T's trial",
            "Text & \"quotes\", it's <script>alert(1)</script>; p < 0.05 and ]]> too",
        )
    };
    let private = PublishedItem {
        source: PublishedSource {
            name: "Trust intranet".into(),
            url: None,
        },
        ..item(3, "Notice without an excerpt", "")
    };
    let other = PublishedItem {
        date: at("2015-01-01T00:00:00Z"),
        ..item(4, "סרטן השד \u{202e}evil 肺がん 🎗", "ש\u{1}לום\u{fffe}, עולם")
    };
    edition(vec![plain, full, private, other])
}

#[test]
fn rss() {
    assert_snapshot!(output(&difficult(), "rss"));
}

#[test]
fn atom() {
    assert_snapshot!(output(&difficult(), "atom"));
}

#[test]
fn json() {
    assert_snapshot!(output(&difficult(), "json"));
}

#[test]
fn html() {
    assert_snapshot!(output(&difficult(), "html"));
}

#[test]
fn fragment() {
    let difficult = Edition {
        headlines: vec![0, 1],
        ..difficult()
    };
    assert_snapshot!(output(&difficult, "fragment.html"));
}

#[test]
fn an_empty_channel_says_so() {
    assert_snapshot!(output(&edition(vec![]), "fragment.html"));
    assert!(!output(&edition(vec![]), "rss").contains("<item>"));
}

#[test]
fn opml_lists_what_is_public() {
    let source = |name: &str, url: &str| {
        Source::new(
            SourceId::from_name(name).unwrap(),
            name.into(),
            url.parse().unwrap(),
            vec!["research".into(), "practice".into()],
        )
    };
    let sources = [
        source("Cancer \"Research\" <UK> & co", "https://a.example/feed?a=1&b=2"),
        Source {
            private: true,
            ..source("Private", "https://secret.example/")
        },
        Source {
            enabled: false,
            ..source("Disabled", "https://off.example/")
        },
        source("With a password", "https://user:secret@b.example/"),
    ];
    let (name, document) = oncofeed::pipeline::render::opml(&site(), &sources, at("2015-07-06T10:00:00Z"));
    assert_eq!(name, "sources.opml");
    assert_snapshot!(std::str::from_utf8(&document.bytes).unwrap());
    assert_eq!(oncofeed::pipeline::render::check::common(&name, &document), Ok(()));
}

#[test]
fn index_lists_channels() {
    let (name, document) = oncofeed::pipeline::render::index(&site(), &[channel()], at("2015-07-06T10:00:00Z"));
    assert_eq!(name, "index.html");
    assert_snapshot!(std::str::from_utf8(&document.bytes).unwrap());
    assert_eq!(oncofeed::pipeline::render::check::common(&name, &document), Ok(()));
}
