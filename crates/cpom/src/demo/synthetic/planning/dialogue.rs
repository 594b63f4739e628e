//! The framework of the region, and the dialogue of one territory: a change that is retained against a dissent, and one
//! that is still discussed.

use proto::{
    targets::v1::{
        ActivityMode, DiagnosisFinding, DialogueSession, DraftFrameworkRequest, Evidence,
        EvidenceKind, FrameworkLine, InflectionDirection, InflectionProposal, Participant,
        Position, Stance,
    },
    types::v1::Unit,
};

use super::{
    Measure, SOURCE, Sites, VALLEY, Volume,
    ground::{SERIES, medical_stays},
};
use crate::demo::{
    planning::planned::{PlannedDialogue, PlannedInflection},
    synthetic::{REGION, network::Site, shapes},
};

/// Establishments that are invited, at most.
const INVITED: usize = 3;
/// The year that changes start from.
const START: i32 = 2023;

pub(super) fn framework(measures: &[Measure]) -> DraftFrameworkRequest {
    let line = |activity: &str, volume: Volume, growth: &str| {
        let of_volume = measures.iter().filter(|measure| measure.volume == volume);
        let baseline: u64 = of_volume.map(|measure| measure.baseline).sum();
        FrameworkLine {
            activity: activity.to_owned(),
            mode: ActivityMode::All.into(),
            indicator: volume.indicator().to_owned(),
            unit: Unit::from(volume).into(),
            baseline: baseline.to_string(),
            baseline_year: 2022,
            target_year: 2026,
            growth_percent: growth.to_owned(),
            source: format!("{SOURCE}, moyenne 2019-2022"),
            ..Default::default()
        }
    };
    DraftFrameworkRequest {
        region: REGION.to_owned(),
        effect_date: "2024-01-01".to_owned(),
        end_date: "2028-12-31".to_owned(),
        lines: vec![
            line("MCO", Volume::Stays, "1"),
            line("SMR", Volume::RehabilitationDays, "4"),
        ],
        ..Default::default()
    }
}

/// None where nobody could be invited.
pub(super) fn of_valley(sites: &Sites<'_>, measures: &[Measure]) -> Option<PlannedDialogue> {
    let mut invited = sites.hospitals_of(VALLEY);
    invited.truncate(INVITED);
    let (last, others) = invited.split_last()?;
    let in_favour = others
        .iter()
        .map(|site| position(site, Stance::InFavour, ""));
    let against = position(
        last,
        Stance::Against,
        "La part de patients âgés est plus forte que ne le dit la standardisation.",
    );
    let volume: u64 = measures
        .iter()
        .filter(|measure| measure.volume == Volume::Stays)
        .filter(|measure| invited.iter().any(|site| site.finess == measure.subject))
        .map(|measure| measure.target(START))
        .sum();
    let retained = PlannedInflection {
        proposal: InflectionProposal {
            activity: "MCO".to_owned(),
            mode: ActivityMode::All.into(),
            indicator: Volume::Stays.indicator().to_owned(),
            direction: InflectionDirection::Moderate.into(),
            from_value: volume.to_string(),
            to_value: (volume * 97 / 100).to_string(),
            rationale:
                "Rapprocher le recours de celui de la région, en développant le suivi à domicile."
                    .to_owned(),
            ..proposal()
        },
        positions: in_favour.chain([against]).collect(),
        is_agreed: true,
    };
    let ambulatory = volume / 4;
    let discussed = PlannedInflection {
        proposal: InflectionProposal {
            activity: "CHIRURGIE".to_owned(),
            mode: ActivityMode::Ambulatory.into(),
            indicator: "MCO_DAY_STAYS".to_owned(),
            direction: InflectionDirection::Develop.into(),
            from_value: ambulatory.to_string(),
            to_value: (ambulatory + ambulatory / 10 + 1).to_string(),
            rationale: "Prendre en charge sans nuit ce qui peut l’être, avec un circuit dédié."
                .to_owned(),
            ..proposal()
        },
        positions: others
            .iter()
            .take(1)
            .map(|site| position(site, Stance::InFavour, ""))
            .collect(),
        is_agreed: false,
    };
    let participant = |site: &&Site| Participant {
        finess: site.finess.to_string(),
        title: site.title.clone(),
    };
    let council = Participant {
        finess: String::new(),
        title: "Conseil territorial de santé".to_owned(),
    };
    Some(PlannedDialogue {
        territory: shapes::territory(VALLEY),
        title: format!("Dialogue du territoire {}", shapes::ZONES[VALLEY]),
        participants: invited.iter().map(participant).chain([council]).collect(),
        sessions: vec![DialogueSession {
            date: "2025-03-13".to_owned(),
            subject: "Diagnostic partagé".to_owned(),
            minutes: "L’indice de recours dépasse celui de la région\u{a0}; l’offre de proximité explique une part de l’écart. Les établissements demandent que l’âge des patients soit regardé de plus près.".to_owned(),
            present: invited.iter().map(|site| site.finess.to_string()).collect(),
        }],
        diagnosis: vec![DiagnosisFinding {
            statement: "Le recours à la médecine est nettement supérieur à celui de la région."
                .to_owned(),
            evidence: evidence(),
        }],
        inflections: vec![retained, discussed],
    })
}

/// What both have in common.
fn proposal() -> InflectionProposal {
    InflectionProposal {
        unit: Unit::Stays.into(),
        from_year: START,
        horizon: 2026,
        evidence: evidence(),
        ..Default::default()
    }
}

/// What was published, and what it was computed from.
fn evidence() -> Vec<Evidence> {
    let cited = |kind: EvidenceKind, reference: String, figure: String| Evidence {
        kind: kind.into(),
        reference,
        locator: format!("{};MEDECINE;{START}", shapes::code(VALLEY)),
        figure,
    };
    vec![
        cited(
            EvidenceKind::PublishedRate,
            format!("publishedRateSets/{SERIES}/versions/1"),
            "indice voisin de 1,3".to_owned(),
        ),
        cited(
            EvidenceKind::CaseMix,
            String::new(),
            format!("{} séjours", medical_stays(VALLEY)),
        ),
    ]
}

fn position(site: &Site, stance: Stance, reasons: &str) -> Position {
    Position {
        finess: site.finess.to_string(),
        stance: stance.into(),
        reasons: reasons.to_owned(),
        ..Default::default()
    }
}
