//! Excerpts as readers see them (design §6.1).

use oncofeed::{
    edge::config::shipped_editorial,
    model::{
        boilerplate::Habits,
        entry::{Entry, Markup},
        source::EXCERPT_CHARACTERS,
    },
    pipeline::extract::{draft, excerpt_of},
};
use serde::Deserialize;

use crate::{figure::share, folder};

#[derive(Deserialize)]
struct Labelled {
    id: String,
    title: String,
    html: String,
    excerpt: String,
}

#[test]
fn labelled_excerpts_come_out_right() {
    let Some(labelled) = folder::rows::<Labelled>("excerpts") else {
        return;
    };
    let editorial = shipped_editorial().unwrap();
    let excerpts: Vec<_> = labelled
        .rows
        .iter()
        .map(|row| (row, excerpt(&row.title, &row.html, editorial.habits(None))))
        .collect();
    let wrong: Vec<_> = excerpts.iter().filter(|(row, ours)| row.excerpt != *ours).collect();
    let (all, right) = (excerpts.len(), excerpts.len() - wrong.len());
    println!("excerpts: {right} of {all} equal to the gold ones");
    for (row, ours) in wrong {
        println!("{}\n  ours: {ours}\n  gold: {}", row.id, row.excerpt);
    }
    if labelled.promised {
        assert!(share(right, all) >= 58.0 / 60.0);
    }
}

fn excerpt(title: &str, html: &str, habits: Habits<'_>) -> String {
    let entry = Entry {
        title: Some(Markup::Html(title.into())),
        summary: Some(Markup::Html(html.into())),
        ..Entry::default()
    };
    let draft = draft(entry).expect("every example has a title");
    excerpt_of(&draft.summary, &draft.title, EXCERPT_CHARACTERS, habits)
}
