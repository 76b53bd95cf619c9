//! Excerpts and headlines, cut from plain summaries (design §6.1).

use super::{boilerplate, text};
use crate::model::boilerplate::Habits;

/// Longest rest of a word that is still completed, in characters. What runs on longer is an address, a sequence of
/// bases or a language without spaces.
const WORD_REST_MAX: usize = 50;

/// Most characters of a headline that is made from a summary: two lines in the block.
const HEADLINE_CHARS_MAX: usize = 100;

/// What is shown of a summary: boilerplate removed, cut after `characters` characters and the word they end in.
/// Empty where nothing is left.
pub fn excerpt_of(summary: &str, title: &str, characters: usize, habits: Habits<'_>) -> String {
    shortened(&boilerplate::prose(summary, title, habits).text, characters)
}

/// What an item is called: its title or, where it has none, how its summary begins.
pub fn headline(title: &str, summary: &str, habits: Habits<'_>) -> String {
    if !title.is_empty() {
        return title.to_owned();
    }
    let prose = boilerplate::prose(summary, "", habits).text;
    match first_sentence(&prose) {
        Some(sentence) => sentence.to_owned(),
        None if prose.chars().count() <= HEADLINE_CHARS_MAX => prose,
        None => format!("{}…", text::cut(&prose, HEADLINE_CHARS_MAX - 1)),
    }
}

/// Without its full stop, as headlines are written; `None` where it would be too long.
fn first_sentence(prose: &str) -> Option<&str> {
    let (end, stop) = prose
        .char_indices()
        .take(HEADLINE_CHARS_MAX)
        .find(|(at, c)| matches!(c, '.' | '!' | '?') && starts_sentence(prose.get(at + 1..).unwrap_or_default()))?;
    prose.get(..if stop == '.' { end } else { end + 1 })
}

/// Nothing, or a space and a capital.
fn starts_sentence(rest: &str) -> bool {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(' '), Some(c)) => c.is_uppercase(),
        _ => false,
    }
}

fn shortened(prose: &str, characters: usize) -> String {
    let Some((at, next)) = prose.char_indices().nth(characters) else {
        return prose.to_owned();
    };
    let (head, rest) = prose.split_at(at);
    let inside_word = !next.is_whitespace() && !head.ends_with(char::is_whitespace);
    let word_rest = rest.char_indices().find(|(_, c)| c.is_whitespace());
    let end = match (inside_word, word_rest, rest.char_indices().nth(WORD_REST_MAX)) {
        (false, ..) => at,
        (true, Some((word, _)), Some((most, _))) if word <= most => at + word,
        (true, Some((word, _)), None) => at + word,
        (true, _, Some((most, _))) => text::grapheme_end(prose, at + most),
        (true, None, None) => return prose.to_owned(),
    };
    match prose.get(..end).map(str::trim_end) {
        Some(shown) if !shown.is_empty() => format!("{shown}..."),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shipped::EDITORIAL;

    fn excerpt_of(summary: &str, title: &str, characters: usize) -> String {
        super::excerpt_of(summary, title, characters, EDITORIAL.habits(None))
    }

    fn headline(title: &str, summary: &str) -> String {
        super::headline(title, summary, EDITORIAL.habits(None))
    }

    fn check(text: &str, characters: usize, expect: &str) {
        assert_eq!(excerpt_of(text, "", characters), expect, "{text} at {characters}");
    }

    #[test]
    fn the_cut_completes_the_word() {
        let text = "Single cancer cells migrate with blood flow";
        for (characters, expect) in [
            (12, "Single cancer..."),
            (13, "Single cancer..."),
            (14, "Single cancer..."),
            (15, "Single cancer cells..."),
            (38, "Single cancer cells migrate with blood..."),
            (39, "Single cancer cells migrate with blood..."),
            (40, text),
            (42, text),
            (43, text),
            (100, text),
            (0, "Single..."),
        ] {
            check(text, characters, expect);
        }
    }

    #[test]
    fn a_word_is_a_run_without_white_space() {
        check("see https://a.test/x, then go", 10, "see https://a.test/x,...");
        check("well-being is all", 4, "well-being...");
        check("ends here. Next", 9, "ends here....");
    }

    #[test]
    fn characters_are_scalar_values() {
        check("ähnliche Wörter zählen", 9, "ähnliche...");
        check("ähnliche Wörter zählen", 10, "ähnliche Wörter...");
        check("🧬🧬 🧬🧬🧬 x", 4, "🧬🧬 🧬🧬🧬...");
    }

    #[test]
    fn a_word_without_end_is_cut_between_graphemes() {
        let sequence = "ACGT".repeat(40);
        check(
            &format!("{} end", "x".repeat(60)),
            10,
            &format!("{} end", "x".repeat(60)).replace(" end", "..."),
        );
        check(&sequence, 10, &format!("{}...", &sequence[..60]));
        check(&"x".repeat(60), 10, &"x".repeat(60));
        let accents = "e\u{301}".repeat(60);
        check(&accents, 11, &format!("{}...", "e\u{301}".repeat(30)));
    }

    #[test]
    fn headlines() {
        for (title, summary, expect) in [
            ("Title", "Summary.", "Title"),
            ("", "New unit opens. It has ten beds.", "New unit opens"),
            ("", "Is it safe? We asked.", "Is it safe?"),
            ("", "Dose of 2.5 mg is enough", "Dose of 2.5 mg is enough"),
            ("", "", ""),
        ] {
            assert_eq!(headline(title, summary), expect);
        }
        let long = headline("", &"word ".repeat(60));
        assert!(long.chars().count() <= HEADLINE_CHARS_MAX && long.ends_with("word…"));
    }

    proptest! {
        #[test]
        fn excerpts_are_within_bounds(summary in r"(?s)([a-z]{1,9}|[A-Z]{60}|[ \n.:—\[\]()…]|\PC|\p{M}){0,120}", title in r"\PC{0,40}", characters in 1usize..300) {
            let excerpt = excerpt_of(&summary, &title, characters);
            prop_assert!(excerpt.chars().count() <= characters + WORD_REST_MAX + 3);
            prop_assert_eq!(excerpt.trim(), &excerpt);
            prop_assert_eq!(excerpt.split_whitespace().collect::<Vec<_>>().join(" "), excerpt.as_str());
            if let Some(shown) = excerpt.strip_suffix("...") {
                prop_assert!(!shown.ends_with(char::is_whitespace));
            }
        }

        #[test]
        fn without_boilerplate_an_excerpt_is_a_prefix(words in prop::collection::vec("[b-z]{2,12}", 1..80), characters in 1usize..300) {
            let prose = words.join(" ");
            let excerpt = excerpt_of(&prose, "", characters);
            match excerpt.strip_suffix("...") {
                Some(shown) => {
                    let whole = format!("{shown} ");
                    prop_assert!(prose.starts_with(&whole));
                    prop_assert!(shown.len() >= characters - 1);
                    prop_assert!(shown.rsplit(' ').next().is_some_and(|word| shown.len() - word.len() <= characters));
                }
                None => prop_assert_eq!(excerpt, prose),
            }
        }
    }
}
