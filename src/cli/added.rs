//! How `add` and `import` write into feeds.toml, and tell of it.

use serde::Serialize;

use super::{Common, Failure};
use crate::{
    edge::config::{Addition, AppendFault, Loaded, block},
    model::source::Source,
};

/// Most sources that an editor is asked to paste.
const PASTED_MAX: usize = 20;

/// A source as it is written into feeds.toml.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    id: String,
    name: String,
    url: String,
    topics: Vec<String>,
    enabled: bool,
    private: bool,
}

impl From<&Source> for Written {
    fn from(source: &Source) -> Self {
        Self {
            id: source.id.to_string(),
            name: source.name.clone(),
            url: source.url.to_string(),
            topics: source.topics.clone(),
            enabled: source.enabled,
            private: source.private,
        }
    }
}

impl Written {
    pub(super) fn line(&self) -> String {
        let mut line = format!("{}: {} ({})", self.name, self.url, self.topics.join(", "));
        if !self.enabled {
            line.push_str(", resting");
        }
        if self.private {
            line.push_str(", private: its address holds what looks like a secret");
        }
        line
    }
}

/// Writes the sources into feeds.toml, or, where that is a rehearsal, only finds out whether it could; answers what
/// works and is probably not meant.
pub(super) fn write(
    common: &Common,
    loaded: &Loaded,
    sources: &[Source],
    dry_run: bool,
) -> Result<Vec<String>, Failure> {
    let written = Addition::prepare(common.paths().feeds(), &loaded.settings, sources).and_then(|addition| {
        let warnings = addition.warnings().to_vec();
        if !dry_run {
            addition.save()?;
        }
        Ok(warnings)
    });
    written.map_err(|fault| match fault {
        AppendFault::Faulty(faults) => Failure::Faulty(faults),
        fault @ AppendFault::Unfit { .. } => Failure::Usage(refused(&fault, sources)),
        fault => Failure::Failed(anyhow::anyhow!(refused(&fault, sources))),
    })
}

/// With what to paste, where that is not the length of the file.
fn refused(fault: &AppendFault, sources: &[Source]) -> String {
    let by_hand = match sources.len() > PASTED_MAX {
        true => String::new(),
        false => format!("; to add it by hand, paste this at the end:\n\n{}", block(sources)),
    };
    format!("{fault}\n\nnothing was changed{by_hand}")
}
