//! What the indicators of the catalogue are called, as `targets` titles them.

/// Code and title, in the order of codes.
const TITLES: [(&str, &str); 45] = [
    ("ACCESS_MINUTES", "Temps maximal d’accès"),
    ("BOARDING_DAYS", "Journées réalisées en internat"),
    ("BOARDING_PRESENCE_DAYS", "Journées de présence en internat"),
    (
        "BOARDING_SHORT_ABSENCE_DAYS",
        "Journées d’absence de moins de 72 heures en internat",
    ),
    ("DAY_CARE_DAYS", "Journées réalisées en accueil de jour"),
    ("EHPAD_DAYS", "Journées réalisées en hébergement permanent"),
    (
        "EHPAD_OCCUPANCY",
        "Taux d’occupation de l’hébergement permanent",
    ),
    (
        "EHPAD_PRESENCE_DAYS",
        "Journées de présence en hébergement permanent",
    ),
    (
        "EHPAD_SHORT_ABSENCE_DAYS",
        "Journées d’absence de moins de 72 heures en hébergement permanent",
    ),
    ("EMERGENCY_VISITS", "Passages aux urgences"),
    (
        "HAD_CAPACITY",
        "Patients pris en charge en même temps en hospitalisation à domicile",
    ),
    ("HAD_DAYS", "Journées d’hospitalisation à domicile"),
    (
        "HOME_SUPPORT_DAYS",
        "Journées d’accompagnement en milieu ordinaire",
    ),
    ("IMAGING_DEVICES", "Appareils d’imagerie en coupes"),
    (
        "MCO_DAY_STAYS",
        "Séjours en hospitalisation partielle (MCO)",
    ),
    (
        "MCO_FULL_STAYS",
        "Séjours en hospitalisation complète (MCO)",
    ),
    ("MCO_SESSIONS", "Séances (MCO)"),
    ("MCO_STAYS", "Séjours hors séances (MCO)"),
    ("MEDICINE_BEDS", "Lits de médecine"),
    ("MEDICINE_PLACES", "Places de médecine"),
    (
        "MS_ABSENCE_DAYS",
        "Journées d’absence par personne accompagnée",
    ),
    (
        "MS_ABSENTEEISM",
        "Taux d’absentéisme du personnel, hors formation",
    ),
    ("MS_ACTIVITY_RATE", "Taux de réalisation de l’activité"),
    (
        "MS_PERSONS",
        "File active : personnes accompagnées dans l’année",
    ),
    ("MS_PLACE_TURNOVER", "Taux de rotation des places financées"),
    ("MS_SERVICES", "Prestations réalisées dans l’année"),
    ("MS_STAFF_TURNOVER", "Taux de rotation du personnel"),
    (
        "MS_STAY_DAYS",
        "Durée moyenne de séjour ou d’accompagnement",
    ),
    ("MS_VACANT_POSTS", "Taux d’ETP vacants au 31 décembre"),
    ("OBSTETRICS_BEDS", "Lits d’obstétrique"),
    ("OBSTETRICS_PLACES", "Places d’obstétrique"),
    ("PLACES", "Places installées"),
    (
        "PSY_DAYS",
        "Journées d’hospitalisation complète en psychiatrie",
    ),
    (
        "PSY_FULL_PLACES",
        "Lits et places de psychiatrie à temps complet",
    ),
    (
        "PSY_PART_PLACES",
        "Places de psychiatrie à temps partiel, hors ambulatoire",
    ),
    (
        "SEMI_BOARDING_DAYS",
        "Journées réalisées en semi-internat et externat",
    ),
    ("SITES", "Implantations autorisées"),
    ("SMR_BEDS", "Lits de soins médicaux et de réadaptation"),
    ("SMR_DAYS", "Journées de soins médicaux et de réadaptation"),
    ("SMR_PLACES", "Places de soins médicaux et de réadaptation"),
    ("SURGERY_BEDS", "Lits de chirurgie"),
    ("SURGERY_PLACES", "Places de chirurgie"),
    (
        "TEMPORARY_DAYS",
        "Journées réalisées en hébergement temporaire",
    ),
    ("USLD_BEDS", "Lits de soins de longue durée"),
    ("USLD_DAYS", "Journées de soins de longue durée"),
];

/// The title of an indicator; a code that is not known here stays.
pub(crate) fn title(code: &str) -> &str {
    let found = TITLES.iter().find(|(one, _)| *one == code);
    found.map_or(code, |(_, title)| title)
}

/// The title with the code that a file needs.
pub(crate) fn title_and_code(code: &str) -> String {
    match title(code) {
        title if title == code => code.to_owned(),
        title => format!("{title}, {code}"),
    }
}

/// What an indicator counts, for a column of figures; nothing for a code that is not known here.
pub(crate) fn unit(code: &str) -> &'static str {
    match code {
        "ACCESS_MINUTES" => "minutes",
        "EHPAD_OCCUPANCY" | "MS_ABSENTEEISM" | "MS_ACTIVITY_RATE" | "MS_PLACE_TURNOVER"
        | "MS_STAFF_TURNOVER" | "MS_VACANT_POSTS" => "%",
        "EMERGENCY_VISITS" => "passages",
        "HAD_CAPACITY" | "PLACES" => "places",
        "IMAGING_DEVICES" => "appareils",
        "MCO_DAY_STAYS" | "MCO_FULL_STAYS" | "MCO_STAYS" => "séjours",
        "MCO_SESSIONS" => "séances",
        "MS_ABSENCE_DAYS" | "MS_STAY_DAYS" => "jours",
        "MS_PERSONS" => "personnes",
        "MS_SERVICES" => "prestations",
        beds if title(beds) != beds && beds.ends_with("_BEDS") => "lits",
        places if title(places) != places && places.ends_with("_PLACES") => "places",
        "SITES" => "implantations",
        days if title(days) != days && days.ends_with("_DAYS") => "journées",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_has_its_title_and_an_unknown_one_its_code() {
        assert_eq!(title("MCO_STAYS"), "Séjours hors séances (MCO)");
        assert_eq!(title("REGIONAL_1"), "REGIONAL_1");
        assert_eq!(title_and_code("SITES"), "Implantations autorisées, SITES");
        assert_eq!(title_and_code("REGIONAL_1"), "REGIONAL_1");
    }

    #[test]
    fn each_indicator_has_its_unit() {
        assert_eq!(unit("EHPAD_DAYS"), "journées");
        assert_eq!(unit("SURGERY_BEDS"), "lits");
        assert_eq!(unit("REGIONAL_DAYS"), "");
        for (code, _) in TITLES {
            assert_ne!(unit(code), "", "{code}");
        }
    }

    #[test]
    fn each_code_is_there_once_and_in_order() {
        assert!(TITLES.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
