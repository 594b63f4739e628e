//! How somebody wants to be reminded of what is due.

use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use sqlx::PgConnection;
use store::Begun;

use super::{App, scope};
use crate::store::{
    self as rows,
    notice::{CONFIRMED_FOR, Frequency, Preference},
};

pub async fn get(
    app: &App,
    call: &Call,
    _request: pb::GetNoticePreferencesRequest,
) -> Result<pb::NoticePreferences, Error> {
    let human = call.human()?;
    let mut connection = app.db.pool().acquire().await?;
    let preference = rows::notice::preference_of(&mut connection, human.subject()).await?;
    Ok(pb::NoticePreferences {
        days_before: days_before(&mut connection, call).await?,
        ..preference.as_ref().map(message).unwrap_or_default()
    })
}

/// Their rights are those of the token of today: they are asked again within a year.
pub async fn update(
    app: &App,
    call: &Call,
    request: pb::UpdateNoticePreferencesRequest,
) -> Result<pb::NoticePreferences, Error> {
    let human = call.human()?;
    let command = call.command(&request.request_id, &request)?;
    let mut unit = match app.db.command(&command).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let before = rows::notice::preference_of(unit.connection(), human.subject()).await?;
    let version = before.map_or(0, |preference| preference.version);
    if version > 0 || !request.etag.is_empty() {
        etag::check(&request.etag, version)?;
    }
    let frequency = match request.frequency() {
        pb::NoticeFrequency::Each => Frequency::Each,
        pb::NoticeFrequency::Daily => Frequency::Daily,
        pb::NoticeFrequency::Never => Frequency::Never,
        pb::NoticeFrequency::Unspecified => {
            return Err(Error::invalid("frequency", "is required"));
        }
    };
    let at = unit.at();
    let preference = Preference {
        subject: human.subject().to_owned(),
        version: version + 1,
        email: request.email,
        frequency,
        roles: call.caller.roles().to_vec(),
        regions: call.caller.regions(),
        entities: call
            .caller
            .finess()
            .iter()
            .map(ToString::to_string)
            .collect(),
        departments: scope::departments(call),
        confirmed_on: at.date(),
        updated_at: at,
    };
    if !rows::notice::save_preference(unit.connection(), &preference).await? {
        etag::check(&request.etag, version + 1)?;
    }
    let reply = pb::NoticePreferences {
        days_before: days_before(unit.connection(), call).await?,
        ..message(&preference)
    };
    unit.commit(&reply).await?;
    Ok(reply)
}

/// When reminders leave, the earliest first.
async fn days_before(connection: &mut PgConnection, call: &Call) -> Result<Vec<i32>, store::Error> {
    let mut steps = rows::notice::steps(connection, call.at.date()).await?;
    steps.sort_unstable();
    steps.reverse();
    Ok(steps)
}

fn message(preference: &Preference) -> pb::NoticePreferences {
    let frequency = match preference.frequency {
        Frequency::Never => pb::NoticeFrequency::Never,
        Frequency::Each => pb::NoticeFrequency::Each,
        Frequency::Daily => pb::NoticeFrequency::Daily,
    };
    let until = preference.confirmed_on.saturating_add(CONFIRMED_FOR);
    pb::NoticePreferences {
        etag: etag::of(preference.version),
        email: preference.email.clone(),
        frequency: frequency.into(),
        confirmed_until_date: until.to_string(),
        update_time: Some(timestamp(preference.updated_at)),
        days_before: Vec::new(),
    }
}
