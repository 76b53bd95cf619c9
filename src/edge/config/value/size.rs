//! "512KiB", "8MiB".

use std::ops::RangeInclusive;

use super::{Given, Wrong, out_of, quoted};

const EXPECTED: &str = "a size like \"512KiB\" or \"8MiB\"";

const UNITS: [(&str, u64); 2] = [("KiB", 1024), ("MiB", 1024 * 1024)];

/// In bytes.
pub(in crate::edge::config) fn size(range: RangeInclusive<u64>) -> impl Fn(Given<'_>) -> Result<u64, Wrong> {
    move |given| {
        let text = given.text(EXPECTED)?;
        let bytes = parse(text)?;
        match range.contains(&bytes) {
            true => Ok(bytes),
            false => Err(out_of(&quoted(text), &spell(*range.start()), &spell(*range.end()))),
        }
    }
}

fn parse(text: &str) -> Result<u64, Wrong> {
    let wrong = || Wrong::new(format!("expected {EXPECTED}, found {}", quoted(text)));
    let text = text.trim();
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    if let Some((_, length)) = UNITS.into_iter().find(|(name, _)| *name == unit.trim_start()) {
        return number.checked_mul(length).ok_or_else(wrong);
    }
    let near = UNITS.into_iter().find(|(name, _)| {
        let first = unit.trim_start().chars().next();
        first.is_some_and(|c| name.starts_with(c.to_ascii_uppercase()))
    });
    Err(match near {
        Some((name, _)) => wrong().help(format!("did you mean \"{number}{name}\"?")),
        None => wrong(),
    })
}

fn spell(bytes: u64) -> String {
    let unit = UNITS
        .into_iter()
        .rev()
        .find(|(_, length)| bytes.is_multiple_of(*length));
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(name, length)| format!("{}{name}", bytes / length),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(parse("8MiB"), Ok(8 * 1024 * 1024));
        assert_eq!(parse(" 512 KiB"), Ok(512 * 1024));
        assert_eq!(parse("8mb").unwrap_err().help.unwrap(), "did you mean \"8MiB\"?");
        for bad in [
            "",
            "8",
            "MiB",
            "-8MiB",
            "8 GiB",
            "99999999999999999999MiB",
            "18446744073709551615MiB",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
