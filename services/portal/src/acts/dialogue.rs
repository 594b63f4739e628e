//! Acts on the dialogue of a territory: opened, held sitting by sitting, concluded; and inflections proposed in it.

use proto::targets::v1::{
    CloseDialogueRequest, DiagnosisFinding, DialogueSession, Evidence, EvidenceKind,
    InflectionDirection, InflectionProposal, InviteParticipantsRequest, OpenDialogueRequest,
    Participant, ProposeInflectionRequest, RecordDiagnosisRequest, RecordSessionRequest,
};
use tonic::Status;

use super::{
    ActForm, Field, choices, decimal,
    framework::{MODES, UNITS},
    sending::{renamed, sent},
    wrong,
};
use crate::{
    failure::explain,
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::{labels, territory as words},
};

/// Where dialogues are.
pub(crate) const PATH: &str = "/territoires/dialogues";

/// What a diagnosis and an inflection may cite: resource names with what they are called.
#[derive(Debug, Default)]
pub(crate) struct Citable {
    pub(crate) rates: Vec<(String, String)>,
    pub(crate) case_mix: Vec<(String, String)>,
}

/// The form that opens one; `territories` are those of the region that is looked at.
pub(crate) fn open(region: &str, territories: Vec<(String, String)>) -> ActForm {
    let form = ActForm::new(
        "OpenDialogue",
        "Ouvrir un dialogue",
        "Ouvrir le dialogue",
    )
    .intro("Chaque établissement invité prendra position sur chaque inflexion ; un désaccord reste écrit.")
    .with(Field::hidden("region", region))
    .with(Field::choice("territory", "Territoire", territories))
    .with(Field::line("title", "Intitulé"));
    form.with(participants()).on(PATH, "")
}

fn participants() -> Field {
    Field::text("participants", "Participants").hint(
        "Un par ligne : numéro FINESS | nom. Sans numéro, un nom seul : élus, usagers, conseil territorial de santé.",
    )
}

/// Opens it, and says which it is.
pub(crate) async fn send_open(services: &Services, form: &Form) -> Result<String, Status> {
    let request = OpenDialogueRequest {
        region: form.text("region").to_owned(),
        territory: form.text("territory").to_owned(),
        title: form.text("title").to_owned(),
        participants: typed_participants(form),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.dialogues();
    let dialogue = client.open_dialogue(within(request)).await?.into_inner();
    Ok(id_of(&dialogue.name).to_owned())
}

fn typed_participants(form: &Form) -> Vec<Participant> {
    let lines = form.lines("participants");
    let read = |line: &String| {
        let (finess, title) = line.split_once('|').unwrap_or(("", line.as_str()));
        Participant {
            finess: finess.trim().to_owned(),
            title: title.trim().to_owned(),
        }
    };
    lines.iter().map(read).collect()
}

/// How an act is done; `invited` are the establishments that may be there.
pub(crate) fn form(
    method: &str,
    invited: &[(String, String)],
    citable: &Citable,
) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "RecordSession" => act("Consigner une séance", "Consigner la séance")
            .with(Field::day("session.date", "Jour"))
            .with(Field::line("session.subject", "Objet"))
            .with(Field::text("session.minutes", "Compte rendu"))
            .with(Field::several(
                "session.present",
                "Établissements présents",
                invited.to_vec(),
            )),
        "RecordDiagnosis" => {
            let form = act("Consigner un diagnostic", "Consigner le diagnostic")
                .intro("Un diagnostic cite un chiffre au moins. Les établissements le lisent : un effectif de 1 à 10 ne s’y écrit pas.")
                .with(Field::text("finding.statement", "Ce que l’on constate"));
            cited(form, citable, false)
        }
        "ProposeInflection" => propose(citable),
        "InviteParticipants" => act("Inviter d’autres participants", "Inviter")
            .with(participants()),
        "CloseDialogue" => act("Clore le dialogue", "Clore le dialogue")
            .grave()
            .intro("Possible une fois que chaque inflexion est retenue ou abandonnée. Rien ne s’y ajoute ensuite.")
            .with(Field::text("conclusion", "Ce qui en est ressorti")),
        _ => return None,
    })
}

fn propose(citable: &Citable) -> ActForm {
    let modes = MODES.map(|mode| (mode, words::mode(mode)));
    let directions = [
        InflectionDirection::Develop,
        InflectionDirection::Moderate,
        InflectionDirection::Maintain,
    ];
    let directions = directions.map(|direction| (direction, words::direction(direction)));
    let units = UNITS.map(|unit| (unit, labels::unit(unit)));
    let form = ActForm::new(
        "ProposeInflection",
        "Proposer une inflexion",
        "Proposer l’inflexion",
    )
    .intro("Elle cite au moins un taux publié et un chiffre d’activité. Chaque établissement invité prend ensuite position.")
    .with(Field::radio("proposal.direction", "Sens", choices(&directions)))
    .with(Field::line("proposal.activity", "Grande activité").hint("Code, par exemple CHIRURGIE."))
    .with(Field::choice("proposal.mode", "Mode", choices(&modes)))
    .with(
        Field::line("proposal.indicator", "Indicateur")
            .hint("Code sous lequel les contrats la comptent, par exemple MCO_STAYS."),
    )
    .with(Field::choice("proposal.unit", "Unité", choices(&units)))
    .with(Field::line("proposal.from_value", "Volume de départ"))
    .with(Field::line("proposal.from_year", "Année de départ"))
    .with(Field::line("proposal.to_value", "Volume visé"))
    .with(Field::line("proposal.horizon", "Année visée"))
    .with(Field::text("proposal.rationale", "Pourquoi"));
    cited(form, citable, true)
}

/// Fields of what is cited: a rate, a figure of activity, a document.
fn cited(form: ActForm, citable: &Citable, is_required: bool) -> ActForm {
    let asked = |field: Field| {
        if is_required { field } else { field.optional() }
    };
    form.with(asked(Field::choice(
        "rate.reference",
        "Taux publié",
        citable.rates.clone(),
    )))
    .with(
        Field::line("rate.locator", "Où, dans cette publication")
            .hint("Territoire, activité, année.")
            .optional(),
    )
    .with(asked(
        Field::line("rate.figure", "Taux cité").hint("Avec son unité."),
    ))
    .with(asked(Field::choice(
        "case_mix.reference",
        "Activité importée",
        citable.case_mix.clone(),
    )))
    .with(
        Field::line("case_mix.locator", "Où, dans cette activité")
            .hint("Territoire, activité, année.")
            .optional(),
    )
    .with(asked(
        Field::line("case_mix.figure", "Chiffre d’activité cité").hint("Avec son unité."),
    ))
    .with(Field::line("document.reference", "Autre document").optional())
    .with(Field::line("document.figure", "Ce que l’on en cite").optional())
}

/// What is cited, as it was typed; a source that is left blank is none.
fn evidence(form: &Form) -> Vec<Evidence> {
    let of = |kind: EvidenceKind, reference: &str, locator: &str, figure: &str| {
        let (reference, figure) = (form.text(reference), form.text(figure));
        let is_blank = reference.is_empty() && figure.is_empty();
        (!is_blank).then(|| Evidence {
            kind: kind.into(),
            reference: reference.to_owned(),
            locator: form.text(locator).to_owned(),
            figure: figure.to_owned(),
        })
    };
    [
        of(
            EvidenceKind::PublishedRate,
            "rate.reference",
            "rate.locator",
            "rate.figure",
        ),
        of(
            EvidenceKind::CaseMix,
            "case_mix.reference",
            "case_mix.locator",
            "case_mix.figure",
        ),
        of(
            EvidenceKind::Document,
            "document.reference",
            "document.locator",
            "document.figure",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is wrong with a citation, told of the field it was typed in; a source that lacks, of the one to choose.
fn told_of_citations(status: Status, form: &Form) -> Status {
    let cited: Vec<&str> = evidence(form)
        .iter()
        .map(|one| source(one.kind()))
        .collect();
    if explain(&status).reason == "EVIDENCE_MISSING" {
        let lacks = ["rate", "case_mix"];
        let lacks = lacks.into_iter().find(|source| !cited.contains(source));
        return match lacks {
            Some("case_mix") => wrong("case_mix.reference", "Citez un chiffre d’activité."),
            _ => wrong("rate.reference", "Citez un taux publié."),
        };
    }
    renamed(status, |path| field_of_citation(path, &cited))
}

/// `finding.evidence[1].figure` was typed, say, as `case_mix.figure`: the second of those that are `cited`.
fn field_of_citation(path: &str, cited: &[&str]) -> Option<String> {
    if path.ends_with(".evidence") {
        return Some("rate.reference".to_owned());
    }
    let (_, rest) = path.split_once(".evidence[")?;
    let (place, leaf) = rest.split_once(']')?;
    let source = cited.get(place.parse::<usize>().ok()?)?;
    let leaf = match leaf.trim_start_matches('.') {
        "figure" => "figure",
        "locator" if *source != "document" => "locator",
        _ => "reference",
    };
    Some(format!("{source}.{leaf}"))
}

/// What the fields of a source begin with.
fn source(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::PublishedRate => "rate",
        EvidenceKind::CaseMix => "case_mix",
        _ => "document",
    }
}

fn proposal(form: &Form) -> InflectionProposal {
    InflectionProposal {
        activity: form.text("proposal.activity").to_owned(),
        mode: form.whole("proposal.mode").unwrap_or_default(),
        indicator: form.text("proposal.indicator").to_owned(),
        unit: form.whole("proposal.unit").unwrap_or_default(),
        direction: form.whole("proposal.direction").unwrap_or_default(),
        from_value: decimal(form.text("proposal.from_value")),
        from_year: form.whole("proposal.from_year").unwrap_or_default(),
        to_value: decimal(form.text("proposal.to_value")),
        horizon: form.whole("proposal.horizon").unwrap_or_default(),
        rationale: form.text("proposal.rationale").to_owned(),
        evidence: evidence(form),
    }
}

/// Sends an act; an inflection that is proposed is told by its identifier. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<Option<String>, Status>> {
    if method == "ProposeInflection" {
        let request = ProposeInflectionRequest {
            dialogue: name,
            proposal: Some(proposal(form)),
            request_id: form.text("request_id").to_owned(),
        };
        let proposed = services
            .dialogues()
            .propose_inflection(within(request))
            .await;
        let proposed = proposed.map(|one| Some(id_of(&one.into_inner().name).to_owned()));
        return Some(proposed.map_err(|status| told_of_citations(status, form)));
    }
    let sent = sent!(
        services.dialogues(),
        name,
        form,
        match method {
            "RecordSession" => record_session(RecordSessionRequest {
                session: Some(DialogueSession {
                    date: form.text("session.date").to_owned(),
                    subject: form.text("session.subject").to_owned(),
                    minutes: form.text("session.minutes").to_owned(),
                    present: form.all("session.present").map(ToOwned::to_owned).collect(),
                }),
            }),
            "RecordDiagnosis" => record_diagnosis(RecordDiagnosisRequest {
                finding: Some(DiagnosisFinding {
                    statement: form.text("finding.statement").to_owned(),
                    evidence: evidence(form),
                }),
            }),
            "InviteParticipants" => invite_participants(InviteParticipantsRequest {
                participants: typed_participants(form),
            }),
            "CloseDialogue" => close_dialogue(CloseDialogueRequest {
                conclusion: form.text("conclusion").to_owned(),
            }),
        }
    );
    let told = |status| told_of_citations(status, form);
    sent.map(|done| done.map(|()| None).map_err(told))
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "OpenDialogue" => "Le dialogue est ouvert.",
        "RecordSession" => "La séance est consignée.",
        "RecordDiagnosis" => "Le diagnostic est consigné.",
        "InviteParticipants" => "Les participants sont invités.",
        "CloseDialogue" => "Le dialogue est clos.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tonic_types::{ErrorDetails, StatusExt as _};

    use super::*;

    #[test]
    fn participants_are_read_a_line_each_with_or_without_a_number() {
        let form = Form::parse("participants=000000001+%7C+Centre+A%0AConseil+territorial%0A%0A");
        let read = typed_participants(&form);
        let told: Vec<(&str, &str)> = read
            .iter()
            .map(|one| (one.finess.as_str(), one.title.as_str()))
            .collect();
        assert_eq!(
            told,
            [("000000001", "Centre A"), ("", "Conseil territorial")]
        );
    }

    #[test]
    fn a_source_that_is_left_blank_is_not_cited() {
        let form = Form::parse(
            "rate.reference=publishedRateSets%2Fs%2Fversions%2F1&rate.figure=indice+1%2C3&case_mix.reference=&document.figure=1+%25",
        );
        let cited = evidence(&form);
        let kinds: Vec<EvidenceKind> = cited.iter().map(Evidence::kind).collect();
        assert_eq!(kinds, [EvidenceKind::PublishedRate, EvidenceKind::Document]);
        assert_eq!(cited[0].figure, "indice 1,3");
    }

    #[test]
    fn what_is_wrong_with_a_citation_is_told_of_its_field() {
        let form = Form::parse(
            "case_mix.reference=caseMixImports%2F1&case_mix.figure=7+s%C3%A9jours&document.figure=1+%25",
        );
        let told = |status: Status| explain(&told_of_citations(status, &form)).fields;
        let fields = told(wrong("finding.evidence[0].figure", "SMALL_COUNT"));
        assert_eq!(fields[0].0, "case_mix.figure");
        let fields = told(wrong("finding.evidence[1].locator", "trop long"));
        assert_eq!(fields[0].0, "document.reference");
        let fields = told(wrong("finding.evidence", "must have at least 1 items"));
        assert_eq!(fields[0].0, "rate.reference");
        let fields = told(wrong("finding.statement", "required"));
        assert_eq!(fields[0].0, "finding.statement");
        let details = ErrorDetails::with_error_info("EVIDENCE_MISSING", "cpom", HashMap::new());
        let status = Status::with_error_details(tonic::Code::InvalidArgument, "", details);
        assert_eq!(told(status)[0].0, "rate.reference");
    }

    #[test]
    fn a_proposal_is_read_as_people_write_it() {
        let form = Form::parse(
            "proposal.activity=CHIRURGIE&proposal.mode=1&proposal.direction=2&proposal.from_value=1+240&proposal.to_value=1+150%2C5&proposal.from_year=2023&proposal.horizon=2026",
        );
        let read = proposal(&form);
        assert_eq!(
            (read.from_value.as_str(), read.to_value.as_str()),
            ("1240", "1150.5")
        );
        assert_eq!(read.direction(), InflectionDirection::Moderate);
        let citable = Citable::default();
        for method in [
            "RecordSession",
            "RecordDiagnosis",
            "ProposeInflection",
            "InviteParticipants",
            "CloseDialogue",
        ] {
            let form = super::form(method, &[], &citable);
            assert!(form.is_some_and(|form| form.method == method), "{method}");
        }
        assert!(super::form("AgreeInflection", &[], &citable).is_none());
    }
}
