//! A thousand difficult items, the same in every run, and what everybody reads of them.

use jiff::SignedDuration;
use oncofeed::{
    model::{
        link::Link,
        publication::{Edition, Format, PublishedItem},
    },
    pipeline::{
        parse,
        render::{self, check},
    },
};

use super::{
    also, at, edition, item,
    rules::{self, NONE},
    site, vectors,
};

const ITEMS: usize = 1_000;

/// Most items of a channel.
const LIMIT: usize = 500;

/// Texts that are no attack, and still more than some readers bear.
const TEXTS: [&str; 16] = [
    "p<0.05 & HR 0.71 (95% CI 0.58–0.87)",
    "R&D at AT&T's lab: 5 > 3, x<y",
    "Zażółć gęślą jaźń",
    "肺がんの新薬、第3相試験で有効",
    "سرطان الثدي: علاج جديد",
    "סרטן השד (HER2+) – טיפול חדש",
    "\u{1f397}\u{fe0f} ribbon \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} 𝕌𝕟𝕚𝕔𝕠𝕕𝕖",
    "e\u{301} a\u{30a} o\u{308} combined",
    "line\u{2028}separator, non\u{a0}breaking, soft\u{ad}hyphen, zero\u{200b}width",
    "Pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicsilicovolcanoconiosis",
    "β-catenin ≥ 50 % ± 3 µg/m², Å, ﬁ",
    "“quoted” – dashed — ellipsis… ‘single’",
    "&amp;amp; &lt;b&gt; &#60; written out",
    "]]> <![CDATA[ <!-- --> <?php ?>",
    "C:\\path %2F%3C \\u003c",
    "",
];

pub(super) fn editions() -> Vec<Edition> {
    let attacks = vectors::all();
    let items: Vec<_> = (0..ITEMS).map(|number| difficult(number, &attacks)).collect();
    let editions = items.chunks(LIMIT).map(|items| {
        let mut edition = edition(items.to_vec());
        edition.channel.title = "News & <b>views</b> on p<0.05".into();
        edition.channel.limit = LIMIT;
        edition.channel.images = true;
        edition
    });
    editions.collect()
}

fn difficult(number: usize, attacks: &[String]) -> PublishedItem {
    let text = |step: usize| -> String {
        let attack = &attacks[(number * 7 + step) % attacks.len()];
        match (number + step) % 3 {
            0 => attack.clone(),
            _ => format!("{} {}", TEXTS[(number * 5 + step) % TEXTS.len()], step),
        }
    };
    let mut difficult = item(number as u128, &text(0), &text(1).repeat(number % 4));
    difficult.source.name = text(2);
    if number.is_multiple_of(9) {
        difficult.source.url = None;
    }
    difficult.authors = (0..number % 5).map(|step| text(3 + step)).collect();
    difficult.categories = (0..number % 4).map(|step| text(8 + step)).collect();
    difficult.labels = (0..number % 3).map(|step| format!("Label {step}")).collect();
    difficult.also = (0..number % 3).map(|step| also(&text(12), &text(13 + step))).collect();
    difficult.image = number
        .is_multiple_of(2)
        .then(|| Link::parse("https://publisher.example/a.jpg?w=1&h=2").unwrap());
    // Some days hold many, and two decades are covered.
    difficult.date = at("2026-06-30T09:00:00Z") - SignedDuration::from_hours((number * number % 5_000) as i64 * 37);
    difficult
}

#[test]
fn a_thousand_difficult_items_are_by_the_rules() {
    let mut items = 0;
    for edition in editions() {
        items += edition.items.len();
        for (name, document) in render::channel(&site(), &edition) {
            assert_eq!(check::document(&name, &document, &edition), Ok(()), "{name}");
            let text = std::str::from_utf8(&document.bytes).unwrap();
            match document.format {
                Format::Rss => assert_eq!(rules::rss::faults(text), NONE, "{name}"),
                Format::Atom => assert_eq!(rules::atom::faults(text), NONE, "{name}"),
                Format::Json => assert_eq!(rules::json::faults(text), NONE, "{name}"),
                Format::Page => assert_eq!(rules::html::faults(text), NONE, "{name}"),
                Format::Fragment => assert_eq!(rules::html::faults_inside(text), NONE, "{name}"),
                Format::Script | Format::Opml => {}
            }
        }
    }
    assert_eq!(items, ITEMS);
}

#[test]
fn our_reader_and_feed_rs_read_all_of_them() {
    for edition in editions() {
        for format in [Format::Rss, Format::Atom, Format::Json] {
            let name = render::name("latest-news", format);
            let (_, document) = render::channel(&site(), &edition)
                .into_iter()
                .find(|(found, _)| *found == name)
                .unwrap();
            let ours = parse::parse(&document.bytes, None, None).unwrap();
            let theirs = feed_rs::parser::parse(&*document.bytes).unwrap();
            assert_eq!(
                (ours.entries.len(), ours.faults.len()),
                (edition.items.len(), 0),
                "{name}"
            );
            assert_eq!(theirs.entries.len(), edition.items.len(), "{name}");
            for ((ours, theirs), meant) in ours.entries.iter().zip(&theirs.entries).zip(&edition.items) {
                let id = meant.guid.0.urn().to_string();
                assert_eq!((ours.guid.as_deref(), &*theirs.id), (Some(&*id), &*id));
                let link = meant.link.as_str();
                assert_eq!(ours.link.as_deref(), Some(link));
                assert!(theirs.links.iter().any(|found| found.href == link));
                assert_eq!(ours.published, Some(meant.date));
                let date = theirs.published.or(theirs.updated).map(|date| date.timestamp());
                assert_eq!(date, Some(meant.date.as_second()));
                let title = theirs
                    .title
                    .as_ref()
                    .map(|title| squeezed(&title.content))
                    .unwrap_or_default();
                assert_eq!(
                    title,
                    squeezed(&shown(&vectors::public(&meant.title), format)),
                    "{name}"
                );
            }
        }
    }
}

/// How the format tells a title; the host stands in for one of which nothing is left.
fn shown(title: &str, format: Format) -> String {
    let title = match title.trim().is_empty() {
        true => "publisher.example",
        false => title,
    };
    match format {
        Format::Rss | Format::Atom => rules::untagged(title),
        _ => title.to_owned(),
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}
