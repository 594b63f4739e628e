use super::*;
use crate::domain::case_mix::{MASKED, figures};

fn expected(layout: Layout, field: PmsiField, activities: &[&str]) -> Expected {
    Expected {
        layout,
        field,
        activities: activities.iter().map(|code| (*code).to_owned()).collect(),
    }
}

const HEADER: &str =
    "finess;year;month;activity;mode;residence;age_class;sex;stays;patients;days;sessions\n";

fn plain(lines: &str) -> Read<CaseMix> {
    let expected = expected(Layout::Plain, PmsiField::Mco, &["08C24", "05K06"]);
    read(&expected, (HEADER.to_owned() + lines).as_bytes())
}

#[test]
fn a_cell_is_put_in_its_class_and_keeps_zero_masked_and_absent_apart() {
    let read = plain(
        "010000040;2024;12;08C24;HC;13208;75-79;2;120;110;900;\n\
         010000040;2024;12;08C24;HC;13055;80-84;2;1 à 10;;0;\n",
    );
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    let stays = read
        .content
        .cells
        .iter()
        .find(|(key, _)| key.measure == Measure::Stays)
        .unwrap();
    assert_eq!(read.content.residences.name(stays.0.residence), "13055");
    assert_eq!(stays.1.raw()[35..37], [120, MASKED]);
    let days = read
        .content
        .cells
        .iter()
        .find(|(key, _)| key.measure == Measure::Days)
        .unwrap();
    assert_eq!(days.1.raw()[35..37], [900, 0]);
    assert!(
        !read
            .content
            .cells
            .keys()
            .any(|key| key.measure == Measure::Sessions)
    );
}

#[test]
fn every_mistake_has_its_line_its_column_and_its_reason() {
    let read = plain(
        "010000040;2024;12;08C24;HC;13055;75-79;2;1 200;;;\n\
         10000040;2024;12;08C24;HC;13055;75-79;2;1;;;\n\
         010000040;2024;13;08C24;HC;13055;75-79;2;1;;;\n\
         010000040;2024;12;99X99;HC;13055;75-79;2;1;;;\n\
         010000040;2024;12;08C24;JOUR;13055;75-79;2;1;;;\n\
         010000040;2024;12;08C24;HC;Apt;75-79;2;1;;;\n\
         010000040;2024;12;08C24;HC;13055;75+;2;1;;;\n\
         010000040;2024;12;05K06;HC;13055;75-79;2;1;;;\n\
         010000040;2024;12;05K06;HC;13055;75-79;2;2;;;\n\
         010000040;2024;12;05K06;HC;13055\n",
    );
    let found: Vec<(u64, &str, &str)> = read
        .defects
        .first()
        .iter()
        .map(|defect| (defect.line, defect.field.as_str(), defect.reason))
        .collect();
    assert_eq!(
        found,
        [
            (2, "stays", "THOUSANDS_SEPARATOR"),
            (3, "finess", "SPREADSHEET_DAMAGE"),
            (4, "month", "NOT_A_MONTH"),
            (5, "activity", "UNKNOWN_ACTIVITY"),
            (6, "mode", "BAD_CODE"),
            (7, "residence", "BAD_CODE"),
            (8, "age_class", "BAD_CODE"),
            (10, "", "DUPLICATE_LINE"),
            (11, "", "FIELD_COUNT"),
        ]
    );
}

#[test]
fn scansante_is_stays_with_and_without_a_night_and_sessions() {
    let file = "annee;secteur;categorie;finess;raison_sociale;periode;sejours_hors_seances;sejours_hc;sejours_hp;seances\n\
                2024;prive_oqn;PRIVÉ;010000040;CLINIQUE \"LES PINS\";M12;30;MASQUE_1_10;20;500\n";
    let expected = expected(Layout::ScansanteMco, PmsiField::Mco, &["MCO"]);
    let read = read(&expected, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    let by_mode = figures(&read.content, |key| (key.mode, key.measure));
    assert_eq!(by_mode[&(Mode::Full, Measure::Stays)].masked, 1);
    assert_eq!(by_mode[&(Mode::Ambulatory, Measure::Stays)].known, 20);
    assert_eq!(by_mode[&(Mode::Session, Measure::Sessions)].known, 500);
}

#[test]
fn of_smr_only_groups_are_read_and_subtotals_are_skipped() {
    let file = "finess;raison_sociale;categorie;departement;periode;cm;gn;gme;nb_journees_total;nb_journees_hc;nb_journees_hp\n\
                010000040;EPS;CH;04;2025-12;01;;;357;357;0\n\
                010000040;EPS;CH;04;2025-12;01;0124;0124UB1;11;11;0\n";
    let expected = expected(Layout::SmrGme, PmsiField::Smr, &["0124UB1"]);
    let read = read(&expected, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    assert_eq!(read.skipped, 1);
    assert_eq!(figures(&read.content, |key| key.year)[&2025].known, 11);
}

#[test]
fn of_a_cumulative_export_the_last_month_counts_and_nights_are_the_difference() {
    let file = "Finess EJ;Finess;Année;Mois;Nombre de séjours mensuels cumulés MCO;Nombre de séjours mensuels cumulés Médecine;Nombre de séjours mensuels cumulés HTP/AMBU Médecine\r\n\
                010008407;010000040;2024;1;90;90;30\r\n\
                010008407;010000040;2024;3;300;300;100\r\n\
                010008407;010000040;2024;2;170;170;60\r\n";
    let activities = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE"];
    let expected = expected(Layout::DiamantCumulative, PmsiField::Mco, &activities);
    let read = read(&expected, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    assert_eq!(read.skipped, 4);
    let by_mode = figures(&read.content, |key| (key.month, key.mode));
    assert_eq!(by_mode[&(3, Mode::Full)].known, 200);
    assert_eq!(by_mode[&(3, Mode::Ambulatory)].known, 100);
    assert_eq!(by_mode.len(), 2);
}

#[test]
fn a_file_in_another_encoding_is_given_up_at_the_line_that_tells() {
    let mut file = HEADER.as_bytes().to_vec();
    file.extend_from_slice(b"010000040;2024;12;08C24;HC;\xE9;75-79;2;1;;;\n");
    let expected = expected(Layout::Plain, PmsiField::Mco, &["08C24"]);
    let read = read(&expected, file.as_slice());
    let first = &read.defects.first()[0];
    assert_eq!(
        (first.line, first.field.as_str(), first.reason),
        (2, "residence", "WRONG_ENCODING")
    );
    let read = super::read(&expected, &b"\xFF\xFEf\0i\0"[..]);
    assert_eq!(read.defects.first()[0].reason, "WRONG_ENCODING");
}

#[test]
fn of_home_care_and_psychiatry_too_the_last_cumulative_month_counts() {
    for field in [PmsiField::Had, PmsiField::Psy] {
        let expected = expected(Layout::Plain, field, &["09"]);
        let file = HEADER.to_owned()
            + "010000040;2024;1;09;HC;13055;75-79;1;;;100;\n\
               010000040;2024;3;09;HC;13055;75-79;1;;;320;\n\
               010000040;2024;2;09;HC;13055;75-79;1;;;210;\n";
        let read = read(&expected, file.as_bytes());
        assert!(read.defects.is_empty(), "{:?}", read.defects);
        assert_eq!(read.skipped, 2);
        let by_month = figures(&read.content, |key| (key.month, key.measure));
        assert_eq!(by_month.len(), 1);
        assert_eq!(by_month[&(3, Measure::Days)].known, 320);
    }
}

#[test]
fn an_export_without_columns_of_the_field_says_so() {
    let file = "Finess EJ;Finess;Année;Mois;Nombre de séjours mensuels cumulés MCO\r\n\
                010008407;010000040;2024;1;90\r\n";
    let expected = expected(Layout::DiamantCumulative, PmsiField::Psy, &["PSY"]);
    let read = read(&expected, file.as_bytes());
    let first = &read.defects.first()[0];
    assert_eq!(first.reason, "EMPTY_FILE");
    assert!(first.explanation.contains("PSY"), "{}", first.explanation);
}

const MONTHLY: &str = "Finess EJ;Finess;Année;Mois;Nombre de séjours mensuels MCO;Nombre de séjours mensuels Médecine;Nombre de séjours mensuels  HTP/AMBU Médecine;Nombre de journées mensuelles hospit complète SSR\r\n";

#[test]
fn single_months_of_an_export_are_added_up_and_the_missing_one_is_noted() {
    let file = MONTHLY.to_owned()
        + "010008407;010000040;2024;4;75;75;61;\r\n\
           010008407;010000040;2024;1;189;189;70;598\r\n\
           010008407;010000040;2024;3;269;269;29;\r\n\
           010008407;010000040;2024;5;;;;\r\n";
    let activities = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE", "SMR"];
    let of_stays = expected(Layout::DiamantMonthly, PmsiField::Mco, &activities);
    let read = super::read(&of_stays, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    let by_mode = figures(&read.content, |key| (key.month, key.mode));
    assert_eq!(by_mode[&(4, Mode::Ambulatory)].known, 160);
    assert_eq!(by_mode[&(4, Mode::Full)].known, 373);
    let missing: Vec<u8> = read.content.missing_months.iter().map(|m| m.2).collect();
    assert_eq!(missing, [2]);
    let of_days = expected(Layout::DiamantMonthly, PmsiField::Smr, &activities);
    let read = super::read(&of_days, file.as_bytes());
    assert_eq!(figures(&read.content, |key| key.month)[&1].known, 598);
}

#[test]
fn a_masked_month_cannot_be_added_up() {
    let file = MONTHLY.to_owned() + "010008407;010000040;2024;4;75;75;1 à 10;\r\n";
    let activities = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE"];
    let expected = expected(Layout::DiamantMonthly, PmsiField::Mco, &activities);
    let read = read(&expected, file.as_bytes());
    let first = &read.defects.first()[0];
    assert_eq!(
        (first.line, first.field.as_str(), first.reason),
        (
            2,
            "nombre de séjours mensuels htp/ambu médecine",
            "MASKED_MONTH"
        )
    );
}

#[test]
fn a_cumulative_export_that_falls_and_jumps_over_months_is_read_and_both_are_noted() {
    // With a separator too many at the end of a line, as exports have.
    let file = "Finess EJ;Finess;Année;Mois;Nombre de séjours mensuels cumulés MCO;Nombre de séjours mensuels cumulés Médecine\r\n\
                010008407;010000040;2022;5;1203;1203\r\n\
                010008407;010000040;2022;6;;;\r\n\
                010008407;010000040;2022;8;110;110\r\n";
    let activities = ["MEDECINE", "CHIRURGIE", "OBSTETRIQUE"];
    let expected = expected(Layout::DiamantCumulative, PmsiField::Mco, &activities);
    let read = read(&expected, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    let missing: Vec<u8> = read.content.missing_months.iter().map(|m| m.2).collect();
    assert_eq!(missing, [6, 7]);
    let fall = read.content.falls[0];
    assert_eq!((fall.month, fall.before, fall.now), (8, 1_203, 110));
}
