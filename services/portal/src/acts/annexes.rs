//! Annexes of a text that is drafted, of a contract or of an amendment: a text, or a file that is kept with it.

use proto::contracts::v1::{Annex, Attachment, Confidentiality};
use tonic::Status;

use super::{ActForm, Field, amendment_changes::grounds, attachments, wrong};
use crate::form::Form;

pub(crate) const ADD: &str = "AddAnnex";
pub(crate) const REMOVE: &str = "RemoveAnnex";

/// What the two acts are called on a text.
pub(super) struct Words {
    pub(super) remove: &'static str,
    /// What a code that is known replaces.
    pub(super) replaces: &'static str,
    /// What becomes of the agreements.
    pub(super) voids: &'static str,
    /// What is said of the file.
    pub(super) file: &'static str,
}

/// How one of the two acts is done on a text that has these annexes; none for another, and where there is none to take away.
pub(super) fn form(method: &str, annexes: &[Annex], words: &Words) -> Option<ActForm> {
    match method {
        ADD => Some(adding(words)),
        REMOVE if !annexes.is_empty() => Some(removing(annexes, words)),
        _ => None,
    }
}

fn adding(words: &Words) -> ActForm {
    let intro = format!("{} {}", words.replaces, words.voids);
    ActForm::new(ADD, "Joindre une annexe", "Joindre l’annexe")
        .intro(&intro)
        .with(Field::line("code", "Code de l’annexe").hint("Par exemple A3."))
        .with(Field::line("title", "Intitulé de l’annexe"))
        .with(
            Field::text("text", "Texte de l’annexe")
                .hint("Vide si l’annexe est un fichier.")
                .optional(),
        )
        .with(Field::held("Fichier de l’annexe").hint(words.file))
        .with(
            Field::choice("confidentiality", "Communication au public", grounds())
                .hint("Vide : communicable.")
                .optional(),
        )
}

fn removing(annexes: &[Annex], words: &Words) -> ActForm {
    let known = annexes.iter();
    let known = known.map(|one| (one.code.clone(), format!("{} — {}", one.code, one.title)));
    ActForm::new(REMOVE, words.remove, "Retirer l’annexe")
        .intro(words.voids)
        .with(Field::choice("code", "Annexe", known.collect()))
}

/// The annex as it was typed: it is a text, a file, or both.
pub(super) fn typed(form: &Form) -> Result<Annex, Status> {
    read(form, attachments(form).first())
}

fn read(form: &Form, file: Option<&Attachment>) -> Result<Annex, Status> {
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

/// Adds an annex, in the place of that of its code.
pub(super) fn put(annexes: &mut Vec<Annex>, annex: Annex) {
    match annexes.iter_mut().find(|one| one.code == annex.code) {
        Some(known) => *known = annex,
        None => annexes.push(annex),
    }
}

/// Takes away the annex that was chosen.
pub(super) fn take(annexes: &mut Vec<Annex>, form: &Form) -> Result<(), Status> {
    let (code, before) = (form.text("code"), annexes.len());
    annexes.retain(|one| one.code != code);
    if annexes.len() == before {
        return Err(wrong("code", "Choisissez l’annexe à retirer."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annex_is_a_text_or_a_file() {
        let read = |typed_in: &str, file: Option<&Attachment>| read(&Form::parse(typed_in), file);
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
    fn the_annex_of_a_code_is_replaced_and_one_that_is_there_is_taken_away() {
        let annex = |title: &str| Annex {
            code: "A1".to_owned(),
            title: title.to_owned(),
            ..Default::default()
        };
        let mut annexes = Vec::new();
        put(&mut annexes, annex("Plan"));
        put(&mut annexes, annex("Plan révisé"));
        assert_eq!(annexes, [annex("Plan révisé")]);
        assert!(take(&mut annexes, &Form::parse("code=A2")).is_err());
        assert!(take(&mut annexes, &Form::parse("code=")).is_err());
        take(&mut annexes, &Form::parse("code=A1")).unwrap();
        assert!(annexes.is_empty());
    }

    #[test]
    fn an_annex_is_taken_away_where_there_is_one() {
        let words = Words {
            remove: "Retirer une annexe",
            replaces: "",
            voids: "",
            file: "",
        };
        assert!(form(ADD, &[], &words).is_some());
        assert!(form(REMOVE, &[], &words).is_none());
        assert!(form(REMOVE, &[Annex::default()], &words).is_some());
        assert!(form("SignContract", &[Annex::default()], &words).is_none());
    }
}
