//! Retractions, expressions of concern and corrections: what journals say later of what they published.
//!
//! The words are those of the Committee on Publication Ethics and of PubMed. A notice marks the paper whose DOI it
//! names, if the same publisher registered both: nobody else can retract.

use std::collections::BTreeSet;

use crate::{
    model::{draft::Draft, label::Notice},
    pipeline::parse,
};

/// Most papers that one notice marks. Publishers have retracted hundreds at once, each with a notice of its own.
const PAPERS_MAX: usize = 5;

/// How the title of a notice, or of a paper that was marked by its publisher, begins.
const TITLES: [(&str, Notice); 16] = [
    ("retracted:", Notice::Retracted),
    ("retracted article", Notice::Retracted),
    ("retraction:", Notice::Retracted),
    ("retraction note", Notice::Retracted),
    ("retraction notice", Notice::Retracted),
    ("retraction of", Notice::Retracted),
    ("withdrawn:", Notice::Retracted),
    ("expression of concern", Notice::Questioned),
    ("editorial expression of concern", Notice::Questioned),
    ("correction to", Notice::Corrected),
    ("correction:", Notice::Corrected),
    ("author correction", Notice::Corrected),
    ("publisher correction", Notice::Corrected),
    ("corrigendum", Notice::Corrected),
    ("erratum", Notice::Corrected),
    ("correction for", Notice::Corrected),
];

/// What a title says of its paper, or of another's.
pub fn named(title: &str) -> Option<Notice> {
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let title = title.replace(']', ":");
    let begins = |(start, _): &&(&str, Notice)| title.starts_with(*start);
    TITLES.iter().find(begins).map(|(_, notice)| *notice)
}

/// The papers of which an entry is a notice, by their DOIs.
pub fn notices(draft: &Draft) -> Vec<(String, Notice)> {
    let (Some(notice), Some(own)) = (named(&draft.title), &draft.doi) else {
        return vec![];
    };
    let told = format!("{}\n{}", draft.title, draft.summary);
    let papers: BTreeSet<_> = parse::dois(&told)
        .filter(|doi| doi != own && registrant(doi) == registrant(own))
        .collect();
    papers.into_iter().take(PAPERS_MAX).map(|doi| (doi, notice)).collect()
}

fn registrant(doi: &str) -> &str {
    doi.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_known_by_how_their_titles_begin() {
        for (title, expect) in [
            ("RETRACTED: A drug in lung cancer", Some(Notice::Retracted)),
            ("[Retracted] A drug in lung cancer", Some(Notice::Retracted)),
            ("Retraction Note to: A drug in lung cancer", Some(Notice::Retracted)),
            ("Expression of Concern: A drug", Some(Notice::Questioned)),
            ("Author Correction: A drug", Some(Notice::Corrected)),
            ("Erratum", Some(Notice::Corrected)),
            ("Why retractions matter in oncology", None),
            ("Retracted papers in oncology: a survey", None),
            ("Correcting anaemia in cancer", None),
        ] {
            assert_eq!(named(title), expect, "{title}");
        }
    }

    #[test]
    fn a_notice_marks_papers_of_its_own_publisher() {
        let draft = |doi: Option<&str>| Draft {
            guid: None,
            link: None,
            title: "Retraction Note: A drug in lung cancer".into(),
            summary: "Retraction of: https://doi.org/10.1000/paper. See also 10.2000/other.".into(),
            published: None,
            updated: None,
            authors: vec![],
            categories: vec![],
            doi: doi.map(str::to_owned),
        };
        let retracted = [("10.1000/paper".to_owned(), Notice::Retracted)];
        assert_eq!(notices(&draft(Some("10.1000/note"))), retracted);
        assert_eq!(notices(&draft(Some("10.3000/note"))), []);
        assert_eq!(notices(&draft(None)), []);
    }
}
