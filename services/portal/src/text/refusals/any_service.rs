//! What any service may refuse, and what its histories, proofs and exports do.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "DEADLINE_EXCEEDED" => {
            "Le délai est dépassé. L’acte a peut-être été enregistré : renvoyez le même formulaire, il ne comptera qu’une fois."
        }
        "ETAG_MISMATCH" => {
            "Quelqu’un a modifié ce dossier pendant que vous le lisiez. Rien n’a été enregistré et votre saisie est conservée : lisez ce qui a changé, puis décidez de nouveau."
        }
        "EVENT_NOT_SEALED" => {
            "Ce fait vient d’être enregistré et n’est pas encore scellé dans le journal. Réessayez dans une minute."
        }
        "EXPORTS_FULL" => {
            "Vous avez déjà vingt exports. Attendez que l’un d’eux arrive à son terme."
        }
        "EXPORT_EXPIRED" => {
            "Le terme de cet export est passé et son fichier est supprimé. Demandez-le de nouveau."
        }
        "EXPORT_NOT_READY" => "L’export se prépare encore. Actualisez la page dans un instant.",
        "EXPORT_TOO_LARGE" => {
            "L’export demandé est trop volumineux. Resserrez la période, la région ou le contrat, et faites-en plusieurs."
        }
        "INTERNAL" => {
            "Une erreur s’est produite de notre côté. Elle est consignée ; réessayez, et signalez-la si elle persiste."
        }
        "INVALID_ARGUMENT" => "Une valeur n’est pas acceptée.",
        "MISSION_NOT_OPEN" => {
            "Votre mission d’audit n’a pas commencé ou a pris fin. Demandez à la personne qui l’a ouverte d’en revoir les dates."
        }
        "MISSION_REQUIRED" => {
            "Un auditeur lit au titre d’une mission, et votre connexion n’en nomme aucune. Demandez à la personne qui l’a ouverte."
        }
        "NOT_FOUND" => "Cette ressource n’existe pas, ou elle n’est pas dans votre périmètre.",
        "NO_CHECKPOINT" => {
            "Le journal n’a pas encore de point de contrôle signé. Réessayez dans une minute."
        }
        "OUTSIDE_MISSION" => {
            "Votre mission d’audit porte sur quelques contrats : elle ouvre leurs historiques, leurs exports et leurs preuves, et rien d’autre."
        }
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
        "UNKNOWN_TREE_SIZE" => {
            "Le journal n’a pas de point de contrôle de cette taille. Choisissez-en un dans la liste des points de contrôle."
        }
        "WRONG_STATE" => "L’étape actuelle ne le permet pas.",
        _ => return None,
    })
}
