//! What the codes of tariffs, modulations and comparisons are called in French.

use proto::targets::v1::{AllowanceSection, ComparedFigure, TariffOption, WaiverReason};

/// The tariff an EHPAD chose, for a choice.
pub(crate) const OPTIONS: [(TariffOption, &str); 2] = [
    (TariffOption::Global, "tarif global"),
    (TariffOption::Partial, "tarif partiel"),
];

pub(crate) fn option(option: TariffOption) -> &'static str {
    let known = OPTIONS.iter().find(|(one, _)| *one == option);
    known.map_or("non précisé", |(_, label)| label)
}

pub(crate) fn pharmacy(internal: bool) -> &'static str {
    if internal { "avec" } else { "sans" }
}

pub(crate) fn section(section: AllowanceSection) -> &'static str {
    match section {
        AllowanceSection::Care => "soins",
        AllowanceSection::Dependence => "dépendance",
        AllowanceSection::Clause => "clause du contrat",
        AllowanceSection::Unspecified => "section non précisée",
    }
}

/// Why a modulation is set aside, for a choice.
pub(crate) const WAIVERS: [(WaiverReason, &str); 6] = [
    (WaiverReason::Works, "travaux"),
    (
        WaiverReason::AdministrativeClosure,
        "fermeture administrative",
    ),
    (WaiverReason::Epidemic, "épidémie"),
    (WaiverReason::Staffing, "difficultés de recrutement"),
    (
        WaiverReason::Opening,
        "montée en charge après une ouverture",
    ),
    (WaiverReason::Other, "autre situation exceptionnelle"),
];

pub(crate) fn waiver(reason: WaiverReason) -> &'static str {
    let known = WAIVERS.iter().find(|(one, _)| *one == reason);
    known.map_or("situation non précisée", |(_, label)| label)
}

/// What establishments are compared on, for a choice.
pub(crate) const FIGURES: [(ComparedFigure, &str); 5] = [
    (
        ComparedFigure::AllowancePerPlace,
        "forfaits par place financée",
    ),
    (
        ComparedFigure::ChargesPerPlace,
        "charges par place financée",
    ),
    (
        ComparedFigure::NetChargesPerPlace,
        "charges nettes par place financée",
    ),
    (ComparedFigure::Indicator, "un indicateur"),
    (
        ComparedFigure::IndicatorPerPlace,
        "un indicateur, par place financée",
    ),
];

/// Why a figure is not known: most often nobody recorded it.
pub(crate) fn missing(figure: ComparedFigure) -> &'static str {
    match figure {
        ComparedFigure::AllowancePerPlace => {
            "aucune dotation de l’année, ou aucune place financée, n’est enregistrée"
        }
        ComparedFigure::ChargesPerPlace | ComparedFigure::NetChargesPerPlace => {
            "aucun compte complet de l’année n’est importé, ou aucune place financée n’est enregistrée"
        }
        ComparedFigure::IndicatorPerPlace => {
            "rien n’a été transmis pour l’année, ou aucune place financée n’est enregistrée"
        }
        ComparedFigure::Indicator | ComparedFigure::Unspecified => {
            "rien n’a été transmis pour l’année"
        }
    }
}

/// Indicators of the medico-social catalogue that are worth comparing, by code.
pub(crate) const INDICATORS: [(&str, &str); 9] = [
    ("MS_ABSENTEEISM", "absentéisme du personnel"),
    ("MS_STAFF_TURNOVER", "rotation du personnel"),
    ("MS_VACANT_POSTS", "ETP vacants au 31 décembre"),
    ("MS_STAY_DAYS", "durée moyenne de séjour"),
    (
        "MS_ABSENCE_DAYS",
        "journées d’absence par personne accompagnée",
    ),
    ("MS_PLACE_TURNOVER", "rotation des places financées"),
    ("MS_PERSONS", "file active"),
    ("MS_SERVICES", "prestations réalisées"),
    (
        "EHPAD_DAYS",
        "journées réalisées en hébergement permanent d’EHPAD",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_words_and_an_unknown_one_says_so() {
        assert_eq!(option(TariffOption::Partial), "tarif partiel");
        assert_eq!(option(TariffOption::Unspecified), "non précisé");
        assert_eq!(waiver(WaiverReason::Works), "travaux");
        assert_eq!(waiver(WaiverReason::Unspecified), "situation non précisée");
    }
}
