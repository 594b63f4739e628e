//! Establishments with their legal entity, one a line, columns by name in any order
//! (`finess_et;raison_sociale;finess_ej;…`): the shape of the statistics of the SAE, and of the
//! files that agencies exchange. It has no record of legal entities, only their number and, at times, name.

use kernel::Region;

use super::{
    field::location,
    headed::Sheet,
    issue::{Issue, Reason, Unreadable},
    record::{EntityHint, Extract, SiteRecord},
    table::Row,
};
use crate::domain::{
    Establishment, State,
    geography::{self, Territory},
};

const SHEET: Sheet = Sheet {
    layout: "sites",
    needed: &["finess_et", "raison_sociale", "finess_ej", "region"],
    territory: |row| row.field("region").region().map(Territory::Region),
    site,
};

pub(super) fn read(text: &str, region: Region) -> Result<Extract, Unreadable> {
    SHEET.read(text, region)
}

/// The column `mft` is left aside: the SAE codes it in one digit with its own list, not that of FINESS.
fn site(row: &Row<'_>, region: Region, warnings: &mut Vec<Issue>) -> Result<SiteRecord, Issue> {
    let site = Establishment {
        finess: row.field("finess_et").finess()?,
        legal_entity: row.field("finess_ej").finess()?,
        title: row.field("raison_sociale").required_text(warnings)?,
        region,
        department: department(row)?,
        commune_code: row.field("commune_insee").commune()?,
        commune: row.field("commune").text(warnings)?,
        category: row.field("categorie").digits(3)?,
        category_title: row.field("libelle_categorie").text(warnings)?,
        siret: row.field("siret").siret(warnings)?,
        tariff_mode: None,
        location: location(row.field("lat"), row.field("lon"), warnings),
    };
    let entity = EntityHint {
        title: row.field("raison_sociale_ej").text(warnings)?,
        legal_status: row.field("statut_juridique").digits(2)?,
    };
    Ok(SiteRecord {
        line: row.line,
        site,
        state: State::Open,
        entity,
    })
}

/// Two or three characters, not looked up: the synthetic region has départements of its own.
fn department(row: &Row<'_>) -> Result<Option<String>, Issue> {
    let field = row.field("departement");
    if field.value.is_empty() {
        return Ok(None);
    }
    let well_formed = matches!(field.value.len(), 2 | 3)
        && field.value.bytes().all(|c| c.is_ascii_alphanumeric());
    if !well_formed {
        return Err(field.issue(
            Reason::BadCode,
            "the code of a département is like 13, 2A or 971",
        ));
    }
    Ok(Some(geography::department_code(field.value)))
}
