//! Cooperations, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use super::{Written, day, optional};
use crate::{
    domain::offer::{
        Cooperation, CooperationKind, Kept,
        cooperation::{Content, CooperationState, Expected, Obtained, Savings},
    },
    grpc::{
        planning::reading::{self, wrong},
        scalars::decimal,
    },
    store::planning::Dated,
};

const KINDS: [(pb::CooperationKind, CooperationKind); 4] = [
    (pb::CooperationKind::Gcsms, CooperationKind::Gcsms),
    (pb::CooperationKind::Merger, CooperationKind::Merger),
    (
        pb::CooperationKind::SharedFunctions,
        CooperationKind::SharedFunctions,
    ),
    (pb::CooperationKind::Agreement, CooperationKind::Agreement),
];

/// Reads what is agreed.
pub(crate) fn read(content: &pb::CooperationContent) -> Result<Content, Error> {
    let members = reading::all(&content.members, |place, number| {
        let field = format!("content.members[{place}]");
        number.parse().map_err(|error| wrong(&field, "", error))
    })?;
    let expected = reading::all(&content.expected, |place, expected| {
        let path = format!("content.expected[{place}]");
        Ok(Expected {
            year: reading::year(&path, ".year", expected.year)?,
            amount: reading::decimal(&path, ".amount", &expected.amount)?,
            basis: expected.basis.clone(),
        })
    })?;
    let kind = KINDS
        .iter()
        .find(|(wire, _)| *wire == content.kind())
        .map(|(_, kind)| *kind)
        .ok_or_else(|| Error::invalid("content.kind", "is required"))?;
    Ok(Content {
        kind,
        title: content.title.clone(),
        purpose: content.purpose.clone(),
        members,
        contracts: content.contracts.clone(),
        start: day("content", ".start_date", &content.start_date).map_err(reading::one)?,
        decision: content.decision.clone(),
        expected,
    })
}

/// Reads what a year saved, as somebody records it.
pub(crate) fn read_obtained(saving: &pb::ObtainedSaving, by: &str) -> Result<Obtained, Error> {
    let read = || -> Result<Obtained, Violation> {
        Ok(Obtained {
            year: reading::year("saving", ".year", saving.year)?,
            amount: reading::decimal("saving", ".amount", &saving.amount)?,
            source: saving.source.clone(),
            by: by.to_owned(),
        })
    };
    read().map_err(reading::one)
}

/// Writes what is agreed.
pub(crate) fn write_content(content: &Content) -> pb::CooperationContent {
    let kind = KINDS
        .iter()
        .find(|(_, known)| *known == content.kind)
        .map_or(pb::CooperationKind::Unspecified, |(wire, _)| *wire);
    pb::CooperationContent {
        kind: kind.into(),
        title: content.title.clone(),
        purpose: content.purpose.clone(),
        members: content.members.iter().map(ToString::to_string).collect(),
        contracts: content.contracts.clone(),
        start_date: content.start.to_string(),
        decision: content.decision.clone(),
        expected: content
            .expected
            .iter()
            .map(|expected| pb::ExpectedSaving {
                year: expected.year.into(),
                amount: decimal(expected.amount),
                basis: expected.basis.clone(),
            })
            .collect(),
    }
}

/// Writes what a year saved.
pub(crate) fn write_obtained(obtained: &Obtained) -> pb::ObtainedSaving {
    pb::ObtainedSaving {
        year: obtained.year.into(),
        amount: decimal(obtained.amount),
        source: obtained.source.clone(),
        recorded_by: obtained.by.clone(),
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::CooperationState) -> Option<&'static str> {
    match state {
        pb::CooperationState::Unspecified => None,
        pb::CooperationState::Active => Some("active"),
        pb::CooperationState::Ended => Some("ended"),
    }
}

impl Written for Cooperation {
    type Wire = pb::Cooperation;

    fn write(dated: &Dated<Kept<Self>>) -> pb::Cooperation {
        let kept = &dated.value;
        let cooperation = &kept.value;
        let (state, ending) = match &cooperation.state {
            CooperationState::Active => (pb::CooperationState::Active, None),
            CooperationState::Ended(ending) => (pb::CooperationState::Ended, Some(ending)),
        };
        pb::Cooperation {
            name: kept.name(),
            etag: rpc::etag::of(kept.version),
            region: kept.region.to_string(),
            state: state.into(),
            content: Some(write_content(&cooperation.content)),
            obtained: cooperation.obtained.iter().map(write_obtained).collect(),
            end_date: ending
                .map(|ending| ending.day.to_string())
                .unwrap_or_default(),
            end_reasons: ending
                .map(|ending| ending.reasons.clone())
                .unwrap_or_default(),
            ended_by: ending.map(|ending| ending.by.clone()).unwrap_or_default(),
            create_time: Some(kit::timestamp(dated.created_at)),
            update_time: Some(kit::timestamp(dated.updated_at)),
        }
    }
}

/// Writes the savings of a year.
pub(crate) fn write_savings((year, savings): (&i16, &Savings)) -> pb::YearlySavings {
    pb::YearlySavings {
        year: i32::from(*year),
        expected: decimal(savings.expected),
        obtained: optional(savings.obtained),
        cooperations_expecting: savings.expecting,
        cooperations_told: savings.told,
    }
}
