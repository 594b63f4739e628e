//! `cpom contracts`.

use anyhow::Result;
use proto::contracts::v1::{Contract, ContractState, GetContractRequest, ListContractsRequest};

use super::Context;
use crate::{
    call,
    cli::ContractCommand,
    failure::Exit,
    list_all,
    output::{Table, instant, short},
    stack::Service,
};

pub(super) async fn run(context: &Context, command: ContractCommand) -> Result<Exit> {
    let session = context.session(&[Service::Contracts], "auditor").await?;
    match command {
        ContractCommand::List {
            region,
            legal_entity,
            state,
        } => {
            let request = ListContractsRequest {
                region: region
                    .map(kernel::Region::code)
                    .unwrap_or_default()
                    .to_owned(),
                legal_entity: legal_entity
                    .map(|finess| format!("legalEntities/{finess}"))
                    .unwrap_or_default(),
                state: state.map(ContractState::from).unwrap_or_default().into(),
                ..Default::default()
            };
            let contracts = list_all!(
                session.contracts(),
                list_contracts,
                request.clone(),
                contracts
            )
            .await?;
            context
                .output
                .messages(&contracts, || table(&contracts).to_string())?;
        }
        ContractCommand::Show { name } => {
            let request = GetContractRequest { name };
            let contract = call!(session.contracts(), get_contract, request).await?;
            context.output.message(&contract, || describe(&contract))?;
        }
    }
    Ok(Exit::Success)
}

fn state(contract: &Contract) -> &'static str {
    short(contract.state().as_str_name(), "CONTRACT_STATE_")
}

fn table(contracts: &[Contract]) -> Table {
    let mut table = Table::new(&["contract", "number", "state", "from", "to", "title"]);
    for contract in contracts {
        let text = contract.text.clone().unwrap_or_default();
        table.row([
            contract.name.clone(),
            contract.number.clone(),
            state(contract).to_owned(),
            text.effect_date,
            text.end_date,
            text.title,
        ]);
    }
    table
}

fn describe(contract: &Contract) -> String {
    let text = contract.text.clone().unwrap_or_default();
    let mut lines = vec![
        format!(
            "{}  {}  {}  etag {}",
            contract.name,
            contract.number,
            state(contract),
            contract.etag
        ),
        text.title,
        format!(
            "{} to {}, regime {}",
            text.effect_date, text.end_date, contract.legal_regime
        ),
        format!("parties         {}", text.legal_entities.join(", ")),
        format!("establishments  {}", text.establishments.join(", ")),
        format!("target set      {}", contract.target_set),
        format!("document        {}", contract.document_sha256),
        String::new(),
    ];
    for objective in text.objectives {
        lines.push(format!("• [{}] {}", objective.axis, objective.title));
    }
    for signature in &contract.signatures {
        let signatory = signature.signatory.clone().unwrap_or_default().subject;
        let time = instant(signature.sign_time.as_ref());
        lines.push(format!(
            "signed {time} for {} by {signatory}, {}",
            signature.party, signature.signatory_title
        ));
    }
    // That an act belongs to other roles is no news to the reader.
    let others = |reason: &str| reason == "ROLE_NOT_ENTITLED" || reason == "HUMAN_REQUIRED";
    for action in contract
        .allowed_actions
        .iter()
        .filter(|action| !others(&action.reason))
    {
        lines.push(if action.allowed {
            format!("you may {}", action.method)
        } else {
            format!(
                "you may not {}: {} ({})",
                action.method, action.explanation, action.reason
            )
        });
    }
    lines.join("\n") + "\n"
}
