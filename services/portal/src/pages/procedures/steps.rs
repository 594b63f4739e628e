//! The steps of a procedure, P0 to P7: what people did, what comes next, what may never come.

use proto::contracts::v1::{Procedure, ProcedureKind, ProcedureState};

use super::procedure::euros;
use crate::text::{counted, dates, follow_up as words, labels};

/// One step: its code, its title, how far it is, and what was done.
pub(crate) struct Step {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) class: &'static str,
    /// Written by people, in their order: who and when, then what.
    pub(crate) acts: Vec<(String, String)>,
    /// What is said while nothing is done.
    pub(crate) pending: &'static str,
}

/// The article of the consultation that comes before some terminations.
const DEFENCE: &str = "L1435-3-1";

/// P0 to P7, each with what people did.
pub(crate) fn steps(procedure: &Procedure) -> Vec<Step> {
    let proposed = vec![proposal(procedure)];
    let opened = procedure.opening.iter().map(|opening| {
        (
            labels::signed(opening.author.as_ref(), opening.open_time.as_ref()),
            opening.reasons.clone(),
        )
    });
    let noticed = procedure.notice.iter().map(|notice| {
        let sent = notice
            .delivery
            .as_ref()
            .map(words::delivery)
            .unwrap_or_default();
        (
            format!("{}. {sent}", labels::actor(notice.author.as_ref())),
            format!("{}\n\nDemandé : {}", notice.reasons, notice.measures),
        )
    });
    let extended = procedure
        .notice
        .iter()
        .filter(|notice| !notice.extension_reasons.is_empty())
        .map(|notice| {
            (
                format!("Prolongé jusqu’au {}", dates::from_wire(&notice.due_date)),
                notice.extension_reasons.clone(),
            )
        });
    let dropped = (!procedure.drop_reasons.is_empty()).then(|| {
        (
            "Close sans sanction".to_owned(),
            procedure.drop_reasons.clone(),
        )
    });
    let decided = procedure.decision.iter().map(|decision| {
        let what = if decision.amount_eur.is_empty() {
            format!(
                "Fin du contrat le {}",
                dates::from_wire(&decision.termination_date)
            )
        } else {
            format!("Pénalité de {}", euros(&decision.amount_eur))
        };
        (
            format!(
                "{what}. {}",
                labels::signed(decision.author.as_ref(), decision.decide_time.as_ref())
            ),
            decision.reasons.clone(),
        )
    });
    let notified = procedure
        .decision
        .iter()
        .filter_map(|decision| decision.delivery.as_ref())
        .map(|delivery| (words::delivery(delivery), String::new()));
    let known = [
        ("", "La proposition", proposed, ""),
        (
            "P0",
            "L’ouverture par le directeur général",
            opened.collect(),
            "Une personne distincte de celle qui a proposé.",
        ),
        (
            "P1",
            "La mise en demeure",
            noticed.collect(),
            "Elle dit ce qui est reproché et ce qui est demandé.",
        ),
        (
            "P2",
            "La réponse de l’établissement",
            answers(procedure),
            "Par écrit, ou entendu, assisté de qui il veut.",
        ),
        (
            "P3",
            "La prolongation, s’il y en a une",
            extended.collect(),
            "Une seule fois.",
        ),
        (
            "P4",
            "L’issue sans sanction, s’il y en a une",
            dropped.into_iter().collect(),
            "Possible à tout moment avant la décision.",
        ),
        (
            DEFENCE,
            "La consultation du ministre de la défense, s’il y a lieu",
            defence(procedure),
            "Avant la résiliation d’un contrat qui touche au soutien sanitaire des forces armées.",
        ),
        (
            "P5",
            "La décision",
            decided.collect(),
            "Écrite, motivée, après lecture attestée des observations.",
        ),
        (
            "P6",
            "La notification",
            notified.collect(),
            "Avec les voies et délais de recours.",
        ),
        (
            "P7",
            "L’exécution et les recours",
            executions(procedure),
            "Paiements, transmission à la caisse, recours.",
        ),
    ];
    let mut now_is_found = false;
    let is_over = matches!(
        procedure.state(),
        ProcedureState::Dropped | ProcedureState::Annulled
    );
    let is_termination = procedure.kind() == ProcedureKind::Termination;
    known
        .into_iter()
        .filter(|(code, ..)| is_termination || *code != DEFENCE)
        .map(|(code, title, acts, pending)| {
            // They may never come: nobody waits for them.
            let is_optional = matches!(code, "P3" | "P4" | DEFENCE);
            let class = if !acts.is_empty() {
                "cpom-phase--done"
            } else if !now_is_found && !is_optional && !is_over {
                now_is_found = true;
                "cpom-phase--now"
            } else {
                ""
            };
            Step {
                code,
                title,
                class,
                acts,
                pending,
            }
        })
        .collect()
}

/// Who proposed it and why; the establishment reads it with the decision, and knows of the day alone before.
fn proposal(procedure: &Procedure) -> (String, String) {
    let day = dates::timestamp(procedure.propose_time.as_ref());
    let Some(proposer) = procedure.proposer.as_ref() else {
        return (
            format!("Par une personne de l’agence, le {day}"),
            "Ses motifs sont préparatoires : vous les lirez avec la décision, s’il y en a une (CRPA L311-2).".to_owned(),
        );
    };
    (
        format!("{}, le {day}", labels::actor(Some(proposer))),
        procedure.reasons.clone(),
    )
}

/// Written answers, hearings, and the file that was asked for.
fn answers(procedure: &Procedure) -> Vec<(String, String)> {
    let written = procedure.observations.iter().map(|one| {
        (
            labels::signed(one.author.as_ref(), one.submit_time.as_ref()),
            one.text.clone(),
        )
    });
    let heard = procedure.hearings.iter().map(|one| {
        (
            format!(
                "Audition du {} ({})",
                dates::from_wire(&one.date),
                one.participants.join(", ")
            ),
            one.minutes.clone(),
        )
    });
    let files = procedure.file_accesses.iter().map(|one| {
        let told = if one.documents.is_empty() {
            "Pas encore communiqué".to_owned()
        } else {
            one.documents.clone()
        };
        (
            format!(
                "Dossier demandé le {}",
                dates::timestamp(one.request_time.as_ref())
            ),
            told,
        )
    });
    let read = procedure
        .notice
        .iter()
        .filter(|notice| notice.reader.is_some())
        .map(|notice| {
            (
                format!("{} atteste avoir lu", labels::actor(notice.reader.as_ref())),
                counted(
                    notice.observations_read.into(),
                    "observation ou audition lue",
                    "observations et auditions lues",
                ),
            )
        });
    written.chain(heard).chain(files).chain(read).collect()
}

/// What was asked of the minister of defence before a termination, and the answer.
fn defence(procedure: &Procedure) -> Vec<(String, String)> {
    let Some(asked) = procedure.defence_consultation.as_ref() else {
        return Vec::new();
    };
    let mut acts = vec![(
        format!(
            "Ministre de la défense consulté le {}, réponse attendue jusqu’au {}",
            dates::from_wire(&asked.request_date),
            dates::from_wire(&asked.answer_due_date)
        ),
        asked.letter.clone(),
    )];
    if !asked.answer_date.is_empty() {
        let until = if asked.continuity_end_date.is_empty() {
            String::new()
        } else {
            format!(
                "\u{a0}; le contrat ne prend pas fin avant le {}",
                dates::from_wire(&asked.continuity_end_date)
            )
        };
        acts.push((
            format!(
                "Réponse du ministre de la défense reçue le {}{until}",
                dates::from_wire(&asked.answer_date)
            ),
            asked.answer.clone(),
        ));
    }
    acts
}

fn executions(procedure: &Procedure) -> Vec<(String, String)> {
    let paid = procedure.payments.iter().map(|one| {
        (
            format!(
                "Paiement de {}, le {}",
                euros(&one.amount_eur),
                dates::from_wire(&one.date)
            ),
            one.reference.clone(),
        )
    });
    let referred = procedure.referral.iter().map(|one| {
        (
            format!(
                "Transmise à la caisse le {}",
                dates::timestamp(one.refer_time.as_ref())
            ),
            one.fund.clone(),
        )
    });
    let appealed = procedure.appeals.iter().map(|one| {
        let reduced = if one.reduced_amount_eur.is_empty() {
            String::new()
        } else {
            format!(", ramenée à {}", euros(&one.reduced_amount_eur))
        };
        let told = format!(
            "{} du {} : {}{reduced}",
            words::appeal(one.kind()),
            dates::from_wire(&one.file_date),
            words::appeal_outcome(one.outcome())
        );
        let reasons = if one.outcome_reasons.is_empty() {
            one.grounds.clone()
        } else {
            format!("{}\n\n{}", one.grounds, one.outcome_reasons)
        };
        (told, reasons)
    });
    paid.chain(referred).chain(appealed).collect()
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{DefenceConsultation, ProcedureOpening};

    use super::*;
    use crate::pages::procedures::procedure::tests::procedure;

    #[test]
    fn who_proposed_is_told_with_the_decision() {
        let mut opened = procedure(ProcedureState::Opened);
        let (who, why) = proposal(&opened);
        assert!(who.starts_with("Par une personne") && why.contains("CRPA L311-2"));
        opened.proposer = Some(proto::types::v1::Actor::default());
        opened.reasons = "Manquement répété.".to_owned();
        assert_eq!(proposal(&opened).1, "Manquement répété.");
    }

    #[test]
    fn the_minister_of_defence_is_named_before_a_termination_alone() {
        let named = |procedure: &Procedure| {
            let steps = steps(procedure).into_iter();
            steps
                .filter(|step| step.code == DEFENCE)
                .collect::<Vec<_>>()
        };
        let mut termination = procedure(ProcedureState::UnderNotice);
        assert!(named(&termination).is_empty());
        termination.kind = ProcedureKind::Termination.into();
        assert!(named(&termination)[0].acts.is_empty());
        termination.defence_consultation = Some(DefenceConsultation {
            request_date: "2026-03-10".to_owned(),
            answer_due_date: "2026-05-31".to_owned(),
            answer_date: "2026-04-11".to_owned(),
            continuity_end_date: "2026-10-31".to_owned(),
            ..Default::default()
        });
        let acts = &named(&termination)[0].acts;
        assert_eq!(acts.len(), 2);
        assert!(acts[1].0.ends_with("le 31 octobre 2026"), "{}", acts[1].0);
    }

    #[test]
    fn the_next_step_is_marked_and_optional_steps_are_not_waited_for() {
        let mut opened = procedure(ProcedureState::Opened);
        opened.opening = Some(ProcedureOpening::default());
        let classes: Vec<&str> = steps(&opened).iter().map(|step| step.class).collect();
        assert_eq!(
            classes[..4],
            [
                "cpom-phase--done",
                "cpom-phase--done",
                "cpom-phase--now",
                ""
            ]
        );
        let mut dropped = procedure(ProcedureState::Dropped);
        dropped.drop_reasons = "Régularisé".to_owned();
        let classes: Vec<&str> = steps(&dropped).iter().map(|step| step.class).collect();
        assert!(
            !classes.contains(&"cpom-phase--now"),
            "nothing is awaited any more"
        );
    }
}
