//! One procedure, laid out in its steps P0 to P7. Nothing in it has a legal effect until a person decides.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    Attachment, GetContractRequest, GetProcedureRequest, Procedure, ProcedureDecision,
    ProcedureKind, ProcedureState,
};
use time::Date;

use super::steps::{Step, steps};
use crate::{
    Failure,
    acts::{Acts, FieldKind, contract::party_title, procedure as procedure_acts},
    frame::{Frame, Section},
    pages::{
        Attempt, acting::OnOne, html_after, id_of, notice, pieces::Piece, region_name, resource,
    },
    services::within,
    text::{counted, dates, follow_up as words, labels::Badge, numbers},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "procedure.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    basis: &'static str,
    badge: Badge,
    region: String,
    contract_path: String,
    contract_number: String,
    contract_title: String,
    review_path: Option<String>,
    finding_path: Option<String>,
    path: String,
    has_notice: bool,
    has_decision: bool,
    /// What the clock says, in one sentence.
    clock: String,
    steps: Vec<Step>,
    cap: Vec<(&'static str, String)>,
    remedies: String,
    algorithmic_notice: String,
    /// Files that accompany answers and hearings.
    pieces: Vec<Piece>,
    acts: Acts,
}

/// `/procedures/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(procedure_page(&visitor, &id, None).await)
        .await
}

async fn procedure_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let services = &visitor.services;
    let asked = GetProcedureRequest {
        name: resource("procedures", id)?,
    };
    let procedure = services
        .procedures()
        .get_procedure(within(asked))
        .await?
        .into_inner();
    let asked = GetContractRequest {
        name: procedure.contract.clone(),
    };
    let contract = services
        .contracts()
        .get_contract(within(asked))
        .await?
        .into_inner();
    let text = contract.text.clone().unwrap_or_default();
    let holders: Vec<(String, String)> = text
        .legal_entities
        .iter()
        .map(|name| (name.clone(), party_title(name, &[])))
        .collect();
    let path = format!("/procedures/{id}");
    let form = |method: &str| procedure_acts::form(method, &procedure, &holders);
    let acts = Acts::of(&procedure.allowed_actions, &path, &procedure.etag, form).after(
        attempt,
        &path,
        &procedure.etag,
        form,
    );
    let decision = procedure.decision.clone().unwrap_or_default();
    let today = visitor.portal.clock.now().date();
    let page = Page {
        frame: visitor
            .frame(words::procedure(procedure.kind()), Section::Contracts)
            .under("Contrats", "/contrats")
            .under(
                &contract.number,
                &format!("/contrats/{}", id_of(&contract.name)),
            )
            .telling(notice(&visitor.query(), procedure_acts::done)),
        title: words::procedure(procedure.kind()),
        basis: words::procedure_basis(procedure.kind()),
        badge: words::procedure_state(procedure.state()),
        region: region_name(&procedure.region),
        contract_path: format!("/contrats/{}", id_of(&contract.name)),
        contract_number: contract.number.clone(),
        contract_title: text.title,
        review_path: link("/revues", &procedure.review),
        finding_path: link("/constats", &procedure.finding),
        path: path.clone(),
        has_notice: procedure.notice.is_some(),
        has_decision: procedure.decision.is_some(),
        clock: clock(&procedure, today),
        steps: steps(&procedure),
        cap: cap(&decision)
            .into_iter()
            .chain(balance(&procedure))
            .collect(),
        remedies: decision.remedies,
        algorithmic_notice: decision.algorithmic_notice,
        pieces: said(&procedure)
            .map(|file| Piece::of(&path, file))
            .collect(),
        acts,
    };
    html_after(&page, attempt)
}

/// The files that accompany answers, hearings and the consultation of the minister of defence.
fn said(procedure: &Procedure) -> impl Iterator<Item = &Attachment> {
    let written = procedure
        .observations
        .iter()
        .flat_map(|one| &one.attachments);
    let heard = procedure.hearings.iter().flat_map(|one| &one.attachments);
    let asked = procedure.defence_consultation.iter();
    let asked = asked.flat_map(|one| one.attachments.iter().chain(&one.answer_attachments));
    written.chain(heard).chain(asked)
}

fn link(path: &str, resource: &str) -> Option<String> {
    (!resource.is_empty()).then(|| format!("{path}/{}", id_of(resource)))
}

pub(crate) fn euros(amount: &str) -> String {
    format!("{}\u{a0}€", numbers::from_wire(amount))
}

/// What is still owed, or was paid in excess of what an appeal left.
fn balance(procedure: &Procedure) -> Option<(&'static str, String)> {
    let balance: kernel::Decimal = procedure.balance_eur.parse().ok()?;
    let title = if balance < kernel::Decimal::ZERO {
        "À rembourser"
    } else {
        "Reste dû"
    };
    Some((title, euros(&balance.abs().to_string())))
}

/// What the clock says today.
fn clock(procedure: &Procedure, today: Date) -> String {
    let left = |day: Date| {
        let days = (day - today).whole_days();
        let day = dates::day(day);
        if days > 0 {
            format!("{day}, dans {}", counted(days, "jour", "jours"))
        } else {
            format!("{day}, aujourd’hui")
        }
    };
    let notice = procedure.notice.clone().unwrap_or_default();
    let decision = procedure.decision.clone().unwrap_or_default();
    match procedure.state() {
        ProcedureState::Proposed => {
            "Proposée par une personne, sans effet : seul le directeur général peut l’ouvrir.".to_owned()
        }
        ProcedureState::Opened => {
            "Ouverte : aucune sanction n’est possible avant une mise en demeure reçue et son délai passé.".to_owned()
        }
        ProcedureState::UnderNotice => match dates::parse(&notice.due_date) {
            Some(due) if due < today => format!(
                "Le délai de réponse a pris fin le {}. Le silence ne décide rien : seul le directeur général peut clore ou décider.",
                dates::day(due)
            ),
            Some(due) => format!("L’établissement peut répondre jusqu’au {}.", left(due)),
            None => "La réception de la mise en demeure n’est pas prouvée : le délai ne court pas.".to_owned(),
        },
        ProcedureState::Decided => {
            "Décidée. La décision ne produit d’effet qu’une fois notifiée.".to_owned()
        }
        ProcedureState::Notified => match dates::parse(&decision.payment_due_date) {
            Some(due) if due < today => {
                format!("Le délai de paiement a pris fin le {}.", dates::day(due))
            }
            Some(due) => format!("Paiement attendu au plus tard le {}.", left(due)),
            None if procedure.kind() == ProcedureKind::Termination => format!(
                "Le contrat prend fin le {}.",
                dates::from_wire(&decision.termination_date)
            ),
            None => "Notifiée ; la réception n’est pas encore prouvée.".to_owned(),
        },
        ProcedureState::Dropped => "Close sans sanction.".to_owned(),
        ProcedureState::Annulled => "La décision est annulée : elle ne produit plus d’effet.".to_owned(),
        ProcedureState::Unspecified => String::new(),
    }
}

/// How the amount was compared with what the law allows.
fn cap(decision: &ProcedureDecision) -> Vec<(&'static str, String)> {
    let Some(cap) = decision.cap.as_ref() else {
        return Vec::new();
    };
    let share = kernel::Decimal::new(cap.cap_basis_points.into(), 2);
    vec![
        ("Pénalité", euros(&decision.amount_eur)),
        ("Qui doit la pénalité", party_title(&cap.legal_entity, &[])),
        (
            "Plafond",
            format!(
                "{}{}% ({})",
                numbers::decimal(share),
                crate::text::NARROW,
                cap.cap_source
            ),
        ),
        (
            "Assiette",
            format!("{} ({})", euros(&cap.base_eur), cap.base_source),
        ),
        ("Déjà décidé cette année", euros(&cap.earlier_eur)),
        ("Plafond en euros", euros(&cap.cap_eur)),
    ]
}

/// Acts of a procedure.
pub(crate) static ACTS: OnOne = OnOne {
    of: "procedures",
    page: |id| format!("/procedures/{id}"),
    send: |services, name, method, form| {
        Box::pin(procedure_acts::send(services, name, method, form))
    },
    show: |visitor, id, attempt| Box::pin(procedure_page(visitor, id, Some(attempt))),
};

#[cfg(test)]
pub(super) mod tests {
    use proto::contracts::v1::FormalNotice;
    use time::macros::date;

    use super::*;

    pub(crate) fn procedure(state: ProcedureState) -> Procedure {
        Procedure {
            state: state.into(),
            kind: ProcedureKind::Penalty.into(),
            ..Default::default()
        }
    }

    #[test]
    fn the_clock_does_not_run_before_a_receipt() {
        let today = date!(2026 - 11 - 22);
        let mut under_notice = procedure(ProcedureState::UnderNotice);
        under_notice.notice = Some(FormalNotice::default());
        assert!(clock(&under_notice, today).contains("ne court pas"));
        if let Some(notice) = under_notice.notice.as_mut() {
            notice.due_date = "2026-12-02".to_owned();
        }
        assert!(clock(&under_notice, today).ends_with("2 décembre 2026, dans 10 jours."));
        assert!(clock(&procedure(ProcedureState::Proposed), today).contains("sans effet"));
        if let Some(notice) = under_notice.notice.as_mut() {
            notice.due_date = "2026-11-21".to_owned();
        }
        let over = clock(&under_notice, today);
        assert!(
            over.contains("a pris fin le 21 novembre 2026"),
            "the delay is over: {over}"
        );
    }

    #[test]
    fn what_was_paid_in_excess_is_given_back() {
        let mut notified = procedure(ProcedureState::Notified);
        assert_eq!(balance(&notified), None);
        notified.balance_eur = "600.00".to_owned();
        assert_eq!(
            balance(&notified),
            Some(("Reste dû", "600\u{a0}€".to_owned()))
        );
        notified.balance_eur = "-400.00".to_owned();
        assert_eq!(
            balance(&notified),
            Some(("À rembourser", "400\u{a0}€".to_owned()))
        );
    }
}
