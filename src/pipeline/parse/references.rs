//! What stands behind `&`, and text that was encoded once too often.

use html5gum::{Token, Tokenizer};

/// Longest name of a character reference (HTML's longest has 31 letters).
pub(super) const REFERENCE_BYTES_MAX: usize = 32;

pub(super) fn is_name(name: &str) -> bool {
    name.len() <= REFERENCE_BYTES_MAX
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The code in `#233` or `#xE9`, without its `#`.
pub(super) fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (text, 10),
    };
    let all = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    all.then(|| u32::from_str_radix(digits, radix).unwrap_or(u32::MAX))
}

pub(super) fn xml(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// HTML's names are known to the HTML tokenizer; they are not kept twice.
pub(super) fn html(name: &str) -> Option<String> {
    let reference = format!("&{name};");
    let Some(Ok(Token::String(text))) = Tokenizer::new(&reference).next() else {
        return None;
    };
    let text = String::from_utf8_lossy(&text).into_owned();
    (text != reference).then_some(text)
}

/// What a numeric reference stands for. 128 to 159 mean Windows-1252 everywhere but in the standard; what XML does
/// not allow is dropped.
pub(super) fn character(code: u32) -> Option<char> {
    match code {
        0x80..=0x9F => {
            let byte = [u8::try_from(code).ok()?];
            let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0;
            text.chars().next().filter(|c| !c.is_control())
        }
        0..=0x1F if !matches!(code, 9 | 10 | 13) => None,
        0xFFFE | 0xFFFF => None,
        _ => char::from_u32(code),
    }
}

/// Text that was UTF-8, taken for Windows-1252 and encoded again ("El NiÃ±o"), as it was; `None` where it was not.
///
/// By chance no text of any language is such a sequence from its first letter to its last.
pub(super) fn decoded_twice(text: &str) -> Option<String> {
    let starts_sequence = |c: char| ('\u{C2}'..='\u{F4}').contains(&c);
    if !text.contains(starts_sequence) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(western_byte).collect();
    String::from_utf8(bytes?).ok()
}

/// The byte of a character in Windows-1252, or in Latin-1 where that has none.
fn western_byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unknown) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    match *bytes {
        [byte] if !unknown => Some(byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_was_encoded_twice() {
        for (text, expect) in [
            ("El NiÃ±o", Some("El Niño")),
            ("itâ€™s", Some("it’s")),
            ("itâ\u{80}\u{99}s", Some("it’s")),
            ("El Niño", None),
            ("Ã±, 新聞", None),
            ("plain", None),
        ] {
            assert_eq!(decoded_twice(text).as_deref(), expect, "{text}");
        }
    }
}
