//! Files that missions rest on: checked, kept under their hash, and given back.

use ::store::Db;
use bytes::Bytes;
use kernel::legal_time::legal_day;
use objects::{MediaError, MediaType, Objects, ObjectsError};
use proto::controls::v1 as pb;
use rpc::{Call, Error, Reason};
use tonic::Code;
use tracing::warn;

use super::visibility;
use crate::{
    domain::{EvidenceId, MissionId, mission::Evidence},
    events::published,
    grpc::convert,
    store::{
        mission,
        mission_record::{self, By},
    },
};

/// Why a file is not what was told of it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the first message of an upload says what the file is, and carries no bytes")]
    HeaderExpected,
    #[error("after its first message an upload carries bytes only")]
    ChunkExpected,
    #[error("{received} bytes were received, {told} were told")]
    Size { told: u64, received: u64 },
    #[error("the bytes have the hash {received}, another one was told; send the file again")]
    Hash { received: String },
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("no bytes came for {seconds} seconds; send the file again")]
    Stalled { seconds: u64 },
}

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        let invalid = |reason| Reason::new(reason, Code::InvalidArgument);
        match self {
            Self::HeaderExpected => invalid("EVIDENCE_HEADER_EXPECTED"),
            Self::ChunkExpected => invalid("EVIDENCE_CHUNK_EXPECTED"),
            Self::Size { told, received } => invalid("EVIDENCE_SIZE_MISMATCH")
                .with("told", told)
                .with("received", received),
            Self::Hash { received } => invalid("EVIDENCE_HASH_MISMATCH").with("received", received),
            Self::Media(MediaError::NotAccepted(told)) => {
                invalid("EVIDENCE_TYPE_NOT_ACCEPTED").with("told", told)
            }
            Self::Media(MediaError::Mismatch { told, found }) => invalid("EVIDENCE_TYPE_MISMATCH")
                .with("told", told)
                .with("found", found),
            Self::Stalled { seconds } => {
                Reason::new("UPLOAD_STALLED", Code::DeadlineExceeded).with("seconds", seconds)
            }
        }
    }
}

/// Adds a file to a mission. Its bytes are kept before the record that names them, so that no record ever names
/// bytes that are not there.
pub async fn add(
    db: &Db,
    objects: &Objects,
    call: &Call,
    header: pb::EvidenceHeader,
    bytes: Vec<u8>,
) -> Result<pb::Evidence, Error> {
    let by = call.human()?;
    let id: MissionId = convert::name("mission", &header.mission)?;
    let media_type = check(&header, &bytes)?;
    let opened = mission::find(db.pool(), &visibility(&call.caller), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let today = legal_day(call.at, opened.region);
    // Asked before the bytes are kept, and again under the lock.
    opened.require_recording(&by, today, ("files", 0))?;
    let size_bytes = bytes.len() as u64;
    let sha256 = objects
        .put(Bytes::from(bytes))
        .await
        .map_err(|error| away(&error))?;

    let mut unit = claim!(db, call, header);
    let opened = mission::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let files = mission_record::evidence_of(unit.connection(), id).await?;
    opened.require_recording(&by, today, ("files", files.len()))?;
    let recorded = By {
        mission: id,
        record: Evidence {
            id: EvidenceId::generate(),
            title: header.title,
            file_name: header.file_name,
            media_type: media_type.as_str().to_owned(),
            size_bytes,
            sha256,
        },
        author: by.actor().clone(),
        at: call.at,
    };
    mission_record::insert_evidence(unit.connection(), &recorded).await?;
    let reply = convert::mission::evidence(&recorded);
    let state = opened.state.clone();
    let next = opened.next(state);
    mission::update(unit.connection(), &next).await?;
    unit.append(vec![published::evidence_added(&next, &reply)?])
        .await?;
    unit.commit(&reply).await?;
    Ok(reply)
}

/// Size, hash and type are as told.
fn check(header: &pb::EvidenceHeader, bytes: &[u8]) -> Result<MediaType, Refusal> {
    let media_type = MediaType::parse(&header.media_type)?;
    let (told, received) = (header.size_bytes.unsigned_abs(), bytes.len() as u64);
    if told != received {
        return Err(Refusal::Size { told, received });
    }
    let hash = convert::hexadecimal(&objects::hash(bytes));
    if hash != header.sha256 {
        return Err(Refusal::Hash { received: hash });
    }
    media_type.check(bytes)?;
    Ok(media_type)
}

/// A file and its bytes, for whoever may see its mission.
pub async fn get(
    db: &Db,
    objects: &Objects,
    call: &Call,
    request: pb::DownloadEvidenceRequest,
) -> Result<(pb::Evidence, Bytes), Error> {
    let id: EvidenceId = convert::name("name", &request.name)?;
    let not_found = || Error::NotFound(request.name.clone());
    let found = mission_record::find_evidence(db.pool(), id)
        .await?
        .ok_or_else(not_found)?;
    mission::find(db.pool(), &visibility(&call.caller), found.mission)
        .await?
        .ok_or_else(not_found)?;
    let bytes = objects
        .get(&found.record.sha256)
        .await
        .map_err(|error| away(&error))?;
    let bytes = bytes.ok_or_else(|| {
        warn!(evidence = %id, "the bytes of a recorded file are not in the object store");
        Error::Unavailable("the object store")
    })?;
    Ok((convert::mission::evidence(&found), bytes))
}

fn away(error: &ObjectsError) -> Error {
    warn!(%error, "the object store does not answer");
    Error::Unavailable("the object store")
}
