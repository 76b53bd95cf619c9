//! What is known to mislead: two items each, and whether they tell one story.

use uuid::Uuid;

use super::{tests::grouped, *};
use crate::{model::source::SourceKey, shipped::EDITORIAL};

/// Of the `n`-th source, on one morning, `hours` after its first hour.
fn told(n: u128, title: &str, summary: &str, hours: i64) -> Marked {
    let at = Timestamp::from_second(1_700_000_000 + hours * 3_600).unwrap();
    Marked {
        id: ItemId(Uuid::from_u128(n)),
        source: SourceKey(n as i64),
        first_seen: at,
        story: None,
        story_published: None,
        story_guid: None,
        title: title.into(),
        summary: summary.into(),
        ordered_at: at,
        dated: true,
        marks: vec![],
    }
}

fn is_one(one: &Marked, other: &Marked) -> bool {
    let groups = grouped(&[one.clone(), other.clone()], true);
    let verdict = Judge::new(&EDITORIAL.boilerplate).verdict(one, other);
    println!("{} | {}: {verdict}", one.title, other.title);
    groups.len() == 1
}

/// Two publishers, an hour apart.
fn check(one: (&str, &str), other: (&str, &str), expect: bool) {
    let (one, other) = (told(1, one.0, one.1, 0), told(2, other.0, other.1, 1));
    assert_eq!(is_one(&one, &other), expect, "{} | {}", one.title, other.title);
    assert_eq!(is_one(&other, &one), expect, "whichever comes first");
}

#[test]
fn one_url_re_used_for_a_new_story() {
    let page = |title: &str, summary: &str, n: u128| Marked {
        source: SourceKey(1),
        marks: vec!["link:news.test/live".into()],
        ..told(n, title, summary, n as i64)
    };
    let first = page("Ministers weigh a ban on sunbeds", "A decision is due next month.", 1);
    let other = page("Nurses vote to strike over pay", "Wards will close on Friday.", 2);
    assert!(!is_one(&first, &other));
    let edited = page("Ministers 'weighing' a sunbed ban", "A decision is due next month.", 3);
    assert!(is_one(&first, &edited), "an edited headline is the same story");
}

#[test]
fn amounts_that_differ_in_one_story() {
    check(
        (
            "Brackwell licenses Quillon's lung cancer drug for $60M",
            "Quillon gets $60 million upfront for its pill QLN-17.",
        ),
        (
            "Quillon in $900M deal with Brackwell for lung cancer drug",
            "Brackwell may pay $900 million in all for Quillon's QLN-17.",
        ),
        true,
    );
}

#[test]
fn plans_to_and_has() {
    check(
        (
            "FDA may approve Quillon's lung cancer pill zelnitinib today",
            "A decision on zelnitinib is near, Quillon said.",
        ),
        (
            "FDA approves Quillon's lung cancer pill zelnitinib",
            "The regulator approved zelnitinib, Quillon said.",
        ),
        false,
    );
}

#[test]
fn the_committee_s_opinion_and_the_commission_s_approval() {
    check(
        (
            "CHMP recommends zelnitinib for lung cancer",
            "The committee gave a positive opinion on Quillon's zelnitinib.",
        ),
        (
            "European Commission approves zelnitinib for lung cancer",
            "Quillon's zelnitinib may be sold in Europe.",
        ),
        false,
    );
}

#[test]
fn approvals_of_two_regulators() {
    check(
        (
            "FDA approves zelnitinib for lung cancer",
            "Quillon's zelnitinib was cleared.",
        ),
        (
            "Japan approves zelnitinib for lung cancer",
            "Quillon's zelnitinib was cleared.",
        ),
        false,
    );
}

#[test]
fn a_death_and_the_tributes() {
    check(
        (
            "Oncologist Marla Quince dies at 71",
            "Marla Quince, who founded the Fenwick institute, has died.",
        ),
        (
            "Tributes to oncologist Marla Quince, who died at 71",
            "Colleagues of the Fenwick institute remember Marla Quince.",
        ),
        false,
    );
}

#[test]
fn a_medicine_and_its_brand() {
    check(
        (
            "Tagrisso approved in US for early lung cancer",
            "The FDA cleared AstraZeneca's Tagrisso after surgery.",
        ),
        (
            "FDA approves osimertinib for early lung cancer",
            "AstraZeneca's osimertinib may be given after surgery.",
        ),
        true,
    );
}

#[test]
fn numbered_columns() {
    check(
        (
            "Fenwick weekly digest, issue 117",
            "What the Fenwick institute found this week.",
        ),
        (
            "Fenwick weekly digest, issue 118",
            "What the Fenwick institute found this week.",
        ),
        false,
    );
}

#[test]
fn a_paper_and_its_correction() {
    check(
        ("Zelnitinib in lung cancer: a randomised trial", ""),
        ("Correction to: Zelnitinib in lung cancer: a randomised trial", ""),
        false,
    );
}

#[test]
fn two_tumour_sites_medicines_and_phases() {
    for (one, other) in [
        (
            "Five fractions are enough in prostate cancer",
            "Five fractions are enough in breast cancer",
        ),
        (
            "Zelnitinib slows lung cancer in trial",
            "Capmatinib slows lung cancer in trial",
        ),
        (
            "Zelnitinib passes phase 2 in lung cancer",
            "Zelnitinib passes phase 3 in lung cancer",
        ),
    ] {
        check((one, ""), (other, ""), false);
    }
}

#[test]
fn a_press_release_its_paper_and_a_newspaper() {
    let items = [
        told(
            1,
            "Zelnitinib in resected lung cancer: a randomised phase 3 trial",
            "Zelnitinib cut the risk of recurrence by 40% in 612 patients of the Fenwick institute.",
            0,
        ),
        told(
            2,
            "New pill zelnitinib cuts risk of lung cancer coming back, Fenwick trial finds",
            "Zelnitinib cut the risk of recurrence by 40% in 612 patients.",
            2,
        ),
        told(
            3,
            "Lung cancer pill zelnitinib cuts risk of recurrence by 40%",
            "A trial at the Fenwick institute had 612 patients.",
            5,
        ),
    ];
    assert_eq!(grouped(&items, true).len(), 1);
}

#[test]
fn a_trial_that_begins_and_one_that_reports() {
    let begun = told(
        1,
        "Zelnitinib trial begins in lung cancer",
        "The first patient was enrolled in NCT01234567.",
        0,
    );
    let reported = told(
        2,
        "Zelnitinib slows lung cancer",
        "Results of NCT01234567 are in.",
        24 * 200,
    );
    assert!(!is_one(&begun, &reported));
}

#[test]
fn what_was_told_a_fortnight_ago() {
    let one = told(
        1,
        "Waiting list for scans falls at Fenwick hospital",
        "Managers praise nurses.",
        0,
    );
    let again = told(
        2,
        "Waiting list for scans falls at Fenwick hospital",
        "Managers praise nurses.",
        24 * 15,
    );
    assert!(!is_one(&one, &again));
}
