//! A person corrects a finding because a datum was wrong and the deviation stands. A computed one is compared
//! again, with the right value, by the rules and the target of its campaign. The review follows by itself.

use ::store::Db;
use proto::controls::v1 as pb;
use rpc::{Call, Error, Violation, etag};
use sqlx::PgConnection;

use super::append_one;
use crate::{
    domain::{
        Comparison, Finding, FindingId, Quantity,
        compare::{Question, Severity, compare},
        finding::{Correct, Corrected, Event},
        objective::{Measure, Realised, Submitted, SubmittedValue},
    },
    events::published,
    grpc::convert,
    store::{
        campaign, finding, finding_correction, inconsistent, target_set_copy, tolerance_policy,
    },
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CorrectFindingRequest,
) -> Result<pb::Finding, Error> {
    let by = call.human()?;
    let id: FindingId = convert::name("name", &request.name)?;
    let reasons = convert::reasons(&request.reasons)?;
    let asked = Asked::read(&request)?;
    let mut unit = claim!(db, call, request);
    let mut finding = finding::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    call.caller
        .require_region(finding.facts.region, &call.permission)?;
    etag::check_telling(&mut unit, &finding.id, &request.etag, finding.version).await?;
    let with = match asked {
        Asked::Value(value, source) => {
            let compared = compare_again(unit.connection(), &finding, value, source).await?;
            Corrected::Comparison(Box::new(compared))
        }
        Asked::Statement { severity, text } => Corrected::Manual { severity, text },
    };
    for event in finding.correct(Correct {
        by,
        reasons,
        at: call.at,
        with,
    })? {
        finding = finding.evolve(&event);
        let corrected_by =
            append_one(&mut unit, published::finding(&finding, &event, &[])?).await?;
        finding::correct(unit.connection(), &finding, corrected_by).await?;
        if let Event::Corrected(correction) = &event {
            finding_correction::insert(unit.connection(), &finding, correction).await?;
        }
    }
    let reply = convert::finding(&finding);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// What a request gives instead.
enum Asked {
    Value(Quantity, String),
    Statement {
        severity: Option<Severity>,
        text: Option<String>,
    },
}

impl Asked {
    fn read(request: &pb::CorrectFindingRequest) -> Result<Self, Error> {
        let severity = convert::given_severity(request.severity());
        let text = convert::given(request.text.trim()).map(str::to_owned);
        if request.realised.is_empty() {
            if severity.is_none() && text.is_none() {
                let explanation = "or severity or text: something must be corrected";
                return Err(Error::invalid("realised", explanation));
            }
            return Ok(Self::Statement { severity, text });
        }
        let mut wrong = Vec::new();
        if severity.is_some() || text.is_some() {
            let explanation = "severity and text follow from the value; leave them out";
            wrong.push(Violation::new("realised", explanation));
        }
        if request.source.trim().is_empty() {
            wrong.push(Violation::new("source", "says where the value comes from"));
        }
        let value = request.realised.parse::<Quantity>();
        if let Err(error) = &value {
            wrong.push(Violation::new("realised", error));
        }
        match value {
            Ok(value) if wrong.is_empty() => {
                Ok(Self::Value(value, request.source.trim().to_owned()))
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// The comparison as the campaign would have made it with this value.
async fn compare_again(
    connection: &mut PgConnection,
    finding: &Finding,
    value: Quantity,
    source: String,
) -> Result<Comparison, Error> {
    let facts = &finding.facts;
    let gone = |what: &str| inconsistent(format!("{what} of {} is gone", finding.id));
    let campaign = campaign::find(&mut *connection, facts.campaign)
        .await?
        .ok_or_else(|| gone("the campaign"))?
        .campaign;
    let frozen = campaign.state.frozen().ok_or_else(|| gone("the freeze"))?;
    let policy = tolerance_policy::find(connection, campaign.policy)
        .await?
        .ok_or_else(|| gone("the policy"))?;
    let targets = target_set_copy::of_controls(&mut *connection, &[facts.control])
        .await?
        .remove(&facts.control)
        .ok_or_else(|| gone("the target set"))?;
    let objective = targets
        .objectives
        .iter()
        .find(|objective| objective.id == facts.objective)
        .ok_or_else(|| gone("the objective"))?;
    let measure = Measure {
        realised: Realised::Exact(value),
        inputs: vec![SubmittedValue {
            name: format!(
                "{} {} {}, valeur rectifiée",
                objective.indicator, objective.subject, facts.year
            ),
            content: Submitted::Number(value),
            source,
        }],
    };
    Ok(compare(&Question {
        year: facts.year,
        objective,
        target_source: &format!("{} (version {})", targets.id, targets.version),
        rules: &policy.rules,
        policy: &policy.id.to_string(),
        campaign: &campaign.id.to_string(),
        freeze_time: frozen.freeze_time,
        measure: &measure,
    }))
}
