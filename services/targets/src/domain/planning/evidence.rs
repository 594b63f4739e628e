//! Figures that a diagnosis or an inflection rests on.

use serde::{Deserialize, Serialize};

use super::PlanningRefusal;

/// What kind of figure is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A published rate (taux de recours, level 2).
    PublishedRate,
    /// A figure of the PMSI case-mix.
    CaseMix,
    /// A study, a note on needs.
    Document,
}

impl EvidenceKind {
    pub fn in_words(self) -> &'static str {
        match self {
            Self::PublishedRate => "published rate",
            Self::CaseMix => "case-mix figure",
            Self::Document => "document",
        }
    }
}

/// A cited figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub kind: EvidenceKind,
    /// Resource name of the publication or import, or the reference of a document.
    pub reference: String,
    /// Where in it.
    pub locator: String,
    /// The figure as it is cited.
    pub figure: String,
}

/// Refuses what does not rest on one published rate and one figure of the case-mix at least.
///
/// # Errors
/// [`PlanningRefusal::EvidenceMissing`] with the kind that is not there.
pub fn require_both(evidence: &[Evidence]) -> Result<(), PlanningRefusal> {
    for kind in [EvidenceKind::PublishedRate, EvidenceKind::CaseMix] {
        if !evidence.iter().any(|cited| cited.kind == kind) {
            return Err(PlanningRefusal::EvidenceMissing(kind));
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One figure of a kind.
    pub(crate) fn cited(kind: EvidenceKind) -> Evidence {
        Evidence {
            kind,
            reference: "publications/0191d3a8-0000-7000-8000-000000000001".to_owned(),
            locator: "83;CHIRURGIE".to_owned(),
            figure: "98,4 pour 1 000".to_owned(),
        }
    }

    #[test]
    fn an_inflection_needs_a_published_rate_and_a_case_mix_figure() {
        use EvidenceKind::{CaseMix, Document, PublishedRate};
        let missing = |kinds: &[EvidenceKind]| {
            let evidence: Vec<Evidence> = kinds.iter().map(|kind| cited(*kind)).collect();
            require_both(&evidence).err()
        };
        let no = PlanningRefusal::EvidenceMissing;
        assert_eq!(missing(&[]), Some(no(PublishedRate)));
        assert_eq!(missing(&[Document, CaseMix]), Some(no(PublishedRate)));
        assert_eq!(missing(&[PublishedRate, Document]), Some(no(CaseMix)));
        assert_eq!(missing(&[CaseMix, PublishedRate]), None);
    }
}
