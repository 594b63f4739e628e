//! What targets, indicators, published rates and the planning of a region refuse.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "AMENDMENT_FROZEN" => {
            "L’avenant est à la signature : ses objectifs chiffrés ne changent plus. Retirez-le d’abord de la signature."
        }
        "AMENDMENT_UNKNOWN" => {
            "Cet avenant n’est pas connu. Proposez-le d’abord à un contrat de la région, puis liez-le."
        }
        "BATCH_TOO_LARGE" => "L’envoi contient trop de lignes à la fois. Partagez-le en plusieurs.",
        "CAPACITIES_INVALID" => {
            "Des capacités ne sont pas correctes. Corrigez celles qui sont signalées."
        }
        "CAPACITY_UNKNOWN" => {
            "Les places de cette ligne et de cette nature ne sont pas enregistrées à cette date. Enregistrez-les d’abord."
        }
        "CHECKSUM_MISMATCH" => {
            "Le fichier n’est pas celui qui a été vérifié. Envoyez ce dernier, ou vérifiez celui-ci d’abord."
        }
        "CHOICE_WITHOUT_REASONS" => {
            "Un autre candidat que le premier du classement est choisi. Écrivez pourquoi."
        }
        "COMMUNE_NOT_COVERED" => {
            "La commune n’est pas couverte par ce découpage. Prenez une version qui la couvre, ou corrigez la commune des places."
        }
        "CORRECTION_REQUIRED" => {
            "Ces taux remplacent des taux publiés. Dites ce qui était faux dans les précédents."
        }
        "DIALOGUE_FULL" => "Ce dialogue a atteint sa taille. Concluez-le, puis ouvrez-en un autre.",
        "DRY_RUN_FIRST" => {
            "Le fichier n’a pas encore été vérifié. Faites-en d’abord l’essai, puis importez le même."
        }
        "EVIDENCE_MISSING" => {
            "L’inflexion n’est pas étayée. Citez au moins un taux publié et un chiffre d’activité."
        }
        "FRAMEWORK_AGREED" => {
            "Un cadre régional convenu ne change plus. Préparez le suivant pour le réviser."
        }
        "FRAMEWORK_DRAFT_EXISTS" => {
            "La région a déjà un projet de cadre. Modifiez-le, ou convenez-en d’abord."
        }
        "FRAMEWORK_NOT_AFTER" => {
            "Le cadre doit commencer après celui qui le précède. Choisissez un jour plus tardif."
        }
        "JUSTIFICATION_REQUIRED" => {
            "Des contrôles de cohérence arrêtent la publication. Écrivez pourquoi ils peuvent être passés, ou corrigez les données."
        }
        "MESSAGE_TOO_LARGE" => "L’envoi dépasse la taille d’un message. Partagez-le en plusieurs.",
        "NOMENCLATURE_UNKNOWN" => "Cette nomenclature n’est pas importée. Importez-la d’abord.",
        "NOTHING_TO_COMPARE" => "Il n’y a rien à comparer. Indiquez un chiffre supérieur à zéro.",
        "NOTHING_TO_CORRECT" => {
            "Aucune publication n’existe sous ce nom : il n’y a rien à corriger. Videz le motif de correction, ou vérifiez le nom de la série."
        }
        "NOT_YOUR_SUBMISSION" => "Cet envoi a été ouvert par une autre personne. Ouvrez le vôtre.",
        "NO_MODULATION_RULE" => {
            "Aucune règle de modulation ne vaut pour cette année. Choisissez-en une autre."
        }
        "OFFER_INVALID" => "Des champs ne sont pas corrects. Corrigez ceux qui sont signalés.",
        "OPENING_EXPECTED" => {
            "L’envoi a mal commencé. Choisissez le fichier de nouveau, puis confirmez."
        }
        "PLACES_OF_ANOTHER_ACT" => {
            "Ces places relèvent d’une autre décision. Enregistrez-les avec la décision d’autorisation, puis liez-les."
        }
        "PLANNING_INVALID" => {
            "Des éléments du cadre ou du dialogue ne sont pas corrects. Corrigez ceux qui sont signalés."
        }
        "RELEASE_TOO_MUCH" => "La somme dépasse ce qui reste engagé. Libérez au plus ce reste.",
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
        "TOO_MANY_ACTIVITIES" => {
            "La liste d’activités est trop longue. Nommez-en deux cents au plus."
        }
        "VERSION_EXISTS" => {
            "Cette version est déjà importée, et une version ne change jamais. Importez le fichier sous un autre nom de version."
        }
        _ => return None,
    })
}
