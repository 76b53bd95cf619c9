//! What words say about news, as editors list them.

use super::vocabulary::Vocabulary;

/// All that `lexicon.toml` holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lexicon {
    /// What words say of cancer.
    pub vocabulary: Vocabulary,
}
