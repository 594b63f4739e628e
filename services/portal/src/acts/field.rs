//! The fields of a form.

use super::PIECES;

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
        lines.map(|line| (line, line.rsplit('|').next().unwrap_or(line)))
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
