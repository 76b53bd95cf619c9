//! Each story once, whoever tells it, and nobody's items but their own.

use super::{each, rss};
use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::Origin,
};

fn prism(guid: &str, link: &str, title: &str, doi: &str) -> String {
    format!(
        "<rss version='2.0' xmlns:prism='http://prismstandard.org/namespaces/basic/2.0/'><channel><title>T</title>\
         <item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{link}</link>\
         <prism:doi>{doi}</prism:doi></item></channel></rss>"
    )
}

#[test]
fn a_doi_or_a_link_in_common_is_one_story() {
    let journal = Document::rss(prism(
        "j",
        "https://journal.example/1",
        "Effect of X on Y",
        "10.1000/XYZ",
    ));
    let news = Document::rss(prism("n", "https://news.example/x", "X works", "doi:10.1000/xyz"));
    let copy = Document::rss(
        "<rss version='2.0'><channel><title>T</title><item><guid>c</guid><title>X works, says study</title>\
         <link>http://www.news.example/x?utm_source=feed</link></item></channel></rss>",
    );
    let origin = Origin::serving([("/journal", &journal), ("/news", &news), ("/copy", &copy)]);
    let leading = source("Journal", &origin.url("/journal")) + "priority = 10\n";
    let installation =
        Installation::new(&(source("News", &origin.url("/news")) + &source("Copy", &origin.url("/copy")) + &leading));
    let report = installation.once();
    assert_eq!(report["entries"]["new"], 3);
    assert_eq!(report["channels"]["latest-news"]["items"], 1);
    let items = installation.items();
    assert_eq!(each(&items, "source"), ["Journal"]);
    assert_eq!(items[0]["doi"], "10.1000/xyz");
    let also = items[0]["also"].as_array().unwrap();
    let mut others = each(also, "source");
    others.sort();
    assert_eq!(others, ["Copy", "News"]);
    let block = installation.read("var/public/latest-news.html");
    assert_eq!(block.matches("<article").count(), 1);
    assert!(block.contains("News"), "also reported by: {block}");
}

#[test]
fn a_story_keeps_its_guid_when_another_lead_takes_it_over() {
    let news = Document::rss(prism("n", "https://news.example/x", "X works", "10.1000/xyz"));
    let journal = Document::rss(rss(&[]));
    let origin = Origin::serving([("/news", &news), ("/journal", &journal)]);
    let leading = source("Journal", &origin.url("/journal")) + "priority = 10\n";
    let installation = Installation::new(&(source("News", &origin.url("/news")) + &leading));
    installation.once();
    let guid = installation.items()[0]["id"].as_str().unwrap().to_owned();
    journal.set(prism(
        "j",
        "https://journal.example/1",
        "Effect of X on Y",
        "10.1000/xyz",
    ));
    installation.once();
    assert_eq!(each(&installation.items(), "source"), ["Journal"]);
    let rss = installation.read("var/public/latest-news.rss");
    assert!(rss.contains(&format!("urn:uuid:{guid}")), "{rss}");
    assert!(rss.contains("Effect of X on Y"));
}

#[test]
fn no_source_touches_items_of_another_by_claiming_their_guid() {
    let victim = Document::rss(rss(&[("1", "The true headline", "One.")]));
    let thief = Document::rss(rss(&[]));
    let origin = Origin::serving([("/victim", &victim), ("/thief", &thief)]);
    let installation =
        Installation::new(&(source("Victim", &origin.url("/victim")) + &source("Thief", &origin.url("/thief"))));
    installation.once();
    thief.set(
        "<rss version='2.0'><channel><title>T</title><item><guid isPermaLink='false'>1</guid>\
         <title>A false headline</title><link>https://thief.example/1</link></item></channel></rss>",
    );
    let report = installation.once();
    assert_eq!(
        (&report["entries"]["new"], &report["entries"]["updated"]),
        (&1.into(), &0.into())
    );
    let mut titles = each(&installation.items(), "title");
    titles.sort();
    assert_eq!(titles, ["A false headline", "The true headline"]);
}

#[test]
fn one_guid_for_all_entries_loses_none() {
    let feed = Document::rss(rss(&[]));
    let entry = |n: u32| {
        format!(
            "<item><guid isPermaLink='false'>same</guid><title>News number {n}</title><link>https://p.example/{n}</link></item>"
        )
    };
    let document = |numbers: &[u32]| {
        let items: String = numbers.iter().map(|n| entry(*n)).collect();
        format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
    };
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    feed.set(document(&[1, 2, 3]));
    assert_eq!(installation.once()["entries"]["new"], 3);
    feed.set(document(&[2, 3, 4]));
    assert_eq!(installation.once()["entries"]["new"], 1);
    assert_eq!(installation.items().len(), 4);
}

#[test]
fn no_third_source_makes_one_story_of_what_another_lists_apart() {
    let own = Document::rss(
        "<rss version='2.0' xmlns:prism='http://prismstandard.org/namespaces/basic/2.0/'><channel><title>T</title>\
         <item><guid>1</guid><title>Trial of A in lung cancer</title><link>https://j.example/1</link><prism:doi>10.1000/1</prism:doi></item>\
         <item><guid>2</guid><title>Screening for B</title><link>https://j.example/2</link><prism:doi>10.1000/2</prism:doi></item>\
         </channel></rss>",
    );
    let third = Document::rss(prism("x", "https://j.example/1", "Two in one", "10.1000/2"));
    let origin = Origin::serving([("/own", &own), ("/third", &third)]);
    let installation =
        Installation::new(&(source("Own", &origin.url("/own")) + &source("Third", &origin.url("/third"))));
    assert_eq!(installation.once()["channels"]["latest-news"]["items"], 2);
}

#[test]
fn guids_that_are_renewed_with_every_answer_do_not_flood() {
    let feed = Document::rss("");
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    for round in 0..3 {
        let item = |n: u32| {
            format!(
                "<item><guid>{round}-{n}</guid><title>A headline that is long enough, number {n}</title>\
                 <link>https://p.example/{n}?session={round}</link><pubDate>Wed, 01 Jul 2026 09:0{n}:00 GMT</pubDate></item>"
            )
        };
        let items: String = (1..=4).map(item).collect();
        feed.set(format!(
            "<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
        ));
        installation.once();
    }
    assert_eq!(installation.items().len(), 4);
}
