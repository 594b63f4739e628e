//! How much, and when in the year.

use proto::types::v1::Unit;

use super::dice::Dice;

/// What an objective counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Volume {
    Stays,
    Sessions,
    RehabilitationDays,
    PsychiatryDays,
    HomeCareDays,
    CareHomeDays,
    /// Authorised sites.
    Sites,
    /// Scanners and MRI.
    Devices,
}

impl Volume {
    /// Code of the indicator.
    pub fn indicator(self) -> &'static str {
        match self {
            Self::Stays => "MCO_STAYS",
            Self::Sessions => "MCO_SESSIONS",
            Self::RehabilitationDays => "SMR_DAYS",
            Self::PsychiatryDays => "PSY_DAYS",
            Self::HomeCareDays => "HAD_DAYS",
            Self::CareHomeDays => "EHPAD_DAYS",
            Self::Sites => "SITES",
            Self::Devices => "IMAGING_DEVICES",
        }
    }

    /// As a person reads it.
    pub fn french(self) -> &'static str {
        match self {
            Self::Stays => "Séjours hors séances",
            Self::Sessions => "Séances",
            Self::RehabilitationDays => "Journées de soins médicaux et de réadaptation",
            Self::PsychiatryDays => "Journées d’hospitalisation en psychiatrie",
            Self::HomeCareDays => "Journées d’hospitalisation à domicile",
            Self::CareHomeDays => "Journées d’hébergement permanent",
            Self::Sites => "Implantations autorisées",
            Self::Devices => "Appareils d’imagerie en coupes",
        }
    }

    /// Beginning of the identifier of its objective.
    pub fn id(self) -> &'static str {
        match self {
            Self::Stays => "stays",
            Self::Sessions => "sessions",
            Self::RehabilitationDays => "smr-days",
            Self::PsychiatryDays => "psy-days",
            Self::HomeCareDays => "had-days",
            Self::CareHomeDays => "ehpad-days",
            Self::Sites => "sites",
            Self::Devices => "devices",
        }
    }

    /// Activity adds up over months and pilots; what is authorised is counted once a year and binds.
    pub fn is_activity(self) -> bool {
        !matches!(self, Self::Sites | Self::Devices)
    }

    /// Whether a small count could reveal who was treated.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Stays | Self::Sessions)
    }

    /// Share of each month in the year, in per mille: fewer in August and December, when theatres close.
    pub fn seasons(self) -> [u64; 12] {
        match self {
            Self::Stays => [87, 82, 90, 84, 82, 87, 80, 66, 86, 91, 87, 78],
            Self::Sessions => [86, 80, 87, 83, 84, 84, 83, 79, 83, 87, 84, 80],
            Self::RehabilitationDays => [88, 81, 90, 85, 84, 85, 80, 70, 84, 89, 86, 78],
            Self::PsychiatryDays | Self::HomeCareDays | Self::CareHomeDays => {
                [86, 79, 87, 84, 86, 84, 83, 78, 83, 86, 84, 80]
            }
            Self::Sites | Self::Devices => [0; 12],
        }
    }
}

impl From<Volume> for Unit {
    fn from(volume: Volume) -> Self {
        match volume {
            Volume::Stays => Self::Stays,
            Volume::Sessions => Self::Sessions,
            Volume::RehabilitationDays
            | Volume::PsychiatryDays
            | Volume::HomeCareDays
            | Volume::CareHomeDays => Self::Days,
            Volume::Sites => Self::Sites,
            Volume::Devices => Self::Devices,
        }
    }
}

/// Quantiles of a log-normal size (σ = 0.7) in per mille of the median, at 5 %, 15 % … 95 %.
const LOG_NORMAL: [u64; 10] = [316, 484, 624, 764, 916, 1_092, 1_309, 1_603, 2_065, 3_162];

/// A yearly size around a median: many small ones, few large ones.
pub fn size(median: u64, dice: &mut Dice) -> u64 {
    let place = dice.place(LOG_NORMAL.len() - 1);
    let (low, high) = (LOG_NORMAL[place], LOG_NORMAL[place + 1]);
    (median * dice.between(low, high) / 1_000).max(1)
}

/// Spreads a year over its months by season, with a little chance. The months add up to the year exactly.
/// In the month `closed` nothing happens.
pub fn monthly(total: u64, volume: Volume, closed: Option<usize>, dice: &mut Dice) -> [u64; 12] {
    let mut weights = volume.seasons();
    for (month, weight) in (1..).zip(&mut weights) {
        let chance = dice.between(960, 1_040);
        *weight = if closed == Some(month) {
            0
        } else {
            *weight * chance
        };
    }
    let all: u64 = weights.iter().sum();
    let mut before = 0;
    let mut cumulated = 0;
    weights.map(|weight| {
        cumulated += weight;
        // What is due up to this month, less what the months before it had.
        let due = (total * cumulated + all / 2) / all.max(1);
        let month = due - before;
        before = due;
        month
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ACTIVITIES: [Volume; 6] = [
        Volume::Stays,
        Volume::Sessions,
        Volume::RehabilitationDays,
        Volume::PsychiatryDays,
        Volume::HomeCareDays,
        Volume::CareHomeDays,
    ];

    #[test]
    fn the_seasons_of_a_year_are_a_whole_year_and_dip_in_august_and_december() {
        for volume in ACTIVITIES {
            let seasons = volume.seasons();
            assert_eq!(seasons.iter().sum::<u64>(), 1_000, "{volume:?}");
            assert_eq!(seasons.iter().min(), Some(&seasons[7]), "{volume:?}");
            assert!(
                seasons[11] < seasons[10] && seasons[11] < seasons[9],
                "{volume:?}"
            );
        }
    }

    #[test]
    fn sizes_are_skewed_to_the_right() {
        let mut dice = Dice::new(7);
        let mut sizes: Vec<u64> = (0..999).map(|_| size(1_000, &mut dice)).collect();
        sizes.sort_unstable();
        let mean = sizes.iter().sum::<u64>() / 999;
        assert!(mean > sizes[499], "mean {mean}, median {}", sizes[499]);
        assert!((850..1_150).contains(&sizes[499]), "median {}", sizes[499]);
    }

    proptest! {
        #[test]
        fn the_months_add_up_to_the_year(total in 0u64..5_000_000, seed: u64, closed in prop::option::of(1usize..=12)) {
            for volume in ACTIVITIES {
                let months = monthly(total, volume, closed, &mut Dice::new(seed));
                prop_assert_eq!(months.iter().sum::<u64>(), total);
                if let Some(closed) = closed {
                    prop_assert_eq!(months[closed - 1], 0);
                }
            }
        }
    }
}
