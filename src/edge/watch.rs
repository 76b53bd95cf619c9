//! Tells when one of the two files is saved.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::Duration,
};

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
    /// Watches the folders of the files, not the files: saving by rename, and the symbolic links of configuration
    /// management, put another file in the place of the one that was watched.
    ///
    /// # Errors
    /// Where the system watches nothing, or no further folder.
    pub fn start(files: &[&Path], saved: mpsc::Sender<()>) -> notify::Result<Self> {
        let files: HashSet<PathBuf> = files.iter().filter_map(|file| std::path::absolute(file).ok()).collect();
        let folders: HashSet<PathBuf> = files
            .iter()
            .filter_map(|file| file.parent())
            .map(Path::to_owned)
            .collect();
        let mut debouncer = new_debouncer(DEBOUNCE, None, move |events: DebounceEventResult| {
            let Ok(events) = events else { return };
            let ours = |path: &PathBuf| files.contains(path);
            let touched = events
                .iter()
                .any(|event| !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(ours));
            if touched {
                let _waiting = saved.try_send(());
            }
        })?;
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            debouncer.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(Self { _debouncer: debouncer })
    }
}
