use super::*;

const AMM: &str = "\u{feff}Code Activité;Libellé Activité;Code Modalité;Libellé Modalité;Code Mention;Code Libellé;Code Pratique Thérapeutique Spécifique;Libellé Pratique Thérapeutique Spécifique;Code Déclaration;Libellé Déclaration\r\n";

#[test]
fn the_official_care_activities_are_a_tree_from_activity_to_declaration() {
    let file = format!(
        "{AMM}QA001;Médecine;MO000;Pas de modalité;ME000;Pas de mention;PTS00;Pas de pratique;DE015;Adultes\r\n\
         QA001;Médecine;MO000;Pas de modalité;ME000;Pas de mention;PTS00;Pas de pratique;DE016;Enfant\r\n\
         QA002;Chirurgie;MO000;Pas de modalité;ME000;Pas de mention;PTS00;Pas de pratique;DE015;Adultes\r\n"
    );
    let read = read(NomenclatureKind::CareActivities, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    let level = |name: &str| read.content.iter().filter(|e| e.level == name).count();
    assert_eq!(
        (level("ACTIVITY"), level("MODALITY"), level("DECLARATION")),
        (2, 2, 3)
    );
    let adult = read
        .content
        .iter()
        .find(|e| e.code == "QA002.MO000.ME000.PTS00.DE015");
    assert_eq!(adult.map(|e| e.label.as_str()), Some("Adultes"));
}

#[test]
fn a_file_in_windows_1252_is_named_as_such_at_its_line() {
    let mut file = "level;code;label;parent\nFORM;1;Complète;\n"
        .as_bytes()
        .to_vec();
    file.extend_from_slice(b"FORM;2;Compl\xE8te;\n");
    let read = read(NomenclatureKind::Forms, &file);
    let first = &read.defects.first()[0];
    assert_eq!((first.line, first.reason), (3, "WRONG_ENCODING"));
}

#[test]
fn one_code_cannot_mean_two_things() {
    let file = "level;code;label;parent\nFORM;1;Jour;\nFORM;1;Nuit;\nFORM;1;Jour;\n";
    let read = read(NomenclatureKind::Forms, file.as_bytes());
    assert_eq!(read.defects.count(), 1);
    let first = &read.defects.first()[0];
    assert_eq!((first.line, first.reason), (3, "CONFLICTING_CODE"));
}

#[test]
fn a_code_whose_parent_is_nowhere_is_found() {
    let file = "level;code;label;parent\nFORM;1;Jour;NOWHERE\n";
    let read = read(NomenclatureKind::Forms, file.as_bytes());
    assert_eq!(read.defects.first()[0].reason, "UNKNOWN_PARENT");
}

#[test]
fn a_ghm_hangs_under_its_root_and_its_groups() {
    let file = "ghm;racine;ga;gp;da;cas;aso\n08C241;08C24;G082;D02-1;D02;C;C\n08C242;08C24;G082;D02-1;D02;C;C\n";
    let read = read(NomenclatureKind::GhmGroups, file.as_bytes());
    assert!(read.defects.is_empty(), "{:?}", read.defects);
    let find = |code: &str| read.content.iter().find(|e| e.code == code).unwrap();
    assert_eq!(find("08C242").parent, "08C24");
    assert_eq!(find("08C24").parent, "GA:G082");
    assert_eq!(find("CAS:C").parent, "ASO:C");
}

#[test]
fn a_commune_must_be_in_its_department() {
    let file = "code;nom;departement;population\n04001;Aiglun;04;1399\n2A004;Ajaccio;2A;1\n04004;Allemagne;05;3\n4005;Angles;04;2\n";
    let read = read(NomenclatureKind::Geography, file.as_bytes());
    let lines: Vec<u64> = read.defects.first().iter().map(|d| d.line).collect();
    assert_eq!(lines, [4, 5]);
}
