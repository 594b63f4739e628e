//! The wire: handlers that convert, call a use case, and convert.

pub(crate) mod convert;
mod upload;

use proto::establishments::v1::{
    Establishment, GetEstablishmentRequest, GetLegalEntityRequest, ImportRegistryRequest,
    ImportReport, LegalEntity, ListEstablishmentsRequest, ListEstablishmentsResponse,
    ListLegalEntitiesRequest, ListLegalEntitiesResponse,
    establishment_service_server::EstablishmentService,
};
use store::Db;
use tonic::{Request, Response, Status, Streaming};

use crate::app::{Limits, establishments, import_registry::Import, legal_entities};

/// `EstablishmentService`.
#[derive(Debug, Clone)]
pub(crate) struct Establishments {
    db: Db,
    limits: Limits,
}

impl Establishments {
    pub(crate) fn new(db: Db, limits: Limits) -> Self {
        Self { db, limits }
    }
}

#[tonic::async_trait]
impl EstablishmentService for Establishments {
    async fn import_registry(
        &self,
        request: Request<Streaming<ImportRegistryRequest>>,
    ) -> Result<Response<ImportReport>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = upload::Upload::new(&call, messages, self.limits);
        let import = Import::allow(&call, upload.header().await?)?;
        let file = upload.file().await?;
        Ok(Response::new(import.run(&self.db, &call, file).await?))
    }

    async fn get_legal_entity(
        &self,
        request: Request<GetLegalEntityRequest>,
    ) -> Result<Response<LegalEntity>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            legal_entities::get(&self.db, &call, request).await?,
        ))
    }

    async fn list_legal_entities(
        &self,
        request: Request<ListLegalEntitiesRequest>,
    ) -> Result<Response<ListLegalEntitiesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            legal_entities::list(&self.db, &call, request).await?,
        ))
    }

    async fn get_establishment(
        &self,
        request: Request<GetEstablishmentRequest>,
    ) -> Result<Response<Establishment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            establishments::get(&self.db, &call, request).await?,
        ))
    }

    async fn list_establishments(
        &self,
        request: Request<ListEstablishmentsRequest>,
    ) -> Result<Response<ListEstablishmentsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            establishments::list(&self.db, &call, request).await?,
        ))
    }
}
