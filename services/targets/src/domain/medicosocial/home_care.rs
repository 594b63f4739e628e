//! The equation of care at home (SSIAD, and the care of services autonomie): a part for structure and travel, by place, and a
//! part for what is done, by profile and week. Amounts are figures on record; what comes out decides nothing.
//!
//! What the forfait is completed with is left to people: the dotation de coordination, complementary funding, and the
//! transition from the dotation of before until 2027, whose formula is on no record here. They give the amounts and their
//! sources, which are added beside the result, never in it.

use kernel::{Decimal, french};

use super::{CapacityKind, modulation::to_hundredths};

/// Which places count, and by how much structure rises overseas: dated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeCareParameter {
    pub first_year: i16,
    /// None while it lasts.
    pub last_year: Option<i16>,
    pub places: CapacityKind,
    pub overseas_percent: Decimal,
    pub source: String,
}

/// Weeks of care of the people of a profile, and what each is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    pub package: String,
    pub amount: Decimal,
    pub weeks: Decimal,
}

/// Money beside the equation, as people give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complement {
    pub title: String,
    pub amount: Decimal,
}

/// What the equation is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeCareTerms {
    pub places: i64,
    /// Euros for a place.
    pub structure: Decimal,
    /// None in metropolitan France.
    pub overseas_percent: Option<Decimal>,
    pub weeks: Vec<Weeks>,
    pub complements: Vec<Complement>,
}

/// What comes out, in euros and cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeCareComputed {
    pub structure: Decimal,
    /// In the order of the terms.
    pub packages: Vec<Decimal>,
    pub result: Decimal,
    /// With the complements; none without any.
    pub total: Option<Decimal>,
    /// In French.
    pub explanation: String,
}

/// What is not in the result, in French.
pub const NOTICE: &str = "Forfait global de soins calculé, sans effet par lui-même\u{a0}: la dotation est fixée par la décision tarifaire. \
     Ni la dotation de coordination, ni les financements complémentaires, ni la transition avec la dotation antérieure n’y \
     sont calculés\u{a0}: leurs montants sont ceux qui sont donnés, à côté du résultat.";

/// Computes the equation. Each part is rounded to the cent, and the result is their sum.
pub fn compute(terms: &HomeCareTerms) -> HomeCareComputed {
    let places = Decimal::from(terms.places);
    let increase = terms.overseas_percent.unwrap_or_default();
    let rise = (Decimal::ONE_HUNDRED + increase) / Decimal::ONE_HUNDRED;
    let structure = to_hundredths(places * terms.structure * rise);
    let packages: Vec<Decimal> = terms
        .weeks
        .iter()
        .map(|line| to_hundredths(line.weeks * line.amount))
        .collect();
    let result = packages.iter().fold(structure, |sum, part| sum + *part);
    let overseas = if increase.is_zero() {
        String::new()
    } else {
        format!(" + {}\u{a0}% outre-mer", french(increase))
    };
    let mut explanation = format!(
        "Part socle\u{a0}: {} places × {} €{overseas} = {} €.",
        terms.places,
        french(terms.structure),
        french(structure)
    );
    for (line, part) in terms.weeks.iter().zip(&packages) {
        let words = format!(
            " {}\u{a0}: {} semaines × {} € = {} €.",
            line.package,
            french(line.weeks),
            french(line.amount),
            french(*part)
        );
        explanation.push_str(&words);
    }
    explanation.push_str(&format_total(result));
    let total = complete(result, &terms.complements, &mut explanation);
    HomeCareComputed {
        structure,
        packages,
        result,
        total,
        explanation,
    }
}

/// The result with what is added beside it, told one by one.
fn complete(
    result: Decimal,
    complements: &[Complement],
    explanation: &mut String,
) -> Option<Decimal> {
    let mut total: Option<Decimal> = None;
    for one in complements {
        let words = format!(" {}\u{a0}: {} €.", one.title, french(one.amount));
        explanation.push_str(&words);
        total = Some(total.unwrap_or(result) + one.amount);
    }
    if let Some(total) = total {
        let words = format!(" Avec ces compléments\u{a0}: {} €.", french(total));
        explanation.push_str(&words);
    }
    total
}

fn format_total(result: Decimal) -> String {
    format!(" Total\u{a0}: {} €.", french(result))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(package: &str, amount: &str, weeks: &str) -> Weeks {
        Weeks {
            package: package.to_owned(),
            amount: amount.parse().unwrap(),
            weeks: weeks.parse().unwrap(),
        }
    }

    fn terms(overseas_percent: Option<i64>) -> HomeCareTerms {
        HomeCareTerms {
            places: 40,
            structure: "5000".parse().unwrap(),
            overseas_percent: overseas_percent.map(Decimal::from),
            weeks: vec![
                weeks("GIR 1-2", "210.55", "520.5"),
                weeks("GIR 5-6", "80", "300"),
            ],
            complements: Vec::new(),
        }
    }

    #[test]
    fn structure_by_place_and_care_by_week_add_up() {
        let computed = compute(&terms(None));
        assert_eq!(computed.structure, "200000".parse().unwrap());
        // 520.5 × 210.55 = 109,591.275.
        assert_eq!(
            computed.packages,
            ["109591.28".parse().unwrap(), "24000".parse().unwrap()]
        );
        assert_eq!(computed.result, "333591.28".parse().unwrap());
        assert_eq!(computed.total, None);
        assert_eq!(
            computed.explanation,
            "Part socle\u{a0}: 40 places × 5\u{202f}000 € = 200\u{202f}000 €. GIR 1-2\u{a0}: 520,5 semaines × 210,55 € = 109\u{202f}591,28 €. \
             GIR 5-6\u{a0}: 300 semaines × 80 € = 24\u{202f}000 €. Total\u{a0}: 333\u{202f}591,28 €."
        );
    }

    #[test]
    fn structure_rises_overseas_and_care_does_not() {
        let computed = compute(&terms(Some(20)));
        assert_eq!(computed.structure, "240000".parse().unwrap());
        assert_eq!(computed.result, "373591.28".parse().unwrap());
        assert!(
            computed
                .explanation
                .contains("+ 20\u{a0}% outre-mer = 240\u{202f}000 €")
        );
    }

    #[test]
    fn money_for_coordination_is_added_beside_the_result() {
        let complement = |title: &str, amount: &str| Complement {
            title: title.to_owned(),
            amount: amount.parse().unwrap(),
        };
        let with = HomeCareTerms {
            complements: vec![
                complement("Dotation de coordination", "12000"),
                complement("Transition", "408.72"),
            ],
            ..terms(None)
        };
        let computed = compute(&with);
        assert_eq!(computed.result, compute(&terms(None)).result);
        assert_eq!(computed.total, Some("346000".parse().unwrap()));
        assert!(computed.explanation.ends_with(
            "Total\u{a0}: 333\u{202f}591,28 €. Dotation de coordination\u{a0}: 12\u{202f}000 €. Transition\u{a0}: 408,72 €. \
             Avec ces compléments\u{a0}: 346\u{202f}000 €."
        ));
    }

    #[test]
    fn a_service_that_treated_nobody_has_its_structure() {
        let nobody = HomeCareTerms {
            weeks: Vec::new(),
            ..terms(None)
        };
        assert_eq!(compute(&nobody).result, "200000".parse().unwrap());
    }
}
