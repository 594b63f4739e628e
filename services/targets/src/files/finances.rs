//! Files of finances, as DIAMANT exports them: one line for each establishment and year, one column for each figure; for
//! credits, one line for each notification. A column that is not known here is not read.

use std::collections::BTreeSet;

use kernel::{Decimal, Finess};

use super::{
    Defect, Defects, Read,
    sheet::{self, Row},
};
use crate::domain::finances::{FigureKey, Figures, FinanceLayout, FinanceUnit, definition};

/// A column and the figure that stands in it.
type Column = (&'static str, &'static str);

const CA_FIGURES: [Column; 19] = [
    ("dépenses groupe i ca", "EXPENSES_1"),
    ("dépenses groupe ii ca", "EXPENSES_2"),
    ("dépenses groupe iii ca", "EXPENSES_3"),
    ("recettes groupe i ca", "INCOME_1"),
    ("recettes groupe ii ca", "INCOME_2"),
    ("recettes groupe iii ca", "INCOME_3"),
    ("ms résultat net comptable ca ph", "RESULT_DISABLED"),
    ("ms résultat net comptable ca pa", "RESULT_OLDER"),
    ("charges ca pa", "CHARGES_OLDER"),
    ("produits ca pa", "PRODUCTS_OLDER"),
    ("nombre etp total réalisé ca", "STAFF"),
    ("taux de caf ca ph", "CASH_FLOW_RATE"),
    ("taux vétusté construction ca", "WEAR_BUILDINGS"),
    (
        "taux vétusté installations tech mat outil ca",
        "WEAR_EQUIPMENT",
    ),
    ("taux vétusté autres immo ca", "WEAR_OTHER"),
    ("taux d'occupation externat ca", "OCCUPANCY_DAY"),
    (
        "taux d'occupation semi-internat ca",
        "OCCUPANCY_HALF_BOARDING",
    ),
    ("taux d'occupation internat ca", "OCCUPANCY_BOARDING"),
    ("taux d'occupation autre 1, 2 et 3 ca", "OCCUPANCY_OTHER"),
];

const ERRD_FIGURES: [Column; 16] = [
    ("dépenses groupe i errd", "EXPENSES_1"),
    ("dépenses groupe ii errd", "EXPENSES_2"),
    ("dépenses groupe iii errd", "EXPENSES_3"),
    ("recettes groupe i errd", "INCOME_1"),
    ("recettes groupe ii errd", "INCOME_2"),
    ("recettes groupe iii errd", "INCOME_3"),
    ("ms résultat net comptable errd", "RESULT"),
    (
        "655 quotes-parts de résultat sur opérations faites en commun",
        "SHARED_RESULT",
    ),
    ("nombre etp total réalisé errd", "STAFF"),
    (
        "taux d'occupation des places autorisées en hébergement permanent",
        "OCCUPANCY_PERMANENT",
    ),
    (
        "taux d'occupation des lits autorisés en hébergement temporaire",
        "OCCUPANCY_TEMPORARY",
    ),
    (
        "taux d'occupation des lits autorisés en accueil de jour",
        "OCCUPANCY_DAY_CARE",
    ),
    ("taux d'occupation externat autres esms", "OCCUPANCY_DAY"),
    (
        "taux d'occupation semi-internat autres esms",
        "OCCUPANCY_HALF_BOARDING",
    ),
    (
        "taux d'occupation internat autres esms",
        "OCCUPANCY_BOARDING",
    ),
    (
        "taux d'occupation autre 1, 2 et 3 autres esms",
        "OCCUPANCY_OTHER",
    ),
];

const LEGAL_ENTITY_FIGURES: [Column; 5] = [
    ("fonds de roulement net global errd", "WORKING_CAPITAL"),
    ("taux de caf errd", "CASH_FLOW_RATE"),
    ("taux vétusté construction errd", "WEAR_BUILDINGS"),
    (
        "taux vétusté installations tech mat outil errd",
        "WEAR_EQUIPMENT",
    ),
    ("taux vétusté autres immo errd", "WEAR_OTHER"),
];

const HOSPITAL_FIGURES: [Column; 26] = [
    ("san résultat net comptable", "RESULT"),
    ("san taux de caf nette", "NET_CASH_FLOW_RATE"),
    ("ratio de dépendance financière", "DEPENDENCE_RATIO"),
    ("frng", "WORKING_CAPITAL"),
    ("bfr", "WORKING_CAPITAL_NEED"),
    ("trésorerie", "CASH"),
    ("nombre d'etp pm", "MEDICAL_STAFF"),
    ("nombre d'etp pnm", "OTHER_STAFF"),
    ("jours d'absentéisme pm", "MEDICAL_ABSENCE_DAYS"),
    ("jours d'absentéisme pnm", "OTHER_ABSENCE_DAYS"),
    ("dépenses d'intérim pm", "MEDICAL_TEMPORARY_STAFF"),
    ("dépenses titre i budget global", "EXPENSES_TITLE_1"),
    ("dépenses titre ii budget global", "EXPENSES_TITLE_2"),
    ("dépenses titre iii budget global", "EXPENSES_TITLE_3"),
    ("dépenses titre iv budget global", "EXPENSES_TITLE_4"),
    ("recettes titre i budget global", "INCOME_TITLE_1"),
    ("recettes titre ii budget global", "INCOME_TITLE_2"),
    ("recettes titre iii budget global", "INCOME_TITLE_3"),
    ("recettes titre iv budget global", "INCOME_TITLE_4"),
    ("dépenses titre i budget h", "MAIN_EXPENSES_TITLE_1"),
    ("dépenses titre ii budget h", "MAIN_EXPENSES_TITLE_2"),
    ("dépenses titre iii budget h", "MAIN_EXPENSES_TITLE_3"),
    ("dépenses titre iv budget h", "MAIN_EXPENSES_TITLE_4"),
    ("recettes titre i budget h", "MAIN_INCOME_TITLE_1"),
    ("recettes titre ii budget h", "MAIN_INCOME_TITLE_2"),
    ("recettes titre iii budget h", "MAIN_INCOME_TITLE_3"),
];

/// Columns that a file cannot do without.
fn needed(layout: FinanceLayout) -> &'static [&'static str] {
    match layout {
        FinanceLayout::Ca => &["finess ej", "finess", "année", "dépenses groupe i ca"],
        FinanceLayout::Errd => &["finess ej", "finess", "année", "dépenses groupe i errd"],
        FinanceLayout::ErrdLegalEntity => {
            &["finess ej", "année", "fonds de roulement net global errd"]
        }
        FinanceLayout::Hospital => &[
            "finess ej",
            "finess et",
            "année",
            "san résultat net comptable",
        ],
        FinanceLayout::Hapi => &[
            "finess ej",
            "finess",
            "année campagne hapi",
            "mois année",
            "enveloppe",
            "sous enveloppe",
            "mode de délégation",
            "hapi - montant notifié",
        ],
        FinanceLayout::Perimeter => &["finess ej", "finess", "année", DEPOSIT],
    }
}

/// The column of the deposit of an ERRD or EPRD: a legal entity may make several a year.
const DEPOSIT: &str = "id dépôt";

/// Figures by column; none of credits and perimeters, which are lines.
fn columns(layout: FinanceLayout) -> &'static [Column] {
    match layout {
        FinanceLayout::Ca => &CA_FIGURES,
        FinanceLayout::Errd => &ERRD_FIGURES,
        FinanceLayout::ErrdLegalEntity => &LEGAL_ENTITY_FIGURES,
        FinanceLayout::Hospital => &HOSPITAL_FIGURES,
        FinanceLayout::Hapi | FinanceLayout::Perimeter => &[],
    }
}

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Finances {
    pub(crate) figures: Figures,
    /// Numbers that are not known.
    pub(crate) unknown: BTreeSet<Finess>,
}

/// Reads a file. Lines of numbers that are not known are left out, and told.
pub(crate) fn read(
    layout: FinanceLayout,
    known: &BTreeSet<Finess>,
    bytes: &[u8],
) -> Read<Finances> {
    let mut defects = Defects::default();
    let mut content = Finances::default();
    let mut skipped = 0;
    let lines = sheet::read(bytes, needed(layout), &mut defects, |row| {
        let subject = subject(row, layout)?;
        if !known.contains(&subject) {
            content.unknown.insert(subject);
            skipped += 1;
            return Ok(());
        }
        let figures = &mut content.figures;
        match layout {
            FinanceLayout::Hapi => credit(row, subject, figures),
            FinanceLayout::Perimeter => covered(row, subject, figures),
            FinanceLayout::Ca
            | FinanceLayout::Errd
            | FinanceLayout::ErrdLegalEntity
            | FinanceLayout::Hospital => {
                let year = year(row, "année")?;
                accounts(row, (subject, year), layout, figures)
            }
        }
    });
    if content.figures.is_empty() && defects.is_empty() {
        let words =
            "the file has no figure of an establishment that the registry of the region knows";
        defects.push(Defect::of_file("EMPTY_FILE", words));
    }
    Read {
        content,
        lines: lines.read,
        skipped,
        defects,
    }
}

/// Whom a line is about: its establishment, or its legal entity where the layout or the line has none.
fn subject(row: &Row<'_>, layout: FinanceLayout) -> Result<Finess, Defect> {
    let column = match layout {
        FinanceLayout::Ca
        | FinanceLayout::Errd
        | FinanceLayout::Hapi
        | FinanceLayout::Perimeter => "finess",
        FinanceLayout::ErrdLegalEntity => "finess ej",
        FinanceLayout::Hospital if row.text("finess et")?.is_empty() => "finess ej",
        FinanceLayout::Hospital => "finess et",
    };
    let text = row.required(column)?;
    text.parse().map_err(|error: kernel::finess::FinessError| {
        if format!("0{text}").parse::<Finess>().is_ok() {
            let words = "a spreadsheet dropped the leading zero; export the column as text";
            return row.defect(column, "SPREADSHEET_DAMAGE", words, text);
        }
        row.defect(column, "BAD_FINESS", error.to_string(), text)
    })
}

/// The figures of an establishment and year, of a legal entity by deposit. What is empty is not known.
fn accounts(
    row: &Row<'_>,
    (subject, year): (Finess, i16),
    layout: FinanceLayout,
    figures: &mut Figures,
) -> Result<(), Defect> {
    let detail = if layout == FinanceLayout::ErrdLegalEntity {
        short(row, DEPOSIT, row.text(DEPOSIT)?)?
    } else {
        ""
    };
    for &(column, code) in columns(layout) {
        let Some(value) = amount(row, column, code)? else {
            continue;
        };
        let key = FigureKey {
            subject,
            year,
            code,
            detail: detail.to_owned(),
        };
        let before = figures.insert(key, value);
        if before.is_some_and(|before| before != value) {
            let words = "another line says otherwise of the same establishment and year";
            return Err(row.defect(column, "DUPLICATE_LINE", words, subject.as_str()));
        }
    }
    Ok(())
}

/// A notification: those of a year of campaign, envelope and mode are added up, corrections below zero included.
fn credit(row: &Row<'_>, subject: Finess, figures: &mut Figures) -> Result<(), Defect> {
    const CODE: &str = "NOTIFIED";
    let column = "hapi - montant notifié";
    let year = year(row, "année campagne hapi")?;
    let mut detail = Vec::new();
    for part in ["enveloppe", "sous enveloppe", "mode de délégation"] {
        detail.push(short(row, part, row.required(part)?)?);
    }
    let value = amount(row, column, CODE)?.ok_or_else(|| {
        let words = "the field is empty and the line cannot do without it";
        row.defect(column, "MISSING_FIELD", words, "")
    })?;
    let key = FigureKey {
        subject,
        year,
        code: CODE,
        detail: detail.join(" / "),
    };
    *figures.entry(key).or_default() += value;
    Ok(())
}

/// An establishment that a deposit covers. The same line twice says the same.
fn covered(row: &Row<'_>, subject: Finess, figures: &mut Figures) -> Result<(), Defect> {
    let key = FigureKey {
        subject,
        year: year(row, "année")?,
        code: "ERRD_PERIMETER",
        detail: short(row, DEPOSIT, row.required(DEPOSIT)?)?.to_owned(),
    };
    figures.insert(key, Decimal::ONE);
    Ok(())
}

/// A text that names a part of what is told.
fn short<'a>(row: &Row<'_>, column: &str, text: &'a str) -> Result<&'a str, Defect> {
    if text.len() > 100 {
        return Err(row.defect(column, "BAD_TEXT", "at most 100 bytes", text));
    }
    Ok(text)
}

fn year(row: &Row<'_>, column: &str) -> Result<i16, Defect> {
    let text = row.required(column)?;
    text.parse()
        .ok()
        .filter(|year| (1990..=2100).contains(year))
        .ok_or_else(|| row.defect(column, "NOT_A_YEAR", "a year has four digits", text))
}

/// Above it nobody is paid.
const LIMIT: i64 = 10_000_000_000_000;

/// A figure as its code counts it: euros to the cent, shares in percent; none where nothing is told.
fn amount(row: &Row<'_>, column: &str, code: &str) -> Result<Option<Decimal>, Defect> {
    let text = row.text(column)?;
    if text.is_empty() {
        return Ok(None);
    }
    let value = number(text).ok_or_else(|| {
        let words =
            "a number is expected, with a point before its decimals and no separator of thousands";
        row.defect(column, "NOT_A_NUMBER", words, text)
    })?;
    if value.abs() > Decimal::from(LIMIT) {
        return Err(row.defect(column, "TOO_LARGE", "the figure is out of any scale", text));
    }
    let unit = definition(code).map(|figure| figure.unit);
    Ok(Some(match unit {
        Some(FinanceUnit::Euros) => value.round_dp(2),
        Some(FinanceUnit::Percent) => (value * Decimal::ONE_HUNDRED).round_dp(4),
        Some(FinanceUnit::Number) | None => value.round_dp(4),
    }))
}

/// Digits after the point that are read: exports write up to twenty-seven.
const DIGITS: usize = 20;

/// Reads `26381.929999999993`, `.1197`, `-9.24E-3`.
fn number(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match text.split_once(['E', 'e']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    if whole.len() > DIGITS || !(-DECIMALS..=DECIMALS).contains(&exponent) {
        return None;
    }
    let part = part.get(..part.len().min(DIGITS - whole.len().min(DIGITS)))?;
    let mut value: Decimal = format!("{sign}0{whole}.{part}0").parse().ok()?;
    let ten = Decimal::from(10);
    for _ in 0..exponent.abs() {
        value = if exponent > 0 {
            value.checked_mul(ten)?
        } else {
            value.checked_div(ten)?
        };
    }
    Some(value)
}

/// Powers of ten that an export may write.
const DECIMALS: i32 = 12;

#[cfg(test)]
mod tests;
