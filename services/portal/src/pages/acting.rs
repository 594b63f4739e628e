//! Acts as a page receives them: a table says where each is sent, and how the page is shown when one was not accepted.

use axum::{
    extract::Path,
    response::Response,
    routing::{MethodRouter, post},
};
use futures::future::BoxFuture;
use tonic::Status;

use super::{Attempt, acted, acted_on, made, resource};
use crate::{
    Failure,
    form::Form,
    portal::Portal,
    services::Services,
    visitor::{Posted, Visitor},
};

/// A page that is shown.
type Shown<'a> = BoxFuture<'a, Result<Response, Failure>>;
/// What a service says of an act.
type Sent<'a, T> = BoxFuture<'a, Result<T, Status>>;
/// The same; none for a method that is not one of the page.
type SentIfKnown<'a> = BoxFuture<'a, Option<Result<(), Status>>>;

/// The acts of the page of one resource.
pub(crate) struct OnOne {
    /// The collection of the resource.
    pub(super) of: &'static str,
    /// Where the page is, by the identifier.
    pub(super) page: fn(&str) -> String,
    /// Sends an act on the resource of a name.
    pub(super) send: for<'a> fn(&'a Services, String, &'a str, &'a Form) -> SentIfKnown<'a>,
    pub(super) show: for<'a> fn(&'a Visitor, &'a str, &'a Attempt) -> Shown<'a>,
}

impl OnOne {
    /// What answers `POST …/{id}/…/actes/{method}`.
    pub(crate) fn posted(&'static self) -> MethodRouter<Portal> {
        post(
            move |Path((id, method)): Path<(String, String)>, posted: Posted| async move {
                let Posted { visitor, form } = posted;
                visitor
                    .answer(self.act(&visitor, &id, &method, form).await)
                    .await
            },
        )
    }

    /// Does one of them.
    pub(super) async fn act(
        &self,
        visitor: &Visitor,
        id: &str,
        method: &str,
        form: Form,
    ) -> Result<Response, Failure> {
        let name = resource(self.of, id)?;
        if let Some(attempt) = Attempt::resumed(method, &form) {
            return (self.show)(visitor, id, &attempt).await;
        }
        let sent = (self.send)(&visitor.services, name.clone(), method, &form)
            .await
            .ok_or(Failure::NotFound)?;
        let page = (self.page)(id);
        acted_on(&name, visitor, sent, &page, method, form)
            .await?
            .or_show(|attempt| async move { (self.show)(visitor, id, &attempt).await })
            .await
    }
}

/// What an act on a list does.
pub(crate) enum Does {
    /// Makes what has a page below the list, and tells its identifier.
    Makes(for<'a> fn(&'a Services, &'a Form) -> Sent<'a, String>),
    /// Writes something down: the list shows it.
    Notes(for<'a> fn(&'a Services, &'a Form) -> Sent<'a, ()>),
}

/// The acts of a list; the form of one that is about one of its resources holds its name.
pub(crate) struct OnList {
    /// Where the list is.
    pub(super) page: &'static str,
    /// By their methods.
    pub(super) acts: &'static [(&'static str, Does)],
    pub(super) show: for<'a> fn(&'a Visitor, &'a Attempt) -> Shown<'a>,
}

impl OnList {
    /// What answers `POST …/actes/{method}`.
    pub(crate) fn posted(&'static self) -> MethodRouter<Portal> {
        post(
            move |Path(method): Path<String>, posted: Posted| async move {
                let Posted { visitor, form } = posted;
                visitor
                    .answer(self.act(&visitor, &method, form).await)
                    .await
            },
        )
    }

    async fn act(&self, visitor: &Visitor, method: &str, form: Form) -> Result<Response, Failure> {
        let mut acts = self.acts.iter();
        let (_, does) = acts
            .find(|(known, _)| *known == method)
            .ok_or(Failure::NotFound)?;
        if let Some(attempt) = Attempt::resumed(method, &form) {
            return (self.show)(visitor, &attempt).await;
        }
        let (sent, page) = match does {
            Does::Makes(send) => made(send(&visitor.services, &form).await, self.page),
            Does::Notes(send) => (send(&visitor.services, &form).await, self.page.to_owned()),
        };
        acted(visitor, sent, &page, method, form)
            .await?
            .or_show(|attempt| async move { (self.show)(visitor, &attempt).await })
            .await
    }
}
