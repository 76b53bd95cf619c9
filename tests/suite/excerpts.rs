//! Excerpts as readers see them (design §6.1).

use oncofeed::{
    model::entry::{Entry, Markup},
    pipeline::{
        extract::{draft, excerpt_of},
        parse::parse,
    },
};
use serde::Deserialize;

use crate::evaluation;

const CHARACTERS: usize = 250;

/// Shares of the labelled excerpts that must come out right, in percent. They only ever go up.
const EXACT_MIN: usize = 95;
const NEAR_MIN: usize = 95;

/// How alike two excerpts are that differ in nothing a reader would mind.
const NEAR: f64 = 0.95;

#[derive(Deserialize)]
struct Labelled {
    id: String,
    title: String,
    html: String,
    excerpt: String,
}

fn excerpt(title: &str, html: &str) -> String {
    let entry = Entry {
        title: Some(Markup::Html(title.into())),
        summary: Some(Markup::Html(html.into())),
        ..Entry::default()
    };
    let draft = draft(entry).expect("every example has a title");
    excerpt_of(&draft.summary, &draft.title, CHARACTERS)
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

#[test]
fn labelled_excerpts_come_out_right() {
    let Some(rows) = evaluation::rows::<Labelled>("excerpts.dev.jsonl") else {
        return;
    };
    let (mut exact, mut near) = (0, 0);
    for row in &rows {
        let excerpt = excerpt(&row.title, &row.html);
        if excerpt != row.excerpt {
            println!("{}\n  ours: {excerpt}\n  gold: {}", row.id, row.excerpt);
        }
        exact += usize::from(excerpt == row.excerpt);
        near += usize::from(strsim::normalized_levenshtein(&excerpt, &row.excerpt) >= NEAR);
    }
    let percent = |count: usize| count * 100 / rows.len();
    println!(
        "{} excerpts: {exact} exact ({} %), {near} near ({} %)",
        rows.len(),
        percent(exact),
        percent(near)
    );
    assert!(percent(exact) >= EXACT_MIN && percent(near) >= NEAR_MIN);
}
