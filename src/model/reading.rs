//! What the clocks said.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Between two readings a clock that is kept right gains or loses less by far; from here on it was set.
const JUMP_MIN: SignedDuration = SignedDuration::from_secs(2);

/// The wall clock and the machine's uptime, at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub now: Timestamp,
    /// Since the machine was started, sleep included. It is never set.
    pub uptime: Duration,
    /// Which start of the machine that was; empty where nobody can tell.
    pub boot: String,
}

impl Reading {
    /// The time from an earlier reading to this one, whatever the wall clock was set to, as far as anybody can tell;
    /// negative where this one is the earlier.
    pub fn since(&self, earlier: &Self) -> SignedDuration {
        let uptime = |reading: &Self| SignedDuration::try_from(reading.uptime).unwrap_or_default();
        match !self.boot.is_empty() && self.boot == earlier.boot {
            true => uptime(self) - uptime(earlier),
            false => self.now.duration_since(earlier.now),
        }
    }

    /// By how much the wall clock was set between two readings, forward or back; `None` where it just went on, or where
    /// the machine was started in between, so that nobody can tell.
    pub fn jump_since(&self, before: &Self) -> Option<SignedDuration> {
        let went = self.uptime.checked_sub(before.uptime)?;
        let jump = self.now.duration_since(before.now) - SignedDuration::try_from(went).ok()?;
        let same_boot = !self.boot.is_empty() && self.boot == before.boot;
        (same_boot && jump.abs() >= JUMP_MIN).then_some(jump)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(now: i64, uptime: u64) -> Reading {
        Reading {
            now: Timestamp::from_second(now).unwrap(),
            uptime: Duration::from_secs(uptime),
            boot: "1".into(),
        }
    }

    #[test]
    fn a_clock_that_sleeps_with_its_machine_has_not_jumped() {
        let before = reading(1_000_000, 500);
        for (now, uptime, expect) in [
            (1_000_060, 560, None),
            (1_000_061, 560, None),
            (1_259_200, 259_700, None),
            (1_086_460, 560, Some(86_400)),
            (913_660, 560, Some(-86_400)),
        ] {
            let jump = reading(now, uptime).jump_since(&before);
            assert_eq!(jump.map(|jump| jump.as_secs()), expect, "{now} {uptime}");
        }
        let rebooted = Reading {
            boot: "2".into(),
            ..reading(1_086_460, 560)
        };
        assert_eq!(rebooted.jump_since(&before), None);
    }
}
