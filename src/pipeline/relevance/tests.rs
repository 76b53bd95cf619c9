use std::time::Instant;

use proptest::prelude::*;

use super::{hits::tells_an_age, *};
use crate::model::{
    phrases::{Phrase, Phrases},
    vocabulary::{Factors, Group, Kind, Meaning, NonNews, Outlets, Vocabulary},
};

const PLAIN: Factors = Factors {
    cancer: 1.0,
    medicine: 1.0,
    people: 1.0,
    other: 1.0,
    medicine_share: 0.5,
};

/// Groups of kind, worth in a title, worth elsewhere, most elsewhere, and phrases; brands after a `/`.
fn lexicon(groups: &[(Kind, f64, f64, f64, &[&str])]) -> Lexicon {
    let mut phrases = Phrases::default();
    let mut id = 0;
    for (at, (kind, _, _, _, listed)) in groups.iter().enumerate() {
        for entry in *listed {
            for name in entry.split('/') {
                let meaning = Meaning {
                    group: at,
                    kind: *kind,
                    id,
                    name: entry.split('/').next().unwrap().to_owned(),
                    medicine: entry.contains('/'),
                };
                phrases.add(Phrase::parse(name).unwrap(), meaning);
            }
            id += 1;
        }
    }
    let group = |(kind, title, text, text_most, _): &(Kind, f64, f64, f64, &[&str])| Group {
        name: format!("{kind:?}"),
        kind: *kind,
        title: *title,
        text: *text,
        text_most: *text_most,
    };
    let vocabulary = Vocabulary {
        relevant_from: 3.0,
        outlets: Outlets {
            journal: Factors { people: 0.0, ..PLAIN },
            trade: PLAIN,
            general: Factors { cancer: 0.5, ..PLAIN },
            regulator: PLAIN,
            charity: PLAIN,
            unknown: PLAIN,
        },
        groups: groups.iter().map(group).collect(),
        phrases,
        non_news: vec![],
    };
    Lexicon { vocabulary }
}

fn words() -> Lexicon {
    lexicon(&[
        (
            Kind::Cancer,
            3.0,
            1.5,
            6.0,
            &["cancer*", "tumour*", "osimertinib/Tagrisso"],
        ),
        (Kind::Hint, 2.0, 1.0, 3.0, &["CAR-T", "*tinib", "cell therap*"]),
        (
            Kind::Medicine,
            0.6,
            0.3,
            0.6,
            &["trial", "cell", "drug", "nurses", "patients"],
        ),
        (Kind::People, -1.5, -0.5, 1.0, &["actor", "singer", "star", "her"]),
        (Kind::Disease, -6.0, -0.8, 2.4, &["lupus"]),
        (Kind::Instead, 0.0, 0.0, 0.0, &["tumour necrosis factor", "a cancer on"]),
        (Kind::Instead, -3.0, -1.0, 3.0, &["tolebrutinib"]),
    ])
}

fn subject<'a>(title: &'a str, summary: &'a str) -> Subject<'a> {
    Subject {
        title,
        summary,
        categories: &[],
        outlet: None,
    }
}

fn told(title: &str, summary: &str) -> Vec<String> {
    let score = score(&subject(title, summary), &words());
    score.shares.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shares_add_up_to_the_score() {
    let title = "Actor's cancer trial";
    let summary = "Cancer, cancer, cancer, cancer. The star, singer, her. Nurses, drug, cell, patients.";
    let score = score(&subject(title, summary), &words());
    let sum: f64 = score.shares.iter().map(|share| share.points).sum();
    assert!((sum - score.value).abs() < 0.01);
    assert_eq!(
        score.shares.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "actor -1.5 (title)",
            "cancer* +3.0 (title)",
            "trial +0.6 (title)",
            "cancer* +3.0 (summary)",
            "star -0.5 (summary)",
            "singer -0.5 (summary)",
            "nurses +0.3 (summary)",
            "drug +0.3 (summary)",
        ]
    );
    assert_eq!(score.value, 4.7);
}

#[test]
fn a_word_counts_once_in_the_longest_phrase() {
    assert_eq!(
        told("Cell therapies", ""),
        ["cell therap* +2.0 (title)", "cell +0.6 (title)"]
    );
    assert_eq!(told("Tumour, tumours", ""), ["tumour* +3.0 (title)"]);
}

#[test]
fn brand_and_international_name_are_one_medicine() {
    assert_eq!(told("Osimertinib (Tagrisso)", ""), ["osimertinib +3.0 (title)"]);
    assert_eq!(told("Lazertinib", ""), ["*tinib +2.0 (title)"]);
}

#[test]
fn medicines_are_told_by_their_international_names() {
    let words = words();
    let told = |text| medicines(text, &words).into_iter().collect::<Vec<_>>();
    assert_eq!(told("TAGRISSO (osimertinib) after lazertinib"), ["osimertinib"]);
    assert!(told("A cancer drug").is_empty());
}

#[test]
fn what_means_something_else_counts_for_nothing() {
    assert!(told("Tumour necrosis factor", "").is_empty());
    assert!(told("A cancer on the state", "").is_empty());
    assert_eq!(told("Tolebrutinib", ""), ["tolebrutinib -3.0 (title)"]);
    assert_eq!(told("Tumour necrosis", ""), ["tumour* +3.0 (title)"]);
}

#[test]
fn another_disease_in_a_title_counts_where_nothing_names_cancer() {
    assert_eq!(told("CAR-T in lupus", ""), ["CAR-T +2.0 (title)", "lupus -6.0 (title)"]);
    assert_eq!(told("Cancer after lupus", ""), ["cancer* +3.0 (title)"]);
}

#[test]
fn medicine_says_nothing_by_itself() {
    assert!(told("Drug trial", "Patients and nurses").is_empty());
    assert_eq!(score(&subject("Actor in drug trial", ""), &words()).value, -1.5);
}

#[test]
fn words_count_differently_in_each_outlet() {
    let words = words();
    let value = |outlet| {
        let subject = Subject {
            outlet: Some(outlet),
            ..subject("Actor has cancer", "")
        };
        score(&subject, &words).value
    };
    assert_eq!(value(Outlet::Journal), 3.0);
    assert_eq!(value(Outlet::General), 0.0);
    assert_eq!(value(Outlet::Trade), 1.5);
}

#[test]
fn an_age_between_commas_is_somebodys() {
    assert_eq!(told("Woman, 21, tells", ""), ["an age between commas -1.6 (title)"]);
    for none in [
        "In months, 50,000, and more",
        "Woman, 21",
        "21, and more",
        "A, 0, b",
        "A, 111, b",
    ] {
        assert!(!tells_an_age(none), "{none}");
    }
}

#[test]
fn adverts_are_no_news_and_errata_only_about_cancer() {
    let phrases = |listed: &[&str]| {
        let mut phrases = Phrases::default();
        for phrase in listed {
            phrases.add(Phrase::parse(phrase).unwrap(), (*phrase).to_owned());
        }
        phrases
    };
    let none = || phrases(&[]);
    let mut words = words();
    words.vocabulary.non_news = vec![
        NonNews {
            name: "job advert".into(),
            begins: phrases(&["vacancy"]),
            contains: phrases(&["apply now"]),
            whole: phrases(&["jobs"]),
            categories: phrases(&["careers"]),
            unless_relevant: false,
        },
        NonNews {
            name: "erratum".into(),
            begins: phrases(&["erratum"]),
            contains: none(),
            whole: none(),
            categories: none(),
            unless_relevant: true,
        },
    ];
    let what = |title: &str, category: &str| {
        let categories = [category.to_owned()];
        let subject = Subject {
            categories: &categories,
            ..subject(title, "")
        };
        non_news(&subject, &words).map(|found| format!("{}: {}", found.what, found.phrase))
    };
    assert_eq!(what("Vacancy: oncologist", ""), Some("job advert: vacancy".into()));
    assert_eq!(what("Nurse (apply now!)", ""), Some("job advert: apply now".into()));
    assert_eq!(what("Jobs", ""), Some("job advert: jobs".into()));
    assert_eq!(what("A day", "Careers"), Some("job advert: careers".into()));
    assert_eq!(what("Erratum to: X", ""), Some("erratum: erratum".into()));
    for news in ["A vacancy for hope", "Jobs lost", "Cancer and careers"] {
        assert_eq!(what(news, "Cancer careers"), None, "{news}");
    }
}

#[test]
fn a_long_text_takes_no_longer_than_its_first_words() {
    let long = "cancer tumour checkpoint ".repeat(1_000_000);
    let started = Instant::now();
    score(&subject(&long, &long), &words());
    assert!(started.elapsed().as_secs() < 10);
}

proptest! {
    #[test]
    fn any_text_has_a_score(
        title in r"\PC{0,60}",
        summary in r"(?s)(cancer |lupus, 21, |\PC|.){0,200}",
        categories in prop::collection::vec(r"\PC{0,20}", 0..4),
    ) {
        let score = score(&Subject { title: &title, summary: &summary, categories: &categories, outlet: None }, &words());
        let sum: f64 = score.shares.iter().map(|share| share.points).sum();
        prop_assert!((sum - score.value).abs() < 0.01);
    }
}
