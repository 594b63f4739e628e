//! What came of the planning, read back from the services.

use anyhow::Result;
use proto::{
    contracts::v1::ProgrammingState,
    targets::v1::{
        DialogueState, FrameworkState, InflectionState, ListPopulationsRequest,
        ListTerritoryVersionsRequest, SchemeState,
    },
};
use serde::Serialize;

use crate::{
    demo::Demo,
    list_all,
    output::{Table, french},
};

/// The figures of a planning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PlanningFigures {
    pub territories: i64,
    /// Of the population of the plan.
    pub inhabitants: i64,
    /// Of the last version of each series.
    pub published_rates: i64,
    /// Of the framework that was agreed last.
    pub framework_lines: usize,
    pub dialogues: usize,
    /// Those that go on.
    pub dialogues_open: usize,
    pub inflections: usize,
    pub inflections_agreed: usize,
    /// Authorised, in effect today.
    pub places: i64,
    pub waiting_lists: usize,
    /// Years of establishments of the plan.
    pub allowances: usize,
    /// Of adopted schemes.
    pub scheme_objectives: usize,
    pub project_calls: usize,
    pub cooperations: usize,
    pub credit_envelopes: usize,
    /// Lines of the decision in force.
    pub programmed_contracts: usize,
}

impl PlanningFigures {
    /// As a person reads them.
    pub(in crate::demo) fn table(&self) -> Table {
        let mut table = Table::new(&["Ce qui est planifié", "Nombre"]);
        let mut row = |label: &str, count: i64| table.row([label.to_owned(), french(count)]);
        let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        row("Territoires", self.territories);
        row("Habitants", self.inhabitants);
        row("Taux publiés", self.published_rates);
        row("Lignes du cadre régional", size(self.framework_lines));
        row("Dialogues de territoire", size(self.dialogues));
        row("Inflexions", size(self.inflections));
        row("  dont retenues", size(self.inflections_agreed));
        row("Places médico-sociales autorisées", self.places);
        row("Listes d’attente", size(self.waiting_lists));
        row("Forfaits annuels", size(self.allowances));
        row("Objectifs du schéma", size(self.scheme_objectives));
        row("Appels à projets", size(self.project_calls));
        row("Coopérations", size(self.cooperations));
        row("Enveloppes de crédits", size(self.credit_envelopes));
        row("Contrats programmés", size(self.programmed_contracts));
        table
    }
}

impl Demo {
    pub(in crate::demo) async fn planning_figures(&self) -> Result<PlanningFigures> {
        let frameworks = self.frameworks().await?;
        let agreed = frameworks
            .iter()
            .rfind(|one| one.state() == FrameworkState::Agreed);
        let dialogues = self.dialogues().await?;
        let open = dialogues
            .iter()
            .filter(|one| one.state() == DialogueState::Open);
        let inflections = self.inflections("").await?;
        let retained = inflections
            .iter()
            .filter(|one| one.state() == InflectionState::Agreed);
        let schemes = self.schemes().await?;
        let adopted = schemes
            .iter()
            .filter(|one| one.state() == SchemeState::Adopted);
        let rates = self.published_rates().await?;
        let places = self.places("").await?;
        Ok(PlanningFigures {
            territories: self.count_territories().await?,
            inhabitants: self.count_inhabitants().await?,
            published_rates: rates
                .iter()
                .filter(|set| !set.corrected)
                .map(|set| set.rates)
                .sum(),
            framework_lines: agreed.map_or(0, |framework| framework.lines.len()),
            dialogues: dialogues.len(),
            dialogues_open: open.count(),
            inflections: inflections.len(),
            inflections_agreed: retained.count(),
            places: places.iter().map(|line| i64::from(line.places)).sum(),
            waiting_lists: self.waiting_lists().await?.len(),
            allowances: self.count_allowances().await?,
            scheme_objectives: adopted
                .filter_map(|scheme| scheme.content.as_ref())
                .map(|content| content.objectives.len())
                .sum(),
            project_calls: self.project_calls().await?.len(),
            cooperations: self.cooperations().await?.len(),
            credit_envelopes: self.envelopes().await?.len(),
            programmed_contracts: self.count_programmed().await?,
        })
    }

    async fn count_territories(&self) -> Result<i64> {
        let request = ListTerritoryVersionsRequest {
            region: self.region(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let versions = list_all!(
            auditor.territories(),
            list_territory_versions,
            request.clone(),
            versions
        )
        .await?;
        Ok(versions.iter().map(|version| version.territories).sum())
    }

    /// Populations are everybody's: the one of the plan alone is that of the region.
    async fn count_inhabitants(&self) -> Result<i64> {
        let Some(planning) = &self.plan.planning else {
            return Ok(0);
        };
        let name = format!("populations/{}", planning.population.id);
        let request = ListPopulationsRequest::default();
        let auditor = &self.personas.auditor;
        let populations = list_all!(
            auditor.territories(),
            list_populations,
            request.clone(),
            populations
        )
        .await?;
        let ours = populations.iter().filter(|one| one.name == name);
        Ok(ours.map(|one| one.inhabitants).sum())
    }

    async fn count_allowances(&self) -> Result<usize> {
        let planned = self.plan.planning.iter();
        let planned = planned.flat_map(|planning| &planning.allowances);
        let mut establishments: Vec<&str> = planned.map(|one| one.establishment.as_str()).collect();
        establishments.sort_unstable();
        establishments.dedup();
        let mut years = 0;
        for establishment in establishments {
            years += self.allowances(establishment).await?.years.len();
        }
        Ok(years)
    }

    async fn count_programmed(&self) -> Result<usize> {
        let programmings = self.programmings().await?;
        let in_force = programmings
            .into_iter()
            .find(|one| one.in_force && one.state() == ProgrammingState::Published);
        match in_force {
            Some(programming) => Ok(self.programming(programming.name).await?.lines.len()),
            None => Ok(0),
        }
    }
}
