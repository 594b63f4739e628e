//! The reasons of the services, in the words of the specifications.

/// What a refusal is called in French, and the stable reason behind it.
const REFUSALS: [(&str, &str); 28] = [
    (
        "aucun constat ne peut fonder une sanction",
        "NO_SANCTIONABLE_FINDING",
    ),
    ("cette partie a déjà donné son accord", "ALREADY_AGREED"),
    ("cette partie a déjà signé", "ALREADY_SIGNED"),
    ("des observations n’ont pas été lues", "OBSERVATIONS_UNREAD"),
    (
        "il est réservé à une personne habilitée",
        "PERMISSION_DENIED",
    ),
    ("l’avis est daté de l’avenir", "OPINION_IN_FUTURE"),
    (
        "l’examinateur a conduit le contrôle",
        "EXAMINER_IS_CONTROLLER",
    ),
    ("l’état du CPOM ne le permet pas", "WRONG_STATE"),
    ("la réception n’est pas prouvée", "RECEIPT_NOT_PROVEN"),
    ("la durée dépasse celle du régime", "TERM_TOO_LONG"),
    ("la motivation manque", "INVALID_ARGUMENT"),
    ("le CPOM n’est pas visible de son auteur", "NOT_FOUND"),
    (
        "le document n’est pas celui qui est figé",
        "DOCUMENT_HASH_MISMATCH",
    ),
    (
        "le délai d’observations court encore",
        "OBSERVATION_PERIOD_RUNNING",
    ),
    ("le périmètre est vide", "PERIMETER_EMPTY"),
    (
        "le périmètre ne correspond pas au FINESS",
        "PERIMETER_NOT_IN_REGISTRY",
    ),
    (
        "le texte comporte trop d’objectifs stratégiques",
        "TOO_MANY_OBJECTIVES",
    ),
    ("le texte ne comporte aucun objectif", "NO_OBJECTIVE"),
    ("les cibles ne sont pas convenues", "TARGETS_NOT_AGREED"),
    (
        "son auteur ne représente pas cette partie",
        "WRONG_SIGNATORY",
    ),
    (
        "un autre CPOM couvre déjà l’établissement",
        "PERIMETER_OVERLAP",
    ),
    ("un avis manque", "OPINIONS_MISSING"),
    (
        "une seconde personne doit conclure",
        "SECOND_PERSON_REQUIRED",
    ),
];

/// The reason that this sentence stands for.
pub(crate) fn reason(sentence: &str) -> anyhow::Result<&'static str> {
    REFUSALS
        .iter()
        .find_map(|(words, reason)| (*words == sentence).then_some(*reason))
        .ok_or_else(|| anyhow::anyhow!("« {sentence} » is not in the list of refusals"))
}
