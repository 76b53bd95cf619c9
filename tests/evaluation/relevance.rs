//! Whether news is about cancer.

use oncofeed::{
    edge::config::shipped_editorial,
    model::source::Outlet,
    pipeline::relevance::{Subject, score},
};
use serde::Deserialize;

use crate::{figure::Counts, folder};

/// What is promised for all news, and for general news alone: least precision, and least recall.
const PROMISED: [f64; 2] = [0.95, 0.85];

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
    let outlets = folder::outlets();
    let editorial = shipped_editorial().unwrap();
    let (mut all, mut general) = (Counts::default(), Counts::default());
    let mut errors = vec![];
    for row in labelled.rows.iter().filter(|row| row.relevance != "borderline") {
        let outlet = outlets.get(&row.source).copied();
        let subject = Subject {
            title: &row.title,
            summary: &row.summary,
            categories: &row.categories,
            outlet,
        };
        let score = score(&subject, &editorial.lexicon);
        let is = row.relevance == "relevant";
        all.count(score.relevant(), is);
        if outlet == Some(Outlet::General) {
            general.count(score.relevant(), is);
        }
        if is != score.relevant() {
            let shares: Vec<_> = score.shares.iter().map(ToString::to_string).collect();
            let shares = shares.join(", ");
            errors.push(format!(
                "{} is {}: {:.1}: {shares}: {}",
                row.id, row.relevance, score.value, row.title
            ));
        }
    }
    all.tell("relevance");
    general.tell("relevance, general news");
    println!("{}", errors.join("\n"));
    if labelled.promised {
        for (counts, least) in [all, general].iter().zip(PROMISED) {
            assert!(counts.precision() >= least && counts.recall() >= least);
        }
    }
}
