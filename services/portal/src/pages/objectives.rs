//! The objectives of a contract with what was realised: pictures and the same numbers in tables.

use std::collections::BTreeMap;

use kernel::Decimal;
use proto::{
    contracts::v1::Contract,
    controls::v1::{
        Comparison, GetControlRequest, ListControlsRequest, ListTolerancePoliciesRequest,
        TolerancePolicy,
    },
    targets::v1::{
        ListTargetSetsRequest, Objective, ObjectiveRealisation, RealisedState,
        StreamRealisationsRequest, TargetSet, TargetSetState, YearlyTarget,
    },
};
use tonic::{Code, Status};

use super::{id_of, visible};
use crate::{
    Failure,
    picture::{Bullet, Realised, bullets},
    services::{Services, every, within},
    table::{Cell, Table},
    text::{labels, numbers},
};

/// One objective, ready to be shown.
pub(crate) struct Shown {
    pub(crate) title: String,
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
    pub(crate) is_opposable: bool,
    pub(crate) baseline: String,
    pub(crate) note: String,
    pub(crate) picture: String,
    pub(crate) table: Table,
    pub(crate) years: Vec<Bullet>,
}

/// Every objective of a contract.
pub(crate) struct Objectives {
    pub(crate) set: Option<TargetSet>,
    pub(crate) shown: Vec<Shown>,
    /// The whole, one line a year, for export.
    pub(crate) table: Table,
}

impl Objectives {
    /// Years of objectives whose figure is certainly outside what is tolerated.
    pub(crate) fn out(&self) -> usize {
        let years = self.shown.iter().flat_map(|one| &one.years);
        years.filter(|year| year.is_out()).count()
    }
}

/// Controls of one contract: one a year.
const MOST_CONTROLS: usize = 50;

/// By year, then by objective.
type ByYear = BTreeMap<i32, BTreeMap<String, Realised>>;

/// Reads targets, realisations and tolerances.
pub(crate) async fn read(services: &Services, contract: &Contract) -> Result<Objectives, Failure> {
    let Some(set) = current_set(services, contract).await? else {
        return Ok(Objectives {
            set: None,
            shown: Vec::new(),
            table: whole_table(),
        });
    };
    let years: Vec<i32> = years(&set);
    let (realised, policies) = tokio::try_join!(
        realised(services, contract, &years),
        policies(services, &contract.region)
    )?;
    let mut table = whole_table();
    let shown = (1..)
        .zip(&set.objectives)
        .map(|(rank, objective)| show(rank, objective, &realised, &policies, &mut table))
        .collect();
    Ok(Objectives {
        set: Some(set),
        shown,
        table,
    })
}

/// The set that counts: the one in effect, else the latest that has not ended.
async fn current_set(
    services: &Services,
    contract: &Contract,
) -> Result<Option<TargetSet>, Failure> {
    let request = ListTargetSetsRequest {
        contract: contract.name.clone(),
        ..Default::default()
    };
    let (sets, _) = every!(
        services.target_sets(),
        list_target_sets,
        request,
        target_sets,
        MOST_CONTROLS
    )?;
    let rank = |set: &TargetSet| match set.state() {
        TargetSetState::InEffect => 3,
        TargetSetState::Agreed => 2,
        TargetSetState::Draft => 1,
        _ => 0,
    };
    Ok(sets.into_iter().max_by_key(rank))
}

fn years(set: &TargetSet) -> Vec<i32> {
    let mut years: Vec<i32> = set
        .objectives
        .iter()
        .flat_map(|objective| &objective.yearly)
        .map(|target| target.year)
        .collect();
    years.sort_unstable();
    years.dedup();
    years
}

/// What was realised: as targets computes it, or, for those who may not ask it, as the controls recorded it; nothing for who may
/// read neither.
async fn realised(
    services: &Services,
    contract: &Contract,
    years: &[i32],
) -> Result<ByYear, Failure> {
    let asked = years.iter().map(|year| one_year(services, contract, *year));
    match futures::future::try_join_all(asked).await {
        Ok(answers) => Ok(years.iter().copied().zip(answers).collect()),
        Err(status) if status.code() == Code::PermissionDenied => {
            from_controls(services, contract).await
        }
        Err(status) => Err(status.into()),
    }
}

async fn one_year(
    services: &Services,
    contract: &Contract,
    year: i32,
) -> Result<BTreeMap<String, Realised>, Status> {
    let request = StreamRealisationsRequest {
        region: contract.region.clone(),
        year,
        contracts: vec![contract.name.clone()],
        ..Default::default()
    };
    let mut stream = services
        .indicators()
        .stream_realisations(within(request))
        .await?
        .into_inner();
    let mut found = BTreeMap::new();
    while let Some(answer) = stream.message().await? {
        for objective in answer.objectives {
            found.insert(objective.objective.clone(), figure(&objective));
        }
    }
    Ok(found)
}

fn figure(realisation: &ObjectiveRealisation) -> Realised {
    let number = |text: &str| text.parse::<Decimal>().ok();
    let value = number(&realisation.value);
    match (realisation.state(), value) {
        (RealisedState::Exact, Some(value)) => Realised::Exact(value),
        (RealisedState::Masked, Some(value)) => {
            Realised::Between(value, number(&realisation.upper).unwrap_or(value))
        }
        (RealisedState::Incomplete, Some(value)) => Realised::SoFar(value),
        _ => Realised::Unknown,
    }
}

async fn from_controls(services: &Services, contract: &Contract) -> Result<ByYear, Failure> {
    let request = ListControlsRequest {
        contract: contract.name.clone(),
        ..Default::default()
    };
    let listed = every!(
        services.controls(),
        list_controls,
        request,
        controls,
        MOST_CONTROLS
    );
    let (controls, _) = visible(listed)?.unwrap_or_default();
    let mut found = ByYear::new();
    for control in controls {
        let request = GetControlRequest { name: control.name };
        let whole = services
            .controls()
            .get_control(within(request))
            .await?
            .into_inner();
        let year = found.entry(whole.year).or_default();
        for comparison in &whole.comparisons {
            year.insert(comparison.objective.clone(), recorded(comparison));
        }
    }
    Ok(found)
}

/// The figure that a control recorded among the data of its calculation.
fn recorded(comparison: &Comparison) -> Realised {
    let input = |name: &str| {
        let inputs = comparison.trace.iter().flat_map(|trace| &trace.inputs);
        inputs
            .filter(|input| input.name == name)
            .find_map(|input| input.value.parse::<Decimal>().ok())
    };
    if let Some(value) = input("réalisé") {
        return Realised::Exact(value);
    }
    if let Some((low, high)) = input("réalisé minimal").zip(input("réalisé maximal")) {
        return Realised::Between(low, high);
    }
    input("réalisé partiel").map_or(Realised::Unknown, Realised::SoFar)
}

async fn policies(services: &Services, region: &str) -> Result<Vec<TolerancePolicy>, Failure> {
    let request = ListTolerancePoliciesRequest {
        region: region.to_owned(),
        ..Default::default()
    };
    let listed = every!(
        services.policies(),
        list_tolerance_policies,
        request,
        tolerance_policies,
        MOST_CONTROLS
    );
    // Councils read targets, and neither tolerances nor controls.
    Ok(visible(listed)?.unwrap_or_default().0)
}

/// The tolerance around a point target in a year, in per cent, where the region has set one.
fn tolerance(policies: &[TolerancePolicy], year: i32) -> Option<Decimal> {
    let applicable = policies
        .iter()
        .filter_map(|policy| {
            Some((
                policy.create_time.map(|t| t.seconds),
                policy.rules.as_ref()?,
            ))
        })
        .filter(|(_, rules)| (rules.first_year..=rules.last_year).contains(&year));
    let (_, rules) = applicable.max_by_key(|(created, _)| *created)?;
    rules.conforming_percent.parse().ok()
}

/// Target and band of one year.
fn target(
    yearly: &YearlyTarget,
    tolerance: Option<Decimal>,
) -> (Option<Decimal>, Option<(Decimal, Decimal)>) {
    if let Some(band) = &yearly.band {
        let bounds = band.min.parse().ok().zip(band.max.parse().ok());
        return (None, bounds);
    }
    let point: Option<Decimal> = yearly.point.parse().ok();
    let band = point.zip(tolerance).map(|(point, percent)| {
        let margin = point * percent / Decimal::ONE_HUNDRED;
        (point - margin, point + margin)
    });
    (point, band)
}

fn whole_table() -> Table {
    Table::new(
        "objectifs",
        "Objectifs",
        &[
            "Objectif",
            "Site",
            "Nature",
            "Unité",
            "Année",
            "Cible#",
            "Borne basse#",
            "Borne haute#",
            "Réalisé#",
            "Observation",
        ],
    )
}

fn show(
    rank: usize,
    objective: &Objective,
    realised: &ByYear,
    policies: &[TolerancePolicy],
    whole: &mut Table,
) -> Shown {
    let unit = labels::unit(objective.unit());
    let kind = labels::objective_kind(objective.kind());
    let mut table = Table::new(
        "objectif",
        format!("{} ({unit})", objective.title),
        &["Année", "Cible#", "Tolérance#", "Réalisé#", "Écart#"],
    );
    let mut years = Vec::new();
    for yearly in &objective.yearly {
        let (point, band) = target(yearly, tolerance(policies, yearly.year));
        let figure = realised
            .get(&yearly.year)
            .and_then(|year| year.get(&objective.id))
            .copied()
            .unwrap_or(Realised::Unknown);
        let bullet = Bullet {
            year: yearly.year,
            target: point,
            band,
            realised: figure,
        };
        table.push(vec![
            Cell::text(yearly.year.to_string()),
            point.map_or(Cell::Empty, Cell::Number),
            Cell::text(band.map_or_else(
                || "—".to_owned(),
                |(low, high)| format!("{} à {}", numbers::decimal(low), numbers::decimal(high)),
            )),
            shown_figure(figure),
            Cell::text(gap(point, figure)),
        ]);
        whole.push(vec![
            Cell::text(objective.title.as_str()),
            Cell::text(objective.subject.as_str()),
            Cell::text(kind),
            Cell::text(unit),
            Cell::text(yearly.year.to_string()),
            point.map_or(Cell::Empty, Cell::Number),
            band.map_or(Cell::Empty, |(low, _)| Cell::Number(low)),
            band.map_or(Cell::Empty, |(_, high)| Cell::Number(high)),
            shown_figure(figure),
            Cell::text(if bullet.is_out() {
                "hors tolérance"
            } else {
                ""
            }),
        ]);
        years.push(bullet);
    }
    let baseline = objective
        .baseline
        .as_ref()
        .map_or_else(String::new, |baseline| {
            format!(
                "Référence {} : {} {unit}",
                baseline.period,
                numbers::from_wire(&baseline.value)
            )
        });
    Shown {
        title: objective.title.clone(),
        kind,
        subject: objective.subject.clone(),
        is_opposable: objective.opposable,
        baseline,
        note: objective.note.clone(),
        picture: bullets(&format!("objectif-{rank}"), &objective.title, unit, &years),
        table,
        years,
    }
}

fn shown_figure(figure: Realised) -> Cell {
    match figure {
        Realised::Exact(value) => Cell::Number(value),
        Realised::Between(low, high) => Cell::text(format!(
            "{} à {} (masqué)",
            numbers::decimal(low),
            numbers::decimal(high)
        )),
        Realised::SoFar(value) => Cell::text(format!("{} (incomplet)", numbers::decimal(value))),
        Realised::Unknown => Cell::Empty,
    }
}

/// How far an exact figure is from a point target.
fn gap(target: Option<Decimal>, figure: Realised) -> String {
    match (target, figure) {
        (Some(target), Realised::Exact(value)) if !target.is_zero() => {
            numbers::signed_percent((value - target) / target * Decimal::ONE_HUNDRED)
        }
        _ => "—".to_owned(),
    }
}

/// Sites of a contract by their numbers, for the names of the subjects.
pub(crate) fn name_subjects(objectives: &mut Objectives, titles: &BTreeMap<String, String>) {
    for shown in &mut objectives.shown {
        let title = titles
            .iter()
            .find(|(name, _)| id_of(name) == shown.subject)
            .map(|(_, title)| title);
        if let Some(title) = title {
            shown.subject = format!("{title} ({})", shown.subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::controls::v1::{CalculationTrace, ToleranceRules, TraceInput};

    use super::*;

    #[test]
    fn a_point_has_the_band_of_the_latest_policy_of_its_year_and_a_band_is_its_own() {
        let policy = |seconds, percent: &str| TolerancePolicy {
            create_time: Some(prost_types::Timestamp { seconds, nanos: 0 }),
            rules: Some(ToleranceRules {
                first_year: 2024,
                last_year: 2026,
                conforming_percent: percent.to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let policies = [policy(2, "5"), policy(1, "10")];
        assert_eq!(tolerance(&policies, 2025), "5".parse().ok());
        assert_eq!(tolerance(&policies, 2030), None);
        let point = YearlyTarget {
            year: 2025,
            point: "200".to_owned(),
            band: None,
        };
        assert_eq!(
            target(&point, tolerance(&policies, 2025)),
            (Some(200.into()), Some((190.into(), 210.into())))
        );
    }

    #[test]
    fn figures_are_read_from_the_calculation_of_a_control() {
        let comparison = |inputs: &[(&str, &str)]| Comparison {
            trace: Some(CalculationTrace {
                inputs: inputs
                    .iter()
                    .map(|(name, value)| TraceInput {
                        name: (*name).to_owned(),
                        value: (*value).to_owned(),
                        source: String::new(),
                    })
                    .collect(),
                ..Default::default()
            }),
            ..Default::default()
        };
        assert_eq!(
            recorded(&comparison(&[("cible", "10"), ("réalisé", "7")])),
            Realised::Exact(7.into())
        );
        assert_eq!(
            recorded(&comparison(&[("réalisé", "absent")])),
            Realised::Unknown
        );
        assert_eq!(
            recorded(&comparison(&[
                ("réalisé minimal", "1"),
                ("réalisé maximal", "10")
            ])),
            Realised::Between(1.into(), 10.into())
        );
    }
}
