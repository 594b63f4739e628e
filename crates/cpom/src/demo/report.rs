//! What came of the demonstration: every figure is read back from the services.

use std::{collections::BTreeSet, fmt::Write};

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use proto::{
    contracts::v1::{
        Conclusion, ContractState, ListProceduresRequest, ListReviewsRequest, Outcome, Review,
    },
    controls::v1::{Campaign, FindingState, ListControlsRequest},
    establishments::v1::ImportReport,
    targets::v1::{
        GetSubmissionRequest, ListIndicatorValuesRequest, ListTargetSetsRequest, Submission,
        TargetSetState,
    },
};
use serde::Serialize;
use tonic::Code;

use super::{
    CONCURRENCY, Demo,
    plan::{Kinds, Unjoined},
    planning::figures::PlanningFigures,
};
use crate::{
    call, list_all,
    output::{Table, french, short},
};

/// The figures of a demonstration.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// INSEE code.
    pub region: String,
    pub region_name: String,
    /// `synthetic/42` or `published/93`.
    pub source: String,
    pub establishments: usize,
    pub legal_entities: usize,
    pub contracts_in_force: usize,
    pub objectives: usize,
    /// Current values, of which some are masked and some missing.
    pub indicators: u64,
    pub masked: u64,
    pub missing: u64,
    pub submissions: usize,
    /// Values that the service refused one by one.
    pub rejected: i64,
    /// Lines of the registry file that were refused.
    pub registry_rejected: i64,
    pub controls: usize,
    /// Those that stand.
    pub findings: usize,
    pub reviews: usize,
    pub procedures: usize,
    /// Published numbers that the registry does not know, and the yearly lines under them.
    pub unjoined: usize,
    pub unjoined_lines: usize,
    pub unjoined_list: Vec<Unjoined>,
    pub campaigns: Vec<CampaignFigures>,
    /// What the region plans beside its contracts; none where the plan has nothing of it.
    pub planning: Option<PlanningFigures>,
    /// The review that people conducted to its end.
    pub conducted_review: Option<ConductedReview>,
    pub remarks: Vec<String>,
    pub elapsed_seconds: f64,
}

/// The figures of one campaign.
#[derive(Debug, Clone, Serialize)]
pub struct CampaignFigures {
    pub name: String,
    pub year: i32,
    pub contracts: i64,
    pub controls: usize,
    pub conforming: i64,
    pub deviating: i64,
    pub not_assessable: i64,
    pub findings: usize,
}

/// A review and how it ended.
#[derive(Debug, Clone, Serialize)]
pub struct ConductedReview {
    pub name: String,
    pub contract: String,
    pub year: i32,
    pub findings: Vec<String>,
    pub outcome: String,
}

impl Demo {
    pub(super) async fn read_back(
        &self,
        campaigns: &[Campaign],
        import: ImportReport,
        review: Option<Review>,
    ) -> Result<Report> {
        let establishments = self.establishments().await?;
        let entities: BTreeSet<&str> = establishments
            .iter()
            .map(|site| site.legal_entity.as_str())
            .collect();
        let submissions = self.submissions().await?;
        let kinds = self.kinds_of_values().await?;
        let figures = self.campaign_figures(campaigns).await?;
        Ok(Report {
            region: self.plan.region.code().to_owned(),
            region_name: self.plan.region.name().to_owned(),
            source: self.plan.scope.clone(),
            establishments: establishments.len(),
            legal_entities: entities.len(),
            contracts_in_force: self.contracts(ContractState::InForce).await?.len(),
            objectives: self.count_objectives().await?,
            indicators: kinds.numbers + kinds.masked + kinds.missing,
            masked: kinds.masked,
            missing: kinds.missing,
            submissions: submissions.len(),
            rejected: submissions
                .iter()
                .map(|submission| submission.rejected)
                .sum(),
            registry_rejected: import.rejected,
            controls: figures.iter().map(|campaign| campaign.controls).sum(),
            findings: figures.iter().map(|campaign| campaign.findings).sum(),
            reviews: self.count_reviews().await?,
            procedures: self.count_procedures().await?,
            unjoined: self.plan.unjoined.len(),
            unjoined_lines: self
                .plan
                .unjoined
                .iter()
                .map(|unjoined| unjoined.years.len())
                .sum(),
            unjoined_list: self.plan.unjoined.clone(),
            campaigns: figures,
            planning: match self.plan.planning {
                Some(_) => Some(self.planning_figures().await?),
                None => None,
            },
            conducted_review: review.map(conducted),
            remarks: self.plan.remarks.clone(),
            elapsed_seconds: 0.0,
        })
    }

    async fn submissions(&self) -> Result<Vec<Submission>> {
        let names: Vec<String> = self
            .submitting()
            .map(|planned| format!("submissions/{}", self.submission_id(planned)))
            .collect();
        stream::iter(names)
            .map(|name| async move {
                let request = GetSubmissionRequest { name };
                let auditor = &self.personas.auditor;
                match call!(auditor.indicators(), get_submission, request.clone()).await {
                    Ok(submission) => Ok(Some(submission)),
                    Err(status) if status.code() == Code::NotFound => Ok(None),
                    Err(status) => Err(anyhow::Error::new(status).context("submissions")),
                }
            })
            .buffer_unordered(CONCURRENCY)
            .try_filter_map(async |submission| Ok(submission))
            .try_collect()
            .await
    }

    async fn kinds_of_values(&self) -> Result<Kinds> {
        // A damaged row speaks of somebody else's site, which has nothing here.
        let subjects: BTreeSet<&str> = self
            .submitting()
            .flat_map(|planned| {
                planned
                    .values
                    .iter()
                    .map(move |value| (planned, value.subject.as_str()))
            })
            .filter(|(planned, subject)| planned.covers(subject))
            .map(|(_, subject)| subject)
            .collect();
        let mut kinds = Kinds::default();
        let mut pages = stream::iter(subjects)
            .map(|subject| async move {
                let request = ListIndicatorValuesRequest {
                    subject: subject.to_owned(),
                    ..Default::default()
                };
                let auditor = &self.personas.auditor;
                let list = list_all!(
                    auditor.indicators(),
                    list_indicator_values,
                    request.clone(),
                    values
                );
                list.await.context("the values could not be listed")
            })
            .buffer_unordered(CONCURRENCY);
        while let Some(values) = pages.try_next().await? {
            values
                .iter()
                .filter_map(|value| value.value.as_ref())
                .for_each(|v| kinds.add(v));
        }
        Ok(kinds)
    }

    async fn campaign_figures(&self, campaigns: &[Campaign]) -> Result<Vec<CampaignFigures>> {
        let mut figures = Vec::new();
        for campaign in campaigns {
            let request = ListControlsRequest {
                campaign: campaign.name.clone(),
                ..Default::default()
            };
            let auditor = &self.personas.auditor;
            let controls =
                list_all!(auditor.controls(), list_controls, request.clone(), controls).await?;
            let findings = self.findings(&campaign.name).await?;
            let progress = campaign.progress.unwrap_or_default();
            figures.push(CampaignFigures {
                name: campaign.name.clone(),
                year: campaign.year,
                contracts: progress.contracts,
                controls: controls.len(),
                conforming: progress.conforming,
                deviating: progress.deviating,
                not_assessable: progress.not_assessable,
                findings: findings
                    .iter()
                    .filter(|f| f.state() == FindingState::Raised)
                    .count(),
            });
        }
        Ok(figures)
    }

    async fn count_objectives(&self) -> Result<usize> {
        let request = ListTargetSetsRequest {
            region: self.plan.region.code().to_owned(),
            state: TargetSetState::InEffect.into(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let sets = list_all!(
            auditor.target_sets(),
            list_target_sets,
            request.clone(),
            target_sets
        )
        .await?;
        Ok(sets.iter().map(|set| set.objectives.len()).sum())
    }

    async fn count_reviews(&self) -> Result<usize> {
        let request = ListReviewsRequest {
            region: self.plan.region.code().to_owned(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        Ok(
            list_all!(auditor.reviews(), list_reviews, request.clone(), reviews)
                .await?
                .len(),
        )
    }

    async fn count_procedures(&self) -> Result<usize> {
        let request = ListProceduresRequest {
            region: self.plan.region.code().to_owned(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let procedures = list_all!(
            auditor.procedures(),
            list_procedures,
            request.clone(),
            procedures
        )
        .await?;
        Ok(procedures.len())
    }
}

fn conducted(review: Review) -> ConductedReview {
    let outcome = review
        .conclusion
        .as_ref()
        .map(Conclusion::outcome)
        .unwrap_or_default();
    ConductedReview {
        name: review.name,
        contract: review.contract,
        year: review.year,
        findings: review
            .findings
            .into_iter()
            .map(|finding| finding.summary)
            .collect(),
        outcome: short(outcome.as_str_name(), "OUTCOME_").to_owned(),
    }
}

/// Unjoined numbers shown to a person; the JSON has all of them.
const SHOWN: usize = 5;

impl Report {
    /// The short table that a person reads.
    pub fn table(&self) -> String {
        let mut text = format!("Région {} · {}\n\n", self.region, self.region_name);
        let mut table = Table::new(&["Ce qui a été fait", "Nombre"]);
        let mut row = |label: &str, count: i64| table.row([label.to_owned(), french(count)]);
        let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        row("Établissements", size(self.establishments));
        row("Entités juridiques", size(self.legal_entities));
        row("Contrats en vigueur", size(self.contracts_in_force));
        row("Objectifs", size(self.objectives));
        row("Valeurs d’indicateurs", self.indicators.cast_signed());
        row("  dont masquées (1 à 10)", self.masked.cast_signed());
        row("  dont manquantes", self.missing.cast_signed());
        row("Valeurs rejetées", self.rejected);
        row("Lignes du registre rejetées", self.registry_rejected);
        row("Contrôles", size(self.controls));
        row("Constats", size(self.findings));
        row("Examens contradictoires ouverts", size(self.reviews));
        row("Procédures (sanctions)", size(self.procedures));
        let _ = writeln!(text, "{table}");
        let mut campaigns = Table::new(&[
            "Campagne",
            "Contrats",
            "Conformes",
            "En écart",
            "Non évaluables",
            "Constats",
        ]);
        for campaign in &self.campaigns {
            campaigns.row([
                campaign.year.to_string(),
                french(campaign.contracts),
                french(campaign.conforming),
                french(campaign.deviating),
                french(campaign.not_assessable),
                french(campaign.findings),
            ]);
        }
        let _ = writeln!(text, "{campaigns}");
        if let Some(planning) = &self.planning {
            let _ = writeln!(text, "{}", planning.table());
        }
        if let Some(review) = &self.conducted_review {
            let _ = writeln!(
                text,
                "Un examen mené jusqu’à sa conclusion par des personnes : {}\n  contrat {}, année {}, issue : {}",
                review.name,
                review.contract,
                review.year,
                outcome_in_french(&review.outcome),
            );
            for finding in &review.findings {
                let _ = writeln!(text, "  • {finding}");
            }
        }
        self.write_remarks(&mut text);
        let _ = writeln!(text, "\nDurée : {:.1} s", self.elapsed_seconds);
        text
    }

    fn write_remarks(&self, text: &mut String) {
        if !self.unjoined_list.is_empty() {
            let _ = writeln!(
                text,
                "\n{} numéros publiés ne correspondent à aucun site ni à aucune entité du registre :",
                self.unjoined
            );
            for unjoined in self.unjoined_list.iter().take(SHOWN) {
                let _ = writeln!(text, "  • {} {}", unjoined.finess, unjoined.title);
            }
            if self.unjoined > SHOWN {
                let _ = writeln!(text, "  • … (la liste entière est dans --json)");
            }
        }
        for remark in &self.remarks {
            let _ = writeln!(text, "\n{remark}");
        }
    }
}

fn outcome_in_french(outcome: &str) -> &str {
    let outcomes = [
        (Outcome::NoAction, "sans suite"),
        (Outcome::ActionPlan, "plan d’action"),
        (Outcome::AmendmentProposed, "avenant proposé"),
        (Outcome::SanctionProposed, "sanction proposée"),
    ];
    let found = outcomes
        .iter()
        .find(|(o, _)| short(o.as_str_name(), "OUTCOME_") == outcome);
    found.map_or(outcome, |(_, french)| french)
}
