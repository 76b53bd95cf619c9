//! Whether two items tell one story, and with which numbers.

use std::{collections::BTreeSet, fmt};

use jiff::{SignedDuration, Timestamp};

use super::{
    traits::{Said, Traits},
    vetoes::{Veto, veto},
};
use crate::model::{source::SourceKey, story::Mark};

/// How far apart two tellings of one story may be. News is retold within hours; after a week the same words tell of
/// something else. Longer only by an exact mark.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How far apart two items are taken to be of which one has no date, in days: half of what a week's window leaves open,
/// as the score counts it.
const DAYS_UNKNOWN: f32 = 1.0;

// The score is a sum of what speaks for one story and against it; two tell one story from 0 on. The numbers are those of
// a logistic regression on labelled pairs, rounded.
const LESS_COVERED: f32 = 3.0;
const MORE_COVERED: f32 = 2.9;
const SHARED: f32 = 1.44;
const DAYS: f32 = -2.0;
const SAME_SOURCE: f32 = -1.8;
const NONE: f32 = -8.8;

/// Least that the other must say of one of the titles: a text alone, however much of it is shared, is a publisher's habit.
const TITLE_MIN: f32 = 0.25;

/// Least that the titles of two items that one source lists apart must say of each other: it lists them apart because
/// they are two, or because it has put one of them out twice.
const OWN_TITLES_MIN: f32 = 0.6;

/// What a registered trial's number in both is worth: it is no proof, since a trial begins, ends and reports.
const TRIAL: f32 = 4.0;

/// An item as two are held against each other.
#[derive(Debug, Clone)]
pub(super) struct Witness {
    pub(super) source: SourceKey,
    pub(super) marks: Vec<Mark>,
    /// Where it stands among the others, and whether by a date of its own.
    pub(super) at: Timestamp,
    pub(super) dated: bool,
    pub(super) traits: Traits,
}

/// How two items were held against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub veto: Option<Veto>,
    /// From 0 on they tell one story.
    pub score: f32,
    /// How much of the one's title the other says, in title or text; of both directions the lesser.
    pub less_covered: f32,
    pub more_covered: f32,
    /// What they share, in bits.
    pub shared: f32,
    /// The rarest words that they share.
    pub words: Vec<String>,
    pub days: f32,
    /// Their source lists them apart.
    pub same_source: bool,
    pub too_far: bool,
    /// Their titles say too little of each other, whatever the texts do.
    pub unlike: bool,
}

/// Most words that a verdict names.
const WORDS_NAMED: usize = 8;

impl Verdict {
    pub fn is_one_story(&self) -> bool {
        self.veto.is_none() && !self.too_far && !self.unlike && self.score >= 0.0
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:+.1}: {:.0} and {:.0} % of the titles, {:.0} bits ({}), {:.1} days",
            self.score,
            self.less_covered * 100.0,
            self.more_covered * 100.0,
            self.shared,
            self.words.join(" "),
            self.days
        )?;
        if self.same_source {
            f.write_str(", listed apart by one source")?;
        }
        if self.too_far {
            f.write_str("; too far apart")?;
        }
        if self.unlike {
            f.write_str("; the titles say too little of each other")?;
        }
        match &self.veto {
            Some(veto) => write!(f, "; {veto}"),
            None => Ok(()),
        }
    }
}

/// What two DOIs tell of two items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Articles {
    /// Two articles of journals.
    Two,
    /// An article, and what its own publisher says of it.
    Companions,
    Unknown,
}

/// DOIs under which a publisher of journals tells news of them.
const NEWS_OF_JOURNALS: [&str; 1] = ["doi:10.1038/d"];

/// DOIs of preprints, of which the article in a journal has another: bioRxiv and medRxiv (two), Research Square, arXiv,
/// SSRN, Preprints.org.
const PREPRINTS: [&str; 6] = [
    "doi:10.1101/",
    "doi:10.64898/",
    "doi:10.21203/",
    "doi:10.48550/",
    "doi:10.2139/",
    "doi:10.20944/",
];

fn articles(one: &Witness, other: &Witness) -> Articles {
    let doi = |witness: &'_ Witness| witness.marks.iter().find(|mark| mark.starts_with("doi:")).cloned();
    let (Some(one), Some(other)) = (doi(one), doi(other)) else {
        return Articles::Unknown;
    };
    let among = |prefixes: &[&str], doi: &str| prefixes.iter().any(|prefix| doi.starts_with(prefix));
    let (news, other_news) = (among(&NEWS_OF_JOURNALS, &one), among(&NEWS_OF_JOURNALS, &other));
    if news != other_news {
        Articles::Companions
    } else if one == other || among(&PREPRINTS, &one) != among(&PREPRINTS, &other) {
        Articles::Unknown
    } else {
        Articles::Two
    }
}

/// Depends on the two alone.
pub(super) fn judge(one: &Witness, other: &Witness) -> Verdict {
    let (a, b) = (&one.traits, &other.traits);
    let one_page = one.marks.iter().any(|mark| other.marks.contains(mark));
    let articles = articles(one, other);
    let same_source = one.source == other.source && !one_page && articles != Articles::Companions;
    let (covered, other_covered) = (a.title.covered_by(&b.all), b.title.covered_by(&a.all));
    let (less_covered, more_covered) = (covered.min(other_covered), covered.max(other_covered));
    let words = shared(&a.all, &b.all);
    let weight: f32 = words.iter().map(|(_, weight)| weight).sum();
    let gap = one.at.duration_since(other.at).abs();
    let days = if one.dated && other.dated {
        gap.as_hours() as f32 / 24.0
    } else {
        DAYS_UNKNOWN
    };
    let titles = a.title.covered_by(&b.title).min(b.title.covered_by(&a.title));
    let two_of_a_series = numbers(&a.headline) != numbers(&b.headline);
    let unlike = more_covered < TITLE_MIN || (same_source && (titles < OWN_TITLES_MIN || two_of_a_series));
    let trial = !a.all.trials.is_disjoint(&b.all.trials);
    let score = LESS_COVERED * less_covered
        + MORE_COVERED * more_covered
        + SHARED * (1.0 + weight).log2()
        + DAYS * (1.0 + days).log2()
        + if same_source { SAME_SOURCE } else { 0.0 }
        + if trial { TRIAL } else { 0.0 }
        + NONE;
    Verdict {
        veto: match articles {
            Articles::Two => Some(Veto::Articles),
            Articles::Companions | Articles::Unknown => veto(a, b, one_page),
        },
        score,
        less_covered,
        more_covered,
        shared: weight,
        words: words
            .into_iter()
            .take(WORDS_NAMED)
            .map(|(word, _)| word.to_owned())
            .collect(),
        days,
        same_source,
        too_far: gap > WINDOW,
        unlike,
    }
}

/// The words of a headline that have digits: `1`, `58a`, `rc2`.
fn numbers(headline: &str) -> BTreeSet<&str> {
    let words = headline.split(' ');
    words.filter(|word| word.bytes().any(|b| b.is_ascii_digit())).collect()
}

/// What both say, the rarest first.
fn shared<'a>(one: &'a Said, other: &Said) -> Vec<(&'a str, f32)> {
    let mut shared: Vec<_> = one
        .words
        .iter()
        .filter(|(word, _)| other.words.contains_key(*word))
        .map(|(word, weight)| (word.as_str(), *weight))
        .collect();
    shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    shared
}
