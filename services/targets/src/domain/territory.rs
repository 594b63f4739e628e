//! Divisions of a region in dated versions.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Region;
use time::Date;

use super::{
    geography::AreaKind,
    texts::{text_of, value_of},
};

/// What a territory is, in law or in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerritoryKind {
    /// Loi HPST, 2010–2016.
    HealthTerritory,
    /// CSP L1434-3, R1434-30.
    SchemeZone,
    /// CSP L1434-9.
    HealthDemocracy,
    /// CSP L6132-1.
    HospitalGroup,
    Department,
    Region,
    Epci,
    PmsiGeo,
}

impl TerritoryKind {
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::HealthTerritory, "health_territory"),
        (Self::SchemeZone, "scheme_zone"),
        (Self::HealthDemocracy, "health_democracy"),
        (Self::HospitalGroup, "hospital_group"),
        (Self::Department, "department"),
        (Self::Region, "region"),
        (Self::Epci, "epci"),
        (Self::PmsiGeo, "pmsi_geo"),
    ];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    /// The kind of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// A dated division of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerritoryVersion {
    /// For example `zones-93-2023`.
    pub id: String,
    pub kind: TerritoryKind,
    pub composed_of: AreaKind,
    pub region: Region,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    /// Version of the geography it covers.
    pub geography: String,
}

/// A territory and the areas it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    pub code: String,
    pub title: String,
    pub areas: Vec<String>,
}

/// Where a composition and the geography differ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Areas of the geography that are in no territory.
    pub uncovered: Vec<String>,
    /// Areas that the geography does not have.
    pub unknown: Vec<String>,
}

/// Compares territories with the areas that they must cover, each once.
pub fn coverage(territories: &[Territory], geography: &BTreeSet<String>) -> Coverage {
    let covered: BTreeSet<&String> = territories.iter().flat_map(|t| &t.areas).collect();
    Coverage {
        uncovered: geography
            .iter()
            .filter(|area| !covered.contains(area))
            .cloned()
            .collect(),
        unknown: covered
            .into_iter()
            .filter(|area| !geography.contains(*area))
            .cloned()
            .collect(),
    }
}

/// Which territory each area is in: its place in the list.
pub fn by_area(territories: &[Territory]) -> BTreeMap<&str, usize> {
    let places = territories.iter().enumerate();
    places
        .flat_map(|(place, territory)| {
            let areas = territory.areas.iter();
            areas.map(move |area| (area.as_str(), place))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commune_left_out_and_one_too_many_are_named() {
        let territory = |code: &str, areas: &[&str]| Territory {
            code: code.to_owned(),
            title: code.to_owned(),
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        };
        let territories = [
            territory("A", &["04001", "04004"]),
            territory("B", &["99999"]),
        ];
        let geography = ["04001", "04004", "04005"].map(str::to_owned).into();
        let found = coverage(&territories, &geography);
        assert_eq!(found.uncovered, ["04005"]);
        assert_eq!(found.unknown, ["99999"]);
        assert_eq!(by_area(&territories)["04004"], 0);
    }
}
