//! What publishers are like.

use std::time::Duration;

pub(super) const HOUR: Duration = Duration::from_secs(3_600);
pub(super) const DAY: Duration = Duration::from_secs(86_400);

/// Which validators it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    Both,
    /// A weak one.
    Etag,
    Modified,
    None,
    /// Another ETag with every answer, whatever the document.
    Flipping,
}

/// What it does beside sending its feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Even,
    /// `Cache-Control: max-age`.
    Cached(Duration),
    Expiring(Duration),
    Ttl(Duration),
    /// Skips the mornings and Sundays.
    Rests,
    /// `sy:updatePeriod` of a day, so many times.
    Updates(u32),
    /// 429, with or without `Retry-After`.
    Strict,
    /// 503 with `Retry-After`: a date, or a century.
    Overloaded,
    /// 500, 403 and 404 for days.
    Broken,
    /// 410 from some day on.
    Dies,
    /// 301 to another host.
    Moved,
    /// 302, three times.
    Wanders,
    /// 304 for ever, once it was asked conditionally.
    Frozen,
    /// 304 to whom it sent nothing.
    Confused,
    /// Resets connections, or never answers.
    Silent,
    /// A login page, at times.
    Login,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Temper {
    pub(super) marks: Marks,
    pub(super) mood: Mood,
    /// Time between two pieces of news, on average.
    pub(super) news_every: Duration,
}

const MOODS: [Mood; 20] = [
    Mood::Even,
    Mood::Cached(Duration::from_secs(600)),
    Mood::Cached(Duration::from_secs(2 * 3_600)),
    Mood::Cached(Duration::from_secs(20 * 3_600)),
    Mood::Cached(Duration::from_secs(3 * 365 * 86_400)),
    Mood::Expiring(Duration::from_secs(5 * 3_600)),
    Mood::Ttl(Duration::from_secs(3 * 3_600)),
    Mood::Ttl(Duration::from_secs(30 * 86_400)),
    Mood::Rests,
    Mood::Updates(4),
    Mood::Strict,
    Mood::Overloaded,
    Mood::Broken,
    Mood::Dies,
    Mood::Moved,
    Mood::Wanders,
    Mood::Frozen,
    Mood::Confused,
    Mood::Silent,
    Mood::Login,
];

const MARKS: [Marks; 5] = [Marks::Both, Marks::Etag, Marks::Modified, Marks::None, Marks::Flipping];

const NEWS_EVERY: [Duration; 4] = [
    Duration::from_secs(3 * 3_600),
    Duration::from_secs(86_400),
    Duration::from_secs(3 * 86_400),
    Duration::from_secs(14 * 86_400),
];

impl Temper {
    pub(super) fn of(number: usize) -> Self {
        let round = number / MOODS.len();
        let mood = MOODS[number % MOODS.len()];
        let marks = match mood {
            Mood::Frozen => Marks::Modified,
            _ => MARKS[(number + round) % MARKS.len()],
        };
        Self {
            marks,
            mood,
            news_every: NEWS_EVERY[round % NEWS_EVERY.len()],
        }
    }

    /// Some publishers share a host, and one host is of independent publishers.
    pub(super) fn host(number: usize) -> String {
        let round = number / MOODS.len();
        match (number % MOODS.len(), round) {
            (10, 0) | (11, 0) | (0, 0) => "shared.test".into(),
            (0 | 10 | 15, _) => format!("press{round}.test"),
            _ => format!("site{number}.test"),
        }
    }
}

/// The host of which the settings say that its publishers are independent.
pub(super) const SHARED_HOST: &str = "shared.test";
