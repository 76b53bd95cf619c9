//! What systemd is told (`Type=notify`); without it, nobody is.

use sd_notify::NotifyState;

/// A stage of the service's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ready,
    Reloading,
    Stopping,
}

/// Tells the stage, and `status` in words for `systemctl status`.
pub fn tell(stage: Stage, status: &str) {
    let mut states = match stage {
        Stage::Ready => vec![NotifyState::Ready],
        Stage::Reloading => vec![NotifyState::Reloading],
        Stage::Stopping => vec![NotifyState::Stopping],
    };
    states.push(NotifyState::Status(status));
    if let Err(error) = sd_notify::notify(&states) {
        tracing::debug!(%error, "systemd does not listen");
    }
}
