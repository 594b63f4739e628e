//! The equation of care at home, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use crate::{
    domain::{
        medicosocial::{
            HomeCareParameter,
            home_care::{Complement, HomeCareComputed, HomeCareTerms, NOTICE, Weeks},
        },
        offer::{HomeCareAmounts, home_care_amounts::WeeklyPackage},
    },
    grpc::{
        medicosocial::capacities::write_kind,
        planning::reading::{self, wrong},
        scalars::decimal,
    },
};

/// Reads amounts of years. Every one that cannot be read is named.
pub(crate) fn read_amounts(amounts: &[pb::HomeCareAmounts]) -> Result<Vec<HomeCareAmounts>, Error> {
    reading::all(amounts, |place, given| {
        let path = format!("amounts[{place}]");
        let packages = given.packages.iter().enumerate();
        let packages = packages.map(|(number, package)| -> Result<WeeklyPackage, Violation> {
            let path = format!("{path}.packages[{number}]");
            Ok(WeeklyPackage {
                code: package.code.clone(),
                title: package.title.clone(),
                amount: reading::decimal(&path, ".weekly_amount", &package.weekly_amount)?,
            })
        });
        let amounts = HomeCareAmounts {
            year: reading::year(&path, ".year", given.year)?,
            structure: reading::decimal(&path, ".structure_amount", &given.structure_amount)?,
            packages: packages.collect::<Result<_, Violation>>()?,
            source: given.source.clone(),
        };
        match amounts.repeated() {
            None => Ok(amounts),
            Some(number) => {
                let field = format!(".packages[{number}].code");
                Err(wrong(&path, &field, "stands twice"))
            }
        }
    })
}

/// Writes the amounts of a year.
pub(crate) fn write_amounts(amounts: &HomeCareAmounts) -> pb::HomeCareAmounts {
    let package = |package: &WeeklyPackage| pb::WeeklyPackage {
        code: package.code.clone(),
        title: package.title.clone(),
        weekly_amount: decimal(package.amount),
    };
    pb::HomeCareAmounts {
        year: amounts.year.into(),
        structure_amount: decimal(amounts.structure),
        packages: amounts.packages.iter().map(package).collect(),
        source: amounts.source.clone(),
    }
}

/// Reads weeks of care; each is of a package on record.
pub(crate) fn read_weeks(
    weeks: &[pb::WeeksOfCare],
    amounts: &HomeCareAmounts,
) -> Result<Vec<Weeks>, Error> {
    reading::all(weeks, |place, given| {
        let path = format!("weeks[{place}]");
        let package = amounts.package(&given.profile).ok_or_else(|| {
            wrong(
                &path,
                ".profile",
                "is no package of the amounts on record for the year",
            )
        })?;
        let is_repeated = weeks
            .iter()
            .take(place)
            .any(|before| before.profile == given.profile);
        if is_repeated {
            return Err(wrong(&path, ".profile", "stands twice"));
        }
        Ok(Weeks {
            package: package.title.clone(),
            amount: package.amount,
            weeks: reading::decimal(&path, ".weeks", &given.weeks)?,
        })
    })
}

/// Reads what is added beside the result; nothing is counted twice.
pub(crate) fn read_complements(
    complements: &[pb::HomeCareComplement],
) -> Result<Vec<Complement>, Error> {
    reading::all(complements, |place, given| {
        let path = format!("complements[{place}]");
        let mut before = complements.iter().take(place);
        if before.any(|before| before.title == given.title) {
            return Err(wrong(&path, ".title", "stands twice"));
        }
        Ok(Complement {
            title: given.title.clone(),
            amount: reading::decimal(&path, ".amount", &given.amount)?,
        })
    })
}

/// Writes an equation with all it was computed from.
pub(crate) fn write_equation(
    request: &pb::ComputeHomeCareEquationRequest,
    parameter: &HomeCareParameter,
    amounts: &HomeCareAmounts,
    terms: &HomeCareTerms,
    computed: HomeCareComputed,
) -> pb::HomeCareEquation {
    let parts = request.weeks.iter().zip(&terms.weeks);
    let packages =
        parts
            .zip(&computed.packages)
            .map(|((asked, line), part)| pb::WeeklyPackagePart {
                profile: asked.profile.clone(),
                title: line.package.clone(),
                weekly_amount: decimal(line.amount),
                weeks: decimal(line.weeks),
                amount: format!("{part:.2}"),
            });
    pb::HomeCareEquation {
        establishment: request.establishment.clone(),
        year: request.year,
        places: terms.places,
        places_kind: write_kind(parameter.places).into(),
        structure_amount: decimal(terms.structure),
        overseas_percent: terms
            .overseas_percent
            .map(|percent| decimal(percent.normalize()))
            .unwrap_or_default(),
        structure_part: format!("{:.2}", computed.structure),
        packages: packages.collect(),
        result: format!("{:.2}", computed.result),
        explanation: computed.explanation,
        notice: NOTICE.to_owned(),
        amounts_source: amounts.source.clone(),
        parameter_source: parameter.source.clone(),
        complements: request.complements.clone(),
        total: computed
            .total
            .map(|total| format!("{total:.2}"))
            .unwrap_or_default(),
    }
}
