//! What journeys look for in the region beside what the demonstration makes: text that would be code where it is not kept
//! text, rates that were corrected, a dialogue and a scheme that wait for somebody, and EHPAD that stand side by side.

use anyhow::{Context as _, ensure};
use cpom::demo::{
    plan::Plan,
    planning::{
        Planning,
        planned::{PlannedDialogue, PlannedInflection},
    },
    synthetic::{self, planning::ground::SERIES, shapes},
};
use proto::{
    targets::v1::{
        ActivityMode, Capacity, CapacityKind, CarePublic, DiagnosisFinding, DialogueSession,
        Evidence, EvidenceKind, InflectionDirection, InflectionProposal, Participant, Position,
        ReceptionMode, Stance,
    },
    types::v1::Unit,
};

use crate::tariffs;

/// The region that exists nowhere.
pub(crate) const REGION: &str = "00";
/// The one that `cargo dev up` shows.
const SEED: u64 = 42;
/// The territory that the dialogue is about.
const VALLEY: usize = 1;

/// The plan of the synthetic region as the journeys want it, and the FINESS numbers of its first establishments.
pub(crate) fn plan() -> anyhow::Result<(Plan, Vec<String>)> {
    let mut plan = synthetic::plan(SEED);
    let of_contracts = plan.contracts.iter();
    let mut sites: Vec<String> = of_contracts
        .flat_map(|contract| &contract.establishments)
        .map(ToString::to_string)
        .collect();
    sites.sort_unstable();
    sites.truncate(12);
    ensure!(sites.len() == 12, "too few establishments");
    let planning = plan.planning.as_mut().context("a planning")?;
    correct_rates(planning)?;
    planning.dialogues.push(dialogue(&sites));
    planning.places = places(&sites);
    planning.places.extend(tariffs::places(&sites));
    planning.allowances = tariffs::allowances(&sites);
    // Journeys record these themselves.
    planning.allowance_targets.clear();
    planning.point_values.clear();
    planning.programming = None;
    let scheme = planning.scheme.as_mut().context("a scheme")?;
    scheme.decision = None;
    scheme.content.source = "Recueil imaginaire <b>2024</b>".to_owned();
    Ok((plan, sites))
}

/// A second version of the rates.
fn correct_rates(planning: &mut Planning) -> anyhow::Result<()> {
    let mut corrected = planning.rates.first().context("rates")?.clone();
    corrected.title = "Recours à l’hôpital en 2023 <b>région synthétique</b>".to_owned();
    corrected.correction = "Séjours de décembre, oubliés dans la version 1.".to_owned();
    planning.rates.push(corrected);
    Ok(())
}

/// A dialogue in which one of two establishments has not spoken yet.
fn dialogue(sites: &[String]) -> PlannedDialogue {
    let invited = |rank: usize, title: &str| Participant {
        finess: sites[rank].clone(),
        title: title.to_owned(),
    };
    let cited = |kind: EvidenceKind, reference: &str, figure: &str| Evidence {
        kind: kind.into(),
        reference: reference.to_owned(),
        locator: "Z1;CHIRURGIE;2023".to_owned(),
        figure: figure.to_owned(),
    };
    let evidence = vec![
        cited(
            EvidenceKind::PublishedRate,
            &format!("publishedRateSets/{SERIES}/versions/2"),
            "indice 1,30",
        ),
        cited(EvidenceKind::CaseMix, "", "1 240 séjours"),
    ];
    PlannedDialogue {
        territory: shapes::territory(VALLEY),
        title: "Dialogue de la Vallée haute".to_owned(),
        participants: vec![
            invited(0, "Centre hospitalier <script>alert(1)</script>"),
            invited(1, "Clinique de la Vallée"),
            Participant {
                finess: String::new(),
                title: "Conseil territorial de santé".to_owned(),
            },
        ],
        sessions: vec![DialogueSession {
            date: "2025-10-02".to_owned(),
            subject: "Ouverture".to_owned(),
            minutes: "L’indice de recours dépasse d’un tiers celui de la région ; l’offre de proximité explique une part.".to_owned(),
            present: vec![sites[0].clone()],
        }],
        diagnosis: vec![DiagnosisFinding {
            statement: "Le recours chirurgical est nettement supérieur à celui de la région."
                .to_owned(),
            evidence: evidence.clone(),
        }],
        inflections: vec![PlannedInflection {
            proposal: InflectionProposal {
                activity: "CHIRURGIE".to_owned(),
                mode: ActivityMode::All.into(),
                indicator: "MCO_STAYS".to_owned(),
                unit: Unit::Stays.into(),
                direction: InflectionDirection::Moderate.into(),
                from_value: "1240".to_owned(),
                from_year: 2023,
                to_value: "1150".to_owned(),
                horizon: 2026,
                rationale: "Rapprocher le recours chirurgical de celui de la région, en développant le suivi à domicile.".to_owned(),
                evidence,
            },
            positions: vec![Position {
                finess: sites[0].clone(),
                stance: Stance::Against.into(),
                reasons: "La part de patients âgés est plus forte que ne le dit la standardisation."
                    .to_owned(),
                ..Default::default()
            }],
            is_agreed: false,
        }],
    }
}

/// Authorised places that nothing finances yet, some of them at home.
fn places(sites: &[String]) -> Vec<Capacity> {
    let line = |rank: usize, mode: ReceptionMode, places: i32| Capacity {
        establishment: sites[rank % sites.len()].clone(),
        line: format!("ligne-{rank}"),
        category: "500".to_owned(),
        kind: CapacityKind::Authorised.into(),
        mode: mode.into(),
        public: CarePublic::OlderPeople.into(),
        places,
        opening_days: 0,
        valid_from: "2020-01-01".to_owned(),
        commune: format!("00{:03}", rank + 1),
        plans: Vec::new(),
        decision: "Arrêté de démonstration".to_owned(),
    };
    (0..)
        .zip([120, 64, 210, 90, 155, 48, 130, 75])
        .map(|(rank, places)| {
            let mode = if rank == 6 {
                ReceptionMode::Home
            } else {
                ReceptionMode::Permanent
            };
            line(rank, mode, places)
        })
        .collect()
}
