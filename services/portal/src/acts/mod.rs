//! Acts as data: what a person may do on a resource becomes a form, and what was typed is never lost.

pub(crate) mod amendment;
mod amendment_annexes;
mod amendment_changes;
pub(crate) mod annexes;
mod attachment;
pub(crate) mod call;
pub(crate) mod campaign;
pub(crate) mod capacity;
mod commitments;
mod competence;
pub(crate) mod consent;
pub(crate) mod contract;
pub(crate) mod contract_annexes;
mod contract_text;
pub(crate) mod cooperation;
pub(crate) mod credit;
pub(crate) mod dialogue;
pub(crate) mod evaluation;
mod field;
pub(crate) mod finding;
pub(crate) mod framework;
pub(crate) mod funding;
mod grid;
pub(crate) mod home_care;
pub(crate) mod inflection;
mod line;
pub(crate) mod mandate;
pub(crate) mod meeting;
pub(crate) mod mission;
pub(crate) mod modulation;
mod money;
mod offered;
pub(crate) mod policy;
pub(crate) mod position;
pub(crate) mod procedure;
pub(crate) mod programme;
pub(crate) mod programming;
pub(crate) mod publication;
pub(crate) mod reminder;
pub(crate) mod review;
pub(crate) mod saved_export;
pub(crate) mod scheme;
pub(crate) mod scheme_content;
mod sending;
pub(crate) mod step;
pub(crate) mod targets;
pub(crate) mod targets_draft;
pub(crate) mod tariff;
pub(crate) mod task;
pub(crate) mod term;
mod version;
pub(crate) mod waiting;
pub(crate) mod withdrawal;

use proto::types::v1::AllowedAction;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

pub(crate) use attachment::{PIECES, attachments, file_name, keep, keep_text, line as piece};
pub(crate) use field::{Field, FieldKind};
pub(crate) use review::{COMPARISON, TERRITORY, comparison_choice, territory_choice};

use crate::{
    failure::Explained,
    form::Form,
    pages::Attempt,
    text::{defects, refusals},
};

pub(crate) use self::grid::{MORE, RESUMED, Rows, Shown, Values, typed_rows};

/// A form that does one act.
#[derive(Debug, Clone)]
pub(crate) struct ActForm {
    /// The method it calls, also its place in the page.
    pub(crate) method: String,
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) button: String,
    /// It commits somebody, or ends something.
    pub(crate) is_grave: bool,
    pub(crate) fields: Vec<Field>,
    /// Lists of rows, after the fields.
    pub(crate) rows: Vec<Rows>,
    pub(crate) action: String,
    /// Makes a double click one command.
    pub(crate) request_id: String,
    /// The version that is on screen.
    pub(crate) etag: String,
    pub(crate) error: Option<Explained>,
    /// What others did in between.
    pub(crate) changes: Vec<String>,
    opened: bool,
}

impl ActForm {
    pub(crate) fn new(method: &str, title: &str, button: &str) -> Self {
        Self {
            method: method.to_owned(),
            title: title.to_owned(),
            intro: String::new(),
            button: button.to_owned(),
            is_grave: false,
            fields: Vec::new(),
            rows: Vec::new(),
            action: String::new(),
            request_id: kernel::new_id().to_string(),
            etag: String::new(),
            error: None,
            changes: Vec::new(),
            opened: false,
        }
    }

    #[must_use]
    pub(crate) fn intro(mut self, intro: &str) -> Self {
        intro.clone_into(&mut self.intro);
        self
    }

    #[must_use]
    pub(crate) fn grave(mut self) -> Self {
        self.is_grave = true;
        self
    }

    #[must_use]
    pub(crate) fn with(mut self, field: Field) -> Self {
        let mut field = field;
        field.id = format!("{}-{}", self.method, field.id);
        self.fields.push(field);
        self
    }

    /// Where it is sent, and the version it is about.
    #[must_use]
    pub(crate) fn on(mut self, page: &str, etag: &str) -> Self {
        self.action = format!("{page}/actes/{}", self.method);
        etag.clone_into(&mut self.etag);
        self
    }

    /// Whether it carries files.
    pub(crate) fn has_files(&self) -> bool {
        use FieldKind::{File, Files, Held};
        let mut fields = self.fields.iter();
        fields.any(|field| matches!(field.kind, Files | Held | File))
    }

    /// Whether it is shown unfolded.
    pub(crate) fn is_open(&self) -> bool {
        self.error.is_some() || self.opened
    }

    /// Puts back what was typed.
    fn fill(&mut self, typed: &Form) {
        for field in &mut self.fields {
            match field.kind {
                FieldKind::Files | FieldKind::Held | FieldKind::Several(_) => {
                    field.value = typed.all(field.name).collect::<Vec<_>>().join("\n");
                }
                FieldKind::Hidden | FieldKind::File => {}
                _ => typed.text(field.name).clone_into(&mut field.value),
            }
        }
        for rows in &mut self.rows {
            rows.fill(typed);
        }
    }

    /// Puts back what was typed, and says why it was not accepted. A refused request is another request when it is
    /// sent again; one whose outcome is unknown keeps its identifier.
    fn refused(&mut self, typed: &Form, error: &Explained, changes: &[String], unknown: bool) {
        self.fill(typed);
        let rows = &self.rows;
        let in_rows = |name: &str| rows.iter().any(|rows| rows.shows(name));
        for field in &mut self.fields {
            let wrong = error
                .fields
                .iter()
                .find(|(name, _)| !in_rows(name) && is_about(name, field.name));
            field.error = wrong.map(|(name, why)| in_french(name, why));
            field.ask_again(typed, error.reason.starts_with("ATTACHMENT"));
        }
        for rows in &mut self.rows {
            rows.mark(&error.fields);
        }
        if unknown {
            typed.text("request_id").clone_into(&mut self.request_id);
            typed.text("etag").clone_into(&mut self.etag);
        }
        let mut error = error.clone();
        let beside = error.fields.iter().filter(|(name, _)| {
            let mut fields = self.fields.iter();
            !fields.any(|field| is_about(name, field.name))
                && !self.rows.iter().any(|rows| rows.shows(name))
        });
        // What no field of the form shows is said above them all.
        let beside = beside.map(|(name, why)| format!("{name} : {}", in_french(name, why)));
        error.details.extend(beside.collect::<Vec<_>>());
        self.error = Some(error);
        self.changes = changes.to_vec();
    }
}

/// Whether a path of a request is, or lies within, what a field is typed for: `rules.bands[0].units` and `bands`; of a
/// form that makes one element, `allowances[0].year` and `year`.
fn is_about(path: &str, field: &str) -> bool {
    let whole = path.split('[').next().unwrap_or(path);
    let within = whole.strip_suffix(field);
    let of_only = path.split_once("[0].").map(|(_, within)| within);
    of_only == Some(field)
        || within.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// What a field check says, in French where it is one of the usual ones.
fn in_french(_name: &str, why: &str) -> String {
    if let Some(told) = defects::told(why) {
        return told.to_owned();
    }
    // A rule of format says which field, and nothing else.
    if why.is_empty() {
        return "Le format n’est pas celui attendu.".to_owned();
    }
    let usual = [
        ("at least 1 char", "Ce champ est à remplir."),
        (
            "not one of the councils of the text",
            "Ce conseil n’est pas de ceux du texte.",
        ),
        (
            "says which of the councils",
            "Dites quel conseil du texte est compétent.",
        ),
        (
            "where the agency is competent",
            "Là où l’agence est compétente, aucun conseil ne se nomme.",
        ),
        (
            "goes with another outcome",
            "Ce champ va avec une autre suite que celle qui est choisie.",
        ),
        (
            "has one milestone at least",
            "Un plan d’action a au moins une étape.",
        ),
        ("must be at least", "Ce texte est trop court."),
        ("must have at least", "Donnez-en au moins un."),
        ("at most", "Ce texte est trop long."),
        ("pattern", "Le format n’est pas celui attendu."),
        ("required", "Ce champ est à remplir."),
        ("min_len", "Ce champ est à remplir."),
        ("max_len", "Ce texte est trop long."),
    ];
    usual
        .iter()
        .find(|(word, _)| why.contains(word))
        .map_or_else(|| why.to_owned(), |(_, told)| (*told).to_owned())
}

/// Codes of the wire with their labels, as a choice.
pub(crate) fn choices<T: Copy + Into<i32>>(known: &[(T, &str)]) -> Vec<(String, String)> {
    known
        .iter()
        .map(|(value, label)| {
            let number: i32 = (*value).into();
            (number.to_string(), (*label).to_owned())
        })
        .collect()
}

/// A decimal as people type it: a comma, spaces.
pub(crate) fn decimal(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect()
}

/// What was typed in a field cannot even be sent.
pub(crate) fn wrong(field: &str, why: &str) -> Status {
    let details = ErrorDetails::with_bad_request_violation(field, why);
    Status::with_error_details(Code::InvalidArgument, why, details)
}

/// Something that cannot be done now, and why.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) title: String,
    pub(crate) why: String,
}

/// Everything about acts on one page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Acts {
    pub(crate) forms: Vec<ActForm>,
    pub(crate) refused: Vec<Refused>,
}

impl Acts {
    /// Forms for what is allowed, explanations for the rest. `form` says how an act is done; acts that the portal
    /// does not know are left out.
    pub(crate) fn of(
        actions: &[AllowedAction],
        page: &str,
        etag: &str,
        form: impl Fn(&str) -> Option<ActForm>,
    ) -> Self {
        let mut acts = Self::default();
        for action in actions {
            let Some(form) = form(&action.method) else {
                continue;
            };
            if action.allowed {
                acts.forms.push(form.on(page, etag));
            } else {
                let why = refusals::sentence(&action.reason)
                    .map_or_else(|| action.explanation.clone(), ToOwned::to_owned);
                acts.refused.push(Refused {
                    title: form.title,
                    why,
                });
            }
        }
        if let [only] = acts.forms.as_mut_slice()
            && !only.is_grave
        {
            only.opened = true;
        }
        acts
    }

    /// Adds a form that is shown unfolded.
    pub(crate) fn open(&mut self, mut form: ActForm) {
        form.opened = true;
        self.forms.push(form);
    }

    /// After an act was not accepted: its form as it was typed. An act that is no longer possible is shown all the
    /// same, so that what was typed can be taken elsewhere.
    pub(crate) fn refuse(&mut self, mut fallback: ActForm, refusal: &Refusal<'_>) {
        let known = self
            .forms
            .iter_mut()
            .find(|form| form.method == fallback.method);
        let form = if let Some(form) = known {
            form
        } else {
            fallback.opened = true;
            self.forms.insert(0, fallback);
            &mut self.forms[0]
        };
        form.refused(
            refusal.typed,
            refusal.error,
            refusal.changes,
            refusal.is_unknown,
        );
    }
}

impl<'a> Refusal<'a> {
    /// What a page knows of an attempt.
    pub(crate) fn of(attempt: &'a Attempt) -> Self {
        Self {
            typed: &attempt.typed,
            error: &attempt.error,
            changes: &attempt.changes,
            is_unknown: attempt.is_unknown,
        }
    }
}

/// An act that was not accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal<'a> {
    pub(crate) typed: &'a Form,
    pub(crate) error: &'a Explained,
    pub(crate) changes: &'a [String],
    /// It may have been done all the same.
    pub(crate) is_unknown: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(method: &str, allowed: bool, reason: &str) -> AllowedAction {
        AllowedAction {
            method: method.to_owned(),
            allowed,
            reason: reason.to_owned(),
            explanation: "in English".to_owned(),
        }
    }

    fn form(method: &str) -> Option<ActForm> {
        (method != "Unknown").then(|| {
            ActForm::new(method, "Conclure", "Conclure").with(Field::text("reasons", "Motifs"))
        })
    }

    #[test]
    fn what_is_allowed_is_a_form_and_the_rest_is_explained_in_french() {
        let actions = [
            action("ConcludeReview", true, ""),
            action("ExamineReview", false, "EXAMINER_IS_CONTROLLER"),
            action("Unknown", true, ""),
        ];
        let acts = Acts::of(&actions, "/revues/1", "\"3\"", form);
        assert_eq!(acts.forms.len(), 1);
        assert_eq!(acts.forms[0].action, "/revues/1/actes/ConcludeReview");
        assert!(acts.refused[0].why.contains("Une autre personne"));
    }

    #[test]
    fn what_was_typed_comes_back_even_when_the_act_is_no_longer_possible() {
        let typed = Form::parse("reasons=long+texte&request_id=r&etag=%223%22");
        let error = Explained {
            is_stale: true,
            ..Explained::default()
        };
        let refusal = Refusal {
            typed: &typed,
            error: &error,
            changes: &["Revue conclue".to_owned()],
            is_unknown: false,
        };
        let mut acts = Acts::default();
        let fallback = form("ConcludeReview").unwrap().on("/revues/1", "\"4\"");
        acts.refuse(fallback, &refusal);
        let shown = &acts.forms[0];
        assert_eq!(shown.fields[0].value, "long texte");
        assert_eq!(
            shown.etag, "\"4\"",
            "the next attempt is about what is shown now"
        );
        assert_ne!(shown.request_id, "r");
        assert!(shown.is_open());
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field_and_the_rest_above_them() {
        let typed = Form::parse("reasons=x");
        let error = Explained {
            fields: vec![
                (
                    "content.reasons[2].text".to_owned(),
                    "trop court".to_owned(),
                ),
                ("other_reasons".to_owned(), "absent".to_owned()),
            ],
            ..Explained::default()
        };
        let refusal = Refusal {
            typed: &typed,
            error: &error,
            changes: &[],
            is_unknown: false,
        };
        let mut acts = Acts::default();
        acts.refuse(form("ConcludeReview").unwrap(), &refusal);
        let shown = &acts.forms[0];
        assert_eq!(shown.fields[0].error.as_deref(), Some("trop court"));
        let said = shown.error.clone().unwrap();
        assert_eq!(said.details, ["other_reasons : absent"]);
    }

    #[test]
    fn an_act_whose_outcome_is_unknown_is_sent_again_as_the_same_request() {
        let typed = Form::parse("reasons=x&request_id=r&etag=%223%22");
        let error = Explained::default();
        let refusal = Refusal {
            typed: &typed,
            error: &error,
            changes: &[],
            is_unknown: true,
        };
        let mut acts = Acts::default();
        acts.refuse(form("ConcludeReview").unwrap(), &refusal);
        assert_eq!(acts.forms[0].request_id, "r");
        assert_eq!(acts.forms[0].etag, "\"3\"");
    }
}
