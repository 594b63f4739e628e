//! What establishments would produce under parameters that somebody tries, from what people consume today: a
//! calculation, that changes nothing. Whoever holds the dialogue may retain it, with reasons.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;
use proto::targets::v1::{
    Inflection, ProjectedTerritory, Projection, ProjectionInput, SimulateProductionRequest,
};
use tonic::Status;

use super::{
    Option3,
    flows::is_to_correct,
    options, populations,
    projection_asked::{Asked, ONE_BY_ONE, OTHERS, OUTSIDE, REBALANCING, Typed},
    retained::{parameters, producer},
    territories,
};
use crate::{
    Failure,
    acts::decimal,
    failure::{Explained, explain},
    form::Form,
    pages::{id_of, names},
    picture::{Change, changes},
    services::{Services, within},
    table::{Cell, Table},
    text::{counted, defects, labels, numbers, territory as words},
    visitor::Visitor,
};

/// The what-if of an inflection, as the page shows it.
pub(super) struct WhatIf {
    pub(super) path: String,
    pub(super) fields: Vec<Option3>,
    pub(super) populations: Vec<Option3>,
    /// Territories, or establishments one by one.
    pub(super) producers: Vec<Option3>,
    pub(super) typed: Vec<Typed>,
    pub(super) refusal: Option<Explained>,
    pub(super) projected: Option<Projected>,
    /// Whether a dialogue may keep it: one by establishment stays with the agency.
    pub(super) may_be_kept: bool,
    /// What was asked, for the form that retains it.
    pub(super) kept: Vec<(&'static str, String)>,
}

/// What follows from the parameters.
pub(super) struct Projected {
    pub(super) answer: String,
    pub(super) picture: String,
    /// What people set.
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) source: String,
    /// Territories without a rate or without a flow.
    pub(super) left_out: String,
    pub(super) production: Table,
    pub(super) consumption: Table,
}

/// Producers that the picture shows: the largest.
const MOST_DRAWN: usize = 16;

/// The what-if that is asked for an inflection.
pub(super) async fn try_out(
    visitor: &Visitor,
    inflection: &Inflection,
    path: &str,
    typed: &Form,
) -> Result<WhatIf, Failure> {
    let services = &visitor.services;
    let populations = populations(services).await?;
    let asked = Asked::read(inflection, &populations, typed);
    let (mut refusal, mut projected) = (None, None);
    if typed.has(REBALANCING) {
        match compute(services, &asked).await {
            Ok(computed) => {
                let mut titles: BTreeMap<String, String> =
                    territories(services, &asked.basis.territory_version)
                        .await?
                        .into_iter()
                        .map(|one| (one.code, one.title))
                        .collect();
                if asked.by_establishment {
                    titles.extend(names::sites(services, computed.producers()).await);
                }
                projected = Some(computed.shown(&asked, inflection, &titles, path));
            }
            Err(status) if is_to_correct(status.code()) => refusal = Some(told(&status)),
            Err(status) => return Err(status.into()),
        }
    }
    Ok(WhatIf {
        path: path.to_owned(),
        fields: options(&words::FIELDS, asked.basis.field),
        populations: populations
            .iter()
            .map(|one| {
                let label = format!("{} ({})", one.source, one.year);
                (one.name.clone(), label, one.name == asked.basis.population)
            })
            .collect(),
        producers: [("", "par territoire"), (ONE_BY_ONE, "par établissement")]
            .map(|(value, label)| {
                let is_chosen = (value == ONE_BY_ONE) == asked.by_establishment;
                (value.to_owned(), label.to_owned(), is_chosen)
            })
            .into(),
        typed: asked.typed(),
        may_be_kept: !asked.by_establishment,
        refusal,
        projected,
        kept: asked.kept(),
    })
}

/// A refusal, with the names that the parameters have on the page.
fn told(status: &Status) -> Explained {
    let mut told = explain(status);
    for (field, why) in &mut told.fields {
        let label = LABELS.iter().find(|(end, _)| field.ends_with(*end));
        if let Some((_, label)) = label {
            (*label).clone_into(field);
        }
        if let Some(sentence) = defects::told(why) {
            sentence.clone_into(why);
        } else if why.starts_with(char::is_lowercase) {
            // The words of a rule of the wire; our own sentences begin with a capital.
            "Cette valeur n’est pas de celles qui sont attendues.".clone_into(why);
        }
    }
    told
}

/// Parameters by the end of their path in a request.
const LABELS: [(&str, &str); 7] = [
    ("rebalancing", "Rééquilibrage"),
    ("reference_rate", "Taux visé"),
    ("yearly_trend_percent", "Tendance annuelle"),
    ("inadequacy_factor", "Facteur d’inadéquation"),
    ("horizon", "Horizon"),
    ("year", "Année des taux"),
    ("habitants", "Évolution du nombre d’habitants"),
];

struct Computed {
    input: ProjectionInput,
    projection: Projection,
    left_out: Vec<String>,
}

async fn compute(services: &Services, asked: &Asked) -> Result<Computed, Status> {
    let (input, left_out) = asked.gather(services).await?;
    let request = SimulateProductionRequest {
        input: Some(input.clone()),
    };
    let mut client = services.dialogues();
    let answer = client.simulate_production(within(request)).await?;
    Ok(Computed {
        input,
        projection: answer.into_inner(),
        left_out,
    })
}

impl Computed {
    /// Those that a projection by establishment names.
    fn producers(&self) -> BTreeSet<String> {
        let producers = self.projection.production.iter();
        producers
            .map(|one| one.producer.clone())
            .filter(|producer| producer != OUTSIDE && producer != OTHERS)
            .collect()
    }

    fn shown(
        &self,
        asked: &Asked,
        inflection: &Inflection,
        titles: &BTreeMap<String, String>,
        path: &str,
    ) -> Projected {
        let title = |code: &str| producer(code, titles);
        let mut question = Form::default();
        for (name, value) in asked.kept() {
            question.push(name, &value);
        }
        let number = |text: &str| text.parse::<Decimal>().unwrap_or_default();
        let mut rows: Vec<Change> = self
            .projection
            .production
            .iter()
            .map(|one| Change {
                title: title(&one.producer),
                before: number(&one.current),
                after: Some(number(&one.production)),
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.before));
        rows.truncate(MOST_DRAWN);
        let of = self.projection.parameters.as_ref();
        let mut set = of.map(parameters).unwrap_or_default();
        set.push((
            "Évolution du nombre d’habitants",
            format!("{}\u{202f}%", numbers::from_wire(&decimal(&asked.growth))),
        ));
        Projected {
            answer: self.answer(asked, inflection, &title),
            picture: changes(
                "projection",
                "Production aujourd’hui et à l’horizon",
                None,
                &rows,
            ),
            parameters: set,
            source: self.input.source.clone(),
            left_out: match self.left_out.as_slice() {
                [] => String::new(),
                some => {
                    let count = i64::try_from(some.len()).unwrap_or(i64::MAX);
                    let titles: Vec<String> = some.iter().map(|code| title(code)).collect();
                    format!(
                        "{} sans taux ou sans flux connus : {}.",
                        counted(
                            count,
                            "territoire est laissé de côté,",
                            "territoires sont laissés de côté,"
                        ),
                        titles.join(", ")
                    )
                }
            },
            production: self.production(&title).at(path, &question),
            consumption: self.consumption(&title).at(path, &question),
        }
    }

    /// What the establishments of the territory would produce, beside what the inflection proposes.
    fn answer(
        &self,
        asked: &Asked,
        inflection: &Inflection,
        title: &impl Fn(&str) -> String,
    ) -> String {
        let code = id_of(&inflection.territory);
        let unit = labels::unit(asked.proposal.unit());
        if asked.by_establishment {
            return self.largest(asked, unit, title);
        }
        let own = self
            .projection
            .production
            .iter()
            .find(|one| one.producer == code);
        let Some(own) = own else {
            return format!("« {} » ne produit rien de cette activité.", title(code));
        };
        format!(
            "Avec ces paramètres, les établissements de « {} » produiraient {} {unit} en {}, contre {} en {}. L’inflexion propose d’aller à {}.",
            title(code),
            numbers::from_wire(&own.production),
            asked.horizon,
            numbers::from_wire(&own.current),
            asked.basis.year,
            numbers::from_wire(&asked.proposal.to_value),
        )
    }

    /// What the establishment that produces most would produce.
    fn largest(&self, asked: &Asked, unit: &str, title: &impl Fn(&str) -> String) -> String {
        let current = |text: &str| text.parse::<Decimal>().unwrap_or_default();
        let named = self.projection.production.iter();
        let named = named.filter(|one| one.producer != OTHERS);
        let Some(first) = named.max_by_key(|one| current(&one.current)) else {
            return "Aucun établissement ne produit à lui seul plus qu’un petit nombre de cas."
                .to_owned();
        };
        format!(
            "Avec ces paramètres, « {} », qui produit le plus pour les habitants de ces territoires, ferait {} {unit} en {}, contre {} en {}.",
            title(&first.producer),
            numbers::from_wire(&first.production),
            asked.horizon,
            numbers::from_wire(&first.current),
            asked.basis.year,
        )
    }

    fn production(&self, title: &impl Fn(&str) -> String) -> Table {
        let mut table = Table::new(
            "production-projetee",
            "Ce qui serait produit, et où",
            &[
                "Produit à",
                "Aujourd’hui (cas)#",
                "À l’horizon (cas)#",
                "Évolution (%)#",
            ],
        );
        for one in &self.projection.production {
            table.push(vec![
                Cell::text(title(&one.producer)),
                Cell::number(&one.current),
                Cell::number(&one.production),
                Cell::if_any(&one.change_percent, Cell::number),
            ]);
        }
        table
    }

    fn consumption(&self, title: &impl Fn(&str) -> String) -> Table {
        let mut table = Table::new(
            "consommation-projetee",
            "Ce que les habitants consommeraient, où qu’ils soient soignés",
            &[
                "Habitants de",
                "Habitants à l’horizon#",
                "Taux brut aujourd’hui (pour 1 000)#",
                "Taux standardisé aujourd’hui (pour 1 000)#",
                "Taux standardisé visé (pour 1 000)#",
                "Taux brut visé (pour 1 000)#",
                "Consommation à l’horizon (cas)#",
            ],
        );
        for one in &self.projection.consumption {
            let today = self
                .input
                .territories
                .iter()
                .find(|place| place.territory == one.territory);
            let of = |figure: fn(&ProjectedTerritory) -> &str| {
                today.map_or(Cell::Empty, |place| Cell::number(figure(place)))
            };
            table.push(vec![
                Cell::text(title(&one.territory)),
                today.map_or(Cell::Empty, |place| Cell::count(place.population)),
                of(|place| &place.crude_rate),
                of(|place| &place.standardised_rate),
                Cell::number(&one.target_standardised_rate),
                Cell::number(&one.target_crude_rate),
                Cell::number(&one.consumption),
            ]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{
        InflectionProposal, ProjectedConsumption, ProjectedProduction, ProjectionParameters,
    };
    use tonic::Code;
    use tonic_types::{ErrorDetails, StatusExt as _};

    use super::*;

    fn inflection() -> Inflection {
        Inflection {
            territory: "territoryVersions/zones/territories/A".to_owned(),
            proposal: Some(InflectionProposal {
                activity: "CHIRURGIE".to_owned(),
                unit: proto::types::v1::Unit::Stays.into(),
                from_year: 2023,
                to_value: "1150".to_owned(),
                horizon: 2026,
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    fn computed() -> Computed {
        let production =
            |producer: &str, current: &str, production: &str, change: &str| ProjectedProduction {
                producer: producer.to_owned(),
                current: current.to_owned(),
                production: production.to_owned(),
                change_percent: change.to_owned(),
            };
        Computed {
            input: ProjectionInput {
                territories: vec![ProjectedTerritory {
                    territory: "A".to_owned(),
                    population: 1_000,
                    crude_rate: "147".to_owned(),
                    standardised_rate: "142.4".to_owned(),
                }],
                source: "Taux de 2023".to_owned(),
                ..Default::default()
            },
            projection: Projection {
                parameters: Some(ProjectionParameters {
                    rebalancing: "0.5".to_owned(),
                    reference_rate: "131.36".to_owned(),
                    base_year: 2023,
                    horizon: 2026,
                    ..Default::default()
                }),
                consumption: vec![ProjectedConsumption {
                    territory: "A".to_owned(),
                    consumption: "141.3".to_owned(),
                    ..Default::default()
                }],
                production: vec![
                    production(OUTSIDE, "20", "19", "-5"),
                    production("A", "1240", "1180.5", "-4.8"),
                ],
            },
            left_out: vec!["B".to_owned()],
        }
    }

    #[test]
    fn the_what_if_answers_beside_what_is_proposed_and_shows_what_people_set() {
        let asked = Asked::read(&inflection(), &[], &Form::parse("reequilibrage=0,5"));
        let titles = [("A".to_owned(), "Vallée".to_owned())].into();
        let shown = computed().shown(&asked, &inflection(), &titles, "/inflexions/1");
        assert!(
            shown
                .answer
                .contains("« Vallée » produiraient 1\u{202f}180,5 séjours en 2026")
        );
        assert!(shown.answer.ends_with("d’aller à 1\u{202f}150."));
        assert!(
            shown
                .picture
                .contains("Vallée : 1\u{202f}240 → 1\u{202f}180,5. hors région : 20 → 19.")
        );
        assert_eq!(shown.parameters[0], ("Rééquilibrage", "0,5".to_owned()));
        assert!(
            shown
                .left_out
                .starts_with("1 territoire est laissé de côté")
        );
        assert_eq!(shown.production.rows[0][0].shown(), "hors région");
        assert_eq!(shown.consumption.rows[0][3].shown(), "142,4");
        let files = shown.production.files.unwrap();
        assert!(files.csv.contains("reequilibrage=0%2C5") && !files.csv.contains("etag"));
    }

    #[test]
    fn by_establishment_the_largest_is_told_and_named() {
        let typed = Form::parse("reequilibrage=0,5&producteurs=etablissements");
        let asked = Asked::read(&inflection(), &[], &typed);
        let mut computed = computed();
        computed.projection.production[0].producer = OTHERS.to_owned();
        computed.projection.production[1].producer = "010000040".to_owned();
        assert_eq!(
            computed.producers(),
            BTreeSet::from(["010000040".to_owned()])
        );
        let titles = [("010000040".to_owned(), "Clinique".to_owned())].into();
        let shown = computed.shown(&asked, &inflection(), &titles, "/inflexions/1");
        assert!(
            shown
                .answer
                .contains("« Clinique », qui produit le plus pour les habitants"),
            "{}",
            shown.answer
        );
        assert!(shown.answer.contains("1\u{202f}180,5 séjours en 2026"));
    }

    #[test]
    fn a_refusal_names_parameters_as_the_page_does() {
        let details = ErrorDetails::with_bad_request_violation(
            "input.parameters.rebalancing",
            "value does not match regex pattern",
        );
        let status = Status::with_error_details(Code::InvalidArgument, "no", details);
        let told = told(&status);
        assert_eq!(told.fields[0].0, "Rééquilibrage");
        assert!(told.fields[0].1.contains("attendues"));
    }
}
