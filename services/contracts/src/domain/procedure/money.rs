//! The cap of a penalty, and what is still owed.

use kernel::{Decimal, Finess};

use super::{AppealOutcome, Procedure, Sanction, State};
use crate::domain::denial::Denial;

/// How the amount of a penalty was compared with what the law allows: all it takes to do it again by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapCheck {
    /// The holder who pays.
    pub entity: Finess,
    /// Calendar year of the decision.
    pub year: i32,
    /// Ten-thousandths of the base, a dated parameter.
    pub basis_points: u32,
    /// Text that the figure comes from.
    pub source: String,
    /// Euros: income from compulsory health insurance in the last closed year, or the forfait soins.
    pub base: Decimal,
    /// Where the base comes from.
    pub base_source: String,
    /// Euros: penalties already decided against the holder in that year, less what was annulled or reduced.
    pub earlier: Decimal,
}

impl CapCheck {
    /// The most that the penalties of the year may reach, in euros, rounded down to the cent: the law caps, and a
    /// cent above is above.
    pub fn cap(&self) -> Decimal {
        let exact = self.base * Decimal::from(self.basis_points) / Decimal::from(10_000);
        exact.trunc_with_scale(2)
    }

    /// The sum of the penalties of the year stays within the cap (CSP L6114-1).
    pub fn check(&self, amount: Decimal) -> Result<(), Denial> {
        if amount <= Decimal::ZERO {
            return Err(Denial::AmountNotPositive);
        }
        let cap = self.cap();
        if self.earlier + amount > cap {
            return Err(Denial::AmountOverCap {
                amount,
                earlier: self.earlier,
                cap,
                source_text: self.source.clone(),
            });
        }
        Ok(())
    }
}

impl Procedure {
    /// The penalty as it stands after appeals, in euros; none when there is none.
    pub fn penalty(&self) -> Option<Decimal> {
        let Sanction::Penalty { amount, .. } = &self.state.decision()?.sanction else {
            return None;
        };
        if matches!(self.state, State::Annulled(..)) {
            return Some(Decimal::ZERO);
        }
        let reductions = self.appeals.iter().filter_map(|appeal| {
            match appeal.ended.as_ref().map(|end| end.outcome) {
                Some(AppealOutcome::Reduced(reduced)) => Some(reduced),
                Some(
                    AppealOutcome::Upheld | AppealOutcome::Annulled | AppealOutcome::Withdrawn,
                )
                | None => None,
            }
        });
        Some(reductions.fold(*amount, Decimal::min))
    }

    /// What is owed less what was paid, in euros: negative when it is to be given back; none without a penalty.
    pub fn balance(&self) -> Option<Decimal> {
        let paid: Decimal = self.payments.iter().map(|payment| payment.amount).sum();
        self.penalty().map(|owed| owed - paid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, earlier: &str) -> CapCheck {
        CapCheck {
            entity: crate::domain::fixtures::entity(),
            year: 2026,
            basis_points: 500,
            source: "CSP L6114-1".into(),
            base: base.parse().unwrap(),
            base_source: "Compte financier 2025".into(),
            earlier: earlier.parse().unwrap(),
        }
    }

    #[test]
    fn the_penalties_of_a_year_together_stay_within_five_per_cent() {
        let euros = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(check("1000000.39", "0").cap(), euros("50000.01"));
        assert_eq!(check("1000000", "0").check(euros("50000.00")), Ok(()));
        assert_eq!(check("1000000", "20000").check(euros("30000.00")), Ok(()));
        let over = check("1000000", "20000").check(euros("30000.01"));
        assert!(matches!(over, Err(Denial::AmountOverCap { .. })));
        assert_eq!(
            check("1000000", "0").check(Decimal::ZERO),
            Err(Denial::AmountNotPositive)
        );
    }
}
