//! Documents as PDF: read under the caller's rights, redacted where the public is to read them, and set.

mod data;
mod edition;
pub mod publish;
pub mod templates;

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, pool::PoolConnection};

use self::edition::Edition;
use super::{App, read_amendments, read_contracts, read_procedures, read_published};
use crate::{
    domain::{
        Contract, MandateId, Procedure, Refusal,
        document::{Kind, Rendition},
        signature::DocumentHash,
    },
    grpc::convert::{self, document::rendition_from},
    store::{
        self as rows,
        document_names::{Made, Names},
    },
};

/// The canonical text that is signed.
struct Source {
    text: String,
    sha256: DocumentHash,
}

impl Source {
    fn read(stored: Option<(Vec<u8>, DocumentHash)>, name: &str) -> Result<Self, Error> {
        let missing = || Error::NotFound(format!("the frozen document of {name}"));
        let (content, sha256) = stored.ok_or_else(missing)?;
        let text = String::from_utf8(content).map_err(Error::internal)?;
        Ok(Self { text, sha256 })
    }

    fn json(&self) -> Result<Value, Error> {
        serde_json::from_str(&self.text).map_err(Error::internal)
    }
}

/// Only what every party has signed is shown to the public.
fn communicable(rendition: Rendition, is_signed: bool) -> Result<(), Refusal> {
    if rendition == Rendition::Public && !is_signed {
        return Err(Refusal::NotCommunicable);
    }
    Ok(())
}

/// The contract as frozen for signature.
pub async fn contract(
    app: &App,
    call: &Call,
    request: pb::GetContractPdfRequest,
) -> Result<pb::Pdf, Error> {
    let contract = read_contracts::find(app, call, &request.name).await?;
    let connection = app.db.pool().acquire().await?;
    let rendition = rendition_from(request.rendition());
    frozen(app, call, connection, &contract, rendition).await
}

/// A version of the text as it was proposed. It informs, and is set anew each time.
pub async fn version(
    app: &App,
    call: &Call,
    request: pb::GetVersionPdfRequest,
) -> Result<pb::Pdf, Error> {
    let contract = read_contracts::find(app, call, &request.name).await?;
    let number = match request.text_version {
        0 => contract.text_version,
        number => number,
    };
    if number == contract.text_version && contract.state.frozen().is_some() {
        return Err(contract.state.refuses("GetVersionPdf").into());
    }
    let mut connection = app.db.pool().acquire().await?;
    let found = rows::contract::some_versions(&mut connection, contract.id, &[number]).await?;
    let missing = || Error::NotFound(format!("version {number} of {}", request.name));
    let version = found.first().ok_or_else(missing)?;
    let (entities, sites) = (&version.text.legal_entities, &version.text.establishments);
    let names = rows::perimeter::names(&mut connection, entities, sites).await?;
    let day = legal_day(version.created_at, contract.region);
    let edition = Edition {
        kind: Kind::Draft,
        region: contract.region,
        subject: request.name.clone(),
        day,
        rendition: Rendition::Full,
        file_name: format!("cpom-{}-projet-{number}", contract.number),
        data: data::draft(&contract, version, day)?,
        names: Some(names),
        source: None,
    };
    edition.set(app, connection).await
}

/// The contract in force as it was signed, for everybody.
pub async fn published(
    app: &App,
    call: &Call,
    request: pb::GetPublishedContractPdfRequest,
) -> Result<pb::Pdf, Error> {
    let mut connection = app.db.pool().acquire().await?;
    let (_, contract) = read_published::in_force(&mut connection, call, &request.name).await?;
    frozen(app, call, connection, &contract, Rendition::Public).await
}

async fn frozen(
    app: &App,
    call: &Call,
    mut connection: PoolConnection<Postgres>,
    contract: &Contract,
    rendition: Rendition,
) -> Result<pb::Pdf, Error> {
    communicable(rendition, contract.state.is_signed())?;
    let name = contract.id.to_string();
    let stored = rows::contract::document(&mut connection, contract.id).await?;
    let source = Source::read(stored, &name)?;
    let names = rows::document_names::of(&mut connection, as_frozen(contract, &name)).await?;
    let data = match rendition {
        Rendition::Full => data::contract(contract, source.json()?),
        Rendition::Public => data::public_contract(contract)?,
    };
    let edition = Edition {
        kind: Kind::Contract,
        region: contract.region,
        subject: name,
        day: contract.text.effect_date,
        rendition,
        file_name: format!("cpom-{}", contract.number),
        data,
        names,
        source: Some(source),
    };
    edition.kept(app, call, connection).await
}

/// The freeze of a contract that is signed, or to be.
fn as_frozen<'a>(contract: &Contract, subject: &'a str) -> Made<'a> {
    Made {
        kind: Kind::Contract,
        subject,
        version: contract.state.frozen().map_or(0, |f| f.at_version),
    }
}

/// The contract on a day. It informs, and is set anew each time.
pub async fn consolidated(
    app: &App,
    call: &Call,
    request: pb::GetConsolidatedPdfRequest,
) -> Result<pb::Pdf, Error> {
    let rendition = rendition_from(request.rendition());
    let contract = read_contracts::find(app, call, &request.name).await?;
    communicable(rendition, contract.state.is_signed())?;
    if !contract.state.is_signed() {
        return Err(contract.state.refuses("GetConsolidatedPdf").into());
    }
    let as_of = match request.as_of.as_str() {
        "" => legal_day(call.at, contract.region),
        text => convert::date("as_of", text)?,
    };
    let mut connection = app.db.pool().acquire().await?;
    let (text, amendments) =
        read_amendments::on(&mut connection, contract.id, &contract.text, as_of).await?;
    let applied: Vec<_> = amendments.iter().map(|amendment| amendment.id).collect();
    let subject = contract.id.to_string();
    let frozen = as_frozen(&contract, &subject);
    let names = rows::document_names::consolidated(&mut connection, frozen, &applied).await?;
    let edition = Edition {
        kind: Kind::Consolidated,
        region: contract.region,
        subject: request.name,
        day: as_of,
        rendition,
        file_name: format!("cpom-{}-{as_of}", contract.number),
        data: data::consolidated(&contract, &text, (as_of, &amendments), rendition)?,
        names,
        source: None,
    };
    edition.set(app, connection).await
}

/// An amendment as frozen for signature.
pub async fn amendment(
    app: &App,
    call: &Call,
    request: pb::GetAmendmentPdfRequest,
) -> Result<pb::Pdf, Error> {
    let rendition = rendition_from(request.rendition());
    let (amendment, contract) = read_amendments::find(app, call, &request.name).await?;
    communicable(rendition, amendment.state.is_signed())?;
    let mut connection = app.db.pool().acquire().await?;
    let stored = rows::amendment::document(&mut connection, amendment.id).await?;
    let source = Source::read(stored, &request.name)?;
    let subject = amendment.id.to_string();
    let made = Made {
        kind: Kind::Amendment,
        subject: &subject,
        version: amendment.state.frozen().map_or(0, |f| f.at_version),
    };
    let names = rows::document_names::of(&mut connection, made).await?;
    let frozen = source.json()?;
    let data = match rendition {
        Rendition::Full => data::amendment(&amendment, &contract, frozen),
        Rendition::Public => data::public_amendment(&amendment, &contract)?,
    };
    let number = amendment.state.frozen().map_or(0, |frozen| frozen.number);
    let edition = Edition {
        kind: Kind::Amendment,
        region: contract.region,
        subject: request.name,
        day: amendment.effect_date,
        rendition,
        file_name: format!("cpom-{}-avenant-{number}", contract.number),
        data,
        names,
        source: Some(source),
    };
    edition.kept(app, call, connection).await
}

/// The formal notice of a procedure, as it was sent.
pub async fn formal_notice(
    app: &App,
    call: &Call,
    request: pb::GetFormalNoticePdfRequest,
) -> Result<pb::Pdf, Error> {
    let (procedure, contract) = procedure(app, call, &request.name).await?;
    let missing = || Error::NotFound(format!("the formal notice of {}", request.name));
    let notice = procedure.state.notice().ok_or_else(missing)?;
    let day = legal_day(notice.delay.delivery.sent_at, procedure.region);
    let mut connection = app.db.pool().acquire().await?;
    let by = quality(&mut connection, notice.mandate).await?;
    let names = names_of(&mut connection, Kind::FormalNotice, &procedure).await?;
    let edition = Edition {
        kind: Kind::FormalNotice,
        region: procedure.region,
        subject: request.name.clone(),
        day,
        rendition: Rendition::Full,
        file_name: format!("cpom-{}-mise-en-demeure", contract.number),
        data: data::formal_notice(&procedure, &contract, notice, (day, by)),
        names,
        source: None,
    };
    edition.kept(app, call, connection).await
}

/// The decision of a procedure, as it was taken. The establishment reads it once it is notified (CRPA L311-2).
pub async fn decision(
    app: &App,
    call: &Call,
    request: pb::GetDecisionPdfRequest,
) -> Result<pb::Pdf, Error> {
    let (procedure, contract) = procedure(app, call, &request.name).await?;
    let missing = || Error::NotFound(format!("the decision of {}", request.name));
    let decision = procedure
        .state
        .decision()
        .filter(|_| procedure.is_disclosed_to(super::scope::side(call)))
        .ok_or_else(missing)?;
    let day = legal_day(decision.at, procedure.region);
    let mut connection = app.db.pool().acquire().await?;
    let by = quality(&mut connection, decision.mandate).await?;
    let figures = rows::procedure::parameters(&mut connection, procedure.kind, day).await?;
    let names = names_of(&mut connection, Kind::Decision, &procedure).await?;
    let edition = Edition {
        kind: Kind::Decision,
        region: procedure.region,
        subject: request.name.clone(),
        day,
        rendition: Rendition::Full,
        file_name: format!("cpom-{}-decision", contract.number),
        data: data::decision(&procedure, &contract, decision, (day, by, &figures)),
        names,
        source: None,
    };
    edition.kept(app, call, connection).await
}

/// The names that were recorded with a document of a procedure, of which there is one.
async fn names_of(
    connection: &mut PgConnection,
    kind: Kind,
    procedure: &Procedure,
) -> Result<Option<Names>, store::Error> {
    let subject = procedure.id.to_string();
    let made = Made {
        kind,
        subject: &subject,
        version: 0,
    };
    rows::document_names::of(connection, made).await
}

/// A procedure that the caller may see, and its contract.
async fn procedure(app: &App, call: &Call, name: &str) -> Result<(Procedure, Contract), Error> {
    let (procedure, _) = read_procedures::find(app, call, name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let contract = rows::contract::find(&mut connection, procedure.contract).await?;
    let contract = contract.ok_or_else(|| Error::NotFound(name.to_owned()))?;
    Ok((procedure, contract))
}

/// In what quality somebody acts for the agency under a delegation, and by which act (CRPA L212-1).
async fn quality(
    connection: &mut PgConnection,
    mandate: Option<MandateId>,
) -> Result<Option<(String, String)>, Error> {
    let Some(id) = mandate else { return Ok(None) };
    let mandate = rows::mandate::find(connection, id).await?;
    Ok(mandate.map(|mandate| (mandate.terms.title, mandate.terms.act)))
}
