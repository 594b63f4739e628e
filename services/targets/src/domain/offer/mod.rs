//! The medico-social offer as a region plans it: what the scheme sets, what pays for it, who joins to do it, who is
//! chosen, and the figures people supply beside. Everything here is said by people; nothing decides for them.

pub mod allowance_target;
pub mod cooperation;
pub mod coverage;
pub mod credit;
pub mod home_care_amounts;
pub mod kept;
pub mod point_value;
pub mod project_call;
pub mod refusal;
pub mod scheme;
pub mod statement;

pub use allowance_target::{Aim, AllowanceTarget};
pub use cooperation::{Cooperation, CooperationKind};
pub use credit::{Engagement, Envelope};
pub use home_care_amounts::HomeCareAmounts;
pub use kept::{Kept, Life};
pub use point_value::{PointValue, TariffOption};
pub use project_call::ProjectCall;
pub use refusal::OfferRefusal;
pub use scheme::Scheme;
pub use statement::{Allowance, Funding, FundingKind, Statement, WaitingList};

use crate::domain::Defect;

/// Every defect, or none.
pub(crate) fn sound(defects: Vec<Defect>) -> Result<(), OfferRefusal> {
    if defects.is_empty() {
        return Ok(());
    }
    Err(OfferRefusal::Defects(defects))
}

/// One field that does not hold.
pub(crate) fn defect(
    field: impl Into<String>,
    reason: &'static str,
    explanation: impl Into<String>,
) -> Defect {
    Defect {
        field: field.into(),
        reason,
        explanation: explanation.into(),
    }
}
