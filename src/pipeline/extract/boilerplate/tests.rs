use super::*;
use crate::shipped::EDITORIAL;

fn removed(summary: &str, title: &str) -> String {
    prose(summary, title, EDITORIAL.habits(None)).text
}

fn check(summary: &str, expect: &str) {
    assert_eq!(removed(summary, "Something else altogether"), expect, "{summary:?}");
}

#[test]
fn prose_stays() {
    for prose in [
        "Background radiation is everywhere.",
        "Summary judgment was given for the hospital.",
        "By Friday the unit will have moved.",
        "NSCLC — the most common form — is treated with surgery.",
        "Readers of the post said it was first.",
        "The post was advertised for six weeks.",
        "Read more books, doctors say.",
        "Source: unknown primary tumours are hard to treat.",
        "The drug, known as ABC-123, works. More data follow.",
        "Methods are described by Smith et al.",
        "We discuss...",
        "Related deaths fell by a fifth.",
        "Tagrisso was approved.",
        "Posted by the thousand, the kits reach everyone.",
        "Patients and carers want to learn more",
        "Doctors hope to read more.",
        "Find it early, save a life.",
        "Join us for a webinar on lung cancer",
        "Sign up for screening if you are over 50.",
        "LUNG CANCER — the most common form — can be found early.",
        "Context Therapeutics began a trial.",
        "Follow-up of five years confirms it.",
        "Follow our guide to lower your risk.",
        "Print media report more of breast cancer than of lung cancer.",
        "Print this off and take it to your doctor.",
        "Image guidance helps radiotherapy.",
        "Photographs by patients are on show at the hospital.",
        "Credit: the charity paid for the scanner.",
        "Video consultations: what patients think of them",
        "Copyright law is not our subject.",
        "Comments from patients shaped the guideline.",
        "No comment was made.",
        "None of the patients relapsed.",
        "More information is needed on late effects.",
        "Full text messages were sent to patients.",
        "WARNING - GRAPHIC CONTENT: The patient was admitted.",
        "CHMP: Positive opinion for nivolumab.",
        "PEMBROLIZUMAB: New data show benefit.",
        "Surgery; radiotherapy; chemotherapy; all were late.",
        "Published in The Lancet, the study followed 200 women.",
        "Published: the first UK guideline on cachexia.",
        "The story was published in Nature.",
        "Please provide the patient with a copy.",
        "Importance of screening cannot be overstated.",
    ] {
        check(prose, prose);
        let goes_on = format!("{prose} And so it goes on.");
        check(&goes_on, &goes_on);
        let begins = format!("And so it begins. {prose}");
        check(&begins, &begins);
    }
}

#[test]
fn a_bare_copyright_sign_may_be_half_of_a_broken_letter() {
    check(
        "They met at the cafÃ© before treatment.",
        "They met at the cafÃ© before treatment.",
    );
    check("The protÃ©gÃ© of a surgeon", "The protÃ©gÃ© of a surgeon");
    check("Text. © 2024 Elsevier Ltd. All rights reserved.", "Text.");
}

#[test]
fn copyright_is_no_prose() {
    for tail in [
        "© 2024 The Authors.",
        "Copyright © 2024 The Trust. Published by Elsevier.",
        "Copyright 2024 by the Trust.",
        "(c) 2024 The Trust",
        "© The Author(s) 2024. Open access.",
        "All rights reserved.",
    ] {
        check(&format!("Text. {tail}"), "Text.");
        check(&format!("Text.\n{tail}"), "Text.");
    }
}

#[test]
fn the_fda_is_no_author() {
    for prose in [
        "The FDA has approved a drug for lung cancer.",
        "Approved by the FDA.",
        "By The FDA has approved a drug.",
        "A drug was approved. By March it was in use.",
    ] {
        check(prose, prose);
    }
}

#[test]
fn by_lines_are_no_prose() {
    for line in [
        "By Pat Doe",
        "By Dr Pat van der Doe and Sam O’Roe",
        "By PAT DOE",
        "By Pat Doe, Health Editor",
        "Written by Pat Doe & Sam Roe",
    ] {
        check(&format!("{line}\nText."), "Text.");
    }
    check("Text. By Pat Doe", "Text.");
    check("Text. (Reporting by Pat Doe in London; editing by Sam Roe)", "Text.");
}

#[test]
fn white_space_may_be_of_any_kind() {
    let markup = crate::model::entry::Markup::Html(
        "<p>The&nbsp;post Waiting&nbsp;times appeared&nbsp;first on&#8239;News.</p><p>Background:&nbsp;Text.</p>"
            .into(),
    );
    let summary = crate::pipeline::extract::text::paragraphs(&markup, 1_000);
    check(&summary, "Text.");
}

#[test]
fn datelines_are_no_prose() {
    for dateline in [
        "LONDON, 3 July — ",
        "LONDON — ",
        "LONDON - ",
        "LONDON: ",
        "NEW YORK, July 3, 2024 – ",
        "GENEVA, Feb 17 (Reuters) - ",
        "(HealthDay) — ",
        "WEDNESDAY, July 3, 2024 (HealthDay News) -- ",
        "WASHINGTON (AP) — ",
        "CAMBRIDGE, Mass.--(BUSINESS WIRE)--",
        "BASEL, Switzerland, July 03, 2024 (GLOBE NEWSWIRE) -- ",
        "BASEL, Switzerland, July 3, 2024 /PRNewswire/ -- ",
        "Lugano, Switzerland, 3 July 2024 – ",
        "July 3, 2024 – ",
        "3 July 2024 10:30 AM ",
    ] {
        check(&format!("{dateline}The unit has moved."), "The unit has moved.");
    }
}

#[test]
fn bibliography_is_no_prose() {
    for lines in [
        "Publication date: July 2024\nSource: Lung Cancer, Volume 294\nAuthor(s): A. B. Smith, C. Doe",
        "Publication date: Available online 3 July 2024 Source: Lung Cancer Author(s): A. B. Smith",
        "Nature, Published online: 26 April 2024; doi:10.1038/d41586-024-01371-9",
        "Nature Reviews Clinical Oncology, Published online: 26 April 2024; doi:10.1038/s41571-024-1",
        "International Journal of Cancer, EarlyView.",
        "International Journal of Cancer, Volume 152, Issue 3, Page 345-356, 1 February 2024.",
        "Acta Oncologica, Ahead of Print.",
        "Leukemia & Lymphoma, Volume 65, Issue 1, January 2024, Page 1-10",
        "BMJ 2024;383:p2600",
        "Cancer Med. 2024 Jan 3. doi: 10.1002/cam4.5. Online ahead of print.",
        "doi: 10.1002/cam4.5",
        "NO ABSTRACT",
        ". ",
    ] {
        check(lines, "");
        check(&format!("{lines}\nThe trial has begun."), "The trial has begun.");
    }
}

#[test]
fn headings_of_abstracts_are_no_prose() {
    for (summary, expect) in [
        ("Abstract\nBackground\nWe asked.", "We asked."),
        (
            "ABSTRACT: BACKGROUND: We asked. METHODS: We looked.",
            "We asked. METHODS: We looked.",
        ),
        ("ABSTRACT Background: We asked.", "We asked."),
        ("Background Tumours grow.", "Tumours grow."),
        ("Objective To assess risk.", "To assess risk."),
        ("AbstractTumours grow.", "Tumours grow."),
        ("BACKGROUND & AIMS: We asked.", "We asked."),
        ("Background and Purpose: We asked.", "We asked."),
        ("Plain language summary: We asked.", "We asked."),
        ("Summary: A company has news.", "A company has news."),
        ("To the Editor: We read the trial.", "We read the trial."),
        ("Abstract", ""),
    ] {
        check(summary, expect);
    }
}

#[test]
fn the_way_to_the_publishers_page_is_no_prose() {
    for tail in [
        "The post Waiting times appeared first on Cancer News.",
        "Continue reading...",
        "Read more",
        "READ MORE »",
        "Read the full article on our site",
        "Find out more about our day unit.",
        "Click here to see the results",
        "View original",
        "This article was originally published on The Conversation. Read it there.",
        "More information at trust.example",
        "https://trust.example/news/1",
        "Lire la suite",
    ] {
        let paragraph = tail.split_once(". Read").map_or(tail, |(first, _)| first);
        check(&format!("Text goes here.\n{paragraph}"), "Text goes here.");
    }
    for (summary, expect) in [
        ("It was moved […]", "It was moved"),
        ("It was moved [...]", "It was moved"),
        ("It was moved […] Read more", "It was moved"),
        ("It was moved … Continue reading The unit has moved", "It was moved"),
        ("It was moved. The post Moved appeared first on News.", "It was moved."),
        ("It was moved. Read more…", "It was moved."),
    ] {
        check(summary, expect);
    }
}

#[test]
fn share_links_and_calls_to_subscribe_are_no_prose() {
    for line in [
        "Share | Tweet | LinkedIn",
        "Share this:",
        "Like Loading...",
        "Follow us on Twitter @cancernews",
        "Subscribe to our newsletter.",
        "Sign up here to get an email each week",
        "Thanks for reading! Subscribe for free to receive new posts.",
        "#Cancer #News",
        "Contact: press@trust.example",
        "Filed under: News",
        "3 comments",
        "3 min read",
        "Advertisement",
        "This content is only available to members.",
        "Published: 3 July 2024",
    ] {
        check(&format!("Text.\n{line}"), "Text.");
        check(&format!("{line}\nText."), "Text.");
    }
    check(
        "Text. Hosted on Acast. See acast.com/privacy for more information.",
        "Text.",
    );
    check(
        "Text. Follow us on X: https://a.test/ Like us: https://b.test/",
        "Text.",
    );
    check("Text. #Cancer #News", "Text.");
}

#[test]
fn captions_are_no_prose() {
    for line in [
        "Image credit: Pat Doe",
        "Photo by Pat Doe on Unsplash",
        "Photograph: Pat Doe/The Paper",
        "Credit: Getty Images",
        "(Courtesy: Trust)",
        "Sturti / Getty Images",
    ] {
        check(&format!("{line}\nText."), "Text.");
    }
    check("Text. Credit: Unsplash/CC0 Public Domain", "Text.");
}

#[test]
fn forums_links_are_no_prose() {
    check("submitted by /u/someone\n[link] [194 comments]", "");
    check("Text. submitted by /u/someone to r/science [link] [comments]", "Text.");
    check("Comments", "");
    check(
        "Article URL: https://a.test/\nComments URL: https://b.test/\nPoints: 5\n# Comments: 3",
        "",
    );
}

#[test]
fn a_title_at_the_start_is_taken_off_where_it_is_no_part_of_a_sentence() {
    let title = "New drug for lung cancer approved";
    for (summary, expect) in [
        ("New drug for lung cancer approved", ""),
        ("“New drug for lung cancer approved”.", ""),
        ("NEW DRUG FOR LUNG CANCER APPROVED\nIt works.", "It works."),
        ("New drug for lung cancer approved. It works.", "It works."),
        ("New drug for lung cancer approved It works well.", "It works well."),
        ("New drug for lung cancer approved Fierce Pharma", ""),
        (
            "New drug for lung cancer approved by the EMA",
            "New drug for lung cancer approved by the EMA",
        ),
        (
            "New drug for lung cancer approvedly",
            "New drug for lung cancer approvedly",
        ),
        ("New drug for lung", "New drug for lung"),
    ] {
        assert_eq!(removed(summary, title), expect, "{summary}");
    }
    for (title, summary) in [
        ("Cancer", "Cancer patients wait longer."),
        ("Cancer", "Cancer Research UK says so."),
        (
            "A film made from scans by a...",
            "A film made from scans by a Leeds nurse.",
        ),
        ("", "Any text"),
    ] {
        assert_eq!(removed(summary, title), summary);
    }
}

#[test]
fn a_source_can_bring_its_own() {
    let own = Habit::of_source("Beating cancer together").unwrap();
    let habits = EDITORIAL.boilerplate.with(&own);
    let prose = prose("Text. Beating cancer together. Read more", "", habits);
    assert_eq!(prose.text, "Text.");
    let rules: Vec<_> = prose.cuts.iter().map(|cut| cut.rule.as_str()).collect();
    assert_eq!(rules, ["read more, at the end", "Beating cancer together"]);
}

#[test]
fn what_was_taken_off_is_told() {
    let summary = "Share this:\nLONDON, 3 July — A new drug. It works. Read more";
    let prose = prose(summary, "A new drug", EDITORIAL.habits(None));
    assert_eq!(prose.text, "It works.");
    let told: Vec<_> = prose
        .cuts
        .iter()
        .map(|cut| (cut.rule.as_str(), cut.place, cut.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("share links", Place::Paragraph, "Share this:"),
            ("dateline with a date", Place::Head, "LONDON, 3 July —"),
            (TITLE, Place::Head, "A new drug."),
            ("read more, at the end", Place::Tail, "Read more"),
        ]
    );
}

#[test]
fn long_texts_take_no_longer_than_they_should() {
    for part in [
        "The post ",
        "Read more. ",
        "A;",
        "(",
        "Text. Follow us: https://a.test/ ",
        "©",
        "LONDON, ",
    ] {
        let text = part.repeat(4_000 / part.len());
        let started = std::time::Instant::now();
        removed(&text, &text);
        let took = started.elapsed();
        assert!(took.as_secs() < 20, "{part}: {took:?}");
    }
}
