//! What procedures refuse, from the conclusion of a review to the appeal.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ALREADY_CONSENTED" => {
            "L’entité juridique a déjà accepté d’être notifiée par le portail, à cette adresse : il n’y a rien à faire."
        }
        "ALREADY_EXTENDED" => {
            "Ce délai a déjà été prolongé une fois : il ne peut l’être de nouveau."
        }
        "ALREADY_RECEIVED" => "La réception est déjà enregistrée.",
        "ALREADY_REFERRED" => "La pénalité est déjà transmise à la caisse.",
        "AMOUNT_NOT_POSITIVE" => "Le montant doit être supérieur à zéro.",
        "AMOUNT_OVER_CAP" => {
            "Le montant dépasse le plafond que fixe le texte, compte tenu de ce qui a déjà été décidé cette année."
        }
        "APPEAL_ENDED" => "L’issue de ce recours est déjà enregistrée.",
        "APPEAL_PENDING" => "Un recours est encore en cours.",
        "DATE_IN_FUTURE" => "Ce jour est à venir.",
        "DECIDER_IS_PROPOSER" => {
            "La personne qui a proposé la procédure ne peut ni l’ouvrir ni la décider : une autre doit le faire."
        }
        "DEFENCE_ALREADY_ANSWERED" => "La réponse du ministre de la défense est déjà enregistrée.",
        "DEFENCE_ALREADY_CONSULTED" => {
            "Le ministre de la défense a déjà été consulté sur cette résiliation."
        }
        "DEFENCE_ANSWER_AWAITED" => {
            "La réponse du ministre de la défense est encore attendue : enregistrez-la, ou attendez le terme que fixe votre lettre (CSP L1435-3-1)."
        }
        "DEFENCE_CONTINUITY" => {
            "Le soutien sanitaire des forces armées a encore besoin du contrat : il ne peut prendre fin avant le terme du délai enregistré avec la réponse du ministre de la défense (CSP L1435-3-1)."
        }
        "DEFENCE_DAY_OUT_OF_RANGE" => {
            "Ce jour précède celui dont il dépend : la réponse suit la lettre, et le délai suit la réponse."
        }
        "DEFENCE_NOT_CONCERNED" => {
            "Seule une résiliation est précédée de la consultation du ministre de la défense."
        }
        "DEFENCE_NOT_CONSULTED" => {
            "Le contrat touche au soutien sanitaire des forces armées : le ministre de la défense doit être consulté avant sa résiliation (CSP L1435-3-1 et L6114-1-1)."
        }
        "DELAY_OVER" => "Le délai est passé.",
        "DELAY_RUNNING" => {
            "Le délai de réponse de l’établissement court encore : aucune décision n’est possible avant son terme."
        }
        "DELEGATION_REQUIRED" => {
            "Cet acte de procédure revient au directeur général, ou à une personne dont la délégation publiée couvre les procédures. Faites enregistrer cette délégation, ou laissez-le agir."
        }
        "EXAMINER_NOTIFIED" => {
            "La personne qui a invité l’établissement à répondre ne peut pas instruire la revue."
        }
        "FILE_ALREADY_REQUESTED" => "Le dossier est déjà demandé.",
        "FILE_NOT_COMMUNICATED" => {
            "L’établissement a demandé son dossier : il doit lui être communiqué d’abord."
        }
        "GRAVE_BREACH_REQUIRED" => {
            "La résiliation demande un manquement qualifié de grave par une personne."
        }
        "GROUND_CHANGED" => "Le constat a changé depuis la proposition. Relisez-le.",
        "HEARING_OUT_OF_RANGE" => "L’audition n’est pas dans la période de la procédure.",
        "MILESTONE_IN_PAST" => "Une étape ne peut pas être fixée à un jour passé.",
        "MILESTONE_REACHED" => {
            "Cette étape du plan d’action est déjà atteinte : il n’y a rien à faire."
        }
        "NOTHING_OWED" => "Rien n’est dû.",
        "NOTHING_TO_REOPEN" => {
            "Aucun constat n’a changé et aucune étape n’est en retard : la conclusion demeure."
        }
        "NOT_A_REDUCTION" => "Le montant réduit doit être inférieur à la pénalité.",
        "NOT_CONSENTED" => {
            "L’entité juridique n’a pas accepté d’être notifiée par le portail : il n’y a rien à retirer."
        }
        "NO_CAP_ON_RECORD" => {
            "Aucun plafond n’est enregistré pour cette date : il faut d’abord le faire inscrire, avec sa source."
        }
        "NO_FILE_REQUEST" => "L’établissement n’a pas demandé son dossier.",
        "OBJECTIVE_NOT_CONCERNED" => {
            "Un objectif choisi n’est visé par aucun constat maintenu. Choisissez parmi ceux des constats."
        }
        "NOT_A_PARTY" => "L’entité qui est nommée n’est pas partie à ce contrat.",
        "OBSERVATIONS_UNREAD" => {
            "Des observations n’ont pas encore été lues : qui examine la revue, ou décide de la procédure, les lit d’abord et l’atteste."
        }
        "OTHER_SANCTION" => "La décision ne peut être d’une autre nature que la procédure.",
        "OUTSIDE_MANDATE" => "Vous ne représentez aucune des parties à ce contrat.",
        "PAYMENT_NOT_DUE" => {
            "La pénalité peut encore être payée : la caisse n’est saisie qu’une fois ce délai passé."
        }
        "PAYMENT_OVER_BALANCE" => "Ce paiement dépasse ce qui reste dû.",
        "RECEIPT_BY_OTHER_SIDE" => {
            "La réception est constatée par l’établissement ; pour une lettre, par l’agence, avec sa preuve."
        }
        "RECEIPT_NOT_PROVEN" => {
            "La réception n’est pas prouvée : aucun délai ne court. Enregistrez-la d’abord."
        }
        "RECEIPT_OUT_OF_RANGE" => {
            "Le jour de réception doit suivre l’envoi et ne pas être à venir."
        }
        "REFUSAL_ALREADY_PROPOSED" => "Une procédure pour refus de signer est déjà proposée.",
        "REFUSAL_NOT_PENALISED" => {
            "Le régime de ce contrat ne prévoit pas de pénalité pour refus de signer."
        }
        "TERMINATION_IN_PAST" => "Le jour de fin du contrat ne peut pas être passé.",
        "UNKNOWN_APPEAL" => "Ce recours n’existe pas dans le dossier.",
        "UNKNOWN_MILESTONE" => {
            "Cette étape n’est pas du plan d’action. Choisissez-en une de la liste."
        }
        _ => return None,
    })
}
