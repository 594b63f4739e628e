//! The machine's door: opening a review and keeping its findings true. Nothing here can notify, examine,
//! conclude or propose, and nothing here asks for a person.

use kernel::Region;
use time::OffsetDateTime;

use super::{AttachedFinding, Correction, Review, Severity, State, Withdrawal};
use crate::domain::{CampaignId, ContractId, ControlId, FindingId, ReviewId};

/// All that a machine can do to a review that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MachineAct {
    AttachFinding(RaisedFinding),
    DetachFinding {
        finding: FindingId,
        reason: String,
    },
    /// The control service corrected a finding: what it says now.
    AmendFinding {
        finding: FindingId,
        corrected: Corrected,
        reason: String,
    },
}

/// What a corrected finding says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    pub summary: String,
    pub severity: Severity,
    pub opposable: bool,
    pub penalty_eligible: bool,
}

/// A finding as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedFinding {
    pub finding: FindingId,
    pub objective: String,
    pub summary: String,
    pub severity: Severity,
    pub opposable: bool,
    pub penalty_eligible: bool,
    pub control: Option<ControlId>,
}

/// What a review is opened about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    pub region: Region,
    pub contract: ContractId,
    pub campaign: CampaignId,
    pub year: i32,
}

/// All that a machine's act can make happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MachineEvent {
    Opened(Opening),
    FindingAttached(RaisedFinding),
    FindingDetached {
        finding: FindingId,
        reason: String,
    },
    FindingAmended {
        finding: FindingId,
        corrected: Corrected,
        reason: String,
    },
}

impl Review {
    /// The review that an opening makes, recorded `at`.
    pub fn opened(id: ReviewId, opening: &Opening, at: OffsetDateTime) -> Self {
        Self {
            id,
            region: opening.region,
            contract: opening.contract,
            campaign: opening.campaign,
            year: opening.year,
            findings: Vec::new(),
            observations: Vec::new(),
            hearings: Vec::new(),
            context: Vec::new(),
            reopenings: 0,
            state: State::Open,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// What a machine's act does. It is never refused: a finding that is already attached, or already
    /// withdrawn, changes nothing. After the conclusion findings still come and go on record, and
    /// [`Review::changed_after_conclusion`] tells people so; what was concluded stays.
    pub fn by_machine(&self, act: MachineAct) -> Vec<MachineEvent> {
        match act {
            MachineAct::AttachFinding(raised) => {
                let known = self.findings.iter().any(|f| f.finding == raised.finding);
                if known {
                    vec![]
                } else {
                    vec![MachineEvent::FindingAttached(raised)]
                }
            }
            MachineAct::DetachFinding { finding, reason } => {
                let stands = self.standing_findings().any(|f| f.finding == finding);
                if stands {
                    vec![MachineEvent::FindingDetached { finding, reason }]
                } else {
                    vec![]
                }
            }
            MachineAct::AmendFinding {
                finding,
                corrected,
                reason,
            } => {
                let differs = self
                    .standing_findings()
                    .any(|f| f.finding == finding && !f.says(&corrected));
                if differs {
                    vec![MachineEvent::FindingAmended {
                        finding,
                        corrected,
                        reason,
                    }]
                } else {
                    vec![]
                }
            }
        }
    }

    pub(super) fn evolve_machine(mut self, event: &MachineEvent, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        match event {
            MachineEvent::Opened(_) => {}
            MachineEvent::FindingAttached(raised) => {
                self.findings.push(AttachedFinding {
                    finding: raised.finding,
                    objective: raised.objective.clone(),
                    summary: raised.summary.clone(),
                    severity: raised.severity,
                    opposable: raised.opposable,
                    penalty_eligible: raised.penalty_eligible,
                    control: raised.control,
                    attached_at: at,
                    corrected: None,
                    withdrawn: None,
                });
                // The order in which findings arrive says nothing: it must not show.
                self.findings
                    .sort_by(|a, b| (&a.objective, a.finding).cmp(&(&b.objective, b.finding)));
            }
            MachineEvent::FindingDetached { finding, reason } => {
                for attached in self.findings.iter_mut().filter(|f| f.finding == *finding) {
                    attached.withdrawn = Some(Withdrawal {
                        reason: reason.clone(),
                        at,
                    });
                }
            }
            MachineEvent::FindingAmended {
                finding,
                corrected,
                reason,
            } => {
                for attached in self.findings.iter_mut().filter(|f| f.finding == *finding) {
                    attached.summary.clone_from(&corrected.summary);
                    attached.severity = corrected.severity;
                    attached.opposable = corrected.opposable;
                    attached.penalty_eligible = corrected.penalty_eligible;
                    attached.corrected = Some(Correction {
                        reason: reason.clone(),
                        at,
                    });
                }
            }
        }
        self
    }
}

impl AttachedFinding {
    fn says(&self, corrected: &Corrected) -> bool {
        self.summary == corrected.summary
            && self.severity == corrected.severity
            && self.opposable == corrected.opposable
            && self.penalty_eligible == corrected.penalty_eligible
    }
}
