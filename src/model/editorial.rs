//! What editors know about news, as data: read from files of their own, so that they can add to it.

use std::sync::Arc;

use super::{
    boilerplate::{Boilerplate, Habits},
    label::LabelWords,
    lexicon::Lexicon,
    source::Source,
};

/// The words and rules by which news is judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Editorial {
    pub lexicon: Arc<Lexicon>,
    pub labels: Arc<LabelWords>,
    pub boilerplate: Arc<Boilerplate>,
}

impl Editorial {
    /// What an item's source puts around its prose; `None` for one that is no longer in feeds.toml.
    pub fn habits<'a>(&'a self, source: Option<&'a Source>) -> Habits<'a> {
        self.boilerplate.with(source.map_or(&[], |source| &source.boilerplate))
    }
}
