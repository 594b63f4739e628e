//! The establishments of a category side by side on one figure: a question to who is far, never a score.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Decimal, Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::get_occupancy::{figure, figures};
use crate::{
    app::{App, own_sites},
    domain::{
        Realised,
        catalogue::Unit,
        finances::{FinanceLayout, charges, net_charges},
        medicosocial::{
            Capacity, CapacityKind, MedicosocialRefusal, ReceptionMode, capacity as rules,
            comparison::{self, Spread},
            modulation::to_hundredths,
        },
        offer::Allowance,
    },
    grpc::{
        files::count,
        planning::reading,
        scalars::{decimal, parse},
    },
    store::{
        finances,
        medicosocial::capacity::{self, Filter},
        offer::statement,
    },
};

/// A figure, or why there is none.
type Known = Result<Decimal, MedicosocialRefusal>;

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::CompareIndicatorRequest,
) -> Result<pb::IndicatorComparison, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let asked = Asked::read(app, request)?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let places = financed(app, region, request, year, &asked).await?;
    let establishments: Vec<Finess> = places.keys().copied().collect();
    let figures = match &asked.of {
        Of::Indicator(code) => submitted(app, &establishments, code, year).await?,
        Of::Allowances => allowed(app, region, &establishments, year).await?,
        Of::Charges { net } => charged(app, &establishments, year, *net).await?,
    };
    let known: BTreeMap<Finess, Known> = establishments
        .iter()
        .zip(figures)
        .map(|(establishment, figure)| {
            let places = places.get(establishment).copied().unwrap_or_default();
            let figure = figure.and_then(|figure| asked.divided(figure, places));
            let figure = figure.map_err(|why| why.of(*establishment, year, &asked));
            (*establishment, figure)
        })
        .collect();
    let values: Vec<Decimal> = known.values().filter_map(|one| one.clone().ok()).collect();
    let spread = comparison::spread_of_enough(&values);
    let tenths = spread.and_then(|spread| spread.tenths);
    let told = |figure: Option<Decimal>| {
        figure
            .map(|figure| decimal(figure.normalize()))
            .unwrap_or_default()
    };
    let own: Option<BTreeSet<String>> = own_sites::of(app, call, region)
        .await?
        .map(|own| own.into_iter().collect());
    Ok(pb::IndicatorComparison {
        region: region.to_string(),
        category: request.category.clone(),
        figure: request.figure,
        indicator: request.indicator.clone(),
        title: asked.title.clone(),
        year: year.into(),
        establishments_known: count(values.len()),
        establishments_count: count(known.len()),
        median: told(spread.map(|spread| spread.median)),
        tenth: told(tenths.map(|(low, _)| low)),
        ninetieth: told(tenths.map(|(_, high)| high)),
        establishments: known
            .iter()
            .filter(|(establishment, _)| {
                own.as_ref()
                    .is_none_or(|own| own.contains(establishment.as_str()))
            })
            .map(|(establishment, known)| {
                compared(*establishment, known, &asked.title, spread.as_ref())
            })
            .collect(),
    })
}

/// Whose figures are compared.
enum Of {
    /// By its code.
    Indicator(String),
    Allowances,
    /// Of the accounts, whole or less the products of groups II and III.
    Charges {
        net: bool,
    },
}

/// What is compared.
struct Asked {
    of: Of,
    title: String,
    per_place: bool,
}

impl Asked {
    fn read(app: &App, request: &pb::CompareIndicatorRequest) -> Result<Self, Error> {
        let per_place = match request.figure() {
            pb::ComparedFigure::Unspecified => return Err(Error::invalid("figure", "is required")),
            pb::ComparedFigure::AllowancePerPlace => {
                let title = "Forfaits soins et dépendance par place financée (€)";
                return Self::of_money(request, Of::Allowances, title);
            }
            pb::ComparedFigure::ChargesPerPlace => {
                let title = "Charges d’exploitation par place financée (€)";
                return Self::of_money(request, Of::Charges { net: false }, title);
            }
            pb::ComparedFigure::NetChargesPerPlace => {
                let title = "Charges nettes par place financée (€)";
                return Self::of_money(request, Of::Charges { net: true }, title);
            }
            pb::ComparedFigure::Indicator => false,
            pb::ComparedFigure::IndicatorPerPlace => true,
        };
        let unknown = || Error::invalid("indicator", "is not an indicator of the catalogue");
        let (_, indicator) = app.catalogue.find(&request.indicator).ok_or_else(unknown)?;
        let unit = if indicator.unit == Unit::Percent {
            " (%)"
        } else {
            ""
        };
        let each = if per_place {
            ", par place financée"
        } else {
            ""
        };
        Ok(Self {
            of: Of::Indicator(indicator.code.clone()),
            title: format!("{}{each}{unit}", indicator.title),
            per_place,
        })
    }

    /// Of money for each place: there is no indicator to name.
    fn of_money(request: &pb::CompareIndicatorRequest, of: Of, title: &str) -> Result<Self, Error> {
        if !request.indicator.is_empty() {
            return Err(Error::invalid(
                "indicator",
                "is empty for allowances and charges",
            ));
        }
        Ok(Self {
            of,
            title: title.to_owned(),
            per_place: true,
        })
    }

    /// Whether places count in the denominator: the allowances are those of permanent places.
    fn counts(&self, capacity: &Capacity) -> bool {
        let is_of_mode = match self.of {
            Of::Allowances => capacity.mode == ReceptionMode::Permanent,
            Of::Indicator(_) | Of::Charges { .. } => true,
        };
        capacity.kind == CapacityKind::Financed && is_of_mode
    }

    fn divided(&self, figure: Decimal, places: i64) -> Result<Decimal, Why> {
        if !self.per_place {
            return Ok(figure);
        }
        figure
            .checked_div(places.into())
            .map(to_hundredths)
            .ok_or(Why::NoPlace)
    }
}

/// Why a figure is not known.
#[derive(Debug, Clone, Copy)]
enum Why {
    NotSubmitted,
    NoAllowance,
    NoAccounts,
    NoPlace,
}

impl Why {
    fn of(self, establishment: Finess, year: i16, asked: &Asked) -> MedicosocialRefusal {
        match self {
            Self::NotSubmitted => MedicosocialRefusal::ActivityUnknown {
                establishment,
                year,
                indicators: match &asked.of {
                    Of::Indicator(code) => code.clone(),
                    Of::Allowances | Of::Charges { .. } => String::new(),
                },
            },
            Self::NoAllowance => MedicosocialRefusal::AllowanceUnknown {
                establishment,
                year,
            },
            Self::NoAccounts => MedicosocialRefusal::AccountsUnknown {
                establishment,
                year,
            },
            Self::NoPlace => MedicosocialRefusal::NoCapacity {
                establishment,
                year,
            },
        }
    }
}

/// The establishments of the category at the end of the year, with the places that count.
async fn financed(
    app: &App,
    region: Region,
    request: &pb::CompareIndicatorRequest,
    year: i16,
    asked: &Asked,
) -> Result<BTreeMap<Finess, i64>, Error> {
    let (_, last_day) = rules::bounds_of(year);
    let filter = Filter::default();
    let places = capacity::in_effect(app.db.pool(), region, last_day, &filter, i64::MAX).await?;
    let mut found: BTreeMap<Finess, i64> = BTreeMap::new();
    for capacity in places
        .iter()
        .filter(|capacity| capacity.category == request.category)
    {
        let sum = found.entry(capacity.establishment).or_default();
        if asked.counts(capacity) {
            *sum += i64::from(capacity.places);
        }
    }
    Ok(found)
}

/// The figures that were submitted, in the order of the establishments.
async fn submitted(
    app: &App,
    establishments: &[Finess],
    code: &str,
    year: i16,
) -> Result<Vec<Result<Decimal, Why>>, Error> {
    let values = figures(app, establishments, &[code], year).await?;
    Ok(establishments
        .iter()
        .map(
            |establishment| match figure(&values, *establishment, code) {
                Realised::Exact(value) => Ok(value),
                Realised::Masked { .. } | Realised::Incomplete { .. } | Realised::Missing => {
                    Err(Why::NotSubmitted)
                }
            },
        )
        .collect())
}

/// The allowances on record, in the order of the establishments.
async fn allowed(
    app: &App,
    region: Region,
    establishments: &[Finess],
    year: i16,
) -> Result<Vec<Result<Decimal, Why>>, Error> {
    let numbers: Vec<String> = establishments.iter().map(ToString::to_string).collect();
    let stated: Vec<Allowance> =
        statement::current(app.db.pool(), region, Some(numbers.as_slice())).await?;
    let of_year: BTreeMap<Finess, Decimal> = stated
        .into_iter()
        .filter(|allowance| allowance.year == year)
        .map(|allowance| {
            let dependence = allowance.dependence.unwrap_or_default();
            (allowance.establishment, allowance.care + dependence)
        })
        .collect();
    Ok(establishments
        .iter()
        .map(|establishment| of_year.get(establishment).copied().ok_or(Why::NoAllowance))
        .collect())
}

/// The charges that accounts tell, in the order of the establishments: those of the ERRD, or else of the compte administratif.
async fn charged(
    app: &App,
    establishments: &[Finess],
    year: i16,
    net: bool,
) -> Result<Vec<Result<Decimal, Why>>, Error> {
    let numbers: Vec<String> = establishments.iter().map(ToString::to_string).collect();
    let booked = finances::current(app.db.pool(), &numbers, Some(year)).await?;
    let booked: BTreeMap<(Finess, FinanceLayout, &str), Decimal> = booked
        .iter()
        .map(|figure| {
            let place = (figure.subject, figure.import.layout, figure.definition.code);
            (place, figure.value)
        })
        .collect();
    let of = |establishment: Finess, layout: FinanceLayout| {
        let figure = |code: &str| booked.get(&(establishment, layout, code)).copied();
        if net {
            net_charges(figure)
        } else {
            charges(figure)
        }
    };
    Ok(establishments
        .iter()
        .map(|establishment| {
            of(*establishment, FinanceLayout::Errd)
                .or_else(|| of(*establishment, FinanceLayout::Ca))
                .ok_or(Why::NoAccounts)
        })
        .collect())
}

fn compared(
    establishment: Finess,
    known: &Known,
    title: &str,
    spread: Option<&Spread>,
) -> pb::ComparedEstablishment {
    let place = pb::ComparedEstablishment {
        establishment: establishment.to_string(),
        ..Default::default()
    };
    match known {
        Ok(value) => pb::ComparedEstablishment {
            value: decimal(value.normalize()),
            question: spread
                .and_then(|spread| comparison::question_about(establishment, title, *value, spread))
                .unwrap_or_default(),
            ..place
        },
        Err(why) => pb::ComparedEstablishment {
            unknown: why.to_string(),
            ..place
        },
    }
}
