//! Files that accompany what people say (CRPA L122-1), and those of the annexes of contracts and amendments: received before
//! an act names them, and given back.

use bytes::Bytes;
use objects::{LARGEST_FILE, MediaError, MediaType, ObjectsError};
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Reason};
use sqlx::PgConnection;
use store::By;
use tonic::Code;
use tracing::warn;

use super::{App, read_amendments, read_contracts, read_procedures, read_reviews, scope};
use crate::{
    domain::{
        Refusal,
        content::{Annex, newly_filed},
        person::role,
        statement::Attachment,
    },
    grpc::convert,
    store::kept_file,
};

/// Files of one review, procedure, contract or amendment.
const MOST_FILES: i64 = 200;

/// Why a file is not what was told of it.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    #[error("the first message of an upload says what the file is, and carries no bytes")]
    HeaderExpected,
    #[error("after its first message an upload carries bytes only")]
    ChunkExpected,
    #[error("the file has {told} bytes; at most {LARGEST_FILE} are kept")]
    TooLarge { told: u64 },
    #[error("{received} bytes were received, {told} were told")]
    Size { told: u64, received: u64 },
    #[error("the bytes have the hash {received}, another one was told; send the file again")]
    Hash { received: String },
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("no bytes came for {seconds} seconds; send the file again")]
    Stalled { seconds: u64 },
    #[error("{MOST_FILES} files accompany this already")]
    Full,
}

impl rpc::Refusal for Unfit {
    fn reason(&self) -> Reason {
        let invalid = |reason| Reason::new(reason, Code::InvalidArgument);
        match self {
            Self::HeaderExpected => invalid("ATTACHMENT_HEADER_EXPECTED"),
            Self::ChunkExpected => invalid("ATTACHMENT_CHUNK_EXPECTED"),
            Self::TooLarge { told } => invalid("ATTACHMENT_TOO_LARGE").with("told", told),
            Self::Size { told, received } => invalid("ATTACHMENT_SIZE_MISMATCH")
                .with("told", told)
                .with("received", received),
            Self::Hash { received } => {
                invalid("ATTACHMENT_HASH_MISMATCH").with("received", received)
            }
            Self::Media(MediaError::NotAccepted(told)) => {
                invalid("ATTACHMENT_TYPE_NOT_ACCEPTED").with("told", told)
            }
            Self::Media(MediaError::Mismatch { told, found }) => {
                invalid("ATTACHMENT_TYPE_MISMATCH")
                    .with("told", told)
                    .with("found", found)
            }
            Self::Stalled { seconds } => {
                Reason::new("UPLOAD_STALLED", Code::DeadlineExceeded).with("seconds", seconds)
            }
            Self::Full => Reason::new("ATTACHMENTS_FULL", Code::ResourceExhausted),
        }
    }
}

/// A file that the caller may send, before its bytes are there: what it accompanies is read by the caller.
#[derive(Debug)]
pub(crate) struct Expected {
    parent: String,
    attachment: Attachment,
    media_type: MediaType,
}

impl Expected {
    pub(crate) async fn allow(
        app: &App,
        call: &Call,
        header: pb::AttachmentHeader,
    ) -> Result<Self, Error> {
        scope::acting(call)?;
        let told = Vec::from_iter(header.attachment);
        let attachment = convert::attachments_from(told)?
            .pop()
            .ok_or_else(|| Error::invalid("header.attachment", "is required"))?;
        let media_type = MediaType::parse(&attachment.media_type).map_err(Unfit::from)?;
        let expected = Self {
            parent: header.parent,
            attachment,
            media_type,
        };
        if expected.size() > LARGEST_FILE as u64 {
            return Err(Unfit::TooLarge {
                told: expected.size(),
            }
            .into());
        }
        named(app, call, &expected.parent).await?;
        let mut connection = app.db.pool().acquire().await?;
        if kept_file::count(&mut connection, &expected.parent).await? >= MOST_FILES {
            return Err(Unfit::Full.into());
        }
        Ok(expected)
    }

    /// Bytes that were told.
    pub(crate) fn size(&self) -> u64 {
        self.attachment.size_bytes.unsigned_abs()
    }

    /// Keeps the bytes, then records that they are kept. No act comes of it.
    pub(crate) async fn keep(
        self,
        app: &App,
        call: &Call,
        bytes: Vec<u8>,
    ) -> Result<pb::Attachment, Error> {
        self.check(&bytes)?;
        let kept = app.objects.put(Bytes::from(bytes)).await;
        kept.map_err(|error| away(&error))?;
        let by = By {
            actor: call.caller.actor.clone(),
            request_id: None,
            traceparent: None,
            at: call.at,
        };
        let mut unit = app.db.unit(by).await?;
        kept_file::insert(unit.connection(), &self.parent, &self.attachment, call.at).await?;
        unit.done().await?;
        Ok(convert::attachment(&self.attachment))
    }

    /// Size, hash and type are as told.
    fn check(&self, bytes: &[u8]) -> Result<(), Unfit> {
        let (told, received) = (self.size(), bytes.len() as u64);
        if told != received {
            return Err(Unfit::Size { told, received });
        }
        let hash = objects::hash(bytes);
        if hash != self.attachment.sha256.0 {
            return Err(Unfit::Hash {
                received: hex::encode(hash),
            });
        }
        Ok(self.media_type.check(bytes)?)
    }
}

/// Refuses an act that names a file whose bytes are not kept for what it is an act on.
pub(super) async fn require_kept(
    connection: &mut PgConnection,
    parent: &str,
    attachments: &[Attachment],
) -> Result<(), Error> {
    for told in attachments {
        if !kept_file::is_kept(connection, parent, told).await? {
            return Err(Refusal::AttachmentNotKept {
                file_name: told.file_name.clone(),
            }
            .into());
        }
    }
    Ok(())
}

/// Refuses a text whose annexes name a file that is kept for none of these, unless one of the annexes before named it.
pub(super) async fn require_annexes_kept(
    connection: &mut PgConnection,
    parents: &[String],
    (annexes, before): (&[Annex], &[Annex]),
) -> Result<(), Error> {
    let new = newly_filed(annexes, before);
    if new.is_empty() {
        return Ok(());
    }
    let kept = kept_file::of(connection, parents).await?;
    let is_kept = |annex: &Annex| {
        let mut kept = kept.iter();
        kept.any(|file| file.sha256.to_string() == annex.file_sha256)
    };
    match new.into_iter().find(|annex| !is_kept(annex)) {
        Some(annex) => Err(Refusal::AnnexFileNotKept {
            code: annex.code.clone(),
        }
        .into()),
        None => Ok(()),
    }
}

/// A file and its bytes, for who may read the act that names it.
pub(crate) async fn get(
    app: &App,
    call: &Call,
    request: pb::DownloadAttachmentRequest,
) -> Result<(pb::Attachment, Bytes), Error> {
    let is_asked = |file: &pb::Attachment| file.sha256 == request.sha256;
    let mut files = named(app, call, &request.parent).await?;
    if !files.iter().any(is_asked) {
        files = of_versions(app, call, &request.parent).await?;
    }
    let attachment = files
        .into_iter()
        .find(is_asked)
        .ok_or_else(|| Error::NotFound(format!("the file {}", request.sha256)))?;
    let hash = convert::attachments_from(vec![attachment.clone()])?
        .pop()
        .map(|attachment| attachment.sha256.0)
        .unwrap_or_default();
    let bytes = app
        .objects
        .get(&hash)
        .await
        .map_err(|error| away(&error))?
        .ok_or_else(|| Error::NotFound(format!("the bytes of {}", attachment.file_name)))?;
    Ok((attachment, bytes))
}

/// The files that a review, a procedure, a step of a contract or an annex of a contract or an amendment names to this caller:
/// those of what it may read.
async fn named(app: &App, call: &Call, parent: &str) -> Result<Vec<pb::Attachment>, Error> {
    let name = parent.to_owned();
    if parent.starts_with("amendments/") {
        let request = pb::GetAmendmentRequest { name };
        return Ok(read_amendments::get(app, call, request).await?.annex_files);
    }
    // Who signs for an associated third party reads what it signs, and nothing of what others said.
    let is_associated = call.caller.actor.role == role::ASSOCIATED_PARTY;
    if parent.starts_with("contracts/") {
        let contract = read_contracts::get(app, call, pb::GetContractRequest { name }).await?;
        let steps = contract.completed_steps.into_iter();
        let steps = steps.filter(|_| !is_associated);
        let files = steps.flat_map(|step| step.attachments);
        return Ok(contract.annex_files.into_iter().chain(files).collect());
    }
    if is_associated {
        return Err(Error::NotFound(name));
    }
    let mut sent = Vec::new();
    let (observations, hearings, context) = if parent.starts_with("reviews/") {
        let review = read_reviews::get(app, call, pb::GetReviewRequest { name }).await?;
        (review.observations, review.hearings, review.context)
    } else {
        let procedure = read_procedures::get(app, call, pb::GetProcedureRequest { name }).await?;
        if let Some(asked) = procedure.defence_consultation {
            sent.extend(asked.attachments);
            sent.extend(asked.answer_attachments);
        }
        (procedure.observations, procedure.hearings, Vec::new())
    };
    let files = observations.into_iter().flat_map(|said| said.attachments);
    let files = files.chain(hearings.into_iter().flat_map(|heard| heard.attachments));
    let files = files.chain(context.into_iter().flat_map(|note| note.attachments));
    Ok(files.chain(sent).collect())
}

/// The files that any version of the text of a contract names, to who reads its versions: each stays as it was proposed, with
/// its annexes. Who signs for an associated third party reads the version that it signs, and no other.
async fn of_versions(app: &App, call: &Call, parent: &str) -> Result<Vec<pb::Attachment>, Error> {
    let is_associated = call.caller.actor.role == role::ASSOCIATED_PARTY;
    if is_associated || !parent.starts_with("contracts/") {
        return Ok(Vec::new());
    }
    let name = parent.to_owned();
    let request = pb::ListContractVersionsRequest { name };
    let versions = read_contracts::versions(app, call, request).await?.versions;
    let files = versions.into_iter().flat_map(|one| one.annex_files);
    Ok(files.collect())
}

fn away(error: &ObjectsError) -> Error {
    warn!(%error, "the object store does not answer");
    Error::Unavailable("the object store")
}

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;

    use super::*;
    use crate::app::reasons::UNFIT;

    #[test]
    fn every_unfit_file_is_refused_with_a_listed_reason_and_its_code() {
        let told = || "text/html".to_owned();
        let unfit = [
            Unfit::HeaderExpected,
            Unfit::ChunkExpected,
            Unfit::TooLarge { told: 1 },
            Unfit::Size {
                told: 1,
                received: 2,
            },
            Unfit::Hash { received: told() },
            Unfit::Media(MediaError::NotAccepted(told())),
            Unfit::Media(MediaError::Mismatch {
                told: "text/csv",
                found: "image/png",
            }),
            Unfit::Full,
            Unfit::Stalled { seconds: 30 },
        ];
        let listed = |one: &Unfit| {
            let reason = one.reason();
            UNFIT
                .iter()
                .any(|doc| (doc.reason, doc.code) == (reason.reason, reason.code))
        };
        assert!(unfit.iter().all(listed), "{unfit:?}");
        assert_eq!(unfit.len(), UNFIT.len());
    }
}
