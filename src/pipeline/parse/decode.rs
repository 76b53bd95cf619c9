//! Bytes to text. What is written in the bytes beats what is said about them: publishers declare what their
//! template declares.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::faults::{Fault, Faults};

/// Where an XML declaration is looked for: it is the first thing in a document, or comes after a few warnings of PHP.
const DECLARATION_BYTES: usize = 2_048;

/// So many good sequences for each bad byte, and it is UTF-8 with a few bytes broken (a summary cut in the middle
/// of a letter) rather than another encoding.
const GOOD_PER_BAD: usize = 10;

/// Decodes a document. Total: what cannot be read becomes U+FFFD.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: Option<&str>, faults: &mut Faults) -> Cow<'a, str> {
    let text = wide(bytes).map_or_else(|| narrow(bytes, charset, faults), Cow::Owned);
    without_bom(text)
}

/// UTF-16 and UTF-32, by their mark or by the zero bytes of their first characters.
fn wide(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [1..=0xFF, 0, 0, 0, ..] => return Some(utf32(bytes, u32::from_le_bytes)),
        [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, 1..=0xFF, ..] => return Some(utf32(bytes, u32::from_be_bytes)),
        [0xFF, 0xFE, ..] | [1..=0xFF, 0, 1..=0xFF, 0, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] | [0, 1..=0xFF, 0, 1..=0xFF, ..] => UTF_16BE,
        _ => return None,
    };
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let (units, _) = bytes.as_chunks::<4>();
    units
        .iter()
        .map(|four| char::from_u32(unit(*four)).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn narrow<'a>(bytes: &'a [u8], charset: Option<&str>, faults: &mut Faults) -> Cow<'a, str> {
    let declared = declared(bytes);
    if let Ok(text) = str::from_utf8(bytes) {
        // The one encoding whose every byte is ASCII.
        if declared == Some(ISO_2022_JP) && bytes.contains(&0x1B) {
            return ISO_2022_JP.decode_without_bom_handling(bytes).0;
        }
        return Cow::Borrowed(text);
    }
    let (good, bad) = sequences(bytes);
    let said = declared.or_else(|| charset.and_then(|label| Encoding::for_label(label.as_bytes())));
    let broken_utf8 = good >= bad.saturating_mul(GOOD_PER_BAD) || said == Some(UTF_8) && good > bad;
    let encoding = match said {
        _ if broken_utf8 => UTF_8,
        Some(said) if said != UTF_8 => return said.decode_without_bom_handling(bytes).0,
        _ => charset
            .and_then(|label| Encoding::for_label(label.as_bytes()))
            .filter(|charset| *charset != UTF_8)
            .unwrap_or(WINDOWS_1252),
    };
    faults.add(if encoding == UTF_8 {
        Fault::BadBytes
    } else {
        Fault::NotUtf8
    });
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding that the XML declaration names. `utf-16` cannot be true here: the bytes would show it.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.split_once("<?xml")?.1.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?;
    let label = value.trim_start().trim_start_matches(['"', '\'']);
    let label = label.split(['"', '\'', ' ', '?']).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| ![UTF_16LE, UTF_16BE].contains(encoding))
}

/// How many non-ASCII characters are good UTF-8, and how many places are bad.
fn sequences(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(good, bad), chunk| {
        let leads = chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        (good + leads, bad + usize::from(!chunk.invalid().is_empty()))
    })
}

/// Some servers put a second byte order mark before the first.
fn without_bom(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{FEFF}')),
        Cow::Owned(text) if text.starts_with('\u{FEFF}') => Cow::Owned(text.trim_start_matches('\u{FEFF}').to_owned()),
        owned => owned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], charset: Option<&str>, expect: &str) {
        let text = decode(bytes, charset, &mut Faults::default());
        assert!(text.ends_with(expect), "{bytes:?} is {text}");
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn the_bytes_beat_the_declaration() {
        check("<a>café".as_bytes(), None, "café");
        check(
            "<?xml version='1.0' encoding='ISO-8859-1'?>café".as_bytes(),
            Some("latin1"),
            "café",
        );
        check("<?xml version='1.0' encoding='utf-16'?>café".as_bytes(), None, "café");
        check(b"<?xml version='1.0' encoding='windows-1251'?>\xEF", None, "п");
        check(b"<?xml version='1.0' encoding='utf-8'?>caf\xE9", None, "café");
        check(
            b"<?xml version='1.0' encoding='x-bogus'?>\xEF",
            Some("windows-1251"),
            "п",
        );
        check(b"<a>\xEF", Some("windows-1251"), "п");
        check(b"<a>\x93q\x94", None, "“q”");
        check(
            b"<?xml version='1.0' encoding='ISO-2022-JP'?>\x1B$B?7J9\x1B(B",
            None,
            "新聞",
        );
    }

    #[test]
    fn wide_encodings_show_by_mark_or_by_zeroes() {
        check(&utf16("\u{FEFF}<a>é", u16::to_le_bytes), None, "<a>é");
        check(&utf16("\u{FEFF}<a>é", u16::to_be_bytes), Some("utf-8"), "<a>é");
        check(&utf16("<a>é", u16::to_le_bytes), None, "<a>é");
        check(&utf16("<a>é", u16::to_be_bytes), None, "<a>é");
        let wide = |unit: fn(u32) -> [u8; 4]| "<a>é".chars().flat_map(|c| unit(c as u32)).collect::<Vec<_>>();
        check(&wide(u32::to_le_bytes), None, "<a>é");
        check(&wide(u32::to_be_bytes), None, "<a>é");
    }

    #[test]
    fn a_few_bad_bytes_do_not_make_it_another_encoding() {
        let mut bytes = "é".repeat(20).into_bytes();
        bytes.extend(b"\xE2\x80 end");
        check(&bytes, Some("windows-1252"), "é\u{FFFD} end");
        let mut faults = Faults::default();
        decode(&bytes, None, &mut faults);
        assert_eq!(faults.sentences().len(), 1);
    }

    #[test]
    fn byte_order_marks_go_however_many() {
        assert_eq!(
            decode("\u{FEFF}\u{FEFF}<a>".as_bytes(), None, &mut Faults::default()),
            "<a>"
        );
    }
}
