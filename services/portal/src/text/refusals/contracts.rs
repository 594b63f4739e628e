//! What contracts, reviews and procedures refuse.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ALREADY_CONSENTED" => {
            "L’entité juridique a déjà accepté d’être notifiée par le portail, à cette adresse : il n’y a rien à faire."
        }
        "APPROVALS_MISSING" => {
            "Des autorités n’ont pas encore approuvé ce texte. Attendez leur approbation, ou relancez-les."
        }
        "ATTACHMENT_CHUNK_EXPECTED" => {
            "L’envoi de la pièce a été interrompu. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_HASH_MISMATCH" => {
            "La pièce a changé pendant l’envoi. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_HEADER_EXPECTED" => {
            "L’envoi de la pièce a mal commencé. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_SIZE_MISMATCH" => {
            "La pièce n’est pas arrivée en entier. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "DELEGATION_REQUIRED" => {
            "Cet acte de procédure revient au directeur général, ou à une personne dont la délégation publiée couvre les procédures. Faites enregistrer cette délégation, ou laissez-le agir."
        }
        "DOCUMENT_DEFECTIVE" => {
            "Le document ne peut pas être composé : son modèle contient une erreur. Publiez-en une version corrigée, ou prévenez l’exploitant."
        }
        "EXTENSIONS_EXHAUSTED" => {
            "Ce contrat a déjà été prolongé autant que le texte le permet. Négociez-en un autre."
        }
        "EXTENSION_OUT_OF_RANGE" => {
            "Le nouveau terme est hors de ce que le texte permet. Choisissez un jour plus proche, postérieur au terme actuel."
        }
        "EXTENSION_TOO_LATE" => {
            "Le dernier jour pour annoncer une prolongation est passé. Négociez un autre contrat."
        }
        "FINAL_EVALUATION_MISSING" => {
            "L’évaluation finale du contrat n’est pas conclue. Concluez-la d’abord, dans son suivi."
        }
        "GROUPING_NOT_POSSIBLE" => {
            "Ce que le texte dit du groupement hospitalier de territoire ne convient pas. Corrigez-le, ou retirez le groupement du texte."
        }
        "MANDATE_NOT_IN_FORCE" => {
            "L’acte qui vous donne pouvoir n’est pas en vigueur aujourd’hui. Attendez sa publication et son premier jour, ou faites enregistrer celui qui vaut aujourd’hui."
        }
        "MANDATE_OUT_OF_PLACE" => {
            "Le contrat se nomme pour un tiers associé et pour lui seul ; la délégation de procédures ne vaut que pour l’agence. Corrigez le mandat."
        }
        "MILESTONE_REACHED" => {
            "Cette étape du plan d’action est déjà atteinte : il n’y a rien à faire."
        }
        "NOTHING_TO_REOPEN" => {
            "Aucun constat n’a changé et aucune étape n’est en retard : la conclusion demeure."
        }
        "NOT_AN_AUTHORITY" => {
            "Cette autorité n’est pas de celles dont l’approbation est attendue. Choisissez-en une de la liste."
        }
        "NOT_A_SUCCESSOR" => {
            "Ce contrat ne peut pas prendre la suite. Nommez un contrat signé des mêmes parties, qui prend effet plus tard."
        }
        "NOT_COMMUNICABLE" => {
            "Le document n’est pas encore communicable. Attendez la dernière signature, ou demandez le document complet."
        }
        "NOT_CONSENTED" => {
            "L’entité juridique n’a pas accepté d’être notifiée par le portail : il n’y a rien à retirer."
        }
        "NO_EXTENSION" => {
            "Le régime de ce contrat ne connaît pas de prolongation. Préparez un renouvellement ou un autre contrat."
        }
        "NO_RENEWAL" => {
            "Le régime de ce contrat ne connaît pas de demande de renouvellement. Préparez un autre contrat."
        }
        "NO_SIGNING_PROVIDER" => {
            "Aucun prestataire de signature électronique n’est configuré. Demandez-le à l’exploitant."
        }
        "NO_TYPESETTER" => {
            "Le programme qui compose les documents PDF n’est pas installé. Demandez-le à l’exploitant."
        }
        "OBJECTIVE_NOT_CONCERNED" => {
            "Un objectif choisi n’est visé par aucun constat maintenu. Choisissez parmi ceux des constats."
        }
        "OUTSIDE_COMPETENCE" => {
            "Ce qui change n’est pas de la compétence de votre conseil. Proposez ses crédits, et les objectifs et engagements marqués de sa compétence ; laissez l’agence ou l’établissement traiter du reste."
        }
        "OWN_MANDATE" => "Personne n’enregistre son propre mandat. Demandez-le à un collègue.",
        "PROGRAMMING_UNDER_WAY" => {
            "Une programmation est déjà en préparation. Révisez ce projet, ou abandonnez-le d’abord."
        }
        "RENEWAL_STANDS" => "Une demande de renouvellement est déjà déposée. Poursuivez celle-ci.",
        "TEMPLATE_DEFECTIVE" => {
            "Le modèle de document contient une erreur. Corrigez-le à l’endroit indiqué, puis renvoyez-le."
        }
        "UNKNOWN_MILESTONE" => {
            "Cette étape n’est pas du plan d’action. Choisissez-en une de la liste."
        }
        _ => return None,
    })
}
