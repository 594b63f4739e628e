//! What campaigns, controls, missions and tolerance policies refuse.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "CAMPAIGN_EXISTS" => "La campagne de cette région et de cette année existe déjà.",
        "CAMPAIGN_OPEN" => {
            "Une campagne de cette région est encore ouverte. Poursuivez-la, ou clôturez-la d’abord."
        }
        "COPY_BEHIND" => {
            "Des données récentes ne sont pas encore arrivées dans ce service. Réessayez dans un instant."
        }
        "COPY_NOT_READY" => {
            "Le service vient de démarrer et relit ses données. Réessayez dans un instant."
        }
        "CORRECTION_CONFORMS" => {
            "Avec cette valeur, il n’y a plus d’écart. Retirez le constat au lieu de le corriger."
        }
        "CORRECTION_EMPTY" => "Le constat dit déjà cela : il n’y a rien à corriger.",
        "CORRECTION_KIND" => {
            "Un constat calculé se corrige par sa valeur ; un constat dressé par une personne, par sa gravité ou son texte."
        }
        "DATA_NOT_FROZEN" => "Les données de la campagne ne sont pas gelées. Gelez-les d’abord.",
        "EVIDENCE_CHUNK_EXPECTED" => {
            "L’envoi du document a été interrompu. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "EVIDENCE_HASH_MISMATCH" => {
            "Le fichier a changé pendant l’envoi. Choisissez-le de nouveau."
        }
        "EVIDENCE_HEADER_EXPECTED" => {
            "L’envoi du document a mal commencé. Choisissez le fichier de nouveau, puis renvoyez-le."
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
        "FINDING_WITHDRAWN" => {
            "Le constat a été retiré : il ne change plus, et rien ne s’y fonde plus."
        }
        "MISSIONS_OPEN" => {
            "Des missions de la campagne sont encore ouvertes. Rendez leur rapport ou annulez-les avant de la clore."
        }
        "MISSION_CAMPAIGN_CLOSED" => {
            "La campagne est close. Ouvrez la mission dans une campagne qui ne l’est pas."
        }
        "MISSION_FULL" => "La mission est pleine. Ouvrez-en une autre pour la suite.",
        "MISSION_OUT_OF_DATE" => {
            "La mission ne court pas aujourd’hui : rien ne s’y consigne hors de ses dates."
        }
        "MISSION_OVER" => "La mission est terminée : plus rien ne s’y ajoute.",
        "NOTHING_MEASURED" => {
            "La région n’a encore mesuré aucune année : il n’y a rien sur quoi essayer cette politique. Elle peut être adoptée sans essai."
        }
        "NOT_ALL_MEASURED" => {
            "Tous les contrats de la campagne ne sont pas encore mesurés. Suivez l’avancement, et revenez quand il est complet."
        }
        "NOT_CONTROLLED" => "La campagne ne mesure pas ce contrat. Choisissez-en une autre.",
        "NOT_ON_MISSION" => "Cet acte revient à l’équipe de la mission.",
        "PMSI_VERSION_NOT_HELD" => {
            "Cette version des données du PMSI n’est pas celle qui est détenue pour la région et l’année."
        }
        "POLICY_ADOPTED" => {
            "Une politique de tolérance adoptée ne change plus. Préparez-en une autre qui la remplace."
        }
        "POLICY_NOT_IN_EFFECT" => {
            "Cette politique de tolérance n’est pas en vigueur. Adoptez-la, attendez son premier jour, ou choisissez-en une autre."
        }
        "POLICY_NOT_REPLACEABLE" => {
            "La politique à remplacer n’est pas celle qui couvre ces années. Nommez la politique adoptée qui les couvre."
        }
        "POLICY_NOT_SIMULATED" => {
            "Cette politique n’a pas été essayée sur le passé. Faites d’abord l’essai."
        }
        "POLICY_OF_OTHER_REGION" => {
            "Cette politique de tolérance est celle d’une autre région. Choisissez-en une de la vôtre."
        }
        "POLICY_OUT_OF_YEARS" => {
            "Cette politique de tolérance ne couvre pas l’année. Choisissez-en une qui la couvre."
        }
        "POLICY_OVERLAP" => {
            "Une autre politique adoptée couvre déjà des années communes. Nommez celle que vous remplacez, ou choisissez d’autres années."
        }
        "POLICY_RETROACTIVE" => {
            "Une politique de tolérance ne vaut jamais pour le passé. Choisissez aujourd’hui ou un jour à venir."
        }
        "UNREAD_OBSERVATIONS" => {
            "Des observations reçues depuis n’ont pas été lues : elles doivent l’être avant toute décision."
        }
        "YEAR_NOT_MEASURED" => {
            "Aucune campagne n’a mesuré cette année. Faites l’essai sur une année qui l’a été."
        }
        "YEAR_NOT_OVER" => {
            "L’année n’est pas terminée dans la région. Gelez la campagne une fois l’année finie."
        }
        _ => return None,
    })
}
