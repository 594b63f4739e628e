//! Schemes and axes, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use super::{Written, day, optional, public};
use crate::{
    domain::offer::{
        Kept,
        scheme::{Content, HomeShare, Scheme, SchemeObjective, SchemeState},
    },
    grpc::{medicosocial::capacities::write_public, planning::reading, scalars::decimal},
    store::{offer::axis::AxisVersion, planning::Dated},
};

/// Reads what a scheme says. Every part that cannot be read is named.
pub(crate) fn read(content: &pb::SchemeContent) -> Result<Content, Error> {
    let objectives = reading::all(&content.objectives, |place, objective| {
        read_objective(&format!("content.objectives[{place}]"), objective)
    })?;
    let home_shares = reading::all(&content.home_shares, |place, share| {
        read_share(&format!("content.home_shares[{place}]"), share)
    })?;
    let date = |field, text| day("content", field, text).map_err(reading::one);
    Ok(Content {
        scheme_version: content.scheme_version.clone(),
        title: content.title.clone(),
        valid_from: date(".valid_from", &content.valid_from)?,
        valid_to: date(".valid_to", &content.valid_to)?,
        source: content.source.clone(),
        axes: content.axes.clone(),
        objectives,
        home_shares,
    })
}

fn read_objective(path: &str, given: &pb::SchemeObjective) -> Result<SchemeObjective, Violation> {
    let credits = match given.credits.as_str() {
        "" => None,
        text => Some(reading::decimal(path, ".credits", text)?),
    };
    Ok(SchemeObjective {
        id: given.id.clone(),
        axis: given.axis.clone(),
        title: given.title.clone(),
        territory: given.territory.clone(),
        category: given.category.clone(),
        public: public(path, given.public())?,
        baseline_places: given.baseline_places,
        places_to_create: given.places_to_create,
        places_to_transform: given.places_to_transform,
        horizon: reading::year(path, ".horizon", given.horizon)?,
        credits,
        note: given.note.clone(),
    })
}

fn read_share(path: &str, given: &pb::HomeShareTarget) -> Result<HomeShare, Violation> {
    Ok(HomeShare {
        territory: given.territory.clone(),
        public: public(path, given.public())?,
        percent: reading::decimal(path, ".percent", &given.percent)?,
        horizon: reading::year(path, ".horizon", given.horizon)?,
    })
}

/// Writes what a scheme says.
pub(crate) fn write_content(content: &Content) -> pb::SchemeContent {
    pb::SchemeContent {
        scheme_version: content.scheme_version.clone(),
        title: content.title.clone(),
        valid_from: content.valid_from.to_string(),
        valid_to: content.valid_to.to_string(),
        source: content.source.clone(),
        axes: content.axes.clone(),
        objectives: content.objectives.iter().map(write_objective).collect(),
        home_shares: content
            .home_shares
            .iter()
            .map(|share| pb::HomeShareTarget {
                territory: share.territory.clone(),
                public: write_public(share.public).into(),
                percent: decimal(share.percent),
                horizon: share.horizon.into(),
            })
            .collect(),
    }
}

/// Writes one objective.
pub(crate) fn write_objective(objective: &SchemeObjective) -> pb::SchemeObjective {
    pb::SchemeObjective {
        id: objective.id.clone(),
        axis: objective.axis.clone(),
        title: objective.title.clone(),
        territory: objective.territory.clone(),
        category: objective.category.clone(),
        public: write_public(objective.public).into(),
        baseline_places: objective.baseline_places,
        places_to_create: objective.places_to_create,
        places_to_transform: objective.places_to_transform,
        horizon: objective.horizon.into(),
        credits: optional(objective.credits),
        note: objective.note.clone(),
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::SchemeState) -> Option<&'static str> {
    match state {
        pb::SchemeState::Unspecified => None,
        pb::SchemeState::Draft => Some("draft"),
        pb::SchemeState::Adopted => Some("adopted"),
    }
}

impl Written for Scheme {
    type Wire = pb::Scheme;

    fn write(dated: &Dated<Kept<Self>>) -> pb::Scheme {
        let kept = &dated.value;
        let (state, adoption) = match &kept.value.state {
            SchemeState::Draft => (pb::SchemeState::Draft, None),
            SchemeState::Adopted(adoption) => (pb::SchemeState::Adopted, Some(adoption)),
        };
        pb::Scheme {
            name: kept.name(),
            etag: rpc::etag::of(kept.version),
            region: kept.region.to_string(),
            state: state.into(),
            content: Some(write_content(&kept.value.content)),
            decision: adoption
                .map(|adoption| adoption.decision.clone())
                .unwrap_or_default(),
            adopted_by: adoption
                .map(|adoption| adoption.by.clone())
                .unwrap_or_default(),
            adopt_time: adoption.map(|adoption| kit::timestamp(adoption.at)),
            create_time: Some(kit::timestamp(dated.created_at)),
            update_time: Some(kit::timestamp(dated.updated_at)),
        }
    }
}

/// Writes a version of the axes.
pub(crate) fn write_axes(version: &AxisVersion) -> pb::AxisVersion {
    pb::AxisVersion {
        name: format!("axisVersions/{}", version.id),
        valid_from: version.valid_from.to_string(),
        source: version.source.clone(),
        axes: version
            .axes
            .iter()
            .map(|(code, title)| pb::Axis {
                code: code.clone(),
                title: title.clone(),
            })
            .collect(),
        create_time: Some(kit::timestamp(version.created_at)),
    }
}
