use super::*;

pub(super) fn classic_entity(finess: Finess, title: &str, department: &str) -> String {
    let mut fields = vec![""; 23];
    for (place, value) in [
        (0, "structureej"),
        (1, finess.as_str()),
        (2, title),
        (11, "055"),
        (12, "13005 MARSEILLE"),
        (13, department),
        (16, "13"),
        (20, "772201489"),
        (22, "1979-02-13"),
    ] {
        fields[place] = value;
    }
    fields.join(";")
}

pub(super) fn classic_site(finess: Finess, entity: Finess) -> String {
    let mut fields = vec![""; 32];
    for (place, value) in [
        (0, "structureet"),
        (1, finess.as_str()),
        (2, entity.as_str()),
        (3, "CH"),
        (4, "CENTRE HOSPITALIER"),
        (12, "203"),
        (13, "13"),
        (15, "13003 MARSEILLE CEDEX 03"),
        (18, "355"),
        (19, "Centre Hospitalier (C.H.)"),
        (22, "26010004500012"),
        (24, "03"),
    ] {
        fields[place] = value;
    }
    fields.join(";")
}

pub(super) fn classic_place(finess: Finess) -> String {
    format!(
        "geolocalisation;{finess};870215.7;6571590.5;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93;2021-01-04"
    )
}

fn read_classic(lines: &[String]) -> Extract {
    let text = format!("finess;etalab;94;2026-05-12\n{}\n", lines.join("\n"));
    read(Format::FinessClassic, text.as_bytes(), paca()).unwrap()
}

#[test]
fn the_classic_extract_gives_entities_sites_and_places() {
    let (site, entity) = (finess("13", 1), finess("13", 2));
    let extract = read_classic(&[
        classic_entity(entity, "ASSOCIATION \"LES PINS\"", "13"),
        classic_site(site, entity),
        classic_place(site),
    ]);
    assert!(extract.rejected.is_empty(), "{:?}", extract.rejected);
    let published = &extract.entities[0].entity;
    assert_eq!(published.title, "ASSOCIATION \"LES PINS\"");
    assert_eq!(published.siren.unwrap().as_str(), "772201489");
    assert!(!published.derived);
    let read = &extract.sites[0].site;
    assert_eq!(read.title, "CENTRE HOSPITALIER");
    assert_eq!(read.commune_code.as_deref(), Some("13055"));
    assert_eq!(read.commune.as_deref(), Some("MARSEILLE"));
    assert_eq!(read.tariff_mode.as_deref(), Some("03"));
    assert_eq!(read.location.unwrap().longitude().to_string(), "5.208596");
    assert_eq!(extract.lines, 3);
}

#[test]
fn a_classic_line_that_was_cut_names_the_field_it_lacks() {
    let (site, entity) = (finess("13", 1), finess("13", 2));
    let cut = classic_site(site, entity)
        .split(';')
        .take(19)
        .collect::<Vec<_>>()
        .join(";");
    let without_numuai = classic_site(finess("13", 3), entity)
        .split(';')
        .take(31)
        .collect::<Vec<_>>()
        .join(";");
    let extract = read_classic(&[cut, without_numuai, "equipementsocial;1;2".to_owned()]);
    assert_eq!(
        extract.sites.len(),
        1,
        "a site of the layout of 2020 is whole"
    );
    assert_eq!(extract.rejected[0].reason, Reason::TruncatedLine);
    assert_eq!(extract.rejected[0].field, "libcategetab");
    assert_eq!(extract.rejected[1].reason, Reason::UnknownRecordType);
}

#[test]
fn an_entity_of_another_region_is_kept_only_for_its_sites_here() {
    let (needed, other) = (finess("92", 1), finess("92", 2));
    let extract = read_classic(&[
        classic_entity(needed, "NEEDED", "92"),
        classic_entity(other, "OTHER", "92"),
        classic_site(finess("13", 1), needed),
    ]);
    let kept: Vec<&str> = extract
        .entities
        .iter()
        .map(|e| e.entity.title.as_str())
        .collect();
    assert_eq!((kept, extract.skipped), (vec!["NEEDED"], 1));
    assert_eq!(extract.entities[0].entity.region.code(), "11");
}

#[test]
fn overseas_departements_take_their_insee_codes() {
    let site = classic_site(finess("97", 1), finess("97", 2)).replace(";203;13;", ";411;9D;");
    let text = format!("finess;etalab;94;2026-05-12\n{site}");
    let reunion = read(
        Format::FinessClassic,
        text.as_bytes(),
        "04".parse().unwrap(),
    )
    .unwrap();
    let site = &reunion.sites[0].site;
    assert_eq!(site.department.as_deref(), Some("974"));
    assert_eq!(site.commune_code.as_deref(), Some("97411"));
}

#[test]
fn a_bad_date_of_extraction_is_reported_and_the_rest_is_read() {
    let text = format!(
        "finess;etalab;94;12/05/2026\n{}",
        classic_site(finess("13", 1), finess("13", 2))
    );
    let extract = read(Format::FinessClassic, text.as_bytes(), paca()).unwrap();
    assert_eq!(
        only_rejection(&extract),
        (1, "extraction_date", Reason::BadDate)
    );
    assert_eq!(extract.sites.len(), 1);
}

#[test]
fn the_yearly_stock_is_read_with_its_lambert_coordinates() {
    let text = format!(
        "nofinesset;nofinessej;rs;rslongue;departement;cog;libelle_routage;categetab;liblongcategetab;siret;mft;coordx;coordy;sourcegeocod\n\
         {};{};CH;;13;13201;MARSEILLE;355;Centre Hospitalier (C.H.);;03;870215.7;6571590.5;1,IGN,LAMBERT_93\n\
         {};{};CH;LE CENTRE;13;13055;MARSEILLE;355;;;;1;2;1,IGN,LAMBERT_93\n",
        finess("13", 1),
        finess("13", 2),
        finess("13", 3),
        finess("13", 4),
    );
    let extract = read(Format::FinessStock, text.as_bytes(), paca()).unwrap();
    assert_eq!(extract.sites[0].site.title, "CH");
    assert_eq!(extract.sites[1].site.title, "LE CENTRE");
    assert_eq!(
        extract.sites[0]
            .site
            .location
            .unwrap()
            .latitude()
            .to_string(),
        "46.222745"
    );
    assert_eq!(extract.sites[1].site.location, None);
    assert_eq!(extract.warnings[0].reason, Reason::BadCoordinates);
}
