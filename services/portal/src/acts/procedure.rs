//! Acts on a procedure. Every one is a person’s; the reasons come first.

use proto::contracts::v1::{
    AcknowledgeObservationsRequest, AnswerFormalNoticeRequest, Channel, ConsultDefenceRequest,
    DecideProcedureRequest, DropProcedureRequest, ExtendFormalNoticeRequest, FileAppealRequest,
    GrantFileAccessRequest, NotifyDecisionRequest, OpenProcedureRequest, Procedure, ProcedureKind,
    ProposeRefusalProcedureRequest, RecordAppealOutcomeRequest, RecordDefenceAnswerRequest,
    RecordPaymentRequest, RecordProcedureHearingRequest, RecordProcedureReceiptRequest,
    ReferToFundRequest, RequestFileAccessRequest, SendFormalNoticeRequest,
};
use tonic::Status;

use super::{ActForm, Field, attachments, keep, sending::sent};
use crate::{
    form::Form,
    services::{Services, within},
    text::follow_up as words,
};

/// How an act on this procedure is done; `holders` are the legal entities that may owe a penalty.
pub(crate) fn form(
    method: &str,
    procedure: &Procedure,
    holders: &[(String, String)],
) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    let reasons =
        || Field::text("reasons", "Motifs").hint("En fait et en droit (CRPA L211-2 et L211-5).");
    Some(match method {
        "OpenProcedure" => act("Ouvrir la procédure", "Ouvrir la procédure")
            .grave()
            .intro("Ouvrir ne sanctionne pas : l’établissement sera mis en demeure, entendu, et vous déciderez ensuite.")
            .with(reasons()),
        "SendFormalNotice" => act("Mettre en demeure", "Envoyer la mise en demeure")
            .grave()
            .intro("L’établissement a un mois pour répondre, à compter de la réception.")
            .with(reasons())
            .with(Field::text("measures", "Ce qui est demandé à l’établissement"))
            .with(Field::choice("channel", "Envoi", channels())),
        "RecordProcedureReceipt" if is_on_portal(procedure) => act("Constater la réception", "Constater la réception")
            .intro("Vous consultez ce qui vous est adressé : le délai court de ce jour."),
        "RecordProcedureReceipt" => act("Constater la réception", "Enregistrer la réception")
            .intro("Les délais courent de la réception. L’établissement la constate en consultant le dossier ici ; pour une lettre, l’agence indique le jour et la preuve.")
            .with(Field::day("receipt_date", "Jour de réception de la lettre").optional())
            .with(Field::line("proof", "Référence de la preuve").optional()),
        "AnswerFormalNotice" => act("Répondre à la mise en demeure", "Envoyer notre réponse")
            .intro("Elle est jointe au dossier telle quelle et lue avant toute décision.")
            .with(Field::text("text", "Votre réponse"))
            .with(Field::files("Pièces jointes")),
        "RecordProcedureHearing" => act("Consigner une audition", "Enregistrer le compte rendu")
            .with(Field::day("date", "Jour de l’audition"))
            .with(Field::text("participants", "Présents").hint("Un par ligne, avec sa qualité."))
            .with(Field::text("minutes", "Compte rendu"))
            .with(Field::files("Pièces jointes")),
        "RequestFileAccess" => act("Demander communication du dossier", "Demander le dossier")
            .intro("CRPA L122-2."),
        "GrantFileAccess" => act("Communiquer le dossier", "Enregistrer la communication")
            .with(Field::text("documents", "Pièces communiquées")),
        "ExtendFormalNotice" => act("Prolonger le délai de réponse", "Prolonger le délai")
            .intro("Une seule fois, de la même durée.")
            .with(reasons()),
        "AcknowledgeObservations" => act("Attester avoir lu les observations", "J’ai tout lu")
            .intro("Toutes les observations et tous les comptes rendus d’audition reçus à ce jour. Sans cette lecture, aucune décision n’est possible."),
        "DropProcedure" => act("Clore sans sanction", "Clore la procédure")
            .intro("Possible à tout moment avant la décision.")
            .with(Field::text("reasons", "Motifs")),
        "DecideProcedure" => decide(act("Décider", "Décider").grave(), procedure.kind(), holders),
        "NotifyDecision" => act("Notifier la décision", "Notifier")
            .intro("Avec les voies et délais de recours, par un moyen qui prouve la réception.")
            .with(Field::choice("channel", "Envoi", channels())),
        "RecordPayment" => act("Enregistrer un paiement", "Enregistrer le paiement")
            .with(euros("amount_eur", "Montant reçu, en euros"))
            .with(Field::day("date", "Jour du paiement"))
            .with(Field::line("reference", "Référence")),
        "ReferToFund" => act("Transmettre à la caisse", "Transmettre")
            .grave()
            .intro("La pénalité impayée est confiée à la caisse (CSS L162-1-14, IV).")
            .with(Field::line("fund", "Caisse, et article")),
        "FileAppeal" => act("Enregistrer un recours", "Enregistrer le recours")
            .with(Field::choice("kind", "Nature", numbered(&words::APPEALS)))
            .with(Field::day("date", "Jour du recours"))
            .with(Field::text("grounds", "Moyens")),
        "RecordAppealOutcome" => act("Enregistrer l’issue d’un recours", "Enregistrer l’issue")
            .with(Field::line("rank", "Rang du recours").holding(&procedure.appeals.len().to_string()))
            .with(Field::radio("outcome", "Issue", numbered(&words::APPEAL_OUTCOMES)))
            .with(Field::day("date", "Jour de l’issue"))
            .with(Field::text("reasons", "Motifs"))
            .with(euros("reduced_amount_eur", "Montant réduit, en euros").optional()),
        // Nobody is shown a consultation that a penalty does not have.
        "ConsultDefence" if procedure.kind() == ProcedureKind::Termination => {
            act("Consulter le ministre de la défense", "Enregistrer la consultation")
                .intro("Avant la résiliation d’un contrat qui touche au soutien sanitaire des forces armées (CSP L1435-3-1 et L6114-1-1). La loi ne fixe pas de délai de réponse : votre lettre en fixe le terme.")
                .with(Field::day("request_date", "Jour de la lettre"))
                .with(Field::day("answer_due_date", "Réponse attendue jusqu’au"))
                .with(Field::line("letter", "Référence de la lettre"))
                .with(Field::files("Pièces jointes"))
        }
        "RecordDefenceAnswer" if procedure.kind() == ProcedureKind::Termination => {
            act("Enregistrer la réponse du ministre de la défense", "Enregistrer la réponse")
                .intro("S’il fait valoir que la résiliation compromettrait le soutien sanitaire des forces armées, le contrat ne prend fin qu’après un délai suffisant, dont vous indiquez le terme.")
                .with(Field::day("receipt_date", "Jour de réception de la réponse"))
                .with(Field::text("text", "Ce que dit la réponse"))
                .with(Field::day("continuity_end_date", "Terme du délai que demande la continuité de la mission").optional())
                .with(Field::files("Pièces jointes"))
        }
        _ => return None,
    })
}

/// Whether what waits for its receipt was made available here: who consults it has no proof to give.
fn is_on_portal(procedure: &Procedure) -> bool {
    let decision = procedure.decision.iter();
    let notice = procedure.notice.iter();
    let mut sent = decision
        .filter_map(|decision| decision.delivery.as_ref())
        .chain(notice.filter_map(|notice| notice.delivery.as_ref()));
    sent.next()
        .is_some_and(|delivery| delivery.channel() == Channel::Portal)
}

fn decide(act: ActForm, kind: ProcedureKind, holders: &[(String, String)]) -> ActForm {
    let act = act.with(
        Field::text("reasons", "Motifs")
            .hint("En fait et en droit, en réponse aux observations (CRPA L211-2 et L211-5)."),
    );
    if kind == ProcedureKind::Termination {
        return act
            .intro("La décision est la vôtre seule. Le contrat prend fin au jour que vous fixez.")
            .with(Field::day("termination_date", "Jour de fin du contrat"));
    }
    act.intro("La décision est la vôtre seule. Le montant est comparé au plafond que fixe le texte ; le service refuse ce qui le dépasse.")
        .with(euros("amount_eur", "Montant, en euros"))
        .with(Field::choice("legal_entity", "Qui doit la pénalité", holders.to_vec()))
        .with(euros("base_eur", "Assiette du plafond, en euros"))
        .with(Field::line("base_source", "D’où vient l’assiette"))
}

fn euros(name: &'static str, label: &str) -> Field {
    Field::line(name, label).hint("Par exemple 12 500,50.")
}

fn numbered<T: Copy + Into<i32>>(known: &[(T, &str)]) -> Vec<(String, String)> {
    known
        .iter()
        .map(|(value, text)| {
            let number: i32 = (*value).into();
            (number.to_string(), (*text).to_owned())
        })
        .collect()
}

fn channels() -> Vec<(String, String)> {
    numbered(&words::CHANNELS)
}

/// An amount as a person types it, as the services read it; what is none stays, and is refused there.
fn amount(text: &str) -> String {
    crate::text::numbers::parse(text).map_or_else(|| text.to_owned(), |value| value.to_string())
}

/// The act that proposes a procedure against an entity that refuses to sign, on the page of its contract.
pub(super) const REFUSAL: &str = "ProposeRefusalProcedure";

/// How it is done.
pub(super) fn refusal() -> ActForm {
    ActForm::new(
        REFUSAL,
        "Proposer une procédure pour refus de signer",
        "Proposer la procédure",
    )
    .grave()
    .intro("Proposer n’a pas d’effet : seule la direction générale peut ouvrir la procédure, et l’établissement est entendu (CASF, article L313-12, IV ter).")
    .with(Field::text("reasons", "Motifs").hint("En fait et en droit (CRPA L211-2 et L211-5)."))
}

/// Proposes it.
pub(super) async fn propose_refusal(
    services: &Services,
    contract: &str,
    form: &Form,
) -> Result<(), Status> {
    let request = ProposeRefusalProcedureRequest {
        contract: contract.to_owned(),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.procedures();
    let sent = client.propose_refusal_procedure(within(request)).await;
    sent.map(|_| ())
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if let Err(refused) = keep(services, &name, form).await {
        return Some(Err(refused));
    }
    let field = |name: &str| form.text(name).to_owned();
    let reasons = field("reasons");
    sent!(
        services.procedures(),
        name,
        form,
        match method {
            "OpenProcedure" => open_procedure(OpenProcedureRequest { reasons }),
            "SendFormalNotice" => send_formal_notice(SendFormalNoticeRequest {
                reasons,
                measures: field("measures"),
                channel: form.whole("channel").unwrap_or_default(),
            }),
            "RecordProcedureReceipt" => record_procedure_receipt(RecordProcedureReceiptRequest {
                receipt_date: field("receipt_date"),
                proof: field("proof"),
            }),
            "AnswerFormalNotice" => answer_formal_notice(AnswerFormalNoticeRequest {
                text: field("text"),
                attachments: attachments(form),
            }),
            "RecordProcedureHearing" => record_procedure_hearing(RecordProcedureHearingRequest {
                date: field("date"),
                participants: form.lines("participants"),
                minutes: field("minutes"),
                attachments: attachments(form),
            }),
            "RequestFileAccess" => request_file_access(RequestFileAccessRequest {}),
            "GrantFileAccess" => grant_file_access(GrantFileAccessRequest {
                documents: field("documents"),
            }),
            "ExtendFormalNotice" => extend_formal_notice(ExtendFormalNoticeRequest { reasons }),
            "AcknowledgeObservations" =>
                acknowledge_observations(AcknowledgeObservationsRequest {}),
            "DropProcedure" => drop_procedure(DropProcedureRequest { reasons }),
            "DecideProcedure" => decide_procedure(DecideProcedureRequest {
                reasons,
                amount_eur: amount(form.text("amount_eur")),
                legal_entity: field("legal_entity"),
                base_eur: amount(form.text("base_eur")),
                base_source: field("base_source"),
                termination_date: field("termination_date"),
            }),
            "NotifyDecision" => notify_decision(NotifyDecisionRequest {
                channel: form.whole("channel").unwrap_or_default(),
            }),
            "RecordPayment" => record_payment(RecordPaymentRequest {
                amount_eur: amount(form.text("amount_eur")),
                date: field("date"),
                reference: field("reference"),
            }),
            "ReferToFund" => refer_to_fund(ReferToFundRequest {
                fund: field("fund"),
            }),
            "FileAppeal" => file_appeal(FileAppealRequest {
                kind: form.whole("kind").unwrap_or_default(),
                date: field("date"),
                grounds: field("grounds"),
            }),
            "RecordAppealOutcome" => record_appeal_outcome(RecordAppealOutcomeRequest {
                rank: form.whole("rank").unwrap_or_default(),
                outcome: form.whole("outcome").unwrap_or_default(),
                date: field("date"),
                reasons,
                reduced_amount_eur: amount(form.text("reduced_amount_eur")),
            }),
            "ConsultDefence" => consult_defence(ConsultDefenceRequest {
                request_date: field("request_date"),
                answer_due_date: field("answer_due_date"),
                letter: field("letter"),
                attachments: attachments(form),
            }),
            "RecordDefenceAnswer" => record_defence_answer(RecordDefenceAnswerRequest {
                receipt_date: field("receipt_date"),
                text: field("text"),
                continuity_end_date: field("continuity_end_date"),
                attachments: attachments(form),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "OpenProcedure" => "La procédure est ouverte. Elle ne sanctionne rien par elle-même.",
        "SendFormalNotice" => "La mise en demeure est envoyée.",
        "RecordProcedureReceipt" => "La réception est enregistrée : le délai court.",
        "AnswerFormalNotice" => "Votre réponse est jointe au dossier.",
        "RecordProcedureHearing" => "Le compte rendu de l’audition est joint au dossier.",
        "RequestFileAccess" => "Votre demande est enregistrée.",
        "GrantFileAccess" => "La communication du dossier est enregistrée.",
        "ExtendFormalNotice" => "Le délai est prolongé.",
        "AcknowledgeObservations" => "Votre lecture est enregistrée.",
        "DropProcedure" => "La procédure est close sans sanction.",
        "DecideProcedure" => {
            "Votre décision est enregistrée. Elle produit ses effets une fois notifiée."
        }
        "NotifyDecision" => "La décision est notifiée.",
        "RecordPayment" => "Le paiement est enregistré.",
        "ReferToFund" => "La pénalité est transmise à la caisse.",
        "FileAppeal" => "Le recours est enregistré.",
        "RecordAppealOutcome" => "L’issue du recours est enregistrée.",
        "ConsultDefence" => "La consultation du ministre de la défense est enregistrée.",
        "RecordDefenceAnswer" => "La réponse du ministre de la défense est enregistrée.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{Delivery, FormalNotice};

    use super::*;

    #[test]
    fn amounts_are_typed_in_french() {
        assert_eq!(amount("12 500,50"), "12500.50");
        assert_eq!(amount(""), "");
        assert_eq!(amount("beaucoup"), "beaucoup");
    }

    #[test]
    fn who_consults_on_the_portal_has_no_proof_to_give() {
        let fields = |channel: Channel| {
            let delivery = Delivery {
                channel: channel.into(),
                ..Default::default()
            };
            let procedure = Procedure {
                notice: Some(FormalNotice {
                    delivery: Some(delivery),
                    ..Default::default()
                }),
                ..Default::default()
            };
            let form = form("RecordProcedureReceipt", &procedure, &[]).unwrap();
            form.fields.len()
        };
        assert_eq!(fields(Channel::Portal), 0);
        assert_eq!(fields(Channel::RegisteredLetter), 2);
    }

    #[test]
    fn a_termination_asks_for_a_day_and_a_penalty_for_an_amount() {
        let names = |kind: ProcedureKind| {
            let procedure = Procedure {
                kind: kind.into(),
                ..Default::default()
            };
            let form = form("DecideProcedure", &procedure, &[]).unwrap();
            form.fields
                .iter()
                .map(|field| field.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(ProcedureKind::Termination),
            ["reasons", "termination_date"]
        );
        assert!(names(ProcedureKind::Penalty).contains(&"amount_eur"));
    }
}
