//! `FinanceService`.

use proto::targets::v1::{self as pb, finance_service_server::FinanceService};
use tonic::{Request, Response, Status, Streaming};

use crate::{
    app::{
        App,
        data::{import_finances::Import, read_finances, upload::Upload},
    },
    domain::finances::{FinanceLayout, FinanceUnit},
    grpc::scalars::decimal,
    store::finances::{self as store, Current},
};

pub(crate) struct Finances(pub(crate) App);

#[tonic::async_trait]
impl FinanceService for Finances {
    async fn import_finances(
        &self,
        request: Request<Streaming<pb::ImportFinancesRequest>>,
    ) -> Result<Response<pb::FinancesReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = Upload::new(&call, messages);
        let import = Import::allow(&self.0, &call, upload.header().await?).await?;
        let file = upload.file().await?;
        Ok(Response::new(import.run(&self.0, &call, file).await?))
    }

    async fn list_finance_figures(
        &self,
        request: Request<pb::ListFinanceFiguresRequest>,
    ) -> Result<Response<pb::ListFinanceFiguresResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_finances::list(&self.0, &call, &request).await?,
        ))
    }
}

const LAYOUTS: [(pb::FinanceLayout, FinanceLayout); 6] = [
    (pb::FinanceLayout::DiamantCa, FinanceLayout::Ca),
    (pb::FinanceLayout::DiamantErrd, FinanceLayout::Errd),
    (
        pb::FinanceLayout::DiamantErrdLegalEntity,
        FinanceLayout::ErrdLegalEntity,
    ),
    (pb::FinanceLayout::DiamantHospital, FinanceLayout::Hospital),
    (pb::FinanceLayout::DiamantHapi, FinanceLayout::Hapi),
    (
        pb::FinanceLayout::DiamantPerimeter,
        FinanceLayout::Perimeter,
    ),
];

/// Reads a layout; none when it is not given.
pub(crate) fn read_layout(layout: pb::FinanceLayout) -> Option<FinanceLayout> {
    LAYOUTS
        .iter()
        .find(|(wire, _)| *wire == layout)
        .map(|(_, layout)| *layout)
}

/// Writes a layout.
pub(crate) fn write_layout(layout: FinanceLayout) -> pb::FinanceLayout {
    LAYOUTS
        .iter()
        .find(|(_, known)| *known == layout)
        .map_or(pb::FinanceLayout::Unspecified, |(wire, _)| *wire)
}

fn write_unit(unit: FinanceUnit) -> pb::FinanceUnit {
    match unit {
        FinanceUnit::Euros => pb::FinanceUnit::Euros,
        FinanceUnit::Percent => pb::FinanceUnit::Percent,
        FinanceUnit::Number => pb::FinanceUnit::Number,
    }
}

/// Writes a figure.
pub(crate) fn write_figure(figure: &Current) -> pb::FinanceFigure {
    pb::FinanceFigure {
        finess: figure.subject.to_string(),
        year: figure.year.into(),
        layout: write_layout(figure.import.layout).into(),
        code: figure.definition.code.to_owned(),
        title: figure.definition.title.to_owned(),
        unit: write_unit(figure.definition.unit).into(),
        detail: figure.detail.clone(),
        value: decimal(figure.value.normalize()),
        import: figure.import.id.to_string(),
    }
}

/// Writes an import.
pub(crate) fn write_import(import: &store::Import) -> pb::FinanceImport {
    pb::FinanceImport {
        name: import.id.to_string(),
        layout: write_layout(import.layout).into(),
        region: import.region.to_string(),
        source: import.source.clone(),
        extraction_date: import.extraction_date.to_string(),
        file_name: import.file_name.clone(),
        sha256: import.sha256.clone(),
        create_time: Some(kit::timestamp(import.applied_at)),
    }
}
