//! The minister of defence, before the termination of a contract of the armed forces (CSP L1435-3-1): guard C13.

use cucumber::when;
use proto::contracts::v1::{ConsultDefenceRequest, Procedure, RecordDefenceAnswerRequest};
use testkit::request_id;

use crate::{
    figures::{Day, Someone},
    world::Specification,
};

#[when(expr = "{personne} consulte le ministre de la défense, qui a jusqu’au {jour} pour répondre")]
async fn consults(world: &mut Specification, who: Someone, day: Day) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = ConsultDefenceRequest {
        name,
        etag,
        request_date: world.today()?.to_string(),
        answer_due_date: day.0.to_string(),
        letter: "ARS-2026-117".to_owned(),
        attachments: Vec::new(),
        request_id: request_id(),
    };
    let answer = client.consult_defence(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} enregistre la réponse du ministre, qui demande un délai jusqu’au {jour}")]
async fn records_the_answer(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = RecordDefenceAnswerRequest {
        name,
        etag,
        receipt_date: world.today()?.to_string(),
        text: "La résiliation compromettrait le soutien sanitaire des forces armées.".to_owned(),
        continuity_end_date: day.0.to_string(),
        attachments: Vec::new(),
        request_id: request_id(),
    };
    let answer = client.record_defence_answer(request).await;
    world.procedure_answer(answer)
}
