//! Who may act for a party without holding its office: delegations of the director general (CSP L1432-2), and the
//! acts that name the presidents of councils.

use cucumber::given;
use proto::contracts::v1::{MandateMatter, RegisterMandateRequest};
use testkit::request_id;

use crate::{
    figures::{COUNCIL, DEPUTY, Day, NEIGHBOUR, OTHER_COUNCIL, PRESIDENT, Someone},
    world::Specification,
};

#[given(
    regex = "^une délégation (de signature|de décision) au directeur délégué, publiée le (.+)$"
)]
async fn a_delegation(world: &mut Specification, what: String, day: Day) -> anyhow::Result<()> {
    let matter = match what.as_str() {
        "de signature" => MandateMatter::Signature,
        _ => MandateMatter::Procedures,
    };
    let request = RegisterMandateRequest {
        party: "ars".to_owned(),
        subject: DEPUTY.to_owned(),
        title: "Directeur délégué".to_owned(),
        act: "Arrêté du directeur général portant délégation".to_owned(),
        publication_date: day.0.to_string(),
        matters: vec![matter.into()],
        ..Default::default()
    };
    register(world, request).await
}

#[given("l’acte qui désigne le président du conseil départemental")]
pub(crate) async fn a_president(world: &mut Specification) -> anyhow::Result<()> {
    elected(world, COUNCIL, PRESIDENT).await
}

/// The same of the neighbouring département.
pub(super) async fn a_neighbour(world: &Specification) -> anyhow::Result<()> {
    elected(world, OTHER_COUNCIL, NEIGHBOUR).await
}

async fn elected(world: &Specification, council: &str, president: &str) -> anyhow::Result<()> {
    let request = RegisterMandateRequest {
        party: council.to_owned(),
        subject: president.to_owned(),
        title: "Président du conseil départemental".to_owned(),
        act: "Délibération portant élection du président".to_owned(),
        publication_date: "2026-01-02".to_owned(),
        ..Default::default()
    };
    register(world, request).await
}

async fn register(world: &Specification, mandate: RegisterMandateRequest) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let request = RegisterMandateRequest {
        region: world.scenario()?.people.region.code().to_owned(),
        valid_from: "2026-01-01".to_owned(),
        request_id: request_id(),
        ..mandate
    };
    let mut client = world.suite()?.mandates(&manager)?;
    client.register_mandate(request).await?;
    Ok(())
}
