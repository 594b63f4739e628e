//! What a handler knows of the call it answers.

use std::{
    fmt::Debug,
    sync::{Arc, OnceLock},
};

use kernel::HumanActor;
use proto::Validate;
use sha2::{Digest as _, Sha256};
use store::Command;
use time::OffsetDateTime;
use tonic::{Request, Status};
use uuid::Uuid;

use crate::{Caller, Error, Violation};

/// An authenticated and authorized call.
#[derive(Debug, Clone)]
pub struct Call {
    pub caller: Caller,
    /// Fully qualified method, for example `cpom.contracts.v1.ContractService/SignContract`.
    pub method: String,
    /// The permission under which the method was allowed.
    pub permission: String,
    /// The instant of the call: everything it does happens then.
    pub at: OffsetDateTime,
    /// Takes down what was asked, where that is recorded.
    pub(crate) heard: Option<Arc<OnceLock<String>>>,
}

/// Longest text of a request that is kept.
const HEARD: usize = 2_000;

impl Call {
    /// The command that carries out `request` once.
    ///
    /// # Errors
    /// When `request_id` is not a UUID.
    pub fn command(
        &self,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Result<Command, Error> {
        let id: Uuid = request_id
            .parse()
            .map_err(|_| Error::invalid("request_id", "must be a UUID"))?;
        Ok(Command::new(
            self.caller.actor.clone(),
            &self.method,
            id,
            request,
            self.at,
        ))
    }

    /// The command of an upload: what is asked is `header` and the bytes of this hash. It happens once the last of them is
    /// there, which may be minutes after the call began.
    ///
    /// # Errors
    /// When `request_id` is not a UUID.
    pub fn upload_command(
        &self,
        request_id: &str,
        header: &impl prost::Message,
        sha256: &str,
        at: OffsetDateTime,
    ) -> Result<Command, Error> {
        let command = self.command(request_id, header)?;
        let fingerprint = Sha256::new()
            .chain_update(command.fingerprint)
            .chain_update(sha256)
            .finalize()
            .into();
        Ok(Command {
            fingerprint,
            at,
            ..command
        })
    }

    /// The proof that a person calls.
    ///
    /// # Errors
    /// [`Error::Denied`] for any machine, whatever its role.
    pub fn human(&self) -> Result<HumanActor, Error> {
        self.caller.actor.as_human().ok_or_else(|| Error::Denied {
            permission: self.permission.clone(),
            explanation: "only a person may do this".to_owned(),
        })
    }
}

/// Opens a request whose message carries rules that hold for the whole of it.
pub fn accept<M: Validate + Debug>(request: Request<M>) -> Result<(Call, M), Status> {
    let (call, message) = open(request)?;
    if let Some(heard) = &call.heard {
        let text: String = format!("{message:?}").chars().take(HEARD).collect();
        heard.get_or_init(|| text);
    }
    validate(&message)?;
    Ok((call, message))
}

/// Opens a request without looking at its message: for streams, whose messages are validated one by one.
pub fn open<M>(request: Request<M>) -> Result<(Call, M), Status> {
    let (_, mut extensions, message) = request.into_parts();
    let call = extensions
        .remove::<Call>()
        .ok_or_else(|| Status::from(Error::internal("a handler was reached without the stack")))?;
    Ok((call, message))
}

/// Checks the `buf.validate` rules of a message.
pub(crate) fn validate(message: &impl Validate) -> Result<(), Error> {
    message.validate().map_err(|error| {
        let violations = error
            .violations()
            .iter()
            .map(|v| Violation::new(v.field_path(), v.message()))
            .collect();
        Error::Invalid(violations)
    })
}

impl Call {
    /// Checks the `buf.validate` rules of a message of a stream.
    pub fn validate(&self, message: &impl Validate) -> Result<(), Error> {
        validate(message)
    }
}
