//! What the codes of controls on documents or on site are called in French.

use proto::{
    controls::v1::{MissionKind, MissionState, RemarkKind},
    types::v1::Severity,
};

use super::labels::{Badge, badge};

pub(crate) fn state(state: MissionState) -> Badge {
    match state {
        MissionState::Open => badge("ouverte", "fr-badge--new"),
        MissionState::Reported => badge("rapport rendu", "fr-badge--success"),
        MissionState::Cancelled => badge("annulée", ""),
        MissionState::Unspecified => badge("état non précisé", ""),
    }
}

/// How a mission controls, for a choice.
pub(crate) const KINDS: [(MissionKind, &str); 2] = [
    (MissionKind::Documents, "sur pièces"),
    (MissionKind::OnSite, "sur place"),
];

pub(crate) fn kind(kind: MissionKind) -> &'static str {
    let known = KINDS.iter().find(|(one, _)| *one == kind);
    known.map_or("contrôle", |(_, label)| label)
}

/// How much a remark says, for a choice.
pub(crate) const REMARKS: [(RemarkKind, &str); 2] = [
    (RemarkKind::Remark, "remarque"),
    (RemarkKind::Deviation, "écart"),
];

pub(crate) fn remark(kind: RemarkKind) -> &'static str {
    let known = REMARKS.iter().find(|(one, _)| *one == kind);
    known.map_or("remarque", |(_, label)| label)
}

/// How grave a deviation is, for a choice.
pub(crate) const SEVERITIES: [(Severity, &str); 3] = [
    (Severity::Minor, "mineur"),
    (Severity::Major, "majeur"),
    (Severity::Grave, "grave"),
];
