//! What a feed would give, if it were a source: shown to an editor who has to decide.

use jiff::{SignedDuration, Timestamp};

use super::{
    extract,
    relevance::{self, Subject},
    update,
};
use crate::model::{
    boilerplate::Habits,
    draft::Draft,
    editorial::Editorial,
    feed::{Feed, Format},
    link::Link,
    source::{Dates, EXCERPT_CHARACTERS},
};

/// How many entries are shown: as many as the block on the home page holds.
const SHOWN: usize = 5;

/// How many of the newest entries tell how often it brings something. What a site did years ago does not.
const FREQUENCY_ENTRIES: usize = 20;

/// Longest title of a feed that is shown, in characters.
const TITLE_CHARS_MAX: usize = 120;

const DAY: f64 = 86_400.0;
const WEEK: f64 = 7.0 * DAY;
const MONTH: f64 = 30.0 * DAY;
const YEAR: f64 = 365.0 * DAY;

/// A feed as an editor sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub format: Format,
    /// Plain text, one line; empty where the feed has none.
    pub title: String,
    /// How many entries it lists, those left out that have neither title nor link.
    pub entries: usize,
    /// Those of them that are about cancer by their words.
    pub relevant: usize,
    /// In words: "about 3 entries a week".
    pub frequency: String,
    /// At most five, as they would be published.
    pub newest: Vec<Shown>,
    /// All of them, to be compared with what is kept.
    pub drafts: Vec<Draft>,
}

/// One entry as a reader would see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub title: String,
    pub excerpt: String,
    /// `None`: it would be kept, and not published.
    pub link: Option<Link>,
    /// `None`: it has none that can be believed; it would be that of our first visit.
    pub date: Option<Timestamp>,
}

/// Makes a feed plain, and puts its newest entries first.
pub fn preview(feed: Feed, editorial: &Editorial, now: Timestamp) -> Preview {
    let title = feed.title.as_ref().map(|title| extract::line(title, TITLE_CHARS_MAX));
    let drafts: Vec<_> = feed.entries.into_iter().filter_map(extract::draft).collect();
    let dates: Vec<_> = drafts.iter().filter_map(|draft| believed(draft, now)).collect();
    let mut newest: Vec<&Draft> = drafts.iter().collect();
    let relevant = |draft: &Draft| relevance::score(&Subject::of(draft, None), &editorial.lexicon).relevant();
    newest.sort_by_key(|draft| std::cmp::Reverse(believed(draft, now)));
    Preview {
        format: feed.format,
        title: title.unwrap_or_default(),
        entries: drafts.len(),
        relevant: drafts.iter().filter(|draft| relevant(draft)).count(),
        frequency: frequency(dates, now),
        newest: newest
            .into_iter()
            .take(SHOWN)
            .map(|draft| shown(draft, editorial.habits(None), now))
            .collect(),
        drafts,
    }
}

fn shown(draft: &Draft, habits: Habits<'_>, now: Timestamp) -> Shown {
    Shown {
        title: extract::headline(&draft.title, &draft.summary, habits),
        excerpt: extract::excerpt_of(&draft.summary, &draft.title, EXCERPT_CHARACTERS, habits),
        link: draft.link.clone(),
        date: believed(draft, now),
    }
}

/// An entry's date, where it is plausible.
pub fn believed(draft: &Draft, now: Timestamp) -> Option<Timestamp> {
    let date = draft.published.or(draft.updated)?;
    (update::ordered_at(Some(date), now, Dates::Trust) == date).then_some(date)
}

/// How often a feed brings something, by the dates of its newest entries.
fn frequency(mut dates: Vec<Timestamp>, now: Timestamp) -> String {
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.truncate(FREQUENCY_ENTRIES);
    let (Some(newest), Some(oldest)) = (dates.first(), dates.last()) else {
        return "no entry has a date".into();
    };
    let span = newest.duration_since(*oldest).as_secs_f64();
    let often = match dates.len() {
        1 => "one entry".into(),
        many if span < DAY => format!("{many} entries, all of one day"),
        many => rate(span / (many - 1) as f64),
    };
    match now.duration_since(*newest) {
        silence if silence > SignedDuration::from_hours(24 * 60) => {
            format!("{often}, but nothing for {} days", silence.as_hours() / 24)
        }
        _ => often,
    }
}

/// `each`: seconds from one entry to the next.
fn rate(each: f64) -> String {
    let per = |period: f64| (period / each).round() as u64;
    let (number, period) = match each {
        each if each <= DAY / 1.5 => (per(DAY), "day"),
        each if each <= WEEK => (per(WEEK), "week"),
        each if each <= MONTH => (per(MONTH), "month"),
        _ => (per(YEAR).max(1), "year"),
    };
    let noun = if number == 1 { "entry" } else { "entries" };
    format!("about {number} {noun} a {period}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            entry::{Entry, Markup},
            feed::Pace,
        },
        shipped::EDITORIAL,
    };

    fn now() -> Timestamp {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }

    /// Entries so many hours old.
    fn of(hours: &[i64]) -> Preview {
        let entry = |hours: &i64| Entry {
            title: Some(Markup::Html(format!("Entry of {hours} hours"))),
            published: Some(now() - SignedDuration::from_hours(*hours)),
            ..Entry::default()
        };
        let feed = Feed {
            format: Format::Rss,
            title: Some(Markup::Html("A &amp; B\n".into())),
            link: None,
            self_link: None,
            hubs: vec![],
            language: None,
            pace: Pace::default(),
            complete: true,
            entries: hours.iter().map(entry).collect(),
            faults: vec![],
        };
        preview(feed, &EDITORIAL, now())
    }

    #[test]
    fn the_frequency_is_told_in_words() {
        let every = |hours: i64| (0..30).map(|n| n * hours).collect::<Vec<_>>();
        for (hours, expect) in [
            (every(6), "about 4 entries a day"),
            (every(24), "about 7 entries a week"),
            (every(56), "about 3 entries a week"),
            (every(24 * 7), "about 1 entry a week"),
            (every(24 * 15), "about 2 entries a month"),
            (every(24 * 91), "about 4 entries a year"),
            (every(24 * 900), "about 1 entry a year"),
            (vec![1; 10], "10 entries, all of one day"),
            (vec![5], "one entry"),
            (vec![], "no entry has a date"),
            (vec![-500], "no entry has a date"),
            (
                vec![24 * 100, 24 * 107],
                "about 1 entry a week, but nothing for 100 days",
            ),
        ] {
            assert_eq!(of(&hours).frequency, expect, "{hours:?}");
        }
    }

    #[test]
    fn the_newest_come_first_and_those_without_a_date_last() {
        let preview = of(&[50, -1_000, 2, 30, 700, 9, 600]);
        assert_eq!((preview.title.as_str(), preview.entries), ("A & B", 7));
        let titles: Vec<_> = preview.newest.iter().map(|shown| shown.title.as_str()).collect();
        let expect = [2, 9, 30, 50, 600].map(|hours| format!("Entry of {hours} hours"));
        assert_eq!(titles, expect);
    }
}
