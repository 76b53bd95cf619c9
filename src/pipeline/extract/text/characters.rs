//! Which characters may be published.

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Keep,
    Space,
    Drop,
    /// A joiner: means something between the letters of some scripts and inside emoji, and is a disguise elsewhere.
    Join,
}

/// Decides by the character alone.
pub(super) fn fate(c: char) -> Fate {
    match c {
        ' '..='~' if c != ' ' => Fate::Keep,
        '\u{85}' => Fate::Space,
        _ if c.is_whitespace() => Fate::Space,
        _ if c.is_control() => Fate::Drop,
        '\u{200c}' | '\u{200d}' => Fate::Join,
        _ if invisible(c) => Fate::Drop,
        _ => Fate::Keep,
    }
}

/// Characters that have no shape of their own and change, hide or reorder others; and those that XML forbids.
/// Bidirectional controls turn whole lines around on other people's pages; tag characters carry hidden text.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{e0000}'..='\u{e00ff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether a joiner between these two does its work: in Arabic and Indic words, and in emoji.
pub(super) fn joins(before: char, after: char) -> bool {
    (shapes(before) && shapes(after)) || (pictures(before) && pictures(after))
}

/// Letters that change shape beside each other: Arabic and its kin, the scripts of India and around, Mongolian.
fn shapes(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{a8e0}'..='\u{a8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

/// Emoji, their skin tones and the selector that asks for colour.
fn pictures(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates() {
        for (characters, expect) in [
            ("aZ~!é中\u{301}😀\u{fe0f}\u{fffd}", Fate::Keep),
            (" \t\n\r\u{85}\u{a0}\u{2028}\u{2029}\u{3000}\u{202f}", Fate::Space),
            (
                "\u{0}\u{1}\u{7f}\u{9f}\u{ad}\u{200b}\u{202e}\u{2066}\u{feff}\u{fffe}\u{1fffe}\u{10ffff}\u{e0041}",
                Fate::Drop,
            ),
            ("\u{200c}\u{200d}", Fate::Join),
        ] {
            for c in characters.chars() {
                assert_eq!(fate(c), expect, "{c:?}");
            }
        }
    }

    #[test]
    fn joiners_join_what_they_can() {
        assert!(joins('👩', '👧') && joins('ن', 'م') && joins('क', 'ष'));
        assert!(!joins('a', 'b') && !joins('a', '👩'));
    }
}
