//! What is wrong with one field, in French, by the stable reason that the services write before their explanation.

use super::refusals;

/// `AXIS_UNKNOWN: axisVersions/a has no axis B`, in French; none where the reason is not one of ours.
pub(crate) fn told(why: &str) -> Option<&'static str> {
    let (reason, _) = why.split_once(": ")?;
    let is_reason = reason
        .bytes()
        .all(|one| one.is_ascii_uppercase() || one == b'_');
    if !is_reason {
        return None;
    }
    sentence(reason).or_else(|| refusals::sentence(reason))
}

fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ABOVE_ALL" => "Une part ne dépasse pas 100 %.",
        "ABOVE_BASELINE" => "Il y a moins de places au départ que de places à transformer.",
        "AXES_UNKNOWN" => "Cette version des axes n’est pas enregistrée.",
        "AXIS_TWICE" => "Deux axes ont ce code.",
        "AXIS_UNKNOWN" => "La version des axes qui est choisie n’a pas cet axe.",
        "BEFORE_DEADLINE" => "La commission siège après le dernier jour pour répondre.",
        "BELOW_ZERO" => "Une activité ne perd pas plus que ce qu’elle est.",
        "CANDIDATE_TWICE" => "Un candidat porte déjà cet identifiant.",
        "CAPACITY_TWICE" => "Cette ligne est dite deux fois pour le même jour.",
        "CONTRACT_UNKNOWN" => "Ce contrat n’est pas de la région.",
        "DATES_REVERSED" => "Ce jour vient avant celui qu’il doit suivre.",
        "DIRECTION_CONTRADICTED" => {
            "Le volume visé dit le contraire du sens choisi : développer augmente, modérer diminue, maintenir ne change rien."
        }
        "END_BEFORE_START" => "Le dernier jour vient avant le premier.",
        "ESTABLISHMENT_UNKNOWN" => {
            "Le registre ne connaît pas cet établissement dans la région. Vérifiez son numéro FINESS."
        }
        "EVIDENCE_NOT_FOUND" => "Cette publication ou cette activité n’est pas de la région.",
        "HORIZON_BEFORE_SCHEME" => "Cette année vient avant le premier jour du schéma.",
        "HORIZON_NOT_AFTER" | "TARGET_NOT_AFTER_BASELINE" => {
            "L’année visée vient après l’année de départ."
        }
        "HORIZON_OUT_OF_REACH" => {
            "L’horizon vient au moins un an et au plus trente ans après l’année des taux."
        }
        "LINE_TWICE" => "Cette activité a déjà une ligne dans ce mode.",
        "MEMBER_UNKNOWN" => {
            "Le registre ne connaît pas un des membres. Vérifiez les numéros FINESS."
        }
        "NOTHING_TO_LINK" => "Choisissez les places, l’avenant, ou les deux.",
        "OBJECTIVE_TWICE" => "Un autre objectif du schéma porte déjà cet identifiant.",
        "PARTICIPANT_TWICE" => "Ce participant est déjà invité.",
        "RANKED_TWICE" => "Un candidat est classé deux fois.",
        "SHARE_TWICE" => "Ce territoire a déjà une part visée pour ce public.",
        "SMALL_COUNT" => {
            "Les établissements lisent ce qu’un dialogue garde : un effectif de 1 à 10 ne s’y écrit pas."
        }
        "STATED_TWICE" => "La même chose est dite deux fois.",
        "TERRITORY_UNKNOWN" => "Ce territoire n’est pas d’un découpage importé.",
        "UNKNOWN" => "Ce numéro n’est pas connu dans la région. Vérifiez-le.",
        "UNIT_MISMATCH" => "Cet indicateur ne se compte pas dans cette unité.",
        "YEAR_BEFORE_START" => "Cette année vient avant le premier jour.",
        "YEAR_TWICE" => "Cette année est dite deux fois.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_in_french_and_a_sentence_is_left_alone() {
        let french = told("AXIS_UNKNOWN: axisVersions/a has no axis B").unwrap();
        assert!(french.contains("cet axe"));
        assert_eq!(told("SOMETHING_NEW: why"), None);
        assert_eq!(told("value: must be longer"), None);
        assert_eq!(told("trop court"), None);
    }
}
