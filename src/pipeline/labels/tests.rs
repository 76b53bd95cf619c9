use uuid::Uuid;

use super::*;
use crate::{
    model::{
        item::{ItemId, StoryKey},
        label::Notice,
        source::SourceKey,
    },
    shipped::EDITORIAL,
};

fn labelled(title: &str, text: &str, link: &str) -> Labelled {
    let item = Item {
        id: ItemId(Uuid::nil()),
        source: SourceKey(1),
        story: StoryKey(1),
        link: Link::parse(link),
        title: title.into(),
        summary: String::new(),
        description: None,
        published: None,
        updated: None,
        first_seen: jiff::Timestamp::UNIX_EPOCH,
        last_seen: jiff::Timestamp::UNIX_EPOCH,
        authors: vec![],
        categories: vec![],
        doi: None,
        image: None,
        claims: vec![],
        surfaces_at: None,
    };
    of(&item, text, None, &EDITORIAL.labels)
}

#[test]
fn sites() {
    for (title, text, expect) in [
        ("Breast screening begins earlier", "", &[Site::Breast][..]),
        ("New drug approved", "It treats prostate cancer.", &[Site::Prostate]),
        // The title tells, whatever else the text mentions.
        (
            "Lung cancer drug approved",
            "It is known from breast and ovarian cancer.",
            &[Site::Lung],
        ),
        (
            "Colon and ovarian cancers share a gene",
            "",
            &[Site::Colorectal, Site::Ovarian],
        ),
        // A medicine tells where nothing else does, by either of its names.
        ("Osimertinib approved", "", &[Site::Lung]),
        ("Tagrisso approved", "", &[Site::Lung]),
        ("Capivasertib in lymphoma", "", &[Site::Haematological]),
        ("Haematological and haemato-oncology care", "", &[Site::Haematological]),
        ("Leukemia and leukaemia", "", &[Site::Haematological]),
        (
            "Neuroblastoma of the adrenal gland, and brain tumours",
            "",
            &[Site::Brain, Site::Paediatric],
        ),
        // A child's cancer is one of its site too: who follows leukaemia is to find it.
        (
            "Childhood leukaemia in decline",
            "",
            &[Site::Haematological, Site::Paediatric],
        ),
        ("Cancer waiting times fall", "More patients begin treatment.", &[]),
        ("", "", &[]),
    ] {
        assert_eq!(labelled(title, text, "https://a.test/").labels.sites, expect, "{title}");
    }
}

#[test]
fn kinds_of_news() {
    for (title, text, expect) in [
        ("FDA approves a drug for myeloma", "", Some(NewsType::Regulatory)),
        (
            "CHMP gives a positive opinion on a drug",
            "",
            Some(NewsType::Regulatory),
        ),
        ("Phase 3 trial meets its primary endpoint", "", Some(NewsType::Trial)),
        ("NICE guideline on melanoma updated", "", Some(NewsType::Policy)),
        (
            "Waiting times for radiotherapy rise in NHS hospitals",
            "",
            Some(NewsType::Practice),
        ),
        (
            "Company acquires biotech for $1 billion upfront",
            "",
            Some(NewsType::Business),
        ),
        ("Editorial Comment on a new technique", "", Some(NewsType::Opinion)),
        ("Webinar: immunotherapy in practice", "", Some(NewsType::Event)),
        ("Gene expression in mice", "", Some(NewsType::Research)),
        ("Hello", "", None),
    ] {
        assert_eq!(
            labelled(title, text, "https://a.test/").labels.news_type,
            expect,
            "{title}"
        );
    }
}

#[test]
fn what_no_peer_has_reviewed_is_marked() {
    for (link, preprint) in [
        ("https://www.medrxiv.org/content/1", true),
        ("https://arxiv.org/abs/1", true),
        ("https://notarxiv.org/abs/1", false),
    ] {
        let labels = labelled("Phase 3 trial of a drug", "", link).labels;
        assert_eq!(labels.preprint, preprint, "{link}");
        assert_eq!(labels.news_type == Some(NewsType::Preprint), preprint, "{link}");
    }
    for (title, text, preprint) in [
        ("Phase 3 trial of a drug", "The study has not been peer reviewed.", true),
        ("Phase 3 trial", "It has not yet been peer-reviewed.", true),
        (
            "Phase 3 trial",
            "A preprint posted on medRxiv, not yet peer reviewed.",
            true,
        ),
        ("Phase 3 trial", "Peer reviewers liked it.", false),
    ] {
        let labels = labelled(title, text, "https://a.test/").labels;
        assert_eq!(labels.preprint, preprint, "{text}");
    }
    let told = labelled("Phase 3 trial", "It has not been peer reviewed.", "https://a.test/");
    assert_eq!(told.labels.news_type, Some(NewsType::Trial));
    for (doi, preprint) in [
        ("10.1101/2020.01.02.123456", true),
        ("10.1101/123456", true),
        ("10.1101/gad.350001.122", false),
        ("10.21203/rs.3.rs-1", true),
        ("10.1000/2020.01.02.123456", false),
    ] {
        assert_eq!(is_of_preprints(doi), preprint, "{doi}");
    }
    assert_eq!(
        labelled("RETRACTED: A drug", "", "https://a.test/").labels.notice,
        Some(Notice::Retracted)
    );
}

#[test]
fn the_words_are_kept() {
    let told = labelled("Lung cancer trial", "Patients with lung cancer.", "https://a.test/");
    assert_eq!(told.words, ["lung", "trial"]);
    let told = labelled("Lung cancer trial", "Lungs; a preprint", "https://arxiv.org/abs/1");
    assert_eq!(told.words, ["lung", "preprint*"], "no words of a kind that it is not");
}
