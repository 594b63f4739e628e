//! The daily FINESS+ file of structures (`finess-structures-journalier-AAAAMMJJ.json`), published since
//! July 2026 by the agency for digital health. Shape: its JSON schema `structure.json` v1, which
//! nests the sites (`ege`) in their legal entity (`pmej`) and keeps the closed ones (`etatObjet` = `I`).
//!
//! Each legal entity and each site is read alone, so that one of another shape is rejected alone.

use kernel::{Finess, Region};
use serde::Deserialize;
use serde_json::{error::Category, value::RawValue};

use super::{
    field::{self, Field},
    issue::{Issue, Reason, Unreadable},
    record::{EntityHint, EntityRecord, Extract, SiteRecord},
};
use crate::domain::{
    Establishment, LegalEntity, State,
    geography::{self, Territory},
};

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    pmej: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Pmej<'a> {
    #[serde(rename = "informationsGeneralesPMEJ")]
    general: PmejGeneral,
    #[serde(default)]
    adresse: Vec<Address>,
    #[serde(borrow, default)]
    ege: Vec<&'a RawValue>,
    #[serde(rename = "etatObjet", default)]
    state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PmejGeneral {
    num_finess_pm: String,
    #[serde(default)]
    denomination_longue_pm_smsse: Option<String>,
    #[serde(default)]
    denomination_pm: Option<String>,
    #[serde(default)]
    statut_juridique: Option<String>,
    #[serde(default)]
    siren: Option<String>,
}

#[derive(Deserialize)]
struct Ege {
    #[serde(rename = "informationsGeneralesEGE")]
    general: EgeGeneral,
    #[serde(rename = "categorieentiteGeographiqueExercice", default)]
    category: Option<String>,
    #[serde(rename = "modefixationtarifaire", default)]
    tariff_mode: Option<String>,
    #[serde(default)]
    adresse: Vec<Address>,
    #[serde(rename = "etatObjet", default)]
    state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EgeGeneral {
    num_finess_ege: String,
    #[serde(default)]
    nom_ege_long: Option<String>,
    #[serde(default)]
    nom_ege_court: Option<String>,
    #[serde(default)]
    siret: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    cog_commune: String,
    #[serde(default)]
    ligne_acheminement: Option<String>,
    #[serde(default)]
    coordonnees_geographique: Option<Coordinates>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Coordinates {
    #[serde(default)]
    direction_latitude: Option<String>,
    #[serde(default)]
    direction_longitude: Option<String>,
}

/// `TRE_R386`: A for active, I for inactive.
const INACTIVE: &str = "I";

pub(super) fn read(text: &str, region: Region) -> Result<Extract, Unreadable> {
    let file: File<'_> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    let mut lines = LineNumbers {
        text,
        offset: 0,
        line: 1,
    };
    let mut extract = Extract {
        has_entities: true,
        has_sites: true,
        ..Extract::default()
    };
    for raw in file.pmej {
        extract.lines += 1;
        let line = lines.of(raw.get());
        match serde_json::from_str::<Pmej<'_>>(raw.get()) {
            Ok(pmej) => read_pmej(&pmej, line, &mut lines, region, &mut extract),
            Err(error) => extract.rejected.push(bad_shape(line, &error)),
        }
    }
    Ok(extract)
}

fn unreadable(error: &serde_json::Error) -> Unreadable {
    match error.classify() {
        Category::Data => Unreadable::Layout {
            layout: "FINESS+ structures",
            problem: error.to_string(),
        },
        Category::Syntax | Category::Eof | Category::Io => Unreadable::Json {
            line: error.line(),
            column: error.column(),
            problem: "it is not well formed".to_owned(),
        },
    }
}

fn bad_shape(line: u64, error: &serde_json::Error) -> Issue {
    let words = format!("this record has not the shape of the published schema: {error}");
    Issue::new(line, "", Reason::BadJsonShape, words, "")
}

fn read_pmej(
    pmej: &Pmej<'_>,
    line: u64,
    lines: &mut LineNumbers<'_>,
    region: Region,
    extract: &mut Extract,
) {
    let number = Field {
        line,
        name: "numFinessPm",
        value: pmej.general.num_finess_pm.trim(),
    };
    let number = number.finess();
    let mut warnings = Vec::new();
    match territory(&pmej.adresse, line) {
        Ok(Territory::Region(of)) => {
            let read = legal_entity(pmej, number.clone(), line, of, &mut warnings);
            extract.push_entity(read, warnings, of == region);
        }
        Ok(Territory::WithoutAgency) => extract.skipped += 1,
        Err(issue) => extract.rejected.push(issue),
    }
    for raw in &pmej.ege {
        extract.lines += 1;
        let line = lines.of(raw.get());
        let mut warnings = Vec::new();
        let ege = match serde_json::from_str::<Ege>(raw.get()) {
            Ok(ege) => ege,
            Err(error) => {
                extract.rejected.push(bad_shape(line, &error));
                continue;
            }
        };
        // The schema lets a site go without an address: then it is where its legal entity is.
        let adresse = if ege.adresse.is_empty() {
            &pmej.adresse
        } else {
            &ege.adresse
        };
        match territory(adresse, line) {
            Ok(Territory::Region(of)) if of == region => {
                let read = establishment(&ege, adresse, &number, line, region, &mut warnings);
                extract.push_site(read, warnings);
            }
            Ok(_) => extract.skipped += 1,
            Err(issue) => extract.rejected.push(issue),
        }
    }
}

/// Field readers over the texts of one record.
struct Reader {
    line: u64,
}

impl Reader {
    fn field<'a>(&self, name: &'a str, value: Option<&'a str>) -> Field<'a> {
        Field {
            line: self.line,
            name,
            value: value.unwrap_or_default().trim(),
        }
    }
}

fn territory(adresse: &[Address], line: u64) -> Result<Territory, Issue> {
    let commune = adresse.first().map(|a| a.cog_commune.as_str());
    let field = Reader { line }.field("cogCommune", commune);
    let code = field.commune()?.unwrap_or_default();
    let department = geography::department_of_commune(&code).unwrap_or_default();
    Field {
        value: department,
        ..field
    }
    .territory()
}

fn legal_entity(
    pmej: &Pmej<'_>,
    finess: Result<Finess, Issue>,
    line: u64,
    region: Region,
    warnings: &mut Vec<Issue>,
) -> Result<EntityRecord, Issue> {
    let general = &pmej.general;
    let read = Reader { line };
    let long = read.field(
        "denominationLonguePmSmsse",
        general.denomination_longue_pm_smsse.as_deref(),
    );
    let short = read.field("denominationPm", general.denomination_pm.as_deref());
    let entity = LegalEntity {
        finess: finess?,
        title: title(long, short, warnings)?,
        region,
        legal_status: read
            .field("statutJuridique", general.statut_juridique.as_deref())
            .digits(2)?,
        siren: read
            .field("siren", general.siren.as_deref())
            .siren(warnings),
        derived: false,
    };
    Ok(EntityRecord {
        line,
        entity,
        state: state(&pmej.state),
    })
}

fn establishment(
    ege: &Ege,
    adresse: &[Address],
    legal_entity: &Result<Finess, Issue>,
    line: u64,
    region: Region,
    warnings: &mut Vec<Issue>,
) -> Result<SiteRecord, Issue> {
    let read = Reader { line };
    let legal_entity = *legal_entity.as_ref().map_err(|of_entity| {
        let words = format!(
            "the number of its legal entity is wrong: {}",
            of_entity.explanation
        );
        Issue::new(
            line,
            "numFinessPm",
            Reason::UnknownLegalEntity,
            words,
            &of_entity.value,
        )
    })?;
    let address = adresse.first();
    let commune_code = read
        .field("cogCommune", address.map(|a| a.cog_commune.as_str()))
        .commune()?;
    let coordinates = address.and_then(|a| a.coordonnees_geographique.as_ref());
    let long = read.field("nomEgeLong", ege.general.nom_ege_long.as_deref());
    let short = read.field("nomEgeCourt", ege.general.nom_ege_court.as_deref());
    let site = Establishment {
        finess: read
            .field("numFinessEge", Some(&ege.general.num_finess_ege))
            .finess()?,
        legal_entity,
        title: title(long, short, warnings)?,
        region,
        department: commune_code
            .as_deref()
            .and_then(geography::department_of_commune)
            .map(str::to_owned),
        commune_code,
        commune: read
            .field(
                "ligneAcheminement",
                address.and_then(|a| a.ligne_acheminement.as_deref()),
            )
            .text(warnings)?,
        category: read
            .field(
                "categorieentiteGeographiqueExercice",
                ege.category.as_deref(),
            )
            .digits(3)?,
        // The file gives the code alone.
        category_title: None,
        siret: read
            .field("siret", ege.general.siret.as_deref())
            .siret(warnings)?,
        tariff_mode: read
            .field("modefixationtarifaire", ege.tariff_mode.as_deref())
            .digits(2)?,
        location: field::location(
            read.field(
                "directionLatitude",
                coordinates.and_then(|c| c.direction_latitude.as_deref()),
            ),
            read.field(
                "directionLongitude",
                coordinates.and_then(|c| c.direction_longitude.as_deref()),
            ),
            warnings,
        ),
    };
    Ok(SiteRecord {
        line,
        site,
        state: state(&ege.state),
        entity: EntityHint::default(),
    })
}

fn title(long: Field<'_>, short: Field<'_>, warnings: &mut Vec<Issue>) -> Result<String, Issue> {
    match long.text(warnings)? {
        Some(title) => Ok(title),
        None => short.required_text(warnings),
    }
}

fn state(etat_objet: &str) -> State {
    if etat_objet == INACTIVE {
        State::Closed
    } else {
        State::Open
    }
}

/// Line numbers of parts of the text, asked in the order in which they stand.
struct LineNumbers<'a> {
    text: &'a str,
    offset: usize,
    line: u64,
}

impl LineNumbers<'_> {
    /// The line on which a part begins. `part` is a slice of the text, so its address says where it stands.
    fn of(&mut self, part: &str) -> u64 {
        let offset = part
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr());
        let between = self.text.get(self.offset..offset).unwrap_or_default();
        let breaks = between.matches('\n').count();
        self.line += u64::try_from(breaks).unwrap_or_default();
        self.offset = self.offset.max(offset);
        self.line
    }
}
