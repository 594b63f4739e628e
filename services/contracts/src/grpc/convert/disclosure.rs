//! What the establishment reads of a procedure holds nothing that is preparatory (CRPA L311-2, invariant 9), wherever the
//! procedure stands and whatever was written in it.

use proptest::prelude::*;
use time::{Duration, macros::date};
use uuid::Uuid;

use super::procedure;
use crate::domain::{
    ContractId, Procedure, ProcedureId, Side,
    delivery::{Channel, Delay, Delivery},
    fixtures::{NOW, entity, person, region},
    person::role,
    procedure::{
        Before, CapCheck, Decision, Ending, Ground, Kind, Notice, Opening, Proposal, Reading,
        Sanction, State, defence::Consultation,
    },
};

/// What nobody but the agency reads before the decision is notified.
#[derive(Debug, Clone)]
struct Secrets {
    proposal: String,
    proposer: String,
    reasons: String,
    remedies: String,
    base_source: String,
}

/// Words that stand nowhere else, each with its own beginning.
fn any_secrets() -> impl Strategy<Value = Secrets> {
    (
        "[a-z]{12}",
        "[a-z]{12}",
        "[a-z]{12}",
        "[a-z]{12}",
        "[a-z]{12}",
    )
        .prop_map(
            |(proposal, proposer, reasons, remedies, base_source)| Secrets {
                proposal: format!("Q1{proposal}"),
                proposer: format!("Q2{proposer}"),
                reasons: format!("Q3{reasons}"),
                remedies: format!("Q4{remedies}"),
                base_source: format!("Q5{base_source}"),
            },
        )
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Penalty, Kind::Termination, Kind::RefusalToSign])
}

fn delay(days: i64, consented: bool) -> Delay {
    Delay {
        delivery: Delivery::new(Channel::Portal, consented, NOW + Duration::days(days)),
        months: 1,
        extension: None,
    }
}

/// Every state a procedure can be in, the first ones without a decision.
fn states(secrets: &Secrets, kind: Kind, (days, consented): (i64, bool)) -> [State; 9] {
    let general = || person("générale", role::DIRECTOR_GENERAL).human().clone();
    let opening = || Opening {
        reasons: "Au vu de la revue.".to_owned().try_into().unwrap(),
        by: general(),
        mandate: None,
        at: NOW,
    };
    let notice = || Notice {
        reasons: "Un appareil manque.".to_owned().try_into().unwrap(),
        measures: "L’installer.".to_owned().try_into().unwrap(),
        by: general(),
        mandate: None,
        delay: delay(days, consented),
        reading: Some(Reading {
            answers_read: 1,
            by: general(),
        }),
    };
    let sanction = match kind {
        Kind::Termination => Sanction::Termination {
            on: date!(2031 - 12 - 31),
        },
        Kind::Penalty | Kind::RefusalToSign => Sanction::Penalty {
            amount: "40321.07".parse().unwrap(),
            cap: CapCheck {
                entity: entity(),
                year: 2026,
                basis_points: 500,
                source: "CSP L6114-1".to_owned(),
                base: "1000000".parse().unwrap(),
                base_source: secrets.base_source.clone(),
                earlier: "0".parse().unwrap(),
            },
        },
    };
    let decision = || Decision {
        reasons: secrets.reasons.clone().try_into().unwrap(),
        sanction: sanction.clone(),
        remedies: secrets.remedies.clone(),
        algorithmic_notice: None,
        by: general(),
        mandate: None,
        at: NOW,
    };
    let ending = || Ending {
        reasons: "Mesures prises.".to_owned().try_into().unwrap(),
        by: general(),
        mandate: None,
        at: NOW,
    };
    [
        State::Proposed,
        State::Opened(opening()),
        State::UnderNotice(opening(), notice()),
        State::Dropped(Before::Proposed, ending()),
        State::Dropped(Before::Opened(opening()), ending()),
        State::Dropped(Before::UnderNotice(opening(), Box::new(notice())), ending()),
        State::Decided(opening(), notice(), decision()),
        State::Notified(opening(), notice(), decision(), delay(days, consented)),
        State::Annulled(opening(), notice(), decision(), delay(days, consented)),
    ]
}

proptest! {
    #[test]
    fn the_establishment_reads_nothing_that_is_preparatory(
        secrets in any_secrets(),
        kind in any_kind(),
        days in 0i64..400,
        consented in any::<bool>(),
        later in 0i64..400,
    ) {
        for state in states(&secrets, kind, (days, consented)) {
            let is_notified = matches!(state, State::Notified(..) | State::Annulled(..));
            let is_decided = matches!(state, State::Decided(..));
            let whole = Procedure {
                id: ProcedureId(Uuid::from_u128(9)),
                region: region(),
                contract: ContractId(Uuid::from_u128(1)),
                kind,
                ground: Ground::Refusal,
                proposal: Proposal {
                    reasons: secrets.proposal.clone().try_into().unwrap(),
                    by: person(&secrets.proposer, role::MANAGER).human().clone(),
                    at: NOW,
                },
                state,
                observations: Vec::new(),
                hearings: Vec::new(),
                file_requests: Vec::new(),
                payments: Vec::new(),
                referral: None,
                appeals: Vec::new(),
                defence: Some(Consultation {
                    asked_on: NOW.date(),
                    answer_by: NOW.date(),
                    letter: secrets.reasons.clone(),
                    attachments: Vec::new(),
                    by: person("camille", role::MANAGER).human().clone(),
                    answer: None,
                }),
                version: 5,
                updated_at: NOW,
            };
            let now = NOW + Duration::days(days + later);
            let shown_to = |side: Side| procedure(&whole, side, &[], now);
            let read = format!("{:?}", shown_to(Side::Establishment));
            for secret in [&secrets.proposal, &secrets.proposer] {
                prop_assert_eq!(read.contains(secret.as_str()), is_notified, "{} in {}", secret, read);
            }
            for secret in [&secrets.reasons, &secrets.remedies] {
                prop_assert_eq!(read.contains(secret.as_str()), is_notified, "{} in {}", secret, read);
            }
            if !is_notified {
                prop_assert!(!read.contains(secrets.base_source.as_str()));
                prop_assert!(!read.contains("40321") && !read.contains("2031-12-31"));
            }
            // While it is decided and not notified, it reads as if still under notice.
            if is_decided {
                let under_notice = proto::contracts::v1::ProcedureState::UnderNotice;
                prop_assert_eq!(shown_to(Side::Establishment).state(), under_notice);
            }
            // The agency reads the whole.
            let whole_read = format!("{:?}", shown_to(Side::Ars));
            prop_assert!(whole_read.contains(secrets.proposal.as_str()));
        }
    }
}
