//! How an act on a resource is sent, and how what is wrong with it is told of the fields it was typed in.

use tonic::Status;
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

/// What is wrong, told of other fields: `named` says which, by the path in the request; none where it stays.
pub(crate) fn renamed(status: Status, named: impl Fn(&str) -> Option<String>) -> Status {
    let Some(bad) = status.get_details_bad_request() else {
        return status;
    };
    let violations: Vec<FieldViolation> = bad
        .field_violations
        .into_iter()
        .map(|violation| {
            let field = named(&violation.field).unwrap_or(violation.field);
            FieldViolation::new(field, violation.description)
        })
        .collect();
    let details = ErrorDetails::with_bad_request(violations);
    Status::with_error_details(status.code(), status.message(), details)
}

/// Sends the act of a method: `match method { "SignContract" => sign_contract(SignContractRequest { … }), … }`. Each
/// request holds what was typed for it; the name of the resource, the version on screen and the identifier of the
/// request go with it. None: a method that is not one of these.
macro_rules! sent {
    ($client:expr, $name:expr, $form:expr, match $method:ident {
        $($act:pat => $call:ident($request:ident { $($typed:tt)* })),+ $(,)?
    }) => {{
        let mut client = $client;
        let etag = $form.text("etag").to_owned();
        let request_id = $form.text("request_id").to_owned();
        match $method {
            $($act => {
                let request = $request { name: $name, etag, request_id, $($typed)* };
                let sent = client.$call($crate::services::within(request)).await;
                Some(sent.map(|_| ()))
            })+
            _ => None,
        }
    }};
}
pub(crate) use sent;
