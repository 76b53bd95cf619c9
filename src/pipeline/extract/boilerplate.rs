//! What publishers put around their prose, taken off again (design §6.1).
//!
//! The rules are data: a pattern, where it holds, and the case that taught it. What remains is prose or nothing;
//! prose itself is never reworded.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::boilerplate::{Boilerplate, Place};

/// Most rounds of taking off heads and tails; real feeds need three.
const ROUNDS_MAX: usize = 8;

/// Fewest words of a title that tells itself from the start of a sentence.
const TITLE_WORDS_MIN: usize = 4;

/// Most words of what is left behind a repeated title that is no prose but a publisher's name.
const LEFT_WORDS_MAX: usize = 4;

/// Headings of abstracts, which stand for nothing at the start of an excerpt.
const LABELS: &str = r"(?:(?:Plain[- ]Language |Graphical |Author )?(?:ABSTRACT|Abstract|SUMMARY|Summary)|(?:BACKGROUND|Background|CONTEXT|Context|INTRODUCTION|Introduction|IMPORTANCE|Importance|RATIONALE|Rationale|PURPOSE|Purpose|QUESTION|Question|OBJECTIVES?|Objectives?|AIMS?|Aims?|SIGNIFICANCE|Significance)(?:(?: (?:and|AND|&) |/| / )(?:PURPOSE|Purpose|OBJECTIVES?|Objectives?|AIMS?|Aims?|purpose|objectives?|aims?))?(?: of (?:[Rr]eview|the [Ss]tudy))?)";

/// Those of them that are a heading without a colon too, before a capital. "Context Therapeutics" is a company.
const BARE_LABELS: &str = r"ABSTRACT|Abstract|BACKGROUND|Background|OBJECTIVES?|Objectives?|PURPOSE|Purpose|IMPORTANCE|Importance|AIMS?|Aims?";

static LABELLED: LazyLock<Regex> =
    LazyLock::new(|| compiled(&format!(r"^(?:(?i:{LABELS}) ?[:：]|(?:{BARE_LABELS})\.? (\p{{Lu}}))")));
static LABEL: LazyLock<Regex> = LazyLock::new(|| compiled(&format!("^(?i:{LABELS})[:.]?$")));

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant expression, compiled by every test")
}

/// The prose of a summary, on one line; empty where there is none.
pub(super) fn removed(summary: &str, title: &str, rules: &Boilerplate) -> String {
    let mut paragraphs: Vec<_> = summary
        .lines()
        .map(str::trim)
        .filter(|paragraph| !rules.is_paragraph(paragraph))
        .collect();
    while let Some(first) = paragraphs.first()
        && (LABEL.is_match(first) || behind_title(first, title) == Some(""))
    {
        paragraphs.remove(0);
    }
    let words: Vec<_> = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.split_whitespace())
        .collect();
    let text = words.join(" ");
    let prose = without_ends(&text, title, rules);
    if prose.contains(char::is_alphanumeric) {
        prose.to_owned()
    } else {
        String::new()
    }
}

fn without_ends<'a>(text: &'a str, title: &str, rules: &Boilerplate) -> &'a str {
    let mut left = text;
    for _ in 0..ROUNDS_MAX {
        let before = left;
        let heads = rules.at(Place::Head).chain([&*LABELLED]);
        left = heads.fold(left, without_head);
        left = without_title(left, title);
        left = rules.at(Place::Tail).fold(left, without_tail);
        if left.len() == before.len() {
            break;
        }
    }
    left
}

/// What is behind a match, or from the match's own group on.
fn without_head<'a>(text: &'a str, head: &Regex) -> &'a str {
    let Some(found) = head.captures(text) else { return text };
    let from = match (found.get(1), found.get(0)) {
        (Some(kept), _) => kept.start(),
        (None, whole) => whole.map_or(0, |whole| whole.end()),
    };
    text.get(from..).unwrap_or_default().trim_start()
}

/// What is before a match, and its own group.
fn without_tail<'a>(text: &'a str, tail: &Regex) -> &'a str {
    let Some(found) = tail.captures(text) else { return text };
    let to = match (found.get(1), found.get(0)) {
        (Some(kept), _) => kept.end(),
        (None, whole) => whole.map_or(text.len(), |whole| whole.start()),
    };
    text.get(..to).unwrap_or_default().trim_end()
}

/// Without the title at its start, where that is no part of a sentence: followed by a stop or a capital, or by no
/// more than a publisher's name.
fn without_title<'a>(text: &'a str, title: &str) -> &'a str {
    let Some(rest) = behind_title(text, title) else {
        return text;
    };
    let prose = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '"' | '“' | '‘' | '\''));
    let stopped = rest
        .trim_start()
        .starts_with(['.', ':', '|', '–', '—', '-', '!', '?', '…']);
    let starts = prose.starts_with(|c: char| !c.is_lowercase());
    let told = title.split_whitespace().count() >= TITLE_WORDS_MIN && starts;
    if rest.is_empty() || (told && is_name(prose)) {
        ""
    } else if told || (stopped && starts) {
        prose
    } else {
        text
    }
}

fn is_name(text: &str) -> bool {
    text.split_whitespace().count() <= LEFT_WORDS_MAX && !text.ends_with(['.', '!', '?'])
}

/// What follows the title, letters and digits compared without case; `None` where the text does not begin with it.
fn behind_title<'a>(text: &'a str, title: &str) -> Option<&'a str> {
    let mut letters = title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .peekable();
    letters.peek()?;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if letters.peek().is_none() {
            let rest = text.get(end..)?;
            let closed = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !c.is_whitespace());
            let word_goes_on = c.is_alphanumeric() && at == end;
            return (!word_goes_on).then_some(if closed.is_empty() { "" } else { rest });
        }
        if c.is_alphanumeric() {
            for lower in c.to_lowercase() {
                if letters.next() != Some(lower) {
                    return None;
                }
            }
            end = at + c.len_utf8();
        }
    }
    letters.peek().is_none().then_some("")
}

#[cfg(test)]
mod tests {
    use crate::shipped::EDITORIAL;

    fn removed(summary: &str, title: &str) -> String {
        super::removed(summary, title, &EDITORIAL.boilerplate)
    }

    #[test]
    fn prose_stays() {
        for prose in [
            "Background radiation is everywhere.",
            "Summary judgment was given for the hospital.",
            "By Friday the unit will have moved.",
            "NSCLC — the most common form — is treated with surgery.",
            "Readers of the post said it was first.",
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
            "LUNG CANCER — the most common form — can be found early.",
            "Context Therapeutics began a trial.",
            "Follow-up of five years confirms it.",
            "Print media report more of breast cancer than of lung cancer.",
            "Image guidance helps radiotherapy.",
            "Copyright law is not our subject.",
            "WARNING - GRAPHIC CONTENT: The patient was admitted.",
        ] {
            assert_eq!(removed(prose, "Something else altogether"), prose);
        }
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
        assert_eq!(
            removed("Cancer patients wait longer.", "Cancer"),
            "Cancer patients wait longer."
        );
        assert_eq!(
            removed("Cancer Research UK says so.", "Cancer"),
            "Cancer Research UK says so."
        );
        assert_eq!(removed("Any text", ""), "Any text");
    }

    #[test]
    fn labels_are_no_prose() {
        for (summary, expect) in [
            ("Abstract\nBackground\nWe asked.", "We asked."),
            (
                "ABSTRACT: BACKGROUND: We asked. METHODS: We looked.",
                "We asked. METHODS: We looked.",
            ),
            ("Background Tumours grow.", "Tumours grow."),
            ("Objective To assess risk.", "To assess risk."),
            ("BACKGROUND & AIMS: We asked.", "We asked."),
            ("Background and Purpose: We asked.", "We asked."),
            ("Abstract", ""),
        ] {
            assert_eq!(removed(summary, ""), expect, "{summary}");
        }
    }
}
