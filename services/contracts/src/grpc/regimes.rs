//! `RegimeService`.

use proto::contracts::v1::{
    GetRegimeRequest, LegalRegime, ListRegimesRequest, ListRegimesResponse,
    regime_service_server::RegimeService,
};

use crate::app::{App, read_regimes};

/// Answers `RegimeService`.
#[derive(Debug, Clone)]
pub(crate) struct Regimes(pub(crate) App);

rpc::answers! {
    RegimeService for Regimes;

    fn get_regime(app, call, request: GetRegimeRequest) -> LegalRegime {
        read_regimes::get(app, &call, request).await?
    }
    fn list_regimes(app, call, request: ListRegimesRequest) -> ListRegimesResponse {
        read_regimes::list(app, &call, request).await?
    }
}
