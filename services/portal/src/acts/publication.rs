//! Rates that were computed are published under a series: one version after another, none of which changes.

use proto::targets::v1::{PublishRatesRequest, RateBasis};
use tonic::Status;

use super::{ActForm, Field};
use crate::{
    form::Form,
    services::{Services, within},
};

/// Where rates are computed.
pub(crate) const PATH: &str = "/territoires/activite";
pub(crate) const METHOD: &str = "PublishRates";

/// What the page was asked, by the names of its fields.
const QUESTION: [&str; 7] = [
    "region",
    "decoupage",
    "territoire",
    "champ",
    "unite",
    "population",
    "annee",
];

/// The form that publishes what a page shows: every activity of this basis, in every territory.
pub(crate) fn form(basis: &RateBasis, region: &str, territory: &str) -> ActForm {
    let asked = [
        region.to_owned(),
        basis.territory_version.clone(),
        territory.to_owned(),
        basis.field.to_string(),
        basis.unit.to_string(),
        basis.population.clone(),
        basis.year.to_string(),
    ];
    let form = ActForm::new(METHOD, "Publier ces taux", "Publier les taux")
        .grave()
        .intro("Tous les territoires du découpage et toutes leurs activités, dans le respect du secret statistique, lus par tous. Une version publiée ne change plus : une version suivante de la même série la corrige et dit pourquoi.")
        .with(
            Field::line("series", "Série")
                .hint("Lettres minuscules, chiffres et tirets, par exemple mco-93-2023."),
        )
        .with(Field::line("title", "Intitulé"))
        .with(
            Field::text("method", "Méthode")
                .hint("Pour le public : ce qui est compté, comment les classes sont standardisées, les précautions à prendre."),
        )
        .with(
            Field::text("sources", "Sources")
                .hint("Celles des cas et des habitants, comme leurs licences demandent de les citer."),
        )
        .with(
            Field::text("correction", "Ce qui est corrigé")
                .hint("À partir de la deuxième version.")
                .optional(),
        );
    let hidden = QUESTION.into_iter().zip(asked);
    let form = hidden.fold(form, |form, (name, value)| {
        form.with(Field::hidden(name, &value))
    });
    form.on(PATH, "")
}

/// What the page was asked when a form of it was sent.
pub(crate) fn question(typed: &Form) -> Form {
    let mut question = Form::default();
    for name in QUESTION {
        if typed.has(name) {
            question.push(name, typed.text(name));
        }
    }
    question
}

/// Publishes them.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let basis = RateBasis {
        field: form.whole("champ").unwrap_or_default(),
        year: form.whole("annee").unwrap_or_default(),
        unit: form.whole("unite").unwrap_or_default(),
        territory_version: form.text("decoupage").to_owned(),
        population: form.text("population").to_owned(),
        ..Default::default()
    };
    let request = PublishRatesRequest {
        series: form.text("series").to_owned(),
        title: form.text("title").to_owned(),
        basis: Some(basis),
        method: form.text("method").to_owned(),
        sources: form.text("sources").to_owned(),
        correction: form.text("correction").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.rates();
    client.publish_rates(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == METHOD).then_some("Les taux sont publiés, sur la page des taux de recours publiés.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_carries_what_its_page_was_asked() {
        let basis = RateBasis {
            field: 1,
            year: 2023,
            unit: 1,
            territory_version: "territoryVersions/zones".to_owned(),
            population: "populations/2022".to_owned(),
            ..Default::default()
        };
        let form = form(&basis, "00", "Z1");
        let mut typed = Form::default();
        for field in &form.fields {
            typed.push(field.name, &field.value);
        }
        let asked = question(&typed);
        assert_eq!(asked.text("decoupage"), "territoryVersions/zones");
        assert_eq!(asked.text("territoire"), "Z1");
        assert_eq!(asked.whole("annee"), Some(2023));
        assert!(
            !asked.has("series"),
            "what was typed is no part of the question"
        );
        assert_eq!(form.action, "/territoires/activite/actes/PublishRates");
    }
}
