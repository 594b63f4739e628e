//! Table `category_public`: whom the establishments of a FINESS category are for, where it says so.

use std::collections::BTreeMap;

use sqlx::{PgExecutor, Row as _};
use store::Error;

use crate::{domain::medicosocial::CarePublic, store::unknown};

/// The public of each category that has one only.
pub(crate) async fn publics(
    executor: impl PgExecutor<'_>,
) -> Result<BTreeMap<String, CarePublic>, Error> {
    let rows = sqlx::query("select category, public from category_public")
        .fetch_all(executor)
        .await?;
    rows.iter()
        .map(|row| {
            let public: &str = row.get("public");
            let read = CarePublic::from_text(public).ok_or_else(|| unknown("public", public))?;
            Ok((row.get("category"), read))
        })
        .collect()
}
