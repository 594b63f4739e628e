//! The programming of the contracts of EHPAD, decided by the agency and a council.

use anyhow::{Context, Result};
use kernel::{Clock, legal_time::legal_day};
use proto::contracts::v1::{
    ApproveProgrammingRequest, DraftProgrammingRequest, GetProgrammingRequest, ListMandatesRequest,
    ListProgrammingsRequest, Programming, ProgrammingLine, ProgrammingState,
    PublishProgrammingRequest, RegimeKind, RegisterMandateRequest,
};

use super::planned::{PlannedProgramming, ProgrammedContract};
use crate::{
    call,
    client::Session,
    demo::{Demo, personas::PRESIDENT},
    list_all,
};

/// The day on which the president of the council was elected.
const ELECTED: &str = "2021-07-01";
/// In what quality the president approves.
const TITLE: &str = "Présidente du conseil départemental";

impl Demo {
    /// Brings the decision to its publication, unless one is published.
    pub(super) async fn publish_programming(&self, planned: &PlannedProgramming) -> Result<()> {
        let council = format!("departments/{}", planned.department);
        let mut known = self.programmings().await?.into_iter();
        let known = known.find(|one| {
            one.state() != ProgrammingState::Discarded && one.councils == [council.as_str()]
        });
        let mut programming = match known {
            Some(programming) => programming,
            None => self.draft_programming(planned, &council).await?,
        };
        if programming.state() != ProgrammingState::Draft {
            return Ok(());
        }
        self.name_president(&council).await.context("mandate")?;
        let president = self.personas.president(&planned.department).await?;
        let general = &self.personas.director_general;
        programming = approve(
            self,
            general,
            ("ars", "Directrice générale de l’agence"),
            programming,
        )
        .await?;
        programming = approve(self, &president, (council.as_str(), TITLE), programming).await?;
        let today = legal_day(Clock::system().now(), self.plan.region);
        let request = PublishProgrammingRequest {
            request_id: self.request_id(&[
                "PublishProgramming",
                &programming.name,
                &programming.etag,
            ]),
            name: programming.name,
            etag: programming.etag,
            act: format!("Recueil imaginaire {}-{}", self.region(), today.year()),
            publication_date: today.to_string(),
        };
        let agency = &self.personas.contract_manager;
        call!(agency.programming(), publish_programming, request).await?;
        Ok(())
    }

    async fn draft_programming(
        &self,
        planned: &PlannedProgramming,
        council: &str,
    ) -> Result<Programming> {
        let today = legal_day(Clock::system().now(), self.plan.region);
        let first_year = today.year() + 1;
        let request = DraftProgrammingRequest {
            region: self.region(),
            regime_kind: RegimeKind::Ehpad.into(),
            councils: vec![council.to_owned()],
            first_year,
            lines: planned
                .contracts
                .iter()
                .map(|contract| line(contract, first_year))
                .collect(),
            comment: planned.comment.clone(),
            request_id: self.request_id(&["DraftProgramming", council, &first_year.to_string()]),
        };
        let agency = &self.personas.contract_manager;
        Ok(call!(agency.programming(), draft_programming, request).await?)
    }

    /// The act that names the president of the council is put on record.
    async fn name_president(&self, council: &str) -> Result<()> {
        let agency = &self.personas.contract_manager;
        let request = ListMandatesRequest {
            region: self.region(),
            party: council.to_owned(),
            ..Default::default()
        };
        let mandates =
            list_all!(agency.mandates(), list_mandates, request.clone(), mandates).await?;
        if mandates.iter().any(|one| one.subject == PRESIDENT) {
            return Ok(());
        }
        let request = RegisterMandateRequest {
            region: self.region(),
            party: council.to_owned(),
            subject: PRESIDENT.to_owned(),
            title: TITLE.to_owned(),
            act: "Procès-verbal d’élection imaginaire du 1er juillet 2021".to_owned(),
            publication_date: ELECTED.to_owned(),
            valid_from: ELECTED.to_owned(),
            request_id: self.request_id(&["RegisterMandate", council]),
            ..Default::default()
        };
        call!(agency.mandates(), register_mandate, request).await?;
        Ok(())
    }

    /// The decisions on EHPAD of the region, the newest first, without their lines.
    pub(super) async fn programmings(&self) -> Result<Vec<Programming>> {
        let request = ListProgrammingsRequest {
            region: self.region(),
            regime_kind: RegimeKind::Ehpad.into(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(
            auditor.programming(),
            list_programmings,
            request.clone(),
            programmings
        );
        list.await.context("the programmings could not be listed")
    }

    /// A decision with its lines.
    pub(super) async fn programming(&self, name: String) -> Result<Programming> {
        let request = GetProgrammingRequest { name };
        let auditor = &self.personas.auditor;
        let answer = call!(auditor.programming(), get_programming, request).await;
        answer.context("the programming could not be read")
    }
}

fn line(contract: &ProgrammedContract, first_year: i32) -> ProgrammingLine {
    ProgrammingLine {
        legal_entity: format!("legalEntities/{}", contract.legal_entity),
        establishments: contract
            .establishments
            .iter()
            .map(|finess| format!("establishments/{finess}"))
            .collect(),
        planned_year: first_year + contract.after,
        note: String::new(),
    }
}

/// Approves for an authority, unless it has.
async fn approve(
    demo: &Demo,
    session: &Session,
    (authority, title): (&str, &str),
    programming: Programming,
) -> Result<Programming> {
    let mut given = programming.approvals.iter();
    if given.any(|approval| approval.authority == authority) {
        return Ok(programming);
    }
    let request = ApproveProgrammingRequest {
        request_id: demo.request_id(&[
            "ApproveProgramming",
            &programming.name,
            &programming.etag,
            authority,
        ]),
        name: programming.name,
        etag: programming.etag,
        authority: authority.to_owned(),
        title: title.to_owned(),
    };
    Ok(call!(session.programming(), approve_programming, request).await?)
}
