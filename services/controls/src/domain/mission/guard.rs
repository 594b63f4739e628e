//! Who may do what now with a mission. This is the one place: its acts and [`Mission::acts`] both ask here.

use kernel::HumanActor;
use time::Date;

use super::{MOST, Mission, State};
use crate::domain::{campaign, refusal::Refusal};

/// What the guards need to know beside the mission.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Subject of the person.
    pub subject: &'a str,
    /// The legal day of the region.
    pub today: Date,
    /// How many files and remarks there are.
    pub files: usize,
    pub remarks: usize,
}

/// Whether a mission may be opened within a campaign.
pub fn may_open(campaign: &campaign::State) -> Result<(), Refusal> {
    match campaign {
        campaign::State::Closed(..) => Err(Refusal::MissionCampaignClosed),
        campaign::State::Planned
        | campaign::State::Frozen(_)
        | campaign::State::Running(_)
        | campaign::State::Measured(_)
        | campaign::State::Shared(..) => Ok(()),
    }
}

impl Mission {
    /// Each act of a person, by the method that does it, in their order, and whether it can be done now.
    pub fn acts(&self, now: &Situation<'_>) -> [(&'static str, Result<(), Refusal>); 4] {
        let record = |added| self.may_record(now.subject, now.today, added);
        [
            ("UploadEvidence", record(("files", now.files))),
            ("RecordRemark", record(("remarks", now.remarks))),
            ("ReportMission", self.may_report(now.subject, now.today)),
            ("CancelMission", self.may_cancel()),
        ]
    }

    /// Whether this person may add a file or a remark today, to the `count` there are.
    pub fn require_recording(
        &self,
        by: &HumanActor,
        today: Date,
        added: (&'static str, usize),
    ) -> Result<(), Refusal> {
        self.may_record(by.subject(), today, added)
    }

    fn may_record(
        &self,
        subject: &str,
        today: Date,
        (what, count): (&'static str, usize),
    ) -> Result<(), Refusal> {
        self.require_team(subject)?;
        self.require_open()?;
        let (first, last) = self.days;
        if !(first..=last).contains(&today) {
            return Err(Refusal::MissionOutOfDate { first, last, today });
        }
        if count >= MOST {
            return Err(Refusal::MissionFull { what });
        }
        Ok(())
    }

    /// From the first day on, also after the last.
    pub(super) fn may_report(&self, subject: &str, today: Date) -> Result<(), Refusal> {
        self.require_team(subject)?;
        self.require_open()?;
        let (first, last) = self.days;
        if today < first {
            return Err(Refusal::MissionOutOfDate { first, last, today });
        }
        Ok(())
    }

    pub(super) fn may_cancel(&self) -> Result<(), Refusal> {
        self.require_open()
    }

    fn require_team(&self, subject: &str) -> Result<(), Refusal> {
        if self.team.iter().any(|member| member == subject) {
            Ok(())
        } else {
            Err(Refusal::NotOnMission)
        }
    }

    fn require_open(&self) -> Result<(), Refusal> {
        match self.state {
            State::Open => Ok(()),
            State::Reported { .. } | State::Cancelled { .. } => Err(Refusal::MissionOver {
                state: self.state.as_str(),
            }),
        }
    }
}
