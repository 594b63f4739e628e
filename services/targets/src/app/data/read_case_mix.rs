//! Reads case-mix imports and figures.

use kernel::Finess;
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};

use crate::{
    app::App,
    domain::case_mix::CaseMixImportId,
    grpc::{data::kinds, scalars::parse},
    store::{
        case_mix::{self, EstablishmentFigure, Filter, Listed},
        registry_copy,
    },
};

pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: &pb::GetCaseMixImportRequest,
) -> Result<pb::CaseMixImport, Error> {
    let id: CaseMixImportId = parse("name", &request.name)?;
    let filter = Filter {
        id: Some(id.0),
        regions: call.caller.regions(),
        ..Filter::default()
    };
    let found = case_mix::imports(app.db.pool(), filter, 1).await?;
    let import = found
        .first()
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    Ok(write_import(import))
}

pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListCaseMixImportsRequest,
) -> Result<pb::ListCaseMixImportsResponse, Error> {
    let field = request.field.to_string();
    let arguments = [request.region.as_str(), field.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let regions = match request.region.as_str() {
        "" => call.caller.regions(),
        text => {
            let region = parse("region", text)?;
            call.caller.require_region(region, &call.permission)?;
            Some(vec![region.to_string()])
        }
    };
    let filter = Filter {
        id: None,
        regions,
        field: kinds::field(request.field()),
        before: page.key(0)?,
    };
    let mut imports = case_mix::imports(app.db.pool(), filter, page.limit()).await?;
    let next_page_token = page.next(&mut imports, |listed| vec![listed.import.id.0.to_string()]);
    Ok(pb::ListCaseMixImportsResponse {
        imports: imports.iter().map(write_import).collect(),
        next_page_token,
    })
}

fn write_import(listed: &Listed) -> pb::CaseMixImport {
    let import = &listed.import;
    pb::CaseMixImport {
        name: import.id.to_string(),
        field: kinds::write_field(import.field).into(),
        region: import.region.to_string(),
        nomenclature: import.nomenclature.to_string(),
        source: import.source.clone(),
        extraction_date: import.extraction_date.to_string(),
        file_name: import.file_name.clone(),
        sha256: import.sha256.clone(),
        accepted_gates: import.accepted_gates.clone(),
        justification: import.justification.clone(),
        current_establishments: listed.current,
        create_time: Some(kit::timestamp(import.applied_at)),
    }
}

/// Agencies see the establishments of their regions, establishments themselves and their sites.
pub(crate) async fn figures(
    app: &App,
    call: &Call,
    request: &pb::ListCaseMixFiguresRequest,
) -> Result<pb::ListCaseMixFiguresResponse, Error> {
    let finess: Finess = parse("finess", &request.finess)?;
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let (year_text, field) = (request.year.to_string(), request.field.to_string());
    let arguments = [request.finess.as_str(), year_text.as_str(), field.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let known = registry_copy::find(app.db.pool(), finess).await?;
    let is_seen = known.is_some_and(|(region, legal_entity)| {
        let is_own = call.caller.represents(&finess)
            || legal_entity.is_some_and(|entity| call.caller.represents(&entity));
        call.caller.sees(region) && (!call.caller.is_establishment() || is_own)
    });
    if !is_seen {
        return Err(Error::NotFound(format!("the activity of {finess}")));
    }
    let numbers = [finess.to_string()];
    let field = kinds::field(request.field());
    let figures = case_mix::figures(app.db.pool(), &numbers, year, field, None).await?;
    let after: Option<usize> = page.key(0)?;
    let mut figures: Vec<(usize, EstablishmentFigure)> = figures
        .into_iter()
        .enumerate()
        .filter(|(place, _)| after.is_none_or(|after| *place > after))
        .collect();
    let next_page_token = page.next(&mut figures, |(place, _)| vec![place.to_string()]);
    Ok(pb::ListCaseMixFiguresResponse {
        figures: figures
            .iter()
            .map(|(_, figure)| write_figure(figure))
            .collect(),
        next_page_token,
    })
}

fn write_figure(figure: &EstablishmentFigure) -> pb::CaseMixFigure {
    pb::CaseMixFigure {
        finess: figure.finess.to_string(),
        field: kinds::write_field(figure.field).into(),
        year: figure.year.into(),
        through_month: figure.month.into(),
        activity: figure.activity.clone(),
        mode: kinds::write_mode(figure.mode).into(),
        unit: kinds::write_measure(figure.measure).into(),
        value: figure.figure.known,
        masked_cells: figure.figure.masked,
        import: figure.import.to_string(),
    }
}
