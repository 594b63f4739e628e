//! Occupancies of one category side by side. Being far from the others is no fault: it is a question to ask.

use kernel::{Decimal, Finess, french};

use super::modulation::to_hundredths;

/// From how many known establishments on a tenth of them is one at least.
pub const SMALLEST: usize = 10;

/// Where the middle and the outer tenths of some figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub median: Decimal,
    /// A tenth of the figures are below, and a tenth above; none with fewer than [`SMALLEST`] figures.
    pub tenths: Option<(Decimal, Decimal)>,
}

/// The spread of some figures, rounded to hundredths; none without a figure.
pub fn spread(figures: &[Decimal]) -> Option<Spread> {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable();
    let at = |tenths| quantile(&sorted, tenths).map(to_hundredths);
    Some(Spread {
        median: at(5)?,
        tenths: at(1).zip(at(9)).filter(|_| sorted.len() >= SMALLEST),
    })
}

/// So many tenths of the figures are below: between two neighbours, in proportion (Hyndman and Fan, type 7).
fn quantile(sorted: &[Decimal], tenths: usize) -> Option<Decimal> {
    let steps = sorted.len().checked_sub(1)? * tenths;
    let below = *sorted.get(steps / 10)?;
    let above = sorted.get(steps / 10 + 1).copied().unwrap_or(below);
    let part = Decimal::new(i64::try_from(steps % 10).ok()?, 1);
    Some(below + (above - below) * part)
}

/// Below so many known figures nothing is told of the group: who knows its own would guess the others.
pub const FEWEST: usize = 5;

/// The spread of enough figures; none with fewer than [`FEWEST`].
pub fn spread_of_enough(figures: &[Decimal]) -> Option<Spread> {
    spread(figures).filter(|_| figures.len() >= FEWEST)
}

/// What there is to ask of an establishment about any figure, in French; nothing unless it is in an outer tenth. Where the
/// figure stands says nothing of whether that is good.
pub fn question_about(
    establishment: Finess,
    title: &str,
    value: Decimal,
    spread: &Spread,
) -> Option<String> {
    let (low, high) = spread.tenths?;
    let (limit, side) = if value < low {
        (low, "au-dessous de")
    } else if value > high {
        (high, "au-dessus de")
    } else {
        return None;
    };
    Some(format!(
        "{title}\u{a0}: {establishment} est à {}, {side} {}, limite que neuf établissements sur dix de la catégorie ne \
         franchissent pas. Qu’est-ce qui l’explique\u{a0}: public accueilli, organisation, données déclarées\u{a0}?",
        french(value),
        french(limit)
    ))
}

/// What there is to ask of an establishment, in French; nothing unless it is in an outer tenth.
pub fn question(establishment: Finess, rate: Decimal, spread: &Spread) -> Option<String> {
    let (low, high) = spread.tenths?;
    let (where_, limit, why) = if rate < low {
        (
            "inférieur",
            low,
            "places fermées, travaux, demande, recrutement",
        )
    } else if rate > high {
        (
            "supérieur",
            high,
            "tension sur les places, accueils supplémentaires, places non enregistrées",
        )
    } else {
        return None;
    };
    Some(format!(
        "Le taux d’occupation de {establishment} ({} %) est {where_} à celui de neuf établissements sur dix de la \
         catégorie ({} %). Qu’est-ce qui l’explique : {why} ?",
        french(rate),
        french(limit)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(count: i64) -> Vec<Decimal> {
        (1..=count).rev().map(Decimal::from).collect()
    }

    #[test]
    fn quantiles_lie_between_neighbours_in_proportion() {
        let spread = spread(&figures(11)).unwrap();
        assert_eq!(spread.median, 6.into());
        assert_eq!(spread.tenths, Some((2.into(), 10.into())));
        let even = super::spread(&figures(10)).unwrap();
        assert_eq!(even.median.to_string(), "5.50");
        assert_eq!(
            even.tenths
                .map(|(low, high)| (low.to_string(), high.to_string())),
            Some(("1.90".to_owned(), "9.10".to_owned()))
        );
    }

    #[test]
    fn nobody_is_in_a_tenth_of_fewer_than_ten() {
        let few = spread(&figures(9)).unwrap();
        assert_eq!((few.median, few.tenths), (5.into(), None));
        let establishment = "010000040".parse().unwrap();
        assert_eq!(question(establishment, 1.into(), &few), None);
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn nothing_is_told_of_a_group_that_is_too_small() {
        assert_eq!(spread_of_enough(&figures(4)), None);
        let five = spread_of_enough(&figures(5)).unwrap();
        assert_eq!((five.median, five.tenths), (3.into(), None));
    }

    #[test]
    fn any_figure_far_from_the_others_is_a_question() {
        let spread = spread_of_enough(&figures(11)).unwrap();
        let establishment = "010000040".parse().unwrap();
        let asked = |value: i64| {
            let title = "Taux d’absentéisme (%)";
            question_about(establishment, title, value.into(), &spread)
        };
        let low = asked(1).unwrap();
        assert!(low.contains("est à 1, au-dessous de 2,"), "{low}");
        assert!(asked(11).unwrap().contains("au-dessus de 10,"));
        assert_eq!((asked(2), asked(10)), (None, None));
    }

    #[test]
    fn who_is_in_an_outer_tenth_is_asked_and_not_judged() {
        let spread = spread(&figures(11)).unwrap();
        let establishment = "010000040".parse().unwrap();
        let asked = |rate: i64| question(establishment, rate.into(), &spread);
        assert!(asked(1).unwrap().contains("(1 %) est inférieur"));
        assert!(asked(11).unwrap().ends_with(" ?"));
        assert_eq!((asked(2), asked(6), asked(10)), (None, None, None));
    }
}
