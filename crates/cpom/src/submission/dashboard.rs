//! The dashboard of medico-social establishments, as DIAMANT exports it: one line for each establishment and year, one
//! column for each figure. Each figure that is an indicator here becomes a row; shares become percent.

use kernel::Decimal;
use proto::targets::v1::{IndicatorValue, indicator_value::Content};

use super::row::{LineError, cells, cells_below, content};

/// A column that is read.
struct Figure {
    column: &'static str,
    indicator: &'static str,
    /// A share from 0 to 1 in the file, a percentage here.
    is_share: bool,
}

static FIGURES: [Figure; 6] = [
    // Of the two rates of activity an establishment has one.
    Figure {
        column: "taux de réalisation de l'activité tout esms (hors services camsp et cmpp)",
        indicator: "MS_ACTIVITY_RATE",
        is_share: true,
    },
    Figure {
        column: "taux de réalisation de l'activité camsp et cmpp",
        indicator: "MS_ACTIVITY_RATE",
        is_share: true,
    },
    Figure {
        column: "file active des personnes accompagnées sur la période",
        indicator: "MS_PERSONS",
        is_share: false,
    },
    Figure {
        column: "taux d'etp vacants au 31/12",
        indicator: "MS_VACANT_POSTS",
        is_share: true,
    },
    Figure {
        column: "taux de rotation du personnel sur effectifs réels",
        indicator: "MS_STAFF_TURNOVER",
        is_share: true,
    },
    Figure {
        column: "taux d'absentéisme (hors formation)",
        indicator: "MS_ABSENTEEISM",
        is_share: true,
    },
];

/// Decimals that the service takes.
const DECIMALS: u32 = 6;

/// Where the columns of an export stand.
pub struct Dashboard {
    finess: usize,
    year: usize,
    figures: Vec<(usize, &'static Figure)>,
    columns: usize,
}

/// The header is not that of the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line 1: the export of the dashboard has the columns Finess, Année and its figures, and `{0}` is not among them"
)]
pub struct DashboardError(&'static str);

impl Dashboard {
    /// Reads the first line.
    pub fn parse(line: &str) -> Result<Self, DashboardError> {
        let names: Vec<String> = cells(line)
            .map(|name| name.to_lowercase().replace('’', "'"))
            .collect();
        let place = |column: &str| names.iter().position(|name| name == column);
        let needed = |column| place(column).ok_or(DashboardError(column));
        let figures: Vec<(usize, &Figure)> = FIGURES
            .iter()
            .filter_map(|figure| Some((place(figure.column)?, figure)))
            .collect();
        if figures.is_empty() {
            return Err(DashboardError(FIGURES[5].column));
        }
        Ok(Self {
            finess: needed("finess")?,
            year: needed("année")?,
            figures,
            columns: names.len(),
        })
    }

    /// Reads another line. What is empty was not answered, and is not sent.
    pub fn rows(&self, line: &str) -> Result<Vec<IndicatorValue>, LineError> {
        let cells = cells_below(self.columns, line)?;
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        let figures = self.figures.iter();
        let told = figures.filter(|(column, _)| !cell(*column).is_empty());
        Ok(told
            .map(|(column, figure)| IndicatorValue {
                subject: cell(self.finess).to_owned(),
                indicator: figure.indicator.to_owned(),
                period: cell(self.year).to_owned(),
                content: Some(value(cell(*column), figure.is_share)),
            })
            .collect())
    }
}

/// A figure without the zeros that the export pads it with. What is no number is left to the service to judge.
fn value(text: &str, is_share: bool) -> Content {
    let Content::Value(number) = content(text) else {
        return content(text);
    };
    let whole = match number.strip_prefix('.') {
        Some(decimals) => format!("0.{decimals}"),
        None => number.clone(),
    };
    let times = if is_share {
        Decimal::ONE_HUNDRED
    } else {
        Decimal::ONE
    };
    let exact = whole.parse::<Decimal>().ok();
    match exact.and_then(|exact| exact.checked_mul(times)) {
        Some(figure) => Content::Value(figure.round_dp(DECIMALS).normalize().to_string()),
        None => Content::Value(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Finess;Année;Nombre de CDD de remplacement;Taux de réalisation de l’activité Tout ESMS (Hors services CAMSP et CMPP);Taux de réalisation de l’activité CAMSP et CMPP;File active des personnes accompagnées sur la période;Taux d'ETP vacants au 31/12;Taux d'absentéisme (hors formation)";

    fn told(line: &str) -> Vec<(String, String)> {
        let rows = Dashboard::parse(HEADER).unwrap().rows(line).unwrap();
        rows.into_iter()
            .map(|row| match row.content {
                Some(Content::Value(value)) => (row.indicator, value),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn each_figure_of_a_line_is_a_row_and_shares_are_percent() {
        let line = "010000040;2023;3;1.042300000000000000000000000;;94;.000000000000000000000000000;.088900000000000000000000000";
        let rows = Dashboard::parse(HEADER).unwrap().rows(line).unwrap();
        assert!(
            rows.iter()
                .all(|row| (row.subject.as_str(), row.period.as_str()) == ("010000040", "2023"))
        );
        let expected = [
            ("MS_ACTIVITY_RATE", "104.23"),
            ("MS_PERSONS", "94"),
            ("MS_VACANT_POSTS", "0"),
            ("MS_ABSENTEEISM", "8.89"),
        ];
        assert_eq!(
            told(line),
            expected.map(|(code, value)| (code.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn what_is_empty_is_not_sent_and_what_is_no_number_is_left_to_the_service() {
        assert!(told("010000040;2023;;;;;;").is_empty());
        assert_eq!(
            told("010000040;2023;;;;;n.c.;"),
            [("MS_VACANT_POSTS".to_owned(), "n.c.".to_owned())]
        );
    }

    #[test]
    fn another_header_and_a_line_that_was_cut_are_told() {
        assert!(Dashboard::parse("subject;indicator;period;value").is_err());
        let no_year = HEADER.replace("Année", "An");
        assert_eq!(
            Dashboard::parse(&no_year).err(),
            Some(DashboardError("année"))
        );
        let cut = Dashboard::parse(HEADER).unwrap().rows("010000040;2023;3");
        assert!(matches!(
            cut,
            Err(LineError::Columns {
                found: 3,
                expected: 8
            })
        ));
    }
}
