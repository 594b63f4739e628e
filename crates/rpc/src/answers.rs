//! What every handler does, told once.

/// Answers a gRPC service, a method a line or a few: each request is opened by [`accept`](crate::accept), given its
/// names, and what its body says is the reply. What answers is a tuple of what the use cases work with. Streams, and
/// whatever else is unlike the others, stand by themselves at the end.
///
/// ```ignore
/// rpc::answers! {
///     ContractService for Contracts;
///
///     fn sign_contract(app, call, request: SignContractRequest) -> Contract {
///         sign_contract::run(app, &call, request).await?
///     }
///     fn list_regimes(app, _, request: ListRegimesRequest) -> ListRegimesResponse {
///         read_regimes::list(app, request).await?
///     }
///
///     by hand {
///         async fn upload(&self, request: Request<Streaming<Upload>>) -> Result<Response<Report>, Status> { … }
///     }
/// }
/// ```
#[macro_export]
macro_rules! answers {
    (
        $service:ident for $answerer:ident;
        $(
            fn $method:ident($app:tt, $call:tt, $request:ident: $asked:ty) -> $reply:ty {
                $($body:tt)*
            }
        )*
        $(by hand { $($by_hand:tt)* })?
    ) => {
        #[::tonic::async_trait]
        impl $service for $answerer {
            $(
                async fn $method(
                    &self,
                    request: ::tonic::Request<$asked>,
                ) -> ::core::result::Result<::tonic::Response<$reply>, ::tonic::Status> {
                    let ($call, $request) = $crate::accept(request)?;
                    let $app = &self.0;
                    ::core::result::Result::Ok(::tonic::Response::new({ $($body)* }))
                }
            )*
            $($($by_hand)*)?
        }
    };
}
