//! How something reaches an establishment, what proves that it did, and the delays that run from there.

use kernel::{
    HumanActor, Reasons, Region,
    legal_time::{add_months, legal_day},
};
use time::{Date, Duration, OffsetDateTime};

use super::{Side, denial::Denial};

/// A process by which something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Made available on the portal; received at the first consultation.
    Portal,
    /// Lettre recommandée avec demande d’avis de réception.
    RegisteredLetter,
    /// Remis en mains propres contre récépissé.
    ByHand,
}

/// How long something waits on the portal before it is deemed received (CRPA R112-20).
const DEEMED_AFTER: Duration = Duration::days(15);

/// Something sent, and the proof that it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub channel: Channel,
    /// Every party had consented to the portal (CRPA L112-15). Without it nothing is deemed received.
    pub consented: bool,
    pub sent_at: OffsetDateTime,
    pub receipt: Option<Receipt>,
}

/// The proof of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// A legal day of the region.
    pub day: Date,
    /// Reference of the letter or of the récépissé; none for a consultation.
    pub proof: Option<String>,
    pub by: HumanActor,
}

/// As much time again, granted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub reasons: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// A delay in months that runs from the receipt of something, and may be given once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delay {
    pub delivery: Delivery,
    /// At least one, so that it always outlasts the fifteen days of [`Delivery::deemed_on`].
    pub months: u32,
    pub extension: Option<Extension>,
}

/// What somebody puts forward as a proof of receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The director consults on the portal, now.
    Consultation,
    /// The agency holds the proof of a letter.
    Letter { day: Date, proof: String },
}

impl Delivery {
    pub fn new(channel: Channel, consented: bool, sent_at: OffsetDateTime) -> Self {
        Self {
            channel,
            consented: consented && channel == Channel::Portal,
            sent_at,
            receipt: None,
        }
    }

    /// The day from which delays run: that of the proven receipt, or, on a consented portal, the day it was made
    /// available, which stands unless somebody consults it within fifteen days (CRPA R112-20). None while
    /// there is neither.
    pub fn day(&self, region: Region) -> Option<Date> {
        let available = self.consented.then(|| legal_day(self.sent_at, region));
        self.receipt
            .as_ref()
            .map(|receipt| receipt.day)
            .or(available)
    }

    /// The day on which it is deemed received, when the fifteen days are over without a consultation.
    pub fn deemed_on(&self, region: Region, now: OffsetDateTime) -> Option<Date> {
        let sent = legal_day(self.sent_at, region);
        let waits = legal_day(now, region) <= sent.saturating_add(DEEMED_AFTER);
        (self.consented && self.receipt.is_none() && !waits).then_some(sent)
    }

    /// The receipt that a claim proves.
    pub fn receive(
        &self,
        claim: Claim,
        by: HumanActor,
        region: Region,
        now: OffsetDateTime,
    ) -> Result<Receipt, Denial> {
        self.check_receivable(Side::of_role(by.role()), region, now)?;
        let today = legal_day(now, region);
        match claim {
            Claim::Consultation => Ok(Receipt {
                day: today,
                proof: None,
                by,
            }),
            Claim::Letter { day, proof } => {
                let sent = legal_day(self.sent_at, region);
                if day < sent || day > today {
                    return Err(Denial::ReceiptOutOfRange { day, sent, today });
                }
                Ok(Receipt {
                    day,
                    proof: Some(proof),
                    by,
                })
            }
        }
    }

    /// Whether that side may still prove the receipt.
    pub fn check_receivable(
        &self,
        side: Side,
        region: Region,
        now: OffsetDateTime,
    ) -> Result<(), Denial> {
        if self.receipt.is_some() || self.deemed_on(region, now).is_some() {
            return Err(Denial::AlreadyReceived);
        }
        let portal = self.channel == Channel::Portal;
        if portal != (side == Side::Establishment) {
            let channel = self.channel.as_str();
            return Err(Denial::ReceiptByOtherSide { channel });
        }
        Ok(())
    }
}

impl Delay {
    /// The last day, from date to date, to the end of a month that is shorter. Both months of an extended delay
    /// are counted from the receipt, so that the end of a short month takes no day away. None while no
    /// receipt is proven or deemed.
    pub fn due(&self, region: Region) -> Option<Date> {
        let times = if self.extension.is_some() { 2 } else { 1 };
        let months = i32::try_from(self.months.saturating_mul(times)).unwrap_or(i32::MAX);
        self.delivery.day(region).map(|day| add_months(day, months))
    }

    /// Whether the last day has passed; the refusal otherwise.
    pub fn check_over(&self, region: Region, now: OffsetDateTime) -> Result<(), Denial> {
        let due = self.due(region).ok_or(Denial::ReceiptNotProven)?;
        if legal_day(now, region) <= due {
            return Err(Denial::DelayRunning { due });
        }
        Ok(())
    }

    /// Whether as much time again may still be given: once, while the delay runs.
    pub fn check_extensible(&self, region: Region, now: OffsetDateTime) -> Result<(), Denial> {
        if self.extension.is_some() {
            return Err(Denial::AlreadyExtended);
        }
        let due = self.due(region).ok_or(Denial::ReceiptNotProven)?;
        if legal_day(now, region) > due {
            return Err(Denial::DelayOver { due });
        }
        Ok(())
    }
}

impl Channel {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "PORTAL",
            Self::RegisteredLetter => "REGISTERED_LETTER",
            Self::ByHand => "BY_HAND",
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::domain::{
        fixtures::{person, region},
        person::role,
    };

    const SENT: OffsetDateTime = datetime!(2026-01-31 10:00 UTC);

    fn director() -> HumanActor {
        person("directrice", role::ESTABLISHMENT_DIRECTOR)
            .human()
            .clone()
    }

    fn agent() -> HumanActor {
        person("agente", role::CONTRACT_MANAGER).human().clone()
    }

    fn delay(channel: Channel, consented: bool) -> Delay {
        Delay {
            delivery: Delivery::new(channel, consented, SENT),
            months: 1,
            extension: None,
        }
    }

    #[test]
    fn without_consent_no_delay_runs_until_somebody_consults() {
        let mut delay = delay(Channel::Portal, false);
        let later = SENT + Duration::days(400);
        assert_eq!(delay.due(region()), None);
        assert_eq!(
            delay.check_over(region(), later),
            Err(Denial::ReceiptNotProven)
        );
        let receipt = delay
            .delivery
            .receive(Claim::Consultation, director(), region(), later)
            .unwrap();
        delay.delivery.receipt = Some(receipt);
        assert_eq!(delay.due(region()), Some(date!(2027 - 04 - 07)));
    }

    #[test]
    fn on_a_consented_portal_fifteen_days_of_silence_are_a_receipt() {
        let delivery = delay(Channel::Portal, true).delivery;
        let last_day = SENT + Duration::days(15);
        assert_eq!(delivery.deemed_on(region(), last_day), None);
        let consulted = |now| delivery.receive(Claim::Consultation, director(), region(), now);
        assert_eq!(consulted(last_day).unwrap().day, date!(2026 - 02 - 15));
        let after = last_day + Duration::DAY;
        assert_eq!(
            delivery.deemed_on(region(), after),
            Some(date!(2026 - 01 - 31))
        );
        assert_eq!(consulted(after), Err(Denial::AlreadyReceived));
    }

    #[test]
    fn a_delay_ends_with_the_month_and_its_extension_takes_no_day_away() {
        let mut delay = delay(Channel::Portal, true);
        assert_eq!(delay.due(region()), Some(date!(2026 - 02 - 28)));
        let last_evening = datetime!(2026-02-28 22:59:59 UTC);
        let due = date!(2026 - 02 - 28);
        assert_eq!(
            delay.check_over(region(), last_evening),
            Err(Denial::DelayRunning { due })
        );
        assert_eq!(
            delay.check_over(region(), last_evening + Duration::SECOND),
            Ok(())
        );
        assert_eq!(
            delay.check_extensible(region(), last_evening + Duration::SECOND),
            Err(Denial::DelayOver { due })
        );
        delay.extension = Some(Extension {
            reasons: "Pièces attendues.".to_owned().try_into().unwrap(),
            by: agent(),
            at: last_evening,
        });
        assert_eq!(delay.due(region()), Some(date!(2026 - 03 - 31)));
        assert_eq!(
            delay.check_extensible(region(), last_evening),
            Err(Denial::AlreadyExtended)
        );
    }

    #[test]
    fn each_side_proves_what_it_can_know() {
        let letter = |day| Claim::Letter {
            day,
            proof: "1A 234 567 8901 2".into(),
        };
        let now = SENT + Duration::days(3);
        let delivery = delay(Channel::RegisteredLetter, true).delivery;
        assert!(!delivery.consented, "consent is to the portal only");
        let by_director = delivery.receive(Claim::Consultation, director(), region(), now);
        assert!(matches!(
            by_director,
            Err(Denial::ReceiptByOtherSide { .. })
        ));
        for day in [date!(2026 - 01 - 30), date!(2026 - 02 - 04)] {
            let refused = delivery.receive(letter(day), agent(), region(), now);
            assert!(
                matches!(refused, Err(Denial::ReceiptOutOfRange { .. })),
                "{day}"
            );
        }
        let receipt = delivery
            .receive(letter(date!(2026 - 02 - 02)), agent(), region(), now)
            .unwrap();
        assert_eq!(receipt.day, date!(2026 - 02 - 02));
        let portal = delay(Channel::Portal, true).delivery;
        assert!(
            portal
                .receive(letter(date!(2026 - 02 - 02)), agent(), region(), now)
                .is_err()
        );
    }
}
