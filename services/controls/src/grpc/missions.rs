//! `MissionService`.

use std::pin::Pin;

use ::store::Db;
use futures::{Stream, StreamExt as _, stream};
use objects::Objects;
use proto::controls::v1::{self as pb, mission_service_server::MissionService};
use tonic::{Request, Response, Status, Streaming};

use super::upload::Upload;
use crate::app::{
    create_mission, create_programme, end_mission, evidence, read_missions, record_remark,
};

#[derive(Debug)]
pub struct Missions {
    pub db: Db,
    /// Where the files are.
    pub objects: Objects,
}

#[tonic::async_trait]
impl MissionService for Missions {
    async fn create_programme(
        &self,
        request: Request<pb::CreateProgrammeRequest>,
    ) -> Result<Response<pb::Programme>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            create_programme::run(&self.db, &call, request).await?,
        ))
    }

    async fn get_programme(
        &self,
        request: Request<pb::GetProgrammeRequest>,
    ) -> Result<Response<pb::Programme>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_missions::get_programme(&self.db, &call, request).await?,
        ))
    }

    async fn list_programmes(
        &self,
        request: Request<pb::ListProgrammesRequest>,
    ) -> Result<Response<pb::ListProgrammesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_missions::list_programmes(&self.db, &call, request).await?,
        ))
    }

    async fn create_mission(
        &self,
        request: Request<pb::CreateMissionRequest>,
    ) -> Result<Response<pb::Mission>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            create_mission::run(&self.db, &call, request).await?,
        ))
    }

    async fn get_mission(
        &self,
        request: Request<pb::GetMissionRequest>,
    ) -> Result<Response<pb::Mission>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_missions::get(&self.db, &call, request).await?,
        ))
    }

    async fn list_missions(
        &self,
        request: Request<pb::ListMissionsRequest>,
    ) -> Result<Response<pb::ListMissionsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_missions::list(&self.db, &call, request).await?,
        ))
    }

    async fn record_remark(
        &self,
        request: Request<pb::RecordRemarkRequest>,
    ) -> Result<Response<pb::Remark>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_remark::run(&self.db, &call, request).await?,
        ))
    }

    async fn report_mission(
        &self,
        request: Request<pb::ReportMissionRequest>,
    ) -> Result<Response<pb::Mission>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            end_mission::report(&self.db, &call, request).await?,
        ))
    }

    async fn cancel_mission(
        &self,
        request: Request<pb::CancelMissionRequest>,
    ) -> Result<Response<pb::Mission>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            end_mission::cancel(&self.db, &call, request).await?,
        ))
    }

    async fn upload_evidence(
        &self,
        request: Request<Streaming<pb::UploadEvidenceRequest>>,
    ) -> Result<Response<pb::Evidence>, Status> {
        let (call, messages) = rpc::open(request)?;
        let mut upload = Upload::new(&call, messages);
        let header = upload.header().await?;
        let bytes = upload.file(&header).await?;
        Ok(Response::new(
            evidence::add(&self.db, &self.objects, &call, header, bytes).await?,
        ))
    }

    type DownloadEvidenceStream =
        Pin<Box<dyn Stream<Item = Result<pb::DownloadEvidenceResponse, Status>> + Send>>;

    async fn download_evidence(
        &self,
        request: Request<pb::DownloadEvidenceRequest>,
    ) -> Result<Response<Self::DownloadEvidenceStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        let (evidence, bytes) = evidence::get(&self.db, &self.objects, &call, request).await?;
        let header = pb::DownloadEvidenceResponse {
            evidence: Some(evidence),
            chunk: Vec::new(),
        };
        let chunks = stream::iter(pieces(&bytes));
        let messages = stream::once(async { header }).chain(chunks);
        Ok(Response::new(Box::pin(messages.map(Ok))))
    }
}

/// Bytes of one message.
const PIECE: usize = 64 * 1024;

/// Cuts a file into messages.
fn pieces(bytes: &[u8]) -> Vec<pb::DownloadEvidenceResponse> {
    bytes
        .chunks(PIECE)
        .map(|chunk| pb::DownloadEvidenceResponse {
            evidence: None,
            chunk: chunk.to_vec(),
        })
        .collect()
}
