//! All or part of a computed modulation is set aside: the decision of a tariff authority, with its reasons.

use proto::targets::v1::{AllowanceSection, ComputeEhpadModulationRequest, WaiveModulationRequest};
use tonic::Status;

use super::{ActForm, Field, choices, decimal};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::tariff as words,
};

/// What a proposal is computed from, as it was typed: in the address of the page, then in the form of the decision.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) tariff_year: String,
    pub(crate) activity_year: String,
    pub(crate) care: String,
    pub(crate) equation: String,
    pub(crate) dependence: String,
}

impl Asked {
    /// From the fields of an address or of a form.
    pub(crate) fn read(form: &Form) -> Self {
        let typed = |name: &str| form.text(name).to_owned();
        Self {
            tariff_year: typed("tarif"),
            activity_year: typed("activite"),
            care: typed("soins"),
            equation: typed("resultat"),
            dependence: typed("dependance"),
        }
    }

    /// Whether anything is asked for.
    pub(crate) fn is_something(&self) -> bool {
        !self.tariff_year.is_empty()
    }

    pub(crate) fn request(&self, establishment: &str) -> ComputeEhpadModulationRequest {
        ComputeEhpadModulationRequest {
            establishment: establishment.to_owned(),
            // What is no number is refused by the service.
            tariff_year: self.tariff_year.parse().unwrap_or_default(),
            activity_year: self.activity_year.parse().unwrap_or_default(),
            care_allowance: decimal(&self.care),
            equation_result: decimal(&self.equation),
            dependence_allowance: decimal(&self.dependence),
        }
    }
}

/// The form: why, first; then how much.
pub(crate) fn waive(page: &str, section: AllowanceSection, asked: &Asked) -> ActForm {
    ActForm::new(
        "WaiveModulation",
        "Renoncer à tout ou partie de la modulation",
        "Enregistrer la décision",
    )
    .grave()
    .intro(
        "La proposition est calculée de nouveau et conservée à côté de votre décision. Une décision ultérieure sur la même année \
         et la même section la remplace ; elle reste lisible.",
    )
    .with(
        Field::text("reasons", "Motifs")
            .hint("Ce que la situation a d’exceptionnel, et pourquoi la modulation n’y serait pas juste."),
    )
    .with(Field::choice(
        "reason",
        "Situation exceptionnelle",
        choices(&words::WAIVERS),
    ))
    .with(
        Field::line("waived_percent", "Part à laquelle il est renoncé, en %")
            .hint("100 pour renoncer à toute la modulation."),
    )
    .with(Field::line("decision", "Décision tarifaire").hint("Celle où la renonciation est écrite."))
    .with(Field::hidden(
        "section",
        &i32::from(section).to_string(),
    ))
    .with(Field::hidden("tarif", &asked.tariff_year))
    .with(Field::hidden("activite", &asked.activity_year))
    .with(Field::hidden("soins", &asked.care))
    .with(Field::hidden("resultat", &asked.equation))
    .with(Field::hidden("dependance", &asked.dependence))
    .on(page, "")
}

/// Sends the decision on an establishment. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method != "WaiveModulation" {
        return None;
    }
    let request = WaiveModulationRequest {
        computation: Some(Asked::read(form).request(id_of(&name))),
        section: form.whole("section").unwrap_or_default(),
        waived_percent: decimal(form.text("waived_percent")),
        reason: form.whole("reason").unwrap_or_default(),
        reasons: form.text("reasons").to_owned(),
        decision: form.text("decision").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.fundings();
    let sent = client.waive_modulation(within(request)).await;
    Some(sent.map(|_| ()))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "WaiveModulation")
        .then_some("La décision est enregistrée, avec la proposition sur laquelle elle porte.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_come_first_and_are_required() {
        let form = waive("/ici", AllowanceSection::Care, &Asked::default());
        assert_eq!(form.fields[0].name, "reasons");
        assert!(form.fields[0].is_required && form.is_grave);
    }

    #[test]
    fn what_is_decided_on_is_what_was_computed() {
        let typed = Form::parse("tarif=2025&activite=2024&soins=1+234+567%2C5");
        let asked = Asked::read(&typed);
        let form = waive("/ici", AllowanceSection::Care, &asked);
        let sent: Vec<String> = form
            .fields
            .iter()
            .map(|field| format!("{}={}", field.name, field.value))
            .collect();
        let again = Asked::read(&Form::parse(&sent.join("&")));
        let request = again.request("010000040");
        assert_eq!((request.tariff_year, request.activity_year), (2025, 2024));
        assert_eq!(request.care_allowance, "1234567.5");
    }
}
