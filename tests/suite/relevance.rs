//! Whether news is about cancer, held against labelled news.

use oncofeed::pipeline::relevance::score;
use serde::Deserialize;

use crate::evaluation;

/// Least F1 on the labelled news, in percent, borderline news left out. It only ever goes up.
const F1_MIN: usize = 94;

#[derive(Deserialize)]
struct Labelled {
    id: String,
    title: String,
    summary: String,
    categories: Vec<String>,
    relevance: String,
}

#[test]
fn labelled_news_is_told_apart() {
    let Some(rows) = evaluation::rows::<Labelled>("relevance.dev.jsonl") else {
        return;
    };
    let (mut right, mut missed, mut wrong) = (0, 0, 0);
    for row in rows.iter().filter(|row| row.relevance != "borderline") {
        let score = score(&row.title, &row.summary, &row.categories);
        match (row.relevance == "relevant", score.relevant()) {
            (true, true) => right += 1,
            (true, false) => missed += 1,
            (false, true) => wrong += 1,
            (false, false) => continue,
        }
        if (row.relevance == "relevant") != score.relevant() {
            println!(
                "{} is {}: {:.1} {:?} {}",
                row.id, row.relevance, score.value, score.terms, row.title
            );
        }
    }
    let percent = |part: usize, whole: usize| part * 100 / whole.max(1);
    let f1 = percent(2 * right, 2 * right + missed + wrong);
    let (precision, recall) = (percent(right, right + wrong), percent(right, right + missed));
    println!("precision {precision} %, recall {recall} %, F1 {f1} % ({right} right, {missed} missed, {wrong} wrong)");
    assert!(f1 >= F1_MIN);
}
