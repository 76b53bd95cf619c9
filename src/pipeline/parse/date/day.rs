//! Which of a date's numbers is the day, which the month, which the year.

use jiff::civil::Date;

use super::{Clock, civil};

/// Two-digit years up to this one are of this century (RFC 2822 §4.3 draws the line here).
const CENTURY_TURN: i64 = 49;

/// The date that these numbers mean, and a time that was packed together with them (`20150706130000`).
///
/// `between` is the sign between the first two numbers; `american` tells that the clock is a twelve-hour one, and
/// with it that `7/6/2015` is a day of July: everyone else puts the day first.
pub(super) fn date(
    numbers: &[(i64, usize)],
    between: Option<char>,
    month: Option<i8>,
    american: bool,
) -> Option<(Date, Option<Clock>)> {
    if let Some(month) = month {
        return Some((named(numbers, i64::from(month))?, None));
    }
    let date = match *numbers {
        [(packed, 14), ..] => {
            return Some((days(packed / 1_000_000)?, Some(time(packed % 1_000_000))));
        }
        [(packed, 8), (clock, 6), ..] => return Some((days(packed)?, Some(time(clock)))),
        [(packed, 8), (clock, 4), ..] => return Some((days(packed)?, Some(time(clock * 100)))),
        [(packed, 8), ..] => days(packed)?,
        [(year, 4), (of_year, 3), ..] => ordinal(year, of_year)?,
        [(year, 4), (month, 1 | 2), (day, 1 | 2), ..] => civil(year, month, day).or_else(|| civil(year, day, month))?,
        [(first, 1 | 2), (second, 1 | 2), (year, digits @ (2 | 4)), ..] => {
            small(first, second, full(year, digits), between, american)?
        }
        [(year, 4), (month, 1 | 2)] => civil(year, month, 1)?,
        [(year, 4)] => civil(year, 1, 1)?,
        _ => return None,
    };
    Some((date, None))
}

/// With the month as a word: the year is the number of four digits, or the later one.
fn named(numbers: &[(i64, usize)], month: i64) -> Option<Date> {
    match *numbers {
        [(year, 4), (day, _), ..] | [(day, 1 | 2), (year, 4), ..] => civil(year, month, day),
        [(day, 1 | 2), (year, digits @ (2 | 3)), ..] if day <= 31 => civil(full(year, digits), month, day),
        [(year, 2), (day, 1 | 2), ..] => civil(full(year, 2), month, day),
        [(year, 4)] => civil(year, month, 1),
        _ => None,
    }
}

fn small(first: i64, second: i64, year: i64, between: Option<char>, american: bool) -> Option<Date> {
    let day_first = || civil(year, second, first);
    let month_first = || civil(year, first, second);
    if american && between == Some('/') {
        month_first().or_else(day_first)
    } else {
        day_first().or_else(month_first)
    }
}

/// RFC 2822 §4.3; three digits are a bug of the year 2000 (`Date.getYear()`).
fn full(year: i64, digits: usize) -> i64 {
    match digits {
        2 if year <= CENTURY_TURN => year + 2000,
        2 | 3 => year + 1900,
        _ => year,
    }
}

fn days(packed: i64) -> Option<Date> {
    civil(packed / 10_000, packed / 100 % 100, packed % 100)
}

fn ordinal(year: i64, of_year: i64) -> Option<Date> {
    let first = civil(year, 1, 1)?;
    let date = first.checked_add(jiff::Span::new().try_days(of_year - 1).ok()?).ok()?;
    (of_year > 0 && date.year() == first.year()).then_some(date)
}

fn time(packed: i64) -> Clock {
    Clock {
        hour: packed / 10_000,
        minute: packed / 100 % 100,
        second: packed % 100,
        nanosecond: 0,
        afternoon: None,
    }
}
