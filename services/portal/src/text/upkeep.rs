//! What is kept beside contracts, in French: mandates, tasks, tolerance policies.

use proto::{
    contracts::v1::{
        Mandate, MandateMatter, NoticeFrequency, Programming, ProgrammingState, TaskKind,
    },
    controls::v1::TolerancePolicyState,
};

use super::labels::{Badge, badge};

/// How often somebody is reminded by e-mail.
pub(crate) const FREQUENCIES: [(NoticeFrequency, &str); 3] = [
    (
        NoticeFrequency::Daily,
        "un par jour au plus, quand quelque chose est dû bientôt ou en retard",
    ),
    (
        NoticeFrequency::Each,
        "un pour chaque rappel de chaque échéance",
    ),
    (NoticeFrequency::Never, "aucun"),
];

/// What a mandate lets somebody do.
pub(crate) fn matter(matter: MandateMatter) -> &'static str {
    match matter {
        MandateMatter::Procedures => "décider des procédures",
        MandateMatter::Signature | MandateMatter::Unspecified => "signer",
    }
}

/// Where a mandate stands on a day. Days compare as they are written.
pub(crate) fn mandate(mandate: &Mandate, today: &str) -> Badge {
    if !mandate.valid_to.is_empty() && mandate.valid_to.as_str() < today {
        badge("fini", "")
    } else if today < mandate.publication_date.as_str() || today < mandate.valid_from.as_str() {
        badge("à venir", "fr-badge--info")
    } else {
        badge("en vigueur", "fr-badge--success")
    }
}

/// A party by its resource name.
pub(crate) fn party(name: &str) -> String {
    match name.split_once('/') {
        Some(("legalEntities", number)) => format!("entité juridique {number}"),
        Some(("departments", code)) => format!("conseil départemental {code}"),
        Some(("associatedParties", code)) => format!("tiers associé {code}"),
        _ if name == "ars" => "agence régionale de santé".to_owned(),
        _ => name.to_owned(),
    }
}

/// Where a programming stands.
pub(crate) fn programming(one: &Programming) -> Badge {
    match one.state() {
        ProgrammingState::Draft => badge("projet", "fr-badge--new"),
        ProgrammingState::Published if one.in_force => badge("en vigueur", "fr-badge--success"),
        ProgrammingState::Published => badge("remplacée", ""),
        ProgrammingState::Discarded => badge("abandonnée", ""),
        ProgrammingState::Unspecified => badge("état non précisé", ""),
    }
}

/// Why somebody must look.
pub(crate) fn task(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::SiteClosed => "Site fermé",
        TaskKind::SiteTransferred => "Site transféré",
        TaskKind::PartyClosed => "Partie fermée",
        TaskKind::TacitRenewal => "Renouvellement tacite",
        TaskKind::ProgrammingChanged => "Programmation modifiée",
        TaskKind::Unspecified => "Changement",
    }
}

/// Where a tolerance policy stands.
pub(crate) fn policy_state(state: TolerancePolicyState) -> Badge {
    match state {
        TolerancePolicyState::Draft => badge("projet", ""),
        TolerancePolicyState::Simulated => badge("simulée", "fr-badge--info"),
        TolerancePolicyState::Adopted => badge("adoptée, à venir", "fr-badge--new"),
        TolerancePolicyState::InEffect => badge("en vigueur", "fr-badge--success"),
        TolerancePolicyState::Replaced => badge("remplacée", ""),
        TolerancePolicyState::Unspecified => badge("état non précisé", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mandate_holds_from_its_publication_to_its_last_day() {
        let told = |publication: &str, first: &str, last: &str| {
            let one = Mandate {
                publication_date: publication.to_owned(),
                valid_from: first.to_owned(),
                valid_to: last.to_owned(),
                ..Default::default()
            };
            mandate(&one, "2026-03-10").text
        };
        assert_eq!(told("2026-03-05", "2026-03-01", ""), "en vigueur");
        assert_eq!(told("2026-03-11", "2026-03-01", ""), "à venir");
        assert_eq!(told("2026-03-05", "2026-03-01", "2026-03-10"), "en vigueur");
        assert_eq!(told("2026-03-05", "2026-03-01", "2026-03-09"), "fini");
    }

    #[test]
    fn parties_are_named_in_words() {
        assert_eq!(party("ars"), "agence régionale de santé");
        assert_eq!(party("departments/06"), "conseil départemental 06");
    }
}
