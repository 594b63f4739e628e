//! The framework that the national council agrees to, and the dialogue of a territory.

use anyhow::{Context, Result};
use proto::targets::v1::{
    AgreeInflectionRequest, AgreeToFrameworkRequest, DiagnosisFinding, DialogueState,
    DraftFrameworkRequest, Evidence, EvidenceKind, FrameworkSide, FrameworkState, Inflection,
    InflectionState, ListDialoguesRequest, ListFrameworksRequest, ListInflectionsRequest,
    OpenDialogueRequest, ProposeInflectionRequest, RecordDiagnosisRequest, RecordPositionRequest,
    RecordSessionRequest, RegionalFramework, TerritoryDialogue,
};

use super::planned::{PlannedDialogue, PlannedInflection};
use crate::{call, demo::Demo, list_all};

impl Demo {
    /// Brings the framework to the agreement of both sides, unless another one came after it.
    pub(super) async fn agree_framework(&self, planned: &DraftFrameworkRequest) -> Result<()> {
        let mut framework = match self.frameworks().await?.pop() {
            Some(latest) if latest.effect_date == planned.effect_date => latest,
            Some(_) => return Ok(()),
            None => {
                let request = DraftFrameworkRequest {
                    request_id: self.request_id(&["DraftFramework", &planned.effect_date]),
                    ..planned.clone()
                };
                let manager = &self.personas.manager;
                call!(manager.frameworks(), draft_framework, request).await?
            }
        };
        let council = self.personas.national_council().await?;
        for (side, session) in [
            (FrameworkSide::Ars, &self.personas.director_general),
            (FrameworkSide::NationalCouncil, &council),
        ] {
            let has_agreed = framework.agreed_by().any(|agreed| agreed == side);
            if framework.state() != FrameworkState::Draft || has_agreed {
                continue;
            }
            let request = AgreeToFrameworkRequest {
                request_id: self.request_id(&[
                    "AgreeToFramework",
                    &framework.name,
                    &framework.etag,
                ]),
                name: framework.name,
                etag: framework.etag,
            };
            framework = call!(session.frameworks(), agree_to_framework, request).await?;
        }
        Ok(())
    }

    /// The frameworks of the region, the oldest first.
    pub(super) async fn frameworks(&self) -> Result<Vec<RegionalFramework>> {
        of_region!(
            self,
            frameworks,
            list_frameworks(ListFrameworksRequest),
            frameworks
        )
        .context("the frameworks could not be listed")
    }

    /// Holds the dialogue from where it stands. Figures of the case-mix are those of `import`.
    pub(super) async fn hold_dialogue(
        &self,
        planned: &PlannedDialogue,
        import: &str,
    ) -> Result<()> {
        let known = self.dialogues().await?.into_iter().find(|dialogue| {
            dialogue.title == planned.title && dialogue.territory == planned.territory
        });
        let mut dialogue = match known {
            Some(dialogue) => dialogue,
            None => self.open_dialogue(planned).await?,
        };
        if dialogue.state() != DialogueState::Open {
            return Ok(());
        }
        let agency = &self.personas.contract_manager;
        for session in planned.sessions.iter().skip(dialogue.sessions.len()) {
            let request = RecordSessionRequest {
                request_id: self.request_id(&["RecordSession", &dialogue.name, &dialogue.etag]),
                session: Some(session.clone()),
                name: dialogue.name,
                etag: dialogue.etag,
            };
            dialogue = call!(agency.dialogues(), record_session, request).await?;
        }
        for finding in planned.diagnosis.iter().skip(dialogue.diagnosis.len()) {
            let request = RecordDiagnosisRequest {
                request_id: self.request_id(&["RecordDiagnosis", &dialogue.name, &dialogue.etag]),
                finding: Some(DiagnosisFinding {
                    statement: finding.statement.clone(),
                    evidence: of_import(&finding.evidence, import),
                }),
                name: dialogue.name,
                etag: dialogue.etag,
            };
            dialogue = call!(agency.dialogues(), record_diagnosis, request).await?;
        }
        let standing = self.inflections(&dialogue.name).await?;
        for inflection in &planned.inflections {
            self.negotiate(&dialogue.name, inflection, &standing, import)
                .await?;
        }
        Ok(())
    }

    async fn open_dialogue(&self, planned: &PlannedDialogue) -> Result<TerritoryDialogue> {
        let request = OpenDialogueRequest {
            region: self.region(),
            territory: planned.territory.clone(),
            title: planned.title.clone(),
            participants: planned.participants.clone(),
            request_id: self.request_id(&["OpenDialogue", &planned.territory, &planned.title]),
        };
        let agency = &self.personas.contract_manager;
        Ok(call!(agency.dialogues(), open_dialogue, request).await?)
    }

    /// Proposes, records what everybody says, and retains what is to be.
    async fn negotiate(
        &self,
        dialogue: &str,
        planned: &PlannedInflection,
        standing: &[Inflection],
        import: &str,
    ) -> Result<()> {
        let agency = &self.personas.contract_manager;
        let known = standing.iter().find(|one| {
            let told = one.proposal.as_ref();
            told.is_some_and(|told| told.rationale == planned.proposal.rationale)
        });
        let mut inflection = if let Some(known) = known {
            known.clone()
        } else {
            let mut proposal = planned.proposal.clone();
            proposal.evidence = of_import(&proposal.evidence, import);
            let request = ProposeInflectionRequest {
                dialogue: dialogue.to_owned(),
                request_id: self.request_id(&["ProposeInflection", dialogue, &proposal.rationale]),
                proposal: Some(proposal),
            };
            call!(agency.dialogues(), propose_inflection, request).await?
        };
        if inflection.state() != InflectionState::Proposed {
            return Ok(());
        }
        for position in &planned.positions {
            let mut spoke = inflection.positions.iter();
            if spoke.any(|one| one.finess == position.finess) {
                continue;
            }
            let request = RecordPositionRequest {
                request_id: self.request_id(&[
                    "RecordPosition",
                    &inflection.name,
                    &inflection.etag,
                ]),
                position: Some(position.clone()),
                name: inflection.name,
                etag: inflection.etag,
            };
            inflection = call!(agency.dialogues(), record_position, request).await?;
        }
        if planned.is_agreed {
            let request = AgreeInflectionRequest {
                request_id: self.request_id(&[
                    "AgreeInflection",
                    &inflection.name,
                    &inflection.etag,
                ]),
                name: inflection.name,
                etag: inflection.etag,
            };
            let manager = &self.personas.manager;
            call!(manager.dialogues(), agree_inflection, request).await?;
        }
        Ok(())
    }

    /// The dialogues of the region.
    pub(super) async fn dialogues(&self) -> Result<Vec<TerritoryDialogue>> {
        of_region!(
            self,
            dialogues,
            list_dialogues(ListDialoguesRequest),
            dialogues
        )
        .context("the dialogues could not be listed")
    }

    /// The inflections of a dialogue, or of the region when the name is empty.
    pub(super) async fn inflections(&self, dialogue: &str) -> Result<Vec<Inflection>> {
        let request = ListInflectionsRequest {
            region: self.region(),
            dialogue: dialogue.to_owned(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(
            auditor.dialogues(),
            list_inflections,
            request.clone(),
            inflections
        );
        list.await.context("the inflections could not be listed")
    }
}

/// Evidence with the import that it does not name itself.
fn of_import(evidence: &[Evidence], import: &str) -> Vec<Evidence> {
    let named = |evidence: &Evidence| {
        let mut evidence = evidence.clone();
        if evidence.kind() == EvidenceKind::CaseMix && evidence.reference.is_empty() {
            import.clone_into(&mut evidence.reference);
        }
        evidence
    };
    evidence.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_figures_of_the_case_mix_that_name_nothing_get_the_import() {
        let cited = |kind: EvidenceKind, reference: &str| Evidence {
            kind: kind.into(),
            reference: reference.to_owned(),
            ..Default::default()
        };
        let given = [
            cited(EvidenceKind::CaseMix, ""),
            cited(EvidenceKind::CaseMix, "caseMixImports/other"),
            cited(EvidenceKind::PublishedRate, ""),
        ];
        let named: Vec<String> = of_import(&given, "caseMixImports/this")
            .into_iter()
            .map(|evidence| evidence.reference)
            .collect();
        assert_eq!(named, ["caseMixImports/this", "caseMixImports/other", ""]);
    }
}
