//! Retractions, expressions of concern and corrections: what journals say later of what they published.
//!
//! The words are those of the Committee on Publication Ethics and of PubMed. A notice names its paper by a DOI that the
//! same publisher registered. Anybody can write one: whose is believed is decided where news is chosen.

use std::collections::BTreeSet;

use crate::{
    model::{draft::Draft, label::Notice, source::Outlet},
    pipeline::parse,
};

/// Most papers that one notice marks. Publishers have retracted hundreds at once, each with a notice of its own.
const PAPERS_MAX: usize = 5;

/// How the title of a notice, or of a paper that was marked by its publisher, begins. Brackets and dashes are colons.
const TITLES: [(&str, Notice); 19] = [
    ("retracted:", Notice::Retracted),
    ("retracted article", Notice::Retracted),
    ("retraction:", Notice::Retracted),
    ("retraction note", Notice::Retracted),
    ("retraction notice", Notice::Retracted),
    ("retraction of", Notice::Retracted),
    ("notice of retraction", Notice::Retracted),
    ("statement of retraction", Notice::Retracted),
    ("expression of concern", Notice::Questioned),
    ("editorial expression of concern", Notice::Questioned),
    ("notice of expression of concern", Notice::Questioned),
    ("correction to", Notice::Corrected),
    ("correction:", Notice::Corrected),
    ("correction for:", Notice::Corrected),
    ("author correction", Notice::Corrected),
    ("publisher correction", Notice::Corrected),
    ("corrigendum", Notice::Corrected),
    ("erratum", Notice::Corrected),
    ("department of error", Notice::Corrected),
];

/// Journals withdraw papers; others withdraw guidance and goods, which is no retraction.
const WITHDRAWN: &str = "withdrawn:";

/// What stands right before the DOI of the paper that is meant, in any letters.
const POINTERS: [&str; 14] = [
    "retraction of",
    "retraction to",
    "retraction in",
    "retraction for",
    "retracts",
    "retracts the article",
    "correction to",
    "corrects",
    "corrects the article",
    "erratum in",
    "erratum for",
    "refers to",
    "refers to the article",
    "original article",
];

/// Points at a paper if a colon follows: many a sentence says "article".
const ARTICLE: &str = "article";

/// Of what may stand between such words and the DOI: `doi:`, the address of a resolver.
const RESOLVERS: [&str; 5] = ["doi.org", "dx", "https", "http", "doi"];

/// Most bytes before a DOI that are looked at: room for the longest pointer and the resolver's address.
const BEFORE_BYTES_MAX: usize = 80;

/// What a title says of its paper, or of another's.
pub fn named(title: &str, outlet: Option<Outlet>) -> Option<Notice> {
    let title = title.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let title = title.replace([']', '\u{2014}', '\u{2013}'], ":").replace(" :", ":");
    if outlet == Some(Outlet::Journal) && title.starts_with(WITHDRAWN) {
        return Some(Notice::Retracted);
    }
    let begins = |(start, _): &&(&str, Notice)| title.starts_with(*start);
    TITLES.iter().find(begins).map(|(_, notice)| *notice)
}

/// The papers of which an entry is a notice, by their DOIs.
///
/// A notice names others too, which it compares or cites: only those count at which it points, or the only one.
pub fn notices(draft: &Draft) -> Vec<(String, Notice)> {
    let (Some(notice), Some(own)) = (named(&draft.title, None), &draft.doi) else {
        return vec![];
    };
    let told = format!("{}\n{}", draft.title, draft.summary);
    let others: Vec<_> = parse::dois(&told)
        .filter(|(_, doi)| doi != own && registrant(doi) == registrant(own))
        .collect();
    let meant = others.iter().filter(|(at, _)| is_pointed_at(&told, *at));
    let mut papers: BTreeSet<_> = meant.map(|(_, doi)| doi).collect();
    if papers.is_empty() {
        papers = others.iter().map(|(_, doi)| doi).collect();
        if papers.len() > 1 {
            return vec![];
        }
    }
    let papers = papers.into_iter().take(PAPERS_MAX);
    papers.map(|doi| (doi.clone(), notice)).collect()
}

/// Whether the words before this place say that the DOI there is the paper's.
fn is_pointed_at(told: &str, at: usize) -> bool {
    let from = told.floor_char_boundary(at.saturating_sub(BEFORE_BYTES_MAX));
    let before = told[from..at].to_lowercase();
    let mut words = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    while let Some(rest) = RESOLVERS.iter().find_map(|resolver| words.strip_suffix(resolver)) {
        words = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
    }
    let colon = before[words.len()..].starts_with(':');
    let ends = |pointer: &str| {
        let rest = words.strip_suffix(pointer);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    POINTERS.into_iter().any(ends) || colon && ends(ARTICLE)
}

fn registrant(doi: &str) -> &str {
    doi.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(doi: Option<&str>, summary: &str) -> Draft {
        Draft {
            guid: None,
            link: None,
            title: "Retraction Note: A drug in lung cancer".into(),
            summary: summary.into(),
            published: None,
            updated: None,
            authors: vec![],
            categories: vec![],
            doi: doi.map(str::to_owned),
            image: None,
        }
    }

    #[test]
    fn notices_are_known_by_how_their_titles_begin() {
        for (title, expect) in [
            ("RETRACTED: A drug in lung cancer", Some(Notice::Retracted)),
            ("[Retracted] A drug in lung cancer", Some(Notice::Retracted)),
            ("Retraction Note to: A drug in lung cancer", Some(Notice::Retracted)),
            ("Expression of Concern: A drug", Some(Notice::Questioned)),
            ("Author Correction: A drug", Some(Notice::Corrected)),
            ("Erratum", Some(Notice::Corrected)),
            ("Notice of Retraction: A drug", Some(Notice::Retracted)),
            ("Statement of Retraction: A drug", Some(Notice::Retracted)),
            ("Retraction\u{2014}A drug in lung cancer", Some(Notice::Retracted)),
            ("Department of Error", Some(Notice::Corrected)),
            ("Correction for: A drug", Some(Notice::Corrected)),
            ("Correction for multiple testing", None),
            ("[Withdrawn] Cancer screening guidance", None),
            ("Why retractions matter in oncology", None),
            ("Retracted papers in oncology: a survey", None),
            ("Correcting anaemia in cancer", None),
        ] {
            assert_eq!(named(title, None), expect, "{title}");
        }
    }

    #[test]
    fn what_a_journal_withdraws_is_retracted() {
        for (outlet, expect) in [
            (Some(Outlet::Journal), Some(Notice::Retracted)),
            (Some(Outlet::Regulator), None),
        ] {
            assert_eq!(named("WITHDRAWN: A drug", outlet), expect, "{outlet:?}");
        }
    }

    #[test]
    fn a_notice_means_the_papers_at_which_it_points() {
        for (summary, expect) in [
            ("Retraction of: doi:10.1000/a. See also 10.1000/b.", &["10.1000/a"][..]),
            (
                "This corrects the article DOI: 10.1000/a, not 10.1000/b",
                &["10.1000/a"],
            ),
            (
                "Original article: (https://dx.doi.org/10.1000/a/full); 10.1000/b",
                &["10.1000/a"],
            ),
            (
                "Article: 10.1000/a. We thank the authors of the article 10.1000/b",
                &["10.1000/a"],
            ),
            ("Retracts 10.1000/a and 10.1000/b", &["10.1000/a"]),
            ("In 10.1000/a the data were wrong, said 10.2000/b.", &["10.1000/a"]),
            ("As 10.1000/a and 10.1000/b say", &[]),
        ] {
            let named: Vec<_> = notices(&draft(Some("10.1000/note"), summary));
            let named: Vec<_> = named.iter().map(|(doi, _)| doi.as_str()).collect();
            assert_eq!(named, expect, "{summary}");
        }
    }

    #[test]
    fn a_notice_marks_papers_of_its_own_publisher() {
        let summary = "Retraction of: https://doi.org/10.1000/paper. See also 10.2000/other.";
        let retracted = [("10.1000/paper".to_owned(), Notice::Retracted)];
        assert_eq!(notices(&draft(Some("10.1000/note"), summary)), retracted);
        assert_eq!(notices(&draft(Some("10.3000/note"), summary)), []);
        assert_eq!(notices(&draft(None, summary)), []);
    }
}
