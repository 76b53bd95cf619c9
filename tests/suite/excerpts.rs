//! Excerpts as readers see them (design §6.1).

use oncofeed::{
    edge::config::shipped_editorial,
    model::entry::{Entry, Markup},
    pipeline::{
        extract::{draft, excerpt_of},
        parse::parse,
    },
};
const CHARACTERS: usize = 250;

fn excerpt(title: &str, html: &str) -> String {
    let entry = Entry {
        title: Some(Markup::Html(title.into())),
        summary: Some(Markup::Html(html.into())),
        ..Entry::default()
    };
    let draft = draft(entry).expect("every example has a title");
    let editorial = shipped_editorial().expect("they are in order");
    excerpt_of(&draft.summary, &draft.title, CHARACTERS, &editorial.boilerplate)
}

/// The block of the site that this project is for: its five items of July 2015, to the letter.
#[test]
fn the_home_page_comes_out_to_the_letter() {
    let feed = parse(include_bytes!("../fixtures/homepage.rss"), None, None).unwrap();
    let items: Vec<_> = feed
        .entries
        .into_iter()
        .map(|entry| {
            let title = entry.title.as_ref().map(Markup::source).unwrap_or_default();
            let excerpt = excerpt(title, entry.summary.as_ref().map(Markup::source).unwrap_or_default());
            format!("{title}\n{excerpt}\n")
        })
        .collect();
    assert_eq!(items.join("\n"), include_str!("../fixtures/homepage.expected.txt"));
}
