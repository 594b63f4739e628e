//! Electronic signatures: asked of the provider when a party signs, handed out to whoever verifies.

use std::{sync::Arc, time::Duration};

use anyhow::ensure;
use kit::Config;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use signing::{Authority, Provider, Request, Signatory};
use time::OffsetDateTime;
use tokio::time::timeout;

use super::{App, read_amendments, read_contracts};
use crate::{
    domain::{Contract, Refusal, signature::Party},
    store::{
        self as rows,
        evidence::{Evidence, Proven},
    },
};

/// Longest wait for the provider.
const PATIENCE: Duration = Duration::from_secs(10);

/// The provider that the configuration names, or none.
///
/// The development authority signs for whoever the token names, so it stands beside the development issuer alone:
/// identity providers are reached over https.
///
/// # Errors
/// When the development authority is configured beside a real identity provider, or cannot be kept.
pub fn provider(config: &Config, now: OffsetDateTime) -> anyhow::Result<Option<Arc<dyn Provider>>> {
    let Some(folder) = &config.signing_authority_dir else {
        tracing::warn!("CPOM_SIGNING_AUTHORITY_DIR is not set: no document can be signed");
        return Ok(None);
    };
    ensure!(
        config.issuer.starts_with("http://"),
        "CPOM_SIGNING_AUTHORITY_DIR: the development authority makes no legal signature, and {} is not the \
         development issuer",
        config.issuer
    );
    Ok(Some(Arc::new(Authority::open(folder, now)?)))
}

/// Has a document signed by the person who calls, for a party to a contract.
pub(super) async fn make(
    app: &App,
    call: &Call,
    document: &[u8],
    (contract, party, title): (&Contract, Party, &str),
) -> Result<Evidence, Error> {
    let Some(provider) = &app.signing else {
        return Err(Refusal::NoSigningProvider.into());
    };
    let organization = match party {
        Party::Ars => format!("Agence régionale de santé, région {}", contract.region),
        other => other.to_string(),
    };
    let signatory = Signatory {
        name: call.caller.actor.subject.clone(),
        title: title.to_owned(),
        organization,
    };
    let request = Request {
        document,
        signatory: &signatory,
        at: call.at,
    };
    let away = || Error::Unavailable("the signing provider");
    let answer = timeout(PATIENCE, provider.sign(request)).await;
    let signed = answer.map_err(|_| away())?.map_err(|error| {
        tracing::warn!(%error, "no signature was made");
        away()
    })?;
    Ok(Evidence {
        provider: provider.name().to_owned(),
        content: signed.0,
    })
}

/// The document and the signature of a party under it.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetSignatureEvidenceRequest,
) -> Result<pb::SignatureEvidence, Error> {
    let party = request
        .party
        .parse()
        .map_err(|e| Error::invalid("party", e))?;
    let found = if request.name.starts_with("amendments/") {
        let (amendment, _) = read_amendments::find(app, call, &request.name).await?;
        let mut connection = app.db.pool().acquire().await?;
        rows::evidence::of_amendment(&mut connection, amendment.id, party).await?
    } else {
        let contract = read_contracts::find(app, call, &request.name).await?;
        let mut connection = app.db.pool().acquire().await?;
        rows::evidence::of_contract(&mut connection, contract.id, party).await?
    };
    let Proven {
        document,
        sha256,
        signed_at,
        evidence,
    } = found.ok_or_else(|| {
        Error::NotFound(format!("the signature of {party} under {}", request.name))
    })?;
    Ok(pb::SignatureEvidence {
        name: request.name,
        party: request.party,
        document,
        document_sha256: sha256.to_string(),
        signature: evidence.content,
        provider: evidence.provider,
        sign_time: Some(kit::timestamp(signed_at)),
    })
}
