//! The history of a control, from its measure to its final outcome: steps that this service and the contracts
//! service recorded, and how far they have come.
//!
//! Reviews and procedures belong to their owner. What is told of them here is what their events say: a name,
//! an instant, a person, an outcome. Nothing is decided from it.

use time::OffsetDateTime;

use super::control::ControlResult;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub at: OffsetDateTime,
    /// The resource that changed.
    pub resource: String,
    /// Type of the event, for example `cpom.contracts.v1.ReviewConcluded`.
    pub event: String,
    pub actor: String,
    /// As its owner names it; empty for most steps.
    pub outcome: String,
}

/// How far a control has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Scheduled,
    NothingRaised,
    FindingsRaised,
    UnderReview,
    Concluded,
    DecisionAwaited,
    Decided,
    UnderAppeal,
    AppealDecided,
}

/// What a person proposed, that the establishment is not told before it is opened (CRPA L311-2).
const PROPOSED: &str = "OUTCOME_SANCTION_PROPOSED";
/// Resource names of what may follow a review.
const FOLLOW_UP: &str = "procedures/";

impl Step {
    /// The name of the event, without its package.
    pub fn name(&self) -> &str {
        self.event.rsplit('.').next().unwrap_or_default()
    }

    /// In French.
    pub fn description(&self) -> String {
        let known = match self.name() {
            "ControlMeasured" => "Le contrôle a été mesuré.",
            "CampaignShared" => "Les résultats de la campagne ont été communiqués aux parties.",
            "FindingRaised" => "Un constat a été établi.",
            "FindingCorrected" => "Un constat a été corrigé.",
            "FindingWithdrawn" => "Un constat a été retiré.",
            "MissionReported" => "Le contrôle sur pièces ou sur place a donné lieu à un rapport.",
            "ReviewOpened" => "Un examen contradictoire a été ouvert.",
            "ReviewReopened" => "L’examen a été rouvert.",
            "FindingAttached" => "Un constat a été joint à l’examen.",
            "FindingDetached" => "Un constat a été retiré de l’examen.",
            "ReviewNotified" => "L’établissement a été invité à présenter ses observations.",
            "ObservationsSubmitted" => "L’établissement a présenté ses observations.",
            "ReviewExamined" => "Les constats et les observations ont été instruits.",
            "ReviewConcluded" => "L’examen a été conclu par une personne.",
            "ProcedureProposed" => "L’ouverture d’une procédure a été proposée.",
            "ProcedureOpened" => "Une procédure a été ouverte.",
            "ProcedureDecided" => "La procédure a été décidée.",
            "ProcedureDropped" => "La procédure a été abandonnée.",
            "AppealFiled" => "Un recours a été formé.",
            "AppealDecided" => "Le recours a été tranché.",
            other => return format!("Étape enregistrée par son service\u{202f}: {other}."),
        };
        known.to_owned()
    }

    fn is_follow_up(&self) -> bool {
        self.resource.starts_with(FOLLOW_UP)
    }

    /// What this step makes of the stage.
    fn leads_to(&self) -> Option<Stage> {
        let name = self.name();
        let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
        if self.is_follow_up() {
            return if name.contains("Appeal") {
                Some(if ends(&["Decided", "Upheld", "Annulled", "Withdrawn"]) {
                    Stage::AppealDecided
                } else {
                    Stage::UnderAppeal
                })
            } else if ends(&["Decided", "Dropped", "Withdrawn", "Annulled", "Abandoned"]) {
                Some(Stage::Decided)
            } else if ends(&["Proposed", "Opened"]) {
                Some(Stage::DecisionAwaited)
            } else {
                None
            };
        }
        match name {
            "ReviewConcluded" => Some(Stage::Concluded),
            "ReviewOpened" | "ReviewReopened" => Some(Stage::UnderReview),
            _ => None,
        }
    }
}

/// How far a control has come. `standing` counts the findings that were raised and not withdrawn; `steps` are
/// oldest first.
pub fn stage(result: Option<ControlResult>, standing: usize, steps: &[Step]) -> Stage {
    let begin = match (result, standing) {
        (None, 0) => Stage::Scheduled,
        (Some(_), 0) => Stage::NothingRaised,
        (_, _) => Stage::FindingsRaised,
    };
    let mut stage = begin;
    for next in steps.iter().filter_map(Step::leads_to) {
        // What followed a review is not undone by what is recorded on the review meanwhile.
        let is_settled = matches!(
            stage,
            Stage::DecisionAwaited | Stage::Decided | Stage::UnderAppeal | Stage::AppealDecided
        );
        let is_review = matches!(next, Stage::UnderReview | Stage::Concluded);
        if !(is_settled && is_review) {
            stage = next;
        }
    }
    stage
}

/// What was concluded or decided last.
pub fn outcome(steps: &[Step]) -> &str {
    let told = steps.iter().rev().find(|step| !step.outcome.is_empty());
    told.map_or("", |step| &step.outcome)
}

/// One sentence in French.
pub fn summary(stage: Stage) -> &'static str {
    match stage {
        Stage::Scheduled => "Le contrôle est prévu et n’est pas encore mesuré.",
        Stage::NothingRaised => "Le contrôle est mesuré et aucun constat ne subsiste.",
        Stage::FindingsRaised => {
            "Des constats subsistent\u{202f}; aucun examen n’est encore ouvert."
        }
        Stage::UnderReview => "Les constats font l’objet d’un examen contradictoire.",
        Stage::Concluded => {
            "L’examen est conclu par une personne\u{202f}; rien d’autre n’est en cours."
        }
        Stage::DecisionAwaited => {
            "Une suite est proposée\u{202f}; la décision appartient à une personne."
        }
        Stage::Decided => "La suite proposée est décidée par une personne.",
        Stage::UnderAppeal => "La décision fait l’objet d’un recours.",
        Stage::AppealDecided => "Le recours est tranché.",
    }
}

/// The steps that the establishment may read: not those that prepare a decision which is not taken yet
/// (CRPA L311-2), and not who acted within the administration.
pub fn for_the_establishment(steps: Vec<Step>) -> Vec<Step> {
    let is_opened = steps
        .iter()
        .any(|step| step.is_follow_up() && step.name() != "ProcedureProposed");
    steps
        .into_iter()
        .filter(|step| step.name() != "ReviewExamined")
        .filter(|step| is_opened || !step.is_follow_up())
        .map(|mut step| {
            if step.outcome == PROPOSED && !is_opened {
                step.outcome = String::new();
            }
            if !step.actor.starts_with("service:") {
                step.actor = String::new();
            }
            step
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn step(resource: &str, event: &str, outcome: &str) -> Step {
        Step {
            at: datetime!(2025-03-01 08:00 UTC),
            resource: format!("{resource}/1"),
            event: format!("cpom.contracts.v1.{event}"),
            actor: "somebody".into(),
            outcome: outcome.into(),
        }
    }

    fn whole_story() -> Vec<Step> {
        vec![
            step("controls", "ControlMeasured", ""),
            step("findings", "FindingRaised", ""),
            step("reviews", "ReviewOpened", ""),
            step("reviews", "ReviewExamined", ""),
            step("reviews", "ReviewConcluded", PROPOSED),
            step("procedures", "ProcedureProposed", ""),
            step("procedures", "ProcedureOpened", ""),
            step("procedures", "ProcedureDecided", "OUTCOME_WARNING"),
            step("procedures", "AppealFiled", ""),
            step("procedures", "AppealDecided", "OUTCOME_UPHELD"),
        ]
    }

    #[test]
    fn the_stage_follows_the_story_up_to_the_appeal() {
        use Stage::{
            AppealDecided, Concluded, Decided, DecisionAwaited, FindingsRaised, UnderAppeal,
            UnderReview,
        };
        let story = whole_story();
        let measured = Some(ControlResult::Deviating);
        let stages: Vec<_> = (0..=story.len())
            .map(|length| stage(measured, 1, &story[..length]))
            .collect();
        assert_eq!(
            stages,
            [
                FindingsRaised,
                FindingsRaised,
                FindingsRaised,
                UnderReview,
                UnderReview,
                Concluded,
                DecisionAwaited,
                DecisionAwaited,
                Decided,
                UnderAppeal,
                AppealDecided
            ]
        );
        assert_eq!(outcome(&story), "OUTCOME_UPHELD");
    }

    #[test]
    fn without_findings_there_is_nothing_to_follow() {
        assert_eq!(stage(None, 0, &[]), Stage::Scheduled);
        assert_eq!(
            stage(Some(ControlResult::Conforming), 0, &[]),
            Stage::NothingRaised
        );
    }

    #[test]
    fn the_review_does_not_undo_what_followed_it() {
        let mut story = whole_story();
        story.push(step("reviews", "ReviewOpened", ""));
        assert_eq!(stage(None, 1, &story), Stage::AppealDecided);
    }

    #[test]
    fn the_establishment_is_not_told_what_prepares_a_decision() {
        let proposed = whole_story().into_iter().take(6).collect();
        let told = for_the_establishment(proposed);
        let names: Vec<_> = told.iter().map(Step::name).collect();
        assert_eq!(
            names,
            [
                "ControlMeasured",
                "FindingRaised",
                "ReviewOpened",
                "ReviewConcluded"
            ]
        );
        assert_eq!(outcome(&told), "");
        assert!(told.iter().all(|step| step.actor.is_empty()));
        // Once opened, it is told all but the examination.
        let told = for_the_establishment(whole_story());
        assert_eq!(told.len(), whole_story().len() - 1);
        assert_eq!(told[3].outcome, PROPOSED);
    }

    #[test]
    fn an_event_of_later_days_is_told_by_its_name() {
        let unknown = step("procedures", "HearingHeld", "");
        assert!(unknown.description().contains("HearingHeld"));
        assert_eq!(unknown.leads_to(), None);
    }
}
