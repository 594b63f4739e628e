//! Annexes that an amendment brings. Each act revises the amendment.

use proto::contracts::v1::{
    Amendment, AmendmentChanges, Annex, GetAmendmentRequest, ReviseAmendmentRequest,
};
use tonic::Status;

use super::{
    ActForm,
    annexes::{self, Words},
    keep,
};
use crate::{
    form::Form,
    services::{Services, within},
};

const WORDS: Words = Words {
    remove: "Retirer une annexe de l’avenant",
    replaces: "Le code d’une annexe de l’avenant ou du contrat la remplace.",
    voids: "Les accords déjà donnés tombent : ils portaient sur les changements précédents.",
    file: "PDF, image, document bureautique ou texte, 25 Mo au plus. Il est conservé avec son empreinte, que chaque partie signe avec l’avenant.",
};

/// How one of the two acts is done; none for another, and where there is no annex to take away.
pub(super) fn form(method: &str, amendment: &Amendment) -> Option<ActForm> {
    let changes = amendment.changes.as_ref();
    let put = changes.map_or(&[][..], |changes| changes.put_annexes.as_slice());
    annexes::form(method, put, &WORDS)
}

/// Adds an annex, or replaces that of its code, once its file is kept.
pub(super) async fn add(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    // First of all: a file that is kept has not to be chosen again when the rest is not accepted.
    keep(services, &name, form).await?;
    let annex = annexes::typed(form)?;
    let with = |changes: &mut AmendmentChanges| {
        put(changes, annex);
        Ok(())
    };
    revise(services, name, form, with).await
}

/// Takes away an annex that the amendment brought.
pub(super) async fn remove(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let without = |changes: &mut AmendmentChanges| annexes::take(&mut changes.put_annexes, form);
    revise(services, name, form, without).await
}

fn put(changes: &mut AmendmentChanges, annex: Annex) {
    changes.remove_annexes.retain(|code| *code != annex.code);
    annexes::put(&mut changes.put_annexes, annex);
}

/// The amendment as it was read, with other annexes. A change in between is refused by the etag.
async fn revise(
    services: &Services,
    name: String,
    form: &Form,
    change: impl FnOnce(&mut AmendmentChanges) -> Result<(), Status>,
) -> Result<(), Status> {
    let mut client = services.amendments();
    let asked = GetAmendmentRequest { name: name.clone() };
    let read = client.get_amendment(within(asked)).await?.into_inner();
    let mut changes = read.changes.unwrap_or_default();
    change(&mut changes)?;
    let request = ReviseAmendmentRequest {
        name,
        etag: form.text("etag").to_owned(),
        effect_date: read.effect_date,
        changes: Some(changes),
        request_id: form.text("request_id").to_owned(),
    };
    client.revise_amendment(within(request)).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annex_that_was_to_go_comes_back() {
        let annex = Annex {
            code: "A1".to_owned(),
            ..Default::default()
        };
        let mut changes = AmendmentChanges {
            remove_annexes: vec!["A1".to_owned(), "A2".to_owned()],
            ..Default::default()
        };
        put(&mut changes, annex.clone());
        assert_eq!(changes.put_annexes, [annex]);
        assert_eq!(changes.remove_annexes, ["A2"]);
        let amendment = Amendment {
            changes: Some(changes),
            ..Default::default()
        };
        assert!(form(annexes::REMOVE, &amendment).is_some());
        assert!(form(annexes::REMOVE, &Amendment::default()).is_none());
    }
}
