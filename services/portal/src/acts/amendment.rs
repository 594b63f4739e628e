//! Acts on an amendment.

use proto::contracts::v1::{
    AcknowledgeImpactRequest, AgreeToAmendmentRequest, Amendment, AmendmentChanges,
    FreezeAmendmentRequest, GetAmendmentRequest, OpenAmendmentNegotiationRequest,
    ProposeAmendmentRequest, RecordAmendmentOpinionRequest, RejectAmendmentRequest,
    ReviseAmendmentRequest, SignAmendmentRequest, WithdrawAmendmentRequest,
    WithdrawFromAmendmentSignatureRequest,
};
use tonic::Status;

use super::{
    ActForm, Field, amendment_annexes, amendment_changes, annexes, choices,
    contract::{COUNCIL, opinion_senses, party_title},
    sending::sent,
};
use crate::{
    form::Form,
    services::{Services, within},
    text::follow_up as words,
};

/// How an act on this amendment is done. `impact` is the hash of the impact that is on screen.
pub(crate) fn form(
    method: &str,
    amendment: &Amendment,
    impact: &str,
    titles: &[(String, String)],
    is_council: bool,
) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    let reasons = || Field::text("reasons", "Motifs");
    Some(match method {
        "OpenAmendmentNegotiation" => act("Accepter d’en discuter", "Ouvrir la négociation")
            .intro("Accepter d’en discuter n’est pas accepter l’avenant."),
        "ReviseAmendment" => {
            let changes = amendment.changes.clone().unwrap_or_default();
            let form = act("Proposer d’autres changements", "Proposer ces changements")
                .intro("Les accords déjà donnés tombent : ils portaient sur les changements précédents.")
                .with(Field::day("effect_date", "Premier jour d’effet").holding(&amendment.effect_date));
            changes_form(form, &changes, is_council)
        }
        "AgreeToAmendment" => act("Donner l’accord de votre partie", "Donner notre accord")
            .intro("Quand les deux parties l’ont donné, les changements sont stables et les consultations commencent."),
        "RecordAmendmentOpinion" => act("Enregistrer l’avis d’une instance", "Enregistrer l’avis")
            .intro("Un avis éclaire ; il ne lie pas.")
            .with(Field::choice("body", "Instance", awaited(amendment)))
            .with(Field::radio("sense", "Sens de l’avis", opinion_senses()))
            .with(Field::day("date", "Date de l’avis"))
            .with(Field::text("comment", "Observations de l’instance").optional()),
        "AcknowledgeImpact" => act("Attester avoir lu les conséquences", "J’ai lu ces conséquences")
            .intro("Les conséquences sont celles que cette page montre. Si elles changent, il faudra les relire.")
            .with(Field::hidden("impact_sha256", impact)),
        "FreezeAmendment" => act("Figer l’avenant pour signature", "Figer l’avenant").grave().intro(
            "L’avenant reçoit son numéro et devient le document que chaque partie signera.",
        ),
        "SignAmendment" => {
            let waiting = amendment
                .required_signatories
                .iter()
                .filter(|party| !amendment.signatures.iter().any(|one| &one.party == *party))
                .map(|party| (party.clone(), party_title(party, titles)))
                .collect();
            act("Signer l’avenant", "Signer")
                .grave()
                .intro("Vous signez le document dont l’empreinte est affichée sur cette page.")
                .with(Field::radio("party", "Vous signez pour", waiting))
                .with(
                    Field::line("signatory_title", "En quelle qualité signez-vous ?")
                        .hint("Par exemple : Directrice générale."),
                )
                .with(Field::hidden("document_sha256", &amendment.document_sha256))
        }
        "WithdrawFromAmendmentSignature" => {
            act("Retirer l’avenant de la signature", "Retirer de la signature")
                .grave()
                .intro("Les signatures déjà données tombent et la négociation reprend.")
                .with(reasons())
        }
        "RejectAmendment" => act("Refuser cet avenant", "Refuser l’avenant")
            .grave()
            .intro("Le contrat reste tel qu’il est.")
            .with(reasons()),
        "WithdrawAmendment" => act("Renoncer à cet avenant", "Renoncer").grave().with(reasons()),
        _ => return amendment_annexes::form(method, amendment),
    })
}

/// Everything for those who negotiate the whole; for a council, what it may have a part in.
fn changes_form(form: ActForm, changes: &AmendmentChanges, is_council: bool) -> ActForm {
    if is_council {
        let intro = format!("{} {COUNCIL}", form.intro);
        amendment_changes::council_fields(form.intro(intro.trim()), changes)
    } else {
        amendment_changes::fields(form, changes)
    }
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let reasons = form.text("reasons").to_owned();
    match method {
        "ReviseAmendment" => return Some(revise(services, name, form).await),
        annexes::ADD => return Some(amendment_annexes::add(services, name, form).await),
        annexes::REMOVE => return Some(amendment_annexes::remove(services, name, form).await),
        _ => {}
    }
    sent!(
        services.amendments(),
        name,
        form,
        match method {
            "OpenAmendmentNegotiation" =>
                open_amendment_negotiation(OpenAmendmentNegotiationRequest {}),
            "AgreeToAmendment" => agree_to_amendment(AgreeToAmendmentRequest {}),
            "RecordAmendmentOpinion" => record_amendment_opinion(RecordAmendmentOpinionRequest {
                body: form.text("body").to_owned(),
                sense: form.whole("sense").unwrap_or_default(),
                date: form.text("date").to_owned(),
                comment: form.text("comment").to_owned(),
            }),
            "AcknowledgeImpact" => acknowledge_impact(AcknowledgeImpactRequest {
                impact_sha256: form.text("impact_sha256").to_owned(),
            }),
            "FreezeAmendment" => freeze_amendment(FreezeAmendmentRequest {}),
            "SignAmendment" => sign_amendment(SignAmendmentRequest {
                party: form.text("party").to_owned(),
                signatory_title: form.text("signatory_title").to_owned(),
                document_sha256: form.text("document_sha256").to_owned(),
            }),
            "WithdrawFromAmendmentSignature" =>
                withdraw_from_amendment_signature(WithdrawFromAmendmentSignatureRequest { reasons }),
            "RejectAmendment" => reject_amendment(RejectAmendmentRequest { reasons }),
            "WithdrawAmendment" => withdraw_amendment(WithdrawAmendmentRequest { reasons }),
        }
    )
}

/// What the form does not show (annexes, which have acts of their own) stays as it was proposed. A change in between is
/// refused by the etag.
async fn revise(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let mut client = services.amendments();
    let asked = GetAmendmentRequest { name: name.clone() };
    let before = client.get_amendment(within(asked)).await?.into_inner();
    let request = ReviseAmendmentRequest {
        name,
        etag: form.text("etag").to_owned(),
        effect_date: form.text("effect_date").to_owned(),
        changes: Some(amendment_changes::read(
            form,
            before.changes.unwrap_or_default(),
        )),
        request_id: form.text("request_id").to_owned(),
    };
    client.revise_amendment(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "ProposeAmendment" => "L’avenant est proposé à l’autre partie.",
        "OpenAmendmentNegotiation" => "La négociation de l’avenant est ouverte.",
        "ReviseAmendment" => "Les nouveaux changements sont proposés.",
        annexes::ADD => "L’annexe est jointe à l’avenant.",
        annexes::REMOVE => "L’annexe est retirée de l’avenant.",
        "AgreeToAmendment" => "L’accord de votre partie est donné.",
        "RecordAmendmentOpinion" => "L’avis est enregistré.",
        "AcknowledgeImpact" => "Votre lecture des conséquences est enregistrée.",
        "FreezeAmendment" => "L’avenant est figé : il peut être signé.",
        "SignAmendment" => "Votre signature est enregistrée.",
        "WithdrawFromAmendmentSignature" => "L’avenant est retiré de la signature.",
        "RejectAmendment" => "L’avenant est refusé ; le contrat reste tel qu’il est.",
        "WithdrawAmendment" => "L’avenant est retiré.",
        _ => return None,
    })
}

/// The form of a new amendment.
pub(crate) fn propose(action: &str, is_council: bool) -> ActForm {
    let reasons = choices(&words::REASONS);
    let form = ActForm::new(
        "ProposeAmendment",
        "Proposer un avenant",
        "Proposer l’avenant",
    )
    .with(Field::line("title", "Intitulé"))
    .with(Field::choice("reason", "Pourquoi", reasons))
    .with(Field::day("effect_date", "Premier jour d’effet"));
    let form = if is_council {
        form
    } else {
        form.intro("Ses annexes se joignent ensuite, sur sa page.")
    };
    let mut form = changes_form(form, &AmendmentChanges::default(), is_council).with(
        Field::text("consultations", "Instances à consulter")
            .hint("Une par ligne.")
            .optional(),
    );
    action.clone_into(&mut form.action);
    form
}

/// A new amendment as it was typed.
pub(crate) fn proposed(contract: String, form: &Form) -> ProposeAmendmentRequest {
    ProposeAmendmentRequest {
        contract,
        reason: form.whole("reason").unwrap_or_default(),
        title: form.text("title").to_owned(),
        effect_date: form.text("effect_date").to_owned(),
        changes: Some(amendment_changes::read(form, AmendmentChanges::default())),
        consultations: form.lines("consultations"),
        request_id: form.text("request_id").to_owned(),
    }
}

fn awaited(amendment: &Amendment) -> Vec<(String, String)> {
    amendment
        .consultations
        .iter()
        .filter(|body| !amendment.opinions.iter().any(|one| &one.body == *body))
        .map(|body| (body.clone(), body.clone()))
        .collect()
}
