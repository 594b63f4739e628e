//! The reasons of the services, in the words of the specifications.

/// What a refusal is called in French, and the stable reasons behind it: the same rule is held at the door, by the role,
/// and in the domain, by the facts.
const REFUSALS: &[(&str, &[&str])] = &[
    (
        "aucun constat ne peut fonder une sanction",
        &["NO_SANCTIONABLE_FINDING"],
    ),
    (
        "aucune délégation publiée ne le permet",
        &["DELEGATION_REQUIRED"],
    ),
    (
        "ce n’est pas de la compétence du département",
        &["OUTSIDE_COMPETENCE"],
    ),
    ("ce n’est pas le contrat qui suit", &["NOT_A_SUCCESSOR"]),
    ("cette partie a déjà donné son accord", &["ALREADY_AGREED"]),
    ("cette partie a déjà signé", &["ALREADY_SIGNED"]),
    (
        "cette section relève de l’autre autorité de tarification",
        &["NOT_THE_TARIFF_AUTHORITY"],
    ),
    (
        "des observations n’ont pas été lues",
        &["OBSERVATIONS_UNREAD"],
    ),
    (
        "il est réservé à une personne habilitée",
        &["PERMISSION_DENIED", "ROLE_NOT_ENTITLED", "HUMAN_REQUIRED"],
    ),
    ("il revient à l’autre partie", &["OWN_PROPOSAL"]),
    ("l’entité est déjà partie au CPOM", &["ALREADY_MEMBER"]),
    ("la durée dépasse celle du régime", &["TERM_TOO_LONG"]),
    (
        "la mission des armées a encore besoin du CPOM",
        &["DEFENCE_CONTINUITY"],
    ),
    ("la motivation manque", &["INVALID_ARGUMENT"]),
    ("la programmation est déjà publiée", &["WRONG_STATE"]),
    ("la pénalité peut encore être payée", &["PAYMENT_NOT_DUE"]),
    ("la revue est déjà conclue", &["WRONG_STATE"]),
    ("la réception n’est pas prouvée", &["RECEIPT_NOT_PROVEN"]),
    ("la réunion n’a pas encore eu lieu", &["DATE_OUT_OF_RANGE"]),
    (
        "la réponse du ministre de la défense est attendue",
        &["DEFENCE_ANSWER_AWAITED"],
    ),
    (
        "la signature du conseil départemental est nécessaire",
        &["SIGNATORY_MISSING"],
    ),
    (
        "la résiliation suppose un manquement grave",
        &["GRAVE_BREACH_REQUIRED"],
    ),
    ("le CPOM n’est pas visible de son auteur", &["NOT_FOUND"]),
    ("le compte rendu est déjà consigné", &["WRONG_STATE"]),
    (
        "le conseil départemental reste compétent",
        &["COUNCIL_STILL_NEEDED"],
    ),
    (
        "le document n’est pas celui qui est figé",
        &["DOCUMENT_HASH_MISMATCH"],
    ),
    (
        "le délai d’observations court encore",
        &["OBSERVATION_PERIOD_RUNNING"],
    ),
    ("le délai a déjà été prolongé", &["ALREADY_EXTENDED"]),
    ("le délai de réponse court encore", &["DELAY_RUNNING"]),
    ("le groupement ne le permet pas", &["GROUPING_NOT_POSSIBLE"]),
    (
        "le ministre de la défense n’a pas été consulté",
        &["DEFENCE_NOT_CONSULTED"],
    ),
    ("le montant dépasse le plafond", &["AMOUNT_OVER_CAP"]),
    ("le préavis court encore", &["WITHDRAWAL_NOTICE_TOO_SHORT"]),
    ("le périmètre est vide", &["PERIMETER_EMPTY"]),
    (
        "le périmètre ne correspond pas au FINESS",
        &["PERIMETER_NOT_IN_REGISTRY"],
    ),
    ("le renouvellement est acquis", &["WRONG_STATE"]),
    (
        "le texte comporte trop d’objectifs stratégiques",
        &["TOO_MANY_OBJECTIVES"],
    ),
    ("le texte ne comporte aucun objectif", &["NO_OBJECTIVE"]),
    ("les cibles ne sont pas convenues", &["TARGETS_NOT_AGREED"]),
    (
        "le régime du CPOM ne connaît pas cette pénalité",
        &["REFUSAL_NOT_PENALISED"],
    ),
    (
        "l’avenant est proposé par l’autre partie",
        &["NOT_YOUR_PROPOSAL"],
    ),
    ("l’avis est daté de l’avenir", &["OPINION_IN_FUTURE"]),
    (
        "l’examinateur a conduit le contrôle",
        &["EXAMINER_IS_CONTROLLER"],
    ),
    (
        "l’engagement est celui de l’autre partie",
        &["NOT_YOUR_COMMITMENT"],
    ),
    (
        "les trois ans ne sont pas passés",
        &["WITHDRAWAL_TOO_EARLY"],
    ),
    ("l’état du CPOM ne le permet pas", &["WRONG_STATE"]),
    ("l’étude d’impact a changé", &["IMPACT_MOVED"]),
    ("l’évaluation finale manque", &["FINAL_EVALUATION_MISSING"]),
    (
        "nul n’a pris acte de l’étude d’impact",
        &["IMPACT_NOT_ACKNOWLEDGED"],
    ),
    (
        "la délégation de son auteur n’est pas en vigueur",
        &["MANDATE_NOT_IN_FORCE"],
    ),
    ("qui a proposé ne décide pas", &["DECIDER_IS_PROPOSER"]),
    (
        "son auteur ne représente pas cette partie",
        &["WRONG_SIGNATORY", "OUTSIDE_MANDATE"],
    ),
    (
        "un autre CPOM couvre déjà l’établissement",
        &["PERIMETER_OVERLAP"],
    ),
    (
        "un avenant déjà signé s’y oppose",
        &["LATER_AMENDMENT_CONFLICT"],
    ),
    (
        "un avenant ne change pas le titulaire",
        &["AMENDMENT_CHANGES_HOLDER"],
    ),
    ("un avis manque", &["OPINIONS_MISSING"]),
    (
        "une autorité n’a pas approuvé la programmation",
        &["APPROVALS_MISSING"],
    ),
    ("une demande est déjà en cours", &["RENEWAL_STANDS"]),
    (
        "une programmation est déjà en préparation",
        &["PROGRAMMING_UNDER_WAY"],
    ),
    (
        "une seconde personne doit conclure",
        &["SECOND_PERSON_REQUIRED"],
    ),
];

/// The reasons that this sentence stands for.
pub(crate) fn reasons(sentence: &str) -> anyhow::Result<&'static [&'static str]> {
    REFUSALS
        .iter()
        .find_map(|(words, reasons)| (*words == sentence).then_some(*reasons))
        .ok_or_else(|| anyhow::anyhow!("« {sentence} » is not in the list of refusals"))
}
