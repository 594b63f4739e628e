//! Documents from templates: the interface, and the way to the program that sets them.
//!
//! A [`Request`] is a set of text files: templates in the language of Typst, and the data they read. The answer
//! is an archivable and accessible PDF (PDF/A-3a and PDF/UA-1: tagged, with its language and title), and the same
//! request is always the same bytes, because neither the time nor the machine is visible to a template.
//!
//! The compiler is large, and a template can loop for ever; so it runs in a process of its own, `cpom-typeset`,
//! which is ended when it takes too long. Nothing but that program is built with the compiler.

mod program;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

pub use program::{Error, PROGRAM, Typesetter};

/// Where templates read the data from; characters that no font has are shown as `□`.
pub const DATA: &str = "data.json";

/// The exit code that means: the answer is a list of defects.
pub const DEFECTIVE: u8 = 2;

/// What is to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The file that is the document; it may import and read the others.
    pub main: String,
    /// Text files by their path.
    pub files: BTreeMap<String, String>,
}

/// What is wrong with a template, or with the data it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    pub message: String,
    /// Path of the file; empty when it is no particular one.
    pub file: String,
    /// From 1; 0 when it is no particular line.
    pub line: usize,
    pub column: usize,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        for hint in &self.hints {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_defect_says_where_and_what_to_do() {
        let defect = Defect {
            message: "unknown variable: titre".to_owned(),
            file: "contract-1.typ".to_owned(),
            line: 12,
            column: 3,
            hints: vec!["did you mean `title`?".to_owned()],
        };
        assert_eq!(
            defect.to_string(),
            "contract-1.typ:12:3: unknown variable: titre (did you mean `title`?)"
        );
    }
}
