//! Frameworks, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use super::reading;
use crate::{
    domain::planning::{
        FrameworkSide, FrameworkState, Line, RegionalFramework, framework::AmbulatoryShare,
    },
    grpc::{objectives::write_unit, scalars::decimal},
    store::planning::Dated,
};

/// Reads lines. Every one that cannot be read is named.
pub(crate) fn read_lines(lines: &[pb::FrameworkLine]) -> Result<Vec<Line>, Error> {
    reading::all(lines, |place, line| {
        read_line(&format!("lines[{place}]"), line)
    })
}

fn read_line(path: &str, line: &pb::FrameworkLine) -> Result<Line, Violation> {
    let ambulatory = match (
        line.ambulatory_share_percent.as_str(),
        line.ambulatory_indicator.as_str(),
    ) {
        ("", "") => None,
        ("", _) | (_, "") => {
            let why = "a share and the indicator that counts it go together";
            return Err(reading::wrong(path, ".ambulatory_indicator", why));
        }
        (percent, indicator) => Some(AmbulatoryShare {
            percent: reading::decimal(path, ".ambulatory_share_percent", percent)?,
            indicator: indicator.to_owned(),
        }),
    };
    Ok(Line {
        activity: line.activity.clone(),
        mode: reading::mode(path, line.mode())?,
        indicator: line.indicator.clone(),
        unit: reading::unit(path, line.unit())?,
        baseline: reading::decimal(path, ".baseline", &line.baseline)?,
        baseline_year: reading::year(path, ".baseline_year", line.baseline_year)?,
        target_year: reading::year(path, ".target_year", line.target_year)?,
        growth_percent: reading::decimal(path, ".growth_percent", &line.growth_percent)?,
        ambulatory,
        source: line.source.clone(),
    })
}

/// Writes lines.
pub(crate) fn write_lines(lines: &[Line]) -> Vec<pb::FrameworkLine> {
    lines.iter().map(write_line).collect()
}

pub(crate) fn write_line(line: &Line) -> pb::FrameworkLine {
    let ambulatory = line.ambulatory.as_ref();
    pb::FrameworkLine {
        activity: line.activity.clone(),
        mode: reading::write_mode(line.mode).into(),
        indicator: line.indicator.clone(),
        unit: write_unit(line.unit).into(),
        baseline: decimal(line.baseline),
        baseline_year: line.baseline_year.into(),
        target_year: line.target_year.into(),
        growth_percent: decimal(line.growth_percent),
        ambulatory_share_percent: ambulatory
            .map(|share| decimal(share.percent))
            .unwrap_or_default(),
        ambulatory_indicator: ambulatory
            .map(|share| share.indicator.clone())
            .unwrap_or_default(),
        source: line.source.clone(),
    }
}

pub(crate) fn write_side(side: FrameworkSide) -> pb::FrameworkSide {
    match side {
        FrameworkSide::NationalCouncil => pb::FrameworkSide::NationalCouncil,
        FrameworkSide::Ars => pb::FrameworkSide::Ars,
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::FrameworkState) -> Option<&'static str> {
    match state {
        pb::FrameworkState::Unspecified => None,
        pb::FrameworkState::Draft => Some("draft"),
        pb::FrameworkState::Agreed => Some("agreed"),
    }
}

/// Writes a framework.
pub(crate) fn write(dated: &Dated<RegionalFramework>) -> pb::RegionalFramework {
    let framework = &dated.value;
    let state = match framework.state {
        FrameworkState::Draft { .. } => pb::FrameworkState::Draft,
        FrameworkState::Agreed => pb::FrameworkState::Agreed,
    };
    let agreed_by = framework.state.agreed_by();
    pb::RegionalFramework {
        name: framework.id.to_string(),
        etag: rpc::etag::of(framework.version),
        region: framework.region.to_string(),
        revision: framework.revision,
        state: state.into(),
        effect_date: framework.term.effect_date.to_string(),
        end_date: framework.term.end_date.to_string(),
        lines: write_lines(&framework.lines),
        note: framework.note.clone(),
        agreed_by: agreed_by
            .into_iter()
            .map(|side| write_side(side).into())
            .collect(),
        create_time: Some(kit::timestamp(dated.created_at)),
        update_time: Some(kit::timestamp(dated.updated_at)),
    }
}
