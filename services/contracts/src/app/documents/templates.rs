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
    /// Whether it is for documents that names were recorded with. Those that were made before stay with the version that set
    /// them, to the byte.
    pub named: bool,
    /// In the language of Typst.
    pub text: &'static str,
}

macro_rules! national {
    ($kind:ident, $name:literal, $day:expr, $named:expr) => {
        National {
            kind: Kind::$kind,
            name: $name,
            first_day: $day,
            named: $named,
            text: include_str!(concat!("../../../templates/", $name, ".typ")),
        }
    };
}

/// Contracts are older than this software.
const ALWAYS: Date = date!(2000 - 01 - 01);

/// Every version, the oldest of a kind first.
pub const NATIONAL: [National; 11] = [
    national!(Contract, "contract-1", ALWAYS, false),
    national!(Contract, "contract-2", ALWAYS, true),
    national!(Consolidated, "consolidated-1", ALWAYS, false),
    national!(Consolidated, "consolidated-2", ALWAYS, true),
    national!(Amendment, "amendment-1", ALWAYS, false),
    national!(Amendment, "amendment-2", ALWAYS, true),
    national!(FormalNotice, "formal-notice-1", ALWAYS, false),
    national!(FormalNotice, "formal-notice-2", ALWAYS, true),
    national!(Decision, "decision-1", ALWAYS, false),
    national!(Decision, "decision-2", ALWAYS, true),
    national!(Draft, "draft-1", ALWAYS, false),
];

/// What templates may import, which goes with every one of them.
const SHARED: [(&str, &str); 2] = [
    (
        "common-1.typ",
        include_str!("../../../templates/common-1.typ"),
    ),
    ("text-1.typ", include_str!("../../../templates/text-1.typ")),
];

/// What goes with a template that imports one of them, and with no other: a document that was set without them is found
/// under the hash of what it was made of.
const LATER: [(&str, &str); 2] = [
    (
        "common-2.typ",
        include_str!("../../../templates/common-2.typ"),
    ),
    ("text-2.typ", include_str!("../../../templates/text-2.typ")),
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
    /// The version for a document of that day, with names or without.
    pub fn of(kind: Kind, day: Date, named: bool) -> Option<Self> {
        let suits = |version: &Self| {
            version.kind == kind && version.first_day <= day && (named || !version.named)
        };
        NATIONAL.into_iter().rfind(suits)
    }
}

/// What the typesetter is asked. `source` is the canonical text to enclose, where the template does.
pub fn request(template: String, data: Value, source: &str) -> Request {
    let imports_later = LATER.iter().any(|(path, _)| template.contains(path));
    let later = LATER.iter().filter(|_| imports_later);
    let mut files: BTreeMap<String, String> = SHARED
        .iter()
        .chain(later)
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
        let name = |named| National::of(Kind::Contract, day, named).map(|version| version.name);
        assert_eq!(name(false), Some("contract-1"));
        assert_eq!(name(true), Some("contract-2"));
        let early = date!(1999 - 12 - 31);
        assert_eq!(National::of(Kind::Contract, early, true), None);
    }

    #[test]
    fn what_was_set_without_later_files_is_asked_for_without_them() {
        let files = |named| {
            let version = National::of(Kind::Contract, ALWAYS, named).unwrap();
            request(version.text.to_owned(), Value::Null, "").files
        };
        let (old, new) = (files(false), files(true));
        let kept = [
            "common-1.typ",
            "data.json",
            "main.typ",
            "source.json",
            "text-1.typ",
        ];
        assert!(old.keys().eq(kept.iter()));
        assert!(LATER.iter().all(|(path, _)| new.contains_key(*path)));
    }

    #[test]
    fn versions_of_a_kind_follow_each_other() {
        for pair in NATIONAL.windows(2) {
            let rank = |version: &National| (version.first_day, version.named);
            assert!(pair[0].kind != pair[1].kind || rank(&pair[0]) < rank(&pair[1]));
        }
    }

    #[test]
    fn every_kind_has_a_template_and_samples() {
        for kind in Kind::ALL {
            for named in [false, true] {
                assert!(National::of(kind, ALWAYS, named).is_some(), "{kind:?}");
            }
            let samples = SAMPLES.iter().filter(|sample| sample.kind == kind);
            assert!(samples.count() >= 2, "{kind:?}");
        }
    }
}
