//! Places of EHPAD and of services at home, who waits for them, what they are given, and when their contracts are signed.

use std::fmt::Write as _;

use proto::targets::v1::{
    Allowance, AllowanceTarget, Capacity, CapacityKind, CarePublic, PointValue, ReceptionMode,
    TariffOption, WaitingList,
};

use super::{CareHome, SOURCE, Sites, commune};
use crate::demo::planning::planned::{AccountsFile, PlannedProgramming, ProgrammedContract};

/// The category of EHPAD.
const EHPAD: &str = "500";
/// The category of nursing services at home.
const AT_HOME: &str = "354";
/// The département of the region, by its INSEE code.
const DEPARTMENT: &str = "00";
/// Years whose allowances are known.
const GIVEN: [i32; 2] = [2024, 2025];
/// Years that a programming covers.
const PROGRAMMED_YEARS: usize = 5;

/// Euros for a place and year: care, what the equation gives, dependence.
const CARE: i64 = 13_000;
const EQUATION: i64 = 13_600;
const DEPENDENCE: i64 = 5_600;

/// Homes with their rank.
fn ranked<'a>(sites: &'a Sites<'_>) -> impl Iterator<Item = (i32, &'a CareHome<'a>)> {
    (0..).zip(&sites.care_homes)
}

/// Permanent places, so that days fill between 88 and 99 percent of them.
fn permanent(home: &CareHome<'_>, rank: i32) -> i32 {
    let filled = 88 + u64::from(rank.unsigned_abs()) * 7 % 12;
    let places = (home.days * 100).div_ceil(365 * filled);
    i32::try_from(places).unwrap_or(i32::MAX)
}

/// Every home has permanent places; every third also serves people at home.
pub(super) fn places(sites: &Sites<'_>) -> Vec<Capacity> {
    let mut all = Vec::new();
    for (rank, home) in ranked(sites) {
        let line = |line: &str, category: &str, mode: ReceptionMode, places: i32| Capacity {
            establishment: home.site.finess.to_string(),
            line: line.to_owned(),
            category: category.to_owned(),
            mode: mode.into(),
            public: CarePublic::OlderPeople.into(),
            places,
            valid_from: "2020-01-01".to_owned(),
            commune: commune(home.site),
            decision: "Arrêté imaginaire 2019-12".to_owned(),
            ..Default::default()
        };
        let mut lines = vec![line(
            "permanent",
            EHPAD,
            ReceptionMode::Permanent,
            permanent(home, rank),
        )];
        if rank % 3 == 0 {
            lines.push(line(
                "domicile",
                AT_HOME,
                ReceptionMode::Home,
                30 + rank % 4 * 5,
            ));
        }
        for line in lines {
            all.extend(of_kinds(&line));
        }
    }
    all
}

/// A line as it is authorised, installed and financed.
pub(super) fn of_kinds(line: &Capacity) -> [Capacity; 3] {
    [
        CapacityKind::Authorised,
        CapacityKind::Installed,
        CapacityKind::Financed,
    ]
    .map(|kind| Capacity {
        kind: kind.into(),
        ..line.clone()
    })
}

/// Two homes of three tell how many people wait.
pub(super) fn waiting_lists(sites: &Sites<'_>) -> Vec<WaitingList> {
    ranked(sites)
        .filter(|(rank, _)| rank % 3 != 2)
        .map(|(rank, home)| WaitingList {
            establishment: home.site.finess.to_string(),
            mode: ReceptionMode::Permanent.into(),
            public: CarePublic::OlderPeople.into(),
            day: "2024-12-31".to_owned(),
            persons: 3 + rank * 5 % 17,
            source: format!("{SOURCE}, recueil de fin d’année"),
        })
        .collect()
}

/// Allowances that come nearer to the equation from year to year, each at its own pace.
pub(super) fn allowances(sites: &Sites<'_>) -> Vec<Allowance> {
    let of_home = |(rank, home): (i32, &CareHome<'_>)| {
        let places = i64::from(permanent(home, rank));
        let establishment = home.site.finess.to_string();
        GIVEN.map(|year| {
            let pace = i64::from(year - GIVEN[0]) * 150 + i64::from(rank) * 40;
            Allowance {
                establishment: establishment.clone(),
                year,
                care_allowance: euros(places * (CARE + pace)),
                equation_result: euros(places * EQUATION),
                dependence_allowance: euros(places * DEPENDENCE),
                decision: format!("Décision tarifaire imaginaire {year}"),
            }
        })
    };
    ranked(sites).flat_map(of_home).collect()
}

/// Where they are to be.
pub(super) fn allowance_targets(sites: &Sites<'_>) -> Vec<AllowanceTarget> {
    ranked(sites)
        .map(|(_, home)| AllowanceTarget {
            establishment: home.site.finess.to_string(),
            year: 2027,
            convergence_percent: "100".to_owned(),
            source: format!("{SOURCE}, calendrier de convergence"),
            ..Default::default()
        })
        .collect()
}

/// The values of the point, by option, with and without a pharmacy.
pub(super) fn point_values() -> Vec<PointValue> {
    let value =
        |year: i32, option: TariffOption, internal_pharmacy: bool, value: &str| PointValue {
            department: format!("departments/{DEPARTMENT}"),
            year,
            tariff_option: option.into(),
            internal_pharmacy,
            value: value.to_owned(),
            source: format!("{SOURCE}, arrêté imaginaire {year}"),
        };
    GIVEN
        .into_iter()
        .flat_map(|year| {
            [
                value(year, TariffOption::Partial, false, "10.83"),
                value(year, TariffOption::Partial, true, "11.46"),
                value(year, TariffOption::Global, false, "12.71"),
                value(year, TariffOption::Global, true, "13.44"),
            ]
        })
        .collect()
}

/// Years whose accounts are known.
const BOOKED: [i64; 2] = [2023, 2024];
/// Euros for a place and year, by group of expenses and of products.
const EXPENSES: [i64; 3] = [9_000, 28_000, 8_500];
const PRODUCTS: [i64; 3] = [43_000, 1_800, 700];
/// Euros of a year more, for a place.
const DRIFT: i64 = 400;

/// What homes spent and received: some more than they received, some less.
pub(super) fn accounts(sites: &Sites<'_>) -> AccountsFile {
    let mut content = "Finess EJ;Finess;Année;Dépenses Groupe I ERRD;Dépenses Groupe II ERRD;\
        Dépenses Groupe III ERRD;Recettes Groupe I ERRD;Recettes Groupe II ERRD;Recettes Groupe III ERRD;\
        MS Résultat net comptable ERRD;Nombre ETP total réalisé ERRD\n"
        .to_owned();
    for (rank, home) in ranked(sites) {
        let places = i64::from(permanent(home, rank));
        let balance = i64::from(rank % 7 - 3) * 100;
        for year in BOOKED {
            let drift = (year - BOOKED[0]) * DRIFT;
            let [current, staff, structure] = EXPENSES;
            let [tariffs, other, financial] = PRODUCTS;
            let expenses = [current, staff + drift, structure];
            let products = [tariffs + drift + balance, other, financial];
            let result = products.iter().sum::<i64>() - expenses.iter().sum::<i64>();
            let [first, second, third] = expenses.map(|one| -one * places);
            let [tariffs, other, financial] = products.map(|one| one * places);
            let _ = writeln!(
                content,
                "{};{};{year};{first};{second};{third};{tariffs};{other};{financial};{};{}.5",
                home.entity,
                home.site.finess,
                result * places,
                places * 7 / 10
            );
        }
    }
    AccountsFile {
        source: SOURCE.to_owned(),
        extraction_date: "2025-06-30".to_owned(),
        content,
    }
}

/// One contract for each legal entity with a home, spread over the years.
pub(super) fn programming(sites: &Sites<'_>) -> PlannedProgramming {
    let mut contracts: Vec<ProgrammedContract> = Vec::new();
    for home in &sites.care_homes {
        let site = home.site.finess;
        let mut known = contracts.iter_mut();
        if let Some(contract) = known.find(|contract| contract.legal_entity == home.entity) {
            contract.establishments.push(site);
            continue;
        }
        let after = i32::try_from(contracts.len() % PROGRAMMED_YEARS).unwrap_or_default();
        contracts.push(ProgrammedContract {
            legal_entity: home.entity,
            establishments: vec![site],
            after,
        });
    }
    PlannedProgramming {
        department: DEPARTMENT.to_owned(),
        contracts,
        comment: "Programmation de démonstration\u{a0}: ces établissements n’existent pas."
            .to_owned(),
    }
}

fn euros(amount: i64) -> String {
    format!("{amount}.00")
}
