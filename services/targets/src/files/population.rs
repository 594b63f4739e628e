//! Files of inhabitants by area, sex and five-year age class.

use std::collections::BTreeMap;

use super::{
    Defect, Defects, Read,
    sheet::{self, Row},
};
use crate::domain::{
    demography::{AgeClass, STRATA, Sex, stratum},
    geography::{self, AreaKind},
};

/// Columns of a population file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Plain,
    InseeDepartments,
}

/// Inhabitants of each area by class of age and sex.
pub(crate) type Populations = BTreeMap<String, [u32; STRATA]>;

#[derive(Default)]
struct Reading {
    cells: BTreeMap<String, [Option<u32>; STRATA]>,
    /// Totals that the file gives: of both sexes and all ages.
    totals: BTreeMap<String, u32>,
    skipped: u64,
    /// Years that the file has.
    years: Vec<i16>,
}

/// Reads the inhabitants of one year.
pub(crate) fn read(layout: Layout, year: i16, areas: AreaKind, bytes: &[u8]) -> Read<Populations> {
    let mut defects = Defects::default();
    let mut reading = Reading::default();
    let names = match layout {
        Layout::Plain => ["year", "area", "sex", "age_class", "population"],
        Layout::InseeDepartments => [
            "annee",
            "departement",
            "sexe",
            "age_quinquennal",
            "population",
        ],
    };
    let lines = sheet::read(bytes, &names, &mut defects, |row| {
        line(row, layout, year, areas, names, &mut reading)
    });
    if defects.is_empty() && reading.cells.is_empty() {
        let years: Vec<String> = reading.years.iter().map(ToString::to_string).collect();
        let words = format!(
            "the file has no inhabitants of {year}; it has {}",
            years.join(", ")
        );
        defects.push(Defect::of_file("WRONG_YEAR", words));
    }
    Read {
        content: whole(&reading, &mut defects),
        lines: lines.read,
        skipped: reading.skipped,
        defects,
    }
}

fn line(
    row: &Row<'_>,
    layout: Layout,
    year: i16,
    kind: AreaKind,
    [
        year_column,
        area_column,
        sex_column,
        age_column,
        population_column,
    ]: [&str; 5],
    reading: &mut Reading,
) -> Result<(), Defect> {
    let of: i16 = row.parse(year_column, "NOT_A_YEAR")?;
    if of != year {
        if layout == Layout::Plain {
            let words = format!("the line is of {of} and the import of {year}");
            return Err(row.defect(year_column, "WRONG_YEAR", words, &of.to_string()));
        }
        reading.skipped += 1;
        if !reading.years.contains(&of) {
            reading.years.push(of);
        }
        return Ok(());
    }
    let text = row.required(area_column)?;
    let area = geography::normalised(text)
        .filter(|area| geography::area(area, kind) == Some(area))
        .ok_or_else(|| {
            let words = "this is not the code of an area of the kind that is imported";
            row.defect(area_column, "BAD_CODE", words, text)
        })?
        .to_owned();
    let (sex, age) = (row.required(sex_column)?, row.required(age_column)?);
    let count = row.known_count(population_column)?;
    if layout == Layout::InseeDepartments && (sex == "ensemble" || age == "total") {
        reading.skipped += 1;
        if sex == "ensemble" && age == "total" {
            reading.totals.insert(area, count);
        }
        return Ok(());
    }
    let read_sex = Sex::read(sex)
        .ok_or_else(|| row.defect(sex_column, "BAD_CODE", "the sex is 1 or 2", sex))?;
    let read_age = AgeClass::read(age).ok_or_else(|| {
        let words = "five-year classes are 0-4, 5-9 … 90-94, 95+";
        row.defect(age_column, "BAD_CODE", words, age)
    })?;
    let cells = reading.cells.entry(area).or_insert([None; STRATA]);
    let Some(cell) = cells.get_mut(stratum(read_sex, read_age)) else {
        return Ok(());
    };
    match cell {
        // Arrondissements of one commune add up.
        Some(known) if text != geography::normalised(text).unwrap_or(text) => *known += count,
        Some(_) => {
            let words = "the class of this area stands before";
            return Err(row.defect("", "DUPLICATE_LINE", words, text));
        }
        None => *cell = Some(count),
    }
    Ok(())
}

/// The areas whose classes are all there and add up to the total that the file gives.
fn whole(reading: &Reading, defects: &mut Defects) -> Populations {
    let mut populations = Populations::new();
    for (area, cells) in &reading.cells {
        let known: Vec<u32> = cells.iter().filter_map(|cell| *cell).collect();
        let Ok(classes) = <[u32; STRATA]>::try_from(known.as_slice()) else {
            let words = format!(
                "{} of {STRATA} classes of age and sex are there",
                known.len()
            );
            defects.push(Defect::new(0, "", "MISSING_CLASS", words, area));
            continue;
        };
        let sum: u32 = classes.iter().sum();
        if let Some(total) = reading.totals.get(area)
            && *total != sum
        {
            let words = format!("the classes add up to {sum} and the total of the file is {total}");
            defects.push(Defect::new(0, "", "TOTAL_MISMATCH", words, area));
        }
        populations.insert(area.clone(), classes);
    }
    populations
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file in the plain layout with the same number of inhabitants in every class.
    fn plain(year: i16, areas: &[(&str, u32)]) -> String {
        let mut lines = vec!["year;area;sex;age_class;population".to_owned()];
        for (area, count) in areas {
            for sex in ["1", "2"] {
                for from in (0..95).step_by(5) {
                    lines.push(format!("{year};{area};{sex};{from}-{};{count}", from + 4));
                }
                lines.push(format!("{year};{area};{sex};95+;{count}"));
            }
        }
        lines.join("\n") + "\n"
    }

    #[test]
    fn every_class_of_every_area_is_there_or_the_area_is_named() {
        let file = plain(2021, &[("04001", 10), ("04004", 3)]);
        let whole = read(Layout::Plain, 2021, AreaKind::Commune, file.as_bytes());
        assert!(whole.defects.is_empty());
        assert_eq!(whole.content["04001"].iter().sum::<u32>(), 400);
        let cut = file.lines().take(80).collect::<Vec<_>>().join("\n");
        let defects = read(Layout::Plain, 2021, AreaKind::Commune, cut.as_bytes()).defects;
        assert_eq!(
            (defects.first()[0].reason, defects.first()[0].value.as_str()),
            ("MISSING_CLASS", "04004")
        );
    }

    #[test]
    fn the_wrong_year_is_told_line_by_line_or_for_the_whole_file() {
        let file = plain(2020, &[("04001", 10)]);
        let defects = read(Layout::Plain, 2021, AreaKind::Commune, file.as_bytes()).defects;
        assert_eq!(
            (defects.count(), defects.first()[0].reason),
            (40, "WRONG_YEAR")
        );
        let insee =
            "annee;departement;libelle;sexe;age_quinquennal;population\n2018;04;A;hommes;0-4;5\n";
        let defects = read(
            Layout::InseeDepartments,
            2021,
            AreaKind::Department,
            insee.as_bytes(),
        )
        .defects;
        assert_eq!(defects.first()[0].reason, "WRONG_YEAR");
        assert!(defects.first()[0].explanation.contains("2018"));
    }

    #[test]
    fn thousands_separators_masks_and_subtotals_that_do_not_add_up_are_found() {
        let file = plain(2021, &[("04001", 1000)]).replacen(";1000\n", ";1 000\n", 1);
        let defects = read(Layout::Plain, 2021, AreaKind::Commune, file.as_bytes()).defects;
        assert_eq!(
            (defects.first()[0].line, defects.first()[0].reason),
            (2, "THOUSANDS_SEPARATOR")
        );
        let mut insee =
            vec!["annee;departement;libelle;sexe;age_quinquennal;population".to_owned()];
        for line in plain(2021, &[("04", 10)]).lines().skip(1) {
            let parts: Vec<&str> = line.split(';').collect();
            let sex = if parts[2] == "1" { "hommes" } else { "femmes" };
            insee.push(format!("2021;04;A;{sex};{};{}", parts[3], parts[4]));
        }
        let insee = insee.join("\n") + "\n";
        let right = insee.clone() + "2021;04;A;ensemble;total;400\n";
        assert!(
            read(
                Layout::InseeDepartments,
                2021,
                AreaKind::Department,
                right.as_bytes()
            )
            .defects
            .is_empty()
        );
        let wrong = insee + "2021;04;A;ensemble;total;401\n";
        let defects = read(
            Layout::InseeDepartments,
            2021,
            AreaKind::Department,
            wrong.as_bytes(),
        )
        .defects;
        assert_eq!(defects.first()[0].reason, "TOTAL_MISMATCH");
    }
}
