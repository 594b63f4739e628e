//! What the planning of a region refuses: dialogues, schemes, places, credits, calls for projects, tariffs.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ACCOUNTS_UNKNOWN" => "Aucun compte complet de cette année n’est importé.",
        "ACTIVITY_UNKNOWN" => "Ce code d’activité n’existe pas dans la nomenclature. Vérifiez-le.",
        "ALLOWANCE_UNKNOWN" => "La dotation de cette année n’est pas enregistrée.",
        "AMENDMENT_UNKNOWN" => {
            "Cet avenant n’est pas connu. Proposez-le d’abord à un contrat de la région, puis liez-le."
        }
        "AXES_EXIST" => "Cette version des axes existe déjà, et une version ne change jamais.",
        "CANDIDATE_OUT_OF_TIME" => {
            "La réponse est datée hors de l’appel : elle se reçoit entre la publication et le dernier jour."
        }
        "CANDIDATE_UNKNOWN" => "Ce candidat n’est pas enregistré dans l’appel.",
        "CAPACITIES_INVALID" => {
            "Des capacités ne sont pas correctes. Corrigez celles qui sont signalées."
        }
        "CAPACITY_UNKNOWN" => {
            "Les places de cette ligne et de cette nature ne sont pas enregistrées à cette date. Enregistrez-les d’abord."
        }
        "CHOICE_WITHOUT_REASONS" => {
            "Un autre candidat que le premier du classement est choisi. Écrivez pourquoi."
        }
        "COMMUNE_NOT_COVERED" => {
            "La commune n’est pas couverte par ce découpage. Prenez une version qui la couvre, ou corrigez la commune des places."
        }
        "COOPERATION_ENDED" => "Cette coopération est terminée. Enregistrez-en une autre.",
        "CREDITS_OVERCOMMITTED" => {
            "Il n’y a pas assez de crédits disponibles. Engagez moins, libérez un engagement, ou faites notifier d’autres crédits."
        }
        "CREDIT_ENVELOPE_EXISTS" => {
            "Cette année a déjà une enveloppe de cette origine : ajoutez-y les crédits."
        }
        "DIALOGUE_CLOSED" => "Le dialogue est clos.",
        "DIALOGUE_FULL" => "Ce dialogue a atteint sa taille. Concluez-le, puis ouvrez-en un autre.",
        "DISSENT_WITHOUT_REASONS" => "Une position défavorable s’accompagne de ses motifs.",
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
        "INFLECTIONS_UNDECIDED" => "Des inflexions restent à retenir ou à abandonner.",
        "HOME_CARE_AMOUNTS_UNKNOWN" => {
            "Les montants des soins à domicile de cette année ne sont pas enregistrés."
        }
        "INFLECTION_DECIDED" => "Cette inflexion est déjà décidée.",
        "NOTHING_TO_COMPARE" => "Il n’y a rien à comparer. Indiquez un chiffre supérieur à zéro.",
        "NOTHING_TO_WAIVE" => "Le calcul ne change rien à cette section : il n’y a rien à écarter.",
        "NOT_A_PARTICIPANT" => "Cet établissement n’est pas invité à ce dialogue.",
        "NOT_THE_TARIFF_AUTHORITY" => {
            "Cette section relève de l’autre autorité : les soins de l’ARS, la dépendance du conseil départemental."
        }
        "NO_CAPACITY" => "Aucune place n’est enregistrée à cette date.",
        "NO_EQUATION_RULE" => "Aucun coefficient de l’équation n’est enregistré pour cette année.",
        "NO_FRAMEWORK_IN_EFFECT" => "Aucun cadre régional n’est en vigueur à cette date.",
        "NO_MODULATION_RULE" => {
            "Aucune règle de modulation ne vaut pour cette année. Choisissez-en une autre."
        }
        "NO_SCHEME_IN_EFFECT" => "Aucun schéma adopté n’est en vigueur à cette date.",
        "OFFER_INVALID" => "Des champs ne sont pas corrects. Corrigez ceux qui sont signalés.",
        "PLACES_OF_ANOTHER_ACT" => {
            "Ces places relèvent d’une autre décision. Enregistrez-les avec la décision d’autorisation, puis liez-les."
        }
        "PLANNING_INVALID" => {
            "Des éléments du cadre ou du dialogue ne sont pas corrects. Corrigez ceux qui sont signalés."
        }
        "POINT_VALUE_UNKNOWN" => {
            "La valeur du point de ce département n’est pas enregistrée pour cette année et cette option."
        }
        "POPULATION_UNKNOWN" => "Cette population n’est pas importée.",
        "POSITIONS_MISSING" => "Tous les établissements invités n’ont pas encore pris position.",
        "PROJECT_CALL_STATE" => "L’étape de l’appel ne le permet pas. Relisez où il en est.",
        "PROJECT_CALL_WITHOUT_CALENDAR" => "Fixez d’abord le calendrier de l’appel.",
        "RELEASE_TOO_MUCH" => "La somme dépasse ce qui reste engagé. Libérez au plus ce reste.",
        "SCHEME_ADOPTED" => {
            "Un schéma adopté ne change plus. Préparez-en un autre pour le réviser."
        }
        "SCHEME_DRAFT_EXISTS" => {
            "La région a déjà un projet de schéma : modifiez-le, ou adoptez-le d’abord."
        }
        "SCHEME_SAME_DAY" => {
            "Un schéma adopté commence déjà ce jour-là. Changez le premier jour du projet."
        }
        "TOO_FEW_PLACES" => "Le scénario retire plus de places qu’il n’y en a.",
        "UNKNOWN_TERRITORY" => "Ce territoire n’est pas de ce découpage.",
        "WAIVER_OUT_OF_RANGE" => "La part écartée est de plus de 0 % et de 100 % au plus.",
        _ => return None,
    })
}
