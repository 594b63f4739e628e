//! What a caller may see, as a condition of every list.

use sqlx::{Postgres, QueryBuilder};

/// The scope of a token. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Visibility {
    pub regions: Option<Vec<String>>,
    /// FINESS numbers of an establishment-side caller: their own contracts only.
    pub finess: Option<Vec<String>>,
}

impl Visibility {
    /// Restricts by the column `region` of the table that is listed.
    pub(super) fn restrict_region(&self, query: &mut QueryBuilder<Postgres>) {
        if let Some(regions) = &self.regions {
            query
                .push(" and region = any(")
                .push_bind(regions.clone())
                .push(")");
        }
    }

    /// Restricts as [`Self::restrict_contract`] does; the establishments' side sees what was shared with it, by the
    /// column `campaign_id`.
    pub(super) fn restrict_shared(&self, query: &mut QueryBuilder<Postgres>) {
        self.restrict_contract(query);
        if self.finess.is_some() {
            query.push(
                " and campaign_id in (select id from campaign where campaign.shared_at is not null)",
            );
        }
    }

    /// Restricts by region, and by the parties of the contract in the column `contract_id`.
    pub(super) fn restrict_contract(&self, query: &mut QueryBuilder<Postgres>) {
        self.restrict_region(query);
        if let Some(finess) = &self.finess {
            query
                .push(
                    " and contract_id in (
                         select id from contract_copy where legal_entities && ",
                )
                .push_bind(finess.clone())
                .push(" or establishments && ")
                .push_bind(finess.clone())
                .push(")");
        }
    }
}
