//! The wire: handlers that convert, call a use case, and convert.

pub(crate) mod convert;

use proto::establishments::v1::{
    Establishment, GetEstablishmentRequest, GetLegalEntityRequest, ImportRegistryRequest,
    ImportReport, LegalEntity, ListEstablishmentsRequest, ListEstablishmentsResponse,
    ListLegalEntitiesRequest, ListLegalEntitiesResponse,
    establishment_service_server::EstablishmentService,
};
use rpc::{Broken, Error, Upload};
use store::Db;
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    Limits, establishments, import_registry::Import, legal_entities, refusal::Refusal,
};

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
        let Limits {
            file_bytes: limit,
            silence,
        } = self.limits;
        let parts = |message: ImportRegistryRequest| (message.header, message.chunk);
        let mut upload = Upload::new(&call, messages, silence, parts, refused);
        let import = Import::allow(&call, upload.header().await?)?;
        let too_large = |_| Error::from(Refusal::FileTooLarge { limit });
        let file = upload.file(limit as u64, too_large).await?;
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

/// What is wrong with the course of an upload.
fn refused(broken: Broken) -> Error {
    Error::from(match broken {
        Broken::HeaderExpected => Refusal::HeaderExpected,
        Broken::ChunkExpected => Refusal::ChunkExpected,
        Broken::Stalled { seconds } => Refusal::UploadStalled { seconds },
    })
}
