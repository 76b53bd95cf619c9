//! `oncofeed run`: the daemon.

use super::{Common, Failure};
use crate::{
    app::daemon::{self, Origin},
    edge::{clock::Clock, log},
};

pub(super) async fn run(common: &Common) -> Result<(), Failure> {
    let loaded = common.load()?;
    log::start(&loaded.settings.log);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let origin = Origin {
        paths: common.paths(),
        variables: std::env::vars_os().collect(),
    };
    Ok(daemon::run(origin, loaded, Clock::system()).await?)
}
