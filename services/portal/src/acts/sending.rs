//! How an act on a resource is sent.

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
