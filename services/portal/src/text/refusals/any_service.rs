//! What any service may refuse, and what its histories and proofs do.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ETAG_MISMATCH" => {
            "Quelqu’un a modifié ce dossier pendant que vous le lisiez. Rien n’a été enregistré et votre saisie est conservée : lisez ce qui a changé, puis décidez de nouveau."
        }
        "EXPORT_TOO_LARGE" => {
            "L’export demandé est trop volumineux. Resserrez la période, la région ou le contrat, et faites-en plusieurs."
        }
        "INTERNAL" => {
            "Une erreur s’est produite de notre côté. Elle est consignée ; réessayez, et signalez-la si elle persiste."
        }
        "MISSION_NOT_OPEN" => {
            "Votre mission d’audit n’a pas commencé ou a pris fin. Demandez à la personne qui l’a ouverte d’en revoir les dates."
        }
        "MISSION_REQUIRED" => {
            "Un auditeur lit au titre d’une mission, et votre connexion n’en nomme aucune. Demandez à la personne qui l’a ouverte."
        }
        "OUTSIDE_MISSION" => {
            "Votre mission d’audit porte sur quelques contrats : elle ouvre leurs historiques, leurs exports et leurs preuves, et rien d’autre."
        }
        "UNKNOWN_TREE_SIZE" => {
            "Le journal n’a pas de point de contrôle de cette taille. Choisissez-en un dans la liste des points de contrôle."
        }
        _ => return None,
    })
}
