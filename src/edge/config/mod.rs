//! The files of operators and editors: from TOML to settings, or to every fault at once.
//!
//! Each file is walked to its end whatever is wrong with it, so that an editor mends it in one go. A file that cannot
//! be read, or says nothing, is a fault and never "drop everything" (design §6.8).
//!
//! *Architecture invariant*: nothing here reads the environment or the clock; the variables are an argument.

mod append;
mod editorial;
mod fault;
mod feeds;
mod file;
mod settings;
mod suggest;
mod table;
mod template;
mod value;
mod variables;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

pub use self::{
    append::{Addition, AppendFault, block},
    fault::{Fault, Faults},
    settings::example,
};
use self::{file::Document, variables::Variables};
use crate::model::{
    editorial::Editorial,
    settings::{Feeds, Settings},
};

/// Where the operators' file is, unless `--config` says otherwise.
const CONFIG: &str = "config/oncofeed.toml";

/// Where the editors' file is, unless `--feeds` says otherwise.
const FEEDS: &str = "feeds.toml";

/// Where to look. `None` is the usual place, relative to the working directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paths {
    /// A file that is named must exist; at its usual place it may be missing.
    pub config: Option<PathBuf>,
    pub feeds: Option<PathBuf>,
}

impl Paths {
    pub fn config(&self) -> &Path {
        self.config.as_deref().unwrap_or(Path::new(CONFIG))
    }

    pub fn feeds(&self) -> &Path {
        self.feeds.as_deref().unwrap_or(Path::new(FEEDS))
    }

    /// Every file that is read, whether it is there or not.
    pub fn all(&self) -> Vec<PathBuf> {
        let named = [self.config(), self.feeds()].map(Path::to_owned);
        named.into_iter().chain(editorial::paths(self.config())).collect()
    }
}

/// All files, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    pub settings: Settings,
    pub feeds: Feeds,
    pub editorial: Editorial,
    /// What works and is probably not meant, one line each.
    pub warnings: Vec<String>,
}

/// Reads all files and the `ONCOFEED_<SECTION>_<KEY>` variables that override the first; other variables are ignored.
///
/// # Errors
/// Everything that is wrong with any file, and with the variables.
pub fn load(paths: &Paths, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Loaded, Faults> {
    let mut faults = Faults::default();
    let mut warnings = vec![];
    let variables = Variables::new(variables);

    let settings = match operators_file(paths) {
        Ok(document) => settings::read(&document, &variables, &mut faults, &mut warnings),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let feeds = match editors_file(paths) {
        Ok(document) => Some(feeds::read(&document, settings.as_ref(), &mut faults, &mut warnings)),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let editorial = editorial::read(paths.config(), &mut faults, &mut warnings)?;
    match (settings, feeds) {
        (Some(settings), Some(feeds)) if faults.is_empty() => Ok(Loaded {
            settings,
            feeds,
            editorial,
            warnings,
        }),
        _ => Err(faults),
    }
}

/// As [`load`], of `config/oncofeed.toml` alone.
///
/// # Errors
/// Everything that is wrong with the file, and with the variables.
pub fn load_settings(
    paths: &Paths,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Settings, Faults> {
    let document = operators_file(paths).map_err(Faults::from)?;
    settings_of(&document, variables)
}

/// Every default.
///
/// # Errors
/// None: the defaults are in order, which a test holds.
pub fn default_settings() -> Result<Settings, Faults> {
    settings_of(&Document::empty(Path::new(CONFIG)), [])
}

/// As [`load`], of the words and rules alone.
///
/// # Errors
/// Everything that is wrong with these files.
pub fn load_editorial(paths: &Paths) -> Result<Editorial, Faults> {
    let mut faults = Faults::default();
    let editorial = editorial::read(paths.config(), &mut faults, &mut vec![])?;
    match faults.is_empty() {
        true => Ok(editorial),
        false => Err(faults),
    }
}

/// The words and rules that are built in.
///
/// # Errors
/// None: they are in order, which a test holds.
pub fn shipped_editorial() -> Result<Editorial, Faults> {
    editorial::shipped()
}

fn settings_of(
    document: &Document,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Settings, Faults> {
    let mut faults = Faults::default();
    let settings = settings::read(document, &Variables::new(variables), &mut faults, &mut vec![]);
    settings.filter(|_| faults.is_empty()).ok_or(faults)
}

/// Without one, every default holds; but a file that was named must be there.
fn operators_file(paths: &Paths) -> Result<Document, Fault> {
    match file::read(paths.config())? {
        Some(document) => Ok(document),
        None if paths.config.is_none() => Ok(Document::empty(paths.config())),
        None => Err(Fault::of_file(paths.config(), "there is no such file", None)),
    }
}

fn editors_file(paths: &Paths) -> Result<Document, Fault> {
    let help = "it lists the channels and sources; name another file with `--feeds`";
    file::read(paths.feeds())?.ok_or_else(|| Fault::of_file(paths.feeds(), "there is no such file", Some(help)))
}
