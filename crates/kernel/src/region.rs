//! The eighteen regions that have an ARS, by INSEE code, and the synthetic one of the demonstration.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A region that has an ARS. Every record of the suite belongs to exactly one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(&'static Row);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Row {
    code: &'static str,
    name: &'static str,
    time_zone: &'static str,
}

const fn row(code: &'static str, name: &'static str, time_zone: &'static str) -> Row {
    Row {
        code,
        name,
        time_zone,
    }
}

/// Regions since 2016 (loi 2015-29). Source: INSEE, code officiel géographique.
static REGIONS: [Row; 19] = [
    // Ours, not INSEE’s: the synthetic region of the demonstration, which no real record can belong to.
    row(
        "00",
        "Région de démonstration (synthétique)",
        "Europe/Paris",
    ),
    row("01", "Guadeloupe", "America/Guadeloupe"),
    row("02", "Martinique", "America/Martinique"),
    row("03", "Guyane", "America/Cayenne"),
    row("04", "La Réunion", "Indian/Reunion"),
    row("06", "Mayotte", "Indian/Mayotte"),
    row("11", "Île-de-France", "Europe/Paris"),
    row("24", "Centre-Val de Loire", "Europe/Paris"),
    row("27", "Bourgogne-Franche-Comté", "Europe/Paris"),
    row("28", "Normandie", "Europe/Paris"),
    row("32", "Hauts-de-France", "Europe/Paris"),
    row("44", "Grand Est", "Europe/Paris"),
    row("52", "Pays de la Loire", "Europe/Paris"),
    row("53", "Bretagne", "Europe/Paris"),
    row("75", "Nouvelle-Aquitaine", "Europe/Paris"),
    row("76", "Occitanie", "Europe/Paris"),
    row("84", "Auvergne-Rhône-Alpes", "Europe/Paris"),
    row("93", "Provence-Alpes-Côte d’Azur", "Europe/Paris"),
    row("94", "Corse", "Europe/Paris"),
];

/// The text names no region that has an ARS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the INSEE code of a region that has an ARS (93 is Provence-Alpes-Côte d’Azur)"
)]
pub struct UnknownRegion(pub String);

impl Region {
    /// All regions, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.iter().map(Self)
    }

    /// INSEE code, two characters.
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// French name.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// IANA time zone in which the legal days of this region begin.
    pub fn time_zone(self) -> &'static str {
        self.0.time_zone
    }
}

impl FromStr for Region {
    type Err = UnknownRegion;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        REGIONS
            .iter()
            .find(|row| row.code == code)
            .map(Self)
            .ok_or_else(|| UnknownRegion(code.to_owned()))
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.code().to_owned()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
