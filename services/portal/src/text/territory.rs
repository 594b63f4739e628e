//! What the codes of the territorial dialogue are called in French.

use proto::targets::v1::{
    ActivityMode, CapacityKind, CarePublic, CaseMixMode, DialogueState, EvidenceKind,
    InflectionDirection, InflectionState, PmsiField, ReceptionMode, Stance,
};

use super::labels::{Badge, badge};

pub(crate) fn dialogue_state(state: DialogueState) -> Badge {
    match state {
        DialogueState::Open => badge("en cours", "fr-badge--new"),
        DialogueState::Closed => badge("clos", "fr-badge--success"),
        DialogueState::Unspecified => badge("état non précisé", ""),
    }
}

pub(crate) fn inflection_state(state: InflectionState) -> Badge {
    match state {
        InflectionState::Proposed => badge("proposée", "fr-badge--new"),
        InflectionState::Agreed => badge("retenue", "fr-badge--success"),
        InflectionState::Dropped => badge("abandonnée", ""),
        InflectionState::Unspecified => badge("état non précisé", ""),
    }
}

pub(crate) fn stance(stance: Stance) -> Badge {
    match stance {
        Stance::InFavour => badge("favorable", "fr-badge--success"),
        Stance::Against => badge("défavorable", "fr-badge--warning"),
        Stance::Abstains => badge("s’abstient", ""),
        Stance::Absent => badge("n’a pas répondu", ""),
        Stance::Unspecified => badge("attendue", ""),
    }
}

pub(crate) fn direction(direction: InflectionDirection) -> &'static str {
    match direction {
        InflectionDirection::Develop => "développer",
        InflectionDirection::Moderate => "modérer",
        InflectionDirection::Maintain => "maintenir",
        InflectionDirection::Unspecified => "sens non précisé",
    }
}

pub(crate) fn mode(mode: ActivityMode) -> &'static str {
    match mode {
        ActivityMode::Full => "hospitalisation complète",
        ActivityMode::Ambulatory => "ambulatoire",
        ActivityMode::Session => "séances",
        ActivityMode::PartTime => "temps partiel",
        ActivityMode::Home => "à domicile",
        ActivityMode::All | ActivityMode::Unspecified => "tous modes",
    }
}

pub(crate) fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::PublishedRate => "Taux publié",
        EvidenceKind::CaseMix => "Activité (PMSI)",
        EvidenceKind::Document | EvidenceKind::Unspecified => "Document",
    }
}

/// The large groups of activity; any other code is that of a nomenclature and stays.
pub(crate) fn activity(code: &str) -> &str {
    match code {
        "MEDECINE" => "Médecine",
        "CHIRURGIE" => "Chirurgie",
        "OBSTETRIQUE" => "Obstétrique",
        other => other,
    }
}

/// Fields of the PMSI, for a choice.
pub(crate) const FIELDS: [(PmsiField, &str); 4] = [
    (PmsiField::Mco, "Médecine, chirurgie, obstétrique"),
    (PmsiField::Smr, "Soins médicaux et de réadaptation"),
    (PmsiField::Had, "Hospitalisation à domicile"),
    (PmsiField::Psy, "Psychiatrie"),
];

pub(crate) const PUBLICS: [(CarePublic, &str); 4] = [
    (CarePublic::OlderPeople, "Personnes âgées"),
    (CarePublic::DisabledChildren, "Enfants handicapés"),
    (CarePublic::DisabledAdults, "Adultes handicapés"),
    (
        CarePublic::SpecificDifficulties,
        "Personnes en difficulté spécifique",
    ),
];

pub(crate) const CAPACITIES: [(CapacityKind, &str); 3] = [
    (CapacityKind::Authorised, "places autorisées"),
    (CapacityKind::Installed, "places installées"),
    (CapacityKind::Financed, "places financées"),
];

pub(crate) const RECEPTIONS: [(ReceptionMode, &str); 6] = [
    (ReceptionMode::Permanent, "hébergement permanent"),
    (ReceptionMode::Temporary, "hébergement temporaire"),
    (ReceptionMode::Day, "accueil de jour"),
    (ReceptionMode::Boarding, "internat"),
    (ReceptionMode::SemiBoarding, "semi-internat et externat"),
    (ReceptionMode::Home, "à domicile, en milieu ordinaire"),
];

/// The label of a code among those of a choice.
fn among<T: Copy + PartialEq>(known: &[(T, &'static str)], value: T) -> &'static str {
    let found = known.iter().find(|(one, _)| *one == value);
    found.map_or("non précisé", |(_, label)| label)
}

pub(crate) fn field(field: PmsiField) -> &'static str {
    among(&FIELDS, field)
}

pub(crate) fn public(public: CarePublic) -> &'static str {
    among(&PUBLICS, public)
}

pub(crate) fn capacity(kind: CapacityKind) -> &'static str {
    among(&CAPACITIES, kind)
}

pub(crate) fn reception(mode: ReceptionMode) -> &'static str {
    among(&RECEPTIONS, mode)
}

pub(crate) fn case_mix_mode(mode: CaseMixMode) -> &'static str {
    match mode {
        CaseMixMode::Full => "hospitalisation complète",
        CaseMixMode::Ambulatory => "ambulatoire",
        CaseMixMode::Session => "séances",
        CaseMixMode::PartTime => "temps partiel",
        CaseMixMode::Unspecified => "non précisé",
    }
}
