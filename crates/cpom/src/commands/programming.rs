//! `cpom programming`: the joint decision that programs medico-social contracts (CASF L313-12 IV ter, L313-12-2).

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Subcommand, ValueEnum};
use kernel::{Finess, Region};
use proto::contracts::v1::{
    ApproveProgrammingRequest, DraftProgrammingRequest, GetProgrammingRequest,
    ListProgrammingsRequest, Programming, ProgrammingLine, PublishProgrammingRequest, RegimeKind,
};
use serde::Deserialize;
use time::Date;

use super::Context;
use crate::{
    call,
    client::Session,
    failure::Exit,
    list_all,
    output::{Table, short},
    request_id,
    stack::Service,
};

#[derive(Debug, Subcommand)]
pub enum ProgrammingCommand {
    /// Draft the next version of a series.
    Draft {
        #[arg(long)]
        region: Region,
        #[arg(long, value_enum)]
        kind: Kind,
        /// Département whose council decides with the agency. May be repeated.
        #[arg(long = "council", value_name = "CODE")]
        councils: Vec<String>,
        /// First of the years that are programmed.
        #[arg(long)]
        first_year: i32,
        /// What this version changes and why.
        #[arg(long, default_value = "")]
        comment: String,
        /// CSV: `legal_entity;establishments;planned_year;note`, FINESS numbers, establishments separated by spaces.
        file: PathBuf,
    },
    /// Approve a draft as it stands, for the agency or a council.
    Approve {
        name: String,
        /// `ars` or `departments/13`.
        #[arg(long)]
        authority: String,
        /// Quality in which it is approved.
        #[arg(long)]
        title: String,
    },
    /// Record that a decision was published.
    Publish {
        name: String,
        /// Reference of the published act.
        #[arg(long)]
        act: String,
        #[arg(long, value_name = "DAY", value_parser = super::audit::day)]
        date: Date,
    },
    /// Show a decision with its lines.
    Show { name: String },
    /// List decisions, the newest first.
    List {
        #[arg(long)]
        region: Option<Region>,
    },
}

/// What a series programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Ehpad,
    Disability,
}

impl From<Kind> for RegimeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Ehpad => Self::Ehpad,
            Kind::Disability => Self::Disability,
        }
    }
}

pub(super) async fn run(context: &Context, command: ProgrammingCommand) -> Result<Exit> {
    let role = match &command {
        ProgrammingCommand::Draft { .. } => "contract_manager",
        ProgrammingCommand::Approve { authority, .. } if authority != "ars" => {
            "department_president"
        }
        ProgrammingCommand::Approve { .. } => "director_general",
        ProgrammingCommand::Publish { .. } => "manager",
        ProgrammingCommand::Show { .. } | ProgrammingCommand::List { .. } => "auditor",
    };
    let session = context.session(&[Service::Contracts], role).await?;
    let programming = match command {
        ProgrammingCommand::List { region } => return list(context, &session, region).await,
        ProgrammingCommand::Show { name } => read(&session, name).await?,
        ProgrammingCommand::Draft {
            region,
            kind,
            councils,
            first_year,
            comment,
            file,
        } => {
            let request = DraftProgrammingRequest {
                region: region.code().to_owned(),
                regime_kind: RegimeKind::from(kind).into(),
                councils: councils
                    .iter()
                    .map(|code| format!("departments/{code}"))
                    .collect(),
                first_year,
                lines: lines(&file)?,
                comment,
                request_id: request_id::fresh(),
            };
            call!(session.programming(), draft_programming, request).await?
        }
        ProgrammingCommand::Approve {
            name,
            authority,
            title,
        } => {
            let request = ApproveProgrammingRequest {
                etag: read(&session, name.clone()).await?.etag,
                name,
                authority,
                title,
                request_id: request_id::fresh(),
            };
            call!(session.programming(), approve_programming, request).await?
        }
        ProgrammingCommand::Publish { name, act, date } => {
            let request = PublishProgrammingRequest {
                etag: read(&session, name.clone()).await?.etag,
                name,
                act,
                publication_date: date.to_string(),
                request_id: request_id::fresh(),
            };
            call!(session.programming(), publish_programming, request).await?
        }
    };
    context
        .output
        .message(&programming, || describe(&programming))?;
    Ok(Exit::Success)
}

async fn read(session: &Session, name: String) -> Result<Programming> {
    let request = GetProgrammingRequest { name };
    Ok(call!(session.programming(), get_programming, request).await?)
}

async fn list(context: &Context, session: &Session, region: Option<Region>) -> Result<Exit> {
    let request = ListProgrammingsRequest {
        region: region.map(Region::code).unwrap_or_default().to_owned(),
        ..Default::default()
    };
    let known = list_all!(
        session.programming(),
        list_programmings,
        request.clone(),
        programmings
    )
    .await?;
    context
        .output
        .messages(&known, || table(&known).to_string())?;
    Ok(Exit::Success)
}

/// A line of the file.
#[derive(Debug, Deserialize)]
struct Row {
    legal_entity: Finess,
    establishments: String,
    planned_year: i32,
    #[serde(default)]
    note: String,
}

fn lines(file: &Path) -> Result<Vec<ProgrammingLine>> {
    let reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("reading {}", file.display()))?;
    reader
        .into_deserialize::<Row>()
        .enumerate()
        .map(|(place, row)| {
            // The headings are the first line.
            line(row?).with_context(|| format!("{}, line {}", file.display(), place + 2))
        })
        .collect()
}

fn line(row: Row) -> Result<ProgrammingLine> {
    let sites = row.establishments.split_whitespace();
    let establishments = sites
        .map(|number| Ok(format!("establishments/{}", number.parse::<Finess>()?)))
        .collect::<Result<_>>()?;
    Ok(ProgrammingLine {
        legal_entity: format!("legalEntities/{}", row.legal_entity),
        establishments,
        planned_year: row.planned_year,
        note: row.note,
    })
}

fn state(programming: &Programming) -> &'static str {
    short(programming.state().as_str_name(), "PROGRAMMING_STATE_")
}

fn kind(programming: &Programming) -> &'static str {
    short(programming.regime_kind().as_str_name(), "REGIME_KIND_")
}

fn table(known: &[Programming]) -> Table {
    let headings = [
        "decision",
        "region",
        "kind",
        "number",
        "years",
        "state",
        "in force",
        "to publish by",
    ];
    let mut table = Table::new(&headings);
    for programming in known {
        table.row([
            programming.name.clone(),
            programming.region.clone(),
            kind(programming).to_owned(),
            programming.number.to_string(),
            format!("{}–{}", programming.first_year, programming.last_year),
            state(programming).to_owned(),
            if programming.in_force { "yes" } else { "" }.to_owned(),
            programming.publication_due_date.clone(),
        ]);
    }
    table
}

fn describe(programming: &Programming) -> String {
    let approved: Vec<&str> = programming
        .approvals
        .iter()
        .map(|approval| approval.authority.as_str())
        .collect();
    let published = match programming.publication_date.as_str() {
        "" => format!("to publish by {}", programming.publication_due_date),
        day => format!("published {day}, {}", programming.act),
    };
    let mut table = Table::new(&["year", "legal entity", "establishments", "note"]);
    for line in &programming.lines {
        table.row([
            line.planned_year.to_string(),
            line.legal_entity.clone(),
            line.establishments.join(" "),
            line.note.clone(),
        ]);
    }
    [
        format!(
            "{}  {}  {}  etag {}",
            programming.name,
            kind(programming),
            state(programming),
            programming.etag
        ),
        format!(
            "version {}, {} to {}",
            programming.number, programming.first_year, programming.last_year
        ),
        published,
        format!(
            "approved by {} of {}",
            approved.join(", "),
            programming.required_approvals.join(", ")
        ),
        table.to_string(),
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_line_by_line_and_a_wrong_number_is_told_with_its_place() {
        let file = std::env::temp_dir().join(format!("cpom-{}.csv", kernel::new_id().simple()));
        let headings = "legal_entity;establishments;planned_year;note\n";
        let right = "130786049;130783293 130784234;2027;Premier contrat\n";
        std::fs::write(&file, format!("{headings}{right}")).unwrap();
        let read = lines(&file).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].legal_entity, "legalEntities/130786049");
        let sites = ["establishments/130783293", "establishments/130784234"];
        assert_eq!(read[0].establishments, sites);
        assert_eq!(
            (read[0].planned_year, read[0].note.as_str()),
            (2027, "Premier contrat")
        );

        let wrong = "130786049;130783294;2027;\n";
        std::fs::write(&file, format!("{headings}{right}{wrong}")).unwrap();
        let refused = format!("{:#}", lines(&file).unwrap_err());
        assert!(refused.contains("line 3"), "{refused}");
        std::fs::remove_file(file).unwrap();
    }
}
