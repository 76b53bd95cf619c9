//! The same items give the same bytes, and the check tells a document that went wrong.

use bytes::Bytes;
use oncofeed::{
    model::publication::{Document, Edition, PublishedItem},
    pipeline::render::{self, check},
};

use super::{also, at, edition, item, outputs, site};

fn two() -> Edition {
    let mut first = item(1, "First <story>", "An excerpt & more");
    first.also = vec![also("BBC News", "The same")];
    edition(vec![first, item(2, "Second", "")])
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    assert_eq!(outputs(&two()), outputs(&two()));
}

#[test]
fn every_change_of_an_item_changes_the_digest() {
    let digest = |change: &dyn Fn(&mut PublishedItem)| {
        let mut edition = two();
        change(&mut edition.items[0]);
        render::digest(&outputs(&edition))
    };
    let before = digest(&|_| {});
    assert_eq!(before, digest(&|_| {}));
    let changes: [&dyn Fn(&mut PublishedItem); 7] = [
        &|item| item.title.push('x'),
        &|item| item.excerpt.push('x'),
        &|item| item.source.name.push('x'),
        &|item| item.date = at("2015-07-06T09:30:01Z"),
        &|item| item.authors.push("x".into()),
        &|item| item.categories.push("x".into()),
        &|item| item.also.clear(),
    ];
    for change in changes {
        assert_ne!(before, digest(change));
    }
}

#[test]
fn changed_is_the_only_time_in_the_head() {
    let later = Edition {
        changed: at("2015-07-07T10:00:00Z"),
        ..two()
    };
    for ((name, before), (_, after)) in outputs(&two()).into_iter().zip(outputs(&later)) {
        assert_eq!(after.changed, later.changed);
        let text = |document: Document| {
            let text = String::from_utf8(document.bytes.to_vec()).unwrap();
            text.replace("07 Jul 2015", "06 Jul 2015")
                .replace("Tue, ", "Mon, ")
                .replace("2015-07-07", "2015-07-06")
        };
        assert_eq!(text(before), text(after), "{name}");
    }
}

#[test]
fn the_check_passes_what_we_render() {
    for (name, document) in outputs(&two()) {
        assert_eq!(check::document(&name, &document, &two()), Ok(()));
    }
}

#[test]
fn an_item_that_cannot_be_published_does_not_hold_up_the_others() {
    let mut edition = two();
    edition.items.insert(0, item(9, "Before all time", ""));
    // RSS has no date for it.
    edition.items[0].date = at("-000044-03-15T12:00:00Z");
    edition.headlines = vec![0, 2];
    assert!(check::document("latest-news.rss", &outputs(&edition)[0].1, &edition).is_err());
    let (sound, faults) = check::sound(&site(), &edition);
    assert_eq!((&sound.items, &*sound.headlines), (&two().items, &[1][..]));
    assert!(
        faults.len() == 1 && faults[0].contains("latest-news.rss: item 00000000"),
        "{faults:?}"
    );
    for (name, document) in outputs(&sound) {
        assert_eq!(check::document(&name, &document, &sound), Ok(()));
    }
}

#[test]
fn no_two_items_of_an_edition_may_have_one_guid() {
    let mut doubled = two();
    doubled.items[1].guid = doubled.items[0].guid;
    for (name, document) in outputs(&doubled) {
        let fault = check::document(&name, &document, &doubled).unwrap_err();
        assert!(fault.contains("two items have the guid"), "{fault}");
    }
}

#[test]
fn the_check_finds_what_went_wrong() {
    for (suffix, from, to) in [
        (".rss", "Second", "Zweite"),
        (".rss", "<item>", "<item><item>"),
        (".rss", "</channel>", ""),
        (".rss", "&amp;amp;", "&amp;lt;b>"),
        (".rss", "First &#x3C; story", "First &#x3C;story"),
        (".rss", "09:30:00", "09:31:00"),
        (".rss", "An excerpt", "An \u{1}excerpt"),
        (".rss", "https://publisher.example/news/2", "javascript:2"),
        (".rss", "https://other.example", "data:"),
        (".rss", "urn:uuid:00000000", "urn:uuid:10000000"),
        (".atom", "type=\"text\">First", "type=\"html\">First"),
        (".atom", "rel=\"alternate\" href", "rel=\"self\" href"),
        (".atom", "2015-07-06T10", "2015-07-06T11"),
        (".json", "\"title\": \"Second\"", "\"title\": \"2\""),
        (".json", "jsonfeed.org/version/1.1", "jsonfeed.org/version/2"),
        (".json", "\n}", ""),
        (".html", "<article ", "<article onclick=\"x\" "),
        (".html", "<p class=\"source\">", "<p class=\"source\"><img>"),
        (".html", "</article>", "</article><!-- -->"),
        (".html", "https://publisher.example/news/2", "javascript:2"),
        (".html", "Second", "Zweite"),
        (".html", "BBC News", "ITV"),
        (".fragment.html", "An excerpt", "No excerpt"),
        (".fragment.html", "2015-07-06T09", "2015-07-06T08"),
    ] {
        let name = format!("latest-news{suffix}");
        let (_, document) = outputs(&two()).into_iter().find(|(found, _)| *found == name).unwrap();
        let good = String::from_utf8(document.bytes.to_vec()).unwrap();
        assert!(good.contains(from), "{name} has no {from:?}");
        let bad = Document {
            bytes: Bytes::from(good.replacen(from, to, 1)),
            ..document
        };
        let fault = check::document(&name, &bad, &two()).expect_err(&format!("{name}: {from:?} became {to:?}"));
        assert!(fault.starts_with(&name), "{fault}");
    }
    for (name, document) in outputs(&two()) {
        let empty = Document {
            bytes: Bytes::new(),
            ..document
        };
        assert!(check::document(&name, &empty, &two()).is_err());
        assert!(check::document("latest-news.exe", &empty, &two()).is_err());
        assert!(check::common("index.html", &empty).is_err() && check::common("sources.opml", &empty).is_err());
    }
}
