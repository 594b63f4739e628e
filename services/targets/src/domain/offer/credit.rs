//! Credits notified ahead of the places they pay for, and what is engaged against them. More is never engaged than there
//! is: the rule stands here, and again in the database.

use kernel::{Decimal, Finess, HumanActor, Reasons};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{Kept, Life, OfferRefusal, defect};

/// Credits of one year and origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub year: i16,
    pub origin: String,
    pub title: String,
    pub movements: Vec<Movement>,
    /// Sum of the movements, in euros.
    pub credited: Decimal,
    /// Sum of what engagements still hold. The database keeps it as engagements come and go.
    pub engaged: Decimal,
}

/// Credits notified, or taken back when negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub amount: Decimal,
    /// The notification it stands in.
    pub decision: String,
    /// The legal day on which it was recorded, from which it counts.
    pub day: Date,
    pub by: String,
}

/// What happened to an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvelopeEvent {
    Opened,
    Credited(Movement),
}

impl Envelope {
    /// An envelope with its first credits.
    pub fn open(year: i16, origin: String, title: String, first: Movement) -> Self {
        Self {
            year,
            origin,
            title,
            credited: first.amount,
            movements: vec![first],
            engaged: Decimal::ZERO,
        }
    }

    pub fn available(&self) -> Decimal {
        self.credited - self.engaged
    }

    /// Whether an amount can be engaged.
    ///
    /// # Errors
    /// [`OfferRefusal::Defects`] for nothing, [`OfferRefusal::Overcommitted`] for too much.
    pub fn require(&self, amount: Decimal) -> Result<(), OfferRefusal> {
        not_zero(amount)?;
        if amount > self.available() {
            return Err(OfferRefusal::Overcommitted {
                asked: amount,
                available: self.available(),
            });
        }
        Ok(())
    }
}

impl Life for Envelope {
    type Command = Movement;
    type Event = EnvelopeEvent;
    const COLLECTION: &'static str = "creditEnvelopes";

    fn state(&self) -> &'static str {
        "open"
    }

    fn decide(&self, movement: Movement) -> Result<EnvelopeEvent, OfferRefusal> {
        not_zero(movement.amount)?;
        if self.available() + movement.amount < Decimal::ZERO {
            return Err(OfferRefusal::Overcommitted {
                asked: -movement.amount,
                available: self.available(),
            });
        }
        Ok(EnvelopeEvent::Credited(movement))
    }

    fn evolve(mut self, event: &EnvelopeEvent) -> Self {
        match event {
            EnvelopeEvent::Opened => {}
            EnvelopeEvent::Credited(movement) => {
                self.credited += movement.amount;
                self.movements.push(movement.clone());
            }
        }
        self
    }
}

/// Credits set aside for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagement {
    /// Resource name of its envelope.
    pub envelope: String,
    pub amount: Decimal,
    pub purpose: String,
    /// Whom it is for, when that is known.
    pub finess: Option<Finess>,
    pub decision: String,
    /// The legal day on which it was recorded, from which it counts.
    pub day: Date,
    pub by: String,
    pub releases: Vec<Release>,
    /// The amount less the releases.
    pub outstanding: Decimal,
}

/// Credits that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub amount: Decimal,
    pub reasons: String,
    /// The legal day on which it was recorded, from which it counts.
    pub day: Date,
    pub by: String,
}

/// A request to release.
#[derive(Debug, Clone)]
pub struct Releasing {
    /// None for all that is left.
    pub amount: Option<Decimal>,
    pub reasons: Reasons,
    pub day: Date,
    pub by: HumanActor,
}

/// What happened to an engagement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngagementEvent {
    Engaged,
    Released(Release),
}

impl Life for Engagement {
    type Command = Releasing;
    type Event = EngagementEvent;
    const COLLECTION: &'static str = "creditEngagements";

    fn state(&self) -> &'static str {
        if self.outstanding.is_zero() {
            "released"
        } else {
            "engaged"
        }
    }

    fn decide(&self, asked: Releasing) -> Result<EngagementEvent, OfferRefusal> {
        let amount = asked.amount.unwrap_or(self.outstanding);
        if amount > self.outstanding || self.outstanding.is_zero() {
            return Err(OfferRefusal::ReleaseTooMuch {
                asked: amount,
                outstanding: self.outstanding,
            });
        }
        not_zero(amount)?;
        Ok(EngagementEvent::Released(Release {
            amount,
            reasons: asked.reasons.into(),
            day: asked.day,
            by: asked.by.subject().to_owned(),
        }))
    }

    fn evolve(mut self, event: &EngagementEvent) -> Self {
        match event {
            EngagementEvent::Engaged => {}
            EngagementEvent::Released(release) => {
                self.outstanding -= release.amount;
                self.releases.push(release.clone());
            }
        }
        self
    }
}

fn not_zero(amount: Decimal) -> Result<(), OfferRefusal> {
    if !amount.is_zero() {
        return Ok(());
    }
    let why = "an entry of the ledger moves something";
    Err(OfferRefusal::Defects(vec![defect(
        "amount",
        "AMOUNT_ZERO",
        why,
    )]))
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub envelope: String,
    pub year: i16,
    pub origin: String,
    pub credited: Decimal,
    pub engaged: Decimal,
}

/// The ledger at the end of a day, by year then origin. An envelope that was opened later is not in it.
pub fn position(
    envelopes: &[Kept<Envelope>],
    engagements: &[Kept<Engagement>],
    day: Date,
) -> Vec<Balance> {
    let mut balances: Vec<Balance> = envelopes
        .iter()
        .filter_map(|envelope| balance(envelope, engagements, day))
        .collect();
    balances.sort_by(|a, b| (a.year, &a.origin).cmp(&(b.year, &b.origin)));
    balances
}

fn balance(
    envelope: &Kept<Envelope>,
    engagements: &[Kept<Engagement>],
    day: Date,
) -> Option<Balance> {
    let movements = &envelope.value.movements;
    let first = movements.first()?;
    if first.day > day {
        return None;
    }
    let name = envelope.name();
    let credited = movements
        .iter()
        .filter(|movement| movement.day <= day)
        .map(|movement| movement.amount)
        .sum();
    let engaged = engagements
        .iter()
        .map(|kept| &kept.value)
        .filter(|engagement| engagement.envelope == name && engagement.day <= day)
        .map(|engagement| {
            let released: Decimal = engagement
                .releases
                .iter()
                .filter(|release| release.day <= day)
                .map(|release| release.amount)
                .sum();
            engagement.amount - released
        })
        .sum();
    Some(Balance {
        envelope: name,
        year: envelope.value.year,
        origin: envelope.value.origin.clone(),
        credited,
        engaged,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn movement(cents: i64, day: Date) -> Movement {
        Movement {
            amount: Decimal::new(cents, 2),
            decision: "notification".to_owned(),
            day,
            by: "p".to_owned(),
        }
    }

    proptest! {
        /// Whatever is added, taken back, engaged and released: what is available is never negative.
        #[test]
        fn more_is_never_engaged_than_there_is(acts in proptest::collection::vec((0..3u8, 1..50_000i64), 0..60)) {
            let day = date!(2024 - 01 - 01);
            let mut envelope = Envelope::open(2024, "CNSA".to_owned(), String::new(), movement(10_000, day));
            for (act, cents) in acts {
                let amount = Decimal::new(cents, 2);
                match act {
                    0 => if let Ok(event) = envelope.decide(movement(cents - 25_000, day)) {
                        envelope = envelope.evolve(&event);
                    },
                    1 => if envelope.require(amount).is_ok() {
                        envelope.engaged += amount;
                    },
                    _ => envelope.engaged -= amount.min(envelope.engaged),
                }
                prop_assert!(envelope.available() >= Decimal::ZERO);
                let sum: Decimal = envelope.movements.iter().map(|movement| movement.amount).sum();
                prop_assert_eq!(envelope.credited, sum);
            }
        }
    }

    #[test]
    fn the_ledger_of_a_day_counts_what_was_recorded_by_then() {
        let region: kernel::Region = "93".parse().unwrap();
        let id = uuid::Uuid::from_u128(1);
        let first = movement(100_000, date!(2024 - 01 - 10));
        let opened = Envelope::open(2024, "CNSA".to_owned(), String::new(), first);
        let later = EnvelopeEvent::Credited(movement(-20_000, date!(2024 - 03 - 01)));
        let envelope = Kept::begun(id, region, opened).after(&later);
        let engagement = Engagement {
            envelope: envelope.name(),
            amount: Decimal::new(60_000, 2),
            purpose: "places".to_owned(),
            finess: None,
            decision: "arrêté".to_owned(),
            day: date!(2024 - 02 - 01),
            by: "p".to_owned(),
            releases: vec![Release {
                amount: Decimal::new(10_000, 2),
                reasons: "moins de places".to_owned(),
                day: date!(2024 - 04 - 01),
                by: "p".to_owned(),
            }],
            outstanding: Decimal::new(50_000, 2),
        };
        let engagement = Kept::begun(uuid::Uuid::from_u128(2), region, engagement);
        let of_day = |day| {
            position(
                std::slice::from_ref(&envelope),
                std::slice::from_ref(&engagement),
                day,
            )
            .into_iter()
            .map(|line| (line.credited.to_string(), line.engaged.to_string()))
            .collect::<Vec<_>>()
        };
        let expect =
            |credited: &str, engaged: &str| vec![(credited.to_owned(), engaged.to_owned())];
        assert_eq!(of_day(date!(2024 - 01 - 09)), Vec::new());
        assert_eq!(of_day(date!(2024 - 01 - 31)), expect("1000.00", "0"));
        assert_eq!(of_day(date!(2024 - 02 - 01)), expect("1000.00", "600.00"));
        assert_eq!(of_day(date!(2024 - 03 - 01)), expect("800.00", "600.00"));
        assert_eq!(of_day(date!(2024 - 04 - 01)), expect("800.00", "500.00"));
    }
}
