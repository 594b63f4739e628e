//! Tolerance policies: drafted, tried on years that were measured, adopted by a person.

use proto::controls::v1::{
    AdoptTolerancePolicyRequest, CreateTolerancePolicyRequest, NeutralisedYear,
    SimulateTolerancePolicyRequest, TolerancePolicy, TolerancePolicyState, ToleranceRules,
};
use tonic::Status;

use super::{ActForm, Acts, Field};
use crate::{
    form::Form,
    services::{Services, within},
};

/// Where policies are.
pub(crate) const PATH: &str = "/tolerances";

/// The form of a draft.
pub(crate) fn new_policy(regions: Vec<(String, String)>) -> ActForm {
    let mut form = ActForm::new(
        "CreateTolerancePolicy",
        "Préparer une politique de tolérance",
        "Enregistrer le projet",
    )
    .intro("Aucun seuil national n’existe : la région fixe les siens, les motive, et voit ce qu’ils auraient changé avant de les adopter.")
    .with(Field::choice("region", "Région", regions))
    .with(Field::line("first_year", "Première année").hint("Sur quatre chiffres."))
    .with(Field::line("last_year", "Dernière année"))
    .with(Field::line("conforming_percent", "Conforme jusqu’à, en % de la cible").holding("5"))
    .with(Field::line("minor_percent", "Mineur jusqu’à, en % de la cible").hint("Au-delà, l’écart est majeur.").holding("10"))
    .with(
        Field::line("minimum_count", "Effectif en dessous duquel on ne juge pas")
            .hint("Quand la cible et la valeur sont toutes deux en dessous.")
            .holding("30"),
    )
    .with(
        Field::line("priority_after_years", "À regarder d’abord après")
            .hint("Nombre d’années d’écart de suite, dans le même sens ; 0 : jamais.")
            .holding("0"),
    )
    .with(
        Field::radio(
            "chance_excluded",
            "Quand le hasard suffit à expliquer l’écart",
            vec![
                ("oui".to_owned(), "ne pas juger (intervalle à 95 %)".to_owned()),
                ("non".to_owned(), "juger quand même".to_owned()),
            ],
        )
        .holding("oui"),
    )
    .with(
        Field::text("neutralised", "Années neutralisées")
            .hint("Une ligne chacune : année | motif. Elles sont mesurées, jamais jugées.")
            .optional(),
    )
    .with(Field::text("reasons", "Motifs"));
    PATH.clone_into(&mut form.action);
    form
}

/// A decimal as people type it: a comma, spaces.
fn decimal(form: &Form, name: &str) -> String {
    form.text(name)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect()
}

/// A draft as it was typed.
pub(crate) fn create(form: &Form) -> CreateTolerancePolicyRequest {
    let neutralised = form.lines("neutralised");
    let rules = ToleranceRules {
        first_year: form.whole("first_year").unwrap_or_default(),
        last_year: form.whole("last_year").unwrap_or_default(),
        conforming_percent: decimal(form, "conforming_percent"),
        minor_percent: decimal(form, "minor_percent"),
        minimum_count: decimal(form, "minimum_count"),
        bands: Vec::new(),
        neutralised_years: neutralised
            .iter()
            .map(|line| {
                let (year, reasons) = line.split_once('|').unwrap_or((line, ""));
                NeutralisedYear {
                    year: year.trim().parse().unwrap_or_default(),
                    reasons: reasons.trim().to_owned(),
                }
            })
            .collect(),
        priority_after_years: form.whole("priority_after_years").unwrap_or_default(),
        chance_excluded: form.text("chance_excluded") == "oui",
    };
    CreateTolerancePolicyRequest {
        region: form.text("region").to_owned(),
        rules: Some(rules),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    }
}

/// What may be done next: whoever keeps contracts tries a policy, a manager adopts it.
pub(crate) fn acts(
    policy: &TolerancePolicy,
    replaceable: &[(String, String)],
    page: &str,
    (may_try, may_adopt): (bool, bool),
) -> Acts {
    let mut acts = Acts::default();
    let is_open = matches!(
        policy.state(),
        TolerancePolicyState::Draft | TolerancePolicyState::Simulated
    );
    let methods = [
        (is_open && may_try, "SimulateTolerancePolicy"),
        (
            policy.state() == TolerancePolicyState::Simulated && may_adopt,
            "AdoptTolerancePolicy",
        ),
    ];
    acts.forms = methods
        .into_iter()
        .filter(|(is_possible, _)| *is_possible)
        .filter_map(|(_, method)| form(method, replaceable))
        .map(|form| form.on(page, &policy.etag))
        .collect();
    acts
}

/// How an act on a policy is done; `replaceable` are the policies of the region that it may replace.
pub(crate) fn form(method: &str, replaceable: &[(String, String)]) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "SimulateTolerancePolicy" => act("Simuler sur des années mesurées", "Simuler")
            .intro("Compte ce que la politique aurait relevé. Aucun contrôle ni constat ne change.")
            .with(Field::line("years", "Années").hint("Une à cinq, séparées par des espaces : « 2023 2024 ».")),
        "AdoptTolerancePolicy" => act("Adopter cette politique", "Adopter la politique")
            .grave()
            .intro("Elle vaut pour les campagnes dont les données ne sont pas encore arrêtées. Les autres gardent la leur.")
            .with(Field::day("effect_date", "En vigueur à partir du"))
            .with(
                Field::choice("replaces", "Remplace", replaceable.to_vec())
                    .hint("La politique en vigueur pour les mêmes années, s’il y en a une.")
                    .optional(),
            )
            .with(Field::text("reasons", "Motifs")),
        _ => return None,
    })
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let mut client = services.policies();
    let (etag, request_id) = (
        form.text("etag").to_owned(),
        form.text("request_id").to_owned(),
    );
    let sent = match method {
        "SimulateTolerancePolicy" => {
            let years = form
                .text("years")
                .split([' ', ',', ';'])
                .filter_map(|year| year.parse().ok())
                .collect();
            let request = SimulateTolerancePolicyRequest {
                name,
                etag,
                years,
                request_id,
            };
            client.simulate_tolerance_policy(within(request)).await
        }
        "AdoptTolerancePolicy" => {
            let request = AdoptTolerancePolicyRequest {
                name,
                etag,
                effect_date: form.text("effect_date").to_owned(),
                replaces: form.text("replaces").to_owned(),
                reasons: form.text("reasons").to_owned(),
                request_id,
            };
            client.adopt_tolerance_policy(within(request)).await
        }
        _ => return None,
    };
    Some(sent.map(|_| ()))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "CreateTolerancePolicy" => "Le projet de politique est enregistré.",
        "SimulateTolerancePolicy" => "La simulation est faite. Rien n’a changé dans les contrôles.",
        "AdoptTolerancePolicy" => "La politique est adoptée.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_they_are_typed_in_french() {
        let form = Form::parse(
            "region=93&first_year=2026&last_year=2028&conforming_percent=2%2C5&minor_percent=10&minimum_count=1+000&neutralised=2020+%7C+%C3%89pid%C3%A9mie&chance_excluded=oui&priority_after_years=2&reasons=Motif",
        );
        let rules = create(&form).rules.unwrap();
        assert_eq!(rules.conforming_percent, "2.5");
        assert_eq!(rules.minimum_count, "1000");
        assert_eq!(rules.neutralised_years[0].year, 2020);
        assert_eq!(rules.neutralised_years[0].reasons, "Épidémie");
        assert!(rules.chance_excluded);
    }

    #[test]
    fn nobody_adopts_what_was_not_simulated() {
        let mut policy = TolerancePolicy {
            state: TolerancePolicyState::Draft.into(),
            ..Default::default()
        };
        let offered = |policy: &TolerancePolicy| -> Vec<String> {
            acts(policy, &[], "/tolerances/1", (true, true))
                .forms
                .into_iter()
                .map(|form| form.method)
                .collect()
        };
        assert_eq!(offered(&policy), ["SimulateTolerancePolicy"]);
        policy.set_state(TolerancePolicyState::Simulated);
        assert_eq!(
            offered(&policy),
            ["SimulateTolerancePolicy", "AdoptTolerancePolicy"]
        );
        policy.set_state(TolerancePolicyState::InEffect);
        assert!(offered(&policy).is_empty());
    }
}
