//! What the clause of a contract under CASF L313-12-2 would make of an activity (R314-43-2), from what is typed and what was
//! submitted. Nothing is kept, and nobody is bound by it.

use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    ComputeClauseModulationRequest, ModulationProposal, ReceptionMode, SectionProposal,
};

use super::{figure, frame, path_of, site, why_not};
use crate::{
    Failure,
    acts::{choices, decimal},
    failure::Explained,
    form::Form,
    pages::{
        registry::establishment::year,
        sheet::{Filter, Part, Sheet},
    },
    services::within,
    table::{Cell, Table},
    text::{defects, region::euros, territory as words},
    visitor::Visitor,
};

/// What a clause may measure.
const INDICATORS: [(&str, &str); 3] = [
    ("MS_OCCUPANCY", "taux d’occupation"),
    ("MS_PERSONS", "personnes accompagnées dans l’année"),
    ("MS_SERVICES", "prestations réalisées dans l’année"),
];

/// What a reduction is for each percent of the gap, unless the clause says otherwise.
const USUAL_SLOPE: &str = "0,5";

/// Fields of the request, as the page names them.
const LABELS: [(&str, &str); 8] = [
    ("year", "Année d’activité"),
    ("mode", "Accueil"),
    ("target", "Cible"),
    ("tolerance_percent", "Tolérance"),
    ("slope", "Pente"),
    ("cap_percent", "Plafond"),
    ("amount", "Montant"),
    ("clause", "Où elle figure"),
];

/// Where it is.
pub(super) fn path(finess: &str) -> String {
    format!("{}/clause", path_of(finess))
}

/// `/etablissements/{finess}/tarifs/clause`.
pub(crate) async fn page(Path(finess): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(clause_page(&visitor, &finess).await).await
}

async fn clause_page(visitor: &Visitor, finess: &str) -> Result<Response, Failure> {
    let query = visitor.query();
    let site = site(&visitor.services, finess).await?;
    let request = request(&query, finess, year(visitor, &query));
    let (mut proposal, mut refusal) = (None, None);
    if !request.target.is_empty() || !request.amount.is_empty() {
        let mut client = visitor.services.capacities();
        match client
            .compute_clause_modulation(within(request.clone()))
            .await
        {
            Ok(answer) => proposal = Some(answer.into_inner()),
            Err(status) => refusal = Some(named(why_not(status)?)),
        }
    }
    let frame =
        frame(visitor, "Clause d’activité", &site).under("Dotations et cibles", &path_of(finess));
    let computed = proposal.as_ref().and_then(|one| one.sections.first());
    let sheet = Sheet {
        over: vec![format!("FINESS {finess}"), site.title.clone()],
        lead: answer(computed),
        filters: filters(&query, &request),
        button: "Calculer",
        refusal,
        aside: Some((
            "Rien n’est automatique",
            "Un contrat ne prévoit cette modulation que si ses parties l’ont écrit (CASF R314-43-2). Le calcul propose ; il n’applique rien et n’est pas conservé : l’autorité de tarification décide, après échange avec le gestionnaire.".to_owned(),
        )),
        texts: proposal.iter().flat_map(explained).collect(),
        parts: computed
            .map(|one| trace(one, &request))
            .into_iter()
            .collect(),
        ..Sheet::new(frame, &path(finess))
    };
    sheet.answer(&query, None)
}

fn request(query: &Form, finess: &str, year: i32) -> ComputeClauseModulationRequest {
    let indicator = INDICATORS
        .iter()
        .find(|(code, _)| *code == query.text("indicateur"))
        .map_or(INDICATORS[0].0, |(code, _)| *code);
    let mode = query
        .whole("accueil")
        .and_then(|number| ReceptionMode::try_from(number).ok())
        .filter(|mode| *mode != ReceptionMode::Unspecified)
        .unwrap_or(ReceptionMode::Boarding);
    let or = |name: &str, usual: &str| match query.text(name) {
        "" => decimal(usual),
        typed => decimal(typed),
    };
    ComputeClauseModulationRequest {
        establishment: finess.to_owned(),
        year,
        indicator: indicator.to_owned(),
        mode: mode.into(),
        target: or("cible", ""),
        tolerance_percent: or("tolerance", "0"),
        slope: or("pente", USUAL_SLOPE),
        cap_percent: or("plafond", ""),
        amount: or("montant", ""),
        clause: query.text("source").chars().take(300).collect(),
    }
}

fn filters(query: &Form, request: &ComputeClauseModulationRequest) -> Vec<Filter> {
    let indicators = INDICATORS
        .map(|(code, label)| {
            let is_chosen = code == request.indicator;
            (code.to_owned(), label.to_owned(), is_chosen)
        })
        .into();
    let chosen = request.mode.to_string();
    let modes = choices(&words::RECEPTIONS)
        .into_iter()
        .map(|(value, label)| {
            let is_chosen = value == chosen;
            (value, label, is_chosen)
        })
        .collect();
    let typed = |name: &str, usual: &str| match query.text(name) {
        "" => usual.to_owned(),
        typed => typed.to_owned(),
    };
    vec![
        Filter::Line("annee", "Année d’activité", request.year.to_string()),
        Filter::Choice("indicateur", "Indicateur de la clause", indicators),
        Filter::Choice("accueil", "Accueil, pour un taux d’occupation", modes),
        Filter::Line("cible", "Cible", typed("cible", "")),
        Filter::Line(
            "tolerance",
            "Tolérance (% de la cible)",
            typed("tolerance", "0"),
        ),
        Filter::Line(
            "pente",
            "Pente (% du montant par % d’écart)",
            typed("pente", USUAL_SLOPE),
        ),
        Filter::Line(
            "plafond",
            "Plafond de la minoration (%)",
            typed("plafond", ""),
        ),
        Filter::Line("montant", "Montant modulé (€)", typed("montant", "")),
        Filter::Line(
            "source",
            "Où elle figure dans le contrat",
            typed("source", ""),
        ),
    ]
}

/// A refusal, with the names that the fields have on the page.
fn named(mut refusal: Explained) -> Explained {
    for (field, why) in &mut refusal.fields {
        let label = LABELS.iter().find(|(name, _)| *name == field.as_str());
        if let Some((_, label)) = label {
            (*label).clone_into(field);
        }
        if let Some(sentence) = defects::told(why) {
            sentence.clone_into(why);
        } else {
            "Cette valeur manque, ou n’est pas de celles qui sont attendues.".clone_into(why);
        }
    }
    refusal
}

fn answer(computed: Option<&SectionProposal>) -> String {
    computed.map_or_else(
        || {
            "Ce que la clause d’activité d’un contrat ferait d’une activité au-dessous de sa cible."
                .to_owned()
        },
        |one| {
            format!(
                "Proposition calculée : {}. Rien n’en est appliqué.",
                euros(&one.change)
            )
        },
    )
}

/// The computation in words, and that it decides nothing.
fn explained(proposal: &ModulationProposal) -> Vec<(&'static str, String)> {
    let sections = proposal.sections.iter();
    sections
        .map(|one| {
            let words = format!("{}\n{}", one.explanation, proposal.notice);
            ("Le calcul", words)
        })
        .collect()
}

/// Every term with where it comes from.
fn trace(computed: &SectionProposal, request: &ComputeClauseModulationRequest) -> Part {
    let mut table = Table::new(
        "clause",
        format!("Clause d’activité, {}", request.year),
        &["Terme", "Valeur#", "D’où il vient"],
    );
    let measured = INDICATORS
        .iter()
        .find(|(code, _)| *code == request.indicator)
        .map_or("", |(_, label)| *label);
    let clause = request.clause.as_str();
    for (term, value, source) in [
        ("Réalisé", computed.measured.as_str(), measured),
        ("Cible", computed.compared_with.as_str(), clause),
        (
            "Tolérance (% de la cible)",
            request.tolerance_percent.as_str(),
            clause,
        ),
        (
            "Pente (% du montant par % d’écart)",
            request.slope.as_str(),
            clause,
        ),
        (
            "Plafond de la minoration (%)",
            request.cap_percent.as_str(),
            clause,
        ),
        (
            "Modulation (%)",
            computed.rate_percent.as_str(),
            "l’écart au-delà de la tolérance, multiplié par la pente, sans dépasser le plafond",
        ),
        ("Montant (€)", computed.amount.as_str(), "saisi ci-dessus"),
        (
            "Modulation proposée (€)",
            computed.change.as_str(),
            "le montant, multiplié par la modulation",
        ),
    ] {
        table.push(vec![Cell::text(term), figure(value), Cell::text(source)]);
    }
    Part {
        id: "trace",
        title: "La trace du calcul".to_owned(),
        table,
        nothing: "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_asked_and_the_usual_slope_is_half() {
        let query = Form::parse("indicateur=MS_PERSONS&cible=1+200&plafond=5&montant=1000,50");
        let asked = request(&query, "010000040", 2024);
        assert_eq!(
            (asked.indicator.as_str(), asked.target.as_str()),
            ("MS_PERSONS", "1200")
        );
        assert_eq!(
            (asked.slope.as_str(), asked.tolerance_percent.as_str()),
            ("0.5", "0")
        );
        assert_eq!(
            (asked.amount.as_str(), asked.cap_percent.as_str()),
            ("1000.50", "5")
        );
        assert_eq!(asked.mode(), ReceptionMode::Boarding);
        let unknown = request(&Form::parse("indicateur=X&accueil=99"), "010000040", 2024);
        assert_eq!(unknown.indicator, "MS_OCCUPANCY");
    }

    #[test]
    fn the_answer_says_that_nothing_is_applied_and_the_trace_has_every_term() {
        let computed = SectionProposal {
            measured: "1080".to_owned(),
            compared_with: "1200".to_owned(),
            rate_percent: "-2.5".to_owned(),
            amount: "1000".to_owned(),
            change: "-25".to_owned(),
            ..Default::default()
        };
        let told = answer(Some(&computed));
        assert!(told.contains("Rien n’en est appliqué"), "{told}");
        let part = trace(&computed, &request(&Form::default(), "010000040", 2024));
        assert_eq!(part.table.rows.len(), 8);
        assert_eq!(part.table.rows[0][1].shown(), "1\u{202f}080");
    }

    #[test]
    fn a_refusal_names_fields_as_the_page_does() {
        let refusal = Explained {
            fields: vec![("cap_percent".to_owned(), "value does not match".to_owned())],
            ..Explained::default()
        };
        let told = named(refusal);
        assert_eq!(told.fields[0].0, "Plafond");
        assert!(told.fields[0].1.contains("manque"));
    }
}
