//! "30s", "5m", "1h", "60d".

use std::{ops::RangeInclusive, time::Duration};

use jiff::{Span, SpanRelativeTo};

use super::{Given, Wrong, out_of, quoted};

const EXPECTED: &str = "a duration like \"30s\", \"5m\", \"1h\" or \"60d\"";

/// Units by which a duration is spelt, and their seconds.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

/// Days have 24 hours; months and years have no length of their own and are refused.
pub(in crate::edge::config) fn duration(
    range: RangeInclusive<Duration>,
) -> impl Fn(Given<'_>) -> Result<Duration, Wrong> {
    move |given| {
        let text = given.text(EXPECTED)?;
        let duration = parse(text).ok_or_else(|| no_duration(text))?;
        match range.contains(&duration) {
            true => Ok(duration),
            false => Err(out_of(&quoted(text), &spell(*range.start()), &spell(*range.end()))),
        }
    }
}

fn parse(text: &str) -> Option<Duration> {
    let span: Span = text.trim().parse().ok()?;
    let exact = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(exact).ok()
}

fn no_duration(text: &str) -> Wrong {
    let wrong = Wrong::new(format!("expected {EXPECTED}, found {}", quoted(text)));
    match text.trim().parse::<u64>() {
        Ok(number) => wrong.help(format!(
            "a number needs a unit: \"{number}s\" is seconds, \"{number}m\" minutes"
        )),
        Err(_) => wrong,
    }
}

/// As it would be written in the file, to the second.
pub(in crate::edge::config) fn spell(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let unit = UNITS
        .into_iter()
        .find(|(_, length)| seconds > 0 && seconds.is_multiple_of(*length));
    let (name, length) = unit.unwrap_or(("s", 1));
    format!("{}{name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let hours = |hours: u64| Some(Duration::from_secs(hours * 3_600));
        for (text, expect) in [
            ("1h", hours(1)),
            ("60m", hours(1)),
            ("60min", hours(1)),
            ("3600s", hours(1)),
            ("60d", hours(1_440)),
            ("2w", hours(336)),
            ("1h 30m", Some(Duration::from_secs(5_400))),
            ("30", None),
            ("", None),
            ("-1h", None),
            ("1mo", None),
            ("1y", None),
            ("5 parsecs", None),
        ] {
            assert_eq!(parse(text), expect, "{text}");
        }
    }

    #[test]
    fn what_is_spelt_reads_the_same() {
        for text in ["0s", "30s", "90s", "5m", "1h", "25h", "60d"] {
            assert_eq!(spell(parse(text).unwrap()), text);
        }
    }
}
