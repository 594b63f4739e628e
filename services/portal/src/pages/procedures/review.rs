//! One review, laid out as the contradictory procedure: facts, invitation, observations, examination, conclusion.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    Attachment, Conclusion, ContextNote, Contract, GetContractRequest, GetReviewRequest, Milestone,
    Review, ReviewState,
};
use time::Date;

use crate::{
    Failure,
    acts::{Acts, FieldKind, review as review_acts},
    frame::{Frame, Section},
    pages::{
        Attempt,
        acting::OnOne,
        html_after, id_of, notice,
        peers::{self, ShownComparison},
        pieces::Piece,
        resource,
        territory_context::{self, ShownTerritory},
    },
    services::{Services, within},
    table::Table,
    text::{dates, labels, labels::Badge},
    visitor::Visitor,
};

struct ShownFinding {
    path: String,
    summary: String,
    severity: Badge,
    is_opposable: bool,
    is_penalty_eligible: bool,
    withdrawn: Option<String>,
}

struct ShownObservation {
    text: String,
    pieces: Vec<Piece>,
    who: String,
    when: String,
}

/// An element of context that a person added.
struct ShownNote {
    title: String,
    text: String,
    references: Vec<String>,
    pieces: Vec<Piece>,
    who: String,
    when: String,
}

struct ShownExamination {
    analysis: String,
    recommended: &'static str,
    who: String,
    when: String,
}

struct ShownConclusion {
    outcome: &'static str,
    reasons: String,
    who: String,
    when: String,
    /// The procedure that it proposes.
    procedure: Option<String>,
    /// The action plan.
    plan: Vec<ShownStep>,
}

/// A step of the action plan.
struct ShownStep {
    title: String,
    badge: Badge,
    due: String,
    note: String,
}

/// How far the procedure is, for the numbered steps.
struct Phases {
    notified: &'static str,
    observed: &'static str,
    examined: &'static str,
    concluded: &'static str,
}

#[derive(Template)]
#[template(path = "review.html")]
struct Page {
    frame: Frame,
    badge: Badge,
    year: i32,
    region: String,
    contract_path: String,
    contract_number: String,
    contract_title: String,
    /// Campaigns are the agency’s.
    campaign_path: Option<String>,
    findings: Vec<ShownFinding>,
    opened: String,
    notified: Option<String>,
    due: Option<String>,
    days_left: Option<i64>,
    observations: Vec<ShownObservation>,
    notes: Vec<ShownNote>,
    /// The findings among their peers, as the control service computes it.
    comparisons: Vec<ShownComparison>,
    tables: Vec<Table>,
    /// What was published about the territories of the contract.
    territory: Option<ShownTerritory>,
    territory_table: Option<Table>,
    examination: Option<ShownExamination>,
    conclusion: Option<ShownConclusion>,
    has_changed: bool,
    phases: Phases,
    acts: Acts,
}

/// `/revues/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(review_page(&visitor, &id, None).await).await
}

async fn read(services: &Services, id: &str) -> Result<(Review, Contract), Failure> {
    let request = GetReviewRequest {
        name: resource("reviews", id)?,
    };
    let review = services
        .reviews()
        .get_review(within(request))
        .await?
        .into_inner();
    let request = GetContractRequest {
        name: review.contract.clone(),
    };
    let contract = services
        .contracts()
        .get_contract(within(request))
        .await?
        .into_inner();
    Ok((review, contract))
}

async fn review_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let (review, contract) = read(&visitor.services, id).await?;
    let path = format!("/revues/{id}");
    let (compared, near) = tokio::join!(
        peers::read(&visitor.services, &review),
        territory_context::read(&visitor.services, &review)
    );
    let query = visitor.query();
    let numbers = peers::contracts(&visitor.services, &compared).await;
    let tables: Vec<Table> = (!compared.is_empty())
        .then(|| peers::table(&compared))
        .into_iter()
        .chain(peers::points(&compared, &numbers))
        .map(|table| table.at(&path, &query))
        .collect();
    let territory_table = near.as_ref().map(territory_context::table);
    let territory_table = territory_table.map(|table| table.at(&path, &query));
    if let Some(file) = Table::asked_among(&query, tables.iter().chain(&territory_table)) {
        return file;
    }
    let form = |method: &str| {
        let form = peers::form(method, &compared)?;
        let form = territory_context::offered(form, near.as_ref());
        Some(review_acts::about_steps(form, &review))
    };
    let is_done = review_acts::steps_left(&review).is_empty();
    let offered =
        |method: &str| form(method).filter(|_| method != review_acts::COMPLETE || !is_done);
    let acts = Acts::of(&review.allowed_actions, &path, &review.etag, offered).after(
        attempt,
        &path,
        &review.etag,
        form,
    );
    let due = dates::parse(&review.observations_due_date);
    let today = visitor.portal.clock.now().date();
    let page = Page {
        frame: visitor
            .frame(&format!("Revue {}", review.year), Section::Reviews)
            .under("Revues", "/revues")
            .telling(notice(&query, review_acts::done)),
        badge: labels::review_state(review.state()),
        year: review.year,
        region: crate::pages::region_name(&review.region),
        contract_path: format!("/contrats/{}", id_of(&contract.name)),
        contract_number: contract.number.clone(),
        contract_title: contract.text.map(|text| text.title).unwrap_or_default(),
        campaign_path: (!visitor.is_establishment())
            .then(|| format!("/campagnes/{}", id_of(&review.campaign))),
        findings: findings(&review),
        opened: dates::timestamp(review.create_time.as_ref()),
        notified: review
            .notify_time
            .as_ref()
            .map(|time| dates::timestamp(Some(time))),
        days_left: days_left(&review, due, today),
        due: due.map(dates::day),
        observations: said(&review, &path),
        notes: notes(&review, &path),
        comparisons: peers::shown(&compared),
        tables,
        territory: near.as_ref().map(territory_context::shown),
        territory_table,
        examination: review
            .examination
            .as_ref()
            .map(|examination| ShownExamination {
                analysis: examination.analysis.clone(),
                recommended: labels::outcome(examination.recommended_outcome()),
                who: labels::actor(examination.reviewer.as_ref()),
                when: dates::timestamp(examination.examine_time.as_ref()),
            }),
        conclusion: review
            .conclusion
            .as_ref()
            .map(|conclusion| ShownConclusion {
                outcome: labels::outcome(conclusion.outcome()),
                reasons: conclusion.reasons.clone(),
                who: labels::actor(conclusion.author.as_ref()),
                when: dates::timestamp(conclusion.conclude_time.as_ref()),
                procedure: (!conclusion.procedure.is_empty())
                    .then(|| format!("/procedures/{}", id_of(&conclusion.procedure))),
                plan: plan(conclusion, today),
            }),
        has_changed: review.changed_after_conclusion,
        phases: phases(&review),
        acts,
    };
    html_after(&page, attempt)
}

fn findings(review: &Review) -> Vec<ShownFinding> {
    let shown = |finding: &proto::contracts::v1::AttachedFinding| ShownFinding {
        path: format!("/constats/{}", id_of(&finding.finding)),
        summary: finding.summary.clone(),
        severity: labels::severity(finding.severity()),
        is_opposable: finding.opposable,
        is_penalty_eligible: finding.penalty_eligible,
        withdrawn: finding
            .withdraw_time
            .is_some()
            .then(|| finding.withdrawal_reason.clone()),
    };
    review.findings.iter().map(shown).collect()
}

/// What the establishment said, in writing, then at hearings.
fn said(review: &Review, path: &str) -> Vec<ShownObservation> {
    let pieces = |attachments: &[Attachment]| {
        let attachments = attachments.iter();
        attachments
            .map(|one| Piece::of(path, one))
            .collect::<Vec<_>>()
    };
    let written = review.observations.iter().map(|one| ShownObservation {
        text: one.text.clone(),
        pieces: pieces(&one.attachments),
        who: labels::actor(one.author.as_ref()),
        when: dates::timestamp(one.submit_time.as_ref()),
    });
    let heard = review.hearings.iter().map(|one| ShownObservation {
        text: one.minutes.clone(),
        pieces: pieces(&one.attachments),
        who: format!(
            "Audition du {} ({}), consignée par {}",
            dates::from_wire(&one.date),
            one.participants.join(", "),
            labels::actor(one.recorder.as_ref())
        ),
        when: dates::timestamp(one.record_time.as_ref()),
    });
    written.chain(heard).collect()
}

fn notes(review: &Review, path: &str) -> Vec<ShownNote> {
    let shown = |note: &ContextNote| ShownNote {
        title: note.title.clone(),
        text: note.text.clone(),
        references: note.references.clone(),
        pieces: note
            .attachments
            .iter()
            .map(|one| Piece::of(path, one))
            .collect(),
        who: labels::actor(note.author.as_ref()),
        when: dates::timestamp(note.add_time.as_ref()),
    };
    review.context.iter().map(shown).collect()
}

/// The action plan, step by step.
fn plan(conclusion: &Conclusion, today: Date) -> Vec<ShownStep> {
    let shown = |one: &Milestone| {
        let is_late = dates::parse(&one.due_date).is_some_and(|due| due < today);
        ShownStep {
            title: one.title.clone(),
            badge: match &one.complete_time {
                Some(_) => labels::badge("atteinte", "fr-badge--success"),
                None if is_late => labels::badge("échéance passée", "fr-badge--error"),
                None => labels::badge("à atteindre", "fr-badge--new"),
            },
            due: match &one.complete_time {
                Some(at) => format!("atteinte le {}", dates::timestamp(Some(at))),
                None => format!("pour le {}", dates::from_wire(&one.due_date)),
            },
            note: one.completion_note.clone(),
        }
    };
    conclusion.milestones.iter().map(shown).collect()
}

/// In writing or at a hearing.
fn is_answered(review: &Review) -> bool {
    !review.observations.is_empty() || !review.hearings.is_empty()
}

/// Days the establishment still has, while its answer is awaited.
fn days_left(review: &Review, due: Option<Date>, today: Date) -> Option<i64> {
    let awaited = review.state() == ReviewState::Notified && !is_answered(review);
    due.filter(|_| awaited)
        .map(|due| (due - today).whole_days())
}

fn phases(review: &Review) -> Phases {
    let step = |is_done: bool, is_now: bool| match (is_done, is_now) {
        (true, _) => "cpom-phase--done",
        (false, true) => "cpom-phase--now",
        _ => "",
    };
    let state = review.state();
    let notified = review.notify_time.is_some();
    let observed = is_answered(review);
    let examined = matches!(state, ReviewState::Examined | ReviewState::Concluded);
    Phases {
        notified: step(notified, state == ReviewState::Open),
        observed: step(observed, state == ReviewState::Notified),
        examined: step(examined, state == ReviewState::Notified),
        concluded: step(
            state == ReviewState::Concluded,
            state == ReviewState::Examined,
        ),
    }
}

/// Acts of a review.
pub(crate) static ACTS: OnOne = OnOne {
    of: "reviews",
    page: |id| format!("/revues/{id}"),
    send: |services, name, method, form| Box::pin(review_acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(review_page(visitor, id, Some(attempt))),
};

#[cfg(test)]
mod tests {
    use proto::contracts::v1::Hearing;
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_counted_while_an_answer_is_awaited_only() {
        let mut review = Review {
            state: ReviewState::Notified.into(),
            ..Default::default()
        };
        let (due, today) = (Some(date!(2026 - 12 - 01)), date!(2026 - 11 - 22));
        assert_eq!(days_left(&review, due, today), Some(9));
        review.hearings = vec![Hearing::default()];
        assert_eq!(days_left(&review, due, today), None);
        review.hearings.clear();
        review.state = ReviewState::Examined.into();
        assert_eq!(days_left(&review, due, today), None);
    }
}
