//! The ledger of credits, to the wire.

use proto::targets::v1 as pb;

use super::Written;
use crate::{
    domain::offer::{
        Engagement, Envelope, Kept, Life as _,
        credit::{Balance, Movement, Release},
    },
    grpc::scalars::decimal,
    store::planning::Dated,
};

impl Written for Envelope {
    type Wire = pb::CreditEnvelope;

    fn write(dated: &Dated<Kept<Self>>) -> pb::CreditEnvelope {
        let kept = &dated.value;
        let envelope = &kept.value;
        pb::CreditEnvelope {
            name: kept.name(),
            etag: rpc::etag::of(kept.version),
            region: kept.region.to_string(),
            year: envelope.year.into(),
            origin: envelope.origin.clone(),
            title: envelope.title.clone(),
            movements: envelope.movements.iter().map(write_movement).collect(),
            credited: decimal(envelope.credited),
            engaged: decimal(envelope.engaged),
            available: decimal(envelope.available()),
            create_time: Some(kit::timestamp(dated.created_at)),
            update_time: Some(kit::timestamp(dated.updated_at)),
        }
    }
}

fn write_movement(movement: &Movement) -> pb::CreditMovement {
    pb::CreditMovement {
        amount: decimal(movement.amount),
        decision: movement.decision.clone(),
        day: movement.day.to_string(),
        recorded_by: movement.by.clone(),
    }
}

impl Written for Engagement {
    type Wire = pb::CreditEngagement;

    fn write(dated: &Dated<Kept<Self>>) -> pb::CreditEngagement {
        let kept = &dated.value;
        let engagement = &kept.value;
        let state = match engagement.state() {
            "released" => pb::CreditEngagementState::Released,
            _ => pb::CreditEngagementState::Engaged,
        };
        pb::CreditEngagement {
            name: kept.name(),
            etag: rpc::etag::of(kept.version),
            region: kept.region.to_string(),
            envelope: engagement.envelope.clone(),
            state: state.into(),
            amount: decimal(engagement.amount),
            outstanding: decimal(engagement.outstanding),
            purpose: engagement.purpose.clone(),
            finess: engagement
                .finess
                .map(|number| number.to_string())
                .unwrap_or_default(),
            decision: engagement.decision.clone(),
            day: engagement.day.to_string(),
            engaged_by: engagement.by.clone(),
            releases: engagement.releases.iter().map(write_release).collect(),
            create_time: Some(kit::timestamp(dated.created_at)),
            update_time: Some(kit::timestamp(dated.updated_at)),
        }
    }
}

fn write_release(release: &Release) -> pb::CreditRelease {
    pb::CreditRelease {
        amount: decimal(release.amount),
        reasons: release.reasons.clone(),
        day: release.day.to_string(),
        released_by: release.by.clone(),
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::CreditEngagementState) -> Option<&'static str> {
    match state {
        pb::CreditEngagementState::Unspecified => None,
        pb::CreditEngagementState::Engaged => Some("engaged"),
        pb::CreditEngagementState::Released => Some("released"),
    }
}

/// Writes a line of the ledger.
pub(crate) fn write_balance(balance: &Balance) -> pb::CreditBalance {
    pb::CreditBalance {
        envelope: balance.envelope.clone(),
        year: balance.year.into(),
        origin: balance.origin.clone(),
        credited: decimal(balance.credited),
        engaged: decimal(balance.engaged),
        available: decimal(balance.credited - balance.engaged),
    }
}
