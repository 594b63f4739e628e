//! The adapters against files made here: whole ones, damaged ones, and noise.

mod finess_classic;
mod finess_plus;
mod noise;
mod sites;

use kernel::{Finess, Region};

use super::{Extract, Format, Reason, read};

const SITES_HEADER: &str = "finess_et;raison_sociale;finess_ej;raison_sociale_ej;categorie;\
    libelle_categorie;statut_juridique;siret;region;departement;commune_insee;commune;lat;lon";

fn paca() -> Region {
    "93".parse().unwrap()
}

/// The number `prefix` + `serial` completed by its key.
pub(crate) fn finess(prefix: &str, serial: u32) -> Finess {
    let body = format!("{prefix}{serial:0>width$}", width = 8 - prefix.len());
    (0..10)
        .find_map(|key| format!("{body}{key}").parse().ok())
        .unwrap()
}

fn site_line(serial: u32) -> String {
    format!(
        "{};SITE {serial};{};;355;Centre Hospitalier (C.H.);13;26010004500012;93;13;13201;MARSEILLE;43.3;5.4",
        finess("13", serial),
        finess("13", 900_000 + serial / 3),
    )
}

fn sites_file(count: u32) -> Vec<String> {
    std::iter::once(SITES_HEADER.to_owned())
        .chain((0..count).map(site_line))
        .collect()
}

fn read_sites(lines: &[String]) -> Extract {
    read(Format::SitesCsv, lines.join("\n").as_bytes(), paca()).unwrap()
}

fn only_rejection(extract: &Extract) -> (u64, &str, Reason) {
    let [issue] = extract.rejected.as_slice() else {
        panic!("one rejection expected: {:?}", extract.rejected);
    };
    (issue.line, issue.field.as_str(), issue.reason)
}
