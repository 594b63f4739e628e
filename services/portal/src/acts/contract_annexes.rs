//! Annexes of the text of a contract that is drafted or negotiated. Each act proposes a version.

use proto::contracts::v1::{
    Annex, Contract, ContractContent, ContractText, GetContractRequest, ProposeVersionRequest,
};
use tonic::Status;

use super::{
    ActForm,
    annexes::{self, Words},
    contract::comment,
    keep,
};
use crate::{
    form::Form,
    services::{Services, within},
};

const WORDS: Words = Words {
    remove: "Retirer une annexe du texte",
    replaces: "Le code d’une annexe du texte la remplace.",
    voids: "C’est une nouvelle version du texte : les accords déjà donnés tombent.",
    file: "PDF, image, document bureautique ou texte, 25 Mo au plus. Il est conservé avec son empreinte, que chaque partie signe avec le contrat.",
};

/// How one of the two acts is done; none for another, and where there is no annex to take away.
pub(crate) fn form(method: &str, contract: &Contract) -> Option<ActForm> {
    let form = annexes::form(method, of(contract), &WORDS)?;
    Some(form.with(comment()))
}

/// The annexes of the current version.
pub(crate) fn of(contract: &Contract) -> &[Annex] {
    let text = contract.text.as_ref();
    let content = text.and_then(|text| text.content.as_ref());
    content.map_or(&[][..], |content| content.annexes.as_slice())
}

/// Sends it. None: a method that is none of the two.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    match method {
        annexes::ADD => Some(add(services, name, form).await),
        annexes::REMOVE => Some(remove(services, name, form).await),
        _ => None,
    }
}

/// Adds an annex, or replaces that of its code, once its file is kept.
async fn add(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    // First of all: a file that is kept has not to be chosen again when the rest is not accepted.
    keep(services, &name, form).await?;
    let annex = annexes::typed(form)?;
    let with = |annexes: &mut Vec<Annex>| {
        annexes::put(annexes, annex);
        Ok(())
    };
    propose(services, name, form, with).await
}

async fn remove(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let without = |annexes: &mut Vec<Annex>| annexes::take(annexes, form);
    propose(services, name, form, without).await
}

/// The text as it was read, with other annexes. A change in between is refused by the etag.
async fn propose(
    services: &Services,
    name: String,
    form: &Form,
    change: impl FnOnce(&mut Vec<Annex>) -> Result<(), Status>,
) -> Result<(), Status> {
    let mut client = services.contracts();
    let asked = GetContractRequest { name: name.clone() };
    let read = client.get_contract(within(asked)).await?.into_inner();
    let request = ProposeVersionRequest {
        name,
        etag: form.text("etag").to_owned(),
        text: Some(with_annexes(read.text.unwrap_or_default(), change)?),
        comment: form.text("comment").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    client.propose_version(within(request)).await.map(|_| ())
}

/// A text with other annexes, and everything else as it was.
fn with_annexes(
    mut text: ContractText,
    change: impl FnOnce(&mut Vec<Annex>) -> Result<(), Status>,
) -> Result<ContractText, Status> {
    let mut content = text.content.take().unwrap_or_default();
    change(&mut content.annexes)?;
    text.content = Some(content).filter(|content| *content != ContractContent::default());
    Ok(text)
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    match method {
        annexes::ADD => Some("L’annexe est jointe au texte, dans une nouvelle version."),
        annexes::REMOVE => Some("L’annexe est retirée du texte, dans une nouvelle version."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_all_but_its_annexes() {
        let before = ContractText {
            title: "CPOM".to_owned(),
            consultations: vec!["Conseil de surveillance".to_owned()],
            ..Default::default()
        };
        let annex = Annex {
            code: "A1".to_owned(),
            ..Default::default()
        };
        let added = |annexes: &mut Vec<Annex>| {
            annexes::put(annexes, annex.clone());
            Ok(())
        };
        let with = with_annexes(before.clone(), added).unwrap();
        assert_eq!(with.title, before.title);
        let contract = Contract {
            text: Some(with.clone()),
            ..Default::default()
        };
        assert_eq!(of(&contract), std::slice::from_ref(&annex));
        assert!(form(annexes::REMOVE, &contract).is_some());
        let chosen = Form::parse("code=A1");
        let without = with_annexes(with, |annexes| annexes::take(annexes, &chosen)).unwrap();
        assert_eq!(without, before);
        assert!(of(&Contract::default()).is_empty());
        assert!(form(annexes::REMOVE, &Contract::default()).is_none());
    }
}
