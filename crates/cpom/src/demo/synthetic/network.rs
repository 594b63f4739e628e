//! The legal entities of the synthetic region and their sites.

use std::fmt::Write;

use kernel::Finess;

use super::{REGION, dice::Dice, numbers, volumes::Volume};

/// A legal entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    pub finess: Finess,
    pub title: String,
    pub kind: Kind,
    pub sites: Vec<Site>,
}

/// An establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub finess: Finess,
    pub title: String,
    pub category: Category,
    pub commune: usize,
}

/// What kind of legal entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    University,
    Hospital,
    Psychiatric,
    Clinic,
    Rehabilitation,
    NonProfit,
    Cancer,
    Dialysis,
    HomeCare,
}

/// FINESS category of an establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    Regional,
    General,
    Local,
    LongStay,
    CareHome,
    Psychiatric,
    Multidisciplinary,
    Surgical,
    Rehabilitation,
    Cancer,
    Dialysis,
    DialysisUnit,
    HomeCare,
}

/// How many legal entities of each kind: forty in all.
const COMPOSITION: [(Kind, u32); 9] = [
    (Kind::University, 1),
    (Kind::Hospital, 11),
    (Kind::Psychiatric, 3),
    (Kind::Clinic, 12),
    (Kind::Rehabilitation, 5),
    (Kind::NonProfit, 3),
    (Kind::Cancer, 1),
    (Kind::Dialysis, 3),
    (Kind::HomeCare, 1),
];

/// Communes that nobody will look for on a map.
const COMMUNES: [&str; 20] = [
    "Port-Essai",
    "Saint-Exemple",
    "Valfictif",
    "Bourg-Simulé",
    "Montspécimen",
    "Échantillon-sur-Mer",
    "Villeneuve-l’Épreuve",
    "Maquette-le-Château",
    "Sainte-Démo-les-Bains",
    "Roque-Témoin",
    "Le Prototype",
    "Fontmodèle",
    "Châteaugabarit",
    "Pont-de-l’Ébauche",
    "Les Brouillons",
    "Saint-Calcul",
    "Rivenulle",
    "Beauleurre",
    "Mirage-en-Plaine",
    "La Simulie",
];

const CLINIC_NAMES: [&str; 12] = [
    "des Tilleuls",
    "du Parc",
    "des Cèdres",
    "de l’Horizon",
    "Belle-Rive",
    "des Oliviers",
    "du Vallon",
    "de la Source",
    "Sainte-Ébauche",
    "des Remparts",
    "du Belvédère",
    "des Embruns",
];

impl Kind {
    pub fn is_public(self) -> bool {
        matches!(self, Self::University | Self::Hospital | Self::Psychiatric)
    }

    /// Statut juridique (`TRE_R72`).
    fn legal_status(self) -> &'static str {
        match self {
            Self::University => "15",
            Self::Hospital => "13",
            Self::Psychiatric => "11",
            Self::Clinic | Self::Rehabilitation => "95",
            Self::NonProfit | Self::Cancer => "61",
            Self::Dialysis | Self::HomeCare => "60",
        }
    }

    /// What the regional scheme authorises, counted for the legal entity as a whole.
    pub fn authorisations(self) -> &'static [Volume] {
        match self {
            Self::University | Self::Hospital | Self::Cancer => &[Volume::Sites, Volume::Devices],
            Self::Clinic | Self::NonProfit => &[Volume::Sites],
            Self::Psychiatric | Self::Rehabilitation | Self::Dialysis | Self::HomeCare => &[],
        }
    }

    fn title(self, rank: usize, commune: &str) -> String {
        let clinic = CLINIC_NAMES[rank % CLINIC_NAMES.len()];
        match self {
            Self::University => format!("Centre hospitalier universitaire de {commune}"),
            Self::Hospital => format!("Centre hospitalier de {commune}"),
            Self::Psychiatric => format!("Centre hospitalier spécialisé de {commune}"),
            Self::Clinic => format!("SAS Clinique {clinic} ({commune})"),
            Self::Rehabilitation => format!("SAS Réadaptation {clinic} ({commune})"),
            Self::NonProfit => format!("Fondation {clinic} ({commune})"),
            Self::Cancer => format!("Centre de lutte contre le cancer de {commune}"),
            Self::Dialysis => format!("Association Dialyse de {commune}"),
            Self::HomeCare => format!("Association Hospitalisation à domicile de {commune}"),
        }
    }

    /// Categories of the sites of the entity of this rank among its kind.
    fn sites(self, rank: usize) -> Vec<Category> {
        use Category as C;
        let all: &[C] = match self {
            Self::University => &[C::Regional, C::Regional, C::LongStay, C::CareHome],
            Self::Hospital => &[C::General, C::CareHome, C::LongStay, C::Local],
            Self::Psychiatric => &[C::Psychiatric, C::Psychiatric],
            Self::Clinic => &[C::Multidisciplinary, C::Surgical],
            Self::Rehabilitation => &[C::Rehabilitation, C::Rehabilitation],
            Self::NonProfit => &[C::Multidisciplinary, C::Rehabilitation, C::CareHome],
            Self::Cancer => &[C::Cancer],
            Self::Dialysis => &[
                C::Dialysis,
                C::DialysisUnit,
                C::DialysisUnit,
                C::DialysisUnit,
            ],
            Self::HomeCare => &[C::HomeCare],
        };
        let count = match self {
            Self::Hospital => 2 + rank % 3,
            Self::Clinic | Self::Rehabilitation => 1 + rank % 2,
            _ => all.len(),
        };
        all.iter().copied().take(count).collect()
    }
}

impl Category {
    /// Code and title of the FINESS nomenclature.
    fn finess(self) -> (&'static str, &'static str) {
        match self {
            Self::Regional => ("101", "Centre Hospitalier Régional (C.H.R.)"),
            Self::General => ("355", "Centre Hospitalier (C.H.)"),
            Self::Local => ("106", "Centre hospitalier, ex Hôpital local"),
            Self::LongStay => ("362", "Etablissement de Soins Longue Durée"),
            Self::CareHome => (
                "500",
                "Etablissement d'hébergement pour personnes âgées dépendantes",
            ),
            Self::Psychiatric => (
                "292",
                "Centre Hospitalier Spécialisé lutte Maladies Mentales",
            ),
            Self::Multidisciplinary => ("365", "Etablissement de Soins Pluridisciplinaire"),
            Self::Surgical => ("128", "Etablissement de Soins Chirurgicaux"),
            Self::Rehabilitation => ("109", "Etablissement de santé privé autorisé en SSR"),
            Self::Cancer => ("131", "Centre de Lutte Contre Cancer"),
            Self::Dialysis => ("141", "Centre de dialyse"),
            Self::DialysisUnit => ("146", "Structure d'Alternative à la dialyse en centre"),
            Self::HomeCare => ("127", "Hospitalisation à Domicile"),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Regional => "Hôpital universitaire",
            Self::General => "Hôpital",
            Self::Local => "Hôpital de proximité",
            Self::LongStay => "Soins de longue durée",
            Self::CareHome => "EHPAD",
            Self::Psychiatric => "Hôpital psychiatrique",
            Self::Multidisciplinary => "Clinique",
            Self::Surgical => "Clinique chirurgicale",
            Self::Rehabilitation => "Centre de réadaptation",
            Self::Cancer => "Institut de cancérologie",
            Self::Dialysis => "Centre de dialyse",
            Self::DialysisUnit => "Unité de dialyse",
            Self::HomeCare => "Hospitalisation à domicile",
        }
    }

    /// What the site is measured by.
    pub fn volumes(self) -> &'static [Volume] {
        match self {
            Self::Regional | Self::General | Self::Cancer | Self::Multidisciplinary => {
                &[Volume::Stays, Volume::Sessions]
            }
            Self::Local | Self::Surgical => &[Volume::Stays],
            Self::Dialysis | Self::DialysisUnit => &[Volume::Sessions],
            Self::Rehabilitation => &[Volume::RehabilitationDays],
            Self::Psychiatric => &[Volume::PsychiatryDays],
            Self::HomeCare => &[Volume::HomeCareDays],
            Self::CareHome => &[Volume::CareHomeDays],
            Self::LongStay => &[],
        }
    }

    /// Median yearly size.
    pub fn median(self, volume: Volume) -> u64 {
        match (self, volume) {
            (Self::Regional, Volume::Stays) => 52_000,
            (Self::Regional, _) => 38_000,
            (Self::General, Volume::Stays) => 11_000,
            (Self::General, _) => 6_000,
            (Self::Cancer, Volume::Stays) => 9_000,
            (Self::Multidisciplinary, Volume::Stays) => 9_500,
            (Self::Multidisciplinary, _) => 3_000,
            (Self::Surgical, _) => 4_500,
            // So small that some months fall under statistical secrecy.
            (Self::Local, _) => 45,
            (Self::Dialysis, _) => 14_000,
            (Self::DialysisUnit, _) => 2_400,
            (Self::Rehabilitation, _) => 24_000,
            (Self::Psychiatric, _) => 45_000,
            (Self::Cancer | Self::HomeCare, _) => 30_000,
            (Self::CareHome, _) => 27_000,
            (Self::LongStay, _) => 0,
        }
    }
}

/// Draws the forty legal entities and their sites.
pub fn generate(dice: &mut Dice) -> Vec<Entity> {
    let mut entities = Vec::new();
    let mut site_rank = 0;
    for (kind, count) in COMPOSITION {
        let mut communes: Vec<usize> = (0..COMMUNES.len()).collect();
        dice.shuffle(&mut communes);
        for (rank, &seat) in (0..count as usize).zip(&communes) {
            let mut sites = Vec::new();
            for (place, category) in kind.sites(rank).into_iter().enumerate() {
                site_rank += 1;
                let commune = if place == 0 {
                    seat
                } else {
                    dice.place(COMMUNES.len())
                };
                sites.push(Site {
                    finess: numbers::establishment(site_rank),
                    title: format!(
                        "{} {} de {}",
                        category.label(),
                        place + 1,
                        COMMUNES[commune]
                    ),
                    category,
                    commune,
                });
            }
            let entity_rank = u32::try_from(entities.len() + 1).unwrap_or(u32::MAX);
            entities.push(Entity {
                finess: numbers::legal_entity(entity_rank),
                title: kind.title(rank, COMMUNES[seat]),
                kind,
                sites,
            });
        }
    }
    entities
}

/// `latitude;longitude` of a site, at sea: the region exists nowhere. The sites of one commune have none, as in real
/// files.
fn degrees(commune: usize, kind: Kind) -> String {
    if commune + 1 == COMMUNES.len() {
        return ";".to_owned();
    }
    // Kinds of establishments are neighbours in their commune, not on one spot.
    let place = COMPOSITION.iter().position(|(one, _)| *one == kind);
    let beside = 9 * place.unwrap_or_default();
    let north = 46_200 + commune / 5 * 130 + beside;
    let west = 4_900 - commune % 5 * 170 - beside;
    let shown = |thousandths: usize| format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    format!("{};-{}", shown(north), shown(west))
}

/// The registry file of these entities, with two damaged lines at its end, as real files have.
pub fn registry_csv(entities: &[Entity]) -> String {
    let mut text = String::from(
        "finess_et;raison_sociale;finess_ej;raison_sociale_ej;categorie;libelle_categorie;\
         statut_juridique;siret;region;departement;commune_insee;commune;lat;lon\n",
    );
    for entity in entities {
        for site in &entity.sites {
            let (category, category_title) = site.category.finess();
            let commune = COMMUNES[site.commune];
            let commune_code = site.commune + 1;
            // Writing to a text cannot fail.
            let _ = writeln!(
                text,
                "{};{};{};{};{category};{category_title};{};;{REGION};00;00{commune_code:03};{commune};{}",
                site.finess,
                site.title,
                entity.finess,
                entity.title,
                entity.kind.legal_status(),
                degrees(site.commune, entity.kind),
            );
        }
    }
    let wrong_key = numbers::with_wrong_key(99_999);
    let _ = writeln!(
        text,
        "{wrong_key};Clé fausse exprès;{};;355;;13;;{REGION};00;00001;Port-Essai;;",
        numbers::legal_entity(1),
    );
    let _ = writeln!(
        text,
        "{};Ligne tronquée exprès;00",
        numbers::establishment(99_998)
    );
    text
}
