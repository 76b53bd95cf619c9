//! `oncofeed run`: the daemon.

use super::{Common, Failure};
use crate::{
    app::daemon::{self, Configuration},
    edge::{clock::Clock, log},
};

pub(super) const EXAMPLES: &str = "Examples:\n  \
    oncofeed                                     with feeds.toml and config/oncofeed.toml\n  \
    oncofeed --feeds /etc/oncofeed/feeds.toml run\n  \
    ONCOFEED_SERVE_LISTEN=0.0.0.0:8080 oncofeed  a setting from the environment";

pub(super) async fn run(common: &Common) -> Result<(), Failure> {
    let loaded = common.load()?;
    log::start(&loaded.settings.log);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let configuration = Configuration {
        paths: common.paths(),
        variables: std::env::vars_os().collect(),
    };
    Ok(daemon::run(configuration, loaded, Clock::system()).await?)
}
