//! Ordering an export of the histories.

use kit::timestamp;
use proto::history::v1::CreateSavedExportRequest;
use time::{Date, Duration, OffsetDateTime, Time};
use tonic::Status;

use super::{ActForm, Field, wrong};
use crate::{
    form::Form,
    services::{Service, Services, within},
    text::{dates, labels},
};

/// Where exports are.
pub(crate) const PATH: &str = "/historique/exports";

/// The form that orders one; the first region is chosen for who does not see them all.
pub(crate) fn form(regions: Vec<(String, String)>, sees_all: bool) -> ActForm {
    let registers = Service::ALL
        .into_iter()
        .map(|service| (service.key().to_owned(), service.title().to_owned()))
        .collect();
    let first = regions.first().filter(|_| !sees_all);
    let chosen = first.map_or_else(String::new, |(code, _)| code.clone());
    ActForm::new("CreateSavedExport", "Demander un export", "Demander l’export")
        .intro("Les faits scellés de ce périmètre, un par ligne, dans l’ordre du journal. Le fichier se prépare en arrière-plan, se conserve sept jours sous son empreinte, puis est supprimé. Les personnes n’y figurent que sous un engagement.")
        .with(
            Field::choice("service", "Registre", registers)
                .hint("Les quatre si vous n’en choisissez aucun : un fichier chacun.")
                .optional(),
        )
        .with(
            Field::choice("region", "Région", regions)
                .holding(&chosen)
                .optional(),
        )
        .with(
            Field::line("root", "Dossier")
                .hint("Un contrat, par exemple contracts/…, ou aucun.")
                .optional(),
        )
        .with(Field::day("start_time", "Du").optional())
        .with(
            Field::day("end_time", "Au")
                .hint("Ce jour compris.")
                .optional(),
        )
        .with(
            Field::line("type", "Type de fait")
                .hint("Une part du type suffit, par exemple Review ou ContractSigned.")
                .optional(),
        )
        .with(
            Field::line("actor", "Auteur")
                .hint("Son identifiant, tel que l’historique le montre : celui du fournisseur d’identité, ou service:… pour la suite.")
                .optional(),
        )
        .with(Field::choice("outcome", "Issue", labels::outcomes_by_name()).optional())
        .on(PATH, "")
}

/// Orders it of each register that is asked for. The same form sent again orders nothing twice.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let request = CreateSavedExportRequest {
        region: form.text("region").to_owned(),
        root: form.text("root").to_owned(),
        start_time: start_of(form, "start_time")?.map(timestamp),
        end_time: start_of(form, "end_time")?.map(|day| timestamp(day + Duration::days(1))),
        max_events: 0,
        request_id: form.text("request_id").to_owned(),
        r#type: form.text("type").to_owned(),
        actor: form.text("actor").to_owned(),
        outcome: form.text("outcome").to_owned(),
    };
    let asked = form.text("service");
    let wanted = |service: &Service| asked.is_empty() || service.key() == asked;
    for service in Service::ALL.into_iter().filter(wanted) {
        let mut client = services.saved_exports(service);
        client.create_saved_export(within(request.clone())).await?;
    }
    Ok(())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "CreateSavedExport")
        .then_some("L’export est demandé. Il se prépare : actualisez la page dans un instant.")
}

/// Midnight of the day in a field; none when it is empty.
fn start_of(form: &Form, field: &str) -> Result<Option<OffsetDateTime>, Status> {
    let typed = form.text(field);
    if typed.is_empty() {
        return Ok(None);
    }
    let day: Option<Date> = dates::parse(typed);
    let day = day.ok_or_else(|| wrong(field, "Ce jour n’existe pas."))?;
    Ok(Some(day.with_time(Time::MIDNIGHT).assume_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sees_one_region_orders_within_it_unless_something_else_is_said() {
        let regions = || vec![("93".to_owned(), "Provence".to_owned())];
        let value = |form: ActForm| {
            let mut fields = form.fields.into_iter();
            fields.find(|field| field.name == "region").unwrap().value
        };
        assert_eq!(value(form(regions(), false)), "93");
        assert_eq!(value(form(regions(), true)), "");
    }

    #[test]
    fn a_day_that_is_none_is_told_beside_its_field() {
        let typed = Form::parse("start_time=2026-02-30&end_time=");
        assert!(start_of(&typed, "start_time").is_err());
        assert_eq!(start_of(&typed, "end_time").unwrap(), None);
    }
}
