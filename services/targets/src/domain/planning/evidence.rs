//! Figures that a diagnosis or an inflection rests on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::PlanningRefusal;
use crate::domain::Defect;

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

/// Checks that the cited rates and case-mix figures are of publications and imports that exist. Documents are outside.
///
/// # Errors
/// [`PlanningRefusal::Defects`], one for each reference that was not found under `path`.
pub fn check_references(
    path: &str,
    evidence: &[Evidence],
    known: &BTreeSet<String>,
) -> Result<(), PlanningRefusal> {
    let defects: Vec<Defect> = evidence
        .iter()
        .enumerate()
        .filter(|(_, cited)| {
            cited.kind != EvidenceKind::Document && !known.contains(&cited.reference)
        })
        .map(|(place, cited)| Defect {
            field: format!("{path}.evidence[{place}].reference"),
            reason: "EVIDENCE_NOT_FOUND",
            explanation: format!(
                "{:?} is no {} of this region",
                cited.reference,
                cited.kind.in_words()
            ),
        })
        .collect();
    super::sound(defects)
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

    #[test]
    fn what_is_cited_and_does_not_exist_is_named_where_it_stands() {
        let evidence = [
            cited(EvidenceKind::Document),
            cited(EvidenceKind::PublishedRate),
        ];
        let nothing = BTreeSet::new();
        let Err(PlanningRefusal::Defects(defects)) =
            check_references("proposal", &evidence, &nothing)
        else {
            panic!("accepted");
        };
        assert_eq!(
            (defects[0].field.as_str(), defects.len()),
            ("proposal.evidence[1].reference", 1)
        );
        let known = BTreeSet::from([evidence[1].reference.clone()]);
        assert_eq!(check_references("proposal", &evidence, &known), Ok(()));
    }
}
