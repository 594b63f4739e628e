//! Rows of a form: the same fields, as often as there is something to say. Without a script a button asks for the page
//! again with one row more; what was typed stays, and nothing is recorded.

use super::{ActForm, Acts, Field, Refusal, in_french};
use crate::{form::Form, pages::Attempt};

/// The field by which a row is asked for; its value names the list.
pub(crate) const MORE: &str = "ligne";
/// Its value where the form is asked for as it was typed, after signing in: it names no list.
pub(crate) const RESUMED: &str = "reprise";
/// As many as a list of the services takes.
const MOST: usize = 500;

/// Rows of the same fields. Each name is sent once a row, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    /// The last part of the path of the list in the request: `objectives`.
    pub(crate) name: &'static str,
    pub(crate) legend: String,
    pub(crate) hint: String,
    /// What one row is called.
    pub(crate) one: String,
    /// What the button that adds one says.
    pub(crate) more: String,
    pub(crate) lines: Vec<Vec<Field>>,
    blank: Vec<Field>,
    prefix: String,
}

impl Rows {
    /// A list with one blank row. The names of its fields begin with that of the list: `objectives.title`.
    pub(crate) fn new(name: &'static str, legend: &str, one: &str, blank: Vec<Field>) -> Self {
        let mut blank = blank;
        for field in &mut blank {
            // A row that is left blank is no row: the service says what a begun one lacks.
            field.is_required = false;
        }
        Self {
            name,
            legend: legend.to_owned(),
            hint: "Une ligne laissée vide ne compte pas.".to_owned(),
            one: one.to_owned(),
            more: format!("Ajouter : {}", one.to_lowercase()),
            lines: vec![blank.clone()],
            blank,
            prefix: String::new(),
        }
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        self.hint = format!("{hint} {}", self.hint);
        self
    }

    /// Shows these values, each row in the order of its fields; one blank row where there are none.
    #[must_use]
    pub(crate) fn holding(mut self, rows: Vec<Vec<String>>) -> Self {
        self.lines = rows.into_iter().map(|values| self.row(values)).collect();
        if self.lines.is_empty() {
            self.lines.push(self.blank.clone());
        }
        self.number();
        self
    }

    /// Where the page goes once a row was added.
    pub(crate) fn place(&self) -> String {
        format!("{}-{}", self.prefix, self.name)
    }

    fn row(&self, values: Vec<String>) -> Vec<Field> {
        let fields = self.blank.iter().zip(values);
        fields
            .map(|(field, value)| field.clone().holding(&value))
            .collect()
    }

    /// Gives each field an identifier of its own in the page.
    fn number(&mut self) {
        for (place, row) in self.lines.iter_mut().enumerate() {
            for field in row {
                let name = field.name.replace('.', "-");
                field.id = format!("{}-{name}-{place}", self.prefix);
            }
        }
    }

    fn grow(&mut self) {
        if self.lines.len() < MOST {
            self.lines.push(self.blank.clone());
            self.number();
        }
    }

    /// Puts back what was typed. Blank rows go, as they went when the form was read.
    pub(super) fn fill(&mut self, typed: &Form) {
        let names: Vec<&str> = self.blank.iter().map(|field| field.name).collect();
        let rows = typed_rows(typed, &names);
        self.lines = rows.into_iter().map(|values| self.row(values)).collect();
        if self.lines.is_empty() {
            self.lines.push(self.blank.clone());
        }
        self.number();
    }

    /// Says what is wrong beside the field it is about.
    pub(super) fn mark(&mut self, wrong: &[(String, String)]) {
        for (path, why) in wrong {
            let Some((place, within)) = within(path, self.name) else {
                continue;
            };
            let Some(row) = self.lines.get_mut(place) else {
                continue;
            };
            let name = format!("{}.{within}", self.name);
            let found = row.iter().position(|field| field.name == name);
            if let Some(field) = row.get_mut(found.unwrap_or(0)) {
                field.error = Some(in_french(path, why));
            }
        }
    }

    /// Whether what is wrong there is said in one of the rows.
    pub(super) fn shows(&self, path: &str) -> bool {
        within(path, self.name).is_some_and(|(place, _)| place < self.lines.len())
    }
}

/// The row of a list that a path of a request is about, and its field: `content.objectives[2].title` is about the title
/// of the third of the `objectives`.
fn within<'a>(path: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (whole, rest) = path.split_once('[')?;
    let before = whole.strip_suffix(list)?;
    let (place, rest) = rest.split_once(']')?;
    let is_ours = before.is_empty() || before.ends_with('.');
    let field = rest.trim_start_matches('.');
    let field = field.split('[').next().unwrap_or(field);
    Some((place.parse().ok()?, field)).filter(|_| is_ours)
}

/// The rows that are not blank, each with its values in the order of these names.
pub(crate) fn typed_rows(typed: &Form, names: &[&str]) -> Vec<Vec<String>> {
    let columns: Vec<Vec<&str>> = names
        .iter()
        .map(|name| {
            let own = typed.fields().filter(|(field, _)| field == name);
            own.map(|(_, value)| value.trim()).collect()
        })
        .collect();
    let count = columns.iter().map(Vec::len).max().unwrap_or(0).min(MOST);
    (0..count)
        .map(|place| {
            let values = columns.iter().map(|column| column.get(place).copied());
            values
                .map(|value| value.unwrap_or_default().to_owned())
                .collect::<Vec<String>>()
        })
        .filter(|values| values.iter().any(|value| !value.is_empty()))
        .collect()
}

/// The values of a row, one after the other; what lacks is empty.
pub(crate) struct Values(std::vec::IntoIter<String>);

impl Values {
    pub(crate) fn of(row: Vec<String>) -> Self {
        Self(row.into_iter())
    }

    pub(crate) fn next(&mut self) -> String {
        self.0.next().unwrap_or_default()
    }

    /// A whole number; empty is zero, and what is no number is one that the services refuse.
    pub(crate) fn whole(&mut self) -> i32 {
        match self.next().as_str() {
            "" => 0,
            text => text
                .replace([' ', '\u{202f}', '\u{a0}'], "")
                .parse()
                .unwrap_or(-1),
        }
    }
}

/// With what a page that is one form is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown<'a> {
    Fresh,
    /// What was typed, and one row more.
    Grown(&'a Form),
    /// What was typed, and why it was not accepted.
    Refused(&'a Attempt),
}

impl<'a> Shown<'a> {
    pub(crate) fn attempt(self) -> Option<&'a Attempt> {
        match self {
            Self::Refused(attempt) => Some(attempt),
            Self::Fresh | Self::Grown(_) => None,
        }
    }
}

impl Acts {
    /// One form, unfolded.
    pub(crate) fn one(form: ActForm, shown: Shown<'_>) -> Self {
        let mut acts = Self::default();
        match shown {
            Shown::Fresh => acts.open(form),
            Shown::Grown(typed) => acts.open(form.grown(typed)),
            Shown::Refused(attempt) => acts.refuse(form, &Refusal::of(attempt)),
        }
        acts
    }

    /// The form of an act of the page as it was typed, with one row more.
    pub(crate) fn grow(&mut self, form: ActForm, typed: &Form) {
        let grown = form.grown(typed);
        let mut forms = self.forms.iter_mut();
        match forms.find(|known| known.method == grown.method) {
            Some(known) => *known = grown,
            None => self.forms.insert(0, grown),
        }
    }
}

impl ActForm {
    #[must_use]
    pub(crate) fn repeating(mut self, rows: Rows) -> Self {
        let mut rows = rows;
        rows.prefix.clone_from(&self.method);
        rows.number();
        self.rows.push(rows);
        self
    }

    /// As it was typed, with one row more in the list that asked for it. It stays the request it was, about the version
    /// that was on screen.
    #[must_use]
    pub(crate) fn grown(mut self, typed: &Form) -> Self {
        self.fill(typed);
        typed.text("request_id").clone_into(&mut self.request_id);
        typed.text("etag").clone_into(&mut self.etag);
        let list = typed.text(MORE);
        for rows in self.rows.iter_mut().filter(|rows| rows.name == list) {
            rows.grow();
        }
        self.opened = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Explained;

    fn form() -> ActForm {
        let blank = vec![
            Field::line("objectives.id", "Identifiant"),
            Field::line("objectives.title", "Intitulé"),
        ];
        ActForm::new("DraftScheme", "Préparer", "Enregistrer").repeating(Rows::new(
            "objectives",
            "Objectifs",
            "Objectif",
            blank,
        ))
    }

    fn values(form: &ActForm) -> Vec<Vec<&str>> {
        let rows = form.rows[0].lines.iter();
        rows.map(|row| row.iter().map(|field| field.value.as_str()).collect())
            .collect()
    }

    #[test]
    fn a_row_more_keeps_what_was_typed_and_the_request() {
        let typed = Form::parse(
            "objectives.id=a&objectives.title=Un&objectives.id=&objectives.title=&ligne=objectives&request_id=r&etag=3",
        );
        let grown = form().grown(&typed);
        assert_eq!(values(&grown), [vec!["a", "Un"], vec!["", ""]]);
        assert_eq!((grown.request_id.as_str(), grown.etag.as_str()), ("r", "3"));
        let ids: Vec<&str> = grown.rows[0]
            .lines
            .iter()
            .flatten()
            .map(|field| field.id.as_str())
            .collect();
        assert_eq!(ids[0], "DraftScheme-objectives-id-0");
        assert_eq!(ids[3], "DraftScheme-objectives-title-1");
    }

    #[test]
    fn what_is_wrong_is_said_in_its_row_though_blank_ones_were_left_out() {
        let typed = Form::parse(
            "objectives.id=&objectives.title=&objectives.id=a&objectives.title=Un&objectives.id=b&objectives.title=",
        );
        let error = Explained {
            fields: vec![
                ("content.objectives[1].title".to_owned(), "vide".to_owned()),
                ("content.objectives".to_owned(), "trop peu".to_owned()),
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
        acts.refuse(form(), &refusal);
        let shown = &acts.forms[0];
        assert_eq!(values(shown), [vec!["a", "Un"], vec!["b", ""]]);
        assert_eq!(shown.rows[0].lines[1][1].error.as_deref(), Some("vide"));
        let said = shown.error.clone().unwrap();
        assert_eq!(said.details, ["content.objectives : trop peu"]);
    }

    #[test]
    fn a_path_names_its_row() {
        assert_eq!(
            within(
                "changes.put_commitments[3].steps[1].due_date",
                "put_commitments"
            ),
            Some((3, "steps"))
        );
        assert_eq!(within("objectives[0]", "objectives"), Some((0, "")));
        assert_eq!(within("other_objectives[0].id", "objectives"), None);
        assert_eq!(within("objectives", "objectives"), None);
    }
}
