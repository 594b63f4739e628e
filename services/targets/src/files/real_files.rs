//! The public files these readers were made for, when they stand beside the checkout or where `CPOM_DATA` says. They
//! are not part of it.

use std::{
    collections::{BTreeSet, HashSet},
    env, fs,
    path::PathBuf,
};

use super::{case_mix, finances, nomenclature, outlines, population};
use crate::domain::{
    case_mix::{Measure, Mode, PmsiField, figures},
    finances::FinanceLayout,
    geography::AreaKind,
    nomenclature::NomenclatureKind,
    outline::{self, MOST_POINTS, Outline, Point},
};

/// A public file, or none (said aloud) where the folder is absent.
fn public_file(name: &str) -> Option<Vec<u8>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = env::var_os("CPOM_DATA").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(fs::read(folder.join(name)).expect("the folder holds the file"))
}

#[test]
fn official_nomenclatures_are_read_without_a_defect() {
    for (kind, name, level, count) in [
        (
            NomenclatureKind::CareActivities,
            "finess/Nomenclature-AMM-V14.csv",
            "ACTIVITY",
            21..40,
        ),
        (
            NomenclatureKind::FinessCategories,
            "finess/finess_categories_2025-05-26.csv",
            "CODE",
            312..313,
        ),
        (
            NomenclatureKind::LegalStatuses,
            "finess/finess_statuts_juridiques_2025-05-26.csv",
            "CODE",
            69..70,
        ),
        (
            NomenclatureKind::Geography,
            "registry/communes_paca.csv",
            "COMMUNE",
            946..947,
        ),
    ] {
        let Some(file) = public_file(name) else {
            return;
        };
        let read = nomenclature::read(kind, &file);
        assert!(
            read.defects.is_empty(),
            "{name}: {:?}",
            read.defects.first()
        );
        let found = read
            .content
            .iter()
            .filter(|entry| entry.level == level)
            .count();
        assert!(count.contains(&found), "{name}: {found}");
    }
}

#[test]
fn the_population_of_101_departments_adds_up_to_its_totals() {
    let name = "population/population_departement_sexe_quinquennal_2018_2021.csv";
    let Some(file) = public_file(name) else {
        return;
    };
    let layout = population::Layout::InseeDepartments;
    let read = population::read(layout, 2021, AreaKind::Department, &file);
    assert!(read.defects.is_empty(), "{:?}", read.defects.first());
    assert_eq!(read.content.len(), 101);
}

#[test]
fn ten_years_of_stays_are_read_with_their_masks() {
    let name = "activity/scansante_mco_2015_2024_france.csv";
    let Some(file) = public_file(name) else {
        return;
    };
    let expected = case_mix::Expected {
        layout: case_mix::Layout::ScansanteMco,
        field: PmsiField::Mco,
        activities: HashSet::from(["MCO".to_owned()]),
    };
    let read = case_mix::read(&expected, file.as_slice());
    assert!(read.defects.is_empty(), "{:?}", read.defects.first());
    // Sessions of the AP-HM in 2023, which the SAE counts alike.
    let by = figures(&read.content, |key| {
        (key.finess.to_string(), key.year, key.mode, key.measure)
    });
    let sessions = by[&(
        "130786049".to_owned(),
        2023,
        Mode::Session,
        Measure::Sessions,
    )];
    assert_eq!((sessions.known, sessions.masked), (120_774, 0));
    assert!(by.values().any(|figure| figure.masked > 0));
}

#[test]
fn the_rehabilitation_case_mix_is_read_group_by_group() {
    let name = "activity/smr_casemix_gme_2025_paca.csv";
    let Some(file) = public_file(name) else {
        return;
    };
    let text = String::from_utf8_lossy(&file);
    let groups = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(';').nth(7));
    let expected = case_mix::Expected {
        layout: case_mix::Layout::SmrGme,
        field: PmsiField::Smr,
        activities: groups.map(str::to_owned).collect(),
    };
    let read = case_mix::read(&expected, file.as_slice());
    assert!(read.defects.is_empty(), "{:?}", read.defects.first());
    assert_eq!(read.skipped, 40_926 - 31_779);
}

#[test]
fn the_exports_of_diamant_are_read() {
    let activities = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE", "SMR", "HAD", "PSY"];
    let name = "diamant/MEN_PMSI_ANNUEL_2022_06_07.CSV";
    let Some(file) = public_file(name) else {
        return;
    };
    for field in [
        PmsiField::Mco,
        PmsiField::Smr,
        PmsiField::Had,
        PmsiField::Psy,
    ] {
        let expected = case_mix::Expected {
            layout: case_mix::Layout::DiamantYearly,
            field,
            activities: activities.map(str::to_owned).into(),
        };
        let read = case_mix::read(&expected, file.as_slice());
        // The values of these exports are made up, some FINESS numbers too.
        let is_fictitious = |reason| reason == "BAD_FINESS";
        let mut reasons = read.defects.first().iter().map(|defect| defect.reason);
        assert!(
            reasons.all(is_fictitious),
            "{field:?}: {:?}",
            read.defects.first()
        );
        assert!(!read.content.cells.is_empty());
    }
}

/// Sides that two territories have in common.
fn shared(of: &[Outline]) -> usize {
    let mut sides: HashSet<(Point, Point)> = HashSet::new();
    let mut shared = 0;
    for ring in of.iter().flat_map(|one| &one.polygons).flatten() {
        for (&from, &to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let side = (from.min(to), from.max(to));
            if !sides.insert(side) {
                shared += 1;
            }
        }
    }
    shared
}

#[test]
fn departments_are_drawn_with_the_borders_they_share() {
    let region = ["04", "05", "06", "13", "83", "84"].map(str::to_owned);
    for (name, skip_unknown, skipped) in [
        (
            "geo/departements-provence-alpes-cote-d-azur.geojson",
            false,
            0,
        ),
        ("geo/departements-version-simplifiee.geojson", true, 90),
    ] {
        let Some(file) = public_file(name) else {
            return;
        };
        let expected = outlines::Expected {
            property: "code".to_owned(),
            skip_unknown,
            codes: BTreeSet::from(region.clone()),
        };
        let read = outlines::read(&expected, &file);
        assert!(
            read.defects.is_empty(),
            "{name}: {:?}",
            read.defects.first()
        );
        assert_eq!(read.skipped, skipped, "{name}");
        let drawn = &read.content.outlines;
        assert_eq!(drawn.len(), 6, "{name}");
        let points = outline::points(drawn);
        assert!(points <= MOST_POINTS, "{name}: {points}");
        // Its départements have long borders in common.
        assert!(shared(drawn) * 8 > points, "{name}: {}", shared(drawn));
    }
}

#[test]
fn the_monthly_exports_of_diamant_are_read_with_what_is_wrong_in_them() {
    let read = |name, layout, field| {
        let file = public_file(name)?;
        let activities = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE", "SMR"];
        let expected = case_mix::Expected {
            layout,
            field,
            activities: activities.map(str::to_owned).into(),
        };
        Some(case_mix::read(&expected, file.as_slice()))
    };
    for field in [PmsiField::Mco, PmsiField::Smr] {
        for (name, layout) in [
            (
                "diamant/MEN_PMSI_MENCUMU_2024_05_23.CSV",
                case_mix::Layout::DiamantCumulative,
            ),
            (
                "diamant/MEN_PMSI_MENCUMU_2024_09_24.CSV",
                case_mix::Layout::DiamantMonthly,
            ),
        ] {
            let Some(read) = read(name, layout, field) else {
                return;
            };
            // The values are made up, some FINESS numbers too.
            let mut reasons = read.defects.first().iter().map(|defect| defect.reason);
            assert!(
                reasons.all(|reason| reason == "BAD_FINESS"),
                "{name} {field:?}: {:?}",
                read.defects.first()
            );
            assert!(!read.content.cells.is_empty(), "{name} {field:?}");
        }
    }
}

#[test]
fn the_financial_exports_of_diamant_are_read_without_a_defect() {
    let numbers = [
        "010001436",
        "010008407",
        "010003598",
        "010005239",
        "350039574",
    ];
    let known: BTreeSet<kernel::Finess> = numbers
        .map(|number| number.parse::<kernel::Finess>().unwrap())
        .into();
    for (name, layout, figures) in [
        ("ANN_CA_EJ_ET_2024_12_19.CSV", FinanceLayout::Ca, 30),
        ("ANN_ERRD_EJ_ET_2024_12_18.CSV", FinanceLayout::Errd, 25),
        (
            "ANN_ERRD_EJ_2022_09_01.CSV",
            FinanceLayout::ErrdLegalEntity,
            20,
        ),
        (
            "QUO_SAN_FINANCE_2023_01_20.CSV",
            FinanceLayout::Hospital,
            100,
        ),
        ("MEN_HAPI_2002_08_03.CSV", FinanceLayout::Hapi, 20),
        (
            "ANN_PER_ERRD_EPRD_2022_09_01.CSV",
            FinanceLayout::Perimeter,
            3,
        ),
    ] {
        let Some(file) = public_file(&format!("diamant/{name}")) else {
            return;
        };
        let read = finances::read(layout, &known, &file);
        assert!(
            read.defects.is_empty(),
            "{name}: {:?}",
            read.defects.first()
        );
        let found = read.content.figures.len();
        assert!(found >= figures, "{name}: {found}");
    }
}
