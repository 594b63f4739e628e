//! Step 1: the registry.

use anyhow::{Context, Result};
use kernel::Finess;
use proto::establishments::v1::{
    Establishment, ImportHeader, ImportReport, ListEstablishmentsRequest, RegistryFormat,
};

use super::Demo;
use crate::{
    list_all,
    progress::{self, Count},
    upload,
};

impl Demo {
    /// Imports the registry file of the plan. The same file twice changes nothing.
    pub(super) async fn import_registry(&self) -> Result<ImportReport> {
        let file = &self.plan.registry;
        let header = ImportHeader {
            format: RegistryFormat::SitesCsv.into(),
            region: self.plan.region.code().to_owned(),
            file_name: file.name.clone(),
            dry_run: false,
            complete: false,
            request_id: self.request_id(&["ImportRegistry", &file.name]),
        };
        let bar = progress::bar("registre", file.content.len() as u64, Count::Bytes);
        let client = self.personas.registry_administrator.establishments();
        let report = upload::import(client, header, &file.content, &bar).await;
        bar.finish_and_clear();
        report.context("the registry was not imported")
    }

    /// The establishments of the region, as the registry has them.
    pub(super) async fn establishments(&self) -> Result<Vec<Establishment>> {
        let request = ListEstablishmentsRequest {
            region: self.plan.region.code().to_owned(),
            ..Default::default()
        };
        let client = &self.personas.auditor;
        let list = list_all!(
            client.establishments(),
            list_establishments,
            request.clone(),
            establishments
        );
        list.await.context("the establishments could not be listed")
    }
}

/// The number in `legalEntities/{finess}`.
pub(super) fn finess_of(name: &str) -> Option<Finess> {
    name.rsplit('/').next()?.parse().ok()
}
