//! Whether news is about cancer.

use oncofeed::{edge::config::shipped_editorial, pipeline::relevance::score};
use serde::Deserialize;

use crate::{figure::Counts, folder};

#[derive(Deserialize)]
struct Labelled {
    id: String,
    source: String,
    title: String,
    summary: String,
    categories: Vec<String>,
    relevance: String,
}

#[test]
fn labelled_news_is_told_apart() {
    let Some(labelled) = folder::rows::<Labelled>("relevance") else {
        return;
    };
    let kinds = folder::source_kinds();
    let editorial = shipped_editorial().unwrap();
    let (mut all, mut general) = (Counts::default(), Counts::default());
    let mut errors = vec![];
    for row in labelled.rows.iter().filter(|row| row.relevance != "borderline") {
        let score = score(&row.title, &row.summary, &row.categories, &editorial.lexicon);
        let is = row.relevance == "relevant";
        all.count(score.relevant(), is);
        if kinds.get(&row.source).is_some_and(|kind| kind == "general") {
            general.count(score.relevant(), is);
        }
        if is != score.relevant() {
            errors.push(format!(
                "{} is {}: {:.1} {:?} {}",
                row.id, row.relevance, score.value, score.terms, row.title
            ));
        }
    }
    all.tell("relevance");
    general.tell("relevance, general news");
    println!("{}", errors.join("\n"));
    if labelled.promised {
        assert!(all.f1() >= 0.94);
    }
}
