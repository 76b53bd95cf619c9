//! "Did you mean …?"

/// Longest word that is compared: the comparison is quadratic, and no key is longer.
const WORD_CHARS_MAX: usize = 64;

/// The known word that was most likely meant, if any is near.
pub(super) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > WORD_CHARS_MAX {
        return None;
    }
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A shortened or lengthened word ("warning" for "warn") is as near as one wrong letter.
fn distance(word: &str, candidate: &str) -> usize {
    let shorter = word.len().min(candidate.len());
    match shorter >= 3 && (word.starts_with(candidate) || candidate.starts_with(word)) {
        true => usize::from(word != candidate),
        false => strsim::damerau_levenshtein(word, candidate),
    }
}

/// The nearest known word, else all of them.
pub(super) fn help(word: &str, known: &[&str]) -> String {
    match closest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_or_none() {
        let known = ["per_source", "topics", "id", "warn", "url"];
        for (word, expect) in [
            ("per_sorce", Some("per_source")),
            ("per-source", Some("per_source")),
            ("Topics", Some("topics")),
            ("topic", Some("topics")),
            ("warning", Some("warn")),
            ("ulr", Some("url")),
            ("outlet", None),
            ("", None),
        ] {
            assert_eq!(closest(word, known), expect, "{word}");
        }
        assert_eq!(closest(&"x".repeat(100_000), known), None);
    }
}
