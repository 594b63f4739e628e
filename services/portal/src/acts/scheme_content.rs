//! What a regional scheme says, as a person types it; and the axes its objectives follow.

use proto::targets::v1::{
    Axis, AxisVersion, DraftSchemeRequest, HomeShareTarget, RecordAxesRequest,
    ReplaceSchemeRequest, SchemeContent, SchemeObjective,
};
use tonic::Status;

use super::{ActForm, Field, Rows, Values, choices, decimal, scheme::PATH, typed_rows};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::territory as words,
};

/// Where axes are.
pub(crate) const AXES_PATH: &str = "/territoires/schema/axes";

const OBJECTIVE: [&str; 12] = [
    "objectives.id",
    "objectives.axis",
    "objectives.title",
    "objectives.territory",
    "objectives.category",
    "objectives.public",
    "objectives.baseline_places",
    "objectives.places_to_create",
    "objectives.places_to_transform",
    "objectives.horizon",
    "objectives.credits",
    "objectives.note",
];
const HOME_SHARE: [&str; 4] = [
    "home_shares.territory",
    "home_shares.public",
    "home_shares.percent",
    "home_shares.horizon",
];
const AXIS: [&str; 2] = ["axes.code", "axes.title"];

/// What the objectives of a scheme may name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    pub(crate) axes: Vec<AxisVersion>,
    /// Territories by resource name.
    pub(crate) territories: Vec<(String, String)>,
}

/// The form of a new scheme of a region.
pub(crate) fn draft(region: &str, named: &Named) -> ActForm {
    let act = ActForm::new(
        "DraftScheme",
        "Préparer un schéma",
        "Enregistrer le projet",
    )
    .intro("Une région a un seul projet à la fois. Il ne compte qu’une fois adopté par le directeur général.")
    .with(Field::hidden("region", region));
    let mut form = fields(act, &SchemeContent::default(), named);
    form.action = format!("{PATH}/nouveau");
    form
}

/// The form that replaces what a draft says.
pub(crate) fn replace(page: &str, etag: &str, content: &SchemeContent, named: &Named) -> ActForm {
    let act = ActForm::new(
        "ReplaceScheme",
        "Modifier le projet de schéma",
        "Remplacer le projet",
    )
    .intro("Ce qui est écrit ici remplace tout le projet.");
    let mut form = fields(act, content, named);
    page.clone_into(&mut form.action);
    etag.clone_into(&mut form.etag);
    form
}

fn fields(act: ActForm, content: &SchemeContent, named: &Named) -> ActForm {
    let versions = named.axes.iter().map(|version| {
        let told = format!("{}, depuis le {}", version.source, version.valid_from);
        (version.name.clone(), told)
    });
    act.with(Field::line("content.title", "Intitulé").holding(&content.title))
        .with(
            Field::line("content.scheme_version", "Nom court")
                .hint("En majuscules, par exemple « SRS_2023_2028 ».")
                .holding(&content.scheme_version),
        )
        .with(Field::day("content.valid_from", "Premier jour").holding(&content.valid_from))
        .with(Field::day("content.valid_to", "Dernier jour").holding(&content.valid_to))
        .with(Field::line("content.source", "Où le texte est publié").holding(&content.source))
        .with(
            Field::choice("content.axes", "Axes nationaux", versions.collect())
                .hint("La version des axes que suivent ses objectifs.")
                .holding(&content.axes),
        )
        .repeating(
            Rows::new(
                "objectives",
                "Objectifs",
                "Objectif",
                objective_fields(named),
            )
            .hint("Ce que le schéma fixe pour un territoire et un public. Un au moins.")
            .holding(content.objectives.iter().map(of_objective).collect()),
        )
        .repeating(
            Rows::new(
                "home_shares",
                "Part des places en milieu ordinaire",
                "Part visée",
                share_fields(named),
            )
            .holding(content.home_shares.iter().map(of_share).collect()),
        )
}

fn objective_fields(named: &Named) -> Vec<Field> {
    vec![
        Field::line(OBJECTIVE[0], "Identifiant").hint("En minuscules, par exemple « sessad-83 »."),
        Field::choice(OBJECTIVE[1], "Axe", axes(named)),
        Field::line(OBJECTIVE[2], "Intitulé"),
        Field::choice(OBJECTIVE[3], "Territoire", named.territories.clone()),
        Field::line(OBJECTIVE[4], "Catégorie").hint("Code FINESS, par exemple 182."),
        Field::choice(OBJECTIVE[5], "Public", choices(&words::PUBLICS)),
        Field::line(OBJECTIVE[6], "Places au départ"),
        Field::line(OBJECTIVE[7], "Places à créer"),
        Field::line(OBJECTIVE[8], "Places à transformer").hint("Parmi celles du départ."),
        Field::line(OBJECTIVE[9], "Pour l’année"),
        Field::line(OBJECTIVE[10], "Crédits, en euros").hint("Vide : le schéma n’en nomme pas."),
        Field::line(OBJECTIVE[11], "Note"),
    ]
}

fn share_fields(named: &Named) -> Vec<Field> {
    vec![
        Field::choice(HOME_SHARE[0], "Territoire", named.territories.clone()),
        Field::choice(HOME_SHARE[1], "Public", choices(&words::PUBLICS)),
        Field::line(HOME_SHARE[2], "Part visée (%)"),
        Field::line(HOME_SHARE[3], "Pour l’année"),
    ]
}

/// The axes of every version, each code once.
fn axes(named: &Named) -> Vec<(String, String)> {
    let mut known: Vec<(String, String)> = Vec::new();
    for axis in named.axes.iter().flat_map(|version| &version.axes) {
        if !known.iter().any(|(code, _)| *code == axis.code) {
            known.push((axis.code.clone(), format!("{} ({})", axis.title, axis.code)));
        }
    }
    known
}

fn of_objective(one: &SchemeObjective) -> Vec<String> {
    vec![
        one.id.clone(),
        one.axis.clone(),
        one.title.clone(),
        one.territory.clone(),
        one.category.clone(),
        one.public.to_string(),
        one.baseline_places.to_string(),
        one.places_to_create.to_string(),
        one.places_to_transform.to_string(),
        one.horizon.to_string(),
        one.credits.clone(),
        one.note.clone(),
    ]
}

fn of_share(one: &HomeShareTarget) -> Vec<String> {
    vec![
        one.territory.clone(),
        one.public.to_string(),
        one.percent.clone(),
        one.horizon.to_string(),
    ]
}

fn objective(row: Vec<String>) -> SchemeObjective {
    let mut of = Values::of(row);
    SchemeObjective {
        id: of.next(),
        axis: of.next(),
        title: of.next(),
        territory: of.next(),
        category: of.next(),
        public: of.whole(),
        baseline_places: of.whole(),
        places_to_create: of.whole(),
        places_to_transform: of.whole(),
        horizon: of.whole(),
        credits: decimal(&of.next()),
        note: of.next(),
    }
}

fn share(row: Vec<String>) -> HomeShareTarget {
    let mut of = Values::of(row);
    HomeShareTarget {
        territory: of.next(),
        public: of.whole(),
        percent: decimal(&of.next()),
        horizon: of.whole(),
    }
}

/// A scheme as it was typed.
fn content(form: &Form) -> SchemeContent {
    let typed = |name: &str| form.text(name).to_owned();
    SchemeContent {
        scheme_version: typed("content.scheme_version"),
        title: typed("content.title"),
        valid_from: typed("content.valid_from"),
        valid_to: typed("content.valid_to"),
        source: typed("content.source"),
        axes: typed("content.axes"),
        objectives: typed_rows(form, &OBJECTIVE)
            .into_iter()
            .map(objective)
            .collect(),
        home_shares: typed_rows(form, &HOME_SHARE)
            .into_iter()
            .map(share)
            .collect(),
    }
}

/// Drafts it, and says which it is.
pub(crate) async fn send_draft(services: &Services, form: &Form) -> Result<String, Status> {
    let request = DraftSchemeRequest {
        region: form.text("region").to_owned(),
        content: Some(content(form)),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.schemes();
    let scheme = client.draft_scheme(within(request)).await?.into_inner();
    Ok(id_of(&scheme.name).to_owned())
}

/// Replaces what a draft says.
pub(crate) async fn send_replace(
    services: &Services,
    name: String,
    form: &Form,
) -> Result<(), Status> {
    let request = ReplaceSchemeRequest {
        name,
        etag: form.text("etag").to_owned(),
        content: Some(content(form)),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.schemes();
    client.replace_scheme(within(request)).await.map(|_| ())
}

/// The form that records a version of the axes.
pub(crate) fn record_axes(regions: Vec<(String, String)>) -> ActForm {
    let mut form = ActForm::new(
        "RecordAxes",
        "Enregistrer une version des axes",
        "Enregistrer cette version",
    )
    .intro("Une version ne change jamais ; toutes les régions la lisent.")
    .with(Field::choice("region", "Région qui l’enregistre", regions))
    .with(
        Field::line("version_id", "Identifiant de la version")
            .hint("En minuscules, par exemple « axes-2026 »."),
    )
    .with(Field::day("valid_from", "Utilisée à partir du"))
    .with(Field::line("source", "Texte d’où viennent ces axes"))
    .repeating(Rows::new(
        "axes",
        "Axes",
        "Axe",
        vec![
            Field::line(AXIS[0], "Code").hint("En majuscules, par exemple « DOMICILE »."),
            Field::line(AXIS[1], "Intitulé"),
        ],
    ));
    AXES_PATH.clone_into(&mut form.action);
    form
}

/// Records it.
pub(crate) async fn send_axes(services: &Services, form: &Form) -> Result<(), Status> {
    let typed = |name: &str| form.text(name).to_owned();
    let axis = |row: Vec<String>| {
        let mut of = Values::of(row);
        Axis {
            code: of.next(),
            title: of.next(),
        }
    };
    let request = RecordAxesRequest {
        region: typed("region"),
        version_id: typed("version_id"),
        valid_from: typed("valid_from"),
        source: typed("source"),
        axes: typed_rows(form, &AXIS).into_iter().map(axis).collect(),
        request_id: typed("request_id"),
    };
    let mut client = services.schemes();
    client.record_axes(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "DraftScheme" => "Le projet de schéma est enregistré.",
        "ReplaceScheme" => "Le projet de schéma est remplacé.",
        "RecordAxes" => "La version des axes est enregistrée.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_goes_through_its_form_and_back() {
        let before = SchemeContent {
            scheme_version: "SRS_2023_2028".to_owned(),
            title: "Schéma".to_owned(),
            valid_from: "2023-01-01".to_owned(),
            valid_to: "2028-12-31".to_owned(),
            source: "RAA".to_owned(),
            axes: "axisVersions/axes-2024".to_owned(),
            objectives: vec![SchemeObjective {
                id: "sessad-83".to_owned(),
                axis: "DOMICILE".to_owned(),
                title: "Services <b>à</b> domicile".to_owned(),
                territory: "territoryVersions/zones/territories/Z1".to_owned(),
                category: "182".to_owned(),
                public: 2,
                baseline_places: 90,
                places_to_create: 20,
                places_to_transform: 0,
                horizon: 2028,
                credits: "250000.50".to_owned(),
                note: String::new(),
            }],
            home_shares: vec![HomeShareTarget {
                territory: "territoryVersions/zones/territories/Z1".to_owned(),
                public: 1,
                percent: "40".to_owned(),
                horizon: 2028,
            }],
        };
        let form = replace("/x", "\"1\"", &before, &Named::default());
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        let rows = form
            .rows
            .iter()
            .flat_map(|list| list.lines.iter().flatten());
        for field in form.fields.iter().chain(rows) {
            encoded.append_pair(field.name, &field.value);
        }
        assert_eq!(content(&Form::parse(&encoded.finish())), before);
    }

    #[test]
    fn what_is_no_number_is_never_taken_for_zero() {
        let typed = Form::parse("objectives.id=a&objectives.baseline_places=vingt");
        let read = content(&typed);
        assert_eq!(read.objectives[0].baseline_places, -1);
        assert_eq!(read.objectives[0].places_to_create, 0);
    }
}
