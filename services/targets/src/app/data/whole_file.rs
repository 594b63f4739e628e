//! Imports of reference data, whatever their kind: a file is received, read and checked, then applied wholly or not at
//! all.

use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sqlx::PgConnection;
use store::Unit;
use tonic::{Status, Streaming};

use super::upload::{self, File, Header as _, Part, Upload, Uploaded};
use crate::{
    app::App,
    files::Read,
    grpc::files::{Fate, report},
};

/// What the first message of an upload says.
type Header<I> = <<I as WholeFile>::Message as Part>::Header;

/// An import that the caller may do, before its bytes are there.
pub(crate) trait WholeFile: Sized + Send + Sync {
    type Message: Part;
    type Content: Send + Sync;

    /// Checks what can be checked before the upload: a refused import should not cost one.
    fn allow(
        app: &App,
        call: &Call,
        header: Header<Self>,
    ) -> impl Future<Output = Result<Self, Error>> + Send;

    fn header(&self) -> &Header<Self>;

    /// The resource that is imported.
    fn name(&self) -> String;

    /// Reads the bytes and finds what is wrong with them.
    fn read(
        &self,
        app: &App,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Result<Read<Self::Content>, Error>> + Send;

    /// Records of which a report tells.
    fn records(content: &Self::Content) -> usize;

    /// The number of this import of the resource, none when it would change nothing.
    fn number(
        &self,
        db: &mut PgConnection,
        sha256: &str,
    ) -> impl Future<Output = Result<Option<i64>, Error>> + Send;

    /// Writes the content, and the fact that it was imported.
    fn apply(
        &self,
        unit: &mut Unit,
        number: i64,
        file: &File<Self::Content>,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// Receives a file and imports it.
pub(crate) async fn import<I: WholeFile>(
    app: &App,
    call: &Call,
    messages: Streaming<I::Message>,
) -> Result<pb::FileReport, Status> {
    let mut upload = Upload::new(call, messages);
    let import = I::allow(app, call, upload.header().await?).await?;
    let Uploaded { bytes, sha256 } = upload.file().await?;
    let read = import.read(app, bytes).await?;
    let file = File { read, sha256 };
    settle(app, call, &import, &file)
        .await
        .map_err(Status::from)
}

async fn settle<I: WholeFile>(
    app: &App,
    call: &Call,
    import: &I,
    file: &File<I::Content>,
) -> Result<pb::FileReport, Error> {
    let File { read, sha256 } = file;
    let told = |fate| {
        let records = I::records(&read.content);
        report(import.name(), read, sha256, records, fate)
    };
    if !read.defects.is_empty() {
        return Ok(told(Fate::Refused));
    }
    if import.header().is_dry_run() {
        let mut db = app.db.pool().acquire().await?;
        import.number(&mut db, sha256).await?;
        return Ok(told(Fate::DryRun));
    }
    let command = upload::command(call, app.db.clock(), import.header(), sha256)?;
    let mut unit = claim!(app, command);
    let fate = match import.number(unit.connection(), sha256).await? {
        None => Fate::Unchanged,
        Some(number) => {
            import.apply(&mut unit, number, file).await?;
            Fate::Applied
        }
    };
    let report = told(fate);
    unit.commit(&report).await?;
    Ok(report)
}
