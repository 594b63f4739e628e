//! The regional scheme, the call that answers one of its objectives, a cooperation and the credits of new places.

use proto::targets::v1::{
    Axis, Capacity, CarePublic, CommissionOpinion, CooperationContent, CooperationKind,
    ExpectedSaving, HomeShareTarget, ObtainedSaving, ProjectAuthorisation, ProjectCalendar,
    ProjectCandidate, ProjectNeed, ProjectSpecification, ReceptionMode, SchemeContent,
    SchemeObjective,
};
use sha2::{Digest, Sha256};

use super::{METROPOLIS, PLATEAU, SOURCE, Sites, VALLEY, care_homes::of_kinds, commune};
use crate::demo::{
    planning::planned::{PlannedCall, PlannedCooperation, PlannedEnvelope, PlannedScheme},
    synthetic::shapes::{ZONES, territory},
};

/// Identifier of the objective that the call answers.
const RESPITE: &str = "repit-2";
/// The category of day care for older people.
const DAY_CARE: &str = "207";
/// The act of the authorisation, in which its places stand.
const AUTHORISATION: &str = "Arrêté imaginaire 2024-88";
const SPECIFICATION: &str = "Cahier des charges imaginaire : vingt places d’accueil de jour.";

/// Adopted, with an objective for each of three zones.
pub(super) fn scheme() -> PlannedScheme {
    let axis = |code: &str, title: &str| Axis {
        code: code.to_owned(),
        title: title.to_owned(),
    };
    let objective =
        |id: &str, axis: &str, title: String, zone: usize, category: &str| SchemeObjective {
            id: id.to_owned(),
            axis: axis.to_owned(),
            title,
            territory: territory(zone),
            category: category.to_owned(),
            public: CarePublic::OlderPeople.into(),
            baseline_places: 90,
            places_to_create: 20,
            horizon: 2028,
            credits: "250000".to_owned(),
            ..Default::default()
        };
    let respite = format!("Accueil de jour, {}", ZONES[METROPOLIS]);
    PlannedScheme {
        axes_id: "axes-2024".to_owned(),
        axes: vec![
            axis("DOMICILE", "Vivre chez soi"),
            axis("EQUITE", "Réduire les inégalités"),
        ],
        content: SchemeContent {
            scheme_version: "SRS_ESSAI".to_owned(),
            title: "Schéma régional de démonstration".to_owned(),
            valid_from: "2024-01-01".to_owned(),
            valid_to: "2028-12-31".to_owned(),
            source: SOURCE.to_owned(),
            objectives: vec![
                objective(
                    "domicile-1",
                    "DOMICILE",
                    "Services à domicile".to_owned(),
                    VALLEY,
                    "354",
                ),
                objective(RESPITE, "DOMICILE", respite, METROPOLIS, DAY_CARE),
                objective(
                    "places-3",
                    "EQUITE",
                    format!("Places du {}", ZONES[PLATEAU]),
                    PLATEAU,
                    "500",
                ),
            ],
            home_shares: vec![HomeShareTarget {
                territory: territory(VALLEY),
                public: CarePublic::OlderPeople.into(),
                percent: "40".to_owned(),
                horizon: 2028,
            }],
            ..Default::default()
        },
        decision: Some("Arrêté imaginaire 2023-112".to_owned()),
    }
}

/// None where nobody could answer.
pub(super) fn call(sites: &Sites<'_>) -> Option<PlannedCall> {
    let home = sites.care_home_of(METROPOLIS)?;
    let candidate = |id: &str, title: &str, finess: String| ProjectCandidate {
        finess,
        id: id.to_owned(),
        title: title.to_owned(),
        places: 20,
        received: "2024-04-29".to_owned(),
    };
    let line = Capacity {
        establishment: home.site.finess.to_string(),
        line: "accueil-de-jour".to_owned(),
        category: DAY_CARE.to_owned(),
        mode: ReceptionMode::Day.into(),
        public: CarePublic::OlderPeople.into(),
        places: 20,
        opening_days: 250,
        valid_from: "2024-11-01".to_owned(),
        commune: commune(home.site),
        decision: AUTHORISATION.to_owned(),
        ..Default::default()
    };
    Some(PlannedCall {
        need: ProjectNeed {
            title: "Vingt places d’accueil de jour".to_owned(),
            territory: territory(METROPOLIS),
            category: DAY_CARE.to_owned(),
            public: CarePublic::OlderPeople.into(),
            places: 20,
            rationale: "Des proches aidants n’ont aucun répit à moins d’une heure de route."
                .to_owned(),
            ..Default::default()
        },
        answers: RESPITE.to_owned(),
        calendar: ProjectCalendar {
            publication: "2024-02-01".to_owned(),
            deadline: "2024-05-15".to_owned(),
            commission: "2024-06-20".to_owned(),
        },
        specification: ProjectSpecification {
            title: "Cahier des charges".to_owned(),
            reference: "Recueil imaginaire 00-2024-017".to_owned(),
            sha256: hex::encode(Sha256::digest(SPECIFICATION)),
            criteria: vec![
                "Délai d’ouverture".to_owned(),
                "Coopérations avec les services à domicile".to_owned(),
            ],
        },
        candidates: vec![
            candidate("candidat-1", &home.site.title, home.entity.to_string()),
            candidate(
                "candidat-2",
                "Association des Embruns (imaginaire)",
                String::new(),
            ),
        ],
        opinion: CommissionOpinion {
            day: "2024-06-20".to_owned(),
            ranking: vec!["candidat-1".to_owned(), "candidat-2".to_owned()],
            text: "Avis favorable\u{a0}: ouverture dans l’année et transport organisé.".to_owned(),
        },
        authorisation: ProjectAuthorisation {
            candidate: "candidat-1".to_owned(),
            places: 20,
            decision: AUTHORISATION.to_owned(),
            ..Default::default()
        },
        places: of_kinds(&line).to_vec(),
    })
}

/// Two homes that share their night care; none where there are not two.
pub(super) fn cooperation(sites: &Sites<'_>) -> Option<PlannedCooperation> {
    let [one, other, ..] = sites.care_homes.as_slice() else {
        return None;
    };
    let expected = |year: i32, amount: &str| ExpectedSaving {
        year,
        amount: amount.to_owned(),
        basis: "Un poste de nuit partagé".to_owned(),
    };
    Some(PlannedCooperation {
        content: CooperationContent {
            kind: CooperationKind::SharedFunctions.into(),
            title: "Astreintes de nuit communes".to_owned(),
            purpose: "Une même équipe infirmière répond la nuit aux deux établissements."
                .to_owned(),
            members: [one, other]
                .map(|home| home.site.finess.to_string())
                .to_vec(),
            contracts: Vec::new(),
            start_date: "2024-01-01".to_owned(),
            decision: "Convention imaginaire du 4 décembre 2023".to_owned(),
            expected: vec![expected(2024, "38000"), expected(2025, "52000")],
        },
        savings: vec![ObtainedSaving {
            year: 2024,
            amount: "31500".to_owned(),
            source: format!("{SOURCE}, comptes 2024"),
            recorded_by: String::new(),
        }],
    })
}

/// None where nobody could be given anything.
pub(super) fn envelope(sites: &Sites<'_>) -> Option<PlannedEnvelope> {
    let home = sites.care_home_of(METROPOLIS)?;
    Some(PlannedEnvelope {
        year: 2025,
        origin: "PLACES_NOUVELLES".to_owned(),
        title: "Places nouvelles".to_owned(),
        amount: "600000.00".to_owned(),
        decision: "Notification imaginaire du 5 mars 2025".to_owned(),
        engaged: "250000.00".to_owned(),
        purpose: "Vingt places d’accueil de jour".to_owned(),
        beneficiary: home.site.finess.to_string(),
        engagement_decision: "Décision imaginaire 2025-4".to_owned(),
    })
}
