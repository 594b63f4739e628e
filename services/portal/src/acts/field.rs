//! The fields of a form.

use super::{PIECES, file_name};
use crate::form::{Form, TO_CHOOSE};

/// How a field is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Line,
    Day,
    Text,
    Choice(Vec<(String, String)>),
    Radio(Vec<(String, String)>),
    /// Any number of these, one a line in the value.
    Several(Vec<(String, String)>),
    /// Files, held until the act they accompany is sent.
    Files,
    /// One file, held as [`FieldKind::Files`] are.
    Held,
    /// One file that a service keeps. It has to be chosen again when the form was not accepted.
    File,
    Hidden,
}

/// One field of a form. Its name is the path of the field in the request, so that what a service says of it can be
/// shown beside it.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) kind: FieldKind,
    pub(crate) value: String,
    pub(crate) is_required: bool,
    pub(crate) error: Option<String>,
}

impl Field {
    fn new(name: &'static str, label: &str, kind: FieldKind) -> Self {
        Self {
            id: name.replace('.', "-"),
            name,
            label: label.to_owned(),
            hint: String::new(),
            kind,
            value: String::new(),
            is_required: true,
            error: None,
        }
    }

    pub(crate) fn line(name: &'static str, label: &str) -> Self {
        Self::new(name, label, FieldKind::Line)
    }

    pub(crate) fn day(name: &'static str, label: &str) -> Self {
        Self::new(name, label, FieldKind::Day)
    }

    pub(crate) fn text(name: &'static str, label: &str) -> Self {
        Self::new(name, label, FieldKind::Text)
    }

    pub(crate) fn choice(name: &'static str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self::new(name, label, FieldKind::Choice(choices))
    }

    pub(crate) fn radio(name: &'static str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self::new(name, label, FieldKind::Radio(choices))
    }

    pub(crate) fn files(label: &str) -> Self {
        Self::new(PIECES, label, FieldKind::Files)
            .hint("PDF, images, documents bureautiques ou texte, 25 Mo au plus chacun. Ils sont conservés avec leur empreinte et lus par les deux parties.")
            .optional()
    }

    pub(crate) fn several(name: &'static str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self::new(name, label, FieldKind::Several(choices)).optional()
    }

    pub(crate) fn held(label: &str) -> Self {
        Self::new(PIECES, label, FieldKind::Held).optional()
    }

    pub(crate) fn file(label: &str) -> Self {
        Self::new(PIECES, label, FieldKind::File)
    }

    /// Whether one of several is chosen.
    pub(crate) fn holds(&self, choice: &str) -> bool {
        self.value.lines().any(|line| line == choice)
    }

    /// What was already read of files that came with an attempt: what stands in the form, and the name that is shown.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.value.lines();
        lines.map(|line| (line, file_name(line)))
    }

    /// Says beside a field of files which are to be chosen again: those that no service keeps. `are_lost`: what was read
    /// of the files is no longer good for anything.
    pub(super) fn ask_again(&mut self, typed: &Form, are_lost: bool) {
        let is_lost = match self.kind {
            FieldKind::Files | FieldKind::Held => are_lost,
            FieldKind::File => true,
            _ => return,
        };
        let read: Vec<&str> = typed.all(self.name).map(file_name).collect();
        let names: Vec<&str> = if is_lost && !read.is_empty() {
            self.value.clear();
            read
        } else if read.is_empty() {
            typed.all(TO_CHOOSE).collect()
        } else {
            Vec::new()
        };
        if names.is_empty() {
            return;
        }
        let told = format!("À choisir de nouveau : {}.", names.join(", "));
        self.error = Some(match self.error.take() {
            Some(why) => format!("{why} {told}"),
            None => told,
        });
    }

    pub(crate) fn hidden(name: &'static str, value: &str) -> Self {
        Self::new(name, "", FieldKind::Hidden).holding(value)
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    #[must_use]
    pub(crate) fn holding(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    #[must_use]
    pub(crate) fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_nobody_keeps_is_asked_for_again_by_its_name() {
        let typed = Form::parse("pieces=3%7Cab%7Ctext%2Fplain%7Cbilan.txt");
        let line = typed.text(PIECES).to_owned();
        let asked = |field: Field, typed: &Form, are_lost: bool| {
            let mut field = field.holding(&line);
            field.ask_again(typed, are_lost);
            (field.pieces().count(), field.error)
        };
        let again = Some("À choisir de nouveau : bilan.txt.".to_owned());
        assert_eq!(asked(Field::files("Pièces"), &typed, false), (1, None));
        assert_eq!(
            asked(Field::held("Fichier"), &typed, true),
            (0, again.clone())
        );
        assert_eq!(asked(Field::file("Fichier"), &typed, false).1, again);
        let resumed = Form::parse("a_choisir=bilan.txt");
        let mut field = Field::files("Pièces");
        field.ask_again(&resumed, false);
        assert_eq!(field.error, again);
        let mut other = Field::line("title", "Intitulé");
        other.ask_again(&resumed, true);
        assert_eq!(other.error, None);
    }
}
