//! Importing a file: read it, compare it with the registry, write what changed, all or nothing.

use kernel::Region;
use proto::establishments::v1::{ImportHeader, ImportReport};
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use store::{Begun, By, Command, Db, Unit};

use super::refusal::Refusal;
use crate::{
    domain::registry::RegistryImportId,
    events::published,
    grpc::convert,
    import::{
        self, Extract, Format,
        reconcile::{Known, Plan, reconcile},
    },
    store::{establishment, legal_entity, registry_import},
};

/// An import that the caller may do, before its bytes are there.
#[derive(Debug)]
pub struct Import {
    header: ImportHeader,
    region: Region,
    format: Format,
}

impl Import {
    /// Checks what can be checked before the upload: a refused import should not cost one.
    pub fn allow(call: &Call, header: ImportHeader) -> Result<Self, Error> {
        let region: Region = header
            .region
            .parse()
            .map_err(|error| Error::invalid("header.region", error))?;
        call.caller.require_region(region, &call.permission)?;
        if header.file_name.chars().any(char::is_control) {
            let words = "must not hold control characters";
            return Err(Error::invalid("header.file_name", words));
        }
        let format = convert::format(header.format())
            .ok_or_else(|| Error::invalid("header.format", "is not a layout this service reads"))?;
        Ok(Self {
            header,
            region,
            format,
        })
    }

    /// Imports the file. The same `request_id` with the same file gets the same report; the same file under
    /// another `request_id` finds everything unchanged and leaves no event.
    pub async fn run(self, db: &Db, call: &Call, file: Vec<u8>) -> Result<ImportReport, Error> {
        let sha256 = Sha256::digest(&file);
        let (format, region) = (self.format, self.region);
        // Seconds of work for a national file: not on the threads that answer calls.
        let extract = tokio::task::spawn_blocking(move || import::read(format, &file, region))
            .await
            .map_err(Error::internal)?
            .map_err(Refusal::from)?;
        let read = Read {
            import: self,
            sha256: hex::encode(sha256),
            extract,
        };
        if read.import.header.dry_run {
            return read.rehearse(db, call).await;
        }
        match db.command(&read.command(db, call)?).await? {
            Begun::Replayed(report) => Ok(report),
            Begun::Fresh(unit) => read.apply(unit).await,
        }
    }
}

/// An import whose file was read.
struct Read {
    import: Import,
    sha256: String,
    extract: Extract,
}

impl Read {
    fn command(&self, db: &Db, call: &Call) -> Result<Command, Error> {
        let header = &self.import.header;
        call.upload_command(&header.request_id, header, &self.sha256, db.clock().now())
    }

    /// The report of a dry run. Its transaction is never committed.
    async fn rehearse(self, db: &Db, call: &Call) -> Result<ImportReport, Error> {
        let by = By {
            actor: call.caller.actor.clone(),
            request_id: None,
            traceparent: None,
            at: call.at,
        };
        let mut unit = db.unit(by).await?;
        let plan = self.plan(unit.connection()).await?;
        Ok(self.report(&plan))
    }

    async fn apply(self, mut unit: Unit) -> Result<ImportReport, Error> {
        registry_import::serialise(unit.connection()).await?;
        let plan = self.plan(unit.connection()).await?;
        let report = self.report(&plan);
        if !plan.changes_nothing() {
            self.write(&mut unit, &plan, &report).await?;
        }
        unit.commit(&report).await?;
        Ok(report)
    }

    async fn plan(&self, connection: &mut PgConnection) -> Result<Plan, Error> {
        let region = self.import.region;
        let numbers = self.extract.mentioned_entities();
        let known = Known {
            entities: legal_entity::known(connection, region, &numbers).await?,
            sites: establishment::known(connection, region, &self.extract.mentioned_sites())
                .await?,
            open_elsewhere: establishment::entities_open_outside(connection, region).await?,
        };
        let plan = reconcile(&self.extract, &known, region, self.import.header.complete)
            .map_err(Refusal::from)?;
        Ok(plan)
    }

    fn report(&self, plan: &Plan) -> ImportReport {
        convert::report(&self.import.header, &self.sha256, &self.extract, plan)
    }

    /// Rows and events, entities before their sites.
    async fn write(
        &self,
        unit: &mut Unit,
        plan: &Plan,
        report: &ImportReport,
    ) -> Result<(), Error> {
        let at = unit.at();
        let id = RegistryImportId::generate();
        let region = self.import.region;
        let entities = || plan.entities.iter().chain(&plan.closed_entities);
        legal_entity::save(unit.connection(), entities(), at).await?;
        establishment::save(unit.connection(), &plan.sites, at).await?;
        registry_import::save(unit.connection(), id, region, report, at).await?;

        let mut facts = Vec::with_capacity(entities().count() + plan.sites.len() + 1);
        for change in &plan.entities {
            facts.push(published::legal_entity(change, at)?);
        }
        for change in &plan.sites {
            facts.push(published::establishment(change, at)?);
        }
        for change in &plan.closed_entities {
            facts.push(published::legal_entity(change, at)?);
        }
        facts.push(published::imported(id, region, report)?);
        unit.append(facts).await?;
        Ok(())
    }
}
