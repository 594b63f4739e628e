//! Crude, directly and indirectly standardised rates, and the comparative index with its interval.
//!
//! Rates are per 1,000 inhabitants. Binary floating point is right here: these are estimates read to a few
//! digits, with a square root in them, not amounts.

/// One class of age and sex of a territory, with the reference it is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// Inhabitants of the territory in this class.
    pub population: f64,
    /// Cases (stays, patients, sessions …) among them.
    pub cases: f64,
    /// Inhabitants of the reference in this class.
    pub reference_population: f64,
    /// Rate of the reference in this class, per 1,000.
    pub reference_rate_per_1000: f64,
}

/// The rates of one territory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Cases per 1,000 inhabitants (taux brut).
    pub crude: f64,
    /// Rate that the territory would have with the structure of the reference (taux standardisé direct).
    pub direct: f64,
    /// Cases that the territory would have with the rates of the reference (attendus).
    pub expected: f64,
    /// Observed over expected (indice de recours).
    pub index: f64,
    /// 95 % interval of the index (Byar’s approximation): below 1 and above 1 mean a difference that
    /// chance alone hardly explains.
    pub index_low: f64,
    pub index_high: f64,
    /// Index times the crude rate of the reference (taux standardisé indirect).
    pub indirect: f64,
}

/// Why there is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    #[error("a class has a negative number, or none at all")]
    NotANumber,
    #[error("a class has cases but no inhabitants")]
    CasesWithoutInhabitants,
    #[error("the territory has no inhabitants")]
    Empty,
    #[error("the reference has no inhabitants")]
    EmptyReference,
    #[error("the reference expects no case, so there is no index")]
    NothingExpected,
}

/// Quantile of the normal distribution for a 95 % interval.
const Z: f64 = 1.959_964;

/// Computes the rates of a territory from its classes.
///
/// # Errors
/// When a number is not one, or a denominator is zero; see [`RateError`].
pub fn compute(strata: &[Stratum]) -> Result<Rates, RateError> {
    let mut population = 0.0;
    let mut cases = 0.0;
    let mut reference_population = 0.0;
    let mut reference_cases = 0.0;
    let mut expected = 0.0;
    let mut weighted = 0.0;
    for stratum in strata {
        let numbers = [
            stratum.population,
            stratum.cases,
            stratum.reference_population,
            stratum.reference_rate_per_1000,
        ];
        if numbers
            .iter()
            .any(|number| !number.is_finite() || *number < 0.0)
        {
            return Err(RateError::NotANumber);
        }
        let rate = match (stratum.cases > 0.0, stratum.population > 0.0) {
            (true, false) => return Err(RateError::CasesWithoutInhabitants),
            (false, false) => 0.0,
            (_, true) => stratum.cases / stratum.population * 1_000.0,
        };
        population += stratum.population;
        cases += stratum.cases;
        reference_population += stratum.reference_population;
        reference_cases += stratum.reference_population * stratum.reference_rate_per_1000 / 1_000.0;
        expected += stratum.population * stratum.reference_rate_per_1000 / 1_000.0;
        weighted += rate * stratum.reference_population;
    }
    if population <= 0.0 {
        return Err(RateError::Empty);
    }
    if reference_population <= 0.0 {
        return Err(RateError::EmptyReference);
    }
    if expected <= 0.0 {
        return Err(RateError::NothingExpected);
    }
    let index = cases / expected;
    let (index_low, index_high) = byar(cases, expected);
    Ok(Rates {
        crude: cases / population * 1_000.0,
        direct: weighted / reference_population,
        expected,
        index,
        index_low,
        index_high,
        indirect: index * reference_cases / reference_population * 1_000.0,
    })
}

/// Byar’s approximation of the 95 % interval of observed over expected.
pub fn byar(observed: f64, expected: f64) -> (f64, f64) {
    let low = if observed > 0.0 {
        let base = 1.0 - 1.0 / (9.0 * observed) - Z / (3.0 * observed.sqrt());
        (observed / expected * base.powi(3)).max(0.0)
    } else {
        0.0
    };
    let next = observed + 1.0;
    let base = 1.0 - 1.0 / (9.0 * next) + Z / (3.0 * next.sqrt());
    (low, next / expected * base.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(value: f64) -> String {
        format!("{value:.4}")
    }

    #[test]
    fn the_worked_example_of_five_age_classes_holds_to_four_decimals() {
        let classes = [
            (18_000.0, 900.0, 12e6, 45.0),
            (34_000.0, 3_400.0, 24e6, 90.0),
            (26_000.0, 3_900.0, 17e6, 140.0),
            (12_000.0, 3_000.0, 7e6, 230.0),
            (10_000.0, 3_500.0, 6e6, 330.0),
        ];
        let strata = classes.map(|(population, cases, reference_population, rate)| Stratum {
            population,
            cases,
            reference_population,
            reference_rate_per_1000: rate,
        });
        let rates = compute(&strata).unwrap();
        assert_eq!(rounded(rates.crude), "147.0000");
        assert_eq!(rounded(rates.direct), "142.4242");
        assert_eq!(rounded(rates.expected), "13570.0000");
        assert_eq!(rounded(rates.index), "1.0833");
        assert_eq!(rounded(rates.indirect), "142.3025");
        assert_eq!(rounded(rates.index_low), "1.0658");
        assert_eq!(rounded(rates.index_high), "1.1009");
    }

    #[test]
    fn a_large_gap_on_few_cases_is_not_significant() {
        let (low, high) = byar(18.0, 12.5);
        assert_eq!(
            (rounded(low), rounded(high)),
            ("0.8530".to_owned(), "2.2759".to_owned())
        );
        assert!(low < 1.0 && high > 1.0);
    }

    #[test]
    fn no_case_has_an_interval_that_begins_at_zero() {
        let (low, high) = byar(0.0, 3.0);
        assert!(low == 0.0 && high > 1.0);
    }

    #[test]
    fn what_has_no_rate_says_why() {
        let stratum = Stratum {
            population: 0.0,
            cases: 1.0,
            reference_population: 1.0,
            reference_rate_per_1000: 1.0,
        };
        assert_eq!(compute(&[stratum]), Err(RateError::CasesWithoutInhabitants));
        assert_eq!(compute(&[]), Err(RateError::Empty));
        let negative = Stratum {
            population: 10.0,
            cases: -1.0,
            ..stratum
        };
        assert_eq!(compute(&[negative]), Err(RateError::NotANumber));
        let nothing = Stratum {
            population: 10.0,
            reference_rate_per_1000: 0.0,
            ..stratum
        };
        assert_eq!(compute(&[nothing]), Err(RateError::NothingExpected));
    }
}
