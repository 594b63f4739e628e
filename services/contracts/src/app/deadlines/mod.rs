//! Reading what is due: as a list, and as a calendar.

mod calendar;
pub(crate) mod follow;
pub mod rebuild;

use kernel::{Region, legal_time::legal_day};
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};
use time::{Date, OffsetDateTime};

use super::{App, scope};
use crate::{
    domain::{ContractId, Side},
    grpc::convert,
    store::{self as rows, deadline::Listed},
};

/// Entries of a calendar.
const CALENDAR_LIMIT: usize = 2_000;

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListDeadlinesRequest,
) -> Result<pb::ListDeadlinesResponse, Error> {
    let arguments = [
        request.region.as_str(),
        request.contract.as_str(),
        request.side().as_str_name(),
        request.role.as_str(),
        request.kind.as_str(),
        request.due_before.as_str(),
        if request.overdue { "overdue" } else { "" },
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let mut filter = filter(call, &request.region, &request.contract, request.side())?;
    filter.role = convert::filter(&request.role);
    filter.kind = convert::filter(&request.kind);
    filter.due_before = day("due_before", &request.due_before)?;
    let mut connection = app.db.pool().acquire().await?;
    let after = after(&page)?;
    let limit = page.limit();
    if request.overdue {
        // Legal days do not begin at the same instant everywhere: what is overdue somewhere was due before the
        // latest of today's days.
        let yesterday = latest_day(call).previous_day().unwrap_or(Date::MIN);
        let before = filter.due_before.unwrap_or(Date::MAX).min(yesterday);
        filter.due_before = Some(before);
    }
    let mut deadlines = rows::deadline::list(&mut connection, &filter, after, limit).await?;
    let next_page_token = page.next(&mut deadlines, |listed| {
        vec![
            listed.deadline.due.to_string(),
            listed.subject.clone(),
            listed.deadline.kind.meaning().code.to_owned(),
            listed.deadline.rank.to_string(),
        ]
    });
    let mut today = Today::at(call);
    let deadlines = deadlines
        .into_iter()
        .map(|listed| deadline(listed, &mut today))
        .filter(|deadline| deadline.overdue || !request.overdue)
        .collect();
    Ok(pb::ListDeadlinesResponse {
        deadlines,
        next_page_token,
    })
}

pub async fn export(
    app: &App,
    call: &Call,
    request: pb::ExportCalendarRequest,
) -> Result<pb::ExportCalendarResponse, Error> {
    let mut filter = filter(call, &request.region, &request.contract, request.side())?;
    filter.role = convert::filter(&request.role);
    filter.due_before = day("due_before", &request.due_before)?;
    let mut connection = app.db.pool().acquire().await?;
    let limit = i64::try_from(CALENDAR_LIMIT + 1).unwrap_or(i64::MAX);
    let mut deadlines = rows::deadline::list(&mut connection, &filter, None, limit).await?;
    let truncated = deadlines.len() > CALENDAR_LIMIT;
    deadlines.truncate(CALENDAR_LIMIT);
    Ok(pb::ExportCalendarResponse {
        media_type: "text/calendar; charset=utf-8".to_owned(),
        content: calendar::render(&deadlines, call.at).into_bytes(),
        truncated,
    })
}

fn filter(
    call: &Call,
    region: &str,
    contract: &str,
    side: pb::Side,
) -> Result<rows::deadline::Filter, Error> {
    let contract: Option<ContractId> = convert::name_filter("contract", contract)?;
    let side = match side {
        pb::Side::Unspecified => None,
        pb::Side::Ars => Some(Side::Ars.as_str()),
        pb::Side::Establishment => Some(Side::Establishment.as_str()),
        pb::Side::Department => Some(Side::Department.as_str()),
    };
    Ok(rows::deadline::Filter {
        scope: scope::of_list(call),
        region: convert::filter(region),
        contract,
        side,
        role: None,
        kind: None,
        due_before: None,
    })
}

fn day(field: &str, text: &str) -> Result<Option<Date>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    convert::date(field, text).map(Some)
}

/// The latest of the legal days of today.
fn latest_day(call: &Call) -> Date {
    Region::all()
        .map(|region| legal_day(call.at, region))
        .max()
        .unwrap_or_else(|| call.at.date())
}

fn after(page: &Page) -> Result<rows::deadline::After, Error> {
    let keys = (
        page.key::<String>(0)?,
        page.key::<String>(1)?,
        page.key::<String>(2)?,
        page.key::<i32>(3)?,
    );
    let (Some(due), Some(subject), Some(kind), Some(rank)) = keys else {
        return Ok(None);
    };
    Ok(Some((
        convert::date("page_token", &due)?,
        subject,
        kind,
        rank,
    )))
}

/// The legal day of the call, region by region: those of a list are nearly always of one.
struct Today {
    at: OffsetDateTime,
    last: Option<(Region, Date)>,
}

impl Today {
    fn at(call: &Call) -> Self {
        let at = call.at;
        Self { at, last: None }
    }

    fn of(&mut self, region: Region) -> Date {
        match self.last {
            Some((known, day)) if known == region => day,
            _ => {
                let day = legal_day(self.at, region);
                self.last = Some((region, day));
                day
            }
        }
    }
}

fn deadline(listed: Listed, today: &mut Today) -> pb::Deadline {
    let meaning = listed.deadline.kind.meaning();
    let due = listed.deadline.due;
    let contract = listed.contract;
    pb::Deadline {
        subject: listed.subject,
        kind: meaning.code.to_owned(),
        rank: listed.deadline.rank,
        contract: contract
            .as_ref()
            .map(|contract| contract.id.to_string())
            .unwrap_or_default(),
        contract_number: contract.map(|contract| contract.number).unwrap_or_default(),
        region: listed.region.to_string(),
        due_date: due.to_string(),
        side: convert::side(meaning.side).into(),
        role: meaning.role.to_owned(),
        title: meaning.title.to_owned(),
        basis: meaning.basis.to_owned(),
        overdue: due < today.of(listed.region),
    }
}
