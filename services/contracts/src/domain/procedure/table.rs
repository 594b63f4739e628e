//! Every state of the procedure against every act, and the rules of each step.

use std::collections::BTreeSet;

use kernel::{Decimal, Finess, Reasons};
use time::{Date, Duration, OffsetDateTime, macros::date};
use uuid::Uuid;

use super::{
    AppealKind, AppealOutcome, CapCheck, Event, Ground, Kind, Procedure, Proposal,
    act::{Act, HumanAct, Wanted},
    human::Circumstances,
};
use crate::domain::{
    CampaignId, ContractId, FindingId, Person, ProcedureId, Refusal, ReviewId,
    delivery::{Channel, Claim},
    fixtures::{NOW, entity, person, region},
    person::role,
    review::Severity,
    statement::Minutes,
};

pub(super) const PROPOSER: &str = "proposante";

pub(super) fn text(text: &str) -> Reasons {
    text.to_owned().try_into().unwrap()
}

pub(super) fn euros(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn entities() -> BTreeSet<Finess> {
    BTreeSet::from([entity()])
}

pub(super) fn director_general() -> Person {
    person("directrice générale", role::DIRECTOR_GENERAL)
}

/// A procedure of that kind, as it is proposed.
pub(super) fn proposed(kind: Kind) -> Procedure {
    let ground = match kind {
        Kind::RefusalToSign => Ground::Refusal,
        Kind::Penalty | Kind::Termination => Ground::Review {
            review: ReviewId(Uuid::from_u128(3)),
            campaign: CampaignId(Uuid::from_u128(2)),
            year: 2025,
            finding: FindingId(Uuid::from_u128(5)),
            control: None,
        },
    };
    Procedure::proposed(
        ProcedureId(Uuid::from_u128(9)),
        (region(), ContractId(Uuid::from_u128(1))),
        (kind, ground),
        Proposal {
            reasons: text("Manquement répété."),
            by: person(PROPOSER, role::MANAGER).human().clone(),
            at: NOW,
        },
    )
}

pub(super) fn penalty(amount: &str, earlier: &str) -> Wanted {
    Wanted::Penalty {
        amount: euros(amount),
        cap: CapCheck {
            entity: entity(),
            year: 2026,
            basis_points: 500,
            source: "CSP L6114-1".into(),
            base: euros("1000000"),
            base_source: "Compte financier 2025".into(),
            earlier: euros(earlier),
        },
    }
}

/// An act with ordinary contents, for a procedure of that kind at that instant.
pub(super) fn act(act: Act, kind: Kind, now: OffsetDateTime) -> HumanAct {
    let today = now.date();
    match act {
        Act::Open => HumanAct::Open {
            reasons: text("Ouverture."),
        },
        Act::SendNotice => HumanAct::SendNotice {
            reasons: text("Deux implantations ne sont pas mises en œuvre."),
            measures: text("Les mettre en œuvre ou s’en expliquer."),
            channel: Channel::Portal,
            consented: true,
            months: 1,
        },
        Act::RecordReceipt => HumanAct::RecordReceipt(Claim::Consultation),
        Act::Answer => HumanAct::Answer {
            text: text("Travaux."),
            attachments: vec![],
        },
        Act::RecordHearing => HumanAct::RecordHearing(Minutes {
            date: today,
            participants: vec!["La directrice, assistée de son conseil".into()],
            text: text("Entendue en ses explications."),
            attachments: vec![],
        }),
        Act::RequestFile => HumanAct::RequestFile,
        Act::GrantFile => HumanAct::GrantFile {
            documents: text("Constats et pièces."),
        },
        Act::Extend => HumanAct::Extend {
            reasons: text("Au vu des réponses."),
        },
        Act::Acknowledge => HumanAct::Acknowledge,
        Act::Drop => HumanAct::Drop {
            reasons: text("Mesures prises."),
        },
        Act::Decide => HumanAct::Decide {
            reasons: text("Manquement non justifié."),
            sanction: match kind {
                Kind::Termination => Wanted::Termination { on: Date::MAX },
                Kind::Penalty | Kind::RefusalToSign => penalty("1000.00", "0"),
            },
            remedies: "Deux mois.".into(),
            algorithmic_notice: None,
        },
        Act::NotifyDecision => HumanAct::NotifyDecision {
            channel: Channel::Portal,
            consented: true,
            months: 1,
        },
        Act::RecordPayment => HumanAct::RecordPayment {
            amount: euros("400.00"),
            date: today,
            reference: "Titre 12".into(),
        },
        Act::Refer => HumanAct::Refer {
            fund: "CPAM 13".into(),
        },
        Act::FileAppeal => HumanAct::FileAppeal {
            kind: AppealKind::Gracious,
            date: today,
            grounds: text("Erreur d’appréciation."),
        },
        Act::EndAppeal => HumanAct::EndAppeal {
            rank: 1,
            outcome: AppealOutcome::Upheld,
            date: today,
            reasons: text("Rejet."),
        },
        Act::ConsultDefence => HumanAct::ConsultDefence {
            asked_on: today,
            answer_by: today,
            letter: "ARS-2026-117".into(),
            attachments: vec![],
        },
        Act::RecordDefenceAnswer => HumanAct::RecordDefenceAnswer {
            received_on: today,
            text: text("Rien ne s’y oppose."),
            continuity_until: None,
            attachments: vec![],
        },
    }
}

/// Somebody who may do it.
pub(super) fn entitled(act: Act) -> Person {
    if act.roles().contains(&role::DIRECTOR_GENERAL) {
        return director_general();
    }
    person("somebody", act.roles()[0])
}

fn circumstances(entities: &BTreeSet<Finess>, now: OffsetDateTime) -> Circumstances<'_> {
    Circumstances {
        legal_entities: entities,
        ground: Some(Severity::Grave),
        defence: false,
        mandates: &[],
        now,
    }
}

fn decide(
    procedure: &Procedure,
    act: HumanAct,
    who: &Person,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    procedure.by_human(act, who, &circumstances(&entities(), now))
}

/// The procedure after these acts, each by somebody who may, so many days after the proposal.
fn after(kind: Kind, acts: &[(Act, i64)]) -> (Procedure, OffsetDateTime) {
    let mut procedure = proposed(kind);
    let mut now = NOW;
    for (kind_of_act, days) in acts {
        now = NOW + Duration::days(*days);
        let event = decide(
            &procedure,
            act(*kind_of_act, kind, now),
            &entitled(*kind_of_act),
            now,
        );
        procedure = procedure.evolve(&event.unwrap(), now);
    }
    (procedure, now)
}

/// P0 to P6, deemed received on the day it was made available.
const TO_DECIDED: [(Act, i64); 3] = [(Act::Open, 1), (Act::SendNotice, 2), (Act::Decide, 40)];

#[test]
fn every_state_answers_every_act_as_the_table_says() {
    use Act::{
        Acknowledge, Answer, Decide, Drop, Extend, FileAppeal, GrantFile, NotifyDecision, Open,
        RecordHearing, RecordPayment, RecordReceipt, Refer, RequestFile, SendNotice,
    };
    let decided = TO_DECIDED.to_vec();
    let mut notified = decided.clone();
    notified.push((NotifyDecision, 41));
    let mut annulled = notified.clone();
    annulled.push((FileAppeal, 42));
    let table = [
        ("PROPOSED", vec![], vec![Open, Drop]),
        (
            "OPENED",
            vec![(Open, 1)],
            vec![SendNotice, RequestFile, Drop],
        ),
        (
            "UNDER_NOTICE",
            vec![(Open, 1), (SendNotice, 2)],
            vec![
                RecordReceipt,
                Answer,
                RecordHearing,
                RequestFile,
                Extend,
                Acknowledge,
                Drop,
            ],
        ),
        ("DECIDED", decided, vec![RequestFile, NotifyDecision]),
        (
            "NOTIFIED",
            notified,
            vec![RecordReceipt, RequestFile, RecordPayment, FileAppeal],
        ),
        ("DROPPED", vec![(Open, 1), (Drop, 2)], vec![]),
    ];
    for (state, history, possible) in table {
        let (procedure, now) = after(Kind::Penalty, &history);
        assert_eq!(procedure.state.as_str(), state);
        for kind in Act::ALL {
            let answer = decide(
                &procedure,
                act(kind, Kind::Penalty, now),
                &entitled(kind),
                now,
            );
            let expected = possible.contains(&kind);
            assert_eq!(answer.is_ok(), expected, "{kind:?} in {state}: {answer:?}");
        }
    }
    let (asked, now) = after(Kind::Penalty, &[(Open, 1), (RequestFile, 2)]);
    let granted = act(GrantFile, Kind::Penalty, now);
    assert!(decide(&asked, granted, &entitled(GrantFile), now).is_ok());
    let (unpaid, now) = after(
        Kind::Penalty,
        &[
            TO_DECIDED[0],
            TO_DECIDED[1],
            TO_DECIDED[2],
            (NotifyDecision, 41),
        ],
    );
    let late = now + Duration::days(40);
    let refer = act(Refer, Kind::Penalty, late);
    assert!(decide(&unpaid, refer.clone(), &entitled(Refer), late).is_ok());
    let early = decide(&unpaid, refer, &entitled(Refer), now).unwrap_err();
    assert_eq!(early.reason(), "PAYMENT_NOT_DUE");
    assert!(
        decide(
            &unpaid,
            act(Decide, Kind::Penalty, late),
            &entitled(Decide),
            late
        )
        .is_err()
    );
}

fn reason(answer: Result<Event, Refusal>) -> &'static str {
    answer.unwrap_err().reason()
}

#[test]
fn the_proposer_neither_opens_nor_decides_even_as_director_general() {
    let proposer = person(PROPOSER, role::DIRECTOR_GENERAL);
    let now = NOW + Duration::days(40);
    for (history, kind) in [
        (vec![], Act::Open),
        (vec![(Act::Open, 1)], Act::SendNotice),
        (vec![(Act::Open, 1), (Act::SendNotice, 2)], Act::Decide),
    ] {
        let (procedure, _) = after(Kind::Penalty, &history);
        let answer = decide(&procedure, act(kind, Kind::Penalty, now), &proposer, now);
        assert_eq!(reason(answer), "DECIDER_IS_PROPOSER", "{kind:?}");
    }
}

#[test]
fn nothing_is_decided_before_the_last_day_of_the_last_delay_is_over() {
    let under_notice = [(Act::Open, 1), (Act::SendNotice, 2)];
    let decide_on = |acts: &[(Act, i64)], day: Date| {
        let (procedure, _) = after(Kind::Penalty, acts);
        let noon = day.with_hms(12, 0, 0).unwrap().assume_utc();
        decide(
            &procedure,
            act(Act::Decide, Kind::Penalty, noon),
            &director_general(),
            noon,
        )
        .map(|_| ())
        .map_err(|refusal| refusal.reason())
    };
    // Made available on 12 March: one month, then one more.
    let last = date!(2026 - 04 - 12);
    assert_eq!(decide_on(&under_notice, last), Err("DELAY_RUNNING"));
    assert_eq!(decide_on(&under_notice, last.next_day().unwrap()), Ok(()));
    let extended = [under_notice[0], under_notice[1], (Act::Extend, 20)];
    let last = date!(2026 - 05 - 12);
    assert_eq!(decide_on(&extended, last), Err("DELAY_RUNNING"));
    assert_eq!(decide_on(&extended, last.next_day().unwrap()), Ok(()));
    let (procedure, now) = after(Kind::Penalty, &extended);
    let again = decide(
        &procedure,
        act(Act::Extend, Kind::Penalty, now),
        &director_general(),
        now,
    );
    assert_eq!(reason(again), "ALREADY_EXTENDED");
}

#[test]
fn who_decides_has_read_everything_and_communicated_the_file() {
    let now = NOW + Duration::days(40);
    let decided_after = |acts: &[(Act, i64)], who: &Person| {
        let (procedure, _) = after(Kind::Penalty, acts);
        decide(&procedure, act(Act::Decide, Kind::Penalty, now), who, now)
            .map(|_| ())
            .map_err(|refusal| refusal.reason())
    };
    let answered = [(Act::Open, 1), (Act::SendNotice, 2), (Act::Answer, 5)];
    let dg = director_general();
    assert_eq!(decided_after(&answered, &dg), Err("OBSERVATIONS_UNREAD"));
    let read = [&answered[..], &[(Act::Acknowledge, 6)]].concat();
    assert_eq!(decided_after(&read, &dg), Ok(()));
    let another = person("autre directeur général", role::DIRECTOR_GENERAL);
    assert_eq!(decided_after(&read, &another), Err("OBSERVATIONS_UNREAD"));
    let heard_since = [&read[..], &[(Act::RecordHearing, 7)]].concat();
    assert_eq!(decided_after(&heard_since, &dg), Err("OBSERVATIONS_UNREAD"));
    let asked = [&answered[..2], &[(Act::RequestFile, 5)]].concat();
    assert_eq!(decided_after(&asked, &dg), Err("FILE_NOT_COMMUNICATED"));
    let granted = [&asked[..], &[(Act::GrantFile, 6)]].concat();
    assert_eq!(decided_after(&granted, &dg), Ok(()));
}

#[test]
fn the_amount_stays_within_the_cap_of_the_year_and_the_sanction_is_the_one_proposed() {
    let (procedure, _) = after(Kind::Penalty, &TO_DECIDED[..2]);
    let now = NOW + Duration::days(40);
    let with = |procedure: &Procedure, sanction| {
        let wanted = HumanAct::Decide {
            reasons: text("Motif."),
            sanction,
            remedies: "Deux mois.".into(),
            algorithmic_notice: None,
        };
        decide(procedure, wanted, &director_general(), now)
            .map(|_| ())
            .map_err(|refusal| refusal.reason())
    };
    assert_eq!(with(&procedure, penalty("50000.00", "0")), Ok(()));
    assert_eq!(
        with(&procedure, penalty("50000.01", "0")),
        Err("AMOUNT_OVER_CAP")
    );
    assert_eq!(
        with(&procedure, penalty("20000", "30000.01")),
        Err("AMOUNT_OVER_CAP")
    );
    assert_eq!(
        with(&procedure, penalty("0.00", "0")),
        Err("AMOUNT_NOT_POSITIVE")
    );
    let on = date!(2027 - 01 - 01);
    assert_eq!(
        with(&procedure, Wanted::Termination { on }),
        Err("OTHER_SANCTION")
    );
    let (termination, _) = after(Kind::Termination, &TO_DECIDED[..2]);
    assert_eq!(with(&termination, Wanted::Termination { on }), Ok(()));
    let past = Wanted::Termination {
        on: date!(2026 - 03 - 01),
    };
    assert_eq!(with(&termination, past), Err("TERMINATION_IN_PAST"));
    assert_eq!(
        with(&termination, penalty("1000", "0")),
        Err("OTHER_SANCTION")
    );
}

#[test]
fn a_ground_that_stands_no_more_stops_the_procedure() {
    let now = NOW + Duration::days(40);
    for (kind, ground, expected) in [
        (Kind::Penalty, None, Some("GROUND_CHANGED")),
        (Kind::Penalty, Some(Severity::Major), None),
        (
            Kind::Termination,
            Some(Severity::Major),
            Some("GRAVE_BREACH_REQUIRED"),
        ),
        (Kind::Termination, Some(Severity::Grave), None),
        (Kind::RefusalToSign, None, None),
    ] {
        let (procedure, _) = after(kind, &TO_DECIDED[..2]);
        let entities = entities();
        let circumstances = Circumstances {
            legal_entities: &entities,
            ground,
            defence: false,
            mandates: &[],
            now,
        };
        let act = act(Act::Decide, kind, now);
        let answer = procedure.by_human(act, &director_general(), &circumstances);
        let refused = answer.err().map(|refusal| refusal.reason());
        assert_eq!(refused, expected, "{kind:?} on {ground:?}");
    }
}

#[test]
fn an_appeal_may_reduce_or_annul_and_the_balance_follows() {
    let notified = [&TO_DECIDED[..], &[(Act::NotifyDecision, 41)]].concat();
    let paid = [
        &notified[..],
        &[(Act::RecordPayment, 50), (Act::FileAppeal, 51)],
    ]
    .concat();
    let (procedure, now) = after(Kind::Penalty, &paid);
    assert_eq!(procedure.balance(), Some(euros("600.00")));
    let end = |outcome| {
        let act = HumanAct::EndAppeal {
            rank: 1,
            outcome,
            date: now.date(),
            reasons: text("Jugement."),
        };
        decide(&procedure, act, &director_general(), now)
    };
    assert_eq!(
        reason(end(AppealOutcome::Reduced(euros("1000")))),
        "NOT_A_REDUCTION"
    );
    let reduced = end(AppealOutcome::Reduced(euros("500.00"))).unwrap();
    let reduced = procedure.clone().evolve(&reduced, now);
    assert_eq!(reduced.balance(), Some(euros("100.00")));
    assert_eq!(reduced.state.as_str(), "NOTIFIED");
    let annulled = end(AppealOutcome::Annulled).unwrap();
    let annulled = procedure.clone().evolve(&annulled, now);
    assert_eq!(annulled.state.as_str(), "ANNULLED");
    assert_eq!(annulled.balance(), Some(euros("-400.00")));
    let again = decide(
        &annulled,
        act(Act::RecordPayment, Kind::Penalty, now),
        &entitled(Act::RecordPayment),
        now,
    );
    assert_eq!(reason(again), "WRONG_STATE");
}

#[test]
fn the_establishment_knows_of_it_once_opened_and_reads_the_decision_once_notified() {
    use crate::domain::Side::{Ars, Establishment};
    let seen = |acts: &[(Act, i64)]| {
        let (procedure, _) = after(Kind::Penalty, acts);
        assert!(procedure.is_known_to(Ars) && procedure.is_disclosed_to(Ars));
        (
            procedure.is_known_to(Establishment),
            procedure.is_disclosed_to(Establishment),
        )
    };
    assert_eq!(seen(&[]), (false, false));
    assert_eq!(seen(&[(Act::Drop, 1)]), (false, false));
    assert_eq!(seen(&[(Act::Open, 1)]), (true, false));
    assert_eq!(seen(&TO_DECIDED), (true, false));
    let notified = [&TO_DECIDED[..], &[(Act::NotifyDecision, 41)]].concat();
    assert_eq!(seen(&notified), (true, true));
}
