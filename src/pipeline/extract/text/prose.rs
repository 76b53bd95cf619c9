//! A text as it grows: white space collapsed, forbidden characters left out, bounded.

use super::characters::{Fate, fate, joins};

/// Most combining marks in a row. The languages of the world need three; "Zalgo" text uses dozens.
const MARKS_IN_A_ROW_MAX: usize = 4;

/// Fewest words of a sentence that is prose although all of it is a link.
const LINKED_WORDS_MIN: usize = 8;

/// Paragraphs that are being written.
#[derive(Debug)]
pub(super) struct Prose {
    text: String,
    /// Characters in `text`.
    count: usize,
    most: usize,
    gap: bool,
    joiner: Option<char>,
    marks: usize,
    last: Option<char>,
    /// Where the present paragraph starts.
    start: usize,
    /// Whether anything of it stands outside links.
    unlinked: bool,
    /// Paragraphs that are links from end to end, as ranges of `text`.
    linked: Vec<(usize, usize)>,
}

impl Prose {
    pub(super) fn new(most: usize) -> Self {
        Self {
            text: String::new(),
            count: 0,
            most,
            gap: false,
            joiner: None,
            marks: 0,
            last: None,
            start: 0,
            unlinked: false,
            linked: vec![],
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.count >= self.most
    }

    /// What was written last, if no white space follows it.
    pub(super) fn last(&self) -> Option<char> {
        self.last.filter(|_| !self.gap)
    }

    /// Text in which line breaks are white space like any other.
    pub(super) fn push(&mut self, text: &str, in_link: bool) {
        for c in text.chars() {
            if self.is_full() {
                return;
            }
            match fate(c) {
                Fate::Keep => self.keep(c, in_link),
                Fate::Space => self.space(),
                Fate::Join => self.joiner = Some(c),
                Fate::Drop => {}
            }
        }
    }

    /// Text in which each line is a paragraph.
    pub(super) fn push_lines(&mut self, text: &str) {
        for line in text.split(['\n', '\r', '\u{2029}']) {
            if self.is_full() {
                return;
            }
            self.push(line, false);
            self.end_paragraph();
        }
    }

    pub(super) fn space(&mut self) {
        self.gap = true;
        self.joiner = None;
    }

    pub(super) fn end_paragraph(&mut self) {
        if self.start < self.text.len() && !self.text.ends_with('\n') {
            if !self.unlinked {
                self.linked.push((self.start, self.text.len()));
            }
            self.text.push('\n');
            self.count += 1;
            self.start = self.text.len();
        }
        self.unlinked = false;
        self.gap = false;
        self.joiner = None;
        self.last = None;
    }

    fn keep(&mut self, c: char, in_link: bool) {
        if self.is_mark_too_many(c) {
            return;
        }
        if self.gap && self.start < self.text.len() {
            self.write(' ');
        }
        self.gap = false;
        if let Some(joiner) = self.joiner.take()
            && self.last.is_some_and(|last| joins(last, c))
        {
            self.write(joiner);
        }
        if self.last == Some('Â') {
            self.mend_no_break_space();
        }
        self.write(c);
        self.last = Some(c);
        self.unlinked |= !in_link && c.is_alphanumeric();
    }

    fn write(&mut self, c: char) {
        if !self.is_full() {
            self.text.push(c);
            self.count += 1;
        }
    }

    fn is_mark_too_many(&mut self, c: char) -> bool {
        self.marks = if is_mark(c) { self.marks + 1 } else { 0 };
        self.marks > MARKS_IN_A_ROW_MAX
    }

    /// `old.Â Dubbed`: a no-break space in UTF-8 that was read as Latin-1, by ScienceDaily among others.
    fn mend_no_break_space(&mut self) {
        if let Some(before) = self.text.strip_suffix("Â ")
            && !before.ends_with(char::is_alphanumeric)
        {
            let length = before.len();
            self.text.truncate(length);
            self.count -= 2;
            if self.start < length && !self.text.ends_with(' ') {
                self.write(' ');
            }
        }
    }

    /// The text, without paragraphs that only lead elsewhere, if there are others.
    pub(super) fn finish(mut self) -> String {
        self.end_paragraph();
        let paragraphs = self.text.matches('\n').count();
        if self.linked.len() == paragraphs {
            self.text.truncate(self.text.trim_end().len());
            return self.text;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for (start, end) in self.linked {
            if !is_sentence(self.text.get(start..end).unwrap_or_default()) {
                text.push_str(self.text.get(from..start).unwrap_or_default());
                from = end + 1;
            }
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        text.truncate(text.trim_end().len());
        text
    }
}

fn is_sentence(text: &str) -> bool {
    text.ends_with(['.', '!', '?']) && text.split(' ').count() >= LINKED_WORDS_MIN
}

/// The blocks of combining marks that are used to pile up; marks of single scripts are letters here.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{6d6}'..='\u{6ed}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{f71}'..='\u{f84}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{302a}'..='\u{302f}' | '\u{a66f}'..='\u{a67d}' | '\u{a8e0}'..='\u{a8f1}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{1d165}'..='\u{1d1ad}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expect: &str) {
        let mut prose = Prose::new(1_000);
        prose.push_lines(source);
        assert_eq!(prose.finish(), expect, "{source:?}");
    }

    #[test]
    fn characters_that_disguise_are_left_out() {
        check("pass\u{ad}word \u{202e}evil\u{202c} z\u{200b}w", "password evil zw");
        check("a\u{200d}b می\u{200c}خواهم \u{200c}x", "ab می\u{200c}خواهم x");
        check("👩🏽\u{200d}⚕️ doctor", "👩🏽\u{200d}⚕️ doctor");
        check(
            &format!("Z{}o", "\u{301}".repeat(40)),
            &format!("Z{}o", "\u{301}".repeat(4)),
        );
    }

    #[test]
    fn a_no_break_space_that_was_read_as_latin_1_is_a_space() {
        check("1.8 billion years old.Â Dubbed", "1.8 billion years old. Dubbed");
        check("old.Â\u{a0}Dubbed", "old. Dubbed");
        check("DÂ x", "DÂ x");
    }
}
