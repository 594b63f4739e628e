//! The official extract without header: first line `finess;etalab;<flux>;<date>`, then records told
//! apart by their first field. `structureej` comes in cs1100501, `structureet` in cs1100502 and
//! cs1100507, `geolocalisation` in the latter; files may be sent one after another in one upload.

use std::collections::BTreeMap;

use kernel::{Finess, Region};
use time::{Date, macros::format_description};

use super::{
    field::Field,
    issue::{Issue, Reason, Unreadable},
    lambert,
    record::{EntityHint, EntityRecord, Extract, SiteRecord},
    table::{self, Layout, Row},
};
use crate::domain::{
    Establishment, LegalEntity, State,
    geography::{self, Territory},
    registry::Location,
};

const FIRST_LINE: [&str; 4] = ["section", "origin", "flux", "extraction_date"];

const LEGAL_ENTITY: [&str; 23] = [
    "section",
    "nofiness",
    "rs",
    "rslongue",
    "complrs",
    "numvoie",
    "typvoie",
    "voie",
    "compvoie",
    "compldistrib",
    "lieuditbp",
    "commune",
    "ligneacheminement",
    "departement",
    "libdepartement",
    "telephone",
    "statutjuridique",
    "libstatutjuridique",
    "categetab",
    "libcategetab",
    "siren",
    "codeape",
    "datecrea",
];

const ESTABLISHMENT: [&str; 32] = [
    "section",
    "nofinesset",
    "nofinessej",
    "rs",
    "rslongue",
    "complrs",
    "compldistrib",
    "numvoie",
    "typvoie",
    "voie",
    "compvoie",
    "lieuditbp",
    "commune",
    "departement",
    "libdepartement",
    "ligneacheminement",
    "telephone",
    "telecopie",
    "categetab",
    "libcategetab",
    "categagretab",
    "libcategagretab",
    "siret",
    "codeape",
    "codemft",
    "libmft",
    "codesph",
    "libsph",
    "dateouv",
    "dateautor",
    "datemaj",
    "numuai",
];

/// Until 2020 the number of the ministry of education was not there.
const ESTABLISHMENT_MIN: usize = 31;

const PLACE: [&str; 6] = [
    "section",
    "nofinesset",
    "coordxet",
    "coordyet",
    "sourcecoordet",
    "datemaj",
];

struct Layouts {
    first_line: Layout,
    legal_entity: Layout,
    establishment: Layout,
    place: Layout,
}

/// The places of establishments, to be joined once all lines are read, and what is to be said of them.
type Places = BTreeMap<Finess, (Option<Location>, Vec<Issue>)>;

pub(super) fn read(text: &str, region: Region) -> Result<Extract, Unreadable> {
    if !text.trim_start().starts_with("finess;etalab;") {
        let problem = "its first line must be like finess;etalab;94;2026-05-12".to_owned();
        return Err(Unreadable::Layout {
            layout: "FINESS classic",
            problem,
        });
    }
    let layouts = Layouts {
        first_line: Layout::fixed(&FIRST_LINE, FIRST_LINE.len()),
        legal_entity: Layout::fixed(&LEGAL_ENTITY, LEGAL_ENTITY.len()),
        establishment: Layout::fixed(&ESTABLISHMENT, ESTABLISHMENT_MIN),
        place: Layout::fixed(&PLACE, PLACE.len()),
    };
    let mut extract = Extract::default();
    let mut places = Places::new();
    for (line, text) in table::lines(text) {
        if let Err(issue) = layouts.read_line(line, text, region, &mut extract, &mut places) {
            extract.rejected.push(issue);
        }
    }
    join_places(&mut extract, places);
    Ok(extract)
}

impl Layouts {
    fn read_line(
        &self,
        line: u64,
        text: &str,
        region: Region,
        extract: &mut Extract,
        places: &mut Places,
    ) -> Result<(), Issue> {
        let section = text.split(';').next().unwrap_or_default().trim();
        if section == "finess" {
            return extraction_date(self.first_line.row(line, text)?.field("extraction_date"));
        }
        extract.lines += 1;
        let mut warnings = Vec::new();
        match section {
            "structureej" => {
                extract.has_entities = true;
                let row = self.legal_entity.row(line, text)?;
                let Territory::Region(of) = row.field("departement").territory()? else {
                    extract.skipped += 1;
                    return Ok(());
                };
                let read = legal_entity(&row, of, &mut warnings);
                extract.push_entity(read, warnings, of == region);
            }
            "structureet" => {
                extract.has_sites = true;
                let row = self.establishment.row(line, text)?;
                if row.field("departement").territory()? == Territory::Region(region) {
                    let read = establishment(&row, region, &mut warnings);
                    extract.push_site(read, warnings);
                } else {
                    extract.skipped += 1;
                }
            }
            "geolocalisation" => {
                let row = self.place.row(line, text)?;
                let place = lambert::place(
                    row.field("coordxet"),
                    row.field("coordyet"),
                    row.field("sourcecoordet"),
                    &mut warnings,
                );
                places.insert(row.field("nofinesset").finess()?, (place, warnings));
            }
            other => {
                let words = "only structureej, structureet and geolocalisation records are read";
                return Err(Issue::new(
                    line,
                    "section",
                    Reason::UnknownRecordType,
                    words,
                    other,
                ));
            }
        }
        Ok(())
    }
}

fn extraction_date(field: Field<'_>) -> Result<(), Issue> {
    Date::parse(field.value, format_description!("[year]-[month]-[day]"))
        .map(|_| ())
        .map_err(|_| {
            field.issue(
                Reason::BadDate,
                "the date of extraction is written 2026-05-12",
            )
        })
}

fn legal_entity(
    row: &Row<'_>,
    region: Region,
    warnings: &mut Vec<Issue>,
) -> Result<EntityRecord, Issue> {
    let entity = LegalEntity {
        finess: row.field("nofiness").finess()?,
        title: title(row, warnings)?,
        region,
        legal_status: row.field("statutjuridique").digits(2)?,
        siren: row.field("siren").siren(warnings),
        derived: false,
    };
    Ok(EntityRecord {
        line: row.line,
        entity,
        state: State::Open,
    })
}

fn establishment(
    row: &Row<'_>,
    region: Region,
    warnings: &mut Vec<Issue>,
) -> Result<SiteRecord, Issue> {
    let department = row.field("departement").value;
    let commune = row.field("commune");
    // Three digits without the département, which FINESS writes beside it.
    let commune_code = match commune.digits(3)? {
        Some(three) => {
            let code = format!("{department}{three}");
            Field {
                value: &code,
                ..commune
            }
            .commune()?
        }
        None => None,
    };
    let site = Establishment {
        finess: row.field("nofinesset").finess()?,
        legal_entity: row.field("nofinessej").finess()?,
        title: title(row, warnings)?,
        region,
        department: Some(geography::department_code(department)),
        commune_code,
        commune: routing_town(row.field("ligneacheminement")).text(warnings)?,
        category: row.field("categetab").digits(3)?,
        category_title: row.field("libcategetab").text(warnings)?,
        siret: row.field("siret").siret(warnings)?,
        tariff_mode: row.field("codemft").digits(2)?,
        location: None,
    };
    Ok(SiteRecord {
        line: row.line,
        site,
        state: State::Open,
        entity: EntityHint::default(),
    })
}

/// The long name when there is one.
fn title(row: &Row<'_>, warnings: &mut Vec<Issue>) -> Result<String, Issue> {
    match row.field("rslongue").text(warnings)? {
        Some(title) => Ok(title),
        None => row.field("rs").required_text(warnings),
    }
}

/// `13005 MARSEILLE CEDEX 05` says MARSEILLE.
fn routing_town(line: Field<'_>) -> Field<'_> {
    let town = line
        .value
        .split_once(' ')
        .map_or("", |(_, town)| town.trim());
    let town = town.split_once(" CEDEX").map_or(town, |(town, _)| town);
    Field {
        value: town,
        ..line
    }
}

fn join_places(extract: &mut Extract, mut places: Places) {
    for record in &mut extract.sites {
        if let Some((place, warnings)) = places.remove(&record.site.finess) {
            record.site.location = place;
            extract.warnings.extend(warnings);
        }
    }
    // The others belong to establishments of other regions, or to lines already rejected.
    extract.skipped += u64::try_from(places.len()).unwrap_or_default();
}
