//! `oncofeed render`: everything that is published, again from what is kept.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Serialize;

use super::{Common, Failure, answer};
use crate::{
    app::{newsroom::Newsroom, press::Press},
    edge::{clock::Clock, log},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed render               all published files again; the daemon must not run\n  \
    oncofeed render --to copy     the same files in another folder; the daemon may run")]
pub(super) struct Args {
    /// Write into this folder, and leave everything else as it is
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Report {
    dir: PathBuf,
    /// Names of files that are new or other than before.
    changed: Vec<String>,
    /// How many are as they were.
    unchanged: usize,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let (loaded, store) = common.look()?;
    log::start(&loaded.settings.log);
    let clock = Clock::system();
    let (dir, published) = match &args.to {
        Some(dir) => {
            refuse_published(dir, &loaded.settings.publish.dir)?;
            let press = Press::looking(store, loaded).await?;
            (dir.clone(), press.proof(dir, clock.now()).await?)
        }
        None => {
            let newsroom = Newsroom::open(loaded, clock).await?;
            let press = newsroom.press();
            let last = Arc::new(press.last().await);
            let published = press.publish(&last, newsroom.clock.now()).await?;
            (newsroom.settings.publish.dir.clone(), published)
        }
    };
    let written = published.done()?;
    let report = Report {
        dir,
        changed: written.changed,
        unchanged: written.unchanged,
    };
    match common.json {
        true => answer::give_json(&report)?,
        false => answer::give(&text(&report))?,
    }
    Ok(())
}

/// What is published is dated by the store: written without it, files would change twice.
fn refuse_published(dir: &Path, published: &Path) -> Result<(), Failure> {
    match (dir.canonicalize(), published.canonicalize()) {
        (Ok(dir), Ok(published)) if dir == published => Err(Failure::Usage(format!(
            "{} is the folder of published files: leave out --to to write them again",
            dir.display()
        ))),
        _ => Ok(()),
    }
}

fn text(report: &Report) -> String {
    let changed = answer::count(report.changed.len(), "file");
    let (dir, unchanged) = (report.dir.display(), report.unchanged);
    format!("{dir}: {changed} written, {unchanged} as they were")
}
