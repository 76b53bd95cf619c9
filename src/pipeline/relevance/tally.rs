//! What the phrases of a text are worth.

use std::collections::HashMap;

use super::{Place, Share, hits::Hits};
use crate::model::{
    source::Outlet,
    vocabulary::{Factors, Family, Kind, Meaning, Vocabulary},
};

/// What a phrase that speaks of cancer is worth when it comes again outside the title: twice it may be, since an article
/// comes back to its subject.
const AGAIN: f64 = 0.5;
const AGAIN_MAX: usize = 2;

/// What somebody's age between commas is worth in a title, and elsewhere.
const AGE: (&str, f64, f64) = ("an age between commas", -1.6, -0.6);

/// Each phrase's share, in the order in which they appear.
pub(super) fn shares(hits: &Hits<'_>, vocabulary: &Vocabulary, outlet: Option<Outlet>) -> Vec<Share> {
    let factors = vocabulary.outlets.of(outlet);
    let mut tally = Tally::new(hits, vocabulary, factors);
    for (place, meaning) in &hits.phrases {
        tally.count(*place, meaning);
    }
    for place in [Place::Title, Place::Summary] {
        if hits.ages.contains(&place) {
            let points = if place == Place::Title { AGE.1 } else { AGE.2 };
            tally.add(place, AGE.0, usize::MAX, points * factors.people, false);
        }
    }
    tally.finish()
}

struct Tally<'a> {
    vocabulary: &'a Vocabulary,
    factors: &'a Factors,
    /// Whether the title names cancer, so that other diseases beside it are part of the subject.
    named: bool,
    /// What each group may still add outside the title, without its sign.
    left: Vec<f64>,
    /// How often a phrase was met, in the title and elsewhere.
    met: HashMap<(usize, bool), usize>,
    counted: Vec<Counted<'a>>,
    at: HashMap<(usize, Place), usize>,
}

struct Counted<'a> {
    phrase: &'a str,
    place: Place,
    points: f64,
    medicine: bool,
}

impl<'a> Tally<'a> {
    fn new(hits: &Hits<'_>, vocabulary: &'a Vocabulary, factors: &'a Factors) -> Self {
        let names = |(place, meaning): &(Place, &Meaning)| *place == Place::Title && meaning.kind == Kind::Cancer;
        let most = |group: &crate::model::vocabulary::Group| group.text_most * factors.of(group.kind.family());
        Self {
            vocabulary,
            factors,
            named: hits.phrases.iter().any(names),
            left: vocabulary.groups.iter().map(most).collect(),
            met: HashMap::new(),
            counted: vec![],
            at: HashMap::new(),
        }
    }

    fn count(&mut self, place: Place, meaning: &'a Meaning) {
        let titled = place == Place::Title;
        let met = self.met.entry((meaning.id, titled)).or_default();
        let times = *met;
        *met += 1;
        let Some(group) = self.vocabulary.groups.get(meaning.group) else {
            return;
        };
        let again = match (times, titled, meaning.kind.family()) {
            (0, _, _) => 1.0,
            (1..=AGAIN_MAX, false, Family::Cancer) => AGAIN,
            _ => return,
        };
        let factor = self.factors.of(meaning.kind.family());
        let points = match titled {
            true if meaning.kind == Kind::Disease && self.named => return,
            true => group.title * factor,
            false => self.within(meaning.group, group.text * factor * again),
        };
        self.add(place, &meaning.name, meaning.id, points, meaning.kind == Kind::Medicine);
    }

    /// As much of it as the group may still add.
    fn within(&mut self, group: usize, points: f64) -> f64 {
        let Some(left) = self.left.get_mut(group) else {
            return 0.0;
        };
        let points = points.clamp(-*left, *left);
        *left -= points.abs();
        points
    }

    fn add(&mut self, place: Place, phrase: &'a str, id: usize, points: f64, medicine: bool) {
        if let Some(known) = self.at.get(&(id, place)).and_then(|at| self.counted.get_mut(*at)) {
            known.points += points;
            return;
        }
        self.at.insert((id, place), self.counted.len());
        self.counted.push(Counted {
            phrase,
            place,
            points,
            medicine,
        });
    }

    /// Medicine adds no more than its share of what speaks of cancer.
    fn finish(self) -> Vec<Share> {
        let other = self.counted.iter().filter(|counted| !counted.medicine);
        let mut left = other.map(|counted| counted.points).sum::<f64>().max(0.0) * self.factors.medicine_share;
        let shares = self.counted.into_iter().map(|counted| {
            let points = if counted.medicine {
                counted.points.min(left)
            } else {
                counted.points
            };
            if counted.medicine {
                left -= points;
            }
            Share {
                phrase: counted.phrase.to_owned(),
                place: counted.place,
                points,
            }
        });
        shares.filter(|share| share.points.abs() > 0.005).collect()
    }
}
