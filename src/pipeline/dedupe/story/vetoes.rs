//! What makes two stories of two items, however alike their words are.

use std::{collections::BTreeSet, fmt};

use super::{
    concepts::Event,
    traits::{Said, Traits},
};

/// Why two items are no one story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Veto {
    /// One is about the other: a correction, a reply, an editor's comment.
    Notice,
    /// One of them carries other news, too.
    Digest,
    /// One says what may be, the other what is.
    Planned,
    /// One is what somebody says of the other's news.
    Reaction,
    /// Decided in two places.
    Places(String),
    Sites(String),
    Medicines(String),
    Phases(String),
    /// Two stages of one matter.
    Stages(String),
    /// Two numbers of one series.
    Series,
    /// Two articles with DOIs of their own.
    Articles,
}

impl fmt::Display for Veto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notice => f.write_str("one is a correction of, a reply to or a comment on another article"),
            Self::Digest => f.write_str("one carries other news, too"),
            Self::Planned => f.write_str("one says what may be, the other what is"),
            Self::Reaction => f.write_str("one is a reaction"),
            Self::Places(which) => write!(f, "two places ({which})"),
            Self::Sites(which) => write!(f, "two tumour sites ({which})"),
            Self::Medicines(which) => write!(f, "two medicines ({which})"),
            Self::Phases(which) => write!(f, "two phases ({which})"),
            Self::Stages(which) => write!(f, "two stages ({which})"),
            Self::Series => f.write_str("two numbers of one series"),
            Self::Articles => f.write_str("two articles with DOIs of their own"),
        }
    }
}

/// What every word for a medicine stands for.
const MEDICINE: &str = "drug";

/// Stages of one matter, of which no piece of news tells both as its own.
const STAGES: [(Event, Event); 10] = [
    (Event::Hospital, Event::Death),
    (Event::Rejection, Event::Approval),
    (Event::Withdrawal, Event::Approval),
    (Event::Start, Event::Approval),
    (Event::Warning, Event::Approval),
    (Event::Lawsuit, Event::Settlement),
    (Event::Opinion, Event::Approval),
    (Event::Inquiry, Event::Dismissal),
    (Event::Inquiry, Event::Charge),
    (Event::Charge, Event::Sentence),
];

/// The first veto that holds. `one_page`: they have their page in common, so that only a headline that tells of other
/// news makes them two.
pub(super) fn veto(one: &Traits, other: &Traits, one_page: bool) -> Option<Veto> {
    let told_alike = one.headline == other.headline;
    if one.notice != other.notice {
        return Some(Veto::Notice);
    }
    if (one.digest || other.digest) && !told_alike && !one_page {
        return Some(Veto::Digest);
    }
    if !told_alike && !one_page && one.series == other.series {
        return Some(Veto::Series);
    }
    if is_planned_of(one, other) || is_planned_of(other, one) {
        return Some(Veto::Planned);
    }
    if is_reaction(one, other, told_alike || one_page) {
        return Some(Veto::Reaction);
    }
    differ(one, other, |said| &said.places)
        .map(Veto::Places)
        .or_else(|| differ(one, other, |said| &said.sites).map(Veto::Sites))
        .or_else(|| differ(one, other, |said| &said.medicines).map(Veto::Medicines))
        .or_else(|| differ(one, other, |said| &said.phases).map(Veto::Phases))
        .or_else(|| stages(one, other).map(Veto::Stages))
        .or_else(|| {
            of_a_medicine(one, other)
                .or_else(|| of_a_medicine(other, one))
                .map(Veto::Medicines)
        })
}

/// Whether one says that something may be decided which the other says is, or which the other does not speak of.
fn is_planned_of(one: &Traits, other: &Traits) -> bool {
    if one.planned.is_empty() || !other.planned.is_empty() || other.open {
        return false;
    }
    let mut decisions = other.title.events.iter().filter(|event| event.is_decision()).peekable();
    decisions.peek().is_none() || decisions.any(|event| one.planned.contains(event))
}

/// Deaths and illness are told once, and then talked of.
fn is_reaction(one: &Traits, other: &Traits, same: bool) -> bool {
    let of_a_life = |said: &Said| said.events.contains(&Event::Death) || said.events.contains(&Event::Hospital);
    if one.reaction != other.reaction {
        return of_a_life(&one.title) || of_a_life(&other.title);
    }
    let both_of_a_death = one.all.events.contains(&Event::Death) && other.all.events.contains(&Event::Death);
    one.reaction && both_of_a_death && !same
}

/// What two titles name differently, and neither text mentions of the other's.
fn differ<T: Ord + fmt::Display>(
    one: &Traits,
    other: &Traits,
    which: impl Fn(&Said) -> &BTreeSet<T>,
) -> Option<String> {
    let (a, b) = (which(&one.title), which(&other.title));
    let mentioned = a.is_subset(which(&other.all)) || b.is_subset(which(&one.all));
    if a.is_empty() || b.is_empty() || !a.is_disjoint(b) || mentioned {
        return None;
    }
    let named = |set: &BTreeSet<T>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Some(format!("{} and {}", named(a), named(b)))
}

/// A decision on a medicine, and one on something else.
fn of_a_medicine(one: &Traits, other: &Traits) -> Option<String> {
    let decided = |event: &Event| event.is_decision() && other.title.events.contains(event);
    let named = &one.title.medicines;
    let of_no_medicine = !other.title.words.contains_key(MEDICINE) && named.is_disjoint(&other.all.medicines);
    (other.title.medicines.is_empty() && of_no_medicine && one.title.events.iter().any(decided))
        .then(|| named.first().map(|medicine| format!("{medicine} and something else")))
        .flatten()
}

fn stages(one: &Traits, other: &Traits) -> Option<String> {
    let apart = |early: Event, a: &Traits, late: Event, b: &Traits| {
        a.title.events.contains(&early)
            && b.title.events.contains(&late)
            && !b.all.events.contains(&early)
            && !a.title.events.contains(&late)
    };
    let found = STAGES
        .iter()
        .find(|(early, late)| apart(*early, one, *late, other) || apart(*early, other, *late, one));
    found.map(|(early, late)| format!("{early:?} and {late:?}").to_lowercase())
}
