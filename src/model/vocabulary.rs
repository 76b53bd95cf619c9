//! What words say of cancer: the nouns of the lexicon's part on relevance.

use super::{phrases::Phrases, source::Outlet};

/// What the phrases of a group are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Names a tumour, oncology, or a medicine that treats nothing else.
    Cancer,
    /// Speaks of cancer more often than not.
    Hint,
    /// Medicine and research: says something only beside what speaks of cancer.
    Medicine,
    /// Somebody's life, not medicine.
    People,
    /// Another disease: in a title it counts only where nothing names cancer beside it.
    Disease,
    /// Any other subject.
    Other,
    /// The words mean something else, and count for nothing but this.
    Instead,
}

/// Groups that compete for the words of a text: each word counts once in each family, in the longest phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    Cancer,
    Medicine,
    People,
    Other,
    /// Takes its words from all.
    Instead,
}

impl Family {
    pub const ALL: [Self; 5] = [Self::Cancer, Self::Medicine, Self::People, Self::Other, Self::Instead];
}

impl Kind {
    pub fn family(self) -> Family {
        match self {
            Self::Cancer | Self::Hint => Family::Cancer,
            Self::Medicine => Family::Medicine,
            Self::People => Family::People,
            Self::Disease | Self::Other => Family::Other,
            Self::Instead => Family::Instead,
        }
    }
}

/// Phrases that say the same, with what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub name: String,
    pub kind: Kind,
    pub title: f64,
    /// In a summary or a category.
    pub text: f64,
    /// Most that all of them together are worth outside the title.
    pub text_most: f64,
}

/// What a phrase stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// Of [`Vocabulary::groups`].
    pub group: usize,
    pub kind: Kind,
    /// The same for all names of a medicine.
    pub id: usize,
    /// As the editor wrote it; of a medicine its international name.
    pub name: String,
    pub medicine: bool,
}

/// How much each family counts in one sort of outlet; 1 is as written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Factors {
    pub cancer: f64,
    pub medicine: f64,
    pub people: f64,
    pub other: f64,
    /// What medicine may add, as a share of what speaks of cancer.
    pub medicine_share: f64,
}

impl Factors {
    pub fn of(&self, family: Family) -> f64 {
        match family {
            Family::Cancer => self.cancer,
            Family::Medicine => self.medicine,
            Family::People => self.people,
            Family::Other => self.other,
            Family::Instead => 1.0,
        }
    }
}

/// [`Factors`] for every sort of outlet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlets {
    pub journal: Factors,
    pub trade: Factors,
    pub general: Factors,
    pub regulator: Factors,
    pub charity: Factors,
    /// Where a source does not say what it is.
    pub unknown: Factors,
}

impl Outlets {
    pub fn of(&self, outlet: Option<Outlet>) -> &Factors {
        match outlet {
            Some(Outlet::Journal) => &self.journal,
            Some(Outlet::Trade) => &self.trade,
            Some(Outlet::General) => &self.general,
            Some(Outlet::Regulator) => &self.regulator,
            Some(Outlet::Charity) => &self.charity,
            None => &self.unknown,
        }
    }
}

/// Everything that a score is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// From here on news is about cancer.
    pub relevant_from: f64,
    pub outlets: Outlets,
    pub groups: Vec<Group>,
    pub phrases: Phrases<Meaning>,
    pub non_news: Vec<NonNews>,
}

/// What is no news: adverts, tables of contents.
#[derive(Debug, Clone, PartialEq)]
pub struct NonNews {
    pub name: String,
    /// At the beginning of a title.
    pub begins: Phrases<String>,
    /// Anywhere in a title.
    pub contains: Phrases<String>,
    /// The whole title.
    pub whole: Phrases<String>,
    /// The whole of a category.
    pub categories: Phrases<String>,
    /// Errata are news where they are about cancer.
    pub unless_relevant: bool,
}
