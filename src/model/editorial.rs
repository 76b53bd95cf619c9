//! What editors know about news, as data: read from files of their own, so that they can add to it.

use std::sync::Arc;

use super::{boilerplate::Boilerplate, label::LabelWords, lexicon::Lexicon};

/// The words and rules by which news is judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Editorial {
    pub lexicon: Arc<Lexicon>,
    pub labels: Arc<LabelWords>,
    pub boilerplate: Arc<Boilerplate>,
}
