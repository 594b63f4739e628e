//! `cpom reviews`.

use anyhow::{Context as _, Result};
use proto::contracts::v1::{
    ConcludeReviewRequest, ExamineReviewRequest, GetReviewRequest, ListReviewsRequest,
    MilestoneDraft, NotifyReviewRequest, Outcome, Review, ReviewState, SubmitObservationsRequest,
};

use super::Context;
use crate::{
    call,
    cli::{Act, ReviewCommand},
    client::Session,
    failure::Exit,
    list_all,
    output::{Table, french, instant, short},
    request_id,
    stack::Service,
};

pub(super) async fn run(context: &Context, command: ReviewCommand) -> Result<Exit> {
    let role = match &command {
        ReviewCommand::List { .. } | ReviewCommand::Show { .. } => "auditor",
        ReviewCommand::Notify { .. } | ReviewCommand::Examine { .. } => "reviewer",
        ReviewCommand::Observe { .. } => "establishment_director",
        ReviewCommand::Conclude { .. } => "manager",
    };
    let session = context.session(&[Service::Contracts], role).await?;
    let request_id = request_id::fresh();
    let review = match command {
        ReviewCommand::List {
            region,
            state,
            contract,
            campaign,
        } => {
            let request = ListReviewsRequest {
                region: region
                    .map(kernel::Region::code)
                    .unwrap_or_default()
                    .to_owned(),
                state: state.map(ReviewState::from).unwrap_or_default().into(),
                contract: contract.unwrap_or_default(),
                campaign: campaign.unwrap_or_default(),
                ..Default::default()
            };
            return list(context, &session, request).await;
        }
        ReviewCommand::Show { name } => get(&session, &name).await?,
        ReviewCommand::Notify { act, message } => {
            let (name, etag) = etag(&session, act).await?;
            let request = NotifyReviewRequest {
                name,
                etag,
                message,
                request_id,
                ..Default::default()
            };
            call!(session.reviews(), notify_review, request).await?
        }
        ReviewCommand::Observe { act, text } => {
            let (name, etag) = etag(&session, act).await?;
            let request = SubmitObservationsRequest {
                name,
                etag,
                text,
                request_id,
                ..Default::default()
            };
            call!(session.reviews(), submit_observations, request).await?
        }
        ReviewCommand::Examine {
            act,
            analysis,
            recommend,
        } => {
            let (name, etag) = etag(&session, act).await?;
            let recommended_outcome = Outcome::from(recommend).into();
            let request = ExamineReviewRequest {
                name,
                etag,
                analysis,
                recommended_outcome,
                request_id,
            };
            call!(session.reviews(), examine_review, request).await?
        }
        ReviewCommand::Conclude {
            act,
            outcome,
            reasons,
            milestones,
        } => {
            let (name, etag) = etag(&session, act).await?;
            let outcome = Outcome::from(outcome).into();
            let request = ConcludeReviewRequest {
                name,
                etag,
                outcome,
                reasons,
                milestones: milestones
                    .iter()
                    .map(|text| milestone(text))
                    .collect::<Result<_>>()?,
                request_id,
                ..Default::default()
            };
            call!(session.reviews(), conclude_review, request).await?
        }
    };
    context.output.message(&review, || describe(&review))?;
    Ok(Exit::Success)
}

/// A step of an action plan, as it is written on the command line.
fn milestone(text: &str) -> Result<MilestoneDraft> {
    let (due_date, title) = text
        .split_once('=')
        .with_context(|| format!("--milestone {text:?} is not a day, `=` and a title"))?;
    Ok(MilestoneDraft {
        title: title.to_owned(),
        due_date: due_date.to_owned(),
    })
}

async fn get(session: &Session, name: &str) -> Result<Review> {
    let request = GetReviewRequest {
        name: name.to_owned(),
    };
    Ok(call!(session.reviews(), get_review, request).await?)
}

async fn etag(session: &Session, act: Act) -> Result<(String, String)> {
    let etag = match act.etag {
        Some(etag) => etag,
        None => get(session, &act.name).await?.etag,
    };
    Ok((act.name, etag))
}

async fn list(context: &Context, session: &Session, request: ListReviewsRequest) -> Result<Exit> {
    let reviews = list_all!(session.reviews(), list_reviews, request.clone(), reviews).await?;
    context.output.messages(&reviews, || {
        let mut table = Table::new(&[
            "review", "contract", "year", "state", "findings", "due", "outcome",
        ]);
        for review in &reviews {
            let conclusion = review.conclusion.as_ref();
            table.row([
                review.name.clone(),
                review.contract.clone(),
                review.year.to_string(),
                state(review).to_owned(),
                french(review.findings.len()),
                review.observations_due_date.clone(),
                conclusion
                    .map(|c| outcome(c.outcome()))
                    .unwrap_or_default()
                    .to_owned(),
            ]);
        }
        table.to_string()
    })?;
    Ok(Exit::Success)
}

fn state(review: &Review) -> &'static str {
    short(review.state().as_str_name(), "REVIEW_STATE_")
}

fn outcome(outcome: Outcome) -> &'static str {
    short(outcome.as_str_name(), "OUTCOME_")
}

fn describe(review: &Review) -> String {
    let mut lines = vec![
        format!(
            "{}  {}  {}  etag {}",
            review.name,
            review.year,
            state(review),
            review.etag
        ),
        format!("contract  {}", review.contract),
        format!("campaign  {}", review.campaign),
        String::new(),
    ];
    for finding in &review.findings {
        let severity = short(finding.severity().as_str_name(), "SEVERITY_");
        let opposable = if finding.opposable {
            "opposable"
        } else {
            "for information"
        };
        lines.push(format!("• {} ({severity}, {opposable})", finding.summary));
    }
    if review.notify_time.is_some() {
        let due = &review.observations_due_date;
        let notified = instant(review.notify_time.as_ref());
        lines.push(format!("\nnotified {notified}, observations until {due}"));
    }
    for observations in &review.observations {
        let author = observations.author.clone().unwrap_or_default().subject;
        lines.push(format!(
            "\nobservations of {author}:\n{}",
            observations.text
        ));
    }
    if let Some(examination) = &review.examination {
        let reviewer = examination.reviewer.clone().unwrap_or_default().subject;
        let recommended = outcome(examination.recommended_outcome());
        lines.push(format!(
            "\nexamined by {reviewer}, recommends {recommended}:\n{}",
            examination.analysis
        ));
    }
    if let Some(conclusion) = &review.conclusion {
        let author = conclusion.author.clone().unwrap_or_default().subject;
        lines.push(format!(
            "\nconcluded by {author}, {}:\n{}",
            outcome(conclusion.outcome()),
            conclusion.reasons
        ));
    }
    let possible = review
        .allowed_actions
        .iter()
        .filter(|action| action.allowed);
    let possible: Vec<&str> = possible.map(|action| action.method.as_str()).collect();
    if !possible.is_empty() {
        lines.push(format!("\nyou may: {}", possible.join(", ")));
    }
    lines.join("\n") + "\n"
}
