//! The levels above a contract: the framework of a region, the dialogue of a territory, and how the targets of
//! contracts stand beside them. Everything here informs people; nothing blocks a contract.

pub mod cascade;
pub mod consistency;
pub mod dialogue;
pub mod evidence;
pub mod framework;
pub mod inflection;
pub mod projection;
pub mod refusal;
pub mod secrecy;

pub use cascade::{Cascade, SetInEffect};
pub use consistency::Warning;
pub use dialogue::{Dialogue, DialogueState, Finding, Participant, RetainedProjection, Session};
pub use evidence::{Evidence, EvidenceKind};
pub use framework::{ActivityMode, FrameworkSide, FrameworkState, Line, RegionalFramework};
pub use inflection::{Direction, Inflection, InflectionState, Position, Proposal, Stance};
pub use projection::{Projection, ProjectionInput};
pub use refusal::PlanningRefusal;

use crate::domain::Defect;

/// Every defect, or none.
pub(crate) fn sound(defects: Vec<Defect>) -> Result<(), PlanningRefusal> {
    if defects.is_empty() {
        return Ok(());
    }
    Err(PlanningRefusal::Defects(defects))
}

kernel::typed_id!(
    /// What the national council and an agency agree for a region.
    FrameworkId,
    "frameworks"
);
kernel::typed_id!(
    /// The dialogue of one territory.
    DialogueId,
    "dialogues"
);
kernel::typed_id!(
    /// A negotiated change of activity.
    InflectionId,
    "inflections"
);

/// Written as its resource name, in stored objectives.
impl serde::Serialize for InflectionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for InflectionId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}
