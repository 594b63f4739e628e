//! Appeals against a decision, and how they end (CJA R421-1, CRPA L411-2).

use cucumber::{then, when};
use proto::contracts::v1::{
    AppealKind, AppealOutcome, FileAppealRequest, Procedure, ProcedureState,
    RecordAppealOutcomeRequest,
};
use testkit::request_id;

use crate::{figures::Someone, world::Specification};

#[when(expr = "{personne} saisit le tribunal")]
async fn appeals(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = FileAppealRequest {
        name,
        etag,
        kind: AppealKind::Judicial.into(),
        date: world.today()?.to_string(),
        grounds: "Le manquement n’est pas établi.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.file_appeal(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} consigne que le tribunal annule la décision")]
async fn annulled(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    ends(world, who, AppealOutcome::Annulled, "").await
}

#[when(expr = "{personne} consigne que le tribunal ramène la pénalité à {word} euros")]
async fn reduced(world: &mut Specification, who: Someone, amount: String) -> anyhow::Result<()> {
    ends(world, who, AppealOutcome::Reduced, &amount).await
}

#[when(expr = "{personne} consigne que le tribunal rejette le recours")]
async fn upheld(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    ends(world, who, AppealOutcome::Upheld, "").await
}

async fn ends(
    world: &mut Specification,
    who: Someone,
    outcome: AppealOutcome,
    amount: &str,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = RecordAppealOutcomeRequest {
        name,
        etag,
        rank: 1,
        outcome: outcome.into(),
        date: world.today()?.to_string(),
        reasons: "Jugement du tribunal administratif.".to_owned(),
        reduced_amount_eur: amount.to_owned(),
        request_id: request_id(),
    };
    let answer = client.record_appeal_outcome(request).await;
    world.procedure_answer(answer)
}

#[then(expr = "il reste dû {word} euros")]
fn is_owed(world: &mut Specification, amount: String) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.procedure()?.balance_eur, amount);
    Ok(())
}

#[then("la décision est annulée")]
fn is_annulled(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.procedure()?.state(), ProcedureState::Annulled);
    Ok(())
}
