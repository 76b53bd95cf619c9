//! Tells when one of the files that editors and operators write is saved.

use std::{collections::HashSet, fs, path::PathBuf, time::Duration};

use notify_debouncer_full::{
    DebounceEventResult, Debouncer, RecommendedCache, new_debouncer,
    notify::{self, EventKind, RecommendedWatcher, RecursiveMode},
};
use tokio::sync::mpsc;

/// Editors write a file in several steps; this long after the last one it is read.
const DEBOUNCE: Duration = Duration::from_millis(500);

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    /// Watches the folders of the files, not the files, and whatever happens in them: saving by rename puts another file
    /// in the place of the one that was watched, and configuration management swaps the link that it hangs on. Where a
    /// file is a link, the folder that it leads to at the start is watched as well.
    ///
    /// # Errors
    /// Where the system watches nothing, or no further folder.
    pub fn start(files: &[PathBuf], saved: mpsc::Sender<()>) -> notify::Result<Self> {
        let targets = files.iter().filter_map(|file| fs::canonicalize(file).ok());
        let folders: HashSet<PathBuf> = files
            .iter()
            .filter_map(|file| std::path::absolute(file).ok())
            .chain(targets)
            .filter_map(|file| Some(file.parent()?.to_owned()))
            .collect();
        let mut debouncer = new_debouncer(DEBOUNCE, None, move |events: DebounceEventResult| {
            let Ok(events) = events else { return };
            if events.iter().any(|event| !matches!(event.kind, EventKind::Access(_))) {
                let _waiting = saved.try_send(());
            }
        })?;
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            debouncer.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(Self { _debouncer: debouncer })
    }
}
