//! A figure and its line.

use std::fmt;

/// How often a yes was right.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    /// Said yes, and it was.
    pub(crate) right: usize,
    /// Said yes, and it was not.
    pub(crate) wrong: usize,
    /// Said no, and it was.
    pub(crate) missed: usize,
}

impl Counts {
    pub(crate) fn count(&mut self, said: bool, is: bool) {
        match (said, is) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    pub(crate) fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    pub(crate) fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    pub(crate) fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    /// Prints its line.
    pub(crate) fn tell(self, name: &str) {
        println!("{name}: {self}");
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "precision {:.3}, recall {:.3}, F1 {:.3} ({} right, {} wrong, {} missed)",
            self.precision(),
            self.recall(),
            self.f1(),
            self.right,
            self.wrong,
            self.missed
        )
    }
}

/// 1 where there is nothing to be right about.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
