//! What the codes of a contract’s life are called in French: amendments, positions, evaluations, procedures.

use proto::contracts::v1::{
    Achievement, AmendmentReason, AmendmentState, AppealKind, AppealOutcome, ChangeKind, Channel,
    CommitmentOwner, Competence, CompetenceMark, Delivery, EvaluationKind, EvaluationState,
    FundingSource, MeetingKind, ProcedureKind, ProcedureState, RenewalState, Stance, TextSection,
};

use super::{
    dates,
    labels::{Badge, badge},
};

const NEW: &str = "fr-badge--new";
const INFO: &str = "fr-badge--info";
const GOOD: &str = "fr-badge--success";
const WARNING: &str = "fr-badge--warning";
const PLAIN: &str = "";

pub(crate) fn amendment_state(state: AmendmentState) -> Badge {
    match state {
        AmendmentState::Proposed => badge("proposé", NEW),
        AmendmentState::Negotiation => badge("en négociation", NEW),
        AmendmentState::Consultation => badge("en consultation", NEW),
        AmendmentState::ReadyToSign => badge("prêt à signer", INFO),
        AmendmentState::PartiallySigned => badge("signature en cours", INFO),
        AmendmentState::Signed => badge("signé", GOOD),
        AmendmentState::InEffect => badge("en vigueur", GOOD),
        AmendmentState::Rejected => badge("refusé", PLAIN),
        AmendmentState::Withdrawn => badge("retiré", PLAIN),
        AmendmentState::Unspecified => badge("état non précisé", PLAIN),
    }
}

/// Why a contract is amended, for a choice.
pub(crate) const REASONS: [(AmendmentReason, &str); 11] = [
    (
        AmendmentReason::RevisionPrs,
        "Révision du projet régional de santé",
    ),
    (AmendmentReason::NewAuthorisation, "Nouvelle autorisation"),
    (
        AmendmentReason::MissionDesignation,
        "Désignation pour une mission de service public",
    ),
    (AmendmentReason::Funding, "Financement"),
    (AmendmentReason::PostControl, "Suite d’un contrôle"),
    (AmendmentReason::PerimeterChange, "Changement de périmètre"),
    (AmendmentReason::Cref, "Retour à l’équilibre financier"),
    (AmendmentReason::MidtermRevision, "Révision à mi-parcours"),
    (
        AmendmentReason::ReconnaissanceAsr,
        "Reconnaissance contractuelle d’une activité",
    ),
    (
        AmendmentReason::ErrorCorrection,
        "Correction d’une erreur matérielle",
    ),
    (
        AmendmentReason::MembershipChange,
        "Entrée ou sortie d’un membre",
    ),
];

pub(crate) fn amendment_reason(reason: AmendmentReason) -> &'static str {
    let found = REASONS.iter().find(|(one, _)| *one == reason);
    found.map_or("motif non précisé", |(_, text)| text)
}

pub(crate) fn section(section: TextSection) -> &'static str {
    match section {
        TextSection::Frame => "Cadre",
        TextSection::Perimeter => "Périmètre",
        TextSection::Objective => "Objectif",
        TextSection::Commitment => "Engagement",
        TextSection::Funding => "Moyens",
        TextSection::Clause => "Article",
        TextSection::Annex => "Annexe",
        TextSection::AssociatedParty => "Tiers associé",
        TextSection::Unspecified => "Texte",
    }
}

pub(crate) fn change(kind: ChangeKind) -> Badge {
    match kind {
        ChangeKind::Added => badge("ajouté", GOOD),
        ChangeKind::Removed => badge("retiré", WARNING),
        ChangeKind::Changed => badge("modifié", INFO),
        ChangeKind::Unspecified => badge("changement", PLAIN),
    }
}

pub(crate) fn stance(stance: Stance) -> Badge {
    match stance {
        Stance::Accepted => badge("accepte", GOOD),
        Stance::Reserved => badge("accepte sous réserve", WARNING),
        Stance::Refused => badge("refuse", WARNING),
        Stance::Unspecified => badge("pas de position", PLAIN),
    }
}

pub(crate) fn funding_source(source: FundingSource) -> &'static str {
    let found = FUNDING.iter().find(|(one, _)| *one == source);
    found.map_or("autre", |(_, text)| text)
}

pub(crate) const FUNDING: [(FundingSource, &str); 8] = [
    (FundingSource::Fir, "FIR"),
    (FundingSource::Mig, "MIG"),
    (FundingSource::Ac, "AC"),
    (FundingSource::Daf, "DAF"),
    (FundingSource::Ifaq, "IFAQ"),
    (FundingSource::Drl, "DRL"),
    (FundingSource::Department, "département"),
    (FundingSource::Other, "autre"),
];

/// Who owes a commitment, for a choice.
pub(crate) const OWNERS: [(CommitmentOwner, &str); 3] = [
    (CommitmentOwner::Ars, "l’agence"),
    (CommitmentOwner::Establishment, "l’établissement"),
    (CommitmentOwner::Both, "les deux parties"),
];

/// Who is competent for an objective or a commitment, for a choice.
pub(crate) const COMPETENCES: [(Competence, &str); 3] = [
    (Competence::Ars, "l’agence"),
    (Competence::Department, "un conseil départemental"),
    (Competence::Joint, "l’agence et un conseil départemental"),
];

/// Whose competence something is, and since when; empty where nobody said.
pub(crate) fn competence(mark: Option<&CompetenceMark>) -> String {
    let Some(mark) = mark else {
        return String::new();
    };
    let council = match mark.department.rsplit('/').next().unwrap_or_default() {
        "" => String::new(),
        code => format!(" ({code})"),
    };
    let who = match mark.competence() {
        Competence::Ars => "de l’agence".to_owned(),
        Competence::Department => format!("du conseil départemental{council}"),
        Competence::Joint => format!("conjointe de l’agence et du conseil départemental{council}"),
        Competence::Unspecified => "non précisée".to_owned(),
    };
    let since = dates::from_wire(&mark.since_date);
    format!("compétence {who}, à compter du {since}")
}

pub(crate) fn evaluation(kind: EvaluationKind) -> &'static str {
    match kind {
        EvaluationKind::Annual => "Évaluation annuelle",
        EvaluationKind::MidTerm => "Évaluation à mi-parcours",
        EvaluationKind::Final => "Évaluation finale",
        EvaluationKind::Unspecified => "Évaluation",
    }
}

pub(crate) fn evaluation_state(state: EvaluationState) -> Badge {
    match state {
        EvaluationState::Planned => badge("rapport attendu", NEW),
        EvaluationState::Reported => badge("à conclure", INFO),
        EvaluationState::Concluded => badge("conclue", GOOD),
        EvaluationState::Unspecified => badge("état non précisé", PLAIN),
    }
}

pub(crate) fn achievement(achievement: Achievement) -> &'static str {
    match achievement {
        Achievement::Reached => "atteint",
        Achievement::Partly => "atteint en partie",
        Achievement::NotReached => "non atteint",
        Achievement::NotApplicable => "sans objet",
        Achievement::Unspecified => "non apprécié",
    }
}

pub(crate) fn meeting(kind: MeetingKind) -> &'static str {
    match kind {
        MeetingKind::Review => "Revue de contrat",
        MeetingKind::Committee => "Comité de suivi",
        MeetingKind::Unspecified => "Réunion",
    }
}

pub(crate) fn renewal_state(state: RenewalState) -> Badge {
    match state {
        RenewalState::Requested => badge("réponse attendue", NEW),
        RenewalState::Granted => badge("accordé", GOOD),
        RenewalState::Refused => badge("refusé", PLAIN),
        RenewalState::Tacit => badge("acquis par silence, terme à confirmer", INFO),
        RenewalState::TacitConfirmed => badge("acquis par silence", GOOD),
        RenewalState::Unspecified => badge("état non précisé", PLAIN),
    }
}

/// Whether the terms of a withdrawal are set.
pub(crate) fn withdrawal_state(is_set: bool) -> Badge {
    if is_set {
        badge("modalités fixées", INFO)
    } else {
        badge("modalités attendues", NEW)
    }
}

pub(crate) fn procedure_state(state: ProcedureState) -> Badge {
    match state {
        ProcedureState::Proposed => badge("proposée, sans effet", PLAIN),
        ProcedureState::Opened => badge("ouverte", NEW),
        ProcedureState::UnderNotice => badge("mise en demeure", WARNING),
        ProcedureState::Decided => badge("décidée, à notifier", INFO),
        ProcedureState::Notified => badge("notifiée", INFO),
        ProcedureState::Dropped => badge("close sans suite", GOOD),
        ProcedureState::Annulled => badge("annulée", PLAIN),
        ProcedureState::Unspecified => badge("état non précisé", PLAIN),
    }
}

pub(crate) fn procedure(kind: ProcedureKind) -> &'static str {
    match kind {
        ProcedureKind::Penalty => "Pénalité",
        ProcedureKind::Termination => "Résiliation",
        ProcedureKind::RefusalToSign => "Pénalité pour refus de signer",
        ProcedureKind::Unspecified => "Procédure",
    }
}

/// The article that a procedure rests on.
pub(crate) fn procedure_basis(kind: ProcedureKind) -> &'static str {
    match kind {
        ProcedureKind::Penalty => "CSP R6114-10",
        ProcedureKind::Termination => "CSP R6114-9",
        ProcedureKind::RefusalToSign => "CASF L313-12, IV ter",
        ProcedureKind::Unspecified => "",
    }
}

pub(crate) const APPEALS: [(AppealKind, &str); 3] = [
    (AppealKind::Gracious, "Recours gracieux"),
    (AppealKind::Hierarchical, "Recours hiérarchique"),
    (AppealKind::Judicial, "Recours contentieux"),
];

pub(crate) fn appeal(kind: AppealKind) -> &'static str {
    let found = APPEALS.iter().find(|(one, _)| *one == kind);
    found.map_or("Recours", |(_, text)| text)
}

pub(crate) const APPEAL_OUTCOMES: [(AppealOutcome, &str); 4] = [
    (AppealOutcome::Upheld, "La décision est maintenue"),
    (AppealOutcome::Reduced, "La pénalité est réduite"),
    (AppealOutcome::Annulled, "La décision est annulée"),
    (AppealOutcome::Withdrawn, "Le recours est retiré"),
];

pub(crate) fn appeal_outcome(outcome: AppealOutcome) -> &'static str {
    let found = APPEAL_OUTCOMES.iter().find(|(one, _)| *one == outcome);
    found.map_or("En cours", |(_, text)| text)
}

pub(crate) const CHANNELS: [(Channel, &str); 3] = [
    (Channel::Portal, "Sur le portail"),
    (
        Channel::RegisteredLetter,
        "Lettre recommandée avec avis de réception",
    ),
    (Channel::ByHand, "Remise en mains propres"),
];

/// How something was sent, and when it was received.
pub(crate) fn delivery(delivery: &Delivery) -> String {
    let channel = CHANNELS.iter().find(|(one, _)| *one == delivery.channel());
    let channel = channel.map_or("Envoi", |(_, text)| text);
    let sent = dates::timestamp(delivery.send_time.as_ref());
    let received = if delivery.receipt_date.is_empty() {
        "réception non prouvée : aucun délai ne court".to_owned()
    } else if delivery.deemed {
        format!(
            "réputé reçu le {} (quinze jours sans consultation, CRPA R112-20)",
            dates::from_wire(&delivery.receipt_date)
        )
    } else {
        format!("reçu le {}", dates::from_wire(&delivery.receipt_date))
    };
    format!("{channel}, le {sent} ; {received}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_delay_runs_before_a_receipt_is_proven() {
        let mut sent = Delivery {
            channel: Channel::Portal.into(),
            ..Default::default()
        };
        assert!(delivery(&sent).contains("aucun délai ne court"));
        sent.receipt_date = "2026-11-02".to_owned();
        assert!(delivery(&sent).ends_with("reçu le 2 novembre 2026"));
        sent.deemed = true;
        assert!(delivery(&sent).contains("réputé reçu"));
    }
}
