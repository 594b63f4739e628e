use super::{super::Unreadable, *};
use crate::domain::State;

pub(super) fn plus_file(pmej: &[String]) -> String {
    format!(
        "{{\"schemaVersion\":\"v1.0.0\",\"generatedAt\":\"2026-07-20T04:00:00Z\",\n\"gco\":[],\n\"pmej\":[\n{}\n]}}",
        pmej.join(",\n")
    )
}

pub(super) fn plus_entity(number: &str, commune: &str, ege: &[String]) -> String {
    format!(
        "{{\"informationsGeneralesPMEJ\":{{\"numFinessPm\":\"{number}\",\"denominationLonguePmSmsse\":\"ENTITE  \",\"statutJuridique\":\"13\",\"siren\":\"772201489\"}},\"adresse\":[{{\"cogCommune\":\"{commune}\",\"codePostal\":\"13005\"}}],\"etatObjet\":\"A\",\"ege\":[\n{}]}}",
        ege.join(",\n")
    )
}

pub(super) fn plus_site(number: &str, state: &str) -> String {
    format!(
        "{{\"informationsGeneralesEGE\":{{\"numFinessEge\":\"{number}\",\"nomEgeLong\":\"SITE\"}},\"categorieentiteGeographiqueExercice\":\"355\",\"modefixationtarifaire\":\"03\",\"adresse\":[{{\"cogCommune\":\"13205\",\"ligneAcheminement\":\"MARSEILLE\",\"coordonneesGeographique\":{{\"coordonneeX\":\"1\",\"coordonneeY\":\"2\",\"directionLatitude\":\"43.3\",\"directionLongitude\":\"5.4\"}}}}],\"etatObjet\":\"{state}\"}}"
    )
}

#[test]
fn finess_plus_gives_open_and_closed_sites_under_their_entity() {
    let file = plus_file(&[plus_entity(
        finess("13", 9).as_str(),
        "13055",
        &[
            plus_site(finess("13", 1).as_str(), "A"),
            plus_site(finess("13", 2).as_str(), "I"),
        ],
    )]);
    let extract = read(Format::FinessPlus, file.as_bytes(), paca()).unwrap();
    assert!(extract.rejected.is_empty(), "{:?}", extract.rejected);
    assert_eq!(extract.entities[0].entity.title, "ENTITE");
    let states: Vec<State> = extract.sites.iter().map(|s| s.state).collect();
    assert_eq!(states, [State::Open, State::Closed]);
    let site = &extract.sites[0].site;
    assert_eq!(site.commune_code.as_deref(), Some("13055"));
    assert_eq!(site.department.as_deref(), Some("13"));
    assert_eq!(site.legal_entity, finess("13", 9));
    assert_eq!(
        extract.sites[1].line, 6,
        "the line of the file on which the record begins"
    );
}

#[test]
fn a_finess_plus_record_of_another_shape_is_rejected_alone() {
    let good = finess("13", 1).to_string();
    let file = plus_file(&[
        plus_entity(
            finess("13", 9).as_str(),
            "13055",
            &["{\"egeId\": 3}".to_owned(), plus_site(&good, "A")],
        ),
        "{\"informationsGeneralesPMEJ\": []}".to_owned(),
        plus_entity(
            "130000009",
            "13055",
            &[plus_site(finess("13", 2).as_str(), "A")],
        ),
    ]);
    let extract = read(Format::FinessPlus, file.as_bytes(), paca()).unwrap();
    let reasons: Vec<Reason> = extract.rejected.iter().map(|i| i.reason).collect();
    assert_eq!(
        reasons,
        [
            Reason::BadJsonShape,
            Reason::BadJsonShape,
            Reason::FinessKey,
            Reason::UnknownLegalEntity
        ]
    );
    assert_eq!(extract.sites.len(), 1);
    assert_eq!(extract.lines, 6);
}

#[test]
fn a_finess_plus_file_that_was_cut_says_where() {
    let file = plus_file(&[plus_entity(finess("13", 9).as_str(), "13055", &[])]);
    let cut = &file[..file.len() - 5];
    match read(Format::FinessPlus, cut.as_bytes(), paca()) {
        Err(Unreadable::Json { line, .. }) => assert_eq!(line, 5),
        other => panic!("{other:?}"),
    }
}
