//! Acts of a procedure that say no reason (CRPA L211-2; CSP R6114-10).

use std::str::FromStr;

use anyhow::bail;
use cucumber::{Parameter, then, when};
use proto::contracts::v1::{
    DropProcedureRequest, ExtendFormalNoticeRequest, GetProcedureRequest, OpenProcedureRequest,
    Procedure, SendFormalNoticeRequest,
};
use testkit::request_id;

use super::procedure::penalty;
use crate::{figures::Someone, world::Specification};

/// What a director general does with reasons only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "acte",
    regex = "ouvre la procédure|met en demeure l’établissement|prolonge le délai|met fin à la procédure|fixe une pénalité"
)]
enum Act {
    Open,
    GiveNotice,
    Extend,
    Drop,
    Decide,
}

impl FromStr for Act {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> anyhow::Result<Self> {
        Ok(match words {
            "ouvre la procédure" => Self::Open,
            "met en demeure l’établissement" => Self::GiveNotice,
            "prolonge le délai" => Self::Extend,
            "met fin à la procédure" => Self::Drop,
            "fixe une pénalité" => Self::Decide,
            other => bail!("« {other} » is no act of a procedure"),
        })
    }
}

#[when(expr = "{personne} {acte} sans motif")]
async fn acts_without_reasons(
    world: &mut Specification,
    who: Someone,
    act: Act,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let (reasons, request_id) = (String::new(), request_id());
    let answer = match act {
        Act::Open => {
            let request = OpenProcedureRequest {
                name,
                etag,
                reasons,
                request_id,
            };
            client.open_procedure(request).await
        }
        Act::GiveNotice => {
            let request = SendFormalNoticeRequest {
                name,
                etag,
                reasons,
                measures: "Communiquer un calendrier d’installation.".to_owned(),
                request_id,
                ..Default::default()
            };
            client.send_formal_notice(request).await
        }
        Act::Extend => {
            let request = ExtendFormalNoticeRequest {
                name,
                etag,
                reasons,
                request_id,
            };
            client.extend_formal_notice(request).await
        }
        Act::Drop => {
            let request = DropProcedureRequest {
                name,
                etag,
                reasons,
                request_id,
            };
            client.drop_procedure(request).await
        }
        Act::Decide => {
            let request = penalty(world, "1000.00", "")?;
            client.decide_procedure(request).await
        }
    };
    world.procedure_answer(answer)
}

#[then("la procédure est inchangée")]
async fn nothing_has_changed(world: &mut Specification) -> anyhow::Result<()> {
    let auditor = world.scenario()?.people.auditor();
    let mut client = world.suite()?.procedures(&auditor)?;
    let known = world.procedure()?;
    let request = GetProcedureRequest { name: known.name };
    let procedure = client.get_procedure(request).await?.into_inner();
    assert_eq!(procedure.etag, known.etag);
    Ok(())
}
