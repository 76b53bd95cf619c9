//! What publishers put around their prose, as rules.

mod habit;
mod phrase;

pub use self::habit::{Habit, Place};

/// All rules, in the order in which they are tried.
#[derive(Debug, Default, PartialEq)]
pub struct Boilerplate {
    habits: Vec<Habit>,
}

impl Boilerplate {
    pub fn new(habits: Vec<Habit>) -> Self {
        Self { habits }
    }

    pub fn habits(&self) -> &[Habit] {
        &self.habits
    }

    /// As they hold for a source that has habits of its own.
    pub fn with<'a>(&'a self, own: &'a [Habit]) -> Habits<'a> {
        Habits { own, all: &self.habits }
    }
}

/// The rules that hold for one source.
#[derive(Debug, Clone, Copy)]
pub struct Habits<'a> {
    own: &'a [Habit],
    all: &'a [Habit],
}

impl<'a> Habits<'a> {
    /// The source's own come first: its editor has read what it sends.
    pub fn at(self, place: Place) -> impl Iterator<Item = &'a Habit> {
        let habits = self.own.iter().chain(self.all);
        habits.filter(move |habit| habit.place() == place)
    }
}
