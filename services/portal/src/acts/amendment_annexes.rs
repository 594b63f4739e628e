//! Annexes of an amendment: a text, or a file that is kept with it. Each act revises the amendment.

use proto::contracts::v1::{
    Amendment, AmendmentChanges, Annex, Attachment, Confidentiality, GetAmendmentRequest,
    ReviseAmendmentRequest,
};
use tonic::Status;

use super::{ActForm, Field, amendment_changes::grounds, attachments, keep, wrong};
use crate::{
    form::Form,
    services::{Services, within},
};

pub(crate) const ADD: &str = "AddAnnex";
pub(crate) const REMOVE: &str = "RemoveAnnex";

const VOID: &str =
    "Les accords déjà donnés tombent : ils portaient sur les changements précédents.";

/// How one of the two acts is done; none for another, and where there is no annex to take away.
pub(super) fn form(method: &str, amendment: &Amendment) -> Option<ActForm> {
    let (title, button) = match method {
        ADD => ("Joindre une annexe", "Joindre l’annexe"),
        REMOVE => ("Retirer une annexe de l’avenant", "Retirer l’annexe"),
        _ => return None,
    };
    let form = ActForm::new(method, title, button);
    if method == REMOVE {
        let annexes = held(amendment);
        let form = form
            .intro(VOID)
            .with(Field::choice("code", "Annexe", annexes.clone()));
        return (!annexes.is_empty()).then_some(form);
    }
    let intro = format!("Le code d’une annexe de l’avenant ou du contrat la remplace. {VOID}");
    Some(
        form.intro(&intro)
            .with(Field::line("code", "Code de l’annexe").hint("Par exemple A3."))
            .with(Field::line("title", "Intitulé de l’annexe"))
            .with(
                Field::text("text", "Texte de l’annexe")
                    .hint("Vide si l’annexe est un fichier.")
                    .optional(),
            )
            .with(
                Field::file("Fichier de l’annexe")
                    .hint("PDF, image, document bureautique ou texte, 25 Mo au plus. Il est conservé avec son empreinte, que chaque partie signe avec l’avenant.")
                    .optional(),
            )
            .with(
                Field::choice("confidentiality", "Communication au public", grounds())
                    .hint("Vide : communicable.")
                    .optional(),
            ),
    )
}

/// The annexes that come by the amendment, by their codes.
fn held(amendment: &Amendment) -> Vec<(String, String)> {
    let changes = amendment.changes.iter();
    changes
        .flat_map(|changes| &changes.put_annexes)
        .map(|one| (one.code.clone(), format!("{} — {}", one.code, one.title)))
        .collect()
}

/// Adds an annex, or replaces that of its code, once its file is kept.
pub(super) async fn add(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let annex = typed(form, attachments(form).first())?;
    keep(services, &name, form).await?;
    revise(services, name, form, |changes| put(changes, annex)).await
}

/// Takes away an annex that the amendment brought.
pub(super) async fn remove(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let code = form.text("code");
    let without = |changes: &mut AmendmentChanges| {
        changes.put_annexes.retain(|one| one.code != code);
    };
    revise(services, name, form, without).await
}

fn put(changes: &mut AmendmentChanges, annex: Annex) {
    changes.remove_annexes.retain(|code| *code != annex.code);
    let mut known = changes.put_annexes.iter_mut();
    match known.find(|one| one.code == annex.code) {
        Some(known) => *known = annex,
        None => changes.put_annexes.push(annex),
    }
}

/// The annex as it was typed: it is a text, a file, or both.
fn typed(form: &Form, file: Option<&Attachment>) -> Result<Annex, Status> {
    for name in ["code", "title"] {
        if form.text(name).is_empty() {
            return Err(wrong(name, "Ce champ est à remplir."));
        }
    }
    let annex = Annex {
        code: form.text("code").to_owned(),
        title: form.text("title").to_owned(),
        text: form.text("text").to_owned(),
        file_sha256: file.map(|file| file.sha256.clone()).unwrap_or_default(),
        confidentiality: match form.whole("confidentiality") {
            None | Some(0) => Confidentiality::Public.into(),
            Some(ground) => ground,
        },
    };
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if !annex.code.chars().all(is_plain) || annex.code.len() > 40 {
        let why = "Un code a des lettres sans accent, des chiffres, des points ou des tirets.";
        return Err(wrong("code", why));
    }
    if annex.text.is_empty() && annex.file_sha256.is_empty() {
        let why = "Écrivez le texte de l’annexe, ou choisissez son fichier.";
        return Err(wrong("text", why));
    }
    Ok(annex)
}

/// The amendment as it was read, with other annexes. A change in between is refused by the etag.
async fn revise(
    services: &Services,
    name: String,
    form: &Form,
    change: impl FnOnce(&mut AmendmentChanges),
) -> Result<(), Status> {
    let mut client = services.amendments();
    let asked = GetAmendmentRequest { name: name.clone() };
    let read = client.get_amendment(within(asked)).await?.into_inner();
    let mut changes = read.changes.unwrap_or_default();
    change(&mut changes);
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
    fn an_annex_is_a_text_or_a_file() {
        let read = |typed_in: &str, file: Option<&Attachment>| typed(&Form::parse(typed_in), file);
        let file = Attachment {
            sha256: "ab".repeat(32),
            ..Default::default()
        };
        let annex = read("code=A3&title=Plan&confidentiality=", Some(&file)).unwrap();
        assert_eq!(annex.file_sha256, file.sha256);
        assert_eq!(annex.confidentiality(), Confidentiality::Public);
        assert!(read("code=A3&title=Plan&text=Un+texte", None).is_ok());
        for wrong in [
            "code=A3&title=Plan",
            "code=A+3&title=Plan&text=x",
            "title=x&text=x",
        ] {
            assert!(read(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_annex_of_a_code_is_replaced_and_comes_back_when_it_was_to_go() {
        let annex = |title: &str| Annex {
            code: "A1".to_owned(),
            title: title.to_owned(),
            ..Default::default()
        };
        let mut changes = AmendmentChanges {
            remove_annexes: vec!["A1".to_owned(), "A2".to_owned()],
            ..Default::default()
        };
        put(&mut changes, annex("Plan"));
        put(&mut changes, annex("Plan révisé"));
        assert_eq!(changes.put_annexes, [annex("Plan révisé")]);
        assert_eq!(changes.remove_annexes, ["A2"]);
        let amendment = Amendment {
            changes: Some(changes),
            ..Default::default()
        };
        assert!(form(REMOVE, &amendment).is_some());
        assert!(form(REMOVE, &Amendment::default()).is_none());
        assert!(form("SignAmendment", &amendment).is_none());
    }
}
