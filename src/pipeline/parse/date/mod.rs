//! One tolerant reader of dates, for whatever publishers put into `pubDate` and its like.
//!
//! A date is cut into numbers, words and signs; what they mean follows from their shape and company, not from a
//! list of formats. Words that mean nothing are passed over. Where the zone is missing or unknown it is UTC.

mod day;
mod words;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::{Offset, TimeZone},
};

use self::words::Word;

/// Longest date. The longest seen has 44 characters, and 300 where a site wraps it into `<time datetime="…">`.
const DATE_BYTES_MAX: usize = 1024;

/// Most parts of one date; the most that has a meaning is 20.
const PARTS_MAX: usize = 48;

/// Reads a date. `None` for what is none, or means none (the year 1 of .NET, the zeroes of MySQL).
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = datetime_attribute(text).unwrap_or(text).trim();
    if text.len() > DATE_BYTES_MAX {
        return None;
    }
    epoch(text).or_else(|| Reading::of(&parts(text)).timestamp())
}

/// Several Drupal sites put `<time datetime="2026-01-01T12:00:00Z">Thursday</time>` into `pubDate`, escaped or not.
fn datetime_attribute(text: &str) -> Option<&str> {
    let value = text.split_once("datetime=")?.1.trim_start_matches('\\');
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = text
        .parse()
        .ok()
        .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// A piece of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Number { value: i64, digits: usize },
    Letters(&'a str),
    Sign(char),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same: fn(char) -> bool = match first {
            _ if first.is_ascii_digit() => |c| c.is_ascii_digit(),
            _ if first.is_alphabetic() => char::is_alphabetic,
            _ => |_| false,
        };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (part, after) = rest.split_at(end);
        if first.is_ascii_digit() {
            parts.push(Part::Number {
                value: part.parse().unwrap_or(i64::MAX),
                digits: part.len(),
            });
        } else if first.is_alphabetic() {
            parts.push(Part::Letters(part));
        } else {
            parts.push(Part::Sign(first));
        }
        rest = after;
        if parts.len() == PARTS_MAX {
            break;
        }
    }
    parts
}

/// What the parts say so far.
#[derive(Debug, Default)]
struct Reading {
    /// Numbers that belong to the day: value and digits.
    numbers: Vec<(i64, usize)>,
    /// The sign between the first two of them.
    between: Option<char>,
    month: Option<i8>,
    clock: Option<Clock>,
    zone: Option<Zone>,
}

/// A time of day as written.
#[derive(Debug, Clone, Copy)]
struct Clock {
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i32,
    /// Twelve-hour: whether it is afternoon.
    afternoon: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
enum Zone {
    Offset(Offset),
    /// A place whose clock changes in summer: "ET".
    Place(&'static str),
}

impl Reading {
    fn of(parts: &[Part<'_>]) -> Self {
        let mut reading = Self::default();
        let mut at = 0;
        while at < parts.len() {
            at += reading.take(&parts[at..]);
        }
        reading
    }

    /// Takes what stands at the head of the parts, and says how many they were.
    fn take(&mut self, parts: &[Part<'_>]) -> usize {
        match *parts {
            [Part::Number { .. }, ..] if self.clock.is_none() => {
                if let Some((clock, taken)) = clock(parts, self.numbers.is_empty()) {
                    self.clock = Some(clock);
                    return taken;
                }
                self.number(parts)
            }
            [Part::Number { .. }, ..] => self.number(parts),
            [Part::Sign(sign @ ('+' | '-' | '−')), Part::Number { .. }, ..] if self.clock.is_some() => {
                self.offset(sign == '+', &parts[1..]) + 1
            }
            [
                Part::Letters(half @ ("a" | "p" | "A" | "P")),
                Part::Sign('.'),
                Part::Letters("m" | "M"),
                ..,
            ] => {
                self.word(if half.eq_ignore_ascii_case("a") { "am" } else { "pm" });
                3
            }
            [Part::Letters(letters), ..] => {
                self.word(letters);
                1
            }
            _ => 1,
        }
    }

    fn number(&mut self, parts: &[Part<'_>]) -> usize {
        if let Part::Number { value, digits } = parts[0] {
            self.numbers.push((value, digits));
        }
        if let (1, [_, Part::Sign(sign), ..]) = (self.numbers.len(), parts) {
            self.between = Some(*sign);
        }
        1
    }

    /// `0200`, `02:00`, `2`: hours and minutes from Greenwich. Anything else is not one, and no reason to give up.
    fn offset(&mut self, east: bool, parts: &[Part<'_>]) -> usize {
        let (hours, minutes, taken) = match *parts {
            [
                Part::Number {
                    value: h,
                    digits: 1 | 2,
                },
                Part::Sign(':'),
                Part::Number { value: m, digits: 2 },
                ..,
            ] => (h, m, 3),
            [Part::Number { value, digits: 3 | 4 }, ..] => (value / 100, value % 100, 1),
            [Part::Number { value, .. }, ..] => (value, 0, 1),
            _ => return 0,
        };
        if (0..=15).contains(&hours) && (0..60).contains(&minutes) {
            let seconds = i32::try_from(hours * 3600 + minutes * 60).unwrap_or_default();
            let seconds = if east { seconds } else { -seconds };
            self.zone = Offset::from_seconds(seconds).ok().map(Zone::Offset).or(self.zone);
        }
        taken
    }

    fn word(&mut self, letters: &str) {
        match words::meaning(letters) {
            // "mar." is Tuesday where another month is named, before or after.
            Some(Word::Month(month)) if self.month.is_none() || !words::is_perhaps_tuesday(letters) => {
                self.month = Some(month);
            }
            Some(Word::Half(afternoon)) => {
                if let Some(clock) = &mut self.clock {
                    clock.afternoon = Some(afternoon);
                }
            }
            Some(Word::Zone(minutes)) if self.clock.is_some() && self.zone.is_none() => {
                self.zone = Offset::from_seconds(i32::from(minutes) * 60).ok().map(Zone::Offset);
            }
            Some(Word::Place(place)) if self.clock.is_some() && self.zone.is_none() => {
                self.zone = Some(Zone::Place(place));
            }
            _ => {}
        }
    }

    fn timestamp(self) -> Option<Timestamp> {
        let american = self.clock.is_some_and(|clock| clock.afternoon.is_some());
        let (date, packed) = day::date(&self.numbers, self.between, self.month, american)?;
        let clock = self.clock.or(packed);
        let civil = match clock.and_then(Clock::time) {
            Some((time, false)) => date.to_datetime(time),
            Some((time, true)) => date.checked_add(1.day()).ok()?.to_datetime(time),
            None => date.to_datetime(Time::midnight()),
        };
        let zone = match self.zone {
            Some(Zone::Offset(offset)) => TimeZone::fixed(offset),
            Some(Zone::Place(place)) => TimeZone::get(place).ok()?,
            None => TimeZone::UTC,
        };
        zone.to_timestamp(civil).ok()
    }
}

impl Clock {
    /// The time, and whether it is one of the next day (24:00). `None` for an impossible one: the day still counts.
    fn time(self) -> Option<(Time, bool)> {
        let hour = match (self.afternoon, self.hour) {
            (Some(true), 1..=11) => self.hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        let next_day = (hour, self.minute, self.second) == (24, 0, 0);
        let hour = i8::try_from(if next_day { 0 } else { hour }).ok()?;
        let minute = i8::try_from(self.minute).ok()?;
        // A leap second.
        let second = i8::try_from(self.second.min(60)).ok()?.min(59);
        Some((Time::new(hour, minute, second, self.nanosecond).ok()?, next_day))
    }
}

/// `13:00`, `13:00:00.5`, `13h30`, `1 PM`, and how many parts it has.
fn clock(parts: &[Part<'_>], first: bool) -> Option<(Clock, usize)> {
    let (hour, minute, mut taken) = match *parts {
        [
            Part::Number {
                value: hour,
                digits: 1 | 2,
            },
            Part::Sign(':'),
            Part::Number {
                value: minute,
                digits: 1 | 2,
            },
            ..,
        ] => (hour, minute, 3),
        [
            Part::Number {
                value: hour,
                digits: 1 | 2,
            },
            Part::Letters("h" | "H"),
            Part::Number {
                value: minute,
                digits: 2,
            },
            ..,
        ] => (hour, minute, 3),
        [
            Part::Number {
                value: hour,
                digits: 1 | 2,
            },
            Part::Sign(' '),
            Part::Letters(half),
            ..,
        ] if !first => match words::meaning(half) {
            Some(Word::Half(_)) => (hour, 0, 1),
            _ => return None,
        },
        _ => return None,
    };
    let mut clock = Clock {
        hour,
        minute,
        second: 0,
        nanosecond: 0,
        afternoon: None,
    };
    if let (3, [Part::Sign(':'), Part::Number { value, digits: 1 | 2 }, ..]) = (taken, &parts[taken..]) {
        clock.second = *value;
        taken += 2;
        if let [Part::Sign('.' | ','), Part::Number { value, digits }, ..] = &parts[taken..] {
            clock.nanosecond = nanoseconds(*value, *digits);
            taken += 2;
        }
    }
    Some((clock, taken))
}

fn nanoseconds(value: i64, digits: usize) -> i32 {
    let places = u32::try_from(digits).unwrap_or(u32::MAX);
    let scaled = match places {
        0..=9 => value.saturating_mul(10_i64.pow(9 - places)),
        10..=18 => value / 10_i64.pow(places - 9),
        _ => 0,
    };
    i32::try_from(scaled).unwrap_or(0).min(999_999_999)
}

fn civil(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| *year >= YEAR_MIN)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Earliest year that means one: journals put their archives into feeds, and the oldest of them is from 1665.
const YEAR_MIN: i16 = 1600;

#[cfg(test)]
mod tests;
