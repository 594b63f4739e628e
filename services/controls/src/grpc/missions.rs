//! `MissionService`.

use std::{pin::Pin, time::Duration};

use ::store::Db;
use futures::{Stream, StreamExt as _, stream};
use objects::Objects;
use proto::controls::v1::{self as pb, mission_service_server::MissionService};
use rpc::{Broken, Error, Upload};
use tonic::{Request, Response, Status, Streaming};

use crate::app::{
    create_mission, create_programme, end_mission,
    evidence::{self, Refusal},
    read_missions, record_remark,
};

/// Answers `MissionService`. The files are in the object store.
#[derive(Debug)]
pub struct Missions(pub Db, pub Objects);

rpc::answers! {
    MissionService for Missions;

    fn create_programme(db, call, request: pb::CreateProgrammeRequest) -> pb::Programme {
        create_programme::run(db, &call, request).await?
    }
    fn get_programme(db, call, request: pb::GetProgrammeRequest) -> pb::Programme {
        read_missions::get_programme(db, &call, request).await?
    }
    fn list_programmes(db, call, request: pb::ListProgrammesRequest) -> pb::ListProgrammesResponse {
        read_missions::list_programmes(db, &call, request).await?
    }
    fn create_mission(db, call, request: pb::CreateMissionRequest) -> pb::Mission {
        create_mission::run(db, &call, request).await?
    }
    fn get_mission(db, call, request: pb::GetMissionRequest) -> pb::Mission {
        read_missions::get(db, &call, request).await?
    }
    fn list_missions(db, call, request: pb::ListMissionsRequest) -> pb::ListMissionsResponse {
        read_missions::list(db, &call, request).await?
    }
    fn record_remark(db, call, request: pb::RecordRemarkRequest) -> pb::Remark {
        record_remark::run(db, &call, request).await?
    }
    fn report_mission(db, call, request: pb::ReportMissionRequest) -> pb::Mission {
        end_mission::report(db, &call, request).await?
    }
    fn cancel_mission(db, call, request: pb::CancelMissionRequest) -> pb::Mission {
        end_mission::cancel(db, &call, request).await?
    }

    by hand {
        async fn upload_evidence(
            &self,
            request: Request<Streaming<pb::UploadEvidenceRequest>>,
        ) -> Result<Response<pb::Evidence>, Status> {
            let (call, messages) = rpc::open(request)?;
            let parts = |message: pb::UploadEvidenceRequest| (message.header, message.chunk);
            let mut upload = Upload::new(&call, messages, SILENCE, parts, refused);
            let header = upload.header().await?;
            let told = header.size_bytes.unsigned_abs();
            let other_size = |received| Error::from(Refusal::Size { told, received });
            let bytes = upload.file(told, other_size).await?;
            Ok(Response::new(
                evidence::add(&self.0, &self.1, &call, header, bytes).await?,
            ))
        }

        type DownloadEvidenceStream =
            Pin<Box<dyn Stream<Item = Result<pb::DownloadEvidenceResponse, Status>> + Send>>;

        async fn download_evidence(
            &self,
            request: Request<pb::DownloadEvidenceRequest>,
        ) -> Result<Response<Self::DownloadEvidenceStream>, Status> {
            let (call, request) = rpc::accept(request)?;
            let (evidence, bytes) = evidence::get(&self.0, &self.1, &call, request).await?;
            let header = pb::DownloadEvidenceResponse {
                evidence: Some(evidence),
                chunk: Vec::new(),
            };
            let chunks = stream::iter(pieces(&bytes));
            let messages = stream::once(async { header }).chain(chunks);
            Ok(Response::new(Box::pin(messages.map(Ok))))
        }
    }
}

/// What is wrong with the course of an upload.
fn refused(broken: Broken) -> Error {
    Error::from(match broken {
        Broken::HeaderExpected => Refusal::HeaderExpected,
        Broken::ChunkExpected => Refusal::ChunkExpected,
        Broken::Stalled { seconds } => Refusal::Stalled { seconds },
    })
}

/// Longest wait for the next message of an upload.
const SILENCE: Duration = Duration::from_secs(30);
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
