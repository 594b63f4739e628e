//! The scheme with its axes, cooperations, and credits with what is engaged of them.

use anyhow::{Context, Result};
use proto::targets::v1::{
    AdoptSchemeRequest, Cooperation, CreditEnvelope, DraftSchemeRequest, EngageCreditsRequest,
    ListAxisVersionsRequest, ListCooperationsRequest, ListCreditEngagementsRequest,
    ListCreditEnvelopesRequest, ListSchemesRequest, OpenCreditEnvelopeRequest, RecordAxesRequest,
    RecordSavingsRequest, RegisterCooperationRequest, Scheme, SchemeContent, SchemeState,
};

use super::planned::{PlannedCooperation, PlannedEnvelope, PlannedScheme};
use crate::{call, demo::Demo, list_all};

impl Demo {
    /// Drafts the scheme under its axes, and has it adopted where the plan says so.
    pub(super) async fn set_scheme(&self, planned: &PlannedScheme) -> Result<Scheme> {
        let version = &planned.content.scheme_version;
        let mut known = self.schemes().await?.into_iter();
        let known = known.find(|scheme| {
            let content = scheme.content.as_ref();
            content.is_some_and(|content| content.scheme_version == *version)
        });
        let scheme = match known {
            Some(scheme) => scheme,
            None => self.draft_scheme(planned).await?,
        };
        let (Some(decision), SchemeState::Draft) = (&planned.decision, scheme.state()) else {
            return Ok(scheme);
        };
        let request = AdoptSchemeRequest {
            request_id: self.request_id(&["AdoptScheme", &scheme.name, &scheme.etag]),
            name: scheme.name,
            etag: scheme.etag,
            decision: decision.clone(),
        };
        let general = &self.personas.director_general;
        Ok(call!(general.schemes(), adopt_scheme, request).await?)
    }

    async fn draft_scheme(&self, planned: &PlannedScheme) -> Result<Scheme> {
        let axes = self.record_axes(planned).await?;
        let request = DraftSchemeRequest {
            region: self.region(),
            request_id: self.request_id(&["DraftScheme", &planned.content.scheme_version]),
            content: Some(SchemeContent {
                axes,
                ..planned.content.clone()
            }),
        };
        let manager = &self.personas.manager;
        Ok(call!(manager.schemes(), draft_scheme, request).await?)
    }

    /// The name of the version of the axes.
    async fn record_axes(&self, planned: &PlannedScheme) -> Result<String> {
        let name = format!("axisVersions/{}", planned.axes_id);
        let manager = &self.personas.manager;
        let request = ListAxisVersionsRequest::default();
        let known = call!(manager.schemes(), list_axis_versions, request).await?;
        let mut versions = known.axis_versions.iter();
        if versions.any(|version| version.name == name) {
            return Ok(name);
        }
        let request = RecordAxesRequest {
            region: self.region(),
            version_id: planned.axes_id.clone(),
            valid_from: planned.content.valid_from.clone(),
            source: planned.content.source.clone(),
            axes: planned.axes.clone(),
            request_id: self.request_id(&["RecordAxes", &planned.axes_id]),
        };
        Ok(call!(manager.schemes(), record_axes, request).await?.name)
    }

    /// The schemes of the region.
    pub(super) async fn schemes(&self) -> Result<Vec<Scheme>> {
        of_region!(self, schemes, list_schemes(ListSchemesRequest), schemes)
            .context("the schemes could not be listed")
    }

    /// Registers a cooperation and what it saved so far.
    pub(super) async fn keep_cooperation(&self, planned: &PlannedCooperation) -> Result<()> {
        let title = &planned.content.title;
        let mut known = self.cooperations().await?.into_iter();
        let known = known.find(|cooperation| {
            let content = cooperation.content.as_ref();
            content.is_some_and(|content| content.title == *title)
        });
        let agency = &self.personas.contract_manager;
        let mut cooperation = if let Some(known) = known {
            known
        } else {
            let request = RegisterCooperationRequest {
                region: self.region(),
                content: Some(planned.content.clone()),
                request_id: self.request_id(&["RegisterCooperation", title]),
            };
            call!(agency.cooperations(), register_cooperation, request).await?
        };
        for saving in &planned.savings {
            let mut told = cooperation.obtained.iter();
            if !cooperation.end_date.is_empty() || told.any(|one| one.year == saving.year) {
                continue;
            }
            let request = RecordSavingsRequest {
                request_id: self.request_id(&[
                    "RecordSavings",
                    &cooperation.name,
                    &cooperation.etag,
                ]),
                name: cooperation.name,
                etag: cooperation.etag,
                saving: Some(saving.clone()),
            };
            cooperation = call!(agency.cooperations(), record_savings, request).await?;
        }
        Ok(())
    }

    /// The cooperations of the region.
    pub(super) async fn cooperations(&self) -> Result<Vec<Cooperation>> {
        of_region!(
            self,
            cooperations,
            list_cooperations(ListCooperationsRequest),
            cooperations
        )
        .context("the cooperations could not be listed")
    }

    /// Opens an envelope and engages a part of it.
    pub(super) async fn engage_credits(&self, planned: &PlannedEnvelope) -> Result<()> {
        let mut known = self.envelopes().await?.into_iter();
        let known = known.find(|one| one.year == planned.year && one.origin == planned.origin);
        let manager = &self.personas.manager;
        let year = planned.year.to_string();
        let envelope = if let Some(known) = known {
            known
        } else {
            let request = OpenCreditEnvelopeRequest {
                region: self.region(),
                year: planned.year,
                origin: planned.origin.clone(),
                title: planned.title.clone(),
                amount: planned.amount.clone(),
                decision: planned.decision.clone(),
                request_id: self.request_id(&["OpenCreditEnvelope", &year, &planned.origin]),
            };
            call!(manager.credits(), open_credit_envelope, request).await?
        };
        let request = ListCreditEngagementsRequest {
            region: self.region(),
            ..Default::default()
        };
        let engagements = list_all!(
            manager.credits(),
            list_credit_engagements,
            request.clone(),
            engagements
        )
        .await?;
        let is_engaged = engagements
            .iter()
            .any(|one| one.envelope == envelope.name && one.purpose == planned.purpose);
        if is_engaged {
            return Ok(());
        }
        let request = EngageCreditsRequest {
            request_id: self.request_id(&["EngageCredits", &envelope.name, &planned.purpose]),
            envelope: envelope.name,
            amount: planned.engaged.clone(),
            purpose: planned.purpose.clone(),
            finess: planned.beneficiary.clone(),
            decision: planned.engagement_decision.clone(),
        };
        call!(manager.credits(), engage_credits, request).await?;
        Ok(())
    }

    /// The envelopes of the region.
    pub(super) async fn envelopes(&self) -> Result<Vec<CreditEnvelope>> {
        of_region!(
            self,
            credits,
            list_credit_envelopes(ListCreditEnvelopesRequest),
            envelopes
        )
        .context("the envelopes could not be listed")
    }
}
