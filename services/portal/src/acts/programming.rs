//! The programming of medico-social contracts: drafted, revised, approved, published or given up (CASF L313-12, IV ter).

use proto::contracts::v1::{
    ApproveProgrammingRequest, DiscardProgrammingRequest, DraftProgrammingRequest, Programming,
    ProgrammingLine, ProgrammingState, PublishProgrammingRequest, RegimeKind,
    ReviseProgrammingRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, Refused, choices, line::parts, sending::sent};
use crate::{
    form::Form,
    pages::id_of,
    services::{Services, within},
    text::{labels, upkeep},
};

/// Where decisions are.
pub(crate) const PATH: &str = "/programmations";

const LINES: &str = "Un contrat par ligne : FINESS de l’entité | FINESS de ses établissements, séparés par des espaces | année de prise d’effet | remarque.";

/// The form that drafts the next version of a series.
pub(crate) fn draft(regions: Vec<(String, String)>) -> ActForm {
    let kinds = [RegimeKind::Ehpad, RegimeKind::Disability];
    let kinds = kinds.map(|kind| (kind, labels::regime_kind(kind)));
    ActForm::new(
        "DraftProgramming",
        "Préparer une programmation",
        "Enregistrer le projet",
    )
    .intro("Une programmation publiée ne se modifie pas : la suivante la remplace.")
    .with(Field::choice("region", "Région", regions))
    .with(Field::radio("regime_kind", "Contrats", choices(&kinds)))
    .with(
        Field::text("councils", "Conseils départementaux qui décident avec l’agence")
            .hint("Un code de département par ligne, par exemple 13 ou 2A. Aucun : l’agence décide seule.")
            .optional(),
    )
    .with(Field::line("first_year", "Première année").hint("La décision est à publier avant qu’elle ne commence."))
    .with(Field::text("lines", "Contrats à signer").hint(LINES))
    .with(Field::text("comment", "Ce que cette version change, et pourquoi").optional())
    .on(PATH, "")
}

/// Drafts it, and says which it is.
pub(crate) async fn send_draft(services: &Services, form: &Form) -> Result<String, Status> {
    let councils = form.lines("councils");
    let request = DraftProgrammingRequest {
        region: form.text("region").to_owned(),
        regime_kind: form.whole("regime_kind").unwrap_or_default(),
        councils: councils
            .iter()
            .map(|code| format!("departments/{}", code.to_uppercase()))
            .collect(),
        first_year: form.whole("first_year").unwrap_or_default(),
        lines: lines(form),
        comment: form.text("comment").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.programming();
    let drafted = client
        .draft_programming(within(request))
        .await?
        .into_inner();
    Ok(id_of(&drafted.name).to_owned())
}

fn lines(form: &Form) -> Vec<ProgrammingLine> {
    form.lines("lines")
        .iter()
        .map(|typed| line(typed))
        .collect()
}

fn line(typed: &str) -> ProgrammingLine {
    let [entity, sites, year, note] = parts(typed);
    ProgrammingLine {
        legal_entity: format!("legalEntities/{entity}"),
        establishments: sites
            .split_whitespace()
            .map(|number| format!("establishments/{number}"))
            .collect(),
        planned_year: year.parse().unwrap_or_default(),
        note: note.to_owned(),
    }
}

/// A line as it is typed.
fn typed(line: &ProgrammingLine) -> String {
    let sites: Vec<&str> = line.establishments.iter().map(|site| id_of(site)).collect();
    format!(
        "{} | {} | {} | {}",
        id_of(&line.legal_entity),
        sites.join(" "),
        line.planned_year,
        line.note.replace('\n', " ")
    )
}

/// Who looks at a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader {
    /// Prepares the decision and records its publication.
    pub(crate) prepares: bool,
    /// May approve for the agency.
    pub(crate) for_agency: bool,
    /// May approve for a council.
    pub(crate) for_council: bool,
}

/// The authorities that have not approved.
fn awaited(programming: &Programming) -> Vec<&str> {
    let given = || programming.approvals.iter();
    let required = programming.required_approvals.iter().map(String::as_str);
    required
        .filter(|authority| !given().any(|approval| approval.authority == *authority))
        .collect()
}

impl Reader {
    /// Whether somebody may approve for an authority. Which council is theirs, the service knows.
    fn approves_for(self, authority: &str) -> bool {
        if authority == "ars" {
            self.for_agency
        } else {
            self.for_council
        }
    }
}

/// What may be done next.
pub(crate) fn acts(programming: &Programming, page: &str, reader: Reader) -> Acts {
    if programming.state() != ProgrammingState::Draft {
        return Acts::default();
    }
    let awaited = awaited(programming);
    let approves = awaited
        .iter()
        .any(|authority| reader.approves_for(authority));
    let methods = [
        (approves, "ApproveProgramming"),
        (reader.prepares && awaited.is_empty(), "PublishProgramming"),
        (reader.prepares, "ReviseProgramming"),
        (reader.prepares, "DiscardProgramming"),
    ];
    let mut acts = Acts::possible(methods, page, &programming.etag, |method| {
        form(method, programming, reader)
    });
    if reader.prepares && !awaited.is_empty() {
        let names: Vec<String> = awaited.into_iter().map(upkeep::party).collect();
        acts.refused.push(Refused {
            title: "Enregistrer la publication".to_owned(),
            why: format!("Une approbation est attendue : {}.", names.join(", ")),
        });
    }
    acts
}

/// How an act on a decision is done.
pub(crate) fn form(method: &str, programming: &Programming, reader: Reader) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "ApproveProgramming" => {
            let theirs: Vec<(String, String)> = awaited(programming)
                .into_iter()
                .filter(|authority| reader.approves_for(authority))
                .map(|authority| (authority.to_owned(), upkeep::party(authority)))
                .collect();
            let first = theirs.first().map(|(authority, _)| authority.clone());
            act("Approuver le projet", "Approuver")
                .grave()
                .intro("Vous approuvez les contrats et les années tels qu’ils sont. Si le projet change, votre approbation tombe.")
                .with(
                    Field::radio("authority", "Pour", theirs).holding(&first.unwrap_or_default()),
                )
                .with(
                    Field::line("title", "En quelle qualité")
                        .hint("Par exemple « Présidente du conseil départemental »."),
                )
        }
        "PublishProgramming" => act("Enregistrer la publication", "Enregistrer la publication")
            .grave()
            .with(
                Field::line("act", "Acte publié")
                    .hint("Sa référence, par exemple « RAA R93-2026-241 »."),
            )
            .with(Field::day("publication_date", "Publié le")),
        "ReviseProgramming" => {
            let lines: Vec<String> = programming.lines.iter().map(typed).collect();
            act("Modifier le projet", "Enregistrer les changements")
                .intro("Les approbations déjà données tombent.")
                .with(
                    Field::text("lines", "Contrats à signer")
                        .hint(LINES)
                        .holding(&lines.join("\n")),
                )
                .with(
                    Field::text("comment", "Ce que cette version change, et pourquoi")
                        .holding(&programming.comment)
                        .optional(),
                )
        }
        "DiscardProgramming" => act("Renoncer au projet", "Renoncer")
            .grave()
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
    let typed = |name: &str| form.text(name).to_owned();
    sent!(
        services.programming(),
        name,
        form,
        match method {
            "ApproveProgramming" => approve_programming(ApproveProgrammingRequest {
                authority: typed("authority"),
                title: typed("title"),
            }),
            "PublishProgramming" => publish_programming(PublishProgrammingRequest {
                act: typed("act"),
                publication_date: typed("publication_date"),
            }),
            "ReviseProgramming" => revise_programming(ReviseProgrammingRequest {
                lines: lines(form),
                comment: typed("comment"),
            }),
            "DiscardProgramming" => discard_programming(DiscardProgrammingRequest {
                reasons: typed("reasons"),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "DraftProgramming" => "Le projet de programmation est enregistré.",
        "ReviseProgramming" => "Le projet est modifié : les approbations sont à redonner.",
        "ApproveProgramming" => "L’approbation est enregistrée.",
        "PublishProgramming" => "La publication est enregistrée.",
        "DiscardProgramming" => "Le projet est abandonné.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::ProgrammingApproval;

    use super::*;

    const AGENCY: Reader = Reader {
        prepares: true,
        for_agency: false,
        for_council: false,
    };

    fn programming(approved: &[&str]) -> Programming {
        let approval = |authority: &&str| ProgrammingApproval {
            authority: (*authority).to_owned(),
            ..Default::default()
        };
        let mut programming = Programming {
            required_approvals: vec!["ars".to_owned(), "departments/13".to_owned()],
            approvals: approved.iter().map(approval).collect(),
            ..Default::default()
        };
        programming.set_state(ProgrammingState::Draft);
        programming
    }

    fn offered(programming: &Programming, reader: Reader) -> Vec<String> {
        let acts = acts(programming, "/programmations/1", reader);
        acts.forms.into_iter().map(|form| form.method).collect()
    }

    #[test]
    fn a_line_is_typed_as_it_is_shown() {
        let line_of = ProgrammingLine {
            legal_entity: "legalEntities/130786049".to_owned(),
            establishments: vec![
                "establishments/130783293".to_owned(),
                "establishments/130784234".to_owned(),
            ],
            planned_year: 2028,
            note: "après travaux | phase 2".to_owned(),
        };
        assert_eq!(line(&typed(&line_of)), line_of);
        assert_eq!(line("x").planned_year, 0, "no year is made up");
    }

    #[test]
    fn publication_waits_for_every_authority_and_each_approves_for_itself() {
        let draft = programming(&["ars"]);
        assert_eq!(
            offered(&draft, AGENCY),
            ["ReviseProgramming", "DiscardProgramming"]
        );
        let why = acts(&draft, "/programmations/1", AGENCY)
            .refused
            .remove(0)
            .why;
        assert!(why.contains("conseil départemental 13"), "{why}");
        let general = Reader {
            prepares: false,
            for_agency: true,
            ..AGENCY
        };
        assert!(
            offered(&draft, general).is_empty(),
            "the agency has approved"
        );
        let council = Reader {
            for_agency: false,
            for_council: true,
            ..general
        };
        assert_eq!(offered(&draft, council), ["ApproveProgramming"]);
        let approved = programming(&["ars", "departments/13"]);
        assert_eq!(offered(&approved, AGENCY)[0], "PublishProgramming");
        let mut published = approved;
        published.set_state(ProgrammingState::Published);
        assert!(offered(&published, AGENCY).is_empty());
    }
}
