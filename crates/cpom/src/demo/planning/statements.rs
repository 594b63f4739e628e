//! Places, who waits for them, and what EHPAD are given.

use anyhow::{Context, Result};
use proto::targets::v1::{
    Capacity, CapacityKind, ListAllowancesRequest, ListAllowancesResponse, ListCapacitiesRequest,
    ListPointValuesRequest, ListWaitingListsRequest, RecordAllowanceTargetsRequest,
    RecordAllowancesRequest, RecordCapacitiesRequest, RecordPointValuesRequest,
    RecordWaitingListsRequest, WaitingList,
};

use super::Planning;
use crate::{call, demo::Demo, list_all};

impl Demo {
    /// Records what is not on record yet, each kind of figure at once.
    pub(super) async fn state_figures(&self, planning: &Planning) -> Result<()> {
        self.record_places(planning).await.context("places")?;
        let waiting = self.record_waiting_lists(planning);
        waiting.await.context("waiting lists")?;
        let values = self.record_point_values(planning);
        values.await.context("values of the point")?;
        self.record_allowances(planning).await.context("allowances")
    }

    async fn record_places(&self, planning: &Planning) -> Result<()> {
        let Some(first) = planning.places.first() else {
            return Ok(());
        };
        let mut known = self.places(&first.establishment).await?.into_iter();
        if known.any(|one| one.line == first.line && one.decision == first.decision) {
            return Ok(());
        }
        let request = RecordCapacitiesRequest {
            region: self.region(),
            capacities: planning.places.clone(),
            request_id: self.request_id(&["RecordCapacities", &first.decision]),
        };
        let agency = &self.personas.contract_manager;
        call!(agency.capacities(), record_capacities, request).await?;
        Ok(())
    }

    /// The authorised places in effect of an establishment, or of the region when the number is empty.
    pub(super) async fn places(&self, establishment: &str) -> Result<Vec<Capacity>> {
        let request = ListCapacitiesRequest {
            region: self.region(),
            establishment: establishment.to_owned(),
            kind: CapacityKind::Authorised.into(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(
            auditor.capacities(),
            list_capacities,
            request.clone(),
            capacities
        );
        list.await.context("the places could not be listed")
    }

    async fn record_waiting_lists(&self, planning: &Planning) -> Result<()> {
        let Some(first) = planning.waiting_lists.first() else {
            return Ok(());
        };
        if self.waiting_lists().await?.contains(first) {
            return Ok(());
        }
        let request = RecordWaitingListsRequest {
            region: self.region(),
            waiting_lists: planning.waiting_lists.clone(),
            request_id: self.request_id(&["RecordWaitingLists", &first.source]),
        };
        let agency = &self.personas.contract_manager;
        call!(agency.waiting_lists(), record_waiting_lists, request).await?;
        Ok(())
    }

    /// The waiting lists of the region.
    pub(super) async fn waiting_lists(&self) -> Result<Vec<WaitingList>> {
        of_region!(
            self,
            waiting_lists,
            list_waiting_lists(ListWaitingListsRequest),
            waiting_lists
        )
        .context("the waiting lists could not be listed")
    }

    async fn record_point_values(&self, planning: &Planning) -> Result<()> {
        let Some(first) = planning.point_values.first() else {
            return Ok(());
        };
        let agency = &self.personas.contract_manager;
        let request = ListPointValuesRequest {
            region: self.region(),
            year: first.year,
        };
        let known = call!(agency.fundings(), list_point_values, request).await?;
        if !known.values.is_empty() {
            return Ok(());
        }
        let request = RecordPointValuesRequest {
            region: self.region(),
            values: planning.point_values.clone(),
            request_id: self.request_id(&["RecordPointValues", &first.source]),
        };
        call!(agency.fundings(), record_point_values, request).await?;
        Ok(())
    }

    async fn record_allowances(&self, planning: &Planning) -> Result<()> {
        let agency = &self.personas.contract_manager;
        if let Some(first) = planning.allowances.first() {
            let known = self.allowances(&first.establishment).await?;
            let mut years = known.years.iter().filter_map(|one| one.allowance.as_ref());
            if !years.any(|one| one.year == first.year) {
                let request = RecordAllowancesRequest {
                    region: self.region(),
                    allowances: planning.allowances.clone(),
                    request_id: self.request_id(&["RecordAllowances", &first.decision]),
                };
                call!(agency.fundings(), record_allowances, request).await?;
            }
        }
        if let Some(first) = planning.allowance_targets.first() {
            let known = self.allowances(&first.establishment).await?;
            let mut targets = known.targets.iter().filter_map(|one| one.target.as_ref());
            if !targets.any(|one| one.year == first.year) {
                let request = RecordAllowanceTargetsRequest {
                    region: self.region(),
                    targets: planning.allowance_targets.clone(),
                    request_id: self.request_id(&["RecordAllowanceTargets", &first.source]),
                };
                call!(agency.fundings(), record_allowance_targets, request).await?;
            }
        }
        Ok(())
    }

    /// What an establishment was given, and is to be given, year by year.
    pub(super) async fn allowances(&self, establishment: &str) -> Result<ListAllowancesResponse> {
        let request = ListAllowancesRequest {
            establishment: establishment.to_owned(),
        };
        let auditor = &self.personas.auditor;
        let answer = call!(auditor.fundings(), list_allowances, request).await;
        answer.context("the allowances could not be listed")
    }
}
