//! Setting aside all or part of a computed modulation for an exceptional situation (CASF R314-160 4°, R314-174 4°). The tariff
//! authority of the section decides, by a named person who gives reasons; what was computed is kept beside.

use kernel::{Decimal, Finess, HumanActor, Reasons, Region};
use time::OffsetDateTime;

use super::{
    MedicosocialRefusal, ModulationWaiverId, Section, SectionProposal, modulation::to_hundredths,
};
use crate::domain::texts::{text_of, value_of};

/// Whose tariff a section is (CASF L314-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// The director general of the agency: care.
    Agency,
    /// The president of the departmental council: dependence.
    Council,
}

impl Authority {
    /// Checks that a section is of this authority.
    ///
    /// # Errors
    /// [`MedicosocialRefusal::NotTheTariffAuthority`].
    pub fn check(self, section: Section) -> Result<(), MedicosocialRefusal> {
        let is_own = match section {
            Section::Care => self == Self::Agency,
            Section::Dependence => self == Self::Council,
            Section::Clause => false,
        };
        if is_own {
            return Ok(());
        }
        Err(MedicosocialRefusal::NotTheTariffAuthority {
            section: section.as_str(),
        })
    }
}

/// Why a modulation is set aside, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaiverReason {
    Works,
    AdministrativeClosure,
    Epidemic,
    Staffing,
    Opening,
    Other,
}

impl WaiverReason {
    /// Every reason, with the text stored in the database.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Works, "works"),
        (Self::AdministrativeClosure, "administrative_closure"),
        (Self::Epidemic, "epidemic"),
        (Self::Staffing, "staffing"),
        (Self::Opening, "opening"),
        (Self::Other, "other"),
    ];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    /// The reason of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// The change of a proposal in its two parts, in euros and cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    pub waived: Decimal,
    pub remaining: Decimal,
}

/// A decision on a computed modulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub id: ModulationWaiverId,
    pub region: Region,
    pub establishment: Finess,
    pub tariff_year: i16,
    pub section: Section,
    /// In percent of the change.
    pub percent: Decimal,
    pub parts: Parts,
    pub reason: WaiverReason,
    pub reasons: Reasons,
    /// The tariff decision it stands in.
    pub decision: String,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// Divides the change of a proposal into what is set aside and what remains.
///
/// # Errors
/// [`MedicosocialRefusal::NothingToWaive`] for a proposal that changes nothing, [`MedicosocialRefusal::WaiverOutOfRange`] for
/// a share that is not above 0 and up to 100 %.
pub fn parts(proposal: &SectionProposal, percent: Decimal) -> Result<Parts, MedicosocialRefusal> {
    if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        return Err(MedicosocialRefusal::WaiverOutOfRange);
    }
    if proposal.change.is_zero() {
        return Err(MedicosocialRefusal::NothingToWaive {
            section: proposal.section.as_str(),
        });
    }
    let waived = to_hundredths(proposal.change * percent / Decimal::ONE_HUNDRED);
    Ok(Parts {
        waived,
        remaining: proposal.change - waived,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(change: &str) -> SectionProposal {
        SectionProposal {
            section: Section::Care,
            parameter: None,
            measured: "91.40".parse().unwrap(),
            compared_with: Some(95.into()),
            rate: "-1.80".parse().unwrap(),
            amount: "1234567.00".parse().unwrap(),
            change: change.parse().unwrap(),
            explanation: String::new(),
        }
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_two_parts_are_the_whole_change_to_the_cent() {
        let proposal = proposal("-22222.21");
        let third = parts(&proposal, decimal("33.33")).unwrap();
        assert_eq!(third.waived, decimal("-7406.66"));
        assert_eq!(third.waived + third.remaining, proposal.change);
        let whole = parts(&proposal, 100.into()).unwrap();
        assert_eq!(whole.waived, proposal.change);
        assert!(whole.remaining.is_zero());
    }

    #[test]
    fn nothing_is_waived_of_nothing_nor_more_than_the_whole() {
        assert_eq!(
            parts(&proposal("0.00"), 50.into()),
            Err(MedicosocialRefusal::NothingToWaive { section: "care" })
        );
        for percent in ["0", "100.01"] {
            assert_eq!(
                parts(&proposal("-1.00"), decimal(percent)),
                Err(MedicosocialRefusal::WaiverOutOfRange)
            );
        }
    }

    #[test]
    fn each_section_has_one_authority_and_a_clause_has_none_here() {
        for (authority, section, may) in [
            (Authority::Agency, Section::Care, true),
            (Authority::Agency, Section::Dependence, false),
            (Authority::Council, Section::Care, false),
            (Authority::Council, Section::Dependence, true),
            (Authority::Agency, Section::Clause, false),
            (Authority::Council, Section::Clause, false),
        ] {
            assert_eq!(authority.check(section).is_ok(), may, "{authority:?}");
        }
    }

    #[test]
    fn every_reason_is_read_back_from_its_text() {
        for (reason, text) in WaiverReason::ALL {
            assert_eq!(
                (WaiverReason::from_text(text), reason.as_str()),
                (Some(reason), text)
            );
        }
    }
}
