//! Bad lines: each is left out, said, and stops nobody else.

use testkit::reason;
use tonic::Code;

use crate::support::{COLUMNS, Registry, ej, et, header, line, sites_file, tally};

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_line_is_told_with_its_field_and_reason() {
    let registry = Registry::start().await;
    let good = line(0, 0);
    let spoiled = |serial: u32, from: &str, to: &str| line(serial, 0).replace(from, to);
    let wrong_key = {
        let number = et(2).to_string();
        let last = number.as_bytes()[8];
        format!(
            "{}{}",
            &number[..8],
            char::from(b'0' + (last - b'0' + 1) % 10)
        )
    };
    let lines = [
        COLUMNS.to_owned(),
        good.clone(),
        spoiled(2, et(2).as_str(), &wrong_key),
        spoiled(3, et(3).as_str(), "1,3E+08"),
        spoiled(4, et(4).as_str(), "13000004"),
        spoiled(5, et(5).as_str(), "13O000054"),
        spoiled(6, ej(0).as_str(), ""),
        spoiled(7, ";26010004500012;", ";2,601E+13;"),
        spoiled(8, ";93;13;", ";95;13;"),
        spoiled(9, ";MARSEILLE;43.3;5.4", ";MARS"),
        spoiled(10, ";43.3;", ";43;3;"),
        good,
        line(11, 0),
    ];
    let report = registry.import(&lines).await;
    let told: Vec<(i64, &str, &str)> = report
        .rejected_lines
        .iter()
        .map(|r| (r.line, r.field.as_str(), r.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, "finess_et", "FINESS_KEY"),
            (4, "finess_et", "SPREADSHEET_DAMAGE"),
            (5, "finess_et", "FINESS_LENGTH"),
            (6, "finess_et", "FINESS_FORMAT"),
            (7, "finess_ej", "MISSING_FIELD"),
            (8, "siret", "SPREADSHEET_DAMAGE"),
            (9, "region", "UNKNOWN_REGION"),
            (10, "lat", "TRUNCATED_LINE"),
            (11, "", "TOO_MANY_FIELDS"),
            (12, "", "DUPLICATE_LINE"),
        ]
    );
    assert!(
        report
            .rejected_lines
            .iter()
            .all(|r| !r.explanation.is_empty())
    );
    assert!(
        report
            .rejected_lines
            .iter()
            .all(|r| r.value.chars().count() <= 80)
    );
    assert_eq!((report.rejected, report.lines), (10, 12));
    assert_eq!(tally(report.establishments), [2, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_siret_is_a_warning_and_the_line_is_taken() {
    let registry = Registry::start().await;
    let mut lines = sites_file(2);
    lines[2] = lines[2].replace("26010004500012", "26010004500013");
    let report = registry.import(&lines).await;
    assert_eq!((report.rejected, report.warned), (0, 1));
    let warning = &report.line_warnings[0];
    assert_eq!((warning.line, warning.field.as_str()), (3, "siret"));
    assert_eq!(
        (warning.reason.as_str(), warning.value.as_str()),
        ("SIRET_KEY", "26010004500013")
    );
    assert_eq!(registry.site(et(1)).await.unwrap().siret, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rejections_are_counted_and_the_first_thousand_told() {
    let registry = Registry::start().await;
    let mut lines = vec![COLUMNS.to_owned()];
    lines.extend((0..1_200).map(|n| format!("{n};cut")));
    lines.push(line(0, 0));
    let report = registry.import(&lines).await;
    assert_eq!(
        (report.rejected, report.rejected_lines.len()),
        (1_200, 1_000)
    );
    assert_eq!(report.rejected_lines[999].line, 1_001);
    assert_eq!(tally(report.establishments), [1, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_no_database_stores_are_rejected_like_any_other() {
    let registry = Registry::start().await;
    let mut lines = sites_file(3);
    lines[0].push_str(";colonne\0");
    for line in &mut lines[1..] {
        line.push(';');
    }
    lines[1] = lines[1].replace("SITE 0", "SITE\0");
    lines[2] = lines[2].replace(";43.3;5.4;", ";43.3;5.4");
    let report = registry.import(&lines).await;
    let told: Vec<(&str, &str)> = report
        .rejected_lines
        .iter()
        .map(|r| (r.field.as_str(), r.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("raison_sociale", "CONTROL_CHARACTER"),
            ("colonne\u{FFFD}", "TRUNCATED_LINE"),
        ]
    );
    assert_eq!(report.rejected_lines[0].value, "SITE\u{FFFD}");
    assert_eq!(tally(report.establishments), [1, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_refused_with_the_reason() {
    let registry = Registry::start().await;
    for (file, expected) in [
        (&b""[..], "EMPTY_FILE"),
        (b"\xFF\xFEf\0i\0n\0", "UNSUPPORTED_ENCODING"),
        (b"finess;etalab;94;2026-05-12\n", "UNKNOWN_LAYOUT"),
        (b"\x00\x01\x02", "UNKNOWN_LAYOUT"),
    ] {
        let refused = registry.import_with(header(), file).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{expected}");
        assert_eq!(reason(&refused), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_another_region_cannot_be_taken_by_an_import() {
    let registry = Registry::start().await;
    registry.import(&sites_file(2)).await;
    let lines: Vec<String> = sites_file(2)
        .iter()
        .map(|l| l.replace(";93;13;13201;", ";84;69;69123;"))
        .collect();
    let rhone = proto::establishments::v1::ImportHeader {
        region: "84".to_owned(),
        ..header()
    };
    let report = registry
        .import_with(rhone, lines.join("\n").as_bytes())
        .await
        .unwrap();
    let reasons: Vec<&str> = report
        .rejected_lines
        .iter()
        .map(|r| r.reason.as_str())
        .collect();
    assert_eq!(reasons, ["REGION_CONFLICT", "REGION_CONFLICT"]);
    assert_eq!(registry.site(et(0)).await.unwrap().region, "93");
}
