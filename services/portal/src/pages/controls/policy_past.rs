//! What a region has already adopted, before a policy of tolerance.

use proto::controls::v1::{ListTolerancePoliciesRequest, TolerancePolicy, TolerancePolicyState};

use crate::{Failure, services::every, text::dates, visitor::Visitor};

/// Policies of a region, at most.
const MOST: usize = 1_000;

/// Policies in effect, or adopted, that another one of their region may replace: none does yet.
pub(super) async fn replaceable(
    visitor: &Visitor,
    policy: &TolerancePolicy,
) -> Result<Vec<(String, String)>, Failure> {
    let request = ListTolerancePoliciesRequest {
        region: policy.region.clone(),
        ..Default::default()
    };
    let (policies, _) = every!(
        visitor.services.policies(),
        list_tolerance_policies,
        request,
        tolerance_policies,
        MOST
    )?;
    let stands = |one: &TolerancePolicy| {
        let state = one.state();
        let is_adopted = matches!(
            state,
            TolerancePolicyState::InEffect | TolerancePolicyState::Adopted
        );
        is_adopted && one.replace_date.is_empty()
    };
    Ok(policies
        .into_iter()
        .filter(stands)
        .map(|one| {
            let rules = one.rules.unwrap_or_default();
            let told = format!(
                "{} à {}, depuis le {}",
                rules.first_year,
                rules.last_year,
                dates::from_wire(&one.effect_date)
            );
            (one.name, told)
        })
        .collect())
}
