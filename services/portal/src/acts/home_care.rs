//! What care at home is paid, by year and by profile: figures of an arrêté, with their source.

use proto::targets::v1::{HomeCareAmounts, RecordHomeCareAmountsRequest, WeeklyPackage};
use tonic::Status;

use super::{ActForm, Field, decimal, line::parts, sending::renamed, tariff::PATH};
use crate::{
    form::Form,
    services::{Services, within},
};

pub(crate) const METHOD: &str = "RecordHomeCareAmounts";

/// The form that records those of one year.
pub(crate) fn form(regions: Vec<(String, String)>) -> ActForm {
    ActForm::new(
        METHOD,
        "Enregistrer les montants des soins à domicile",
        "Enregistrer les montants",
    )
    .intro("À partir de 2023. Les montants d’une année déjà enregistrée la corrigent tout entière.")
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("year", "Année"))
    .with(Field::line(
        "structure_amount",
        "Montant par place pour la structure et les déplacements, en euros",
    ))
    .with(
        Field::text("packages", "Forfaits hebdomadaires")
            .hint("Un par ligne : code | intitulé de l’arrêté | montant en euros. Par exemple « P1 | Soins d’hygiène | 95,20 »."),
    )
    .with(Field::line("source", "Source").hint("L’arrêté de l’année."))
    .on(PATH, "")
}

/// Records them.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let amounts = HomeCareAmounts {
        year: form.whole("year").unwrap_or_default(),
        structure_amount: decimal(form.text("structure_amount")),
        packages: packages(form),
        source: form.text("source").to_owned(),
    };
    let request = RecordHomeCareAmountsRequest {
        region: form.text("region").to_owned(),
        amounts: vec![amounts],
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.fundings();
    let sent = client.record_home_care_amounts(within(request)).await;
    sent.map(|_| ()).map_err(|status| renamed(status, field))
}

/// The field that a package was typed in, by its path in the request.
fn field(path: &str) -> Option<String> {
    path.contains(".packages[").then(|| "packages".to_owned())
}

/// One a line; what a line lacks is refused by the service.
fn packages(form: &Form) -> Vec<WeeklyPackage> {
    let package = |line: &String| {
        let [code, title, amount, _] = parts(line);
        WeeklyPackage {
            code: code.to_uppercase(),
            title: title.to_owned(),
            weekly_amount: decimal(amount),
        }
    };
    form.lines("packages").iter().map(package).collect()
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == METHOD).then_some("Les montants des soins à domicile sont enregistrés.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_typed_one_a_line_with_french_decimals() {
        let mut form = Form::default();
        form.push(
            "packages",
            "p1 | Soins d’hygiène | 95,20\n\nP2 | Sans montant",
        );
        let read = packages(&form);
        assert_eq!(read.len(), 2);
        assert_eq!(
            (read[0].code.as_str(), read[0].weekly_amount.as_str()),
            ("P1", "95.20")
        );
        assert_eq!(read[1].weekly_amount, "");
        let wrong = field("amounts[0].packages[1].weekly_amount");
        assert_eq!(wrong.as_deref(), Some("packages"));
        assert_eq!(field("amounts[0].year"), None);
    }
}
