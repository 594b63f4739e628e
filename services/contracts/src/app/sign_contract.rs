//! C6: one party signs. With the last signature the contract is signed, and in force if its day has come.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, evidence};
use crate::{
    domain::{contract::acts::Command, signature::Party},
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::SignContractRequest,
) -> Result<pb::Contract, Error> {
    let party: Party = request
        .party
        .parse()
        .map_err(|e| Error::invalid("party", e))?;
    let title = request.signatory_title.clone();
    let command = Command::Sign {
        party,
        title: title.clone(),
        sha256: request
            .document_sha256
            .parse()
            .map_err(|e| Error::invalid("document_sha256", e))?,
    };
    // A first look, so that no lock is held while the provider works, and nothing is signed in vain. The version that
    // the caller has read is the same at the second look, and so is the document.
    let mut act = opened!(contract_act::ContractAct, app, call, request);
    act.rehearse(command.clone())?;
    let document = rows::contract::document(act.unit.connection(), act.contract.id).await?;
    let (document, _) =
        document.ok_or_else(|| Error::internal("a contract is signed without its document"))?;
    let contract = act.contract.clone();
    drop(act);
    let proof = evidence::make(app, call, &document, (&contract, party, &title)).await?;
    let mut act = opened!(contract_act::ContractAct, app, call, request);
    act.keep_evidence(party, &proof).await?;
    act.carry_out(command, None).await
}
