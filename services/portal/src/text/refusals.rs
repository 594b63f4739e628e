//! What the refusals of the services mean in French, by their stable reason: what stands in the way, and what to do.

/// The sentence of a reason, if it is one that a person can do something about.
pub(crate) fn sentence(reason: &str) -> Option<&'static str> {
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
        "OUTSIDE_MANDATE" => "Vous ne représentez aucune des parties à ce contrat.",
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
        _ => return None,
    })
}
