//! What contracts, amendments, reviews and what follows them refuse.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ALREADY_AGREED" => {
            "Votre partie a déjà donné son accord sur cette version. Attendez l’autre partie, ou proposez une autre version."
        }
        "ALREADY_MEMBER" => {
            "Cette entité juridique ou ce conseil départemental est déjà partie au contrat."
        }
        "ALREADY_SIGNED" => "Cette partie a déjà signé. Il reste à attendre les autres.",
        "AMENDED_TEXT_MALFORMED" => {
            "Le texte que donnerait l’avenant n’est pas correct. Vérifiez les codes et les valeurs."
        }
        "AMENDMENT_AWAITING_SIGNATURE" => {
            "Un avenant attend déjà sa signature. Signez-le ou retirez-le d’abord."
        }
        "AMENDMENT_CHANGES_HOLDER" => {
            "Un avenant ne peut pas changer de titulaire : il faut un autre contrat."
        }
        "AMENDMENT_EMPTY" => "Cet avenant ne change rien. Indiquez au moins un changement.",
        "ANNEX_FILE_NOT_KEPT" => {
            "Le fichier d’une annexe n’a pas été reçu pour ce contrat ou cet avenant. Joignez l’annexe avec son fichier, puis renvoyez."
        }
        "APPROVALS_MISSING" => {
            "Des autorités n’ont pas encore approuvé ce texte. Attendez leur approbation, ou relancez-les."
        }
        "ATTACHMENTS_FULL" => "Deux cents fichiers accompagnent déjà ce dossier.",
        "ATTACHMENT_CHUNK_EXPECTED" => {
            "L’envoi de la pièce a été interrompu. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_HASH_MISMATCH" => {
            "La pièce a changé pendant l’envoi. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_HEADER_EXPECTED" => {
            "L’envoi de la pièce a mal commencé. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_NOT_KEPT" => {
            "Un fichier n’a pas été reçu avec son contenu. Choisissez-le de nouveau, puis renvoyez."
        }
        "ATTACHMENT_SIZE_MISMATCH" => {
            "La pièce n’est pas arrivée en entier. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "ATTACHMENT_TOO_LARGE" => {
            "Un fichier dépasse 25 Mo. Réduisez-le, ou partagez-le en plusieurs."
        }
        "ATTACHMENT_TYPE_MISMATCH" => {
            "Le contenu d’un fichier n’est pas celui que son type annonce. Vérifiez-le, ou exportez-le en PDF."
        }
        "ATTACHMENT_TYPE_NOT_ACCEPTED" => {
            "Ce type de fichier n’est pas accepté. Joignez un PDF, une image, un document bureautique ou un texte."
        }
        "COUNCIL_NOT_NAMED" => {
            "Vous agissez pour plusieurs départements signataires : dites lequel prend position."
        }
        "COUNCIL_STILL_NEEDED" => {
            "Ce conseil départemental reste compétent pour un établissement, un financement, un objectif ou un engagement du contrat (CASF, art. L313-3 et L313-12). Retirez-le ou modifiez-le par le même avenant."
        }
        "DATE_OUT_OF_RANGE" => "Ce jour est hors de la période possible.",
        "DOCUMENT_DEFECTIVE" => {
            "Le document ne peut pas être composé : son modèle contient une erreur. Publiez-en une version corrigée, ou prévenez l’exploitant."
        }
        "DOCUMENT_HASH_MISMATCH" => {
            "Le document a changé depuis que vous l’avez lu. Relisez-le avant de signer."
        }
        "ENTITY_NOT_IN_REGISTRY" => {
            "L’entité n’est pas encore arrivée du registre. Réessayez dans un moment ; si cela dure, demandez qu’elle y soit importée."
        }
        "EVALUATION_PLANNED" => "Cette évaluation est déjà prévue.",
        "EXAMINER_IS_CONTROLLER" => {
            "La personne qui a conduit la campagne ne peut pas instruire la revue. Une autre personne doit l’examiner."
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
        "FOREIGN_TARGET_SET" => "Ces objectifs sont ceux d’un autre contrat.",
        "GROUPING_NOT_POSSIBLE" => {
            "Ce que le texte ou l’avenant dit du groupement hospitalier de territoire ne convient pas (CSP, art. R6132-19-3). Corrigez-le, ou retirez-le."
        }
        "HUMAN_REQUIRED" => {
            "Cet acte est réservé à une personne : aucune machine ne peut l’accomplir."
        }
        "IMPACT_MOVED" => {
            "Les conséquences de l’avenant ont changé depuis que vous les avez lues. Relisez-les."
        }
        "IMPACT_NOT_ACKNOWLEDGED" => {
            "Une personne doit d’abord attester avoir lu les conséquences de l’avenant."
        }
        "LATER_AMENDMENT_CONFLICT" => {
            "Un avenant déjà signé prend effet plus tard : avec ces modifications, le contrat ne serait plus en règle ce jour-là. Accordez-les avec ce qu’il prévoit."
        }
        "MANDATE_NOT_IN_FORCE" => {
            "L’acte qui vous donne pouvoir n’est pas en vigueur aujourd’hui. Attendez sa publication et son premier jour, ou faites enregistrer celui qui vaut aujourd’hui."
        }
        "MANDATE_OUT_OF_PLACE" => {
            "Le contrat se nomme pour un tiers associé et pour lui seul ; la délégation de procédures ne vaut que pour l’agence. Corrigez le mandat."
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
        "NOT_YOUR_COMMITMENT" => {
            "Cet engagement est celui de l’autre partie : à elle de dire que l’étape est franchie."
        }
        "NOT_YOUR_PROPOSAL" => "Cet acte revient à la partie qui a proposé l’avenant.",
        "NO_EXTENSION" => {
            "Le régime de ce contrat ne connaît pas de prolongation. Préparez un renouvellement ou un autre contrat."
        }
        "NO_OBJECTIVE" => {
            "Le texte ne comporte aucun objectif stratégique. Ajoutez-en au moins un."
        }
        "NO_RENEWAL" => {
            "Le régime de ce contrat ne connaît pas de demande de renouvellement. Préparez un autre contrat."
        }
        "NO_SANCTIONABLE_FINDING" => {
            "Aucun constat joint ne peut fonder une procédure : il en faut un qui soit opposable, susceptible de pénalité et au moins majeur. Choisissez une autre issue."
        }
        "NO_SIGNING_PROVIDER" => {
            "Aucun prestataire de signature électronique n’est configuré. Demandez-le à l’exploitant."
        }
        "NO_TYPESETTER" => {
            "Le programme qui compose les documents PDF n’est pas installé. Demandez-le à l’exploitant."
        }
        "OBSERVATION_PERIOD_RUNNING" => {
            "L’établissement peut encore présenter ses observations. Concluez lorsqu’il aura répondu, ou le lendemain de l’échéance."
        }
        "OPINIONS_MISSING" => "Des avis d’instances manquent. Enregistrez-les d’abord.",
        "OPINION_ALREADY_RECORDED" => "L’avis de cette instance est déjà enregistré.",
        "OPINION_IN_FUTURE" => "Un avis ne peut pas être daté d’un jour à venir.",
        "OUTSIDE_COMPETENCE" => {
            "Ce qui change n’est pas de la compétence de votre conseil. Proposez ses crédits, et les objectifs et engagements marqués de sa compétence ; laissez l’agence ou l’établissement traiter du reste."
        }
        "OWN_MANDATE" => "Personne n’enregistre son propre mandat. Demandez-le à un collègue.",
        "OWN_PROPOSAL" => "Votre partie a proposé cet avenant : c’est à l’autre d’y répondre.",
        "PERIMETER_EMPTY" => "Le texte ne couvre aucun établissement. Indiquez-en au moins un.",
        "PERIMETER_NOT_IN_REGISTRY" => {
            "Des entités ou des sites du périmètre ne figurent pas au registre. Corrigez-les, ou faites-les importer."
        }
        "PERIMETER_OVERLAP" => {
            "Un site est déjà couvert par un autre contrat aux mêmes dates. Changez les dates ou le périmètre."
        }
        "PROGRAMMING_UNDER_WAY" => {
            "Une programmation est déjà en préparation. Révisez ce projet, ou abandonnez-le d’abord."
        }
        "RENEWAL_STANDS" => "Une demande de renouvellement est déjà déposée. Poursuivez celle-ci.",
        "ROLE_NOT_ENTITLED" => "Cet acte revient à une personne qui exerce une autre fonction.",
        "SECOND_PERSON_REQUIRED" => {
            "La personne qui a instruit la revue ne peut pas proposer elle-même une procédure : une seconde personne doit conclure."
        }
        "SIGNATORY_MISSING" => "Un signataire manque.",
        "STEP_ALREADY_DONE" => "Cette étape est déjà notée comme franchie.",
        "TARGETS_NOT_AGREED" => {
            "Les objectifs de ce contrat ne sont pas encore convenus entre les deux parties."
        }
        "TEMPLATE_DEFECTIVE" => {
            "Le modèle de document contient une erreur. Corrigez-le à l’endroit indiqué, puis renvoyez-le."
        }
        "TERM_TOO_LONG" => {
            "La durée dépasse celle que permet le régime juridique du contrat (cinq ans au plus)."
        }
        "TOO_MANY_OBJECTIVES" => {
            "Le texte comporte plus d’objectifs que le régime juridique n’en permet."
        }
        "UNKNOWN_CONSULTATION" => {
            "Cette instance n’est pas de celles que le texte prévoit de consulter."
        }
        "UNKNOWN_ELEMENT" => "Un élément à retirer n’existe pas dans le texte. Vérifiez son code.",
        "UNKNOWN_PARTY" => "Cette partie n’est pas signataire du contrat.",
        "VERSION_REPLACED" => {
            "Une autre version a été proposée depuis. Lisez-la avant de prendre position."
        }
        "WITHDRAWAL_NOTICE_TOO_SHORT" => {
            "Le préavis court encore à cette date : le retrait ne peut prendre effet plus tôt (CSP R6132-19-3)."
        }
        "WITHDRAWAL_STANDS" => "Ce membre a déjà notifié son retrait.",
        "WITHDRAWAL_TOO_EARLY" => {
            "Il est trop tôt : un membre ne dénonce le contrat unique du groupement que plusieurs années après sa signature (CSP R6132-19-3)."
        }
        "WRONG_SIGNATORY" => {
            "Le directeur général signe pour l’agence, et la direction de chaque entité juridique pour celle-ci."
        }
        _ => return None,
    })
}
