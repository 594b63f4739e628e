use super::*;

const ERRD: &str = "Finess EJ;Finess;Année;MS Résultat net comptable ERRD;Nombre ETP total réalisé ERRD;\
    655 Quotes-parts de résultat sur opérations faites en commun;Dépenses Groupe I ERRD;Dépenses Groupe II ERRD;\
    Dépenses Groupe III ERRD;Recettes Groupe I ERRD;Recettes Groupe II ERRD;Recettes Groupe III ERRD;\
    Taux d'occupation des places autorisées en hébergement permanent;Type dépot ERRD;\
    Taux d'occupation Externat Autres ESMS";
const SITE: &str = "010000040";

fn known() -> BTreeSet<Finess> {
    [SITE.parse().unwrap()].into()
}

fn value(read: &Read<Finances>, code: &str) -> Option<String> {
    let mut figures = read.content.figures.iter();
    let found = figures.find(|(key, _)| key.code == code);
    found.map(|(_, value)| value.normalize().to_string())
}

fn reasons(read: &Read<Finances>) -> Vec<(u64, &'static str)> {
    let defects = read.defects.first().iter();
    defects.map(|defect| (defect.line, defect.reason)).collect()
}

#[test]
fn numbers_are_read_as_exports_write_them() {
    let read = |text: &str| number(text).map(|value| value.normalize().to_string());
    for (text, value) in [
        ("26381.929999999993", "26381.929999999993"),
        (".119700000000000000000000000", "0.1197"),
        ("-.5", "-0.5"),
        ("2.1120000000000003E-2", "0.021120000000000003"),
        ("-9.2399999999999982E-3", "-0.0092399999999999982"),
        ("1E3", "1000"),
        ("0", "0"),
        ("17", "17"),
    ] {
        assert_eq!(read(text).as_deref(), Some(value), "{text}");
    }
    for text in [
        "",
        ".",
        "-",
        "12,5",
        "1 000",
        "abc",
        "1E99",
        "1e",
        "--1",
        "123456789012345678901",
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
}

#[test]
fn a_line_of_an_errd_gives_its_figures_as_they_were_booked() {
    let file = format!(
        "{ERRD}\n010009132;{SITE};2019;17223.710000000079162;16.43;;-90409.180000000007567;-742692.260000000009313;\
         -39444.409999999996217;850229.680000000051223;38364.599999999998545;1175.279999999999973;;ERCP;\
         1.000817111271329"
    );
    let read = read(FinanceLayout::Errd, &known(), file.as_bytes());
    assert_eq!(reasons(&read), []);
    for (code, expected) in [
        ("EXPENSES_1", Some("-90409.18")),
        ("EXPENSES_2", Some("-742692.26")),
        ("INCOME_2", Some("38364.6")),
        ("STAFF", Some("16.43")),
        ("OCCUPANCY_DAY", Some("100.0817")),
        ("OCCUPANCY_PERMANENT", None),
        ("SHARED_RESULT", None),
    ] {
        assert_eq!(value(&read, code).as_deref(), expected, "{code}");
    }
    assert_eq!((read.lines, read.skipped), (2, 0));
}

#[test]
fn notifications_of_an_envelope_are_added_up() {
    let file = format!(
        "Finess EJ;Finess;Année Campagne HAPI;Mois Année;Enveloppe;Sous Enveloppe;Mode de Délégation;\
         HAPI - Montant Notifié\n\
         010008407;{SITE};2020;5/2020;MIGAC;MIG;CR;-5000\n\
         010008407;{SITE};2020;6/2020;MIGAC;MIG;CR;12000.5\n\
         010008407;{SITE};2020;6/2020;MIGAC;AC;CNR;144579"
    );
    let read = read(FinanceLayout::Hapi, &known(), file.as_bytes());
    let told: Vec<(&str, String)> = read
        .content
        .figures
        .iter()
        .map(|(key, value)| (key.detail.as_str(), value.normalize().to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("MIGAC / AC / CNR", "144579".to_owned()),
            ("MIGAC / MIG / CR", "7000.5".to_owned())
        ]
    );
}

#[test]
fn a_hospital_without_a_site_is_its_legal_entity_and_strangers_are_left_out() {
    let header =
        "Finess EJ;Finess ET;Année;SAN Résultat net comptable;SAN Taux de CAF nette;Trésorerie";
    let file = format!(
        "{header}\n{SITE};;2019;-330217.60992000037;-5.7600000000000012E-3;2\n010008407;350039574;2022;1;;"
    );
    let read = read(FinanceLayout::Hospital, &known(), file.as_bytes());
    assert_eq!(value(&read, "RESULT").as_deref(), Some("-330217.61"));
    assert_eq!(
        value(&read, "NET_CASH_FLOW_RATE").as_deref(),
        Some("-0.576")
    );
    assert_eq!((read.skipped, read.content.unknown.len()), (1, 1));
}

#[test]
fn each_mistake_is_told_at_its_line() {
    let header = "Finess EJ;Année;Fonds de roulement net global ERRD";
    let file = format!(
        "{header}\n{SITE};2018;1\n{SITE};2018;2\n{SITE};18;1\n{SITE};2019;1 000\n10000040;2019;1\n{SITE};2018;2"
    );
    let read = super::read(FinanceLayout::ErrdLegalEntity, &known(), file.as_bytes());
    assert_eq!(
        reasons(&read),
        [
            (3, "DUPLICATE_LINE"),
            (4, "NOT_A_YEAR"),
            (5, "NOT_A_NUMBER"),
            (6, "SPREADSHEET_DAMAGE")
        ]
    );
    let other = super::read(FinanceLayout::Ca, &known(), file.as_bytes());
    assert_eq!(reasons(&other), [(1, "MISSING_COLUMN")]);
    let file = format!("{header}\n{SITE};2018;1");
    let strangers = BTreeSet::new();
    let empty = super::read(FinanceLayout::ErrdLegalEntity, &strangers, file.as_bytes());
    assert_eq!(reasons(&empty), [(0, "EMPTY_FILE")]);
}

#[test]
fn a_legal_entity_that_made_two_deposits_has_the_figures_of_both() {
    let header = "Finess EJ;Année;Id Dépôt;Fonds de roulement net global ERRD";
    let file = format!("{header}\n{SITE};2019;177374;10\n{SITE};2019;216495;20.5");
    let read = read(FinanceLayout::ErrdLegalEntity, &known(), file.as_bytes());
    assert_eq!(reasons(&read), []);
    let told: Vec<(&str, String)> = read
        .content
        .figures
        .iter()
        .map(|(key, value)| (key.detail.as_str(), value.normalize().to_string()))
        .collect();
    assert_eq!(
        told,
        [("177374", "10".to_owned()), ("216495", "20.5".to_owned())]
    );
    let again = format!("{file}\n{SITE};2019;177374;11");
    let again = super::read(FinanceLayout::ErrdLegalEntity, &known(), again.as_bytes());
    assert_eq!(reasons(&again), [(4, "DUPLICATE_LINE")]);
}

#[test]
fn a_perimeter_says_which_establishments_a_deposit_covers() {
    let header = "Finess EJ;Finess;Année;Id Dépôt";
    let file = format!(
        "{header}\n010008407;{SITE};2019;216495\n010008407;{SITE};2019;216495\n010008407;350039574;2019;216495"
    );
    let read = read(FinanceLayout::Perimeter, &known(), file.as_bytes());
    assert_eq!(reasons(&read), []);
    assert_eq!((read.skipped, read.content.figures.len()), (1, 1));
    assert_eq!(value(&read, "ERRD_PERIMETER").as_deref(), Some("1"));
    let nameless = format!("{header}\n010008407;{SITE};2019;");
    let nameless = super::read(FinanceLayout::Perimeter, &known(), nameless.as_bytes());
    assert_eq!(reasons(&nameless), [(2, "MISSING_FIELD")]);
    let fault = &nameless.defects.first()[0];
    assert_eq!(fault.field, "id dépôt");
}
