use super::{super::Unreadable, *};

#[test]
fn a_site_is_read_whatever_the_order_of_the_columns() {
    let forward = read_sites(&sites_file(5));
    let backward: Vec<String> = sites_file(5)
        .iter()
        .map(|line| line.split(';').rev().collect::<Vec<_>>().join(";"))
        .collect();
    assert_eq!(read_sites(&backward).sites, forward.sites);
    let site = &forward.sites[0].site;
    assert_eq!(site.title, "SITE 0");
    assert_eq!(
        site.commune_code.as_deref(),
        Some("13055"),
        "an arrondissement of Marseille"
    );
    assert_eq!(site.location.unwrap().latitude().to_string(), "43.3");
    assert_eq!(forward.lines, 5);
}

#[test]
fn lines_of_other_regions_are_skipped_whatever_is_wrong_with_them() {
    let mut lines = sites_file(3);
    lines[1] = lines[1].replace(";93;13;", ";84;01;").replace("SITE 0", "");
    lines[2] = lines[2].replace(";93;13;", ";99;01;");
    let extract = read_sites(&lines);
    assert_eq!((extract.skipped, extract.sites.len()), (1, 1));
    assert_eq!(
        only_rejection(&extract),
        (3, "region", Reason::UnknownRegion)
    );
}

#[test]
fn each_defect_rejects_its_line_and_names_the_field() {
    let damage: [(&str, &str, &str, Reason); 10] = [
        ("SITE 1;", ";", "raison_sociale", Reason::MissingField),
        (";355;", ";35;", "categorie", Reason::BadCode),
        (
            ";26010004500012;",
            ";2,601E+13;",
            "siret",
            Reason::SpreadsheetDamage,
        ),
        (";13201;", ";1320;", "commune_insee", Reason::BadCode),
        (
            "SITE 1;",
            "SITE\u{7}1;",
            "raison_sociale",
            Reason::ControlCharacter,
        ),
        (";93;13;", ";;13;", "region", Reason::MissingField),
        (";5.4", "", "lon", Reason::TruncatedLine),
        (";5.4", ";5.4;more", "", Reason::TooManyFields),
        (
            ";13;26010004500012",
            ";1;26010004500012",
            "statut_juridique",
            Reason::BadCode,
        ),
        (";93;13;", ";93;1;", "departement", Reason::BadCode),
    ];
    for (good, bad, field, reason) in damage {
        let mut lines = sites_file(4);
        lines[2] = lines[2].replace(good, bad);
        let extract = read_sites(&lines);
        assert_eq!(only_rejection(&extract), (3, field, reason), "{bad:?}");
        assert_eq!(extract.sites.len(), 3, "{bad:?}");
    }
}

#[test]
fn damaged_numbers_are_told_apart() {
    let good = finess("01", 2).to_string();
    let mut lines = sites_file(1);
    for bad in [
        good.trim_start_matches('0'),
        "010000025",
        "0100000",
        "1,00E+07",
        "01O000024",
        "",
    ] {
        lines.push(site_line(7).replacen(finess("13", 7).as_str(), bad, 1));
    }
    let reasons: Vec<Reason> = read_sites(&lines)
        .rejected
        .iter()
        .map(|i| i.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            Reason::SpreadsheetDamage,
            Reason::FinessKey,
            Reason::FinessLength,
            Reason::SpreadsheetDamage,
            Reason::FinessFormat,
            Reason::MissingField,
        ]
    );
}

#[test]
fn the_second_of_two_equal_numbers_is_rejected() {
    let mut lines = sites_file(2);
    lines.push(site_line(0).replace("SITE 0", "OTHER"));
    let extract = read_sites(&lines);
    assert_eq!(only_rejection(&extract), (4, "", Reason::DuplicateLine));
    assert!(extract.rejected[0].explanation.contains("line 2"));
    assert_eq!(extract.sites[0].site.title, "SITE 0");
}

#[test]
fn a_wrong_siret_costs_the_siret_and_not_the_line() {
    let mut lines = sites_file(1);
    lines[1] = lines[1].replace("26010004500012", "26010004500013");
    let extract = read_sites(&lines);
    assert!(extract.rejected.is_empty());
    assert_eq!(extract.sites[0].site.siret, None);
    assert_eq!(extract.warnings[0].reason, Reason::SiretKey);
}

#[test]
fn the_same_file_in_either_encoding_gives_the_same_records() {
    let text = sites_file(2)
        .join("\r\n")
        .replace("SITE 1", "CLINIQUE DE L’ÉTOILE");
    let utf8 = read(Format::SitesCsv, text.as_bytes(), paca()).unwrap();
    let (latin, _, lossy) = encoding_rs::WINDOWS_1252.encode(&text);
    assert!(!lossy);
    let latin = read(Format::SitesCsv, &latin, paca()).unwrap();
    assert_eq!((utf8.encoding, latin.encoding), ("UTF-8", "windows-1252"));
    assert_eq!(latin.sites, utf8.sites);
    assert_eq!(utf8.sites[1].site.title, "CLINIQUE DE L’ÉTOILE");
}

#[test]
fn a_file_of_another_layout_is_refused_with_what_it_lacks() {
    let message = |format, text: &str| match read(format, text.as_bytes(), paca()) {
        Err(error @ Unreadable::Layout { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(message(Format::SitesCsv, "finess;etalab;94;2026-05-12\n").contains("finess_et"));
    assert!(message(Format::FinessClassic, SITES_HEADER).contains("finess;etalab"));
    assert!(message(Format::FinessStock, SITES_HEADER).contains("nofinesset"));
    assert!(message(Format::FinessPlus, "{\"gco\": []}").contains("pmej"));
    assert!(
        message(
            Format::SitesCsv,
            &SITES_HEADER.replace("commune;", "region;")
        )
        .contains("twice")
    );
    assert_eq!(
        read(Format::SitesCsv, b" \n", paca()),
        Err(Unreadable::Empty)
    );
}
