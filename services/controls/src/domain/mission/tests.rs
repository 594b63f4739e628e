//! Who records what, when, and what becomes of it.

use super::*;
use crate::domain::{
    campaign,
    objective::{Target, Unit, YearlyTarget},
    pmsi::PmsiData,
};
use time::macros::{date, datetime};

const AT: OffsetDateTime = datetime!(2025-03-11 08:00 UTC);

fn person(subject: &str) -> HumanActor {
    let actor = Actor {
        subject: subject.into(),
        kind: ActorKind::Human,
        role: "controller".into(),
    };
    actor.as_human().unwrap()
}

fn letter() -> Letter {
    Letter {
        reference: "LM-2025-014".into(),
        date: date!(2025 - 03 - 03),
        signatory: "A. Martin, directrice générale".into(),
    }
}

fn mission() -> Mission {
    Mission {
        id: MissionId(uuid::Uuid::nil()),
        region: "93".parse().unwrap(),
        contract: ContractId::generate(),
        campaign: CampaignId::generate(),
        control: ControlId::generate(),
        programme: None,
        kind: Kind::OnSite,
        letter: letter(),
        team: vec!["c".into()],
        days: (date!(2025 - 03 - 10), date!(2025 - 03 - 14)),
        state: State::Open,
        created_at: AT,
        version: 1,
    }
}

fn reasons() -> Reasons {
    "Deux postes de nuit sont vacants."
        .to_owned()
        .try_into()
        .unwrap()
}

fn objective(opposable: bool) -> Objective {
    Objective {
        id: "places".into(),
        title: "Places".into(),
        subject: "130786049".into(),
        indicator: "PLACES".into(),
        unit: Unit::Places,
        yearly: vec![YearlyTarget {
            year: 2024,
            target: Target::Point("10".parse().unwrap()),
        }],
        opposable,
        penalty_eligible: opposable,
    }
}

fn deviation<'a>(objectives: &'a [Objective], files: &'a [EvidenceId]) -> Draft<'a> {
    Draft {
        id: RemarkId::generate(),
        is_deviation: true,
        text: reasons(),
        legal_basis: "clause 4.2 du contrat".into(),
        severity: Some(Severity::Grave),
        objective: String::new(),
        opposable: true,
        evidence: vec![],
        objectives,
        files,
    }
}

fn fields(wrong: Result<Remark, Inconsistent>) -> Vec<String> {
    let Inconsistent(defects) = wrong.unwrap_err();
    defects.into_iter().map(|defect| defect.field).collect()
}

#[test]
fn the_team_records_during_the_mission_and_nobody_else_and_at_no_other_time() {
    let mission = mission();
    let record = |who: &str, day| mission.require_recording(&person(who), day, ("files", 0));
    assert_eq!(record("c", date!(2025 - 03 - 10)), Ok(()));
    assert_eq!(record("c", date!(2025 - 03 - 14)), Ok(()));
    assert_eq!(
        record("d", date!(2025 - 03 - 11)),
        Err(Refusal::NotOnMission)
    );
    for day in [date!(2025 - 03 - 09), date!(2025 - 03 - 15)] {
        assert!(matches!(
            record("c", day),
            Err(Refusal::MissionOutOfDate { .. })
        ));
    }
    let full = mission.require_recording(&person("c"), date!(2025 - 03 - 11), ("files", MOST));
    assert_eq!(full, Err(Refusal::MissionFull { what: "files" }));
}

#[test]
fn a_mission_ends_once_and_nothing_is_added_afterwards() {
    let mission = mission();
    let early = mission.report(&person("c"), date!(2025 - 03 - 09), reasons(), AT);
    assert!(matches!(early, Err(Refusal::MissionOutOfDate { .. })));
    assert_eq!(
        mission.report(&person("d"), date!(2025 - 03 - 20), reasons(), AT),
        Err(Refusal::NotOnMission)
    );
    // A report may be written after the last day.
    let reported = mission
        .report(&person("c"), date!(2025 - 03 - 20), reasons(), AT)
        .unwrap();
    let reported = mission.clone().next(reported);
    assert_eq!((reported.state.as_str(), reported.version), ("reported", 2));
    let over = Refusal::MissionOver { state: "reported" };
    assert_eq!(
        reported.cancel(&person("d"), reasons(), AT),
        Err(over.clone())
    );
    assert_eq!(
        reported.require_recording(&person("c"), date!(2025 - 03 - 11), ("files", 0)),
        Err(over)
    );
    let cancelled = mission.cancel(&person("d"), reasons(), AT).unwrap();
    assert_eq!(cancelled.as_str(), "cancelled");
}

#[test]
fn what_may_be_done_is_what_the_acts_answer() {
    let open = mission();
    let state = open
        .report(&person("c"), date!(2025 - 03 - 20), reasons(), AT)
        .unwrap();
    let reported = open.clone().next(state);
    let days = [
        date!(2025 - 03 - 09),
        date!(2025 - 03 - 10),
        date!(2025 - 03 - 15),
    ];
    for mission in [open, reported] {
        for subject in ["c", "d"] {
            for today in days {
                let (files, remarks) = (MOST, 0);
                let by = person(subject);
                let now = Situation {
                    subject,
                    today,
                    files,
                    remarks,
                };
                let done = [
                    (
                        "UploadEvidence",
                        mission.require_recording(&by, today, ("files", files)),
                    ),
                    (
                        "RecordRemark",
                        mission.require_recording(&by, today, ("remarks", remarks)),
                    ),
                    (
                        "ReportMission",
                        mission.report(&by, today, reasons(), AT).map(drop),
                    ),
                    (
                        "CancelMission",
                        mission.cancel(&by, reasons(), AT).map(drop),
                    ),
                ];
                assert_eq!(mission.acts(&now), done);
            }
        }
    }
}

#[test]
fn a_mission_follows_its_letter() {
    let opening = |date, last| Opening {
        letter: Letter { date, ..letter() },
        days: (date!(2025 - 03 - 10), last),
    };
    let fields = |opening: Opening| -> Vec<_> {
        opening
            .defects()
            .into_iter()
            .map(|defect| defect.field)
            .collect()
    };
    let good = opening(date!(2025 - 03 - 10), date!(2025 - 03 - 10));
    assert!(fields(good).is_empty());
    let wrong = opening(date!(2025 - 03 - 11), date!(2025 - 03 - 09));
    assert_eq!(fields(wrong), ["end_date", "letter.date"]);
}

#[test]
fn a_mission_is_not_opened_in_a_closed_campaign() {
    let frozen = campaign::Frozen {
        freeze_time: AT,
        policy_version: 1,
        pmsi: PmsiData::default(),
        contracts: 1,
        target_sets: 1,
        target_sets_sha256: [0; 32],
    };
    let shared = campaign::Shared {
        message: reasons(),
        at: AT,
    };
    let open = campaign::State::Shared(frozen.clone(), shared.clone());
    assert_eq!(may_open(&open), Ok(()));
    let closed = campaign::State::Closed(frozen, shared);
    assert_eq!(may_open(&closed), Err(Refusal::MissionCampaignClosed));
}

#[test]
fn a_deviation_names_its_basis_and_its_severity_and_a_remark_has_neither() {
    let file = EvidenceId::generate();
    let remark = Draft {
        is_deviation: false,
        severity: None,
        legal_basis: String::new(),
        opposable: false,
        ..deviation(&[], &[])
    };
    let remark = Remark::check(remark).unwrap();
    assert_eq!(
        (remark.note.severity(), remark.opposable),
        (Severity::Info, false)
    );

    let bare = Draft {
        severity: None,
        legal_basis: "—".into(),
        objective: "sites".into(),
        evidence: vec![file],
        ..deviation(&[], &[])
    };
    assert_eq!(
        fields(Remark::check(bare)),
        ["severity", "legal_basis", "objective", "evidence"]
    );
    let overdone = Draft {
        is_deviation: false,
        ..deviation(&[], &[])
    };
    assert_eq!(fields(Remark::check(overdone)), ["severity", "opposable"]);
}

#[test]
fn whether_a_deviation_binds_is_what_its_objective_says() {
    let named = |objective: &Objective, opposable| {
        let objectives = [objective.clone()];
        Remark::check(Draft {
            objective: "places".into(),
            opposable,
            ..deviation(&objectives, &[])
        })
    };
    let binding = named(&objective(true), false).unwrap();
    assert!(binding.opposable && binding.penalty_eligible);
    let pilot = named(&objective(false), false).unwrap();
    assert!(!pilot.opposable && !pilot.penalty_eligible);
    assert_eq!(fields(named(&objective(false), true)), ["opposable"]);
    // About no objective, a controller may hold it against the establishment, without more.
    let other = Remark::check(deviation(&[], &[])).unwrap();
    assert!(other.opposable && !other.penalty_eligible);
}

#[test]
fn a_manual_finding_names_the_files_that_show_it_by_their_hash() {
    let file = Evidence {
        id: EvidenceId::generate(),
        title: "Planning de mars".into(),
        file_name: "planning.pdf".into(),
        media_type: "application/pdf".into(),
        size_bytes: 3,
        sha256: [0xab; 32],
    };
    let remark = Remark::check(Draft {
        evidence: vec![file.id],
        ..deviation(&[], &[file.id])
    })
    .unwrap();
    let trace = remark.trace(mission().id, &letter(), &[file]);
    assert_eq!(trace.inputs[0].value, "ab".repeat(32));
    assert_eq!(trace.conclusion, "Deux postes de nuit sont vacants.");
    assert!(
        trace
            .parameters
            .iter()
            .any(|p| p.value == "clause 4.2 du contrat")
    );
    assert!(trace.contribution.contains("aucun calcul"));
}
