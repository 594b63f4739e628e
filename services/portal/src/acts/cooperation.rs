//! Cooperations: registered, with what they save year by year, until they end.

use proto::targets::v1::{
    Cooperation, CooperationContent, CooperationState, EndCooperationRequest, ExpectedSaving,
    ObtainedSaving, RecordSavingsRequest, RegisterCooperationRequest, ReviseCooperationRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, choices, decimal, line::parts, sending::sent};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::region as words,
};

/// Where cooperations are.
pub(crate) const PATH: &str = "/territoires/cooperations";

/// The form that registers one.
pub(crate) fn register(regions: Vec<(String, String)>) -> ActForm {
    let act = ActForm::new(
        "RegisterCooperation",
        "Enregistrer une coopération",
        "Enregistrer la coopération",
    )
    .with(Field::choice("region", "Région", regions));
    fields(act, &CooperationContent::default(), &[]).on(PATH, "")
}

/// The form that replaces what is agreed; `numbers` are those of its contracts.
fn revise(cooperation: &Cooperation, numbers: &[String]) -> ActForm {
    let act = ActForm::new(
        "ReviseCooperation",
        "Réviser la coopération",
        "Enregistrer la révision",
    )
    .intro("Ce qui est écrit ici remplace ce qui était convenu. Les économies déjà constatées restent.");
    let content = cooperation.content.clone().unwrap_or_default();
    fields(act, &content, numbers)
}

fn fields(act: ActForm, content: &CooperationContent, numbers: &[String]) -> ActForm {
    let kind = match content.kind {
        0 => String::new(),
        kind => kind.to_string(),
    };
    let expected: Vec<String> = content
        .expected
        .iter()
        .map(|one| {
            let basis = one.basis.replace('\n', " ");
            format!("{} | {} | {basis}", one.year, one.amount)
        })
        .collect();
    act.with(Field::radio("kind", "Forme", choices(&words::COOPERATIONS)).holding(&kind))
        .with(Field::line("title", "Intitulé").holding(&content.title))
        .with(Field::text("purpose", "Ce qui est fait ensemble").holding(&content.purpose))
        .with(
            Field::text("members", "Membres")
                .hint("Un numéro FINESS par ligne : entités ou établissements, deux au moins.")
                .holding(&content.members.join("\n")),
        )
        .with(
            Field::text("contracts", "Contrats où elle figure")
                .hint("Un numéro de contrat par ligne.")
                .holding(&numbers.join("\n"))
                .optional(),
        )
        .with(Field::day("start_date", "Premier jour").holding(&content.start_date))
        .with(Field::line("decision", "Convention ou acte").holding(&content.decision))
        .with(
            Field::text("expected", "Économies attendues")
                .hint("Une ligne par année : année | montant en euros | comment il est estimé. Négatif pour un coût.")
                .holding(&expected.join("\n"))
                .optional(),
        )
}

/// What is agreed, as it was typed.
fn content(contracts: Vec<String>, form: &Form) -> CooperationContent {
    let expected = form.lines("expected");
    CooperationContent {
        kind: form.whole("kind").unwrap_or_default(),
        title: form.text("title").to_owned(),
        purpose: form.text("purpose").to_owned(),
        members: form.lines("members"),
        contracts,
        start_date: form.text("start_date").to_owned(),
        decision: form.text("decision").to_owned(),
        expected: expected.iter().map(|line| saving(line)).collect(),
    }
}

/// Registers it under these contracts, and says which it is.
pub(crate) async fn send_register(
    services: &Services,
    contracts: Vec<String>,
    form: &Form,
) -> Result<String, Status> {
    let request = RegisterCooperationRequest {
        region: form.text("region").to_owned(),
        content: Some(content(contracts, form)),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.cooperations();
    let registered = client
        .register_cooperation(within(request))
        .await?
        .into_inner();
    Ok(id_of(&registered.name).to_owned())
}

/// Replaces what is agreed, under these contracts.
pub(crate) async fn send_revise(
    services: &Services,
    name: String,
    contracts: Vec<String>,
    form: &Form,
) -> Result<(), Status> {
    let request = ReviseCooperationRequest {
        name,
        etag: form.text("etag").to_owned(),
        content: Some(content(contracts, form)),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.cooperations();
    client.revise_cooperation(within(request)).await.map(|_| ())
}

fn saving(line: &str) -> ExpectedSaving {
    let [year, amount, basis] = parts(line);
    ExpectedSaving {
        year: year.parse().unwrap_or_default(),
        amount: decimal(amount),
        basis: basis.to_owned(),
    }
}

/// What may be done on one that lasts; `numbers` are those of its contracts.
pub(crate) fn acts(
    cooperation: &Cooperation,
    page: &str,
    may_record: bool,
    numbers: &[String],
) -> Acts {
    let may = may_record && cooperation.state() == CooperationState::Active;
    let methods = ["RecordSavings", "ReviseCooperation", "EndCooperation"];
    let methods = methods.map(|method| (may, method));
    Acts::possible(methods, page, &cooperation.etag, |method| {
        form(method, cooperation, numbers)
    })
}

/// How an act on a cooperation is done.
pub(crate) fn form(method: &str, cooperation: &Cooperation, numbers: &[String]) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "ReviseCooperation" => revise(cooperation, numbers),
        "RecordSavings" => act("Dire ce qu’une année a économisé", "Enregistrer")
            .intro("Une année déjà dite est corrigée.")
            .with(Field::line("year", "Année"))
            .with(Field::line("amount", "Montant, en euros").hint("Négatif pour un coût."))
            .with(Field::line("source", "D’où vient ce chiffre")),
        "EndCooperation" => act("Mettre fin à la coopération", "Mettre fin")
            .grave()
            .intro("Son histoire et ses économies restent.")
            .with(Field::day("end_date", "Dernier jour"))
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    sent!(
        services.cooperations(),
        name,
        form,
        match method {
            "RecordSavings" => record_savings(RecordSavingsRequest {
                saving: Some(ObtainedSaving {
                    year: form.whole("year").unwrap_or_default(),
                    amount: decimal(form.text("amount")),
                    source: form.text("source").to_owned(),
                    ..Default::default()
                }),
            }),
            "EndCooperation" => end_cooperation(EndCooperationRequest {
                end_date: form.text("end_date").to_owned(),
                reasons: form.text("reasons").to_owned(),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "RegisterCooperation" => "La coopération est enregistrée.",
        "ReviseCooperation" => "La révision de la coopération est enregistrée.",
        "RecordSavings" => "L’économie de l’année est enregistrée.",
        "EndCooperation" => "La coopération est terminée.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_agreed_goes_through_its_form_and_back() {
        let before = CooperationContent {
            kind: 3,
            title: "Paie <b>commune</b>".to_owned(),
            purpose: "La paie.\nLes achats.".to_owned(),
            members: vec!["130001647".to_owned(), "130786049".to_owned()],
            contracts: vec!["contracts/1".to_owned()],
            start_date: "2025-01-01".to_owned(),
            decision: "Convention".to_owned(),
            expected: vec![ExpectedSaving {
                year: 2025,
                amount: "-12000.50".to_owned(),
                basis: "Deux postes | à recruter".to_owned(),
            }],
        };
        let act = ActForm::new("ReviseCooperation", "", "");
        let form = fields(act, &before, &["93-2025-0001".to_owned()]);
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for field in &form.fields {
            encoded.append_pair(field.name, &field.value);
        }
        let typed = Form::parse(&encoded.finish());
        assert_eq!(typed.lines("contracts"), ["93-2025-0001"]);
        assert_eq!(content(before.contracts.clone(), &typed), before);
    }
}
