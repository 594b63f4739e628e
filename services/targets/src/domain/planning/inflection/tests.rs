use kernel::{Actor, ActorKind};
use time::macros::datetime;

use super::*;
use crate::domain::{
    catalogue::tests::some_indicators,
    planning::{EvidenceKind, evidence::tests::cited},
};

const AT: OffsetDateTime = datetime!(2024-05-01 10:00 UTC);

/// A proposed development of surgery, from 1,000 to 1,050 stays.
pub(crate) fn an_inflection() -> Inflection {
    Inflection {
        id: InflectionId::generate(),
        region: "93".parse().unwrap(),
        dialogue: DialogueId::generate(),
        territory: "territoryVersions/zones-93-2023/territories/83-TOULON".to_owned(),
        proposal: Proposal {
            activity: "CHIRURGIE".to_owned(),
            mode: ActivityMode::All,
            indicator: "MCO_STAYS".to_owned(),
            unit: Unit::Stays,
            direction: Direction::Develop,
            from_value: 1000.into(),
            from_year: 2023,
            to_value: 1050.into(),
            horizon: 2026,
            rationale: "Taux de recours inférieur à la région".to_owned(),
            evidence: vec![
                cited(EvidenceKind::PublishedRate),
                cited(EvidenceKind::CaseMix),
            ],
        },
        positions: Vec::new(),
        state: InflectionState::Proposed,
        version: 1,
    }
}

fn somebody() -> HumanActor {
    let actor = Actor {
        subject: "manager-1".to_owned(),
        kind: ActorKind::Human,
        role: "manager".to_owned(),
    };
    actor.as_human().unwrap()
}

fn finess(text: &str) -> Finess {
    text.parse().unwrap()
}

fn invited() -> [Finess; 2] {
    [finess("010000040"), finess("750712184")]
}

fn position(
    inflection: Inflection,
    of: &str,
    stance: Stance,
    reasons: &str,
) -> Result<Inflection, PlanningRefusal> {
    let events = inflection.decide(InflectionCommand::RecordPosition {
        finess: finess(of),
        stance,
        reasons: reasons.to_owned(),
        by: somebody(),
        at: AT,
        invited: &invited(),
    })?;
    Ok(events.iter().fold(inflection, Inflection::evolve))
}

fn agree(inflection: Inflection) -> Result<Inflection, PlanningRefusal> {
    let events = inflection.decide(InflectionCommand::Agree {
        by: somebody(),
        at: AT,
        invited: &invited(),
    })?;
    Ok(events.iter().fold(inflection, Inflection::evolve))
}

#[test]
fn figures_go_the_way_the_direction_says() {
    let reason = |direction, to: i64| {
        let mut proposal = an_inflection().proposal;
        proposal.direction = direction;
        proposal.to_value = to.into();
        match check(&proposal, &some_indicators()) {
            Ok(()) => "",
            Err(PlanningRefusal::Defects(defects)) => defects[0].reason,
            Err(other) => panic!("{other}"),
        }
    };
    for (direction, wrong, right) in [
        (Direction::Develop, 1000, 1001),
        (Direction::Moderate, 1000, 999),
        (Direction::Maintain, 1001, 1000),
    ] {
        assert_eq!(reason(direction, wrong), "DIRECTION_CONTRADICTED");
        assert_eq!(reason(direction, right), "");
    }
}

#[test]
fn a_proposal_without_evidence_is_refused_before_anything_else() {
    let mut proposal = an_inflection().proposal;
    proposal.evidence.clear();
    proposal.horizon = 2020;
    assert_eq!(
        check(&proposal, &some_indicators()),
        Err(PlanningRefusal::EvidenceMissing(
            EvidenceKind::PublishedRate
        ))
    );
}

#[test]
fn everybody_invited_takes_a_position_before_people_agree() {
    let inflection = position(an_inflection(), "010000040", Stance::InFavour, "").unwrap();
    assert_eq!(
        agree(inflection.clone()),
        Err(PlanningRefusal::PositionsMissing(vec![finess("750712184")]))
    );
    let inflection = position(inflection, "750712184", Stance::Absent, "").unwrap();
    assert_eq!(agree(inflection).unwrap().state.as_str(), "agreed");
}

#[test]
fn dissent_needs_reasons_stays_recorded_and_does_not_prevent() {
    assert_eq!(
        position(an_inflection(), "010000040", Stance::Against, " "),
        Err(PlanningRefusal::DissentWithoutReasons)
    );
    let inflection = position(
        an_inflection(),
        "010000040",
        Stance::Against,
        "Le bloc opératoire est saturé.",
    )
    .unwrap();
    let inflection = position(inflection, "750712184", Stance::Abstains, "").unwrap();
    let agreed = agree(inflection).unwrap();
    let dissent: Vec<&str> = agreed
        .dissent()
        .map(|against| against.reasons.as_str())
        .collect();
    assert_eq!(dissent, ["Le bloc opératoire est saturé."]);
    assert_eq!(
        position(agreed, "010000040", Stance::InFavour, ""),
        Err(PlanningRefusal::InflectionDecided { state: "agreed" })
    );
}

#[test]
fn a_later_position_replaces_the_earlier_one_of_the_same_establishment() {
    let inflection = position(an_inflection(), "010000040", Stance::Against, "Trop tôt.").unwrap();
    let inflection = position(inflection, "010000040", Stance::InFavour, "").unwrap();
    assert_eq!(
        (inflection.positions.len(), inflection.dissent().count()),
        (1, 0)
    );
}

#[test]
fn who_was_not_invited_has_no_position() {
    assert_eq!(
        position(an_inflection(), "590782637", Stance::InFavour, ""),
        Err(PlanningRefusal::NotAParticipant(finess("590782637")))
    );
}
