//! What DIAMANT exports of establishments beside money and the PMSI: the dashboard of medico-social establishments, the SAE of
//! hospitals, visits of their emergency departments. One line for each establishment and year, one column for each figure. Each
//! figure that is an indicator here becomes a row; shares become percent.

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

static DASHBOARD: [Figure; 8] = [
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
    Figure {
        column: "durée moyenne de séjour/d'accompagnement",
        indicator: "MS_STAY_DAYS",
        is_share: false,
    },
    Figure {
        column: "nombre moyen de journées d'absence des personnes accompagnées sur la période",
        indicator: "MS_ABSENCE_DAYS",
        is_share: false,
    },
];

static SAE: [Figure; 13] = [
    counted("nombre de lits de médecine", "MEDICINE_BEDS"),
    counted("nombre de places de médecine", "MEDICINE_PLACES"),
    counted("nombre de lits de chirurgie", "SURGERY_BEDS"),
    counted("nombre de places de chirurgie", "SURGERY_PLACES"),
    counted("nombre de lits d'obstétrique", "OBSTETRICS_BEDS"),
    counted("nombre de places d'obstétrique", "OBSTETRICS_PLACES"),
    counted("nombre de lits de ssr", "SMR_BEDS"),
    counted("nombre de places de ssr", "SMR_PLACES"),
    counted("nombre de lits usld", "USLD_BEDS"),
    counted("nombre journées usld", "USLD_DAYS"),
    counted(
        "nb patients pouvant être pris en charge simultanément had",
        "HAD_CAPACITY",
    ),
    counted(
        "nb de lits et places psy pec temps complet",
        "PSY_FULL_PLACES",
    ),
    counted(
        "nb de places psy pec temps partiel hors ambu",
        "PSY_PART_PLACES",
    ),
];

static EMERGENCIES: [Figure; 1] = [counted(
    "nombre de passages aux urgences",
    "EMERGENCY_VISITS",
)];

const fn counted(column: &'static str, indicator: &'static str) -> Figure {
    Figure {
        column,
        indicator,
        is_share: false,
    }
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// `ANN_MS_TDP_ET`.
    Dashboard,
    /// `ANN_SAE`.
    Sae,
    /// `ANN_RPU`.
    Emergencies,
}

impl Export {
    fn figures(self) -> &'static [Figure] {
        match self {
            Self::Dashboard => &DASHBOARD,
            Self::Sae => &SAE,
            Self::Emergencies => &EMERGENCIES,
        }
    }
}

/// Decimals that the service takes.
const DECIMALS: u32 = 6;

/// Where the columns of an export stand.
pub struct Dashboard {
    finess: usize,
    year: usize,
    figures: Vec<(usize, &'static Figure)>,
    columns: usize,
}

/// The header is not that of the export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line 1: the export has the columns Finess, Année and its figures, and `{0}` is not among them"
)]
pub struct DashboardError(&'static str);

impl Dashboard {
    /// Reads the first line.
    pub fn parse(export: Export, line: &str) -> Result<Self, DashboardError> {
        let names: Vec<String> = cells(line)
            .map(|name| name.to_lowercase().replace('’', "'"))
            .collect();
        let place = |column: &str| names.iter().position(|name| name == column);
        let needed = |column| place(column).ok_or(DashboardError(column));
        let figures: Vec<(usize, &Figure)> = export
            .figures()
            .iter()
            .filter_map(|figure| Some((place(figure.column)?, figure)))
            .collect();
        if figures.is_empty() {
            let first = export.figures().first();
            return Err(DashboardError(first.map_or("", |figure| figure.column)));
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
        let rows = Dashboard::parse(Export::Dashboard, HEADER)
            .unwrap()
            .rows(line)
            .unwrap();
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
        let rows = Dashboard::parse(Export::Dashboard, HEADER)
            .unwrap()
            .rows(line)
            .unwrap();
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
    fn length_of_stay_and_days_of_absence_are_read_as_days() {
        let header = "Finess;Année;Durée moyenne de séjour/d'accompagnement;Nombre moyen de journées d'absence des personnes accompagnées sur la période";
        let dashboard = Dashboard::parse(Export::Dashboard, header).unwrap();
        let rows = dashboard.rows("010000040;2023;169.3;12").unwrap();
        let told: Vec<(&str, Option<&Content>)> = rows
            .iter()
            .map(|row| (row.indicator.as_str(), row.content.as_ref()))
            .collect();
        let days = |text: &str| Content::Value(text.to_owned());
        assert_eq!(
            told,
            [
                ("MS_STAY_DAYS", Some(&days("169.3"))),
                ("MS_ABSENCE_DAYS", Some(&days("12")))
            ]
        );
    }

    #[test]
    fn beds_and_visits_of_a_hospital_are_read_by_their_own_exports() {
        let told = |export: Export, header: &str, line: &str| -> Vec<(String, String)> {
            let rows = Dashboard::parse(export, header).unwrap().rows(line);
            rows.unwrap()
                .into_iter()
                .map(|row| (row.indicator, format!("{} {:?}", row.subject, row.content)))
                .collect()
        };
        let header = "Finess EJ;Finess;Année;Nombre de places d'obstétrique;Nombre de lits de SSR;Nombre journées USLD";
        let beds = told(Export::Sae, header, "010008407;010005239;2020;1;30;");
        let codes: Vec<&str> = beds.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, ["OBSTETRICS_PLACES", "SMR_BEDS"]);
        // Of the site, not of its legal entity.
        assert!(beds.iter().all(|(_, told)| told.starts_with("010005239")));
        let header = "Finess EJ;Finess;Année;Nombre de passages aux urgences";
        let visits = told(
            Export::Emergencies,
            header,
            "010008407;010005239;2021;25987",
        );
        assert_eq!(visits[0].0, "EMERGENCY_VISITS");
        assert!(visits[0].1.contains("25987"));
        assert_eq!(
            Dashboard::parse(Export::Sae, header).err(),
            Some(DashboardError("nombre de lits de médecine"))
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
        assert!(Dashboard::parse(Export::Dashboard, "subject;indicator;period;value").is_err());
        let no_year = HEADER.replace("Année", "An");
        assert_eq!(
            Dashboard::parse(Export::Dashboard, &no_year).err(),
            Some(DashboardError("année"))
        );
        let cut = Dashboard::parse(Export::Dashboard, HEADER)
            .unwrap()
            .rows("010000040;2023;3");
        assert!(matches!(
            cut,
            Err(LineError::Columns {
                found: 3,
                expected: 8
            })
        ));
    }
}
