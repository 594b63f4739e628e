//! What a difference between two texts is called: the field that changed, and what it says.

use proto::contracts::v1::{CommitmentOwner, Confidentiality, FundingSource};

use super::{follow_up, indicators, labels, numbers, upkeep};

const KNOWN: [(&str, &str); 29] = [
    ("amount_eur", "montant (€)"),
    ("axis", "axe"),
    ("baseline", "point de départ"),
    ("clauses", "articles"),
    ("competence", "compétence"),
    ("condition", "condition"),
    ("confidentiality", "confidentialité"),
    ("consultations", "instances à consulter"),
    ("department", "conseil départemental"),
    ("departmental_councils", "conseils départementaux"),
    ("description", "description"),
    ("effect_date", "premier jour d’effet"),
    ("end_date", "dernier jour"),
    ("establishments", "établissements couverts"),
    ("file_sha256", "empreinte du fichier"),
    ("grouping", "groupement"),
    ("label", "intitulé"),
    ("legal_entities", "entités signataires"),
    ("name", "nom"),
    ("objective", "objectif servi"),
    ("owner", "qui s’engage"),
    ("reversible", "réversible"),
    ("source", "source"),
    ("steps", "étapes"),
    ("support_entity", "établissement support"),
    ("text", "texte"),
    ("title", "intitulé"),
    ("unit", "unité"),
    ("year", "année"),
];

/// What parts an element that has an index and a field of its own.
const WITHIN: &str = "].";

/// The field of an element that changed: `title`, `steps[2]`, `indicators[MCO_STAYS].targets[2025]`.
pub(crate) fn field(field: &str) -> String {
    match field.split_once(WITHIN) {
        Some((outer, inner)) => format!("{}, {}", part(&format!("{outer}]")), part(inner)),
        None => part(field),
    }
}

fn part(part: &str) -> String {
    let indexed = part.strip_suffix(']').and_then(|part| part.split_once('['));
    match indexed {
        Some(("indicators", code)) => format!("indicateur « {} »", indicators::title(code)),
        Some(("steps", rank)) => format!("étape {rank}"),
        Some(("targets", year)) => format!("cible {year}"),
        _ => {
            let found = KNOWN.iter().find(|(name, _)| *name == part);
            found.map_or(part, |(_, text)| text).to_owned()
        }
    }
}

/// What such a field says, when it says it by a code or a number; other texts as they are.
pub(crate) fn value(field: &str, text: &str) -> String {
    let last = field.split_once(WITHIN).map_or(field, |(_, last)| last);
    let words = match last {
        "owner" => CommitmentOwner::from_str_name(&format!("COMMITMENT_OWNER_{text}"))
            .and_then(|owner| follow_up::OWNERS.iter().find(|(one, _)| *one == owner))
            .map(|(_, words)| *words),
        "source" => FundingSource::from_str_name(&format!("FUNDING_SOURCE_{text}"))
            .map(follow_up::funding_source),
        "confidentiality" => {
            Confidentiality::from_str_name(&format!("CONFIDENTIALITY_{text}")).map(labels::withheld)
        }
        "reversible" => match text {
            "true" => Some("oui"),
            "false" => Some("non"),
            _ => None,
        },
        _ => None,
    };
    match words {
        Some(words) => words.to_owned(),
        None if text.starts_with("departments/") => upkeep::party(text),
        None if last == "amount_eur" || last.starts_with("targets[") => numbers::from_wire(text),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_its_words_and_an_unknown_one_its_name() {
        assert_eq!(field("title"), "intitulé");
        assert_eq!(field("steps[2]"), "étape 2");
        assert_eq!(
            field("indicators[MCO_STAYS].targets[2025]"),
            "indicateur « Séjours hors séances (MCO) », cible 2025"
        );
        assert_eq!(field("indicators[E1].unit"), "indicateur « E1 », unité");
        assert_eq!(field("indicators[E.1].unit"), "indicateur « E.1 », unité");
        assert_eq!(field("another"), "another");
    }

    #[test]
    fn a_code_has_its_words_and_a_text_stays() {
        assert_eq!(value("owner", "BOTH"), "les deux parties");
        assert_eq!(value("source", "OTHER"), "autre");
        assert_eq!(value("indicators[E1].source", "Rapport"), "Rapport");
        assert_eq!(value("confidentiality", "PUBLIC"), "communicable");
        assert_eq!(value("reversible", "true"), "oui");
        assert_eq!(
            value("amount_eur", "1250000.50"),
            "1\u{202f}250\u{202f}000,5"
        );
        assert_eq!(value("indicators[E1].targets[2025]", "12.5"), "12,5");
        assert_eq!(value("text", "BOTH"), "BOTH");
        assert_eq!(value("", "departments/13"), "conseil départemental 13");
    }

    #[test]
    fn each_field_is_there_once_and_in_order() {
        assert!(KNOWN.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
