//! What the texts would make of the occupancy of an EHPAD, and what its tariff authorities set aside of it. Nothing is automatic:
//! a computation proposes, a named person decides, with reasons.

use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::targets::v1::{
    AllowanceSection, ListModulationWaiversRequest, ModulationProposal, ModulationWaiver,
    SectionProposal,
};

use super::{figure, frame, path_of, site, why_not};
use crate::{
    Failure,
    acts::{
        Acts, Refusal, Refused,
        modulation::{self as acts, Asked},
    },
    pages::{
        Attempt,
        acting::OnOne,
        notice,
        registry::establishment::{if_open, year},
        sheet::{Filter, Part, Sheet},
    },
    services::{Services, within},
    table::{Cell, Table},
    text::{dates, labels, labels::badge, numbers, region::euros, tariff as words},
    visitor::Visitor,
};

const AUTOMATIC: &str = "Le calcul propose ; il n’applique rien et n’est pas conservé. L’autorité de tarification décide : la direction \
     générale de l’agence pour les soins, la présidence du conseil départemental pour la dépendance. Elle peut renoncer à tout ou \
     partie de la modulation en cas de situation exceptionnelle, par une décision motivée (CASF R314-160 et R314-174, 4°).";

/// `/etablissements/{finess}/tarifs/modulation`.
pub(crate) async fn page(Path(finess): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(modulation_page(&visitor, &finess, None).await)
        .await
}

fn path(finess: &str) -> String {
    format!("{}/modulation", path_of(finess))
}

async fn modulation_page(
    visitor: &Visitor,
    finess: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let site = site(services, finess).await?;
    // After a decision that was not accepted, the page is about what it was on.
    let asked = Asked::read(attempt.map_or(&query, |attempt| &attempt.typed));
    let (mut proposal, mut refusal) = (None, None);
    if asked.is_something() {
        let request = asked.request(finess);
        let mut client = services.capacities();
        match client.compute_ehpad_modulation(within(request)).await {
            Ok(answer) => proposal = Some(answer.into_inner()),
            Err(status) => refusal = Some(why_not(status)?),
        }
    }
    let waivers = waivers(services, finess).await?;
    let path = path(finess);
    let section = authority(visitor);
    let mut offered = offered(&path, section, proposal.as_ref(), &asked);
    if let Some(attempt) = attempt {
        let fallback = acts::waive(&path, section.unwrap_or_default(), &asked);
        offered.refuse(fallback, &Refusal::of(attempt));
    }
    let frame = frame(visitor, "Modulation des forfaits", &site)
        .under("Dotations et cibles", &path_of(finess))
        .telling(notice(&query, acts::done));
    let mut parts: Vec<Part> = proposal.iter().map(computed).collect();
    parts.push(Part {
        id: "renonciations",
        title: "Ce à quoi l’autorité de tarification a renoncé".to_owned(),
        table: decided(&waivers),
        nothing: "Aucune renonciation n’est enregistrée.",
    });
    let sheet = Sheet {
        over: vec![format!("FINESS {finess}"), site.title.clone()],
        lead: answer(proposal.as_ref()),
        facts: proposal.as_ref().map(facts).unwrap_or_default(),
        filters: filters(&asked, year(visitor, &query)),
        button: "Calculer",
        refusal,
        aside: Some(("Rien n’est automatique", AUTOMATIC.to_owned())),
        texts: proposal.iter().flat_map(explained).collect(),
        parts,
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

async fn waivers(services: &Services, finess: &str) -> Result<Vec<ModulationWaiver>, Failure> {
    let request = ListModulationWaiversRequest {
        establishment: finess.to_owned(),
        tariff_year: 0,
    };
    let mut client = services.fundings();
    let listed = client.list_modulation_waivers(within(request)).await;
    Ok(if_open(listed)?.map_or_else(Vec::new, |answer| answer.into_inner().waivers))
}

/// Of which section the reader is the tariff authority (CASF L314-2).
fn authority(visitor: &Visitor) -> Option<AllowanceSection> {
    if visitor.is("director_general") {
        Some(AllowanceSection::Care)
    } else if visitor.is("department_president") {
        Some(AllowanceSection::Dependence)
    } else {
        None
    }
}

/// The decision, for the authority of a section that a proposal would change; why not, for the others.
fn offered(
    path: &str,
    section: Option<AllowanceSection>,
    proposal: Option<&ModulationProposal>,
    asked: &Asked,
) -> Acts {
    let mut all = Acts::default();
    let why = match (section, proposal) {
        (None, _) => {
            "Cette décision revient à la direction générale de l’agence pour les soins, et à la présidence du conseil départemental pour la dépendance."
        }
        (Some(_), None) => {
            "La décision porte sur une proposition : calculez-la d’abord, avec l’année tarifaire et l’année d’activité."
        }
        (Some(section), Some(proposal)) => {
            let changes = |one: &SectionProposal| one.section() == section && !is_zero(&one.change);
            if proposal.sections.iter().any(changes) {
                all.forms.push(acts::waive(path, section, asked));
                return all;
            }
            "Le calcul ne change rien à la section dont vous décidez : il n’y a rien à écarter."
        }
    };
    all.refused.push(Refused {
        title: "Renoncer à tout ou partie de la modulation".to_owned(),
        why: why.to_owned(),
    });
    all
}

fn is_zero(amount: &str) -> bool {
    amount
        .parse::<Decimal>()
        .is_ok_and(|amount| amount.is_zero())
}

fn answer(proposal: Option<&ModulationProposal>) -> String {
    let Some(proposal) = proposal else {
        return "Ce que les textes feraient d’un taux d’occupation, et ce à quoi l’autorité de tarification a renoncé."
            .to_owned();
    };
    let changes: Vec<String> = proposal
        .sections
        .iter()
        .map(|one| format!("{} {}", words::section(one.section()), euros(&one.change)))
        .collect();
    format!(
        "Proposition calculée : {}. Rien n’en est appliqué.",
        changes.join(", ")
    )
}

fn facts(proposal: &ModulationProposal) -> Vec<(&'static str, String)> {
    let occupancy = proposal.occupancy.clone().unwrap_or_default();
    vec![
        (
            "Taux d’occupation",
            numbers::percent_from_wire(&occupancy.rate_percent),
        ),
        ("Année d’activité", occupancy.year.to_string()),
        (
            "Journées réalisées",
            numbers::from_wire(&occupancy.realised_days),
        ),
        (
            "Journées théoriques",
            numbers::from_wire(&occupancy.theoretical_days),
        ),
        (
            "Convergence",
            numbers::percent_from_wire(&proposal.convergence_percent),
        ),
    ]
}

/// The computation in words, section by section, and that it decides nothing.
fn explained(proposal: &ModulationProposal) -> Vec<(&'static str, String)> {
    proposal
        .sections
        .iter()
        .map(|one| {
            let title = match one.section() {
                AllowanceSection::Care => "Soins : proposition calculée",
                AllowanceSection::Dependence => "Dépendance : proposition calculée",
                AllowanceSection::Clause | AllowanceSection::Unspecified => "Proposition calculée",
            };
            (title, format!("{}\n{}", one.explanation, proposal.notice))
        })
        .collect()
}

fn filters(asked: &Asked, last_year: i32) -> Vec<Filter> {
    let or = |typed: &str, usual: i32| match typed {
        "" => usual.to_string(),
        typed => typed.to_owned(),
    };
    vec![
        Filter::Line(
            "tarif",
            "Année tarifaire",
            or(&asked.tariff_year, last_year + 1),
        ),
        Filter::Line(
            "activite",
            "Année d’activité",
            or(&asked.activity_year, last_year),
        ),
        Filter::Line("soins", "Forfait soins (€), ou vide", asked.care.clone()),
        Filter::Line(
            "resultat",
            "Résultat de l’équation (€), ou vide",
            asked.equation.clone(),
        ),
        Filter::Line(
            "dependance",
            "Forfait dépendance (€), ou vide",
            asked.dependence.clone(),
        ),
    ]
}

/// Each section with the rule that was applied.
fn computed(proposal: &ModulationProposal) -> Part {
    let mut table = Table::new(
        "modulation",
        "Modulation calculée, par section",
        &[
            "Section",
            "Occupation (%)#",
            "Seuil (%)#",
            "Taux de modulation (%)#",
            "Forfait (€)#",
            "Modulation proposée (€)#",
            "Règle",
        ],
    );
    for one in &proposal.sections {
        let rule = one.parameter.clone().unwrap_or_default();
        table.push(vec![
            Cell::text(words::section(one.section())),
            figure(&one.measured),
            figure(&one.compared_with),
            figure(&one.rate_percent),
            figure(&one.amount),
            figure(&one.change),
            Cell::text(rule.source),
        ]);
    }
    Part {
        id: "calcul",
        title: "La trace du calcul".to_owned(),
        table,
        nothing: "Aucune section n’a pu être calculée.",
    }
}

/// Every decision, the oldest first; of a year and a section the last one stands.
fn decided(waivers: &[ModulationWaiver]) -> Table {
    let mut table = Table::new(
        "renonciations",
        "Renonciations, de la plus ancienne à la plus récente",
        &[
            "Année tarifaire",
            "Section",
            "État",
            "Motifs",
            "Situation",
            "Modulation calculée (€)#",
            "Part écartée (%)#",
            "Écarté (€)#",
            "Reste (€)#",
            "Décision tarifaire",
            "Décidé par",
            "Le",
        ],
    );
    for (rank, one) in waivers.iter().enumerate() {
        let is_replaced = waivers
            .iter()
            .skip(rank + 1)
            .any(|later| (later.tariff_year, later.section) == (one.tariff_year, one.section));
        let state = if is_replaced {
            badge("remplacée", "")
        } else {
            badge("en vigueur", "fr-badge--success")
        };
        let mut sections = one.proposal.iter().flat_map(|proposal| &proposal.sections);
        let computed = sections.find(|section| section.section == one.section);
        table.push(vec![
            Cell::text(one.tariff_year.to_string()),
            Cell::text(words::section(one.section())),
            Cell::Badge(state),
            Cell::text(one.reasons.as_str()),
            Cell::text(words::waiver(one.reason())),
            figure(computed.map_or("", |section| section.change.as_str())),
            figure(&one.waived_percent),
            figure(&one.waived_change),
            figure(&one.remaining_change),
            Cell::text(one.decision.as_str()),
            Cell::text(format!(
                "{} ({})",
                labels::role(&one.decided_role),
                labels::person(&one.decided_by)
            )),
            Cell::text(dates::timestamp(one.decide_time.as_ref())),
        ]);
    }
    table
}

/// Acts on the modulation of an establishment.
pub(crate) static ACTS: OnOne = OnOne {
    of: "establishments",
    page: path,
    send: |services, name, method, form| Box::pin(acts::send(services, name, method, form)),
    show: |visitor, finess, attempt| Box::pin(modulation_page(visitor, finess, Some(attempt))),
};

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(change: &str) -> ModulationProposal {
        ModulationProposal {
            sections: vec![SectionProposal {
                section: AllowanceSection::Care.into(),
                change: change.to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn who_decides_on_a_section_may_set_it_aside_and_the_others_are_told_who() {
        let asked = Asked::default();
        let care = Some(AllowanceSection::Care);
        let of = |section, change: &str| offered("/ici", section, Some(&proposal(change)), &asked);
        assert_eq!(of(care, "-22222.21").forms.len(), 1);
        assert!(of(care, "0.00").forms.is_empty());
        assert!(
            of(Some(AllowanceSection::Dependence), "-1.00")
                .forms
                .is_empty()
        );
        let refused = of(None, "-1.00").refused;
        assert!(refused[0].why.contains("direction générale"));
        assert!(offered("/ici", care, None, &asked).forms.is_empty());
    }

    #[test]
    fn a_later_decision_stands_in_place_of_the_earlier_one() {
        let waiver = |section: AllowanceSection| ModulationWaiver {
            tariff_year: 2025,
            section: section.into(),
            proposal: Some(proposal("-22222.21")),
            ..Default::default()
        };
        let table = decided(&[
            waiver(AllowanceSection::Care),
            waiver(AllowanceSection::Dependence),
            waiver(AllowanceSection::Care),
        ]);
        let states: Vec<String> = table.rows.iter().map(|row| row[2].shown()).collect();
        assert_eq!(states, ["remplacée", "en vigueur", "en vigueur"]);
        assert_eq!(table.rows[0][5].shown(), "−22\u{202f}222,21");
        assert_eq!(table.rows[1][5].shown(), "—");
    }

    #[test]
    fn the_page_says_that_nothing_is_applied() {
        assert!(answer(Some(&proposal("-1.00"))).contains("Rien n’en est appliqué"));
        assert!(AUTOMATIC.contains("n’applique rien"));
    }
}
