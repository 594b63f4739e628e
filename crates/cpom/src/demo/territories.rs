//! Step 1b: a division of the region with its outlines, so that maps have shapes.

use anyhow::{Context as _, Result, ensure};
use futures::{Stream, stream};
use proto::targets::v1 as pb;

use super::{Demo, plan::Division};

/// What the service takes at a time.
const CHUNK: usize = 64 * 1024;

impl Demo {
    /// Imports communes, territories and outlines. The same files twice change nothing.
    pub(super) async fn import_territories(&self) -> Result<()> {
        let Some(division) = &self.plan.division else {
            return Ok(());
        };
        self.import_communes(division).await.context("communes")?;
        self.divide(division).await.context("territories")?;
        self.draw(division).await.context("outlines")
    }

    async fn import_communes(&self, division: &Division) -> Result<()> {
        let header = pb::NomenclatureHeader {
            kind: pb::NomenclatureKind::Geography.into(),
            version: division.geography.clone(),
            valid_from: division.valid_from.clone(),
            source: division.source.clone(),
            file_name: "communes.csv".to_owned(),
            dry_run: false,
            request_id: self.request_id(&["ImportNomenclature", &division.geography]),
            region: self.plan.region.code().to_owned(),
        };
        let messages = upload(&division.communes, header, |header, chunk| {
            pb::ImportNomenclatureRequest { header, chunk }
        });
        let mut client = self.personas.registry_administrator.nomenclatures();
        applied(&client.import_nomenclature(messages).await?.into_inner())
    }

    async fn divide(&self, division: &Division) -> Result<()> {
        let header = pb::TerritoriesHeader {
            version_id: division.id.clone(),
            kind: division.kind.into(),
            composed_of: division.composed_of.into(),
            region: self.plan.region.code().to_owned(),
            valid_from: division.valid_from.clone(),
            valid_to: String::new(),
            geography: format!("nomenclatures/geography/versions/{}", division.geography),
            source: division.source.clone(),
            file_name: "territories.csv".to_owned(),
            dry_run: false,
            request_id: self.request_id(&["ImportTerritories", &division.id]),
        };
        let messages = upload(&division.territories, header, |header, chunk| {
            pb::ImportTerritoriesRequest { header, chunk }
        });
        let mut client = self.personas.registry_administrator.territories();
        applied(&client.import_territories(messages).await?.into_inner())
    }

    /// A national file has the outlines of other regions too.
    async fn draw(&self, division: &Division) -> Result<()> {
        let header = pb::OutlinesHeader {
            parent: format!("territoryVersions/{}", division.id),
            code_property: String::new(),
            skip_unknown: true,
            source: division.source.clone(),
            licence: division.licence.clone(),
            file_name: "outlines.geojson".to_owned(),
            dry_run: false,
            request_id: self.request_id(&["ImportOutlines", &division.id]),
        };
        let messages = upload(&division.outlines, header, |header, chunk| {
            pb::ImportOutlinesRequest { header, chunk }
        });
        let mut client = self.personas.registry_administrator.territories();
        applied(&client.import_outlines(messages).await?.into_inner())
    }
}

/// The header, then the file in chunks.
pub(super) fn upload<H, M>(
    file: &str,
    header: H,
    message: fn(Option<H>, Vec<u8>) -> M,
) -> impl Stream<Item = M> + Send + 'static + use<H, M>
where
    M: Send + 'static,
{
    let mut messages = vec![message(Some(header), Vec::new())];
    let chunks = file.as_bytes().chunks(CHUNK);
    messages.extend(chunks.map(|chunk| message(None, chunk.to_vec())));
    stream::iter(messages)
}

/// Fails where a file was not taken.
pub(super) fn applied(report: &pb::FileReport) -> Result<()> {
    ensure!(report.applied, "{}: {:?}", report.name, report.line_errors);
    Ok(())
}
