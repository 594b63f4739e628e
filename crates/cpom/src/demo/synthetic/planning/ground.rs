//! Who lives in the communes, where they are cared for, and the rates that are published of it.

use std::fmt::Write as _;

use proto::{
    targets::v1::{PmsiField, PublishRatesRequest, RateBasis},
    types::v1::Unit,
};

use super::{SOURCE, Sites};
use crate::demo::{
    planning::planned::{CaseMixFile, PopulationFile},
    synthetic::shapes::{COMMUNES, DIVISION, ZONES, zone_of},
};

/// The series of published rates.
pub const SERIES: &str = "mco-00-2023";
/// The population.
pub const POPULATION: &str = "synthetique-2022";

/// Activities that are counted.
const ACTIVITIES: [&str; 3] = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE"];
/// How much of an activity a zone has, in percent: the next activity begins one zone further on.
const SHARES: [usize; ZONES.len()] = [100, 135, 98, 72, 104, 118];

/// Inhabitants of each sex and class of five years.
fn people(zone: usize) -> usize {
    80 + zone * 30
}

/// Stays of a commune before they are shared out. So few births in the last zone that they cannot be published.
fn stays(zone: usize, rank: usize) -> usize {
    if rank == 2 && zone + 1 == ZONES.len() {
        return 1;
    }
    people(zone) * SHARES[(zone + rank) % SHARES.len()] / 150
}

/// How stays are shared out: nearby with a night, nearby without, and far from home, where some zones go more.
fn parts(zone: usize, rank: usize) -> [usize; 3] {
    let away = 1 + zone % 3;
    [7 - away, 3, away].map(|tenths| (stays(zone, rank) * tenths).div_ceil(10))
}

/// Stays of the residents of a zone, in the first activity.
pub(super) fn medical_stays(zone: usize) -> usize {
    let communes = (1..=COMMUNES).filter(|commune| zone_of(*commune) == zone);
    communes.map(|_| parts(zone, 0).iter().sum::<usize>()).sum()
}

pub(super) fn population() -> PopulationFile {
    let mut content = "year;area;sex;age_class;population\n".to_owned();
    for commune in 1..=COMMUNES {
        let people = people(zone_of(commune));
        for sex in 1..=2 {
            for from in (0..95).step_by(5) {
                let to = from + 4;
                let _ = writeln!(content, "2022;00{commune:03};{sex};{from}-{to};{people}");
            }
            let _ = writeln!(content, "2022;00{commune:03};{sex};95+;20");
        }
    }
    PopulationFile {
        id: POPULATION.to_owned(),
        year: 2022,
        source: SOURCE.to_owned(),
        content,
    }
}

pub(super) fn case_mix(sites: &Sites<'_>) -> CaseMixFile {
    let mut content =
        "finess;year;month;activity;mode;residence;age_class;sex;stays;patients;days;sessions\n"
            .to_owned();
    for commune in 1..=COMMUNES {
        let zone = zone_of(commune);
        let far = sites.hospitals_of((zone + 3) % ZONES.len());
        let Some(near) = sites.hospitals_of(zone).into_iter().next() else {
            continue;
        };
        let mut far = far.into_iter();
        let Some(far) = far.find(|site| site.finess != near.finess) else {
            continue;
        };
        for (rank, activity) in ACTIVITIES.into_iter().enumerate() {
            let places = [(near, "HC"), (near, "AMBU"), (far, "HC")];
            for ((site, mode), part) in places.into_iter().zip(parts(zone, rank)) {
                let _ = writeln!(
                    content,
                    "{};2023;12;{activity};{mode};00{commune:03};60-64;2;{part};;;",
                    site.finess
                );
            }
        }
    }
    CaseMixFile {
        source: SOURCE.to_owned(),
        extraction_date: "2024-03-01".to_owned(),
        content,
    }
}

pub(super) fn rates() -> PublishRatesRequest {
    PublishRatesRequest {
        series: SERIES.to_owned(),
        title: "Recours à l’hôpital en 2023, région synthétique".to_owned(),
        basis: Some(RateBasis {
            field: PmsiField::Mco.into(),
            year: 2023,
            unit: Unit::Stays.into(),
            territory_version: format!("territoryVersions/{DIVISION}"),
            population: format!("populations/{POPULATION}"),
            ..Default::default()
        }),
        method: "Séjours des habitants, où qu’ils soient soignés, comparés à ceux qu’ils auraient eus avec les taux de la région, à âge et sexe égaux.".to_owned(),
        sources: "Activité et population engendrées\u{a0}: elles n’existent pas.".to_owned(),
        ..Default::default()
    }
}
