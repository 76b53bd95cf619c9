//! Ticks by cron.
//!
//! *Architecture invariant*: a tick says only "look whether something is due". The scheduler sleeps on the wall clock,
//! so nothing may depend on when, or how often, it ticks.

use chrono::FixedOffset;
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// A running schedule. It ends with [`Schedule::stop`].
#[expect(missing_debug_implementations, reason = "the scheduler has none")]
pub struct Schedule {
    scheduler: JobScheduler,
    cron: String,
    offset_seconds: i32,
}

impl Schedule {
    /// Starts to tick. A tick that finds the channel full is dropped: the one that waits there says the same.
    ///
    /// # Errors
    /// For a `cron` expression that is none; the configuration was checked for that.
    pub async fn start(
        cron: &str,
        timezone: &TimeZone,
        now: Timestamp,
        ticks: mpsc::Sender<()>,
    ) -> Result<Self, JobSchedulerError> {
        let offset_seconds = timezone.to_offset(now).seconds();
        let offset = FixedOffset::east_opt(offset_seconds).ok_or(JobSchedulerError::ParseSchedule)?;
        let scheduler = JobScheduler::new().await?;
        let job = Job::new_async_tz(cron, offset, move |_, _| {
            let ticks = ticks.clone();
            Box::pin(async move {
                let _waiting = ticks.try_send(());
            })
        })?;
        scheduler.add(job).await?;
        scheduler.start().await?;
        Ok(Self {
            scheduler,
            cron: cron.to_owned(),
            offset_seconds,
        })
    }

    /// Whether it ticks by another expression than `cron`, or the clocks have changed since it was started: it keeps
    /// the offset of that time, so that "at seven" would be at six for half of the year.
    pub fn outdated(&self, cron: &str, timezone: &TimeZone, now: Timestamp) -> bool {
        self.cron != cron || timezone.to_offset(now).seconds() != self.offset_seconds
    }

    pub async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(%error, "the scheduler did not stop in order");
        }
    }
}
