//! Tables `evidence` and `remark`: what a mission records.

use ::store::Error;
use kernel::Actor;
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{finding::severity, inconsistent, person};
use crate::domain::{
    EvidenceId, FindingId, MissionId, RemarkId,
    mission::{Evidence, Note, Remark},
};

/// Something recorded, with who and when.
#[derive(Debug, Clone)]
pub struct By<T> {
    pub mission: MissionId,
    pub record: T,
    pub author: Actor,
    pub at: OffsetDateTime,
}

/// Records a file.
pub async fn insert_evidence(
    connection: &mut PgConnection,
    recorded: &By<Evidence>,
) -> Result<(), Error> {
    let evidence = &recorded.record;
    sqlx::query(
        "insert into evidence (
             id,
             mission_id,
             title,
             file_name,
             media_type,
             size_bytes,
             sha256,
             author,
             author_role,
             created_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(evidence.id.0)
    .bind(recorded.mission.0)
    .bind(&evidence.title)
    .bind(&evidence.file_name)
    .bind(&evidence.media_type)
    .bind(evidence.size_bytes.cast_signed())
    .bind(evidence.sha256.as_slice())
    .bind(&recorded.author.subject)
    .bind(&recorded.author.role)
    .bind(recorded.at)
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EvidenceRow {
    id: Uuid,
    mission_id: Uuid,
    title: String,
    file_name: String,
    media_type: String,
    size_bytes: i64,
    sha256: Vec<u8>,
    author: String,
    author_role: String,
    created_at: OffsetDateTime,
}

impl TryFrom<EvidenceRow> for By<Evidence> {
    type Error = Error;

    fn try_from(row: EvidenceRow) -> Result<Self, Error> {
        let sha256 = row
            .sha256
            .try_into()
            .map_err(|_| inconsistent("a hash of another length"))?;
        Ok(Self {
            mission: MissionId(row.mission_id),
            record: Evidence {
                id: EvidenceId(row.id),
                title: row.title,
                file_name: row.file_name,
                media_type: row.media_type,
                size_bytes: row.size_bytes.unsigned_abs(),
                sha256,
            },
            author: person(row.author, row.author_role),
            at: row.created_at,
        })
    }
}

/// The files of a mission, oldest first.
pub async fn evidence_of(
    executor: impl PgExecutor<'_>,
    mission: MissionId,
) -> Result<Vec<By<Evidence>>, Error> {
    let rows: Vec<EvidenceRow> = sqlx::query_as(
        "select id, mission_id, title, file_name, media_type, size_bytes, sha256, author, author_role, created_at
         from evidence
         where mission_id = $1
         order by id",
    )
    .bind(mission.0)
    .fetch_all(executor)
    .await?;
    rows.into_iter().map(By::try_from).collect()
}

/// One file.
pub async fn find_evidence(
    executor: impl PgExecutor<'_>,
    id: EvidenceId,
) -> Result<Option<By<Evidence>>, Error> {
    let row: Option<EvidenceRow> = sqlx::query_as(
        "select id, mission_id, title, file_name, media_type, size_bytes, sha256, author, author_role, created_at
         from evidence
         where id = $1",
    )
    .bind(id.0)
    .fetch_optional(executor)
    .await?;
    row.map(By::try_from).transpose()
}

/// Records a remark.
pub async fn insert_remark(
    connection: &mut PgConnection,
    recorded: &By<Remark>,
) -> Result<(), Error> {
    let remark = &recorded.record;
    let evidence: Vec<Uuid> = remark.evidence.iter().map(|id| id.0).collect();
    sqlx::query(
        "insert into remark (
             id,
             mission_id,
             kind,
             text,
             severity,
             legal_basis,
             objective,
             opposable,
             penalty_eligible,
             evidence,
             author,
             author_role,
             created_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(remark.id.0)
    .bind(recorded.mission.0)
    .bind(remark.note.as_str())
    .bind(remark.text.as_str())
    .bind(remark.note.severity().as_str())
    .bind(remark.note.legal_basis())
    .bind(&remark.objective)
    .bind(remark.opposable)
    .bind(remark.penalty_eligible)
    .bind(&evidence)
    .bind(&recorded.author.subject)
    .bind(&recorded.author.role)
    .bind(recorded.at)
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct RemarkRow {
    id: Uuid,
    mission_id: Uuid,
    kind: String,
    text: String,
    severity: String,
    legal_basis: String,
    objective: String,
    opposable: bool,
    penalty_eligible: bool,
    evidence: Vec<Uuid>,
    author: String,
    author_role: String,
    created_at: OffsetDateTime,
    finding_id: Option<Uuid>,
}

/// A remark, and the finding it became.
pub type Remarked = (By<Remark>, Option<FindingId>);

impl RemarkRow {
    fn read(self) -> Result<Remarked, Error> {
        let note = match self.kind.as_str() {
            "remark" => Note::Remark,
            "deviation" => Note::Deviation {
                severity: severity(&self.severity)?,
                legal_basis: self.legal_basis,
            },
            unknown => return Err(inconsistent(format!("remark {} {unknown}", self.id))),
        };
        let recorded = By {
            mission: MissionId(self.mission_id),
            record: Remark {
                id: RemarkId(self.id),
                note,
                text: self.text.try_into().map_err(inconsistent)?,
                objective: self.objective,
                opposable: self.opposable,
                penalty_eligible: self.penalty_eligible,
                evidence: self.evidence.into_iter().map(EvidenceId).collect(),
            },
            author: person(self.author, self.author_role),
            at: self.created_at,
        };
        Ok((recorded, self.finding_id.map(FindingId)))
    }
}

/// The remarks of a mission, oldest first.
pub async fn remarks_of(
    executor: impl PgExecutor<'_>,
    mission: MissionId,
) -> Result<Vec<Remarked>, Error> {
    let rows: Vec<RemarkRow> = sqlx::query_as(
        "select
             remark.id,
             remark.mission_id,
             remark.kind,
             remark.text,
             remark.severity,
             remark.legal_basis,
             remark.objective,
             remark.opposable,
             remark.penalty_eligible,
             remark.evidence,
             remark.author,
             remark.author_role,
             remark.created_at,
             finding.id as finding_id
         from remark
         left join finding on finding.remark_id = remark.id
         where remark.mission_id = $1
         order by remark.id",
    )
    .bind(mission.0)
    .fetch_all(executor)
    .await?;
    rows.into_iter().map(RemarkRow::read).collect()
}
