//! Acts on regional frameworks: drafted line by line, replaced while they are drafts, agreed side by side.

use proto::{
    targets::v1::{
        ActivityMode, AgreeToFrameworkRequest, DraftFrameworkRequest, FrameworkLine,
        RegionalFramework, ReplaceFrameworkLinesRequest,
    },
    types::v1::Unit,
};
use tonic::Status;

use super::{ActForm, Field, Rows, Values, choices, decimal, sending::sent, typed_rows};
use crate::{
    form::Form,
    services::{Services, within},
    text::{labels, territory as words},
};

/// Where frameworks are.
pub(crate) const PATH: &str = "/territoires/cadres";

const LINE: [&str; 11] = [
    "lines.activity",
    "lines.mode",
    "lines.indicator",
    "lines.unit",
    "lines.baseline",
    "lines.baseline_year",
    "lines.target_year",
    "lines.growth_percent",
    "lines.ambulatory_share_percent",
    "lines.ambulatory_indicator",
    "lines.source",
];
/// Modes of care, for a choice.
pub(super) const MODES: [ActivityMode; 6] = [
    ActivityMode::All,
    ActivityMode::Full,
    ActivityMode::Ambulatory,
    ActivityMode::Session,
    ActivityMode::PartTime,
    ActivityMode::Home,
];
/// What activity is counted in.
pub(super) const UNITS: [Unit; 5] = [
    Unit::Stays,
    Unit::Sessions,
    Unit::Days,
    Unit::Patients,
    Unit::Acts,
];

/// The form of the next framework of a region.
pub(crate) fn draft(region: &str) -> ActForm {
    let form = ActForm::new(
        "DraftFramework",
        "Préparer un cadre",
        "Enregistrer le projet",
    )
    .intro("Une région a un seul projet à la fois. Il ne compte qu’une fois convenu par le conseil national de pilotage et par l’agence.")
    .with(Field::hidden("region", region))
    .with(Field::day("effect_date", "Premier jour"))
    .with(Field::day("end_date", "Dernier jour"));
    content(form, &RegionalFramework::default()).on(PATH, "")
}

/// How an act on a draft is done.
pub(crate) fn form(method: &str, draft: &RegionalFramework) -> Option<ActForm> {
    let act = |title: &str, button: &str| {
        ActForm::new(method, title, button)
            .with(Field::hidden("name", &draft.name))
            .with(Field::hidden("region", &draft.region))
    };
    let form = match method {
        "ReplaceFrameworkLines" => {
            let form = act("Modifier le projet", "Remplacer le projet")
                .intro("Ce qui est écrit ici remplace tout le projet. Un accord déjà donné tombe.");
            content(form, draft)
        }
        "AgreeToFramework" => act("Convenir de ce cadre", "Donner l’accord de votre partie")
            .grave()
            .intro("Quand les deux parties en sont convenues, le cadre ne change plus : une révision est un autre cadre. Il informe, et rien n’en découle automatiquement."),
        _ => return None,
    };
    Some(form.on(PATH, &draft.etag))
}

fn content(form: ActForm, framework: &RegionalFramework) -> ActForm {
    let modes = MODES.map(|mode| (mode, words::mode(mode)));
    let units = UNITS.map(|unit| (unit, labels::unit(unit)));
    let blank = vec![
        Field::line(LINE[0], "Grande activité").hint("Code, par exemple CHIRURGIE."),
        Field::choice(LINE[1], "Mode", choices(&modes)),
        Field::line(LINE[2], "Indicateur")
            .hint("Code sous lequel les contrats la comptent, par exemple MCO_STAYS."),
        Field::choice(LINE[3], "Unité", choices(&units)),
        Field::line(LINE[4], "Volume de départ"),
        Field::line(LINE[5], "Année de départ"),
        Field::line(LINE[6], "Année visée"),
        Field::line(LINE[7], "Évolution (%)")
            .hint("De l’une à l’autre ; négative pour une baisse."),
        Field::line(LINE[8], "Part ambulatoire visée (%)").hint("Vide : aucune n’est visée."),
        Field::line(LINE[9], "Indicateur de la part ambulatoire"),
        Field::line(LINE[10], "Source du volume de départ"),
    ];
    let rows = framework.lines.iter().map(typed).collect();
    form.with(
        Field::text("note", "Ce qui accompagne les chiffres")
            .holding(&framework.note)
            .optional(),
    )
    .repeating(
        Rows::new("lines", "Lignes", "Ligne", blank)
            .hint("Une activité et un mode n’ont qu’une ligne.")
            .holding(rows),
    )
}

/// A line as it is typed again.
fn typed(line: &FrameworkLine) -> Vec<String> {
    let number = |text: &str| text.replace('.', ",");
    vec![
        line.activity.clone(),
        line.mode.to_string(),
        line.indicator.clone(),
        line.unit.to_string(),
        number(&line.baseline),
        line.baseline_year.to_string(),
        line.target_year.to_string(),
        number(&line.growth_percent),
        number(&line.ambulatory_share_percent),
        line.ambulatory_indicator.clone(),
        line.source.clone(),
    ]
}

fn lines(form: &Form) -> Vec<FrameworkLine> {
    let rows = typed_rows(form, &LINE).into_iter();
    rows.map(|row| {
        let mut values = Values::of(row);
        FrameworkLine {
            activity: values.next(),
            mode: values.whole(),
            indicator: values.next(),
            unit: values.whole(),
            baseline: decimal(&values.next()),
            baseline_year: values.whole(),
            target_year: values.whole(),
            growth_percent: decimal(&values.next()),
            ambulatory_share_percent: decimal(&values.next()),
            ambulatory_indicator: values.next(),
            source: values.next(),
        }
    })
    .collect()
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method == "DraftFramework" {
        return Some(send_draft(services, form).await);
    }
    sent!(
        services.frameworks(),
        form.text("name").to_owned(),
        form,
        match method {
            "ReplaceFrameworkLines" => replace_framework_lines(ReplaceFrameworkLinesRequest {
                lines: lines(form),
                note: form.text("note").to_owned(),
            }),
            "AgreeToFramework" => agree_to_framework(AgreeToFrameworkRequest {}),
        }
    )
}

/// Sends a new draft.
async fn send_draft(services: &Services, form: &Form) -> Result<(), Status> {
    let request = DraftFrameworkRequest {
        region: form.text("region").to_owned(),
        effect_date: form.text("effect_date").to_owned(),
        end_date: form.text("end_date").to_owned(),
        lines: lines(form),
        note: form.text("note").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.frameworks();
    client.draft_framework(within(request)).await.map(|_| ())
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "DraftFramework" => "Le projet de cadre est enregistré.",
        "ReplaceFrameworkLines" => "Le projet de cadre est remplacé.",
        "AgreeToFramework" => "L’accord de votre partie est enregistré.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_framework_goes_through_its_form_and_back() {
        let line = FrameworkLine {
            activity: "CHIRURGIE".to_owned(),
            mode: ActivityMode::All.into(),
            indicator: "MCO_STAYS".to_owned(),
            unit: Unit::Stays.into(),
            baseline: "300000.5".to_owned(),
            baseline_year: 2023,
            target_year: 2027,
            growth_percent: "-1.5".to_owned(),
            ambulatory_share_percent: "62".to_owned(),
            ambulatory_indicator: "MCO_AMBULATORY".to_owned(),
            source: "PMSI 2023".to_owned(),
        };
        let draft = RegionalFramework {
            name: "frameworks/1".to_owned(),
            etag: "\"2\"".to_owned(),
            lines: vec![line.clone()],
            ..Default::default()
        };
        let form = form("ReplaceFrameworkLines", &draft).unwrap();
        assert_eq!(form.etag, "\"2\"");
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for field in form
            .fields
            .iter()
            .chain(form.rows[0].lines.iter().flatten())
        {
            encoded.append_pair(field.name, &field.value);
        }
        let typed = Form::parse(&encoded.finish());
        assert_eq!(typed.text("name"), "frameworks/1");
        assert_eq!(lines(&typed), [line]);
        assert!(super::form("SignFramework", &draft).is_none());
    }
}
