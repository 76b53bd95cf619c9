//! The one reader of the clocks.

use std::{fmt, fs, sync::Arc, time::Duration};

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

use crate::model::reading::Reading;

/// Changes with every start of the machine. Where there is none, no start is told from another.
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// Tells the time; tests bring their own.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    uptime: Arc<dyn Fn() -> Duration + Send + Sync>,
    boot: Arc<str>,
}

impl Clock {
    pub fn system() -> Self {
        Self {
            boot: fs::read_to_string(BOOT).unwrap_or_default().trim().into(),
            ..Self::from_fn(Timestamp::now, uptime)
        }
    }

    /// `uptime` is never set and goes on while the machine sleeps, which was started once.
    pub fn from_fn(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        uptime: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self {
            now: Arc::new(now),
            uptime: Arc::new(uptime),
            boot: "1".into(),
        }
    }

    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub fn reading(&self) -> Reading {
        Reading {
            now: self.now(),
            uptime: (self.uptime)(),
            boot: self.boot.to_string(),
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
    Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_was_started_before_this_test() {
        let reading = Clock::system().reading();
        assert!(!reading.uptime.is_zero() && !reading.boot.is_empty());
    }
}
