//! Recording what auditors ask, and what they get.

use std::sync::{Arc, OnceLock};

use http::Response;
use kernel::Actor;
use store::{
    Db,
    reads::{self, Read},
};
use time::OffsetDateTime;
use tonic::{Code, Status};

use crate::{Error, caller::Claims, mission::AUDITOR};

/// A call of an auditor, until it has its answer.
#[derive(Debug)]
pub(crate) struct Reading {
    db: Db,
    read: Read,
    heard: Arc<OnceLock<String>>,
}

impl Reading {
    /// A call of somebody who is an auditor, whatever else they are.
    pub(crate) fn begin(
        db: &Db,
        claims: &Claims,
        method: &str,
        at: OffsetDateTime,
    ) -> Option<Self> {
        let is_auditor = claims.roles.iter().any(|role| role == AUDITOR);
        let mission = claims.mission.as_ref();
        is_auditor.then(|| Self {
            db: db.clone(),
            read: Read {
                id: kernel::new_id(),
                actor: Actor {
                    subject: claims.sub.clone(),
                    kind: claims.kind,
                    role: AUDITOR.to_owned(),
                },
                mission: mission
                    .map(|mission| mission.id.clone())
                    .unwrap_or_default(),
                method: method.to_owned(),
                request: String::new(),
                at,
                outcome: String::new(),
            },
            heard: Arc::default(),
        })
    }

    /// Where the handler takes down what was asked.
    pub(crate) fn heard(&self) -> Arc<OnceLock<String>> {
        Arc::clone(&self.heard)
    }

    /// Records the answer, before it leaves: what cannot be recorded is not read.
    pub(crate) async fn end<R: Default>(mut self, answer: Response<R>) -> Response<R> {
        self.read.request = self.heard.get().cloned().unwrap_or_default();
        self.read.outcome = outcome(code(&answer));
        match reads::record(&self.db, &self.read).await {
            Ok(()) => answer,
            Err(error) => Status::from(Error::from(error)).into_http(),
        }
    }
}

/// The code of an answer: a success carries it in the trailers, an error in the headers.
pub(crate) fn code<R>(answer: &Response<R>) -> Code {
    answer
        .headers()
        .get("grpc-status")
        .and_then(|value| value.to_str().ok())
        .and_then(|code| code.parse::<i32>().ok())
        .map_or(Code::Ok, Code::from_i32)
}

/// The name of a code as gRPC writes it: `PERMISSION_DENIED`.
fn outcome(code: Code) -> String {
    if code == Code::Ok {
        return "OK".to_owned();
    }
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_usual_names() {
        assert_eq!(outcome(Code::Ok), "OK");
        assert_eq!(outcome(Code::PermissionDenied), "PERMISSION_DENIED");
        assert_eq!(outcome(Code::NotFound), "NOT_FOUND");
    }
}
