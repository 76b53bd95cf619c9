//! The words and rules as they are built in, for the tests of every layer.

use std::sync::LazyLock;

use crate::{edge::config, model::editorial::Editorial};

pub(crate) static EDITORIAL: LazyLock<Editorial> =
    LazyLock::new(|| config::shipped_editorial().expect("a test of the configuration holds it in order"));
