//! The synthetic region: generated from a seed, plausible, and saying everywhere that it is not real.
//!
//! Only integers and a named generator (`ChaCha8`) are used, so that a seed gives the same region on
//! every machine.

pub mod anomalies;
pub mod dice;
pub mod network;
pub mod numbers;
pub mod planning;
pub mod shapes;
pub mod volumes;

use kernel::{Finess, Region};
use proto::{
    targets::v1::{
        Absence, Band, Baseline, IndicatorValue, Objective, ObjectiveKind, YearlyTarget,
        indicator_value::Content,
    },
    types::v1::Unit,
};

use self::{
    anomalies::{Anomalies, Anomaly},
    dice::Dice,
    network::{Entity, Site},
    volumes::{Volume, monthly},
};
use super::plan::{
    CONTRACT_YEARS, CONTROLLED_YEARS, Plan, PlannedContract, RegistryFile, Tolerance, absent,
    number, value,
};

/// The region that exists nowhere.
pub const REGION: &str = "00";

/// Plans the demonstration of a seed.
pub fn plan(seed: u64) -> Plan {
    let mut dice = Dice::new(seed);
    let entities = network::generate(&mut dice);
    let measures = measures(&entities, &mut dice);
    let anomalies = Anomalies::choose(&measures, &mut dice);
    let planning = planning::plan(&entities, &measures);
    let contracts = entities
        .iter()
        .map(|entity| {
            let own: Vec<&Measure> = measures
                .iter()
                .filter(|m| m.entity == entity.finess)
                .collect();
            contract(entity, &own, &anomalies, &mut dice)
        })
        .collect();
    Plan {
        region: region(),
        scope: format!("synthetic/{seed}"),
        registry: RegistryFile {
            name: format!("region-synthetique-{seed}.csv"),
            content: network::registry_csv(&entities).into_bytes(),
        },
        division: Some(shapes::plan()),
        contracts,
        tolerance: Tolerance {
            conforming_percent: "5",
            minor_percent: "10",
            minimum_count: "30",
            reasons: "Politique de démonstration : aucun seuil national n’existe. Jusqu’à 5 % de la cible, \
                      conforme ; jusqu’à 10 %, écart mineur ; en dessous de 30, une activité n’est pas jugée.",
        },
        planning: Some(planning),
        unjoined: Vec::new(),
        remarks: vec![format!(
            "Région synthétique (graine {seed}) : ni ces établissements ni ces chiffres n’existent."
        )],
    }
}

fn region() -> Region {
    // The code is one of the table of regions; a test reads it.
    REGION
        .parse()
        .unwrap_or_else(|_| unreachable!("{REGION} is a region"))
}

/// What one objective counts, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub entity: Finess,
    pub subject: Finess,
    pub subject_title: String,
    pub volume: Volume,
    /// Mean of the years before the contract.
    pub baseline: u64,
    /// Yearly evolution of the target, in per mille.
    pub trend: i64,
}

impl Measure {
    /// The target of a year.
    pub fn target(&self, year: i32) -> u64 {
        let years = i64::from(year - CONTRACT_YEARS.start());
        if !self.volume.is_activity() {
            return self.baseline;
        }
        let evolved = self.baseline.cast_signed() * (1_000 + self.trend * years) / 1_000;
        evolved.max(1).cast_unsigned()
    }

    /// Identifies it within its contract.
    pub fn id(&self) -> String {
        format!("{}-{}", self.volume.id(), self.subject).to_lowercase()
    }
}

fn measures(entities: &[Entity], dice: &mut Dice) -> Vec<Measure> {
    let mut measures = Vec::new();
    for entity in entities {
        for volume in entity.kind.authorisations() {
            measures.push(Measure {
                entity: entity.finess,
                subject: entity.finess,
                subject_title: entity.title.clone(),
                volume: *volume,
                baseline: dice.between(2, 4),
                trend: 0,
            });
        }
        for site in &entity.sites {
            measures.extend(site.category.volumes().iter().map(|volume| Measure {
                entity: entity.finess,
                subject: site.finess,
                subject_title: site.title.clone(),
                volume: *volume,
                baseline: volumes::size(site.category.median(*volume), dice),
                trend: dice.between(0, 20).cast_signed() - 5,
            }));
        }
    }
    measures
}

fn contract(
    entity: &Entity,
    measures: &[&Measure],
    anomalies: &Anomalies,
    dice: &mut Dice,
) -> PlannedContract {
    let mut values: Vec<IndicatorValue> = Vec::new();
    for measure in measures {
        for year in CONTROLLED_YEARS {
            values.extend(realised(measure, year, anomalies.of(measure, year), dice));
        }
    }
    values.extend(anomalies.damaged_rows(entity.finess, measures));
    let objectives: Vec<Objective> = measures.iter().map(|measure| objective(measure)).collect();
    let note = if objectives.is_empty() {
        "Région synthétique : aucun objectif chiffré pour cette entité.".to_owned()
    } else {
        String::new()
    };
    PlannedContract {
        legal_entity: entity.finess,
        title: format!("CPOM 2023-2027 de {} (région synthétique)", entity.title),
        establishments: entity.sites.iter().map(|site: &Site| site.finess).collect(),
        is_public: entity.kind.is_public(),
        objectives,
        note,
        values,
    }
}

fn objective(measure: &Measure) -> Objective {
    let volume = measure.volume;
    let yearly = |year| {
        let target = measure.target(year);
        let (point, band) = if volume == Volume::Sites {
            // Schemes set a lower and an upper number of authorised sites.
            let band = Band {
                min: target.to_string(),
                max: (target + 1).to_string(),
            };
            (String::new(), Some(band))
        } else {
            (target.to_string(), None)
        };
        YearlyTarget { year, point, band }
    };
    let binds = !volume.is_activity();
    Objective {
        id: measure.id(),
        title: format!("{} : {}", volume.french(), measure.subject_title),
        kind: if binds {
            ObjectiveKind::Quantified
        } else {
            ObjectiveKind::Pilot
        }
        .into(),
        subject: measure.subject.to_string(),
        indicator: volume.indicator().to_owned(),
        unit: Unit::from(volume).into(),
        baseline: Some(Baseline {
            value: measure.baseline.to_string(),
            period: "2019-2022".to_owned(),
            source: "Région synthétique".to_owned(),
        }),
        yearly: CONTRACT_YEARS.map(yearly).collect(),
        opposable: binds,
        penalty_eligible: binds,
        note: "Chiffres synthétiques, tirés au sort.".to_owned(),
        ..Default::default()
    }
}

fn realised(
    measure: &Measure,
    year: i32,
    anomaly: Option<Anomaly>,
    dice: &mut Dice,
) -> Vec<IndicatorValue> {
    let target = measure.target(year);
    let volume = measure.volume;
    let give = |period: &str, content| value(measure.subject, volume.indicator(), period, content);
    let yearly = year.to_string();
    if !volume.is_activity() {
        let count = match anomaly {
            Some(Anomaly::OneLess) => target - 1,
            Some(Anomaly::OneMore) => target + 2,
            _ => target,
        };
        return vec![give(&yearly, number(count.to_string()))];
    }
    // Within two per cent of the target, unless told otherwise: that conforms.
    let per_mille = match anomaly {
        Some(Anomaly::PerMille(per_mille)) => per_mille,
        _ => 980 + dice.between(0, 40),
    };
    let total = (target * per_mille + 500) / 1_000;
    let closed = matches!(anomaly, Some(Anomaly::ClosedInAugust)).then_some(8);
    let months = monthly(total, volume, closed, dice);
    if anomaly == Some(Anomaly::NothingKnown) {
        return vec![give(&yearly, absent(Absence::Missing))];
    }
    (1u8..)
        .zip(months)
        .map(|(month, count)| {
            let lost = anomaly == Some(Anomaly::LastMonthsLost) && month > 10;
            let content = if lost {
                absent(Absence::Missing)
            } else {
                published(count, volume)
            };
            give(&format!("{year}-{month:02}"), content)
        })
        .collect()
}

/// A small count of patients or stays is hidden (1 to 10); zero is not.
fn published(count: u64, volume: Volume) -> Content {
    if volume.is_secret() && (1..=10).contains(&count) {
        absent(Absence::Masked)
    } else {
        number(count.to_string())
    }
}

#[cfg(test)]
mod tests;
