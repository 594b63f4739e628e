//! What hangs on a contract: its money by year, amendments, procedures, evaluations, meetings, deadlines, mandates,
//! reviews and history.

mod chronicle;

use std::collections::{BTreeMap, BTreeSet};

use kernel::Decimal;
use proto::contracts::v1::{
    Contract, ContractText, ListAmendmentsRequest, ListDeadlinesRequest, ListEvaluationsRequest,
    ListMandatesRequest, ListMeetingsRequest, ListProceduresRequest, ListReviewsRequest, Mandate,
};

use super::{id_of, visible};
use crate::{
    Failure,
    picture::{Bar, bars},
    services::{Services, every, within},
    table::{Cell, Table},
    text::{dates, follow_up as words, labels, labels::Badge, numbers},
    visitor::Visitor,
};

/// Something with a page of its own.
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) badge: Badge,
    pub(crate) detail: String,
}

/// Something due.
pub(crate) struct Due {
    pub(crate) day: String,
    pub(crate) title: String,
    pub(crate) is_late: bool,
}

/// An evaluation, with what was said of each objective.
pub(crate) struct Evaluated {
    pub(crate) title: String,
    pub(crate) badge: Badge,
    pub(crate) is_late: bool,
    pub(crate) due: String,
    pub(crate) report: String,
    pub(crate) assessments: Vec<(String, &'static str, String)>,
    pub(crate) conclusion: String,
}

/// A meeting, with what it decided.
pub(crate) struct Met {
    pub(crate) title: String,
    pub(crate) date: String,
    pub(crate) agenda: String,
    pub(crate) minutes: String,
    pub(crate) decisions: Vec<(String, String, Badge)>,
}

/// Money, a bar a year, and the lines it is made of.
pub(crate) struct Money {
    pub(crate) picture: String,
    pub(crate) table: Table,
}

/// Everything of a contract that is not its text.
pub(crate) struct Dossier {
    pub(crate) amendments: Vec<Line>,
    pub(crate) procedures: Vec<Line>,
    pub(crate) reviews: Vec<Line>,
    pub(crate) evaluations: Vec<Evaluated>,
    pub(crate) meetings: Vec<Met>,
    pub(crate) deadlines: Vec<Due>,
    /// Who may sign for a party beside those who hold its office: party, quality, act.
    pub(crate) mandates: Vec<(String, String, String)>,
    pub(crate) money: Option<Money>,
    pub(crate) history: Option<chronicle::History>,
}

const MOST: usize = 100;
/// Deadlines of one contract that are shown: the nearest.
const MOST_DUE: usize = 8;

/// Asks for everything at once.
pub(crate) async fn read(visitor: &Visitor, contract: &Contract) -> Result<Dossier, Failure> {
    let services = &visitor.services;
    let (amendments, procedures, reviews, evaluations, meetings, deadlines, mandates, history) = tokio::try_join!(
        amendments(services, contract),
        procedures(services, contract),
        reviews(services, contract),
        evaluations(services, contract),
        meetings(visitor, contract),
        deadlines(services, contract),
        mandates(visitor, contract),
        chronicle::read(visitor, contract),
    )?;
    Ok(Dossier {
        amendments,
        procedures,
        reviews,
        evaluations,
        meetings,
        deadlines,
        mandates,
        money: money(&contract.text.clone().unwrap_or_default()),
        history,
    })
}

async fn amendments(services: &Services, contract: &Contract) -> Result<Vec<Line>, Failure> {
    let request = ListAmendmentsRequest {
        contract: contract.name.clone(),
        ..Default::default()
    };
    let listed = every!(
        services.amendments(),
        list_amendments,
        request,
        amendments,
        MOST
    );
    let (amendments, _) = visible(listed)?.unwrap_or_default();
    Ok(amendments
        .iter()
        .map(|amendment| Line {
            path: format!("/avenants/{}", id_of(&amendment.name)),
            title: if amendment.number == 0 {
                amendment.title.clone()
            } else {
                format!("Avenant n° {} : {}", amendment.number, amendment.title)
            },
            badge: words::amendment_state(amendment.state()),
            detail: format!(
                "{}, effet au {}",
                words::amendment_reason(amendment.reason()),
                dates::from_wire(&amendment.effect_date)
            ),
        })
        .collect())
}

async fn procedures(services: &Services, contract: &Contract) -> Result<Vec<Line>, Failure> {
    let request = ListProceduresRequest {
        contract: contract.name.clone(),
        ..Default::default()
    };
    let listed = every!(
        services.procedures(),
        list_procedures,
        request,
        procedures,
        MOST
    );
    let (procedures, _) = visible(listed)?.unwrap_or_default();
    Ok(procedures
        .iter()
        .map(|procedure| Line {
            path: format!("/procedures/{}", id_of(&procedure.name)),
            title: words::procedure(procedure.kind()).to_owned(),
            badge: words::procedure_state(procedure.state()),
            detail: format!(
                "proposée par {}",
                labels::signed(procedure.proposer.as_ref(), procedure.propose_time.as_ref())
            ),
        })
        .collect())
}

async fn reviews(services: &Services, contract: &Contract) -> Result<Vec<Line>, Failure> {
    let request = ListReviewsRequest {
        contract: contract.name.clone(),
        ..Default::default()
    };
    let listed = every!(services.reviews(), list_reviews, request, reviews, MOST);
    let (reviews, _) = visible(listed)?.unwrap_or_default();
    Ok(reviews
        .iter()
        .map(|review| Line {
            path: format!("/revues/{}", id_of(&review.name)),
            title: format!("Revue de l’année {}", review.year),
            badge: labels::review_state(review.state()),
            detail: format!("Constats joints : {}", review.findings.len()),
        })
        .collect())
}

async fn evaluations(services: &Services, contract: &Contract) -> Result<Vec<Evaluated>, Failure> {
    let request = ListEvaluationsRequest {
        contract: contract.name.clone(),
    };
    let answer = services.follow_up().list_evaluations(within(request)).await;
    let evaluations = visible(answer)?.map_or_else(Vec::new, |page| page.into_inner().evaluations);
    Ok(evaluations
        .iter()
        .map(|one| Evaluated {
            title: format!("{} {}", words::evaluation(one.kind()), one.year),
            badge: words::evaluation_state(one.state()),
            is_late: one.overdue,
            due: dates::from_wire(&one.due_date),
            report: one.report.clone(),
            assessments: one
                .assessments
                .iter()
                .map(|said| {
                    (
                        said.objective.clone(),
                        words::achievement(said.achievement()),
                        said.comment.clone(),
                    )
                })
                .collect(),
            conclusion: one.conclusion.clone(),
        })
        .collect())
}

async fn meetings(visitor: &Visitor, contract: &Contract) -> Result<Vec<Met>, Failure> {
    let request = ListMeetingsRequest {
        contract: contract.name.clone(),
    };
    let mut client = visitor.services.follow_up();
    let answer = client.list_meetings(within(request)).await;
    let meetings = visible(answer)?.map_or_else(Vec::new, |page| page.into_inner().meetings);
    let decided = |decision: &proto::contracts::v1::MeetingDecision| {
        let badge = if !decision.done_date.is_empty() {
            labels::badge("fait", "fr-badge--success")
        } else if decision.overdue {
            labels::badge("échéance passée", "fr-badge--error")
        } else {
            labels::badge("à faire", "fr-badge--new")
        };
        let due = if decision.due_date.is_empty() {
            String::new()
        } else {
            format!(", pour le {}", dates::from_wire(&decision.due_date))
        };
        (
            decision.text.clone(),
            format!("{}{due}", decision.owner),
            badge,
        )
    };
    Ok(meetings
        .iter()
        .map(|meeting| Met {
            title: words::meeting(meeting.kind()).to_owned(),
            date: dates::from_wire(&meeting.date),
            agenda: meeting.agenda.clone(),
            minutes: meeting.minutes.clone(),
            decisions: meeting.decisions.iter().map(decided).collect(),
        })
        .collect())
}

async fn deadlines(services: &Services, contract: &Contract) -> Result<Vec<Due>, Failure> {
    let request = ListDeadlinesRequest {
        contract: contract.name.clone(),
        page_size: 50,
        ..Default::default()
    };
    let answer = services.deadlines().list_deadlines(within(request)).await;
    let deadlines = visible(answer)?.map_or_else(Vec::new, |page| page.into_inner().deadlines);
    Ok(deadlines
        .iter()
        .take(MOST_DUE)
        .map(|one| Due {
            day: dates::from_wire(&one.due_date),
            title: one.title.clone(),
            is_late: one.overdue,
        })
        .collect())
}

/// Mandates of the parties that are in force today.
async fn mandates(
    visitor: &Visitor,
    contract: &Contract,
) -> Result<Vec<(String, String, String)>, Failure> {
    let text = contract.text.as_ref();
    let parties: BTreeSet<String> = std::iter::once("ars".to_owned())
        .chain(text.iter().flat_map(|text| text.legal_entities.clone()))
        .chain(contract.required_signatories.iter().cloned())
        .collect();
    let asked = parties.into_iter().map(|party| async move {
        let request = ListMandatesRequest {
            region: contract.region.clone(),
            party,
            page_size: 50,
            ..Default::default()
        };
        let mut client = visitor.services.mandates();
        visible(client.list_mandates(within(request)).await)
    });
    let today = visitor.portal.clock.now().date().to_string();
    let mut found = Vec::new();
    for answer in futures::future::try_join_all(asked).await? {
        let mandates = answer.map_or_else(Vec::new, |page| page.into_inner().mandates);
        let in_force = mandates
            .iter()
            .filter(|mandate| is_in_force(mandate, &today));
        found.extend(in_force.map(|mandate| {
            (
                mandate.party.clone(),
                format!("{} ({})", mandate.title, mandate.subject),
                mandate.act.clone(),
            )
        }));
    }
    Ok(found)
}

/// Days compare as they are written.
fn is_in_force(mandate: &Mandate, today: &str) -> bool {
    mandate.publication_date.as_str() <= today
        && mandate.valid_from.as_str() <= today
        && (mandate.valid_to.is_empty() || today <= mandate.valid_to.as_str())
}

/// What the text promises, by year.
fn money(text: &ContractText) -> Option<Money> {
    let content = text.content.as_ref()?;
    if content.funding.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "moyens",
        "Moyens prévus au contrat, en euros",
        &["Année", "Source", "Intitulé", "Montant#", "Condition"],
    );
    let mut years: BTreeMap<i32, Decimal> = BTreeMap::new();
    let mut lines = content.funding.clone();
    lines.sort_by(|one, other| (one.year, &one.code).cmp(&(other.year, &other.code)));
    for (place, line) in lines.iter().enumerate() {
        let of_year = years.entry(line.year).or_default();
        *of_year += line.amount_eur.parse().unwrap_or(Decimal::ZERO);
        let year = Cell::text(line.year.to_string());
        table.push(vec![
            year.clone(),
            Cell::text(words::funding_source(line.source())),
            Cell::text(line.label.as_str()),
            Cell::number(&line.amount_eur),
            Cell::text(line.condition.as_str()),
        ]);
        // The picture shows years: where one has several lines, the table tells their sum.
        let others = lines.iter().filter(|one| one.year == line.year).count() > 1;
        let is_last = lines
            .get(place + 1)
            .is_none_or(|next| next.year != line.year);
        if others && is_last {
            table.push(vec![
                year,
                Cell::text("ensemble"),
                Cell::Empty,
                Cell::Number(*of_year),
                Cell::Empty,
            ]);
        }
    }
    let of: Vec<Bar> = years
        .into_iter()
        .map(|(year, amount)| Bar {
            title: year.to_string(),
            value: amount,
            shown: format!("{}\u{a0}€", numbers::decimal(amount)),
        })
        .collect();
    Some(Money {
        picture: bars("moyens", "Moyens prévus, par année", &of),
        table,
    })
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{ContractContent, FundingLine, FundingSource};

    use super::*;

    #[test]
    fn money_is_added_up_by_year() {
        let line = |code: &str, year, amount: &str| FundingLine {
            code: code.to_owned(),
            source: FundingSource::Fir.into(),
            year,
            amount_eur: amount.to_owned(),
            ..Default::default()
        };
        let text = ContractText {
            content: Some(ContractContent {
                funding: vec![
                    line("F2", 2027, "50000"),
                    line("F1", 2026, "120000.50"),
                    line("F3", 2026, "10"),
                ],
                ..Default::default()
            }),
            ..Default::default()
        };
        let money = money(&text).unwrap();
        assert!(
            money
                .picture
                .contains("2026 : 120\u{202f}010,5\u{a0}€. 2027 : 50\u{202f}000\u{a0}€.")
        );
        assert_eq!(money.table.rows[0][0].shown(), "2026");
        let sum: Vec<String> = money.table.rows[2].iter().map(Cell::shown).collect();
        assert_eq!(sum[..4], ["2026", "ensemble", "—", "120\u{202f}010,5"]);
        assert_eq!(money.table.rows.len(), 4, "a year of one line has no sum");
        assert!(super::money(&ContractText::default()).is_none());
    }

    #[test]
    fn a_mandate_holds_from_its_publication_to_its_last_day() {
        let mut mandate = Mandate {
            publication_date: "2026-03-05".to_owned(),
            valid_from: "2026-03-01".to_owned(),
            ..Default::default()
        };
        assert!(!is_in_force(&mandate, "2026-03-04"));
        assert!(is_in_force(&mandate, "2030-01-01"));
        mandate.valid_to = "2026-12-31".to_owned();
        assert!(is_in_force(&mandate, "2026-12-31") && !is_in_force(&mandate, "2027-01-01"));
    }
}
