//! What the refusals of the services mean in French, by their stable reason: what stands in the way, and what to do.

mod any_service;
mod contracts;
mod controls;
mod establishments;
mod rows;
mod targets;

/// The sentence of a reason.
pub fn sentence(reason: &str) -> Option<&'static str> {
    [
        any_service::sentence,
        establishments::sentence,
        contracts::sentence,
        targets::sentence,
        controls::sentence,
        rows::sentence,
        usual,
    ]
    .into_iter()
    .find_map(|known| known(reason))
}

/// Those that people meet most.
fn usual(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "DEADLINE_EXCEEDED" => {
            "Le délai est dépassé. L’acte a peut-être été enregistré : renvoyez le même formulaire, il ne comptera qu’une fois."
        }
        "NOT_FOUND" => "Cette ressource n’existe pas, ou elle n’est pas dans votre périmètre.",
        "OVERLOADED" => {
            "Le service est très sollicité. Attendez quelques secondes, puis réessayez."
        }
        "PERMISSION_DENIED" => {
            "Votre profil ne permet pas cet acte. Demandez à une personne habilitée de le faire."
        }
        "REQUEST_ID_REUSED" => {
            "Ce formulaire a déjà servi avec d’autres valeurs. Rechargez la page avant de recommencer."
        }
        "UNAUTHENTICATED" => {
            "Votre session a pris fin. Reconnectez-vous : votre saisie est conservée."
        }
        "UNAVAILABLE" => {
            "Un service ne répond pas pour le moment. Rien n’a été perdu : réessayez dans un instant."
        }
        "ALREADY_AGREED" => {
            "Votre partie a déjà donné son accord sur cette version. Attendez l’autre partie, ou proposez une autre version."
        }
        "ALREADY_SIGNED" => "Cette partie a déjà signé. Il reste à attendre les autres.",
        "DOCUMENT_HASH_MISMATCH" => {
            "Le document a changé depuis que vous l’avez lu. Relisez-le avant de signer."
        }
        "EXAMINER_IS_CONTROLLER" => {
            "La personne qui a conduit la campagne ne peut pas instruire la revue. Une autre personne doit l’examiner."
        }
        "FOREIGN_TARGET_SET" => "Ces objectifs sont ceux d’un autre contrat.",
        "HUMAN_REQUIRED" => {
            "Cet acte est réservé à une personne : aucune machine ne peut l’accomplir."
        }
        "NO_OBJECTIVE" => {
            "Le texte ne comporte aucun objectif stratégique. Ajoutez-en au moins un."
        }
        "NO_SANCTIONABLE_FINDING" => {
            "Aucun constat joint ne peut fonder une procédure : il en faut un qui soit opposable, susceptible de pénalité et au moins majeur. Choisissez une autre issue."
        }
        "OBSERVATION_PERIOD_RUNNING" => {
            "L’établissement peut encore présenter ses observations. Concluez lorsqu’il aura répondu, ou le lendemain de l’échéance."
        }
        "OPINIONS_MISSING" => "Des avis d’instances manquent. Enregistrez-les d’abord.",
        "OPINION_ALREADY_RECORDED" => "L’avis de cette instance est déjà enregistré.",
        "OPINION_IN_FUTURE" => "Un avis ne peut pas être daté d’un jour à venir.",
        "OUTSIDE_MANDATE" | "NOT_A_PARTY" => "Vous ne représentez aucune des parties à ce contrat.",
        "PERIMETER_EMPTY" => "Le texte ne couvre aucun établissement. Indiquez-en au moins un.",
        "PERIMETER_NOT_IN_REGISTRY" => {
            "Des entités ou des sites du périmètre ne figurent pas au registre. Corrigez-les, ou faites-les importer."
        }
        "PERIMETER_OVERLAP" => {
            "Un site est déjà couvert par un autre contrat aux mêmes dates. Changez les dates ou le périmètre."
        }
        "ROLE_NOT_ENTITLED" => "Cet acte revient à une personne qui exerce une autre fonction.",
        "SECOND_PERSON_REQUIRED" => {
            "La personne qui a instruit la revue ne peut pas proposer elle-même une procédure : une seconde personne doit conclure."
        }
        "TARGETS_NOT_AGREED" => {
            "Les objectifs de ce contrat ne sont pas encore convenus entre les deux parties."
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
        "UNKNOWN_PARTY" => "Cette partie n’est pas signataire du contrat.",
        "WRONG_SIGNATORY" => {
            "Le directeur général signe pour l’agence, et la direction de chaque entité juridique pour celle-ci."
        }
        "WRONG_STATE" => "L’étape actuelle ne le permet pas.",
        "CONTRACT_NOT_KNOWN_YET" => {
            "Le contrat vient d’être créé et n’est pas encore connu de ce service. Réessayez dans un instant."
        }
        "CONTRACT_NOT_OPEN" => {
            "Le contrat n’est plus en négociation. Retirez-le d’abord de la signature si ses objectifs doivent changer."
        }
        "NOTE_REQUIRED" => "Dites pourquoi le contrat n’a pas d’objectif chiffré.",
        "NOT_AGREED" => "Les deux parties doivent d’abord donner leur accord.",
        "OBJECTIVES_INVALID" => "Un objectif n’est pas correct.",
        "OBJECTIVES_NO_LONGER_FIT" => {
            "Les objectifs ne correspondent plus au contrat tel qu’il est. Remplacez-les."
        }
        "TARGET_SET_EXISTS" => "Ce contrat a déjà des objectifs : modifiez ceux-ci.",
        "CAMPAIGN_EXISTS" => "La campagne de cette région et de cette année existe déjà.",
        "NOT_YOUR_ESTABLISHMENT" => {
            "Ce numéro n’est pas celui d’un établissement que vous représentez."
        }
        "ALREADY_EXTENDED" => {
            "Ce délai a déjà été prolongé une fois : il ne peut l’être de nouveau."
        }
        "ALREADY_RECEIVED" => "La réception est déjà enregistrée.",
        "ALREADY_REFERRED" => "La pénalité est déjà transmise à la caisse.",
        "AMENDMENT_AWAITING_SIGNATURE" => {
            "Un avenant attend déjà sa signature. Signez-le ou retirez-le d’abord."
        }
        "AMENDMENT_CHANGES_HOLDER" => {
            "Un avenant ne peut pas changer de titulaire : il faut un autre contrat."
        }
        "AMENDMENT_EMPTY" => "Cet avenant ne change rien. Indiquez au moins un changement.",
        "AMENDED_TEXT_MALFORMED" => {
            "Le texte que donnerait l’avenant n’est pas correct. Vérifiez les codes et les valeurs."
        }
        "AMOUNT_NOT_POSITIVE" => "Le montant doit être supérieur à zéro.",
        "AMOUNT_OVER_CAP" => {
            "Le montant dépasse le plafond que fixe le texte, compte tenu de ce qui a déjà été décidé cette année."
        }
        "APPROVALS_MISSING" => {
            "Une autorité n’a pas encore approuvé ce projet. Attendez son approbation, puis enregistrez la publication."
        }
        "NOT_AN_AUTHORITY" => "Cette autorité ne prend pas cette décision.",
        "PROGRAMMING_UNDER_WAY" => {
            "Un projet de cette programmation est déjà en cours. Modifiez-le, ou renoncez-y d’abord."
        }
        "APPEAL_ENDED" => "L’issue de ce recours est déjà enregistrée.",
        "APPEAL_PENDING" => "Un recours est encore en cours.",
        "CONTRACT_NOT_IN_FORCE" => "Le contrat n’est pas en vigueur.",
        "DATE_IN_FUTURE" => "Ce jour est à venir.",
        "DATE_OUT_OF_RANGE" => "Ce jour est hors de la période possible.",
        "DECIDER_IS_PROPOSER" => {
            "La personne qui a proposé la procédure ne peut ni l’ouvrir ni la décider : une autre doit le faire."
        }
        "DELAY_OVER" => "Le délai est passé.",
        "DELAY_RUNNING" => {
            "Le délai de réponse de l’établissement court encore : aucune décision n’est possible avant son terme."
        }
        "DIALOGUE_CLOSED" => "Le dialogue est clos.",
        "DISSENT_WITHOUT_REASONS" => "Une position défavorable s’accompagne de ses motifs.",
        "ALREADY_MEMBER" => "Cette entité juridique est déjà partie au contrat.",
        "NOT_YOUR_COMMITMENT" => {
            "Cet engagement est celui de l’autre partie : à elle de dire que l’étape est franchie."
        }
        "STEP_ALREADY_DONE" => "Cette étape est déjà notée comme franchie.",
        "EVALUATION_PLANNED" => "Cette évaluation est déjà prévue.",
        "EVENT_NOT_SEALED" => {
            "Ce fait vient d’être enregistré et n’est pas encore scellé dans le journal. Réessayez dans une minute."
        }
        "EXAMINER_NOTIFIED" => {
            "La personne qui a invité l’établissement à répondre ne peut pas instruire la revue."
        }
        "FILE_ALREADY_REQUESTED" => "Le dossier est déjà demandé.",
        "FILE_NOT_COMMUNICATED" => {
            "L’établissement a demandé son dossier : il doit lui être communiqué d’abord."
        }
        "FINDING_WITHDRAWN" => "Le constat a été retiré : la procédure n’a plus de fondement.",
        "GRAVE_BREACH_REQUIRED" => {
            "La résiliation demande un manquement qualifié de grave par une personne."
        }
        "GROUND_CHANGED" => "Le constat a changé depuis la proposition. Relisez-le.",
        "HEARING_OUT_OF_RANGE" => "L’audition n’est pas dans la période de la procédure.",
        "IMPACT_MOVED" => {
            "Les conséquences de l’avenant ont changé depuis que vous les avez lues. Relisez-les."
        }
        "IMPACT_NOT_ACKNOWLEDGED" => {
            "Une personne doit d’abord attester avoir lu les conséquences de l’avenant."
        }
        "INFLECTIONS_UNDECIDED" => "Des inflexions restent à retenir ou à abandonner.",
        "INFLECTION_DECIDED" => "Cette inflexion est déjà décidée.",
        "INVALID_ARGUMENT" => "Une valeur n’est pas acceptée.",
        "MASKED_INPUT" => {
            "Des effectifs sont masqués à la source : ces taux ne peuvent pas être publiés."
        }
        "MILESTONE_IN_PAST" => "Une étape ne peut pas être fixée à un jour passé.",
        "NOTHING_OWED" => "Rien n’est dû.",
        "NOT_A_PARTICIPANT" => "Cet établissement n’est pas invité à ce dialogue.",
        "NOT_A_REDUCTION" => "Le montant réduit doit être inférieur à la pénalité.",
        "NOT_YOUR_PROPOSAL" => "Cet acte revient à la partie qui a proposé l’avenant.",
        "NO_CAP_ON_RECORD" => {
            "Aucun plafond n’est enregistré pour cette date : il faut d’abord le faire inscrire, avec sa source."
        }
        "NO_CASES" => {
            "Aucune activité n’est enregistrée pour cette année et ce champ. Vérifiez l’année et le code."
        }
        "NO_CHECKPOINT" => {
            "Le journal n’a pas encore de point de contrôle signé. Réessayez dans une minute."
        }
        "NO_FILE_REQUEST" => "L’établissement n’a pas demandé son dossier.",
        "NO_FRAMEWORK_IN_EFFECT" => "Aucun cadre régional n’est en vigueur à cette date.",
        "NO_CAPACITY" => "Aucune place n’est enregistrée à cette date.",
        "ACTIVITY_UNKNOWN" => "Ce code d’activité n’existe pas dans la nomenclature. Vérifiez-le.",
        "OBSERVATIONS_UNREAD" => {
            "Le directeur général doit d’abord attester avoir lu les observations."
        }
        "UNREAD_OBSERVATIONS" => {
            "Des observations reçues depuis n’ont pas été lues : elles doivent l’être avant toute décision."
        }
        "ATTACHMENT_NOT_KEPT" => {
            "Un fichier n’a pas été reçu avec son contenu. Choisissez-le de nouveau, puis renvoyez."
        }
        "ATTACHMENT_TYPE_NOT_ACCEPTED" => {
            "Ce type de fichier n’est pas accepté. Joignez un PDF, une image, un document bureautique ou un texte."
        }
        "ATTACHMENT_TYPE_MISMATCH" => {
            "Le contenu d’un fichier n’est pas celui que son type annonce. Vérifiez-le, ou exportez-le en PDF."
        }
        "ATTACHMENT_TOO_LARGE" => {
            "Un fichier dépasse 25 Mo. Réduisez-le, ou partagez-le en plusieurs."
        }
        "ATTACHMENTS_FULL" => "Deux cents fichiers accompagnent déjà ce dossier.",
        "ENTITY_NOT_IN_REGISTRY" => {
            "L’entité n’est pas encore arrivée du registre. Réessayez dans un moment ; si cela dure, demandez qu’elle y soit importée."
        }
        "PMSI_VERSION_NOT_HELD" => {
            "Cette version des données du PMSI n’est pas celle qui est détenue pour la région et l’année."
        }
        "OTHER_SANCTION" => "Une autre sanction repose déjà sur ce constat.",
        "OWN_PROPOSAL" => "Votre partie a proposé cet avenant : c’est à l’autre d’y répondre.",
        "PAYMENT_NOT_DUE" => "Aucun paiement n’est attendu à cette étape.",
        "PAYMENT_OVER_BALANCE" => "Ce paiement dépasse ce qui reste dû.",
        "POPULATION_INCOMPLETE" => "La population d’un des territoires n’est pas connue.",
        "POPULATION_OTHER_YEAR" => "La population est d’une année trop éloignée.",
        "POPULATION_WRONG_YEAR" => {
            "La population est d’une année trop éloignée de celle de l’activité."
        }
        "POPULATION_TOO_COARSE" => "La population n’est pas connue à l’échelle de ces territoires.",
        "POPULATION_UNKNOWN" => "Cette population n’est pas importée.",
        "POSITIONS_MISSING" => "Tous les établissements invités n’ont pas encore pris position.",
        "RATE_SUPPRESSED" => "Ce taux n’est pas diffusé : l’effectif est trop faible.",
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
        "SIGNATORY_MISSING" => "Un signataire manque.",
        "TERMINATION_IN_PAST" => "Le jour de fin du contrat ne peut pas être passé.",
        "TERRITORY_VERSION_UNKNOWN" => "Ce découpage en territoires n’est pas importé.",
        "TOO_FEW_PLACES" | "TOO_MANY_CLOSURES" => {
            "Le scénario retire plus de places qu’il n’y en a."
        }
        "COUNCIL_NOT_NAMED" => {
            "Vous agissez pour plusieurs départements signataires : dites lequel prend position."
        }
        "UNKNOWN_APPEAL" => "Ce recours n’existe pas dans le dossier.",
        "UNKNOWN_ELEMENT" => "Un élément à retirer n’existe pas dans le texte. Vérifiez son code.",
        "UNKNOWN_TERRITORY" => "Ce territoire n’est pas de ce découpage.",
        "VERSION_REPLACED" => {
            "Une autre version a été proposée depuis. Lisez-la avant de prendre position."
        }
        "AXES_EXIST" => "Cette version des axes existe déjà, et une version ne change jamais.",
        "COOPERATION_ENDED" => "Cette coopération est terminée. Enregistrez-en une autre.",
        "CREDITS_OVERCOMMITTED" => {
            "Il n’y a pas assez de crédits disponibles. Engagez moins, libérez un engagement, ou faites notifier d’autres crédits."
        }
        "CREDIT_ENVELOPE_EXISTS" => {
            "Cette année a déjà une enveloppe de cette origine : ajoutez-y les crédits."
        }
        "EVIDENCE_HASH_MISMATCH" => {
            "Le fichier a changé pendant l’envoi. Choisissez-le de nouveau."
        }
        "EVIDENCE_SIZE_MISMATCH" => {
            "Le fichier n’est pas arrivé en entier. Choisissez-le de nouveau."
        }
        "EVIDENCE_TYPE_MISMATCH" => {
            "Le contenu du fichier n’est pas du type annoncé. Enregistrez-le de nouveau dans son format, puis renvoyez-le."
        }
        "EVIDENCE_TYPE_NOT_ACCEPTED" => {
            "Ce type de fichier n’est pas accepté. Envoyez un PDF, une image, un document Word, Excel, OpenDocument, texte ou CSV."
        }
        "MISSION_CAMPAIGN_CLOSED" => {
            "La campagne est close. Ouvrez la mission dans une campagne qui ne l’est pas."
        }
        "MISSION_FULL" => "La mission est pleine. Ouvrez-en une autre pour la suite.",
        "MISSION_OUT_OF_DATE" => {
            "La mission ne court pas aujourd’hui : rien ne s’y consigne hors de ses dates."
        }
        "MISSION_OVER" => "La mission est terminée : plus rien ne s’y ajoute.",
        "NOT_CONTROLLED" => "La campagne ne mesure pas ce contrat. Choisissez-en une autre.",
        "NOT_ON_MISSION" => "Cet acte revient à l’équipe de la mission.",
        "NO_SCHEME_IN_EFFECT" => "Aucun schéma adopté n’est en vigueur à cette date.",
        "PROJECT_CALL_STATE" => "L’étape de l’appel ne le permet pas. Relisez où il en est.",
        "PROJECT_CALL_WITHOUT_CALENDAR" => "Fixez d’abord le calendrier de l’appel.",
        "SCHEME_ADOPTED" => {
            "Un schéma adopté ne change plus. Préparez-en un autre pour le réviser."
        }
        "SCHEME_DRAFT_EXISTS" => {
            "La région a déjà un projet de schéma : modifiez-le, ou adoptez-le d’abord."
        }
        "SCHEME_SAME_DAY" => {
            "Un schéma adopté commence déjà ce jour-là. Changez le premier jour du projet."
        }
        "NOT_THE_TARIFF_AUTHORITY" => {
            "Cette section relève de l’autre autorité : les soins de l’ARS, la dépendance du conseil départemental."
        }
        "NOTHING_TO_WAIVE" => "Le calcul ne change rien à cette section : il n’y a rien à écarter.",
        "WAIVER_OUT_OF_RANGE" => "La part écartée est de plus de 0 % et de 100 % au plus.",
        "NO_EQUATION_RULE" => "Aucun coefficient de l’équation n’est enregistré pour cette année.",
        "POINT_VALUE_UNKNOWN" => {
            "La valeur du point de ce département n’est pas enregistrée pour cette année et cette option."
        }
        "ALLOWANCE_UNKNOWN" => "La dotation de cette année n’est pas enregistrée.",
        "CANDIDATE_OUT_OF_TIME" => {
            "La réponse est datée hors de l’appel : elle se reçoit entre la publication et le dernier jour."
        }
        "EXPORT_TOO_LARGE" => {
            "Cet export est trop grand. Restreignez-le : une période plus courte, une région ou un contrat, et faites-en plusieurs."
        }
        "EXPORTS_FULL" => {
            "Vous avez déjà vingt exports. Attendez que l’un d’eux arrive à son terme."
        }
        "EXPORT_NOT_READY" => "L’export se prépare encore. Actualisez la page dans un instant.",
        "EXPORT_EXPIRED" => {
            "Le terme de cet export est passé et son fichier est supprimé. Demandez-le de nouveau."
        }
        "CANDIDATE_UNKNOWN" => "Ce candidat n’est pas enregistré dans l’appel.",
        _ => return None,
    })
}
