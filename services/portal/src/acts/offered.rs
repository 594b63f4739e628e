//! What a page offers: acts that are possible, and one that was not accepted, as it was typed.

use proto::types::v1::AllowedAction;

use super::{ActForm, Acts, Refusal};
use crate::pages::Attempt;

/// Why a method is refused to whoever has none of its roles, whatever the state.
const NEVER_THEIRS: &str = "PERMISSION_DENIED";

impl Acts {
    /// What the service says may be done, and why not the rest, as [`Acts::of`]; of acts that are never those of the
    /// person, nothing is said.
    pub(crate) fn theirs(
        actions: &[AllowedAction],
        page: &str,
        etag: &str,
        form: impl Fn(&str) -> Option<ActForm>,
    ) -> Self {
        let theirs = actions.iter().filter(|one| one.reason != NEVER_THEIRS);
        let theirs: Vec<AllowedAction> = theirs.cloned().collect();
        Self::of(&theirs, page, etag, form)
    }

    /// The acts that are possible, each with the form that does it.
    pub(crate) fn possible<'a>(
        methods: impl IntoIterator<Item = (bool, &'a str)>,
        page: &str,
        etag: &str,
        form: impl Fn(&str) -> Option<ActForm>,
    ) -> Self {
        let possible = methods.into_iter().filter(|(is_possible, _)| *is_possible);
        let forms = possible.filter_map(|(_, method)| form(method));
        Self {
            forms: forms.map(|form| form.on(page, etag)).collect(),
            ..Self::default()
        }
    }

    /// One act, for who may do it; after it was not accepted, for whoever tried.
    pub(crate) fn offered(form: ActForm, may_act: bool, attempt: Option<&Attempt>) -> Self {
        let mut acts = Self::default();
        match attempt {
            Some(attempt) => acts.refuse(form, &Refusal::of(attempt)),
            None if may_act => acts.forms.push(form),
            None => {}
        }
        acts
    }

    /// The same after an act was not accepted; `form` says how an act is done.
    #[must_use]
    pub(crate) fn after(
        mut self,
        attempt: Option<&Attempt>,
        page: &str,
        etag: &str,
        form: impl Fn(&str) -> Option<ActForm>,
    ) -> Self {
        if let Some(attempt) = attempt
            && let Some(fallback) = form(&attempt.method)
        {
            self.refuse(fallback.on(page, etag), &Refusal::of(attempt));
        }
        self
    }
}
