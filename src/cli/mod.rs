//! The commands, a file each.
//!
//! stdout carries the answer, stderr everything else. Exit codes: 0 done, 1 failed, 2 usage or a faulty file.

mod add;
mod added;
mod answer;
mod check;
mod document;
mod explain;
mod export;
mod import;
mod items;
mod once;
mod parse;
mod plan;
mod preview;
mod progress;
mod render;
mod run;
mod sources;

use std::{panic, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::{
    edge::{
        config::{self, Faults, Loaded, Paths},
        store::Store,
    },
    model::settings::Feeds,
    pipeline::parse::second,
};

/// How long threads that wait for the system (name resolution, a disk) are waited for at the end.
const LAST_THREADS: Duration = Duration::from_secs(3);

#[derive(Debug, Parser)]
#[command(
    name = "oncofeed",
    version,
    about = "Visits cancer-research feeds, keeps every story once, and publishes curated news channels",
    after_help = "Examples:\n  \
        oncofeed                          visit, publish and serve until stopped\n  \
        oncofeed check                    are the two files in order?\n  \
        oncofeed add example.org          find a site's feeds, add one\n  \
        oncofeed once --all               visit every source now, publish, exit\n  \
        oncofeed items --limit 5          the newest news that is kept\n  \
        oncofeed parse https://news.cancerresearchuk.org/feed/\n\n\
        Exit codes: 0 done, 1 failed, 2 usage or a faulty file"
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
struct Common {
    /// The operator's file [default: config/oncofeed.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The editors' file [default: feeds.toml]
    #[arg(long, global = true, value_name = "FILE")]
    feeds: Option<PathBuf>,
    /// Answer as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Visit, publish and serve until SIGTERM or Ctrl-C (what `oncofeed` alone does)
    #[command(after_help = run::EXAMPLES)]
    Run,
    /// Visit the sources that are due, publish, exit
    Once(once::Args),
    /// Are both files in order? With --online: does every source answer?
    Check(check::Args),
    /// Find a site's feeds, show what each would give, and add one to feeds.toml
    Add(add::Args),
    /// Add the feeds of an OPML list to feeds.toml
    Import(import::Args),
    /// Give the sources as an OPML list
    #[command(after_help = export::EXAMPLES)]
    Export,
    /// Show a feed's entries as oncofeed sees them; needs no configuration
    Parse(parse::Args),
    /// List what is kept, newest first
    Items(items::Args),
    /// Tell the whole trail of one item: where it came from, and why it is shown or not
    Explain(explain::Args),
    /// Show each channel as it would stand under an edited feeds.toml
    Preview(preview::Args),
    /// Publish again from what is kept, without a visit
    Render(render::Args),
    /// Show each source's health
    #[command(after_help = sources::EXAMPLES)]
    Sources,
}

/// Why a command did not do what it was asked for.
enum Failure {
    /// A file is faulty: exit code 2.
    Faulty(Faults),
    /// An argument that means nothing: exit code 2.
    Usage(String),
    /// Anything else: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    hush_second_reader();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::from(error).context("cannot start the runtime")),
    };
    let result = runtime.block_on(dispatch(&cli));
    runtime.shutdown_timeout(LAST_THREADS);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(error)) => failed(&error),
        Err(Failure::Usage(message)) => usage(&format!("oncofeed: {message}")),
        Err(Failure::Faulty(faults)) => usage(&faults.to_string()),
    }
}

/// Its panics are caught, and told as faults of the document.
fn hush_second_reader() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !second::is_current_thread() {
            hook(info);
        }
    }));
}

async fn dispatch(cli: &Cli) -> Result<(), Failure> {
    let common = &cli.common;
    match &cli.command {
        None | Some(Command::Run) => run::run(common).await,
        Some(Command::Once(args)) => once::run(common, args).await,
        Some(Command::Check(args)) => check::run(common, args).await,
        Some(Command::Add(args)) => add::run(common, args).await,
        Some(Command::Import(args)) => import::run(common, args),
        Some(Command::Export) => export::run(common),
        Some(Command::Parse(args)) => parse::run(common, args).await,
        Some(Command::Items(args)) => items::run(common, args).await,
        Some(Command::Explain(args)) => explain::run(common, args).await,
        Some(Command::Preview(args)) => preview::run(common, args).await,
        Some(Command::Render(args)) => render::run(common, args).await,
        Some(Command::Sources) => sources::run(common).await,
    }
}

fn usage(message: &str) -> ExitCode {
    answer::aside(message);
    ExitCode::from(2)
}

/// Tells the error with its causes, but for those that an error before has told already.
fn failed(error: &anyhow::Error) -> ExitCode {
    let mut message = format!("oncofeed: {error}");
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !message.contains(&cause) {
            message.push_str(&format!(": {cause}"));
        }
    }
    answer::aside(&message);
    ExitCode::FAILURE
}

impl Common {
    fn paths(&self) -> Paths {
        Paths {
            config: self.config.clone(),
            feeds: self.feeds.clone(),
        }
    }

    /// Both files, as they are now.
    fn load(&self) -> Result<Loaded, Failure> {
        config::load(&self.paths(), std::env::vars_os()).map_err(Failure::Faulty)
    }

    /// Both files, and the store as it is: for commands that only look.
    fn look(&self) -> Result<(Loaded, Store), Failure> {
        let loaded = self.load()?;
        let store = Store::open(&loaded.settings.store.path)?;
        Ok((loaded, store))
    }
}

fn known_channel(feeds: &Feeds, wanted: &str) -> Result<(), Failure> {
    let ids: Vec<_> = feeds.channels.iter().map(|channel| channel.id.as_str()).collect();
    match ids.contains(&wanted) {
        true => Ok(()),
        false => Err(Failure::Usage(format!(
            "no channel `{wanted}` in feeds.toml, which has {}",
            ids.join(", ")
        ))),
    }
}
