//! Labelled examples that are not part of this repository: publishers' texts stay with their publishers.

use std::{env, fs, path::PathBuf};

use serde::de::DeserializeOwned;

use crate::support::left_out;

/// The rows of a file in the directory that `EVAL_DATA` names; `None` without it, said plainly.
pub(crate) fn rows<T: DeserializeOwned>(name: &str) -> Option<Vec<T>> {
    let Some(folder) = env::var_os("EVAL_DATA") else {
        left_out(&format!("EVAL_DATA is not set, so {name} was not measured"));
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a labelled row"))
            .collect(),
    )
}
