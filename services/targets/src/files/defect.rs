//! What is wrong with a file.

/// Defects that are told one by one; all are counted.
const TOLD: usize = 100;
/// Characters of an offending value that are repeated.
const VALUE_CHARS: usize = 80;

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Defect {
    /// From 1, the header included; 0 for the file as a whole.
    pub(crate) line: u64,
    /// Column; empty for the line as a whole.
    pub(crate) field: String,
    /// Stable reason in `UPPER_SNAKE`.
    pub(crate) reason: &'static str,
    /// What is wrong and what to do.
    pub(crate) explanation: String,
    /// The offending value, cut.
    pub(crate) value: String,
}

impl Defect {
    pub(crate) fn new(
        line: u64,
        field: &str,
        reason: &'static str,
        explanation: impl Into<String>,
        value: &str,
    ) -> Self {
        Self {
            line,
            field: field.to_owned(),
            reason,
            explanation: explanation.into(),
            value: value.chars().take(VALUE_CHARS).collect(),
        }
    }

    /// A defect of the file as a whole.
    pub(crate) fn of_file(reason: &'static str, explanation: impl Into<String>) -> Self {
        Self::new(0, "", reason, explanation, "")
    }
}

/// The first defects, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Defects {
    count: u64,
    first: Vec<Defect>,
}

impl Defects {
    pub(crate) fn push(&mut self, defect: Defect) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(defect);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The first ones, in the order of the file.
    pub(crate) fn first(&self) -> &[Defect] {
        &self.first
    }
}
