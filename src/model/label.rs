//! What news is about, in a word or two.

use serde::Serialize;

use super::phrases::Phrases;

/// A tumour site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Site {
    Breast,
    Prostate,
    Lung,
    Colorectal,
    Ovarian,
    /// Cervix, endometrium, vulva.
    Gynae,
    Haematological,
    Skin,
    Brain,
    /// Oesophagus, stomach, pancreas, liver, bile ducts.
    UpperGi,
    /// Bladder, kidney, testis, penis.
    Urological,
    /// With the thyroid.
    HeadNeck,
    Sarcoma,
    Paediatric,
}

impl Site {
    pub const ALL: [Self; 14] = [
        Self::Breast,
        Self::Prostate,
        Self::Lung,
        Self::Colorectal,
        Self::Ovarian,
        Self::Gynae,
        Self::Haematological,
        Self::Skin,
        Self::Brain,
        Self::UpperGi,
        Self::Urological,
        Self::HeadNeck,
        Self::Sarcoma,
        Self::Paediatric,
    ];

    /// As it is written in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breast => "breast",
            Self::Prostate => "prostate",
            Self::Lung => "lung",
            Self::Colorectal => "colorectal",
            Self::Ovarian => "ovarian",
            Self::Gynae => "gynae",
            Self::Haematological => "haematological",
            Self::Skin => "skin",
            Self::Brain => "brain",
            Self::UpperGi => "uppergi",
            Self::Urological => "urological",
            Self::HeadNeck => "headneck",
            Self::Sarcoma => "sarcoma",
            Self::Paediatric => "paediatric",
        }
    }

    /// As readers see it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Breast => "Breast cancer",
            Self::Prostate => "Prostate cancer",
            Self::Lung => "Lung cancer",
            Self::Colorectal => "Colorectal cancer",
            Self::Ovarian => "Ovarian cancer",
            Self::Gynae => "Gynaecological cancers",
            Self::Haematological => "Haematological cancers",
            Self::Skin => "Skin cancer",
            Self::Brain => "Brain tumours",
            Self::UpperGi => "Upper GI cancers",
            Self::Urological => "Urological cancers",
            Self::HeadNeck => "Head and neck cancers",
            Self::Sarcoma => "Sarcoma",
            Self::Paediatric => "Children's cancers",
        }
    }
}

/// What kind of news it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NewsType {
    Research,
    Trial,
    /// A regulator's decision.
    Regulatory,
    /// A guideline, or what governments and payers decide.
    Policy,
    /// Service and practice.
    Practice,
    Preprint,
    Event,
    Opinion,
    Business,
    /// A patient's story.
    Patient,
}

impl NewsType {
    pub const ALL: [Self; 10] = [
        Self::Research,
        Self::Trial,
        Self::Regulatory,
        Self::Policy,
        Self::Practice,
        Self::Preprint,
        Self::Event,
        Self::Opinion,
        Self::Business,
        Self::Patient,
    ];

    /// As it is written in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Research => "research",
            Self::Trial => "trial",
            Self::Regulatory => "regulatory",
            Self::Policy => "policy",
            Self::Practice => "practice",
            Self::Preprint => "preprint",
            Self::Event => "event",
            Self::Opinion => "opinion",
            Self::Business => "business",
            Self::Patient => "patient",
        }
    }

    /// As readers see it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Research => "Research",
            Self::Trial => "Trial",
            Self::Regulatory => "Regulatory decision",
            Self::Policy => "Guideline or policy",
            Self::Practice => "Service and practice",
            Self::Preprint => "Preprint",
            Self::Event => "Event",
            Self::Opinion => "Opinion",
            Self::Business => "Business",
            Self::Patient => "Patient story",
        }
    }
}

/// What has become of a paper after it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Notice {
    Corrected,
    /// Editors doubt it, and have not decided.
    Questioned,
    Retracted,
}

/// The labels of one item, or of a story: those of its lead, with what any teller knows of its paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Labels {
    /// All that are meant alike; empty where none is.
    pub sites: Vec<Site>,
    pub news_type: Option<NewsType>,
    /// Not reviewed by peers yet.
    pub preprint: bool,
    pub notice: Option<Notice>,
}

impl Notice {
    /// As readers see it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Corrected => "Corrected",
            Self::Questioned => "Expression of concern",
            Self::Retracted => "Retracted",
        }
    }
}

impl Labels {
    /// As readers see them, what they must know first.
    pub fn titles(&self) -> Vec<&'static str> {
        let preprint = self.preprint.then_some(NewsType::Preprint.title());
        let news_type = self
            .news_type
            .filter(|kind| *kind != NewsType::Preprint)
            .map(NewsType::title);
        let notice = self.notice.map(Notice::title);
        let first = notice.into_iter().chain(preprint).chain(news_type);
        first.chain(self.sites.iter().map(|site| site.title())).collect()
    }
}

/// What a word says of the news in which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Site(Site),
    /// Something that belongs to a site for the most part: a medicine, a test.
    Hint(Site),
    NewsType(NewsType),
}

/// The words by which news is labelled.
#[derive(Debug, Default, PartialEq)]
pub struct LabelWords(pub Phrases<Word>);

/// A word or a few, as their list has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub meaning: Meaning,
}
