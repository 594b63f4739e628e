//! What targets, indicators and published rates refuse.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "AMENDMENT_FROZEN" => {
            "L’avenant est à la signature : ses objectifs chiffrés ne changent plus. Retirez-le d’abord de la signature."
        }
        "BATCH_TOO_LARGE" => "L’envoi contient trop de lignes à la fois. Partagez-le en plusieurs.",
        "CHECKSUM_MISMATCH" => {
            "Le fichier n’est pas celui qui a été vérifié. Envoyez ce dernier, ou vérifiez celui-ci d’abord."
        }
        "CONTRACT_NOT_IN_FORCE" => "Le contrat n’est pas en vigueur.",
        "CONTRACT_NOT_KNOWN_YET" => {
            "Le contrat vient d’être créé et n’est pas encore connu de ce service. Réessayez dans un instant."
        }
        "CONTRACT_NOT_OPEN" => {
            "Le contrat n’est plus en négociation. Retirez-le d’abord de la signature si ses objectifs doivent changer."
        }
        "CORRECTION_REQUIRED" => {
            "Ces taux remplacent des taux publiés. Dites ce qui était faux dans les précédents."
        }
        "DRY_RUN_FIRST" => {
            "Le fichier n’a pas encore été vérifié. Faites-en d’abord l’essai, puis importez le même."
        }
        "JUSTIFICATION_REQUIRED" => {
            "Des contrôles de cohérence arrêtent la publication. Écrivez pourquoi ils peuvent être passés, ou corrigez les données."
        }
        "MESSAGE_TOO_LARGE" => "L’envoi dépasse la taille d’un message. Partagez-le en plusieurs.",
        "NOMENCLATURE_UNKNOWN" => "Cette nomenclature n’est pas importée. Importez-la d’abord.",
        "NOTE_REQUIRED" => "Dites pourquoi le contrat n’a pas d’objectif chiffré.",
        "NOTHING_TO_CORRECT" => {
            "Aucune publication n’existe sous ce nom : il n’y a rien à corriger. Videz le motif de correction, ou vérifiez le nom de la série."
        }
        "NOT_AGREED" => "Les deux parties doivent d’abord donner leur accord.",
        "NOT_YOUR_SUBMISSION" => "Cet envoi a été ouvert par une autre personne. Ouvrez le vôtre.",
        "NO_CASES" => {
            "Aucune activité n’est enregistrée pour cette année et ce champ. Vérifiez l’année et le code."
        }
        "OBJECTIVES_INVALID" => "Un objectif n’est pas correct.",
        "OBJECTIVES_NO_LONGER_FIT" => {
            "Les objectifs ne correspondent plus au contrat tel qu’il est. Remplacez-les."
        }
        "OPENING_EXPECTED" => {
            "L’envoi a mal commencé. Choisissez le fichier de nouveau, puis confirmez."
        }
        "POPULATION_INCOMPLETE" => "La population d’un des territoires n’est pas connue.",
        "POPULATION_OTHER_YEAR" => "La population est d’une année trop éloignée.",
        "POPULATION_TOO_COARSE" => "La population n’est pas connue à l’échelle de ces territoires.",
        "POPULATION_WRONG_YEAR" => {
            "La population est d’une année trop éloignée de celle de l’activité."
        }
        "RATE_SUPPRESSED" => "Ce taux n’est pas diffusé : l’effectif est trop faible.",
        "SEQUENCE_GAP" => {
            "Une partie de l’envoi manque. Renvoyez le fichier : l’envoi reprend où il s’était arrêté."
        }
        "STOPPING" => {
            "Le service redémarre. Renvoyez le fichier dans un instant : l’envoi reprend où il s’était arrêté."
        }
        "SUBMISSION_REGION" => "Cet envoi est celui d’une autre région. Ouvrez-en un autre.",
        "SUBMISSION_TAKEN_OVER" => {
            "Cet envoi se poursuit dans une autre fenêtre. Laissez-la finir, ou reprenez depuis celle-ci."
        }
        "TARGET_SET_EXISTS" => "Ce contrat a déjà des objectifs : modifiez ceux-ci.",
        "TERRITORY_VERSION_UNKNOWN" => "Ce découpage en territoires n’est pas importé.",
        "TOO_MANY_ACTIVITIES" => {
            "La liste d’activités est trop longue. Nommez-en deux cents au plus."
        }
        "VERSION_EXISTS" => {
            "Cette version est déjà importée, et une version ne change jamais. Importez le fichier sous un autre nom de version."
        }
        _ => return None,
    })
}
