//! What an editor writes of one source.

use super::habit::{Habit, Place};

/// Longest of them, in characters: two lines of a newspaper.
const CHARS_MAX: usize = 200;

/// What "…" stands for: a title and the name of a site, say.
const GAP: &str = ".{0,200}?";

impl Habit {
    /// `text` is words, or `/a regular expression/`. Either is taken off where it is a whole paragraph, and at the start
    /// and the end of a text; capitals do not matter. "…" stands for any words between others. Where words might be part
    /// of a sentence, they stay.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn of_source(text: &str) -> Result<[Self; 3], String> {
        let text = text.trim();
        if text.chars().count() > CHARS_MAX {
            return Err(format!("longer than {CHARS_MAX} characters"));
        }
        let [paragraph, head, tail] = match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(expression) => [(); 3].map(|()| format!("(?i){expression}")),
            None => around(&words(text)?),
        };
        Ok([
            Self::new(text, Place::Paragraph, &paragraph)?,
            Self::new(text, Place::Head, &head)?,
            Self::new(text, Place::Tail, &tail)?,
        ])
    }
}

/// With the signs that publishers set around such words: a sentence begins behind them, or has ended before them.
fn around(words: &str) -> [String; 3] {
    [
        format!(r"(?i)[^\p{{L}}\p{{N}}]*{words}[^\p{{L}}\p{{N}}]*"),
        format!(r"(?i:{words})(?:[ :.,;!?|/•–—-]*$|[ :.,;!?|/•–—-]+([^\p{{Ll}} ]))"),
        format!(r#"(?i)(?:^| ?[|/•–—-] ?|([.!?…:)\]”"’'»]) ?){words}[^\p{{L}}\p{{N}}]*"#),
    ]
}

fn words(text: &str) -> Result<String, String> {
    if !text.contains(char::is_alphanumeric) {
        return Err("there are no words in it".into());
    }
    let parts = text.replace("...", "…");
    let parts = parts.split('…').map(|part| {
        let words: Vec<_> = part.split_whitespace().map(regex::escape).collect();
        words.join(" ")
    });
    Ok(parts.collect::<Vec<_>>().join(GAP))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(text: &str, summary: &str, expect: &str) {
        let habits = Habit::of_source(text).unwrap();
        let left = habits.iter().map(|habit| habit.leaves(summary));
        let shortest = left.min_by_key(String::len).unwrap();
        assert_eq!(shortest, expect, "{text} of {summary:?}");
    }

    #[test]
    fn words_are_taken_off_as_a_paragraph_and_at_both_ends() {
        let words = "Beating  cancer, together";
        leaves(words, "Text.\n• BEATING CANCER, TOGETHER.\nText.", "Text. Text.");
        leaves(words, "Beating cancer, together: Text.", "Text.");
        leaves(words, "Text. Beating cancer, together!", "Text.");
        leaves(words, "Text | Beating cancer, together", "Text");
    }

    #[test]
    fn words_that_are_part_of_a_sentence_stay() {
        for sentence in [
            "Cancer News says so.",
            "It was first in Cancer News.",
            "Cancer Newspapers say so.",
            "The Cancer News. Text.",
        ] {
            leaves("Cancer News", sentence, sentence);
        }
    }

    #[test]
    fn an_ellipsis_stands_for_any_words() {
        for words in ["Read … in our journal", "Read ... in our journal"] {
            leaves(words, "Text. Read A trial of x in our journal.", "Text.");
        }
        leaves("Presented by …", "Text.\nPresented by A. Smith", "Text.");
    }

    #[test]
    fn slashes_make_an_expression() {
        leaves(r"/ref\. \d+/", "Ref. 12 Text.", "Text.");
        leaves(r"/ ?ref\. \d+/", "Text ref. 12", "Text");
    }

    #[test]
    fn what_would_take_off_anything_is_refused() {
        for text in ["", " ", "…", "//", "/.*/", "/.+/", "/(/", &"x".repeat(201)] {
            assert!(Habit::of_source(text).is_err(), "{text}");
        }
    }
}
