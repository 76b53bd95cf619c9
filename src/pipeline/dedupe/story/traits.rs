//! What of an item's words tells its story from others.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    concepts::{Concept, Event, concepts},
    words::{RARE, is_number, stem},
};

/// Most of a text that is compared, in characters. What news is, its first sentences say; what follows is background, which
/// two publishers choose differently.
const TEXT_CHARS_MAX: usize = 400;

/// Least that a word must say to be compared, in bits.
const WEIGHT_MIN: f32 = 3.0;

/// Most words that an item is found by. Of 16, nineteen in twenty pairs that tell one story share enough.
const CLUES_MAX: usize = 16;

/// What an item says, in terms that can be held against another's.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Traits {
    pub(super) title: Said,
    /// Title and text.
    pub(super) all: Said,
    /// The title's concepts in their order, as one line.
    pub(super) headline: String,
    /// As `headline`, without numbers: columns of one series have it in common.
    pub(super) series: String,
    /// What its title says is to be decided, or may be.
    pub(super) planned: BTreeSet<Event>,
    /// It leaves open whether that is to come, or has.
    pub(super) open: bool,
    /// It carries other news, too.
    pub(super) digest: bool,
    /// It is about another article: a correction, a reply, an editor's comment.
    pub(super) notice: bool,
    /// Its news is what somebody says of other news.
    pub(super) reaction: bool,
}

/// The concepts of a text, and which of them two stories never differ in.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Said {
    /// By name, with their weights; only those that say enough.
    pub(super) words: BTreeMap<String, f32>,
    pub(super) events: BTreeSet<Event>,
    pub(super) places: BTreeSet<&'static str>,
    pub(super) sites: BTreeSet<&'static str>,
    pub(super) medicines: BTreeSet<String>,
    pub(super) phases: BTreeSet<String>,
    /// Registered trials: `nct01584258`.
    pub(super) trials: BTreeSet<String>,
}

impl Said {
    /// How much of it the other says, too, by weight.
    pub(super) fn covered_by(&self, other: &Self) -> f32 {
        let both = self.words.iter().filter(|(word, _)| other.words.contains_key(*word));
        let covered: f32 = both.map(|(_, weight)| weight).sum();
        let whole = self.weight();
        if whole > 0.0 { covered / whole } else { 0.0 }
    }

    fn weight(&self) -> f32 {
        self.words.values().sum()
    }

    fn of(concepts: &[Concept]) -> Self {
        let mut said = Self::default();
        for concept in concepts {
            let name = concept.name.as_str();
            if concept.weight >= WEIGHT_MIN {
                said.words.insert(name.to_owned(), concept.weight);
            }
            said.events.extend(concept.event);
            said.places.extend(PLACE_OF.get(name));
            said.sites.extend(SITE_OF.get(name));
            if is_medicine(name) {
                said.medicines.insert(name.to_owned());
            }
            if matches!(name, "phase1" | "phase2" | "phase3") {
                said.phases.insert(name.to_owned());
            }
            if is_trial(name) {
                said.trials.insert(name.to_owned());
            }
        }
        said
    }
}

/// Where something is decided, and the words for it.
const PLACES: [(&str, &str); 15] = [
    ("us", "us fda america congress medicare cms"),
    ("uk", "uk nhs nice mhra england scotland wales"),
    ("eu", "eu ec ema chmp europe european"),
    ("japan", "japan japanese"),
    ("canada", "canada canadian"),
    ("china", "china chinese nmpa"),
    ("india", "india indian"),
    ("australia", "australia australian tga pbs"),
    ("philippines", "philippine philippines"),
    ("germany", "germany german"),
    ("france", "france french"),
    ("italy", "italy italian"),
    ("israel", "israel israeli"),
    ("russia", "russia russian"),
    ("africa", "africa african"),
];

/// Tumour sites, and the words for them as concepts name them.
const SITES: [(&str, &str); 22] = [
    ("breast", "breast"),
    ("prostate", "prostate"),
    ("lung", "lung"),
    ("bowel", "bowel"),
    ("rectum", "rectal"),
    ("ovary", "ovarian ovary"),
    ("cervix", "cervical cervix"),
    ("uterus", "endometrial uterine endometrium"),
    ("blood", "blood"),
    ("skin", "skin"),
    ("brain", "brain"),
    ("pancreas", "pancreatic pancreas"),
    ("stomach", "gastric stomach"),
    ("oesophagus", "oesophageal oesophagus"),
    ("liver", "liver"),
    ("kidney", "kidney"),
    ("bladder", "bladder urothelial"),
    ("thyroid", "thyroid"),
    ("head and neck", "neck laryngeal oral"),
    ("bile duct", "biliary cholangiocarcinoma"),
    ("soft tissue", "sarcoma"),
    ("testis", "testicular"),
];

/// Such a table by its words, as they are and as their stems.
fn by_word(table: &[(&'static str, &'static str)]) -> HashMap<String, &'static str> {
    let words = table
        .iter()
        .flat_map(|(class, words)| words.split(' ').map(move |word| (word, *class)));
    words
        .flat_map(|(word, class)| [(word.to_owned(), class), (stem(word), class)])
        .collect()
}

static PLACE_OF: LazyLock<HashMap<String, &str>> = LazyLock::new(|| by_word(&PLACES));
static SITE_OF: LazyLock<HashMap<String, &str>> = LazyLock::new(|| by_word(&SITES));

/// Stems of international non-proprietary names, and of classes that are named like them.
const MEDICINE_ENDINGS: [&str; 31] = [
    "mab",
    "nib",
    "ciclib",
    "parib",
    "lisib",
    "rasib",
    "limus",
    "platin",
    "taxel",
    "rubicin",
    "tecan",
    "citabin",
    "zomib",
    "inostat",
    "estrant",
    "degestrant",
    "lutamid",
    "teron",
    "leucel",
    "sertib",
    "clax",
    "tid",
    "vir",
    "quin",
    "quine",
    "sone",
    "gliflozin",
    "vedotin",
    "deruxtecan",
    "rsen",
    "siran",
];

/// Shortest such name, in characters: `tid` ends common words as well.
const MEDICINE_CHARS_MIN: usize = 8;

fn is_medicine(name: &str) -> bool {
    name.len() >= MEDICINE_CHARS_MIN
        && name.bytes().all(|b| b.is_ascii_lowercase())
        && MEDICINE_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// ClinicalTrials.gov and ISRCTN numbers.
fn is_trial(name: &str) -> bool {
    let digits = name.strip_prefix("nct").or(name.strip_prefix("isrctn"));
    digits.is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant expression, compiled by every test")
}

/// What stands before the headline proper.
static KICKER: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)^(?:stat\+|updated?|coronavirus|covid|flexible fallback|breaking(?: news)?|exclusive|watch|video|news release|press release|just in|jpm\d*|asco\d*|esmo\d*)\s*:\s+",
    )
});
static PLANNED: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)\b(?:may|might|could|plans?|set to|considering|considers?|mulls?|weighs?|eyes|aims? to|hopes? to|poised to|primed for|proposes?)\b",
    )
});
static OPEN: LazyLock<Regex> =
    LazyLock::new(|| expression(r"(?i)\b(?:will|to|reportedly|seeks?|expects?|wants?|would|should)\b"));
static DIGEST: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)we.re reading|\band more\W*$|this week in|live updates?|live news|briefing:|round-?up|\bdigest\b|podcast|q&a|newsletter|what to know|headlines|;",
    )
});
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)^\W*(?:author |publisher |editorial )?(?:correction|corrigendum|erratum|errata|retraction|retracted|expression of concern|reply|response|re|letter|comment|editorial comment|editorial|withdrawn)(?:\s+by authors?)?\s*(?:to|on|:|by|\]|$)",
    )
});
static REACTION: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?i)\b(?:tributes?|reacts?|reaction|mourns?|remembers?|honou?rs?|obituary|funeral|legacy|responds?|analysis|explain|why|how to|watch|profile|opinion|speculation|slams?|masterpieces)\b",
    )
});

impl Traits {
    /// Of a title, and of a text without its boilerplate.
    pub(super) fn of(title: &str, text: &str) -> Self {
        let title = without_kickers(title);
        let text = match text.char_indices().nth(TEXT_CHARS_MAX) {
            Some((end, _)) => &text[..end],
            None => text,
        };
        let told = concepts(title);
        let all: Vec<_> = told.iter().cloned().chain(concepts(text)).collect();
        let planned = PLANNED.find(title).map(|plan| &title[plan.end()..]);
        Self {
            headline: joined(told.iter()),
            series: joined(told.iter().filter(|concept| !is_number(&concept.name))),
            planned: planned.map(decisions).unwrap_or_default(),
            open: planned.is_none() && OPEN.is_match(title),
            digest: DIGEST.is_match(title),
            notice: NOTICE.is_match(title),
            reaction: REACTION.is_match(title),
            title: Said::of(&told),
            all: Said::of(&all),
        }
    }

    /// The words that an item is found by: its rarest, those of its title first.
    pub(super) fn clues(&self) -> Vec<String> {
        let mut words: Vec<_> = self
            .all
            .words
            .iter()
            .filter(|(word, _)| !word.starts_with('@'))
            .collect();
        let rank = |word: &str, weight: f32| {
            let rarest_first = ((RARE - weight) * 2.0) as u32;
            (!is_trial(word), rarest_first, !self.title.words.contains_key(word))
        };
        words.sort_by_key(|(word, weight)| (rank(word, **weight), (*word).clone()));
        words
            .into_iter()
            .take(CLUES_MAX)
            .map(|(word, _)| word.clone())
            .collect()
    }
}

fn decisions(text: &str) -> BTreeSet<Event> {
    let events = concepts(text).into_iter().filter_map(|concept| concept.event);
    events.filter(|event| event.is_decision()).collect()
}

fn joined<'a>(concepts: impl Iterator<Item = &'a Concept>) -> String {
    concepts
        .map(|concept| concept.name.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn without_kickers(title: &str) -> &str {
    let mut rest = title.trim_start();
    while let Some(kicker) = KICKER.find(rest) {
        rest = &rest[kicker.end()..];
    }
    rest
}
