//! Table `site_copy`: written by the consumer of the registry, read to tell in which département a figure was realised.

use ::store::Error;
use kernel::Department;
use sqlx::PgConnection;

/// What is kept of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteCopy {
    pub finess: String,
    pub legal_entity: String,
    pub department: Option<Department>,
}

/// Records the present state of a site.
pub async fn put(connection: &mut PgConnection, site: &SiteCopy) -> Result<(), Error> {
    sqlx::query(
        "insert into site_copy (finess, legal_entity, department)
         values ($1, $2, $3)
         on conflict (finess) do update set
             legal_entity = excluded.legal_entity,
             department = excluded.department",
    )
    .bind(&site.finess)
    .bind(&site.legal_entity)
    .bind(site.department.as_ref().map(Department::code))
    .execute(connection)
    .await?;
    Ok(())
}
