//! Who lives in the region, what its establishments do for whom, and the rates that are published of it.

use anyhow::{Context, Result, ensure};
use proto::targets::v1::{
    AreaKind, CaseMixHeader, CaseMixLayout, CaseMixReport, FinanceLayout, FinancesHeader,
    FinancesReport, ImportCaseMixRequest, ImportFinancesRequest, ImportPopulationRequest,
    ListCaseMixImportsRequest, ListPublishedRateSetsRequest, PmsiField, PopulationHeader,
    PopulationLayout, PublishRatesRequest, PublishedRateSet,
};

use super::planned::{AccountsFile, CaseMixFile, PopulationFile};
use crate::{
    call,
    demo::{
        Demo,
        territories::{applied, upload},
    },
};

/// The major activities that every stack knows.
const ACTIVITIES: &str = "nomenclatures/major-activities/versions/base";

impl Demo {
    /// The same file twice changes nothing.
    pub(super) async fn import_population(&self, file: &PopulationFile) -> Result<()> {
        let header = PopulationHeader {
            population_id: file.id.clone(),
            layout: PopulationLayout::Plain.into(),
            year: file.year,
            areas: AreaKind::Commune.into(),
            source: file.source.clone(),
            file_name: "population.csv".to_owned(),
            dry_run: false,
            request_id: self.request_id(&["ImportPopulation", &file.id, &file.content]),
            region: self.region(),
        };
        let messages = upload(&file.content, header, |header, chunk| {
            ImportPopulationRequest { header, chunk }
        });
        let mut client = self.personas.registry_administrator.territories();
        applied(&client.import_population(messages).await?.into_inner())
    }

    /// Looks at the file, then imports it; the same twice changes nothing. Returns the name of an import of the region.
    pub(super) async fn import_case_mix(&self, file: &CaseMixFile) -> Result<String> {
        let look = self.send_case_mix(file, None).await?;
        let look = look.file.unwrap_or_default();
        ensure!(look.errors == 0, "{:?}", look.line_errors);
        let told = self.send_case_mix(file, Some(look.sha256)).await?;
        let is_applied = told.file.as_ref().is_some_and(|file| file.applied);
        ensure!(is_applied, "{:?}", told.gates);
        let request = ListCaseMixImportsRequest {
            region: self.region(),
            page_size: 1,
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let imports = call!(auditor.case_mix(), list_case_mix_imports, request).await?;
        let latest = imports.imports.into_iter().next();
        Ok(latest.context("no import is on record")?.name)
    }

    /// One pass: a look, or the import of bytes that were looked at.
    async fn send_case_mix(
        &self,
        file: &CaseMixFile,
        looked_at: Option<String>,
    ) -> Result<CaseMixReport> {
        let header = CaseMixHeader {
            field: PmsiField::Mco.into(),
            layout: CaseMixLayout::Plain.into(),
            region: self.region(),
            nomenclature: ACTIVITIES.to_owned(),
            source: file.source.clone(),
            extraction_date: file.extraction_date.clone(),
            file_name: "activite.csv".to_owned(),
            dry_run: looked_at.is_none(),
            sha256: looked_at.unwrap_or_default(),
            request_id: self.request_id(&["ImportCaseMix", &file.content]),
            ..Default::default()
        };
        let messages = upload(&file.content, header, |header, chunk| {
            ImportCaseMixRequest { header, chunk }
        });
        let mut client = self.personas.registry_administrator.case_mix();
        Ok(client.import_case_mix(messages).await?.into_inner())
    }

    /// Looks at the file, then imports it; the same twice changes nothing.
    pub(super) async fn import_accounts(&self, file: &AccountsFile) -> Result<()> {
        if file.content.is_empty() {
            return Ok(());
        }
        let look = self.send_accounts(file, None).await?;
        let look = look.file.unwrap_or_default();
        ensure!(look.errors == 0, "{:?}", look.line_errors);
        let told = self.send_accounts(file, Some(look.sha256)).await?;
        applied(&told.file.unwrap_or_default())
    }

    /// One pass: a look, or the import of bytes that were looked at.
    async fn send_accounts(
        &self,
        file: &AccountsFile,
        looked_at: Option<String>,
    ) -> Result<FinancesReport> {
        let header = FinancesHeader {
            layout: FinanceLayout::DiamantErrd.into(),
            region: self.region(),
            source: file.source.clone(),
            extraction_date: file.extraction_date.clone(),
            file_name: "errd.csv".to_owned(),
            dry_run: looked_at.is_none(),
            sha256: looked_at.unwrap_or_default(),
            request_id: self.request_id(&["ImportFinances", &file.content]),
        };
        let messages = upload(&file.content, header, |header, chunk| {
            ImportFinancesRequest { header, chunk }
        });
        let mut client = self.personas.registry_administrator.finances();
        Ok(client.import_finances(messages).await?.into_inner())
    }

    /// Publishes the versions that are not there yet.
    pub(super) async fn publish_rates(&self, rates: &[PublishRatesRequest]) -> Result<()> {
        let published = self.published_rates().await?;
        for (rank, planned) in rates.iter().enumerate() {
            let of_series = |series: &str| series == planned.series;
            let before = rates.iter().take(rank);
            let before = before.filter(|one| of_series(&one.series)).count();
            let standing = published.iter().filter(|set| of_series(&set.series));
            if standing.count() > before {
                continue;
            }
            let version = before.to_string();
            let request = PublishRatesRequest {
                request_id: self.request_id(&["PublishRates", &planned.series, &version]),
                ..planned.clone()
            };
            call!(self.personas.manager.rates(), publish_rates, request).await?;
        }
        Ok(())
    }

    /// Every version of every series of the region.
    pub(super) async fn published_rates(&self) -> Result<Vec<PublishedRateSet>> {
        of_region!(
            self,
            published_rates,
            list_published_rate_sets(ListPublishedRateSetsRequest),
            sets
        )
        .context("the rates could not be listed")
    }
}
