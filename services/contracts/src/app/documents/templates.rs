//! The national templates, in numbered versions, what every template may import, and the documents that templates are
//! tried on. A version that was published is never edited: a change is a new file with its first day.

use std::collections::BTreeMap;

use serde_json::Value;
use time::{Date, macros::date};
use typeset::{DATA, Request};

use crate::{app::document::sorted, domain::document::Kind};

/// A version of a national template: what a region that published none of its own uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct National {
    pub kind: Kind,
    /// For example `contract-1`.
    pub name: &'static str,
    /// Day of the first document that is set with it.
    pub first_day: Date,
    /// In the language of Typst.
    pub text: &'static str,
}

macro_rules! national {
    ($kind:ident, $name:literal, $day:expr) => {
        National {
            kind: Kind::$kind,
            name: $name,
            first_day: $day,
            text: include_str!(concat!("../../../templates/", $name, ".typ")),
        }
    };
}

/// Contracts are older than this software.
const ALWAYS: Date = date!(2000 - 01 - 01);

/// Every version, the oldest of a kind first.
pub const NATIONAL: [National; 6] = [
    national!(Contract, "contract-1", ALWAYS),
    national!(Consolidated, "consolidated-1", ALWAYS),
    national!(Amendment, "amendment-1", ALWAYS),
    national!(FormalNotice, "formal-notice-1", ALWAYS),
    national!(Decision, "decision-1", ALWAYS),
    national!(Draft, "draft-1", ALWAYS),
];

/// What templates may import.
const SHARED: [(&str, &str); 2] = [
    (
        "common-1.typ",
        include_str!("../../../templates/common-1.typ"),
    ),
    ("text-1.typ", include_str!("../../../templates/text-1.typ")),
];

/// A document that templates are tried on: between them they have every shape that the data can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub kind: Kind,
    pub name: &'static str,
    /// JSON, as templates read it.
    pub data: &'static str,
}

macro_rules! sample {
    ($kind:ident, $name:literal) => {
        Sample {
            kind: Kind::$kind,
            name: $name,
            data: include_str!(concat!("../../../templates/samples/", $name, ".json")),
        }
    };
}

/// Each kind full, with the least it can say, and as the public reads it.
pub const SAMPLES: [Sample; 16] = [
    sample!(Contract, "contract"),
    sample!(Contract, "contract-bare"),
    sample!(Contract, "contract-public"),
    sample!(Consolidated, "consolidated"),
    sample!(Consolidated, "consolidated-bare"),
    sample!(Consolidated, "consolidated-public"),
    sample!(Amendment, "amendment"),
    sample!(Amendment, "amendment-bare"),
    sample!(Amendment, "amendment-public"),
    sample!(FormalNotice, "formal-notice"),
    sample!(FormalNotice, "formal-notice-bare"),
    sample!(Decision, "decision"),
    sample!(Decision, "decision-bare"),
    sample!(Decision, "decision-termination"),
    sample!(Draft, "draft"),
    sample!(Draft, "draft-bare"),
];

/// The file of the document among those of a request.
const MAIN: &str = "main.typ";
/// The canonical text that travels inside a PDF.
const SOURCE: &str = "source.json";

impl National {
    /// The version for a document of that day.
    pub fn of(kind: Kind, day: Date) -> Option<Self> {
        let mut versions = NATIONAL.into_iter().rev();
        versions.find(|version| version.kind == kind && version.first_day <= day)
    }
}

/// What the typesetter is asked. `source` is the canonical text to enclose, where the template does.
pub fn request(template: String, data: Value, source: &str) -> Request {
    let mut files: BTreeMap<String, String> = SHARED
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    files.insert(MAIN.to_owned(), template);
    files.insert(DATA.to_owned(), sorted(data).to_string());
    files.insert(SOURCE.to_owned(), source.to_owned());
    Request {
        main: MAIN.to_owned(),
        files,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_document_is_that_of_its_day() {
        let day = date!(2026 - 04 - 01);
        let version = National::of(Kind::Contract, day).unwrap();
        assert_eq!(version.name, "contract-1");
        assert_eq!(National::of(Kind::Contract, date!(1999 - 12 - 31)), None);
    }

    #[test]
    fn versions_of_a_kind_follow_each_other() {
        for pair in NATIONAL.windows(2) {
            assert!(pair[0].kind != pair[1].kind || pair[0].first_day < pair[1].first_day);
        }
    }

    #[test]
    fn every_kind_has_a_template_and_samples() {
        for kind in Kind::ALL {
            assert!(National::of(kind, ALWAYS).is_some(), "{kind:?}");
            let samples = SAMPLES.iter().filter(|sample| sample.kind == kind);
            assert!(samples.count() >= 2, "{kind:?}");
        }
    }
}
