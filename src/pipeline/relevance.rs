//! Whether news is about cancer.

/// What speaks for and against.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub value: f64,
}

impl Score {
    pub fn relevant(&self) -> bool {
        self.value > 0.0
    }
}

pub fn score(_title: &str, _summary: &str, _categories: &[String]) -> Score {
    Score { value: 1.0 }
}
