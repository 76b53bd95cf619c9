//! Anything at all: no panic, no deep stack, and time that grows as the document does.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use oncofeed::{model::feed::Feed, pipeline::parse::parse};
use proptest::{collection::vec, prelude::*, sample};

/// Far below what a daemon's thread has: what recursed with a document's depth would end here.
const STACK_BYTES: usize = 512 * 1024;

/// Generous for a debug build on a busy machine. What is quadratic needs minutes.
const TIME_MAX: Duration = Duration::from_secs(10);

fn in_feed(inside: &str) -> String {
    format!("<rss version='2.0'><channel><title>C</title><item><title>T</title>{inside}</item></channel></rss>")
}

/// Reads a document in a thread with a small stack.
fn read(document: String) -> (Option<Feed>, Duration) {
    let reader = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let start = Instant::now();
        let feed = parse(document.as_bytes(), None, None).ok();
        (feed, start.elapsed())
    });
    reader.unwrap().join().unwrap()
}

#[test]
fn hostile_documents_are_read_in_linear_time_on_a_small_stack() {
    let n = 100_000;
    let many = |part: &str| part.repeat(n);
    let numbered = |before: &str, after: &str| (0..n).map(|at| format!("{before}{at}{after}")).collect::<String>();
    for (name, document) in [
        ("nested unknown elements", in_feed(&(many("<x>") + &many("</x>")))),
        (
            "nested groups",
            in_feed(&(many("<media:group>") + &many("</media:group>"))),
        ),
        (
            "nested markup",
            in_feed(&format!(
                "<description>{}</description>",
                many("<div>") + &many("</div>")
            )),
        ),
        (
            "unclosed markup",
            in_feed(&format!("<description>{}</description>", many("<b>"))),
        ),
        ("unclosed items", many("<item>")),
        (
            "unclosed items in a feed",
            format!("<rss><channel>{}", many("<item><title>")),
        ),
        ("unclosed channels", format!("<rss>{}", many("<channel>"))),
        ("roots", many("<rss>")),
        ("roots, closed", many("<rss></rss>")),
        ("ends without starts", in_feed(&numbered("</a", ">"))),
        (
            "ends across markup",
            in_feed(&format!("<description>{}", numbered("<b></i", ">"))),
        ),
        ("attributes", in_feed(&format!("<link {}/>", numbered("a", "=''")))),
        (
            "the same attribute",
            in_feed(&format!("<enclosure {}/>", many("url='x' "))),
        ),
        (
            "attributes that are no attributes",
            in_feed(&format!("<link {}/>", many("= "))),
        ),
        (
            "namespaces",
            in_feed(&format!("<x {}><a:b/></x>", numbered("xmlns:a", "='urn:x'"))),
        ),
        (
            "namespaces of many elements",
            in_feed(&numbered("<x xmlns:a", "='urn:x'>")),
        ),
        ("bases", in_feed(&many("<x xml:base='/a/'>"))),
        (
            "long attribute",
            in_feed(&format!("<link href='{}'/>", many("0123456789"))),
        ),
        ("long title", in_feed(&format!("<title>{}</title>", many("0123456789")))),
        ("long guid", in_feed(&format!("<guid>{}</guid>", many("0123456789")))),
        ("long date", in_feed(&format!("<pubDate>{}</pubDate>", many("(1 Jan ")))),
        ("long author", in_feed(&format!("<author>{}</author>", many("a@b (<")))),
        ("dois", in_feed(&format!("<guid>{}</guid>", many("10.1000")))),
        ("categories", in_feed(&numbered("<category>", "</category>"))),
        ("authors", in_feed(&numbered("<dc:creator>", "</dc:creator>"))),
        ("ampersands", in_feed(&format!("<title>{}</title>", many("&")))),
        (
            "references",
            in_feed(&format!("<description>{}</description>", many("&#38;&eacute;"))),
        ),
        (
            "references in text",
            format!("<feed><entry><summary>{}</summary></entry></feed>", many("&eacute;")),
        ),
        ("less-thans", in_feed(&many("<"))),
        ("tags that never end", in_feed(&many("<a "))),
        ("tags with quotes that never end", in_feed(&many("<a b='\""))),
        ("tags with quotes that end at last", in_feed(&(many("<a b='\"") + "<"))),
        ("CDATA that never ends", in_feed(&many("<![CDATA["))),
        ("comments that never end", in_feed(&many("<!--"))),
        ("instructions that never end", in_feed(&many("<?a "))),
        ("document types", many("<!DOCTYPE a [")),
        ("declarations", many("<?xml ")),
        ("declarations that end at last", many("<?xml ") + "?>"),
        ("comments with declarations", many("<!--<?xml ") + "-->"),
        ("byte order marks", many("\u{FEFF}")),
        ("controls", many("\u{1}")),
        (
            "entities",
            "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>]>".to_owned() + &in_feed(&many("&a;")),
        ),
        ("text encoded twice", in_feed(&format!("<title>{}", many("Ã©")))),
        ("json lists", many("[")),
        ("json objects", many("{\"a\":")),
        ("json items", format!("{{\"items\":[{}", many("{},"))),
        (
            "json backslashes",
            format!("{{\"items\":[{{\"id\":\"{}", many("\\ud800")),
        ),
        ("json deep item", format!("{{\"items\":[{{\"id\":{}", many("["))),
        (
            "json keys",
            format!("{{\"items\":[{{{}\"id\":1}}]}}", numbered("\"a", "\":1,")),
        ),
    ] {
        let (_, time) = read(document);
        println!("{name}: {time:?}");
        assert!(time < TIME_MAX, "{name} takes {time:?}");
    }
}

#[test]
fn limits_are_kept_and_told() {
    let told = |document: String, part: &str| {
        let feed = read(document).0.unwrap();
        assert!(
            feed.faults.iter().any(|fault| fault.contains(part)),
            "{part}: {:?}",
            feed.faults
        );
        feed
    };
    let long = "x".repeat(300_000);
    let feed = told(in_feed(&format!("<guid>{long}</guid><link>{long}</link>")), "too long");
    assert_eq!(
        (&feed.entries[0].guid, &feed.entries[0].link),
        (&None, &None),
        "never cut, but left out"
    );
    let feed = told(in_feed(&format!("<description>{long}</description>")), "too long");
    assert_eq!(feed.entries[0].summary.as_ref().unwrap().source().len(), 256 * 1024);
    let items = "<item/>".repeat(100_010);
    let feed = told(format!("<rss><channel>{items}</channel></rss>"), "too many entries");
    assert_eq!(feed.entries.len(), 100_000);
    let deep = format!("{}<title>D</title>{}", "<x>".repeat(300), "</x>".repeat(300));
    let feed = told(in_feed(&(deep + "<guid>1</guid>")), "too deep");
    assert_eq!(
        feed.entries[0].guid.as_deref(),
        Some("1"),
        "what comes after the depth is read"
    );
    let attributes: String = (0..300).map(|n| format!(" attribute{n}='x'")).collect();
    told(in_feed(&format!("<link{attributes}/>")), "too many attributes");
    let namespaces: String = (0..100).map(|n| format!(" xmlns:a{n}='urn:x'")).collect();
    told(in_feed(&format!("<x{namespaces}/>")), "too many namespaces");
}

/// What a document defines is never expanded, and nothing is looked up anywhere (XXE, billion laughs).
#[test]
fn entities_of_the_document_stay_as_written() {
    let document = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY lol 'lol'><!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>"
        .to_owned()
        + &in_feed("<description>&lol; &xxe;</description><link>&lol;</link>");
    let entry = read(document).0.unwrap().entries.remove(0);
    assert_eq!(entry.summary.unwrap().source(), "&lol; &xxe;");
    assert_eq!(entry.link.unwrap(), "&lol;");
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/feeds");
    let files = fs::read_dir(folder).unwrap();
    files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

/// Characters that mean something to a reader, and pieces that break others.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = sample::select(vec![
        "<",
        ">",
        "&",
        "'",
        "\"",
        "/",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<?xml ",
        "<!DOCTYPE a [",
        "]>",
        "<item>",
        "</item>",
        "<entry>",
        "<rss>",
        "</rss>",
        "<feed>",
        "<link href='",
        "<title>",
        "</title>",
        "xmlns='",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\\ud800",
        "&#x",
        ";",
        "\0",
        "\u{FEFF}",
        "é",
        "10.1000/",
        "datetime=\"",
        " ",
    ]);
    prop_oneof![
        3 => known.prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..4),
    ]
}

/// What must be true of whatever was read.
fn assert_sound(feed: &Feed) {
    let nonsense =
        |c: char| c.is_control() && !c.is_whitespace() && !('\u{80}'..='\u{9F}').contains(&c) && c != '\u{7F}';
    for entry in &feed.entries {
        for text in [&entry.title, &entry.summary].into_iter().flatten() {
            assert!(!text.source().contains(nonsense), "{text:?}");
            assert!(!text.source().trim().is_empty());
        }
        for text in [&entry.guid, &entry.link, &entry.image].into_iter().flatten() {
            assert!(!text.is_empty() && !text.contains(nonsense), "{text:?}");
        }
    }
    assert!(feed.faults.len() < 30);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_feed_or_something_else(bytes in vec(any::<u8>(), 0..512)) {
        if let Ok(feed) = parse(&bytes, None, None) {
            assert_sound(&feed);
        }
    }

    #[test]
    fn any_pieces_are_a_feed_or_something_else(start in 0..3_usize, pieces in vec(pieces(), 0..64)) {
        let start = [&b"<rss><channel><item>"[..], b"<feed><entry>", b"{\"items\":["][start];
        let document = [start, &pieces.concat()].concat();
        if let Ok(feed) = parse(&document, None, None) {
            assert_sound(&feed);
            prop_assert!(!feed.faults.iter().any(|fault| fault.contains("too broken")), "{:?}", feed.faults);
        }
    }

    #[test]
    fn mutated_feeds_are_read(
        fixture in sample::select(fixtures()),
        changes in vec((any::<sample::Index>(), 0..8_usize, pieces()), 1..8),
    ) {
        let mut document = fixture;
        for (at, removed, piece) in changes {
            let at = at.index(document.len() + 1);
            let end = document.len().min(at + removed);
            document.splice(at..end, piece);
        }
        if let Ok(feed) = parse(&document, None, None) {
            assert_sound(&feed);
        }
    }
}
