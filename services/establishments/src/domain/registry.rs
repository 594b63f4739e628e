//! What the registry says of a legal entity (entité juridique, EJ) and of a site (établissement, ET).
//! Sources: cahiers des charges of the FINESS extracts cs1100501, cs1100502, cs1100507.

use std::fmt;

use kernel::{Decimal, Finess, Region, Siret};

use super::entry::Content;

kernel::typed_id!(
    /// One import that changed something.
    RegistryImportId,
    "registryImports"
);

/// A SIREN (company, nine digits, Luhn key).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Siren([u8; 9]);

impl Siren {
    /// The number, or none when its form or its key is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 9] = text.as_bytes().try_into().ok()?;
        kernel::luhn::is_valid(digits.into_iter()).then_some(Self(digits))
    }

    pub fn as_str(&self) -> &str {
        // Only ASCII digits pass `parse`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Siren {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A legal entity: it holds the authorisations and signs the contract (CSP L6114-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalEntity {
    pub finess: Finess,
    pub title: String,
    /// Its own region, which need not be that of its sites: a national group has its seat elsewhere.
    pub region: Region,
    /// Statut juridique (`TRE_R400`), two digits.
    pub legal_status: Option<String>,
    pub siren: Option<Siren>,
    /// Known only through its sites: no source published a record of its own yet.
    pub derived: bool,
}

/// A site. The number never says its département (it keeps that of creation), so both are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Establishment {
    pub finess: Finess,
    pub legal_entity: Finess,
    pub title: String,
    pub region: Region,
    /// INSEE code (`13`, `2A`, `971`).
    pub department: Option<String>,
    /// INSEE code of the commune; the arrondissements of Paris, Lyon and Marseille count as their commune.
    pub commune_code: Option<String>,
    pub commune: Option<String>,
    /// FINESS category, three digits (355 centre hospitalier, 500 EHPAD …).
    pub category: Option<String>,
    pub category_title: Option<String>,
    pub siret: Option<Siret>,
    /// Mode de fixation des tarifs (`TRE_R74`), two digits.
    pub tariff_mode: Option<String>,
    pub location: Option<Location>,
}

/// Where a site stands: WGS84 degrees, six decimals (about ten centimetres).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    latitude: Decimal,
    longitude: Decimal,
}

impl Location {
    /// Decimals kept: a register says a building, not a door handle.
    const DECIMALS: u32 = 6;

    /// The place, or none when it is not on Earth.
    pub fn new(latitude: Decimal, longitude: Decimal) -> Option<Self> {
        let on_earth = latitude.abs() <= Decimal::from(90) && longitude.abs() <= Decimal::from(180);
        on_earth.then(|| Self {
            latitude: latitude.round_dp(Self::DECIMALS).normalize(),
            longitude: longitude.round_dp(Self::DECIMALS).normalize(),
        })
    }

    pub fn latitude(self) -> Decimal {
        self.latitude
    }

    pub fn longitude(self) -> Decimal {
        self.longitude
    }
}

/// The names of the pairs that differ.
fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    fields
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| name)
        .collect()
}

impl Content for LegalEntity {
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        differing([
            ("title", self.title == other.title),
            ("region", self.region == other.region),
            ("legal_status", self.legal_status == other.legal_status),
            ("siren", self.siren == other.siren),
            ("derived", self.derived == other.derived),
        ])
    }
}

impl Content for Establishment {
    fn differences(&self, other: &Self) -> Vec<&'static str> {
        differing([
            ("legal_entity", self.legal_entity == other.legal_entity),
            ("title", self.title == other.title),
            ("region", self.region == other.region),
            ("department", self.department == other.department),
            ("commune_code", self.commune_code == other.commune_code),
            ("commune", self.commune == other.commune),
            ("category", self.category == other.category),
            (
                "category_title",
                self.category_title == other.category_title,
            ),
            ("siret", self.siret == other.siret),
            ("tariff_mode", self.tariff_mode == other.tariff_mode),
            ("location", self.location == other.location),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_is_on_earth_and_says_no_more_than_six_decimals() {
        let place = Location::new(decimal("45.94107402129605"), decimal("5.2")).unwrap();
        assert_eq!(place.latitude().to_string(), "45.941074");
        assert_eq!(
            place,
            Location::new(decimal("45.941074"), decimal("5.200")).unwrap()
        );
        assert_eq!(Location::new(decimal("90.1"), decimal("0")), None);
        assert_eq!(Location::new(decimal("0"), decimal("-180.5")), None);
    }

    #[test]
    fn a_siren_has_nine_digits_and_a_key() {
        assert_eq!(Siren::parse("772201489").unwrap().as_str(), "772201489");
        assert_eq!(Siren::parse("772201488"), None);
        assert_eq!(Siren::parse("77220148"), None);
        assert_eq!(Siren::parse("77220148é"), None);
    }

    #[test]
    fn what_moved_is_named() {
        let before = Establishment {
            finess: "130786049".parse().unwrap(),
            legal_entity: "750712184".parse().unwrap(),
            title: "SITE".into(),
            region: "93".parse().unwrap(),
            department: Some("13".into()),
            commune_code: Some("13055".into()),
            commune: None,
            category: None,
            category_title: None,
            siret: None,
            tariff_mode: None,
            location: None,
        };
        assert!(before.differences(&before).is_empty());
        let after = Establishment {
            legal_entity: "690781810".parse().unwrap(),
            commune: Some("MARSEILLE".into()),
            ..before.clone()
        };
        assert_eq!(before.differences(&after), ["legal_entity", "commune"]);
    }
}
