//! What EHPAD are given, what it is to be, and the value of the point: figures on record, with their sources.

use proto::targets::v1::{
    AllowanceTarget, PointValue, RecordAllowanceTargetsRequest, RecordPointValuesRequest,
};
use tonic::Status;

use super::{ActForm, Field, choices, decimal, funding, wrong};
use crate::{
    form::Form,
    services::{Services, within},
    text::tariff as words,
};

/// Where values of the point are.
pub(crate) const PATH: &str = "/territoires/tarifs";

/// The act that records one value of the point.
pub(crate) const POINT: &str = "RecordPointValues";

/// The form that records one value of the point.
pub(crate) fn point(regions: Vec<(String, String)>) -> ActForm {
    let pharmacy = [("non", "sans"), ("oui", "avec")]
        .map(|(value, label)| (value.to_owned(), label.to_owned()));
    ActForm::new(
        POINT,
        "Enregistrer une valeur du point",
        "Enregistrer",
    )
    .intro("Une valeur du même département, de la même année et de la même option corrige la précédente.")
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("department", "Département").hint("Son code, par exemple 13, 2A ou 974."))
    .with(Field::line("year", "Année"))
    .with(Field::choice(
        "tariff_option",
        "Option tarifaire",
        choices(&words::OPTIONS),
    ))
    .with(Field::choice(
        "internal_pharmacy",
        "Pharmacie à usage intérieur",
        pharmacy.into(),
    ))
    .with(Field::line("value", "Valeur du point, en euros"))
    .with(Field::line("source", "Source").hint("L’arrêté ou l’instruction de l’année."))
    .on(PATH, "")
}

/// Records it.
pub(crate) async fn send_point(services: &Services, form: &Form) -> Result<(), Status> {
    let value = PointValue {
        department: format!("departments/{}", form.text("department").to_uppercase()),
        year: form.whole("year").unwrap_or_default(),
        tariff_option: form.whole("tariff_option").unwrap_or_default(),
        internal_pharmacy: form.text("internal_pharmacy") == "oui",
        value: decimal(form.text("value")),
        source: form.text("source").to_owned(),
    };
    let request = RecordPointValuesRequest {
        region: form.text("region").to_owned(),
        values: vec![value],
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.fundings();
    client
        .record_point_values(within(request))
        .await
        .map(|_| ())
}

/// The forms of one establishment, by method.
pub(crate) fn form(method: &str, page: &str, finess: &str, year: i32) -> Option<ActForm> {
    let form = match method {
        "RecordAllowances" => {
            let mut form = funding::record_allowance(page, year, Vec::new());
            // The page is about one establishment.
            form.fields.retain(|field| field.name != "establishment");
            form.with(Field::hidden("establishment", finess))
        }
        "RecordAllowanceTargets" => ActForm::new(method, "Fixer une cible", "Enregistrer la cible")
            .intro(
                "Un montant ou une convergence, l’un des deux. Une cible de la même année remplace la précédente. Rien ne suit \
                 d’un écart : il se lit, et se discute.",
            )
            .with(Field::line("year", "Année visée").holding(&(year + 1).to_string()))
            .with(Field::line("care_allowance", "Forfait soins visé, en euros").optional())
            .with(
                Field::line(
                    "convergence_percent",
                    "Convergence visée, en % du résultat de l’équation",
                )
                .optional(),
            )
            .with(
                Field::line("source", "Source")
                    .hint("La décision, le contrat ou le calendrier où la cible est écrite."),
            ),
        _ => return None,
    };
    Some(form.on(page, ""))
}

/// Sends one of them for an establishment of a region; none for a method that is not one of them.
pub(crate) async fn send(
    services: &Services,
    (establishment, region): (&str, &str),
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    match method {
        "RecordAllowances" => {
            Some(funding::send_allowance(services, region.to_owned(), form).await)
        }
        "RecordAllowanceTargets" => {
            Some(send_target(services, (establishment, region), form).await)
        }
        _ => None,
    }
}

/// Records one target.
async fn send_target(
    services: &Services,
    (establishment, region): (&str, &str),
    form: &Form,
) -> Result<(), Status> {
    let target = AllowanceTarget {
        establishment: establishment.to_owned(),
        year: form.whole("year").unwrap_or_default(),
        care_allowance: decimal(form.text("care_allowance")),
        convergence_percent: decimal(form.text("convergence_percent")),
        source: form.text("source").to_owned(),
    };
    if target.care_allowance.is_empty() == target.convergence_percent.is_empty() {
        let why = "Donnez un montant ou une convergence, l’un des deux.";
        return Err(wrong("care_allowance", why));
    }
    let request = RecordAllowanceTargetsRequest {
        region: region.to_owned(),
        targets: vec![target],
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.fundings();
    client
        .record_allowance_targets(within(request))
        .await
        .map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    match method {
        POINT => Some("La valeur du point est enregistrée."),
        "RecordAllowanceTargets" => Some("La cible est enregistrée."),
        other => funding::done(other),
    }
}
