//! What auditors ask for, in French, by the name of the method: what was read, or tried.

/// Method and what it gives, in the order of methods. Names are told apart across services by themselves.
const GIVEN: [(&str, &str); 147] = [
    (
        "CheckContractProgramming",
        "ce qui est programmé pour les sites d’un contrat",
    ),
    (
        "CheckPopulation",
        "la vérification des contrats d’une campagne",
    ),
    (
        "CompareIndicator",
        "un indicateur comparé entre établissements",
    ),
    (
        "CompareOccupancy",
        "l’occupation comparée des établissements d’une catégorie",
    ),
    (
        "ComputeClauseModulation",
        "la modulation calculée d’une clause",
    ),
    (
        "ComputeEhpadModulation",
        "la modulation calculée d’un EHPAD",
    ),
    ("ComputeFlows", "des flux de patients calculés"),
    (
        "ComputeHomeCareEquation",
        "l’équation des soins à domicile calculée",
    ),
    ("ComputeRates", "des taux de recours calculés"),
    ("ComputeTariffEquation", "l’équation tarifaire calculée"),
    (
        "CreateSavedExport",
        "la commande d’un export de l’historique",
    ),
    (
        "DiffVersions",
        "ce qui diffère entre deux versions d’un texte",
    ),
    ("DownloadAttachment", "le fichier d’une pièce"),
    ("DownloadEvidence", "le fichier d’une pièce de mission"),
    ("DownloadSavedExport", "le fichier d’un export commandé"),
    ("ExplainFinding", "l’explication d’un constat"),
    ("ExportCalendar", "le calendrier des échéances"),
    (
        "ExportEvents",
        "un export de l’historique, avec ses preuves",
    ),
    ("GetAgreedTargetSet", "les objectifs convenus d’un contrat"),
    ("GetAmendment", "un avenant"),
    (
        "GetAmendmentDocument",
        "le document figé d’un avenant, à l’octet",
    ),
    ("GetAmendmentPdf", "un avenant, en PDF"),
    ("GetCampaign", "une campagne de contrôle"),
    ("GetCascade", "la cascade du cadre aux contrats"),
    ("GetCaseMixImport", "un import de données du PMSI"),
    ("GetCaseMixVersion", "la version des données du PMSI"),
    ("GetCheckpoint", "un point de contrôle du journal"),
    (
        "GetConsistencyProof",
        "la preuve que le journal n’a fait que croître",
    ),
    (
        "GetConsolidatedContract",
        "le texte consolidé d’un contrat à une date",
    ),
    ("GetConsolidatedPdf", "un texte consolidé, en PDF"),
    ("GetContract", "un contrat"),
    ("GetContractPdf", "un contrat, en PDF"),
    ("GetControl", "un contrôle"),
    ("GetControlOutcome", "l’issue d’un contrôle"),
    ("GetCooperation", "une coopération"),
    ("GetCreditEngagement", "un engagement de crédits"),
    ("GetCreditEnvelope", "une enveloppe de crédits"),
    ("GetCreditPosition", "les crédits disponibles"),
    ("GetDecisionPdf", "une décision, en PDF"),
    (
        "GetDeliveryConsent",
        "un consentement à recevoir sur le portail",
    ),
    ("GetDialogue", "un dialogue de territoire"),
    ("GetEstablishment", "un établissement"),
    ("GetEvaluation", "une évaluation"),
    ("GetFinding", "un constat"),
    ("GetFormalNoticePdf", "une mise en demeure, en PDF"),
    ("GetFramework", "un cadre régional"),
    (
        "GetFrozenDocument",
        "le document figé d’un contrat, à l’octet",
    ),
    ("GetImpactReview", "les conséquences d’un avenant"),
    ("GetInclusionProof", "la preuve d’un fait"),
    ("GetInflection", "une inflexion"),
    ("GetLegalEntity", "une entité juridique"),
    (
        "GetMeansAndResults",
        "les moyens et les résultats d’un contrat",
    ),
    ("GetMeeting", "une réunion"),
    ("GetMission", "une mission de contrôle"),
    ("GetNeeds", "l’offre au regard des besoins"),
    ("GetNoticePreferences", "ses rappels par courriel"),
    ("GetOccupancy", "l’occupation d’un établissement"),
    ("GetPathwayReport", "les objectifs par étape du parcours"),
    (
        "GetPeerComparison",
        "la comparaison d’un contrat aux autres",
    ),
    ("GetPlanReport", "les places par plan national"),
    ("GetProcedure", "une procédure"),
    ("GetProgramme", "un programme de contrôle"),
    ("GetProgramming", "une programmation"),
    ("GetProjectCall", "un appel à projets"),
    ("GetRegime", "un régime juridique"),
    ("GetRenewal", "une demande de renouvellement"),
    ("GetReview", "une revue"),
    ("GetSavedExport", "un export commandé"),
    ("GetSavingsReport", "les économies des coopérations"),
    ("GetScheme", "un schéma régional"),
    ("GetSchemeCoverage", "le schéma au regard des contrats"),
    ("GetSignatureEvidence", "les éléments d’une signature"),
    ("GetSubmission", "un envoi d’indicateurs"),
    ("GetSubtreeHashes", "des empreintes du journal"),
    ("GetTargetSet", "les objectifs chiffrés d’un contrat"),
    ("GetTemplate", "un modèle de document"),
    (
        "GetTerritoryContext",
        "ce qui est publié des territoires d’un contrat",
    ),
    ("GetTolerancePolicy", "une politique de tolérance"),
    ("GetVersionPdf", "une version d’un texte, en PDF"),
    ("GetWithdrawal", "un retrait d’un contrat de groupement"),
    ("GetYearToDate", "le réalisé d’un contrat en cours d’année"),
    ("ListAllowances", "les dotations d’un EHPAD"),
    ("ListAmendments", "les avenants d’un contrat"),
    (
        "ListAnsweringObjectives",
        "les objectifs de contrats au regard du schéma",
    ),
    ("ListAxisVersions", "les versions des axes du schéma"),
    ("ListCampaigns", "les campagnes de contrôle"),
    ("ListCapacities", "les places en vigueur"),
    ("ListCapacityRecordings", "les enregistrements de places"),
    ("ListCaseMixFigures", "l’activité d’établissements au PMSI"),
    ("ListCaseMixImports", "les imports de données du PMSI"),
    ("ListCheckpoints", "les points de contrôle du journal"),
    (
        "ListConsistencyWarnings",
        "les alertes de cohérence des objectifs",
    ),
    ("ListContractVersions", "les versions du texte d’un contrat"),
    ("ListContracts", "la liste des contrats"),
    ("ListControls", "les contrôles d’une campagne"),
    ("ListCooperations", "les coopérations"),
    ("ListCreditEngagements", "les engagements de crédits"),
    ("ListCreditEnvelopes", "les enveloppes de crédits"),
    ("ListDeadlines", "les échéances"),
    ("ListDialogues", "les dialogues de territoire"),
    ("ListEstablishments", "la liste des établissements"),
    ("ListEvaluations", "les évaluations d’un contrat"),
    ("ListEvents", "l’historique"),
    ("ListFinanceFigures", "les chiffres financiers"),
    ("ListFindings", "la liste des constats"),
    ("ListFrameworks", "les cadres régionaux"),
    ("ListHomeCareAmounts", "les montants des soins à domicile"),
    (
        "ListIndicatorValues",
        "les valeurs reçues d’un établissement",
    ),
    ("ListInflections", "les inflexions"),
    (
        "ListLateContracts",
        "les contrats arrivés après une campagne",
    ),
    ("ListLegalEntities", "les entités juridiques"),
    ("ListMandates", "les mandats et délégations"),
    ("ListMeetings", "les réunions d’un contrat"),
    ("ListMissions", "les missions de contrôle"),
    ("ListModulationParameters", "les règles de modulation"),
    (
        "ListModulationWaivers",
        "les renonciations à une modulation",
    ),
    (
        "ListNomenclatureEntries",
        "les activités d’une nomenclature",
    ),
    (
        "ListNomenclatureVersions",
        "les versions d’une nomenclature",
    ),
    ("ListPointValues", "les valeurs du point"),
    ("ListPopulations", "la population des territoires"),
    ("ListPositions", "les positions des parties"),
    ("ListProcedures", "la liste des procédures"),
    ("ListProgrammes", "les programmes de contrôle"),
    ("ListProgrammings", "les programmations"),
    ("ListProjectCalls", "les appels à projets"),
    ("ListReads", "les lectures des auditeurs"),
    ("ListRegimes", "les régimes juridiques"),
    (
        "ListRejectedValues",
        "les valeurs refusées d’un envoi d’indicateurs",
    ),
    ("ListRenewals", "les demandes de renouvellement"),
    ("ListReviews", "la liste des revues"),
    ("ListSavedExports", "ses exports commandés"),
    ("ListSchemes", "les schémas régionaux"),
    (
        "ListSimulatedContracts",
        "ce qu’une politique de tolérance aurait changé",
    ),
    ("ListSubmissions", "les envois d’indicateurs"),
    ("ListTargetSets", "la liste des objectifs chiffrés"),
    ("ListTasks", "les changements à examiner"),
    ("ListTemplates", "les modèles de documents"),
    ("ListTerritories", "les territoires"),
    ("ListTerritoryVersions", "les versions des territoires"),
    ("ListTolerancePolicies", "les politiques de tolérance"),
    ("ListWaitingLists", "les listes d’attente"),
    ("ListWithdrawals", "les retraits d’un contrat de groupement"),
    (
        "SimulateProduction",
        "une projection de production, à l’essai",
    ),
    ("StreamEvents", "l’historique, en continu"),
    ("StreamRealisations", "le réalisé des contrats d’une année"),
    (
        "UpdateNoticePreferences",
        "le choix de ses rappels par courriel",
    ),
    ("WatchCampaign", "l’avancement d’une campagne"),
];

/// What a method gives, by its name as services record it (`/package.Service/Method`).
pub fn given(method: &str) -> Option<&'static str> {
    let name = method.rsplit('/').next().unwrap_or(method);
    let found = GIVEN.binary_search_by_key(&name, |(one, _)| *one).ok()?;
    Some(GIVEN[found].1)
}

/// The same for a page; the name of a method that nobody may read stays.
pub(crate) fn asked(method: &str) -> String {
    let name = method.rsplit('/').next().unwrap_or(method);
    given(method).map_or_else(|| format!("autre demande ({name})"), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_has_its_words_and_an_unknown_one_its_name() {
        assert_eq!(
            asked("/cpom.history.v1.HistoryService/ListEvents"),
            "l’historique"
        );
        assert_eq!(
            asked("/cpom.contracts.v1.ContractService/SignContract"),
            "autre demande (SignContract)"
        );
        assert_eq!(given("/unknown"), None);
    }

    #[test]
    fn each_method_is_there_once_and_in_order() {
        assert!(GIVEN.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
