//! How often a publisher asks to be visited: ttl, skipHours and skipDays (RSS 2.0), sy:* (RSS 1.0 Syndication module).

use std::time::Duration;

use crate::model::feed::Pace;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Longest wait that is written down. Nothing believes more than `max_interval` anyway; it only keeps sums small.
const WAIT_SECONDS_MAX: u64 = 366 * DAY;

/// What was read of it so far.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pace: Pace,
    period: Option<u64>,
    frequency: Option<u64>,
}

impl Asked {
    /// Minutes. Zero asks for nothing.
    pub(super) fn ttl(&mut self, text: &str) {
        let minutes = text.trim().parse::<u64>().unwrap_or(0);
        self.pace.ttl = wait(minutes.saturating_mul(60));
    }

    pub(super) fn period(&mut self, text: &str) {
        self.period = match text.trim().to_ascii_lowercase().as_str() {
            "hourly" => Some(HOUR),
            "daily" => Some(DAY),
            "weekly" => Some(7 * DAY),
            "monthly" => Some(30 * DAY),
            "yearly" => Some(365 * DAY),
            _ => None,
        };
    }

    pub(super) fn frequency(&mut self, text: &str) {
        self.frequency = text.trim().parse().ok().filter(|times| *times > 0);
    }

    /// 24 is midnight, as 0 is.
    pub(super) fn skip_hour(&mut self, text: &str) {
        if let Some(hour @ 0..=24) = text.trim().parse::<u8>().ok()
            && !self.pace.skip_hours.contains(&(hour % 24))
        {
            self.pace.skip_hours.push(hour % 24);
        }
    }

    pub(super) fn skip_day(&mut self, text: &str) {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let day = text.trim().to_ascii_lowercase();
        if let Some(number) = (0_u8..7)
            .zip(DAYS)
            .find(|(_, name)| day.starts_with(name))
            .map(|(n, _)| n)
            && !self.pace.skip_days.contains(&number)
        {
            self.pace.skip_days.push(number);
        }
    }

    pub(super) fn finish(self) -> Pace {
        let mut pace = self.pace;
        pace.skip_hours.sort_unstable();
        pace.skip_days.sort_unstable();
        if self.period.is_some() || self.frequency.is_some() {
            pace.update_period = wait(self.period.unwrap_or(DAY) / self.frequency.unwrap_or(1));
        }
        pace
    }
}

fn wait(seconds: u64) -> Option<Duration> {
    (seconds > 0).then(|| Duration::from_secs(seconds.min(WAIT_SECONDS_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for() {
        let mut asked = Asked::default();
        asked.ttl(" 60 ");
        asked.period("weekly\n");
        asked.frequency("2");
        for hour in ["3", "24", "3", "25", "-1", "x"] {
            asked.skip_hour(hour);
        }
        for day in ["Sunday", "MONDAY", "sunday", ""] {
            asked.skip_day(day);
        }
        let pace = asked.finish();
        assert_eq!(pace.ttl, Some(Duration::from_secs(HOUR)));
        assert_eq!(pace.update_period, Some(Duration::from_secs(7 * DAY / 2)));
        assert_eq!(pace.skip_hours, [0, 3]);
        assert_eq!(pace.skip_days, [0, 6]);
    }

    #[test]
    fn nonsense_asks_for_nothing() {
        let mut asked = Asked::default();
        asked.ttl("0");
        asked.period("sometimes");
        asked.frequency("0");
        assert_eq!(asked.finish(), Pace::default());
        let mut asked = Asked::default();
        asked.ttl("18446744073709551615");
        assert_eq!(asked.finish().ttl, Some(Duration::from_secs(WAIT_SECONDS_MAX)));
    }
}
