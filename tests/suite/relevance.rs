//! What the shipped words make of news that is known to mislead.

use oncofeed::{
    edge::config::shipped_editorial,
    model::source::{Outlet, Relevance},
    pipeline::relevance::{Judgement, Subject, judge},
};

fn judged(outlet: Option<Outlet>, rule: Relevance, title: &str, summary: &str) -> Judgement {
    let subject = Subject {
        title,
        summary,
        categories: &[],
        outlet,
    };
    judge(&subject, rule, &shipped_editorial().unwrap().lexicon)
}

/// Whether all of it is relevant, or none, in the outlet.
fn check(outlet: Option<Outlet>, relevant: bool, news: &[(&str, &str)]) {
    for (title, summary) in news {
        let judgement = judged(outlet, Relevance::Score, title, summary);
        let shares: Vec<_> = judgement.score.shares.iter().map(ToString::to_string).collect();
        assert_eq!(
            judgement.relevant(),
            relevant,
            "{title}: {} of {shares:?}",
            judgement.score.value
        );
    }
}

#[test]
fn a_title_that_names_the_disease_its_care_or_a_medicine_is_enough() {
    for outlet in [
        None,
        Some(Outlet::Journal),
        Some(Outlet::Trade),
        Some(Outlet::Regulator),
        Some(Outlet::Charity),
    ] {
        check(
            outlet,
            true,
            &[
                ("Leukaemia in older adults", ""),
                ("Leukemia in older adults", ""),
                ("Tumours and their neighbourhood", ""),
                ("SACT waiting lists", ""),
                ("Zanubrutinib reimbursed in Wales", ""),
                ("Brukinsa reimbursed in Wales", ""),
                ("Barrett's oesophagus surveillance", ""),
                (
                    "Neutropenic sepsis: what to do in the first hour",
                    "For patients on chemotherapy.",
                ),
                (
                    "A medicine of the future",
                    "Women with lymphoma lived longer after radiotherapy.",
                ),
            ],
        );
    }
}

#[test]
fn the_tumour_necrosis_factor_is_no_tumour() {
    check(
        None,
        false,
        &[
            ("Tumour necrosis factor inhibitors in pregnancy", "A register study."),
            (
                "Anti-tumor necrosis factor therapy and the heart",
                "Patients on TNF inhibitors did well.",
            ),
        ],
    );
    check(None, true, &[("Tumour necrosis after radiotherapy", "")]);
}

#[test]
fn car_t_cells_for_autoimmune_disease_are_not_about_cancer() {
    check(
        Some(Outlet::Trade),
        false,
        &[
            (
                "CAR-T therapy puts lupus into remission",
                "The cells deplete B cells in a phase 1 trial.",
            ),
            (
                "Six CAR T readouts in autoimmune disease to watch",
                "Cell therapy moves from cancer to other fields.",
            ),
        ],
    );
    check(
        Some(Outlet::Trade),
        true,
        &[("CAR-T therapy in follicular lymphoma", "")],
    );
}

#[test]
fn an_ending_does_not_make_a_cancer_medicine() {
    check(
        Some(Outlet::Trade),
        false,
        &[
            (
                "Tolebrutinib slows disability in a phase 3 trial",
                "The BTK inhibitor met its endpoint.",
            ),
            (
                "Tofacitinib or upadacitinib: which drug first?",
                "A study of patients with arthritis.",
            ),
            (
                "Nintedanib for pulmonary fibrosis",
                "Patients kept their lung function.",
            ),
            ("Spesolimab approved", "For flares of pustular psoriasis."),
            ("Emtricitabine for children", "NICE recommends the drug."),
            ("Givinostat approved", "The drug treats Duchenne muscular dystrophy."),
        ],
    );
    check(
        Some(Outlet::Trade),
        true,
        &[
            ("Novociclib meets its endpoint", "A made-up name."),
            ("Acalabrutinib approved", ""),
        ],
    );
}

#[test]
fn a_sign_of_the_zodiac_is_no_disease() {
    check(
        None,
        false,
        &[
            ("Your horoscope for July: Cancer", "The moon moves into Cancer."),
            ("Cancer season: what the stars hold for Leo", ""),
            ("Driving along the Tropic of Cancer", "Three weeks in the desert."),
        ],
    );
}

#[test]
fn a_cancer_on_society_is_a_figure_of_speech() {
    check(
        Some(Outlet::General),
        false,
        &[
            ("Corruption is a cancer on our society, says bishop", ""),
            ("Racism is a tumour in our sport", "The league must act."),
            ("Debt spread like a cancer", "How a town went broke."),
        ],
    );
}

#[test]
fn markets_and_earnings_are_no_medicine() {
    check(
        Some(Outlet::Trade),
        false,
        &[
            ("Oncology drugs market size to reach $300bn by 2031", "CAGR of 9 %."),
            ("Breast cancer therapeutics: market share and forecast", ""),
            (
                "Quarterly earnings beat forecasts",
                "Sales of its cancer drug rose; shares gained 4 %.",
            ),
        ],
    );
}

#[test]
fn somebodys_illness_is_not_news_for_professionals() {
    check(
        Some(Outlet::General),
        false,
        &[
            ("Soap star dies of cancer aged 84", "The actress had breast cancer."),
            (
                "Singer, 61, tells fans of chemotherapy",
                "She is in treatment for a lymphoma.",
            ),
            (
                "President has prostate cancer removed",
                "He will be back at work on Monday.",
            ),
            ("Man jailed for faking cancer", "He had raised £20,000 from neighbours."),
            (
                "Nan's skydive for the hospice",
                "It cared for her husband, who died of cancer.",
            ),
            ("Goalkeeper back after beating leukaemia", "His team won the cup."),
            (
                "Mum's joy as toddler rings the bell",
                "The boy had chemotherapy for two years.",
            ),
        ],
    );
}

#[test]
fn cancer_care_and_research_are_news_in_the_papers_too() {
    check(
        Some(Outlet::General),
        true,
        &[
            (
                "Cancer waiting times longest on record",
                "Hospitals missed the 62-day target.",
            ),
            (
                "Thousands missed bowel screening in the pandemic",
                "Referrals have not recovered.",
            ),
            ("Breast cancer drug too expensive for NHS", "NICE did not recommend it."),
            ("Blood test finds pancreatic cancer early, study says", ""),
            (
                "Shortage of oncologists delays chemotherapy",
                "Patients wait for weeks.",
            ),
        ],
    );
}

#[test]
fn pets_and_wild_animals_have_their_own_doctors() {
    check(
        None,
        false,
        &[
            ("My dog has cancer: what should I ask the vet?", ""),
            ("Tasmanian devils and their tumours", "The disease spreads by bites."),
        ],
    );
}

#[test]
fn a_source_of_nothing_but_cancer_still_brings_what_is_no_news() {
    let relevant = |title| judged(Some(Outlet::Journal), Relevance::Always, title, "").relevant();
    for title in [
        "Vacancy: lead cancer nurse, band 7",
        "Oncology pharmacist wanted – apply now",
        "Sponsored content: a new pump for chemotherapy",
        "Issue Information",
        "Editorial Board",
        "Table of Contents",
        "Contents",
        "Call for papers: cancer in older adults",
        "Instructions for Authors",
        "Erratum",
        "Corrigendum to “The heart in winter”",
        "Scheduled maintenance on Sunday",
    ] {
        assert!(!relevant(title), "{title}");
    }
    for title in [
        "What we learned in one year",
        "Correction: chemotherapy near the end of life",
        "Retraction Note: a target in glioma",
        "Webinar: immunotherapy for pharmacists",
        "ESMO Congress 2026: registration is open",
        "Vacancies in radiotherapy at a record high",
        "Job losses among survivors",
    ] {
        assert!(relevant(title), "{title}");
    }
}

#[test]
fn every_share_tells_its_place_and_they_add_up() {
    let summary = "Cancer and, again, cancer: a study of osimertinib (Tagrisso) in patients.";
    let score = judged(None, Relevance::Score, "Singer's cancer drug", summary).score;
    let shares: Vec<_> = score.shares.iter().map(ToString::to_string).collect();
    let sum: f64 = score.shares.iter().map(|share| share.points).sum();
    assert!((sum - score.value).abs() < 0.01);
    assert!(shares.contains(&"cancer +3.0 (title)".to_owned()), "{shares:?}");
    assert!(shares.contains(&"osimertinib +2.2 (summary)".to_owned()), "{shares:?}");
}

#[test]
fn licences_shortages_and_recalls_of_cancer_medicines_are_news() {
    for outlet in [Outlet::Trade, Outlet::Regulator] {
        check(
            Some(outlet),
            true,
            &[
                ("MHRA grants marketing authorisation for belzutifan", ""),
                (
                    "European Commission approves marketing authorisation for zanubrutinib",
                    "",
                ),
                ("Trastuzumab biosimilar approved by MHRA", ""),
                ("Manufacturing delay leads to shortage of cisplatin", ""),
                ("Quarter of bowel cancer patients are diagnosed in A&E", ""),
                ("Rituximab: fatal infusion reactions", ""),
                (
                    "Class 2 medicines recall: cyclophosphamide 1 g powder for injection",
                    "",
                ),
            ],
        );
    }
    check(
        Some(Outlet::Regulator),
        true,
        &[
            ("Class 2 medicines recall: methotrexate 2.5 mg tablets", ""),
            ("Class 1 medicines recall: calcium folinate 10 mg/ml", ""),
            ("Denosumab: osteonecrosis of the jaw", ""),
        ],
    );
}

#[test]
fn what_treatment_of_cancer_does_to_patients_is_no_other_disease() {
    check(
        Some(Outlet::Journal),
        true,
        &[
            ("Colitis under immune checkpoint inhibitors", ""),
            ("Diabetes after a checkpoint inhibitor", ""),
            ("Osteoporosis in women on aromatase inhibitors", ""),
            ("Fungal prophylaxis in AML", ""),
            ("HCC in cirrhosis", ""),
            ("DPYD testing before fluoropyrimidines", ""),
            ("Scalp cooling: a survey", ""),
            ("Handling of cytotoxics in the pharmacy", ""),
            ("ICI-induced arthritis", ""),
        ],
    );
}

#[test]
fn words_that_look_like_those_of_cancer_are_none() {
    check(
        None,
        false,
        &[
            ("Sarcomere variants in cardiomyopathy", ""),
            ("Surgery for myelomeningocele before birth", ""),
            ("A metastable phase of water", ""),
            ("What belongs on the emergency drug cart", ""),
            ("RP1 variants in retinitis pigmentosa", ""),
            ("Ublituximab in multiple sclerosis", ""),
            ("The gist of it, for a lump sum", ""),
            ("Adenomyosis and pain", ""),
        ],
    );
}

#[test]
fn types_of_a_virus_are_no_age() {
    let points = |title: &str| judged(Some(Outlet::General), Relevance::Score, title, "").score.value;
    assert!(
        points("Vaccine against HPV types 16, 18, 31 and 33") > points("Vaccine against HPV for Ann, 18, and others")
    );
}

#[test]
fn calls_for_volunteers_and_sponsors_of_trials_are_no_adverts() {
    for title in [
        "Call for volunteers for cancer vaccine trial",
        "Recruiting now: trial of a new drug for bowel cancer",
        "Locum consultant missed cancer in 40 patients",
        "Trial sponsored by Cancer Research UK begins",
        "Advertisement of unhealthy food and cancer risk",
    ] {
        let judgement = judged(None, Relevance::Always, title, "");
        assert!(judgement.relevant(), "{title}: {:?}", judgement.not_news);
    }
}
