//! The period an indicator speaks of: a civil year, or one month of it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{Date, Month};

/// A civil year (`2024`) or a month (`2024-05`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: i16,
    /// 1 to 12; 0 for the whole year.
    month: u8,
}

/// The text is neither `YYYY` nor `YYYY-MM` between 1990 and 2100.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a period: write a year (2024) or a month (2024-05)")]
pub struct PeriodError(pub String);

impl Period {
    /// The whole year.
    pub fn year_of(year: i16) -> Self {
        Self { year, month: 0 }
    }

    /// A month, 1 to 12.
    pub fn month_of(year: i16, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self { year, month })
    }

    pub fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12, or none for a whole year.
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// First day.
    pub fn first_day(self) -> Date {
        let month = Month::try_from(self.month.max(1)).unwrap_or(Month::January);
        Date::from_calendar_date(i32::from(self.year), month, 1).unwrap_or(Date::MIN)
    }

    /// Last day.
    pub fn last_day(self) -> Date {
        let month = match self.month {
            0 => Month::December,
            m => Month::try_from(m).unwrap_or(Month::December),
        };
        let year = i32::from(self.year);
        Date::from_calendar_date(year, month, month.length(year)).unwrap_or(Date::MAX)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || PeriodError(text.to_owned());
        let (year, month) = match text.as_bytes() {
            [_, _, _, _] => (text, "0"),
            [_, _, _, _, b'-', _, _] => (
                text.get(..4).ok_or_else(wrong)?,
                text.get(5..).ok_or_else(wrong)?,
            ),
            _ => return Err(wrong()),
        };
        let all_digits = year
            .bytes()
            .chain(month.bytes())
            .all(|c| c.is_ascii_digit());
        let year: i16 = year.parse().map_err(|_| wrong())?;
        let month: u8 = month.parse().map_err(|_| wrong())?;
        let month_is_named = text.len() > 4;
        if !all_digits
            || !(1990..=2100).contains(&year)
            || (month_is_named && !(1..=12).contains(&month))
        {
            return Err(wrong());
        }
        Ok(Self { year, month })
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            0 => write!(f, "{:04}", self.year),
            month => write!(f, "{:04}-{month:02}", self.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn a_month_knows_its_days_in_a_leap_year() {
        let february: Period = "2024-02".parse().unwrap();
        assert_eq!(february.first_day(), date!(2024 - 02 - 01));
        assert_eq!(february.last_day(), date!(2024 - 02 - 29));
        let year: Period = "2023".parse().unwrap();
        assert_eq!(
            (year.first_day(), year.last_day()),
            (date!(2023 - 01 - 01), date!(2023 - 12 - 31))
        );
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        for text in [
            "", "24", "2024-13", "2024-00", "2024/05", "2024-5", "+024", "1789", "é024",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back(year in 1990i16..=2100, month in 0u8..=12) {
            let period = Period::month_of(year, month).unwrap_or(Period::year_of(year));
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,9}") {
            let _ = text.parse::<Period>();
        }
    }
}
