//! Accounts of establishments and credits notified to them: figures as they were booked. They inform; nothing follows from
//! them.

use std::collections::BTreeMap;

use kernel::{Decimal, Finess};

kernel::typed_id!(
    /// A file of finances that was applied.
    FinanceImportId,
    "financeImports"
);

/// What a file of finances is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FinanceLayout {
    /// Compte administratif.
    Ca,
    /// État réalisé des recettes et des dépenses, by establishment.
    Errd,
    /// The same, by legal entity.
    ErrdLegalEntity,
    /// Accounts of hospitals.
    Hospital,
    /// Credits notified.
    Hapi,
    /// Which establishments the deposit of an ERRD or EPRD covers.
    Perimeter,
}

impl FinanceLayout {
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Ca, "ca"),
        (Self::Errd, "errd"),
        (Self::ErrdLegalEntity, "errd_legal_entity"),
        (Self::Hospital, "hospital"),
        (Self::Hapi, "hapi"),
        (Self::Perimeter, "perimeter"),
    ];

    pub fn as_str(self) -> &'static str {
        let mut known = Self::ALL.iter();
        known
            .find(|(one, _)| *one == self)
            .map_or("", |(_, name)| name)
    }

    /// The layout of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut known = Self::ALL.iter();
        known.find(|(_, name)| *name == text).map(|(one, _)| *one)
    }
}

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinanceUnit {
    Euros,
    Percent,
    /// Full-time equivalents, days.
    Number,
}

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureDefinition {
    pub code: &'static str,
    /// French title.
    pub title: &'static str,
    pub unit: FinanceUnit,
}

const fn euros(code: &'static str, title: &'static str) -> FigureDefinition {
    FigureDefinition {
        code,
        title,
        unit: FinanceUnit::Euros,
    }
}

const fn percent(code: &'static str, title: &'static str) -> FigureDefinition {
    FigureDefinition {
        code,
        title,
        unit: FinanceUnit::Percent,
    }
}

const fn number(code: &'static str, title: &'static str) -> FigureDefinition {
    FigureDefinition {
        code,
        title,
        unit: FinanceUnit::Number,
    }
}

/// Every figure that is read.
pub const FIGURES: [FigureDefinition; 51] = [
    euros("EXPENSES_1", "Dépenses du groupe I (exploitation courante)"),
    euros("EXPENSES_2", "Dépenses du groupe II (personnel)"),
    euros("EXPENSES_3", "Dépenses du groupe III (structure)"),
    euros("INCOME_1", "Recettes du groupe I (tarification)"),
    euros(
        "INCOME_2",
        "Recettes du groupe II (autres produits d’exploitation)",
    ),
    euros(
        "INCOME_3",
        "Recettes du groupe III (produits financiers et non encaissables)",
    ),
    euros("RESULT", "Résultat net comptable"),
    euros(
        "RESULT_DISABLED",
        "Résultat net comptable, personnes handicapées",
    ),
    euros("RESULT_OLDER", "Résultat net comptable, personnes âgées"),
    euros("CHARGES_OLDER", "Charges, personnes âgées"),
    euros("PRODUCTS_OLDER", "Produits, personnes âgées"),
    euros(
        "SHARED_RESULT",
        "Quotes-parts de résultat sur opérations faites en commun (655)",
    ),
    number("STAFF", "ETP réalisés"),
    percent("CASH_FLOW_RATE", "Taux de capacité d’autofinancement"),
    percent("WEAR_BUILDINGS", "Taux de vétusté des constructions"),
    percent(
        "WEAR_EQUIPMENT",
        "Taux de vétusté des installations techniques, matériels et outillages",
    ),
    percent("WEAR_OTHER", "Taux de vétusté des autres immobilisations"),
    euros("WORKING_CAPITAL", "Fonds de roulement net global"),
    euros("WORKING_CAPITAL_NEED", "Besoin en fonds de roulement"),
    euros("CASH", "Trésorerie"),
    percent(
        "NET_CASH_FLOW_RATE",
        "Taux de capacité d’autofinancement nette",
    ),
    percent("DEPENDENCE_RATIO", "Ratio de dépendance financière"),
    number("MEDICAL_STAFF", "ETP de personnel médical"),
    number("OTHER_STAFF", "ETP de personnel non médical"),
    number(
        "MEDICAL_ABSENCE_DAYS",
        "Jours d’absence du personnel médical",
    ),
    number(
        "OTHER_ABSENCE_DAYS",
        "Jours d’absence du personnel non médical",
    ),
    euros("MEDICAL_TEMPORARY_STAFF", "Dépenses d’intérim médical"),
    euros("EXPENSES_TITLE_1", "Dépenses du titre I, budget global"),
    euros("EXPENSES_TITLE_2", "Dépenses du titre II, budget global"),
    euros("EXPENSES_TITLE_3", "Dépenses du titre III, budget global"),
    euros("EXPENSES_TITLE_4", "Dépenses du titre IV, budget global"),
    euros("INCOME_TITLE_1", "Recettes du titre I, budget global"),
    euros("INCOME_TITLE_2", "Recettes du titre II, budget global"),
    euros("INCOME_TITLE_3", "Recettes du titre III, budget global"),
    euros("INCOME_TITLE_4", "Recettes du titre IV, budget global"),
    euros(
        "MAIN_EXPENSES_TITLE_1",
        "Dépenses du titre I, budget principal",
    ),
    euros(
        "MAIN_EXPENSES_TITLE_2",
        "Dépenses du titre II, budget principal",
    ),
    euros(
        "MAIN_EXPENSES_TITLE_3",
        "Dépenses du titre III, budget principal",
    ),
    euros(
        "MAIN_EXPENSES_TITLE_4",
        "Dépenses du titre IV, budget principal",
    ),
    euros(
        "MAIN_INCOME_TITLE_1",
        "Recettes du titre I, budget principal",
    ),
    euros(
        "MAIN_INCOME_TITLE_2",
        "Recettes du titre II, budget principal",
    ),
    euros(
        "MAIN_INCOME_TITLE_3",
        "Recettes du titre III, budget principal",
    ),
    percent("OCCUPANCY_DAY", "Taux d’occupation déclaré, externat"),
    percent(
        "OCCUPANCY_HALF_BOARDING",
        "Taux d’occupation déclaré, semi-internat",
    ),
    percent("OCCUPANCY_BOARDING", "Taux d’occupation déclaré, internat"),
    percent("OCCUPANCY_OTHER", "Taux d’occupation déclaré, autres modes"),
    percent(
        "OCCUPANCY_PERMANENT",
        "Taux d’occupation déclaré, hébergement permanent",
    ),
    percent(
        "OCCUPANCY_TEMPORARY",
        "Taux d’occupation déclaré, hébergement temporaire",
    ),
    percent(
        "OCCUPANCY_DAY_CARE",
        "Taux d’occupation déclaré, accueil de jour",
    ),
    euros("NOTIFIED", "Crédits notifiés"),
    number(
        "ERRD_PERIMETER",
        "Compris dans le dépôt ERRD ou EPRD de l’entité juridique",
    ),
];

/// What a code means.
pub fn definition(code: &str) -> Option<&'static FigureDefinition> {
    FIGURES.iter().find(|figure| figure.code == code)
}

/// Which figure of whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureKey {
    /// A site or a legal entity.
    pub subject: Finess,
    pub year: i16,
    pub code: &'static str,
    /// Envelope and mode of a credit; identifier of the deposit of an ERRD.
    pub detail: String,
}

/// Figures of a file.
pub type Figures = BTreeMap<FigureKey, Decimal>;

/// What running an establishment costs: expenses of the three groups, whatever sign they are booked with. None unless all
/// are known.
pub fn charges(figure: impl Fn(&str) -> Option<Decimal>) -> Option<Decimal> {
    let expenses = figure("EXPENSES_1")? + figure("EXPENSES_2")? + figure("EXPENSES_3")?;
    Some(expenses.abs())
}

/// What is left of it to those who pay by tariff: less the products of groups II and III, as the cost of a place is usually
/// told net.
pub fn net_charges(figure: impl Fn(&str) -> Option<Decimal>) -> Option<Decimal> {
    Some(charges(&figure)? - figure("INCOME_2")? - figure("INCOME_3")?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_means_one_thing() {
        let codes: BTreeSet<&str> = FIGURES.iter().map(|figure| figure.code).collect();
        assert_eq!(codes.len(), FIGURES.len());
        assert_eq!(definition("RESULT").unwrap().unit, FinanceUnit::Euros);
        assert_eq!(definition("NOTHING"), None);
        for (layout, text) in FinanceLayout::ALL {
            assert_eq!(FinanceLayout::from_text(text), Some(layout));
            assert_eq!(layout.as_str(), text);
        }
    }

    #[test]
    fn charges_are_known_when_all_groups_are_and_net_ones_are_less() {
        let booked = |missing: &'static str| {
            move |code: &str| {
                let figures = [
                    ("EXPENSES_1", "-90409.18"),
                    ("EXPENSES_2", "-742692.26"),
                    ("EXPENSES_3", "-39444.41"),
                    ("INCOME_1", "850229.68"),
                    ("INCOME_2", "38364.60"),
                    ("INCOME_3", "1175.28"),
                ];
                let known = figures
                    .iter()
                    .find(|(known, _)| *known == code && code != missing);
                known.map(|(_, value)| value.parse::<Decimal>().unwrap())
            }
        };
        let decimal = |text: &str| -> Decimal { text.parse().unwrap() };
        assert_eq!(charges(booked("")), Some(decimal("872545.85")));
        assert_eq!(net_charges(booked("")), Some(decimal("833005.97")));
        assert_eq!(charges(booked("EXPENSES_2")), None);
        assert_eq!(net_charges(booked("INCOME_3")), None);
    }
}
