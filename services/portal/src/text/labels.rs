//! What the codes of the services are called in French.

use prost_types::Timestamp;
use proto::{
    contracts::v1::{
        Confidentiality, ContractState, OpinionSense, Outcome, RegimeKind, ReviewState, Side,
    },
    controls::v1::{CampaignState, ControlResult, FindingState},
    targets::v1::{ObjectiveKind, TargetSetState},
    types::v1::{Actor, ActorKind, Severity, Unit},
};

use super::dates;

/// A word with the tone it is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Badge {
    pub(crate) text: &'static str,
    /// The class that colours it; the word alone says everything.
    pub(crate) class: &'static str,
}

pub(crate) const fn badge(text: &'static str, class: &'static str) -> Badge {
    Badge { text, class }
}

/// A value that this portal does not know yet is said to be so, and everything else of the page stands.
fn look_up<T: PartialEq + Copy>(known: &[(T, Badge)], value: T) -> Badge {
    let found = known.iter().find(|(one, _)| *one == value);
    found.map_or(badge("état non précisé", PLAIN), |(_, badge)| *badge)
}

const NEW: &str = "fr-badge--new";
const INFO: &str = "fr-badge--info";
const GOOD: &str = "fr-badge--success";
const WARNING: &str = "fr-badge--warning";
const ERROR: &str = "fr-badge--error";
const PLAIN: &str = "";

pub(crate) fn contract_state(state: ContractState) -> Badge {
    const KNOWN: &[(ContractState, Badge)] = &[
        (ContractState::Draft, badge("projet", PLAIN)),
        (ContractState::Negotiation, badge("en négociation", NEW)),
        (ContractState::Consultation, badge("en consultation", NEW)),
        (ContractState::ReadyToSign, badge("prêt à signer", INFO)),
        (
            ContractState::PartiallySigned,
            badge("signature en cours", INFO),
        ),
        (ContractState::Signed, badge("signé", GOOD)),
        (ContractState::InForce, badge("en vigueur", GOOD)),
        (
            ContractState::NoticeOfTermination,
            badge("en vigueur, mise en demeure", WARNING),
        ),
        (ContractState::Expired, badge("échu", PLAIN)),
        (ContractState::Renewed, badge("renouvelé", PLAIN)),
        (ContractState::Terminated, badge("résilié", ERROR)),
        (ContractState::Closed, badge("clos", PLAIN)),
        (ContractState::Abandoned, badge("abandonné", PLAIN)),
    ];
    look_up(KNOWN, state)
}

/// Under which law a contract is made.
pub(crate) fn regime_kind(kind: RegimeKind) -> &'static str {
    match kind {
        RegimeKind::Hospital => "établissement de santé",
        RegimeKind::Ehpad => "EHPAD et petites unités de vie",
        RegimeKind::Disability => "handicap, services et accueils de jour",
        RegimeKind::Optional => "volontaire, social et médico-social",
        RegimeKind::Unspecified => "nature non précisée",
    }
}

/// Why a passage is not communicated to the public.
pub(crate) fn withheld(ground: Confidentiality) -> &'static str {
    match ground {
        Confidentiality::Public => "communicable",
        Confidentiality::BusinessSecret => "secret des affaires (CRPA, article L311-6)",
        Confidentiality::CareQuality => {
            "accréditation, qualité et sécurité des soins (CRPA, article L311-5, 1°)"
        }
        Confidentiality::Personal => "vie privée (CRPA, article L311-6)",
        Confidentiality::Preparatory => "décision non encore prise (CRPA, article L311-2)",
        Confidentiality::Unspecified => "motif non précisé",
    }
}

pub(crate) fn review_state(state: ReviewState) -> Badge {
    const KNOWN: &[(ReviewState, Badge)] = &[
        (ReviewState::Open, badge("à notifier", WARNING)),
        (
            ReviewState::Notified,
            badge("en attente d’observations ou d’examen", NEW),
        ),
        (ReviewState::Examined, badge("à conclure", INFO)),
        (ReviewState::Concluded, badge("conclue", GOOD)),
    ];
    look_up(KNOWN, state)
}

pub(crate) fn campaign_state(state: CampaignState) -> Badge {
    const KNOWN: &[(CampaignState, Badge)] = &[
        (CampaignState::Planned, badge("prévue", PLAIN)),
        (CampaignState::Frozen, badge("données arrêtées", PLAIN)),
        (CampaignState::Running, badge("en cours", NEW)),
        (CampaignState::Measured, badge("mesurée", INFO)),
        (CampaignState::Shared, badge("communiquée", INFO)),
        (CampaignState::Closed, badge("close", GOOD)),
    ];
    look_up(KNOWN, state)
}

pub(crate) fn control_result(result: ControlResult) -> Badge {
    const KNOWN: &[(ControlResult, Badge)] = &[
        (ControlResult::Scheduled, badge("à mesurer", PLAIN)),
        (ControlResult::Conforming, badge("conforme", GOOD)),
        (ControlResult::Deviating, badge("en écart", WARNING)),
        (
            ControlResult::NotAssessable,
            badge("non appréciable", PLAIN),
        ),
    ];
    look_up(KNOWN, result)
}

pub(crate) fn finding_state(state: FindingState) -> Badge {
    const KNOWN: &[(FindingState, Badge)] = &[
        (FindingState::Raised, badge("relevé", NEW)),
        (FindingState::Withdrawn, badge("retiré", PLAIN)),
    ];
    look_up(KNOWN, state)
}

pub(crate) fn severity(severity: Severity) -> Badge {
    const KNOWN: &[(Severity, Badge)] = &[
        (Severity::Info, badge("rappel", INFO)),
        (Severity::Minor, badge("mineur", WARNING)),
        (Severity::Major, badge("majeur", ERROR)),
        (
            Severity::Grave,
            badge("grave (qualifié par une personne)", ERROR),
        ),
    ];
    look_up(KNOWN, severity)
}

pub(crate) fn target_set_state(state: TargetSetState) -> Badge {
    const KNOWN: &[(TargetSetState, Badge)] = &[
        (TargetSetState::Draft, badge("en préparation", PLAIN)),
        (TargetSetState::Agreed, badge("convenus", INFO)),
        (TargetSetState::InEffect, badge("en vigueur", GOOD)),
        (TargetSetState::Ended, badge("terminés", PLAIN)),
    ];
    look_up(KNOWN, state)
}

/// What a review may come to.
pub(crate) const OUTCOMES: [(Outcome, &str); 4] = [
    (Outcome::NoAction, "sans suite"),
    (Outcome::ActionPlan, "plan d’action"),
    (Outcome::AmendmentProposed, "avenant proposé"),
    (
        Outcome::SanctionProposed,
        "procédure proposée au directeur général",
    ),
];

pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    let found = OUTCOMES.iter().find(|(one, _)| *one == outcome);
    found.map_or("non renseignée", |(_, text)| text)
}

/// The outcomes as the history names them, to choose from.
pub(crate) fn outcomes_by_name() -> Vec<(String, String)> {
    let named = OUTCOMES.iter();
    named
        .map(|(outcome, label)| (outcome.as_str_name().to_owned(), (*label).to_owned()))
        .collect()
}

/// An outcome that the history names.
pub(crate) fn outcome_named(name: &str) -> &str {
    let found = OUTCOMES
        .iter()
        .find(|(outcome, _)| outcome.as_str_name() == name);
    found.map_or(name, |(_, label)| label)
}

pub(crate) fn side(side: Side) -> &'static str {
    const KNOWN: &[(Side, &str)] = &[
        (Side::Ars, "l’agence"),
        (Side::Establishment, "l’établissement"),
        (Side::Department, "le conseil départemental"),
    ];
    let found = KNOWN.iter().find(|(one, _)| *one == side);
    found.map_or("partie inconnue", |(_, text)| text)
}

pub(crate) fn opinion(sense: OpinionSense) -> Badge {
    const KNOWN: &[(OpinionSense, Badge)] = &[
        (OpinionSense::Favourable, badge("favorable", GOOD)),
        (OpinionSense::Reserved, badge("réservé", WARNING)),
        (OpinionSense::Unfavourable, badge("défavorable", ERROR)),
        (OpinionSense::Noted, badge("a pris acte", INFO)),
    ];
    look_up(KNOWN, sense)
}

pub(crate) fn objective_kind(kind: ObjectiveKind) -> &'static str {
    const KNOWN: &[(ObjectiveKind, &str)] = &[
        (ObjectiveKind::Quantified, "objectif quantifié"),
        (ObjectiveKind::Pilot, "indicateur de pilotage"),
    ];
    let found = KNOWN.iter().find(|(one, _)| *one == kind);
    found.map_or("objectif", |(_, text)| text)
}

/// Plural, as in the head of a column.
pub(crate) fn unit(unit: Unit) -> &'static str {
    const KNOWN: &[(Unit, &str)] = &[
        (Unit::Stays, "séjours"),
        (Unit::Sessions, "séances"),
        (Unit::Days, "journées"),
        (Unit::Patients, "patients"),
        (Unit::Acts, "actes"),
        (Unit::Places, "places"),
        (Unit::Sites, "implantations"),
        (Unit::Devices, "appareils"),
        (Unit::Percent, "%"),
        (Unit::Minutes, "minutes"),
    ];
    let found = KNOWN.iter().find(|(one, _)| *one == unit);
    found.map_or("", |(_, text)| text)
}

pub(crate) fn role(role: &str) -> &str {
    match role {
        "contract_manager" => "chargé de contractualisation",
        "manager" => "responsable de l’agence",
        "director_general" => "directeur général",
        "controller" => "contrôleur",
        "reviewer" => "instructeur",
        "department_president" => "président de conseil départemental",
        "department_manager" => "agent de conseil départemental",
        "establishment_director" => "directeur d’établissement",
        "establishment_system" => "système d’information d’établissement",
        "associated_party" => "partie associée",
        "national_council" => "conseil national de pilotage",
        "auditor" => "auditeur",
        "registry_administrator" => "administrateur du registre",
        "service" => "service de la suite",
        other => other,
    }
}

/// Who acted: the role first, since that is under which the act was done.
pub(crate) fn actor(actor: Option<&Actor>) -> String {
    let Some(actor) = actor else {
        return "auteur inconnu".to_owned();
    };
    match actor.kind() {
        ActorKind::Service => format!("la suite ({})", actor.subject),
        _ if actor.role.is_empty() => person(&actor.subject).to_owned(),
        // Not everybody is told which person it was.
        _ if actor.subject.is_empty() => role(&actor.role).to_owned(),
        _ => format!("{} ({})", role(&actor.role), person(&actor.subject)),
    }
}

/// Who acted, and when.
pub(crate) fn signed(who: Option<&Actor>, at: Option<&Timestamp>) -> String {
    format!("{}, le {}", actor(who), dates::timestamp(at))
}

/// A person as pages name them: what the identity provider knows them by.
pub(crate) fn person(subject: &str) -> &str {
    subject.strip_prefix("person:").unwrap_or(subject)
}

/// The dated rules a contract was made under; those that are not known here keep their code.
pub(crate) fn regime(code: &str) -> &str {
    match code {
        "R2010_HPST" => "établissements de santé (2010)",
        "R2020_2025" => "établissements de santé (2020-2025)",
        "EHPAD_2017" => "EHPAD et petites unités de vie (2017)",
        "DISABILITY_2016" => "handicap, SSIAD et accueils de jour (2016)",
        "OPTIONAL_2005" => "facultatif, social et médico-social (2005)",
        other => other,
    }
}

/// A fact of the history; one that has no words keeps its name.
pub(crate) fn fact(event_type: &str) -> &str {
    known_fact(event_type).unwrap_or_else(|| last_word(event_type))
}

fn last_word(event_type: &str) -> &str {
    event_type.rsplit('.').next().unwrap_or(event_type)
}

/// The words of a fact, from the last word of its type.
pub fn known_fact(event_type: &str) -> Option<&'static str> {
    Some(match last_word(event_type) {
        "TemplatePublished" => "Modèle de document publié",
        "ContractDrafted" => "Projet de contrat créé",
        "NegotiationOpened" => "Négociation ouverte",
        "VersionProposed" => "Version du texte proposée",
        "VersionAgreed" => "Accord d’une partie sur le texte",
        "ConsultationOpened" => "Consultations ouvertes",
        "OpinionRecorded" => "Avis d’une instance enregistré",
        "ContractFrozen" => "Texte figé pour signature",
        "ContractSignedByParty" => "Signature d’une partie",
        "ContractSigned" => "Contrat signé par toutes les parties",
        "SignatureWithdrawn" => "Retrait avant la dernière signature",
        "ContractInForce" => "Contrat entré en vigueur",
        "ContractExpired" => "Contrat arrivé à échéance",
        "ContractAbandoned" => "Contrat abandonné",
        "ReviewOpened" => "Revue ouverte",
        "FindingAttached" => "Constat joint à la revue",
        "FindingDetached" => "Constat retiré de la revue",
        "ReviewNotified" => "Établissement invité à présenter ses observations",
        "ObservationsSubmitted" => "Observations de l’établissement",
        "ReviewExamined" => "Examen enregistré",
        "ReviewConcluded" => "Revue conclue",
        "ProcedureProposed" => "Procédure proposée au directeur général",
        "TargetSetCreated" => "Objectifs créés",
        "ObjectivesReplaced" => "Objectifs remplacés",
        "TargetSetAgreed" => "Objectifs convenus",
        "CampaignPlanned" | "CampaignCreated" => "Campagne prévue",
        "CampaignStarted" => "Campagne commencée",
        "CampaignMeasured" => "Campagne mesurée",
        "CampaignClosed" => "Campagne close",
        "FindingRaised" => "Constat relevé",
        "FindingWithdrawn" => "Constat retiré",
        "PositionRecorded" => "Position enregistrée",
        "TermExtended" => "Durée du contrat prolongée",
        "NoticeOfTerminationGiven" => "Mise en demeure avant résiliation",
        "NoticeOfTerminationLifted" => "Mise en demeure levée",
        "ContractTerminated" => "Contrat résilié",
        "ContractRenewed" => "Contrat renouvelé",
        "ContractClosed" => "Contrat clos et archivé",
        "AmendmentProposed" => "Avenant proposé",
        "AmendmentNegotiationOpened" => "Négociation de l’avenant ouverte",
        "AmendmentRevised" => "Changements de l’avenant modifiés",
        "AmendmentAgreed" => "Accord d’une partie sur l’avenant",
        "AmendmentConsultationOpened" => "Consultations sur l’avenant ouvertes",
        "AmendmentOpinionRecorded" => "Avis sur l’avenant enregistré",
        "ImpactAcknowledged" => "Conséquences de l’avenant lues",
        "AmendmentFrozen" => "Avenant figé pour signature",
        "AmendmentSignedByParty" => "Signature d’une partie sur l’avenant",
        "AmendmentSigned" => "Avenant signé par toutes les parties",
        "AmendmentSignatureWithdrawn" => "Avenant retiré de la signature",
        "AmendmentRejected" => "Avenant refusé",
        "AmendmentWithdrawn" => "Avenant retiré",
        "AmendmentInEffect" => "Avenant entré en vigueur",
        "RenewalRequested" => "Renouvellement demandé",
        "RenewalGranted" => "Renouvellement accordé",
        "RenewalRefused" => "Renouvellement refusé",
        "RenewalBySilence" => "Renouvellement par silence",
        "TacitRenewalConfirmed" => "Renouvellement tacite confirmé",
        "WithdrawalNotified" => "Retrait notifié par un membre du groupement",
        "WithdrawalTermsSet" => "Modalités du retrait fixées",
        "EvaluationPlanned" => "Évaluation prévue",
        "EvaluationReported" => "Rapport d’évaluation reçu",
        "EvaluationConcluded" => "Évaluation conclue",
        "MeetingPlanned" => "Réunion prévue",
        "MinutesRecorded" => "Compte rendu enregistré",
        "MeetingDecisionCompleted" => "Décision de réunion exécutée",
        "StepCompleted" => "Étape d’un engagement franchie",
        "MandateRegistered" => "Mandat enregistré",
        "MandateEnded" => "Mandat terminé",
        "ProgrammingDrafted" => "Programmation préparée",
        "ProgrammingRevised" => "Programmation modifiée",
        "ProgrammingApproved" => "Programmation approuvée par une autorité",
        "ProgrammingPublished" => "Programmation publiée",
        "ProgrammingDiscarded" => "Programmation abandonnée",
        "TaskRaised" => "Tâche créée",
        "TaskCompleted" => "Tâche traitée",
        "FindingAmended" => "Constat modifié",
        "ReviewReceived" => "Réception de l’invitation constatée",
        "ObservationPeriodExtended" => "Délai d’observations prolongé",
        "ReviewHearingRecorded" | "ProcedureHearingRecorded" => "Audition consignée",
        "ReviewContextAdded" => "Contexte ajouté à la revue",
        "MilestoneCompleted" => "Étape du plan d’action atteinte",
        "ReviewReopened" => "Revue rouverte",
        "ProcedureOpened" => "Procédure ouverte par le directeur général",
        "FormalNoticeSent" => "Mise en demeure envoyée",
        "FormalNoticeReceived" => "Mise en demeure reçue",
        "FormalNoticeAnswered" => "Réponse à la mise en demeure",
        "FileAccessRequested" => "Dossier demandé",
        "FileAccessGranted" => "Dossier communiqué",
        "FormalNoticeExtended" => "Délai de réponse prolongé",
        "ObservationsAcknowledged" => "Observations lues",
        "ProcedureDropped" => "Procédure close sans sanction",
        "ProcedureDecided" => "Décision du directeur général",
        "DecisionNotified" => "Décision notifiée",
        "DecisionReceived" => "Décision reçue",
        "PenaltyPaid" => "Paiement reçu",
        "PenaltyReferred" => "Pénalité transmise à la caisse",
        "AppealFiled" => "Recours enregistré",
        "AppealDecided" => "Issue du recours enregistrée",
        "DefenceConsulted" => "Ministre de la défense consulté",
        "DefenceAnswered" => "Réponse du ministre de la défense enregistrée",
        "DeliveryConsentGiven" => "Consentement à recevoir sur le portail",
        "DeliveryConsentWithdrawn" => "Consentement retiré",
        "TargetSetDrafted" => "Objectifs préparés",
        "TargetSetAgreedBySide" => "Accord d’une partie sur les objectifs",
        "TargetSetInEffect" => "Objectifs entrés en vigueur",
        "TargetSetEnded" => "Objectifs terminés",
        "SubmissionOpenedEvent" => "Dépôt d’indicateurs ouvert",
        "IndicatorsReceived" => "Indicateurs reçus",
        "FrameworkDrafted" => "Cadre régional préparé",
        "FrameworkLinesReplaced" => "Cadre régional modifié",
        "FrameworkAgreedBySide" => "Accord d’une partie sur le cadre",
        "FrameworkAgreed" => "Cadre régional convenu",
        "DialogueOpened" => "Dialogue ouvert",
        "ParticipantsInvited" => "Participants invités",
        "SessionRecorded" => "Séance consignée",
        "DiagnosisRecorded" => "Diagnostic consigné",
        "ProjectionRetained" => "Projection retenue",
        "DialogueClosed" => "Dialogue clos",
        "InflectionProposed" => "Inflexion proposée",
        "InflectionAgreed" => "Inflexion retenue",
        "InflectionDropped" => "Inflexion abandonnée",
        "CapacitiesRecorded" => "Places enregistrées",
        "NomenclatureImported" => "Nomenclature importée",
        "TerritoriesImported" => "Territoires importés",
        "OutlinesImported" => "Contours de territoires importés",
        "PopulationImported" => "Population importée",
        "CaseMixImported" => "Activité importée",
        "FinancesImported" => "Comptes importés",
        "RatesPublished" => "Taux publiés",
        "AxesRecorded" => "Axes du schéma enregistrés",
        "SchemeDrafted" => "Schéma préparé",
        "SchemeReplaced" => "Schéma modifié",
        "SchemeAdopted" => "Schéma arrêté",
        "CreditEnvelopeOpened" => "Enveloppe de crédits ouverte",
        "CreditsRecorded" => "Crédits notifiés ou repris",
        "CreditsEngaged" => "Crédits engagés",
        "CreditsReleased" => "Engagement libéré",
        "CooperationRegistered" => "Coopération enregistrée",
        "CooperationRevised" => "Coopération modifiée",
        "SavingsRecorded" => "Économies constatées",
        "CooperationEnded" => "Coopération terminée",
        "ProjectCallOpened" => "Appel à projets préparé",
        "ProjectCallScheduled" => "Calendrier de l’appel à projets modifié",
        "ProjectCallPublished" => "Appel à projets publié",
        "CandidateRegistered" => "Candidat enregistré",
        "CommissionOpinionRecorded" => "Avis de la commission enregistré",
        "CandidateAuthorised" => "Candidat autorisé",
        "ProjectCallDropped" => "Appel à projets abandonné",
        "ProjectCallLinked" => "Suites de l’appel à projets rattachées",
        "WaitingListsRecorded" => "Listes d’attente enregistrées",
        "AllowancesRecorded" => "Dotations enregistrées",
        "AllowanceTargetsRecorded" => "Cibles de dotation enregistrées",
        "PointValuesRecorded" => "Valeurs de point enregistrées",
        "HomeCareAmountsRecorded" => "Montants des soins à domicile enregistrés",
        "ModulationWaived" => "Modulation écartée",
        "FundingsRecorded" => "Financements enregistrés",
        "TolerancePolicyCreated" => "Tolérances préparées",
        "TolerancePolicySimulated" => "Tolérances simulées",
        "TolerancePolicyAdopted" => "Tolérances adoptées",
        "TolerancePolicyReplaced" => "Tolérances remplacées",
        "CampaignFrozen" => "Données de la campagne arrêtées",
        "LateContractListed" => "Contrat ajouté à la campagne",
        "ProgrammeRecorded" => "Programme de contrôle enregistré",
        "CampaignShared" => "Résultats communiqués",
        "ControlMeasured" => "Contrôle mesuré",
        "FindingCorrected" => "Constat corrigé",
        "MissionOpened" => "Mission de contrôle ouverte",
        "EvidenceAdded" => "Pièce ajoutée",
        "RemarkRecorded" => "Remarque consignée",
        "MissionReported" => "Rapport de mission rendu",
        "MissionCancelled" => "Mission annulée",
        "LegalEntityRegistered" => "Entité juridique enregistrée",
        "LegalEntityChanged" => "Entité juridique modifiée",
        "LegalEntityClosed" => "Entité juridique fermée",
        "EstablishmentRegistered" => "Établissement enregistré",
        "EstablishmentChanged" => "Établissement modifié",
        "EstablishmentClosed" => "Établissement fermé",
        "RegistryImported" => "Registre importé",
        "SavedExportOrdered" => "Export de l’historique demandé",
        "SavedExportFinished" => "Export de l’historique prêt",
        "SavedExportRefused" => "Export de l’historique trop volumineux : aucun fichier",
        "SavedExportExpired" => "Export de l’historique supprimé à son terme",
        _ => return None,
    })
}
