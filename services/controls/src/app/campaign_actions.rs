//! What the caller may do next with a campaign, and why not the rest: the state says it, and the table of permissions.

use std::sync::LazyLock;

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::types::v1::AllowedAction;
use rpc::{Call, Error, Refusal as _, Rules, RulesError};

use crate::{
    DEFINITION,
    domain::campaign::{Campaign, Progress, Situation},
    store::{follow_up, inconsistent, tolerance_policy},
};

static RULES: LazyLock<Result<Rules, RulesError>> =
    LazyLock::new(|| Rules::parse(DEFINITION.authorization));

pub(super) async fn of(
    db: &Db,
    call: &Call,
    campaign: &Campaign,
    progress: Progress,
) -> Result<Vec<AllowedAction>, Error> {
    let mut connection = db.pool().acquire().await?;
    let policy = tolerance_policy::find(&mut connection, campaign.policy)
        .await?
        .ok_or_else(|| inconsistent(format!("the policy of {} is gone", campaign.id)))?;
    let situation = Situation {
        today: legal_day(call.at, campaign.region),
        policy: &policy,
        progress,
        unread: follow_up::unread(&mut connection, campaign.id).await?,
    };
    let steps = campaign.steps(&situation).into_iter();
    Ok(steps
        .map(|(method, guard)| {
            let refusal = denial(call, method).or_else(|| {
                let refusal = guard.err()?;
                Some((refusal.reason().reason, refusal.to_string()))
            });
            let allowed = refusal.is_none();
            let (reason, explanation) = refusal.unwrap_or_default();
            AllowedAction {
                method: method.to_owned(),
                allowed,
                reason: reason.to_owned(),
                explanation,
            }
        })
        .collect())
}

/// Why the table does not let the caller take a step whatever the state, as the method itself would answer.
fn denial(call: &Call, method: &str) -> Option<(&'static str, String)> {
    const DENIED: &str = "PERMISSION_DENIED";
    let path = format!("/cpom.controls.v1.CampaignService/{method}");
    let Some(rule) = RULES.as_ref().ok().and_then(|rules| rules.get(&path)) else {
        return Some((DENIED, format!("{path} is open to nobody")));
    };
    if !rule
        .roles
        .iter()
        .any(|role| call.caller.roles().contains(role))
    {
        let roles = rule.roles.join(", ");
        return Some((DENIED, format!("this needs one of the roles: {roles}")));
    }
    if rule.human && call.caller.actor.as_human().is_none() {
        return Some((DENIED, "only a person may do this".to_owned()));
    }
    None
}
