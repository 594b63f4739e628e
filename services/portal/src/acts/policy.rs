//! Tolerance policies: drafted, tried on years that were measured, adopted by a person.

use proto::{
    controls::v1::{
        AdoptTolerancePolicyRequest, CreateTolerancePolicyRequest, NeutralisedYear,
        SimulateTolerancePolicyRequest, ToleranceBand, TolerancePolicy, ToleranceRules,
    },
    types::v1::Unit,
};
use tonic::Status;

use super::{ActForm, Acts, Field, decimal, line::parts, sending::sent, wrong};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::{labels, numbers},
};

/// Where policies are.
pub(crate) const PATH: &str = "/tolerances";
/// What an objective may count.
pub(super) const UNITS: [Unit; 10] = [
    Unit::Stays,
    Unit::Sessions,
    Unit::Days,
    Unit::Patients,
    Unit::Acts,
    Unit::Places,
    Unit::Sites,
    Unit::Devices,
    Unit::Percent,
    Unit::Minutes,
];

/// The form of a draft, which starts from these settings.
pub(crate) fn new_policy(regions: Vec<(String, String)>, model: &ToleranceRules) -> ActForm {
    let year = |year: i32| match year {
        0 => String::new(),
        year => year.to_string(),
    };
    let chance = if model.chance_excluded { "oui" } else { "non" };
    ActForm::new(
        "CreateTolerancePolicy",
        "Préparer une politique de tolérance",
        "Enregistrer le projet",
    )
    .intro("Aucun seuil national n’existe : la région fixe les siens, les motive, et voit ce qu’ils auraient changé avant de les adopter.")
    .with(Field::choice("region", "Région", regions))
    .with(
        Field::line("first_year", "Première année")
            .hint("Sur quatre chiffres.")
            .holding(&year(model.first_year)),
    )
    .with(Field::line("last_year", "Dernière année").holding(&year(model.last_year)))
    .with(
        Field::line("conforming_percent", "Conforme jusqu’à, en % de la cible")
            .holding(&numbers::from_wire(&model.conforming_percent)),
    )
    .with(
        Field::line("minor_percent", "Mineur jusqu’à, en % de la cible")
            .hint("Au-delà, l’écart est majeur.")
            .holding(&numbers::from_wire(&model.minor_percent)),
    )
    .with(
        Field::line("minimum_count", "Effectif en dessous duquel on ne juge pas")
            .hint("Quand la cible et la valeur sont toutes deux en dessous.")
            .holding(&numbers::from_wire(&model.minimum_count)),
    )
    .with(
        Field::text("bands", "Autres seuils pour certains objectifs")
            .hint("Une ligne chacun : ce que les objectifs comptent | conforme jusqu’à, % | mineur jusqu’à, % | effectif minimal. Par exemple « places, implantations | 0 | 5 | 0 ». On compte des séjours, séances, journées, patients, actes, places, implantations, appareils, %, minutes.")
            .holding(&typed_bands(&model.bands))
            .optional(),
    )
    .with(
        Field::line("priority_after_years", "À regarder d’abord après")
            .hint("Nombre d’années d’écart de suite, dans le même sens ; 0 : jamais.")
            .holding(&model.priority_after_years.to_string()),
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
        .holding(chance),
    )
    .with(
        Field::text("neutralised_years", "Années neutralisées")
            .hint("Une ligne chacune : année | motif. Elles sont mesurées, jamais jugées.")
            .holding(&typed_years(&model.neutralised_years))
            .optional(),
    )
    .with(Field::text("reasons", "Motifs"))
    .on(PATH, "")
}

/// What a draft starts from when no policy is its model.
pub(crate) fn usual_rules() -> ToleranceRules {
    ToleranceRules {
        conforming_percent: "5".to_owned(),
        minor_percent: "10".to_owned(),
        minimum_count: "30".to_owned(),
        chance_excluded: true,
        ..Default::default()
    }
}

/// Bands as one types them, one a line.
fn typed_bands(bands: &[ToleranceBand]) -> String {
    let line = |band: &ToleranceBand| {
        let units: Vec<&str> = band.units().map(labels::unit).collect();
        let figures = [
            &band.conforming_percent,
            &band.minor_percent,
            &band.minimum_count,
        ];
        let figures = figures.map(|figure| numbers::from_wire(figure));
        format!("{} | {}", units.join(", "), figures.join(" | "))
    };
    bands.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Neutralised years as one types them, one a line.
fn typed_years(years: &[NeutralisedYear]) -> String {
    let line = |one: &NeutralisedYear| format!("{} | {}", one.year, one.reasons);
    years.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The bands that were typed; a word that is no unit is said.
fn bands(form: &Form) -> Result<Vec<ToleranceBand>, Status> {
    form.lines("bands").iter().map(|line| band(line)).collect()
}

fn band(line: &str) -> Result<ToleranceBand, Status> {
    let [words, conforming, minor, minimum] = parts(line);
    let words = words.split(',').map(str::trim);
    let units = words.filter(|word| !word.is_empty()).map(|word| {
        let known = |unit: &Unit| labels::unit(*unit) == word.to_lowercase();
        let unit = UNITS.into_iter().find(known).map(i32::from);
        unit.ok_or_else(|| {
            wrong(
                "bands",
                &format!("« {word} » n’est pas ce que compte un objectif."),
            )
        })
    });
    Ok(ToleranceBand {
        units: units.collect::<Result<_, _>>()?,
        conforming_percent: decimal(conforming),
        minor_percent: decimal(minor),
        minimum_count: decimal(minimum),
    })
}

/// Drafts it, and says which it is.
pub(crate) async fn send_draft(services: &Services, form: &Form) -> Result<String, Status> {
    let mut client = services.policies();
    let policy = client
        .create_tolerance_policy(within(create(form)?))
        .await?;
    Ok(id_of(&policy.into_inner().name).to_owned())
}

/// A draft as it was typed.
fn create(form: &Form) -> Result<CreateTolerancePolicyRequest, Status> {
    let neutralised = form.lines("neutralised_years");
    let rules = ToleranceRules {
        first_year: form.whole("first_year").unwrap_or_default(),
        last_year: form.whole("last_year").unwrap_or_default(),
        conforming_percent: decimal(form.text("conforming_percent")),
        minor_percent: decimal(form.text("minor_percent")),
        minimum_count: decimal(form.text("minimum_count")),
        bands: bands(form)?,
        neutralised_years: neutralised
            .iter()
            .map(|line| {
                let [year, reasons] = parts(line);
                NeutralisedYear {
                    year: year.parse().unwrap_or_default(),
                    reasons: reasons.to_owned(),
                }
            })
            .collect(),
        priority_after_years: form.whole("priority_after_years").unwrap_or_default(),
        chance_excluded: form.text("chance_excluded") == "oui",
    };
    Ok(CreateTolerancePolicyRequest {
        region: form.text("region").to_owned(),
        rules: Some(rules),
        reasons: form.text("reasons").to_owned(),
        request_id: form.text("request_id").to_owned(),
    })
}

/// What may be done next, and why not the rest, as the service says it; nothing of what the person never does.
pub(crate) fn acts(policy: &TolerancePolicy, replaceable: &[(String, String)], page: &str) -> Acts {
    Acts::theirs(&policy.allowed_actions, page, &policy.etag, |method| {
        form(method, replaceable)
    })
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
    sent!(
        services.policies(),
        name,
        form,
        match method {
            "SimulateTolerancePolicy" =>
                simulate_tolerance_policy(SimulateTolerancePolicyRequest {
                    years: form
                        .text("years")
                        .split([' ', ',', ';'])
                        .filter_map(|year| year.parse().ok())
                        .collect(),
                }),
            "AdoptTolerancePolicy" => adopt_tolerance_policy(AdoptTolerancePolicyRequest {
                effect_date: form.text("effect_date").to_owned(),
                replaces: form.text("replaces").to_owned(),
                reasons: form.text("reasons").to_owned(),
            }),
        }
    )
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
    use proto::types::v1::AllowedAction;

    #[test]
    fn settings_are_read_as_they_are_typed_in_french() {
        let form = Form::parse(
            "region=93&first_year=2026&last_year=2028&conforming_percent=2%2C5&minor_percent=10&minimum_count=1+000&neutralised_years=2020+%7C+%C3%89pid%C3%A9mie&chance_excluded=oui&priority_after_years=2&reasons=Motif",
        );
        let rules = create(&form).unwrap().rules.unwrap();
        assert_eq!(rules.conforming_percent, "2.5");
        assert_eq!(rules.minimum_count, "1000");
        assert_eq!(rules.neutralised_years[0].year, 2020);
        assert_eq!(rules.neutralised_years[0].reasons, "Épidémie");
        assert!(rules.chance_excluded);
    }

    #[test]
    fn bands_are_typed_one_a_line_and_come_back_as_they_were() {
        let mut form = Form::default();
        form.push(
            "bands",
            "Places, implantations | 0 | 5 | 0\npatients | 2,5 | 10 | 1 000",
        );
        let bands = create(&form).unwrap().rules.unwrap().bands;
        let units = [i32::from(Unit::Places), i32::from(Unit::Sites)];
        assert_eq!(bands[0].units, units);
        assert_eq!(
            (
                bands[1].conforming_percent.as_str(),
                bands[1].minimum_count.as_str()
            ),
            ("2.5", "1000")
        );
        let mut again = Form::default();
        again.push("bands", &typed_bands(&bands));
        assert_eq!(create(&again).unwrap().rules.unwrap().bands, bands);
        let mut wrong = Form::default();
        wrong.push("bands", "chaises | 1 | 2 | 3");
        assert_eq!(
            create(&wrong).unwrap_err().code(),
            tonic::Code::InvalidArgument
        );
    }

    #[test]
    fn a_policy_offers_what_the_service_allows_and_says_why_not_the_rest() {
        let offered = |reasons: [&str; 2]| {
            let methods = ["SimulateTolerancePolicy", "AdoptTolerancePolicy"];
            let answered = methods.into_iter().zip(reasons);
            let policy = TolerancePolicy {
                allowed_actions: answered
                    .map(|(method, reason)| AllowedAction {
                        method: method.to_owned(),
                        allowed: reason.is_empty(),
                        reason: reason.to_owned(),
                        explanation: String::new(),
                    })
                    .collect(),
                ..Default::default()
            };
            let acts = acts(&policy, &[], "/tolerances/1");
            let methods: Vec<String> = acts.forms.into_iter().map(|form| form.method).collect();
            let refused: Vec<String> = acts.refused.into_iter().map(|one| one.why).collect();
            (methods, refused)
        };
        let (methods, refused) = offered(["", "POLICY_NOT_SIMULATED"]);
        assert_eq!(methods, ["SimulateTolerancePolicy"]);
        assert!(refused[0].contains("Faites d’abord l’essai"));
        let (methods, refused) = offered(["NOTHING_MEASURED", ""]);
        assert_eq!(methods, ["AdoptTolerancePolicy"]);
        assert!(refused[0].contains("aucune année"));
        let (methods, refused) = offered(["", "PERMISSION_DENIED"]);
        assert_eq!((methods.len(), refused.len()), (1, 0));
        let (methods, refused) = offered(["POLICY_ADOPTED"; 2]);
        assert_eq!((methods.len(), refused.len()), (0, 2));
    }
}
