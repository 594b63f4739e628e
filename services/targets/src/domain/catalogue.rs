//! The indicators that can be targeted and submitted, and what each of them counts.

use serde::{Deserialize, Serialize};

use super::texts::{text_of, value_of};

/// What an indicator counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Stays,
    Sessions,
    Days,
    Patients,
    Acts,
    Places,
    /// Authorised sites of an activity (implantations, CSP D6121-6).
    Sites,
    Devices,
    Percent,
    Minutes,
}

impl Unit {
    /// Every unit, with the text stored in the database.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Stays, "stays"),
        (Self::Sessions, "sessions"),
        (Self::Days, "days"),
        (Self::Patients, "patients"),
        (Self::Acts, "acts"),
        (Self::Places, "places"),
        (Self::Sites, "sites"),
        (Self::Devices, "devices"),
        (Self::Percent, "percent"),
        (Self::Minutes, "minutes"),
    ];

    /// The unit of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }
}

/// Definition of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Stable code, for example `MCO_STAYS`.
    pub code: String,
    /// French title.
    pub title: String,
    pub unit: Unit,
    /// A stock, a rate or a delay: the months of a year do not add up, so only whole years are submitted.
    pub yearly_only: bool,
    /// Where the figures are produced (PMSI MCO, SAE …).
    pub source: String,
}

/// Place of an indicator in the [`Catalogue`] it was found in: two bytes a row instead of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndicatorKey(u16);

/// The known indicators, in the order of their codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue(Vec<Indicator>);

impl Catalogue {
    /// Orders the definitions. Of two with the same code the first is kept.
    pub fn new(mut indicators: Vec<Indicator>) -> Self {
        indicators.sort_by(|a, b| a.code.cmp(&b.code));
        indicators.dedup_by(|b, a| a.code == b.code);
        indicators.truncate(usize::from(u16::MAX));
        Self(indicators)
    }

    /// Finds a definition by its code.
    pub fn find(&self, code: &str) -> Option<(IndicatorKey, &Indicator)> {
        let place = self
            .0
            .binary_search_by(|known| known.code.as_str().cmp(code))
            .ok()?;
        Some((IndicatorKey(u16::try_from(place).ok()?), self.0.get(place)?))
    }

    /// The code behind a key of this catalogue.
    pub fn code(&self, key: IndicatorKey) -> &str {
        self.0
            .get(usize::from(key.0))
            .map_or("", |indicator| &indicator.code)
    }

    /// The codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|indicator| indicator.code.as_str())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small catalogue for the tests of the domain.
    pub(crate) fn some_indicators() -> Catalogue {
        let definition = |code: &str, unit, yearly_only| Indicator {
            code: code.to_owned(),
            title: code.to_owned(),
            unit,
            yearly_only,
            source: "PMSI MCO".to_owned(),
        };
        Catalogue::new(vec![
            definition("MCO_STAYS", Unit::Stays, false),
            definition("MCO_SESSIONS", Unit::Sessions, false),
            definition("SITES_MEDICINE", Unit::Sites, true),
        ])
    }

    #[test]
    fn a_key_leads_back_to_its_code() {
        let catalogue = some_indicators();
        for code in ["MCO_STAYS", "MCO_SESSIONS", "SITES_MEDICINE"] {
            let (key, indicator) = catalogue.find(code).unwrap();
            assert_eq!((catalogue.code(key), indicator.code.as_str()), (code, code));
        }
        assert_eq!(catalogue.find("MCO_STAY"), None);
        assert_eq!(catalogue.find(""), None);
    }

    #[test]
    fn every_unit_is_read_back_from_its_text() {
        for (unit, text) in Unit::ALL {
            assert_eq!((Unit::from_text(text), unit.as_str()), (Some(unit), text));
        }
        assert_eq!(Unit::from_text("euros"), None);
    }
}
