//! A document cut at each of its bytes, through the store (design §6.7): each cut is a source of its own, and all of them
//! are visited in one cycle.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;

use crate::support::{
    installation::{Installation, source},
    raw_origin::{RawOrigin, send},
};

/// How the end of a document is told.
const FRAMINGS: [&str; 3] = ["sized", "chunk", "close"];

/// Without it, nothing tells that this is a feed.
const ROOT: &str = "<rss version=\"2.0\">";

fn item(name: &str, number: u32) -> String {
    format!("<item><title>{name} {number}</title><link>https://{name}.test/{number}</link></item>")
}

/// One entry at first, then another before it.
fn document(name: &str, numbers: &[u32]) -> String {
    let items: String = numbers.iter().map(|number| item(name, *number)).collect();
    format!("{ROOT}<channel>{items}</channel></rss>")
}

/// An answer with as much of a body as is sent; the head speaks of all of it.
fn answer(framing: &str, tag: &str, body: &str, sent: usize) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nETag: \"{tag}\"\r\n");
    let end = |end| if sent == length { end } else { "" };
    let sent = &body[..sent];
    match framing {
        "sized" => format!("{head}Content-Length: {length}\r\n\r\n{sent}"),
        "chunk" => format!(
            "{head}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{sent}{}",
            end("\r\n0\r\n\r\n")
        ),
        _ => format!("{head}\r\n{sent}"),
    }
    .into()
}

/// Source `close-117` sends 117 bytes of its new document in the second and third round.
fn publisher(round: Arc<AtomicUsize>) -> RawOrigin {
    RawOrigin::replying(move |head| {
        let name = head.split([' ', '/']).nth(2).unwrap();
        let (framing, cut) = name.split_once('-').unwrap();
        let (old, new) = (document(name, &[1]), document(name, &[2, 1]));
        vec![send(match round.load(Ordering::SeqCst) {
            0 => answer(framing, "whole", &old, old.len()),
            _ => answer(framing, "cut", &new, cut.parse().unwrap()),
        })]
    })
}

/// By source: its tag, and the titles of its items.
fn kept(installation: &Installation) -> BTreeMap<String, (String, Vec<String>)> {
    let store = Connection::open(installation.path("var/oncofeed.db")).unwrap();
    let mut rows = store
        .prepare("SELECT sources.id, CAST(etag AS TEXT), title FROM sources JOIN items ON source = key ORDER BY title")
        .unwrap();
    let rows = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    let mut kept: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for row in rows {
        let (id, tag, title) = row.unwrap();
        kept.entry(id).or_insert((tag, vec![])).1.push(title);
    }
    kept
}

/// What was announced and did not come is a fault, and nothing of it is taken. Where nothing announced it, what is there
/// is a document whose root was never closed: its entries are taken, and its tag once the same bytes came twice.
#[test]
fn a_document_cut_anywhere_gives_what_is_sure_and_no_more() {
    let round = Arc::new(AtomicUsize::new(0));
    let origin = publisher(Arc::clone(&round));
    // Names of one length make documents of one length.
    let length = document("close-000", &[2, 1]).len();
    let names: Vec<_> = FRAMINGS
        .iter()
        .flat_map(|framing| (0..length).map(move |cut| format!("{framing}-{cut:03}")))
        .collect();
    let sources: String = names
        .iter()
        .map(|name| source(name, &origin.url(&format!("/{name}"))))
        .collect();
    let installation = Installation::new(&sources);
    // One at a time on the host, as by default: with more, a request that is asked again over a kept connection may meet
    // another one that the site has closed.
    installation.write("config/oncofeed.toml", "[fetch]\nallow_addresses = [\"127.0.0.0/8\"]\n");
    let report = installation.once();
    assert_eq!(report["sources"]["fetched"], names.len(), "{}", report["failures"]);
    for round_now in [1, 2] {
        round.store(round_now, Ordering::SeqCst);
        installation.once();
        let kept = kept(&installation);
        for name in &names {
            let (framing, cut) = name.split_once('-').unwrap();
            let sent = &document(name, &[2, 1])[..cut.parse().unwrap()];
            let is_read = framing == "close" && sent.contains(ROOT);
            let tag = if is_read && round_now == 2 {
                "\"cut\""
            } else {
                "\"whole\""
            };
            let is_known = is_read && sent.contains("</link>");
            let titles = (1..=1 + u32::from(is_known)).map(|number| format!("{name} {number}"));
            assert_eq!(kept[name], (tag.into(), titles.collect()), "round {round_now}: {sent}");
        }
    }
}
