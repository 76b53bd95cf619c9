//! When a hub is told again that could not be told of a change.

use std::time::Duration;

/// After the first failure; four times as long after each further one.
const FIRST_WAIT: Duration = Duration::from_secs(30);

/// After so many failures, in some three hours, subscribers will have asked by themselves.
const FAILURES_MAX: u32 = 6;

/// How long to wait after so many failures in a row, and at least as long as the hub asks; `None`: no more.
pub fn again(failures: u32, asked: Duration) -> Option<Duration> {
    let wait = FIRST_WAIT.saturating_mul(4_u32.saturating_pow(failures.saturating_sub(1)));
    (failures < FAILURES_MAX).then(|| wait.max(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let seconds = |failures, asked| again(failures, Duration::from_secs(asked)).map(|wait| wait.as_secs());
        let waits: Vec<_> = (1..=6).map(|failures| seconds(failures, 0)).collect();
        assert_eq!(waits, [Some(30), Some(120), Some(480), Some(1_920), Some(7_680), None]);
        assert_eq!((seconds(1, 90), seconds(2, 90)), (Some(90), Some(120)));
    }
}
