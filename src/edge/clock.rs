//! The one reader of the clocks.

use std::{fmt, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use rustix::time::{ClockId, clock_gettime};

/// Between two readings a clock that is kept right gains or loses less by far; from here on it was set.
const JUMP_MIN: SignedDuration = SignedDuration::from_secs(2);

/// Tells the time; tests bring their own.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    uptime: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    pub fn system() -> Self {
        Self::from_fn(Timestamp::now, uptime)
    }

    /// `uptime` is never set and goes on while the machine sleeps.
    pub fn from_fn(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        uptime: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self {
            now: Arc::new(now),
            uptime: Arc::new(uptime),
        }
    }

    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub fn reading(&self) -> Reading {
        Reading {
            now: self.now(),
            uptime: (self.uptime)(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Since the machine was started, sleep included.
fn uptime() -> Duration {
    let since_boot = clock_gettime(ClockId::Boottime);
    Duration::try_from(since_boot).unwrap_or_default()
}

/// Both clocks at one instant.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    pub now: Timestamp,
    uptime: Duration,
}

impl Reading {
    /// By how much the wall clock was set between two readings, forward or back; `None` where it just went on.
    pub fn jump_since(&self, before: &Self) -> Option<SignedDuration> {
        let went = SignedDuration::try_from(self.uptime.saturating_sub(before.uptime)).ok()?;
        let jump = self.now.duration_since(before.now) - went;
        (jump.abs() >= JUMP_MIN).then_some(jump)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(now: i64, uptime: u64) -> Reading {
        Reading {
            now: Timestamp::from_second(now).unwrap(),
            uptime: Duration::from_secs(uptime),
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
    }

    #[test]
    fn the_machine_was_started_before_this_test() {
        assert!(!uptime().is_zero());
    }
}
