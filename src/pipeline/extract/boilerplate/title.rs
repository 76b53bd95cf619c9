//! A title that its summary repeats.

/// Fewest words of a title that tells itself from the start of a sentence.
const TITLE_WORDS_MIN: usize = 4;

/// Most words of what is left behind a repeated title that is no prose but a publisher's name.
const LEFT_WORDS_MAX: usize = 4;

/// Without the title at its start, where that is no part of a sentence: followed by a stop or a capital, or by no
/// more than a publisher's name. A title that was cut short is the start of a sentence that goes on.
pub(super) fn without_title<'a>(text: &'a str, title: &str) -> &'a str {
    let Some(rest) = behind_title(text, title) else {
        return text;
    };
    let prose = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '"' | '“' | '‘' | '\''));
    let stopped = rest
        .trim_start()
        .starts_with(['.', ':', '|', '–', '—', '-', '!', '?', '…']);
    let starts = prose.starts_with(|c: char| !c.is_lowercase());
    let told = title.split_whitespace().count() >= TITLE_WORDS_MIN && starts;
    let goes_on = title.ends_with('…') || title.ends_with("...");
    if rest.is_empty() || (!goes_on && told && is_name(prose)) {
        ""
    } else if !goes_on && (told || (stopped && starts)) {
        prose
    } else {
        text
    }
}

fn is_name(text: &str) -> bool {
    text.split_whitespace().count() <= LEFT_WORDS_MAX && !text.ends_with(['.', '!', '?'])
}

/// What follows the title, letters and digits compared without case; `None` where the text does not begin with it.
pub(super) fn behind_title<'a>(text: &'a str, title: &str) -> Option<&'a str> {
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
