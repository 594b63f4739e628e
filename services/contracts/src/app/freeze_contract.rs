//! C5: text and agreed targets become the document that is signed.

use std::time::Duration;

use proto::{
    contracts::v1 as pb,
    targets::v1::{GetAgreedTargetSetRequest, TargetSet, TargetSetState},
};
use rpc::{Call, Error};
use tonic::{Code, Request};

use super::{App, document};
use crate::domain::{
    ContractId, Refusal,
    contract::acts::{Act, Command},
};

/// Longest wait for the targets service.
const PATIENCE: Duration = Duration::from_secs(3);

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::FreezeContractRequest,
) -> Result<pb::Contract, Error> {
    // A first look, so that no lock is held while another service thinks, and none is asked in vain.
    opened!(contract_act::ContractAct, app, call, request).check(Act::Freeze)?;
    let targets = agreed_targets(app, &request.name).await?;
    let act = opened!(contract_act::ContractAct, app, call, request);
    let of_contract: ContractId = targets.contract.parse().map_err(Error::internal)?;
    let target_set = targets.name.parse().map_err(Error::internal)?;
    let (content, sha256) = document::freeze(&act.contract, &targets)?;
    act.carry_out(
        Command::Freeze {
            target_set,
            of_contract,
            sha256,
        },
        Some(&content),
    )
    .await
}

/// The target set to which both sides have agreed, asked of the service that owns it.
async fn agreed_targets(app: &App, contract: &str) -> Result<TargetSet, Error> {
    let mut request = Request::new(GetAgreedTargetSetRequest {
        contract: contract.to_owned(),
        ..Default::default()
    });
    request.set_timeout(PATIENCE);
    let answer = app.targets.clone().get_agreed_target_set(request).await;
    let not_agreed = |explanation: &str| -> Error {
        Refusal::TargetsNotAgreed {
            explanation: explanation.to_owned(),
        }
        .into()
    };
    let targets = match answer {
        Ok(response) => response.into_inner(),
        Err(status) => {
            return Err(match status.code() {
                Code::NotFound | Code::FailedPrecondition => not_agreed(status.message()),
                code => {
                    tracing::warn!(?code, message = status.message(), "targets were not given");
                    Error::Unavailable("the targets service")
                }
            });
        }
    };
    if targets.state() != TargetSetState::Agreed {
        return Err(not_agreed("it is not agreed by both sides"));
    }
    Ok(targets)
}
