//! The one way to begin, change and read what has a state, an etag and a history.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page, etag};
use store::Unit;
use uuid::Uuid;

use super::error::{Constrained, refused};
use crate::{
    app::{App, planning::regions},
    domain::offer::{Kept, Life, kept as names},
    events::offer::Told,
    grpc::offer::Written,
    store::{
        offer::{Table, kept as table},
        planning::Dated,
    },
};

/// What can be kept, told and written.
pub(crate) trait Thing: Table + Told + Written + Constrained {}
impl<T: Table + Told + Written + Constrained> Thing for T {}

/// A request to change what was read: its name, its etag and the identifier of the request.
pub(crate) trait Changing: prost::Message {
    fn given(&self) -> (&str, &str, &str);
}

macro_rules! changing {
    ($($message:ident),+ $(,)?) => {
        $(impl Changing for pb::$message {
            fn given(&self) -> (&str, &str, &str) {
                (&self.name, &self.etag, &self.request_id)
            }
        })+
    };
}

changing!(
    AdoptSchemeRequest,
    AuthoriseCandidateRequest,
    DropProjectCallRequest,
    EndCooperationRequest,
    PublishProjectCallRequest,
    RecordCommissionOpinionRequest,
    RecordSavingsRequest,
    RegisterCandidateRequest,
    ScheduleProjectCallRequest,
);

/// Begins a thing: its row, its first event, the answer.
pub(crate) async fn begin<T: Thing>(
    mut unit: Unit,
    region: Region,
    value: T,
    event: &T::Event,
) -> Result<T::Wire, Error> {
    let now = unit.at();
    let kept = Kept::begun(kernel::new_id(), region, value);
    table::insert(unit.connection(), &kept, now)
        .await
        .map_err(|error| broken(&kept, error))?;
    unit.append(vec![T::fact(&kept, event)?]).await?;
    let reply = T::write(&Dated::new(kept, now));
    unit.commit(&reply).await?;
    Ok(reply)
}

/// A thing, locked for a command, when the caller may see it and has read it as it is.
pub(crate) async fn lock<T: Thing>(
    unit: &mut Unit,
    call: &Call,
    name: &str,
    given: &str,
) -> Result<Dated<Kept<T>>, Error> {
    let id = id_in::<T>(name)?;
    let found = table::lock::<T>(unit.connection(), id)
        .await?
        .filter(|found| call.caller.sees(found.value.region))
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    etag::check_telling(unit, &found.value.name(), given, found.value.version).await?;
    Ok(found)
}

/// Carries out a command on a thing: its row, its event, the answer.
pub(crate) async fn change<T: Thing>(
    mut unit: Unit,
    found: Dated<Kept<T>>,
    command: T::Command,
) -> Result<T::Wire, Error> {
    let now = unit.at();
    let event = found.value.value.decide(command).map_err(refused)?;
    let kept = found.value.after(&event);
    table::update(unit.connection(), &kept, now)
        .await
        .map_err(|error| broken(&kept, error))?;
    unit.append(vec![T::fact(&kept, &event)?]).await?;
    let reply = T::write(&Dated {
        value: kept,
        created_at: found.created_at,
        updated_at: now,
    });
    unit.commit(&reply).await?;
    Ok(reply)
}

/// Opens the unit of work of a command, locks the thing, and carries the command out.
pub(crate) async fn carry_out<T: Thing>(
    app: &App,
    call: &Call,
    request: &impl Changing,
    command: T::Command,
) -> Result<T::Wire, Error> {
    let (name, etag, request_id) = request.given();
    let mut unit = claim!(app, call.command(request_id, request)?);
    let found = lock::<T>(&mut unit, call, name, etag).await?;
    change(unit, found, command).await
}

/// What a table says of a thing that breaks one of its constraints.
fn broken<T: Thing>(kept: &Kept<T>, error: store::Error) -> Error {
    match store::constraint(&error).and_then(|name| T::refusal(kept, name)) {
        Some(refusal) => refusal.into(),
        None => error.into(),
    }
}

/// One thing by its name.
pub(crate) async fn get<T: Thing>(app: &App, call: &Call, name: &str) -> Result<T::Wire, Error> {
    let found = table::find::<T>(app.db.pool(), id_in::<T>(name)?)
        .await?
        .filter(|found| call.caller.sees(found.value.region))
        .ok_or_else(|| Error::NotFound(name.to_owned()))?;
    Ok(T::write(&found))
}

/// What a list is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) region: &'a str,
    /// None for every state.
    pub(crate) state: Option<&'static str>,
    pub(crate) page_size: i32,
    pub(crate) page_token: &'a str,
}

/// A page of things, the oldest first, and the token of the next one.
pub(crate) async fn list<T: Thing>(
    app: &App,
    call: &Call,
    asked: &Asked<'_>,
) -> Result<(Vec<T::Wire>, String), Error> {
    let page = Page::read(
        asked.page_size,
        asked.page_token,
        &[asked.region, asked.state.unwrap_or_default()],
    )?;
    let mut found = table::list::<T>(
        app.db.pool(),
        regions(call, asked.region)?.as_deref(),
        asked.state,
        page.key::<Uuid>(0)?,
        page.limit(),
    )
    .await?;
    let next = page.next(&mut found, |dated| vec![dated.value.id.to_string()]);
    Ok((found.iter().map(T::write).collect(), next))
}

fn id_in<T: Life>(name: &str) -> Result<Uuid, Error> {
    names::id_in::<T>(name).ok_or_else(|| {
        let expected = T::COLLECTION;
        Error::invalid(
            "name",
            format!("{name:?} is not a name of the form {expected}/{{uuid}}"),
        )
    })
}
