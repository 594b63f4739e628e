//! The tariff equation of an EHPAD: (GMP + weight × PMP) × permanent places × value of the point (CASF R314-159). The weight is
//! a dated parameter, the value of the point a figure on record; what comes out decides nothing.

use kernel::{Decimal, french};

use super::modulation::to_hundredths;

/// The weight of the PMP, dated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquationParameter {
    pub first_year: i16,
    /// None while it lasts.
    pub last_year: Option<i16>,
    pub pmp_coefficient: Decimal,
    pub source: String,
}

/// What the equation is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// GIR moyen pondéré.
    pub gmp: Decimal,
    /// PATHOS moyen pondéré.
    pub pmp: Decimal,
    pub pmp_coefficient: Decimal,
    /// Permanent places that are financed.
    pub places: i64,
    /// Euros for a point.
    pub point: Decimal,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// GMP plus the weighted PMP.
    pub gmps: Decimal,
    /// Euros and cents.
    pub result: Decimal,
    /// In French.
    pub explanation: String,
}

/// That nothing is decided, in French.
pub const NOTICE: &str = "Résultat calculé, sans effet par lui-même\u{a0}: le forfait est fixé par la décision tarifaire.";

/// Computes the equation. Only the result is rounded.
pub fn compute(terms: &Terms) -> Computed {
    let Terms {
        gmp,
        pmp,
        pmp_coefficient,
        places,
        point,
    } = *terms;
    let gmps = gmp + pmp_coefficient * pmp;
    let result = to_hundredths(gmps * Decimal::from(places) * point);
    let explanation = format!(
        "({} + {} × {}) × {places} places × {} € = {} € (GMPS de {}).",
        french(gmp),
        french(pmp_coefficient),
        french(pmp),
        french(point),
        french(result),
        french(gmps)
    );
    Computed {
        gmps,
        result,
        explanation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equation_of_a_mean_ehpad() {
        // DREES EHPA 2023: GMP 737, PMP 231, 83 places; the value of the point is that of the test.
        let computed = compute(&Terms {
            gmp: 737.into(),
            pmp: 231.into(),
            pmp_coefficient: "2.59".parse().unwrap(),
            places: 83,
            point: "13.10".parse().unwrap(),
        });
        assert_eq!(computed.gmps, "1335.29".parse().unwrap());
        assert_eq!(computed.result, "1451860.82".parse().unwrap());
        assert_eq!(
            computed.explanation,
            "(737 + 2,59 × 231) × 83 places × 13,1 € = 1\u{202f}451\u{202f}860,82 € (GMPS de 1\u{202f}335,29)."
        );
    }
}
