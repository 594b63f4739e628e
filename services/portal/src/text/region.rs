//! What the codes of the regional scheme, its credits, cooperations and calls are called in French.

use proto::targets::v1::{
    CooperationKind, CooperationState, CreditEngagementState, FundingKind, ProjectCallState,
    SchemeState,
};

use super::{
    labels::{Badge, badge},
    numbers,
};

const NEW: &str = "fr-badge--new";
const INFO: &str = "fr-badge--info";
const GOOD: &str = "fr-badge--success";
const PLAIN: &str = "";

pub(crate) fn scheme(state: SchemeState) -> Badge {
    match state {
        SchemeState::Draft => badge("projet", NEW),
        SchemeState::Adopted => badge("adopté", GOOD),
        SchemeState::Unspecified => badge("état non précisé", PLAIN),
    }
}

pub(crate) fn engagement(state: CreditEngagementState) -> Badge {
    match state {
        CreditEngagementState::Engaged => badge("engagé", INFO),
        CreditEngagementState::Released => badge("libéré", PLAIN),
        CreditEngagementState::Unspecified => badge("état non précisé", PLAIN),
    }
}

/// How organisations join, for a choice.
pub(crate) const COOPERATIONS: [(CooperationKind, &str); 4] = [
    (
        CooperationKind::Gcsms,
        "groupement de coopération sociale ou médico-sociale",
    ),
    (CooperationKind::Merger, "fusion"),
    (
        CooperationKind::SharedFunctions,
        "fonctions mises en commun",
    ),
    (CooperationKind::Agreement, "autre convention"),
];

pub(crate) fn cooperation_kind(kind: CooperationKind) -> &'static str {
    let known = COOPERATIONS.iter().find(|(one, _)| *one == kind);
    known.map_or("coopération", |(_, label)| label)
}

pub(crate) fn cooperation(state: CooperationState) -> Badge {
    match state {
        CooperationState::Active => badge("en cours", GOOD),
        CooperationState::Ended => badge("terminée", PLAIN),
        CooperationState::Unspecified => badge("état non précisé", PLAIN),
    }
}

pub(crate) fn call(state: ProjectCallState) -> Badge {
    match state {
        ProjectCallState::Prepared => badge("en préparation", PLAIN),
        ProjectCallState::Published => badge("publié", NEW),
        ProjectCallState::Examined => badge("avis rendu", INFO),
        ProjectCallState::Authorised => badge("autorisé", GOOD),
        ProjectCallState::Dropped => badge("sans suite", PLAIN),
        ProjectCallState::Unspecified => badge("état non précisé", PLAIN),
    }
}

/// What funding is, for a choice.
pub(crate) const FUNDINGS: [(FundingKind, &str); 4] = [
    (FundingKind::Care, "soins"),
    (FundingKind::Department, "département"),
    (FundingKind::OneOff, "non reconductible"),
    (FundingKind::Investment, "investissement"),
];

pub(crate) fn funding(kind: FundingKind) -> &'static str {
    let known = FUNDINGS.iter().find(|(one, _)| *one == kind);
    known.map_or("financement", |(_, label)| label)
}

/// An amount as the services write it, in euros.
pub(crate) fn euros(amount: &str) -> String {
    match amount {
        "" => "—".to_owned(),
        amount => format!("{}\u{a0}€", numbers::from_wire(amount)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_said_is_no_amount() {
        assert_eq!(euros(""), "—");
        assert_eq!(euros("1200.50"), "1\u{202f}200,5\u{a0}€");
    }
}
