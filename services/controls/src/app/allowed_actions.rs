//! What the caller may do next, and why not the rest: the guards of the domain say it, and the table of permissions.

use std::sync::LazyLock;

use proto::types::v1::AllowedAction;
use rpc::{Call, Refusal as _, Rules, RulesError};

use crate::{DEFINITION, domain::Refusal};

static RULES: LazyLock<Result<Rules, RulesError>> =
    LazyLock::new(|| Rules::parse(DEFINITION.authorization));

/// Acts of a service, each by its method with what its guard says, as the methods themselves would answer the caller.
pub(super) fn told<const N: usize>(
    call: &Call,
    service: &str,
    acts: [(&'static str, Result<(), Refusal>); N],
) -> Vec<AllowedAction> {
    acts.into_iter()
        .map(|(method, guard)| {
            let refusal = denial(call, service, method).or_else(|| {
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
        .collect()
}

/// Why the table does not let the caller do an act whatever the state, as the method itself would answer.
fn denial(call: &Call, service: &str, method: &str) -> Option<(&'static str, String)> {
    const DENIED: &str = "PERMISSION_DENIED";
    let path = format!("/cpom.controls.v1.{service}/{method}");
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
