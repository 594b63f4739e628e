//! A call for projects, from the need to the places that were opened.

use anyhow::{Context, Result};
use proto::targets::v1::{
    AuthoriseCandidateRequest, LinkProjectCallRequest, ListProjectCallsRequest,
    OpenProjectCallRequest, ProjectCall, ProjectCallState, ProjectCandidate, ProjectNeed,
    PublishProjectCallRequest, RecordCapacitiesRequest, RecordCommissionOpinionRequest,
    RegisterCandidateRequest, ScheduleProjectCallRequest, Scheme, SchemeState,
};

use super::planned::PlannedCall;
use crate::{call, demo::Demo};

impl Demo {
    /// Runs the call from where it stands.
    pub(super) async fn run_call(
        &self,
        planned: &PlannedCall,
        scheme: Option<&Scheme>,
    ) -> Result<()> {
        let title = &planned.need.title;
        let mut known = self.project_calls().await?.into_iter();
        let known = known.find(|call| {
            let need = call.need.as_ref();
            need.is_some_and(|need| need.title == *title)
        });
        let mut call = match known {
            Some(call) => call,
            None => self.open_call(planned, scheme).await?,
        };
        loop {
            call = match call.state() {
                ProjectCallState::Prepared if call.calendar.is_none() => {
                    self.schedule_call(planned, call).await?
                }
                ProjectCallState::Prepared => self.publish_call(planned, call).await?,
                ProjectCallState::Published => {
                    match planned.candidates.get(call.candidates.len()) {
                        Some(candidate) => self.register_candidate(candidate, call).await?,
                        None => self.record_opinion(planned, call).await?,
                    }
                }
                ProjectCallState::Examined => self.authorise(planned, call).await?,
                ProjectCallState::Authorised
                    if call.capacity_recordings.is_empty() && !planned.places.is_empty() =>
                {
                    self.open_places(planned, call).await?
                }
                ProjectCallState::Authorised
                | ProjectCallState::Dropped
                | ProjectCallState::Unspecified => return Ok(()),
            };
        }
    }

    async fn open_call(
        &self,
        planned: &PlannedCall,
        scheme: Option<&Scheme>,
    ) -> Result<ProjectCall> {
        let adopted = scheme.filter(|scheme| scheme.state() == SchemeState::Adopted);
        let answers =
            adopted.map(|scheme| format!("{}/objectives/{}", scheme.name, planned.answers));
        let request = OpenProjectCallRequest {
            region: self.region(),
            need: Some(ProjectNeed {
                scheme_objective: answers.unwrap_or_default(),
                ..planned.need.clone()
            }),
            request_id: self.request_id(&["OpenProjectCall", &planned.need.title]),
        };
        let agency = &self.personas.contract_manager;
        Ok(call!(agency.project_calls(), open_project_call, request).await?)
    }

    async fn schedule_call(&self, planned: &PlannedCall, call: ProjectCall) -> Result<ProjectCall> {
        let request = ScheduleProjectCallRequest {
            request_id: self.request_id(&["ScheduleProjectCall", &call.name, &call.etag]),
            name: call.name,
            etag: call.etag,
            calendar: Some(planned.calendar.clone()),
        };
        let agency = &self.personas.contract_manager;
        Ok(call!(agency.project_calls(), schedule_project_call, request).await?)
    }

    async fn publish_call(&self, planned: &PlannedCall, call: ProjectCall) -> Result<ProjectCall> {
        let request = PublishProjectCallRequest {
            request_id: self.request_id(&["PublishProjectCall", &call.name, &call.etag]),
            name: call.name,
            etag: call.etag,
            specification: Some(planned.specification.clone()),
        };
        let agency = &self.personas.contract_manager;
        Ok(call!(agency.project_calls(), publish_project_call, request).await?)
    }

    async fn register_candidate(
        &self,
        candidate: &ProjectCandidate,
        call: ProjectCall,
    ) -> Result<ProjectCall> {
        let request = RegisterCandidateRequest {
            request_id: self.request_id(&["RegisterCandidate", &call.name, &call.etag]),
            name: call.name,
            etag: call.etag,
            candidate: Some(candidate.clone()),
        };
        let agency = &self.personas.contract_manager;
        Ok(call!(agency.project_calls(), register_candidate, request).await?)
    }

    async fn record_opinion(
        &self,
        planned: &PlannedCall,
        call: ProjectCall,
    ) -> Result<ProjectCall> {
        let request = RecordCommissionOpinionRequest {
            request_id: self.request_id(&["RecordCommissionOpinion", &call.name, &call.etag]),
            name: call.name,
            etag: call.etag,
            opinion: Some(planned.opinion.clone()),
        };
        let agency = &self.personas.contract_manager;
        let answer = call!(agency.project_calls(), record_commission_opinion, request);
        Ok(answer.await?)
    }

    /// A person authorises: nobody and nothing else does.
    async fn authorise(&self, planned: &PlannedCall, call: ProjectCall) -> Result<ProjectCall> {
        let request = AuthoriseCandidateRequest {
            request_id: self.request_id(&["AuthoriseCandidate", &call.name, &call.etag]),
            name: call.name,
            etag: call.etag,
            authorisation: Some(planned.authorisation.clone()),
        };
        let general = &self.personas.director_general;
        Ok(call!(general.project_calls(), authorise_candidate, request).await?)
    }

    /// Records the places under the act of the authorisation, and links them.
    async fn open_places(&self, planned: &PlannedCall, call: ProjectCall) -> Result<ProjectCall> {
        let agency = &self.personas.contract_manager;
        let request = RecordCapacitiesRequest {
            region: self.region(),
            capacities: planned.places.clone(),
            request_id: self.request_id(&["RecordCapacities", &call.name]),
        };
        let recording = call!(agency.capacities(), record_capacities, request).await?;
        let request = LinkProjectCallRequest {
            request_id: self.request_id(&["LinkProjectCall", &call.name, &call.etag]),
            name: call.name,
            etag: call.etag,
            capacity_recording: recording.name,
            amendment: String::new(),
        };
        Ok(call!(agency.project_calls(), link_project_call, request).await?)
    }

    /// The calls of the region.
    pub(super) async fn project_calls(&self) -> Result<Vec<ProjectCall>> {
        of_region!(
            self,
            project_calls,
            list_project_calls(ListProjectCallsRequest),
            project_calls
        )
        .context("the calls could not be listed")
    }
}
