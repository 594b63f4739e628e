//! Places of establishments as a person types them: one row a line of a site, with its authorised, installed and
//! financed places, which the services keep apart.

use proto::targets::v1::{Capacity, CapacityKind, RecordCapacitiesRequest};
use tonic::Status;

use super::{ActForm, Field, Rows, Values, choices, sending::renamed, typed_rows};
use crate::{
    form::Form,
    services::{Services, within},
    text::territory as words,
};

/// Where places are.
pub(crate) const PATH: &str = "/territoires/places";

const LINE: [&str; 12] = [
    "capacities.establishment",
    "capacities.line",
    "capacities.category",
    "capacities.mode",
    "capacities.public",
    "capacities.authorised",
    "capacities.installed",
    "capacities.financed",
    "capacities.valid_from",
    "capacities.commune",
    "capacities.opening_days",
    "capacities.plans",
];
/// The three capacities, each with what its field is called.
const KINDS: [(CapacityKind, &str); 3] = [
    (CapacityKind::Authorised, "authorised"),
    (CapacityKind::Installed, "installed"),
    (CapacityKind::Financed, "financed"),
];

/// The form that records places of a region under an act.
pub(crate) fn record(region: &str, decision: &str) -> ActForm {
    let blank = vec![
        Field::line(LINE[0], "Établissement").hint("Son numéro FINESS."),
        Field::line(LINE[1], "Ligne").hint("En minuscules, par exemple « permanent »."),
        Field::line(LINE[2], "Catégorie").hint("Code FINESS, par exemple 500."),
        Field::choice(LINE[3], "Accueil", choices(&words::RECEPTIONS)),
        Field::choice(LINE[4], "Public", choices(&words::PUBLICS))
            .hint("Vide : celui de la catégorie, si elle n’en a qu’un."),
        Field::line(LINE[5], "Places autorisées"),
        Field::line(LINE[6], "Places installées"),
        Field::line(LINE[7], "Places financées"),
        Field::day(LINE[8], "À partir du"),
        Field::line(LINE[9], "Commune").hint("Code INSEE."),
        Field::line(LINE[10], "Jours d’ouverture par an").hint("Vide : tous les jours."),
        Field::line(LINE[11], "Plans nationaux")
            .hint("Séparés par des espaces, par exemple ALZHEIMER_2008_2012."),
    ];
    let mut form = ActForm::new("RecordCapacities", "Enregistrer des places", "Enregistrer")
        .intro("Zéro ferme la ligne ; un nombre laissé vide ne change rien. Un enregistrement du même jour corrige le précédent. Tout est enregistré, ou rien.")
        .with(Field::hidden("region", region))
        .with(
            Field::line("decision", "Acte")
                .hint("L’arrêté, la décision tarifaire ou le contrat où ces places figurent. Pour les relier à un appel à projet : l’arrêté d’autorisation, mot pour mot.")
                .holding(decision),
        )
        .repeating(Rows::new("capacities", "Places, site par site", "Ligne", blank));
    PATH.clone_into(&mut form.action);
    form
}

/// The places that were typed, and for each of them the row and the field it was typed in.
fn typed(form: &Form) -> (Vec<Capacity>, Vec<(usize, &'static str)>) {
    let decision = form.text("decision");
    let (mut places, mut from) = (Vec::new(), Vec::new());
    for (row, values) in typed_rows(form, &LINE).into_iter().enumerate() {
        let counts: Vec<String> = values.get(5..8).unwrap_or_default().to_vec();
        let line = line(values, decision);
        let told = KINDS.iter().zip(counts);
        let told: Vec<_> = told.filter(|(_, count)| !count.is_empty()).collect();
        if told.is_empty() {
            // A row without a number is refused by the service, never left out.
            places.push(line);
            from.push((row, "authorised"));
            continue;
        }
        for ((kind, field), count) in told {
            let mut place = line.clone();
            place.set_kind(*kind);
            place.places = Values::of(vec![count]).whole();
            places.push(place);
            from.push((row, *field));
        }
    }
    (places, from)
}

/// A row without its numbers.
fn line(values: Vec<String>, decision: &str) -> Capacity {
    let mut of = Values::of(values);
    let mut line = Capacity {
        establishment: of.next(),
        line: of.next(),
        category: of.next(),
        mode: of.whole(),
        public: of.whole(),
        decision: decision.to_owned(),
        ..Default::default()
    };
    for _ in KINDS {
        of.next();
    }
    line.valid_from = of.next();
    line.commune = of.next();
    line.opening_days = of.whole();
    line.plans = of
        .next()
        .split([' ', ',', ';'])
        .filter(|plan| !plan.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    line
}

/// Records them for a region.
pub(crate) async fn send(services: &Services, form: &Form) -> Result<(), Status> {
    let (capacities, from) = typed(form);
    let request = RecordCapacitiesRequest {
        region: form.text("region").to_owned(),
        capacities,
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.capacities();
    let sent = client.record_capacities(within(request)).await;
    // What is said of a place is said of the row and the field it was typed in.
    sent.map(|_| ())
        .map_err(|status| renamed(status, |path| moved(path, &from)))
}

/// `capacities[4].places` was typed, say, as `capacities[1].installed`.
fn moved(path: &str, from: &[(usize, &'static str)]) -> Option<String> {
    let rest = path.strip_prefix("capacities[")?;
    let (place, field) = rest.split_once(']')?;
    let (row, typed) = from.get(place.parse::<usize>().ok()?)?;
    let field = match field.trim_start_matches('.') {
        "" | "kind" | "places" => *typed,
        "decision" => return Some("decision".to_owned()),
        other => other,
    };
    Some(format!("capacities[{row}].{field}"))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    (method == "RecordCapacities").then_some("Les places sont enregistrées.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_many_places_as_it_has_numbers() {
        let text = "decision=Arr%C3%AAt%C3%A9&capacities.establishment=130001647&capacities.line=permanent\
            &capacities.category=500&capacities.mode=1&capacities.public=&capacities.authorised=80\
            &capacities.installed=&capacities.financed=78&capacities.valid_from=2024-01-01\
            &capacities.commune=13055&capacities.opening_days=&capacities.plans=PLAN_A+PLAN_B";
        let (places, from) = typed(&Form::parse(text));
        let told: Vec<(CapacityKind, i32)> =
            places.iter().map(|one| (one.kind(), one.places)).collect();
        assert_eq!(
            told,
            [(CapacityKind::Authorised, 80), (CapacityKind::Financed, 78)]
        );
        assert_eq!(from, [(0, "authorised"), (0, "financed")]);
        assert_eq!(places[1].plans, ["PLAN_A", "PLAN_B"]);
        assert_eq!(places[1].decision, "Arrêté");
        assert_eq!(
            moved("capacities[1].places", &from).as_deref(),
            Some("capacities[0].financed")
        );
        assert_eq!(
            moved("capacities[1].commune", &from).as_deref(),
            Some("capacities[0].commune")
        );
        assert_eq!(moved("region", &from), None);
    }

    #[test]
    fn a_row_without_a_number_is_not_left_out() {
        let (places, from) = typed(&Form::parse("capacities.establishment=130001647"));
        assert_eq!(places.len(), 1);
        assert_eq!(places[0].kind(), CapacityKind::Unspecified);
        assert_eq!(from, [(0, "authorised")]);
    }
}
