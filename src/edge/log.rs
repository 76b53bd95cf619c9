//! Where the log goes: stderr, as text for people or as JSON for machines.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::{format::Writer, time::FormatTime},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::model::settings::{Log, LogFormat};

/// Starts the log of this process; later calls change nothing.
pub fn start(log: &Log) {
    let level = LevelFilter::from_level(log.level);
    // What libraries have to say below a warning is about themselves.
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("oncofeed", level);
    let base = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match log.format {
        LogFormat::Text => base
            .with_timer(Seconds)
            .with_target(false)
            .with_ansi(io::stderr().is_terminal())
            .boxed(),
        LogFormat::Json => base.json().flatten_event(true).with_timer(Seconds).boxed(),
    };
    let _already = tracing_subscriber::registry()
        .with(layer.with_filter(targets))
        .try_init();
}

/// RFC 3339, UTC, whole seconds.
struct Seconds;

impl FormatTime for Seconds {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        let now = super::clock::Clock::system().now();
        write!(writer, "{}", now.round(jiff::Unit::Second).unwrap_or(now))
    }
}
