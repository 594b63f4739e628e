//! The yearly archive `etalab_stock_et_AAAA1231.csv` (since 2004, header line, columns that came and went).

use kernel::Region;

use super::{
    headed::Sheet,
    issue::{Issue, Unreadable},
    lambert,
    record::{EntityHint, Extract, SiteRecord},
    table::Row,
};
use crate::domain::{Establishment, State, geography};

const SHEET: Sheet = Sheet {
    layout: "FINESS yearly stock",
    needed: &["nofinesset", "nofinessej", "rs", "departement"],
    // The column `region` changed its codes in 2016; the département did not.
    territory: |row| row.field("departement").territory(),
    site,
};

pub(super) fn read(text: &str, region: Region) -> Result<Extract, Unreadable> {
    SHEET.read(text, region)
}

fn site(row: &Row<'_>, region: Region, warnings: &mut Vec<Issue>) -> Result<SiteRecord, Issue> {
    let long_title = row.field("rslongue").text(warnings)?;
    let long_category = row.field("liblongcategetab").text(warnings)?;
    let site = Establishment {
        finess: row.field("nofinesset").finess()?,
        legal_entity: row.field("nofinessej").finess()?,
        title: match long_title {
            Some(title) => title,
            None => row.field("rs").required_text(warnings)?,
        },
        region,
        department: Some(geography::department_code(row.field("departement").value)),
        commune_code: row.field("cog").commune()?,
        commune: row.field("libelle_routage").text(warnings)?,
        category: row.field("categetab").digits(3)?,
        category_title: match long_category {
            Some(title) => Some(title),
            None => row.field("libcategetab").text(warnings)?,
        },
        siret: row.field("siret").siret(warnings)?,
        tariff_mode: row.field("mft").digits(2)?,
        location: lambert::place(
            row.field("coordx"),
            row.field("coordy"),
            row.field("sourcegeocod"),
            warnings,
        ),
    };
    Ok(SiteRecord {
        line: row.line,
        site,
        state: State::Open,
        entity: EntityHint::default(),
    })
}
