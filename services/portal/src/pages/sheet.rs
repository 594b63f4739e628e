//! The shape that most registers share: what it is, what may be done, a picture, then tables that can be taken away.

use askama::Template;
use axum::response::Response;

use super::{Attempt, html_after};
use crate::{
    Failure,
    acts::{Acts, FieldKind},
    failure::Explained,
    form::Form,
    frame::Frame,
    table::Table,
    text::labels::Badge,
};

/// A choice: value, label, whether it is chosen.
type Choice = (String, String, bool);

/// What restricts what is shown.
pub(super) enum Filter {
    Choice(&'static str, &'static str, Vec<Choice>),
    Line(&'static str, &'static str, String),
    Day(&'static str, &'static str, String),
}

/// A section with one table.
pub(super) struct Part {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) table: Table,
    /// What is said when there is nothing.
    pub(super) nothing: &'static str,
}

/// A picture of the figures of a table.
pub(super) struct Picture {
    pub(super) title: &'static str,
    pub(super) svg: String,
    pub(super) caption: &'static str,
}

#[derive(Template)]
#[template(path = "sheet.html")]
pub(super) struct Sheet {
    pub(super) frame: Frame,
    pub(super) path: String,
    pub(super) badge: Option<Badge>,
    /// Said above the title.
    pub(super) over: Vec<String>,
    pub(super) lead: String,
    /// A way on beside the title: address and label.
    pub(super) onward: Option<(String, &'static str)>,
    /// Other ways on.
    pub(super) also: Vec<(String, &'static str)>,
    pub(super) filters: Vec<Filter>,
    /// What the button under the filters says.
    pub(super) button: &'static str,
    /// Why what is asked for cannot be computed.
    pub(super) refusal: Option<Explained>,
    /// What everybody should know before they read on.
    pub(super) aside: Option<(&'static str, String)>,
    pub(super) facts: Vec<(&'static str, String)>,
    /// Longer texts with their titles.
    pub(super) texts: Vec<(&'static str, String)>,
    pub(super) picture: Option<Picture>,
    pub(super) parts: Vec<Part>,
    pub(super) acts: Acts,
}

impl Sheet {
    /// A page at `path`, under the title of its frame.
    pub(super) fn new(frame: Frame, path: &str) -> Self {
        Self {
            frame,
            path: path.to_owned(),
            badge: None,
            over: Vec::new(),
            lead: String::new(),
            onward: None,
            also: Vec::new(),
            filters: Vec::new(),
            button: "Afficher",
            refusal: None,
            aside: None,
            facts: Vec::new(),
            texts: Vec::new(),
            picture: None,
            parts: Vec::new(),
            acts: Acts::default(),
        }
    }

    /// The page, or the file of the table that the address asks for.
    pub(super) fn answer(
        mut self,
        query: &Form,
        attempt: Option<&Attempt>,
    ) -> Result<Response, Failure> {
        let path = self.path.clone();
        for part in &mut self.parts {
            part.table = part.table.clone().at(&path, query);
        }
        let tables = self.parts.iter().map(|part| &part.table);
        if let Some(file) = Table::asked_among(query, tables) {
            return file;
        }
        html_after(&self, attempt)
    }
}
