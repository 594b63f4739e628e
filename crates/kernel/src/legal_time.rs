//! Legal days and delays: a day is a day of the region's own zone, a month goes from date to date.

use time::{Date, Month, OffsetDateTime, UtcOffset};

use crate::Region;

/// The civil day of an instant where the region's law applies.
pub fn legal_day(instant: OffsetDateTime, region: Region) -> Date {
    in_zone(instant, region.time_zone()).date()
}

/// An instant as the clocks of a time zone show it.
pub fn in_zone(instant: OffsetDateTime, zone: &str) -> OffsetDateTime {
    jiff::tz::TimeZone::get(zone)
        .ok()
        .zip(jiff::Timestamp::from_second(instant.unix_timestamp()).ok())
        .map(|(zone, timestamp)| zone.to_offset(timestamp).seconds())
        .and_then(|seconds| UtcOffset::from_whole_seconds(seconds).ok())
        .and_then(|offset| instant.checked_to_offset(offset))
        .unwrap_or(instant)
}

/// The same day `months` later, or the last day of that month when it is shorter
/// (31 January plus one month is 28 or 29 February).
pub fn add_months(date: Date, months: i32) -> Date {
    let index = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + months;
    let (year, Some(month)) = (index.div_euclid(12), month(index.rem_euclid(12) + 1)) else {
        return date;
    };
    let day = date.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).unwrap_or(date)
}

fn month(number: i32) -> Option<Month> {
    u8::try_from(number)
        .ok()
        .and_then(|n| Month::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(add_months(date!(2025 - 01 - 31), 1), date!(2025 - 02 - 28));
        assert_eq!(add_months(date!(2024 - 01 - 31), 1), date!(2024 - 02 - 29));
        assert_eq!(add_months(date!(2025 - 11 - 30), 3), date!(2026 - 02 - 28));
        assert_eq!(add_months(date!(2025 - 03 - 15), -4), date!(2024 - 11 - 15));
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_region() {
        let instant = datetime!(2026-07-31 22:30 UTC);
        assert_eq!(
            legal_day(instant, "93".parse().unwrap()),
            date!(2026 - 08 - 01)
        );
        assert_eq!(
            legal_day(instant, "02".parse().unwrap()),
            date!(2026 - 07 - 31)
        );
        assert_eq!(
            legal_day(instant, "04".parse().unwrap()),
            date!(2026 - 08 - 01)
        );
    }
}
