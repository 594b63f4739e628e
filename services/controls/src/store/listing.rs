//! What lists have in common: which rows, and one page of them at a time.

use sqlx::{Postgres, QueryBuilder};

use super::After;
use crate::domain::{CampaignId, ContractId};

/// Which rows of those that say their region, campaign and contract. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub region: Option<String>,
    pub campaign: Option<CampaignId>,
    pub contract: Option<ContractId>,
}

impl Filter {
    pub(super) fn restrict(&self, query: &mut QueryBuilder<Postgres>) {
        if let Some(region) = &self.region {
            query.push(" and region = ").push_bind(region);
        }
        if let Some(campaign) = self.campaign {
            query.push(" and campaign_id = ").push_bind(campaign.0);
        }
        if let Some(contract) = self.contract {
            query.push(" and contract_id = ").push_bind(contract.0);
        }
    }
}

/// Ends a query with one page: what comes after an id, in the order of ids.
pub(super) fn page(query: &mut QueryBuilder<Postgres>, after: After, limit: i64) {
    if let Some(after) = after {
        query.push(" and id > ").push_bind(after);
    }
    query.push(" order by id limit ").push_bind(limit);
}
