//! `cpom audit`: histories taken away, verified, and read as they were.

use std::{fs::File, io::Read as _, path::Path};

use anyhow::{Context as _, Result, bail, ensure};
use prost_types::Timestamp;
use proto::history::v1::{Event, ListEventsRequest};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};
use transparency::{SigningKey, VerifyingKey};

use super::Context;
use crate::{
    audit::{
        export,
        format::Scope,
        knowledge, timeline,
        verify::{self, Report, Trust},
    },
    cli::{AuditCommand, AuditExportArgs, AuditKeyArgs, AuditVerifyArgs},
    client::Session,
    failure::Exit,
    list_all,
    output::{Table, french},
    private_file,
    stack::Service,
};

pub(super) async fn run(context: &Context, command: AuditCommand) -> Result<Exit> {
    match command {
        AuditCommand::Export(args) => export(context, &args).await,
        AuditCommand::Verify(args) => verify(context, &args),
        AuditCommand::AsOf { date, contract } => as_of(context, date, &contract).await,
        AuditCommand::Diff { from, to, contract } => diff(context, from, to, &contract).await,
        AuditCommand::Key(args) => key(context, &args),
    }
}

async fn export(context: &Context, args: &AuditExportArgs) -> Result<Exit> {
    let since = match &args.since {
        Some(path) => {
            let keys = verify::parse_keys(&args.key)?;
            ensure!(!keys.is_empty(), "--since needs the --key that signed it");
            knowledge::read(path, &keys)?
        }
        None => Vec::new(),
    };
    let request = export::Request {
        scope: Scope {
            region: args.region,
            root: args.contract.clone(),
            start: args.from.map(text).transpose()?,
            end: args.until.map(text).transpose()?,
            event_type: args.event_type.clone(),
            actor: args.actor.clone(),
            outcome: args.outcome.clone(),
        },
        start: args.from.map(timestamp),
        end: args.until.map(timestamp),
        max_events: args.max_events.unwrap_or_default(),
        since,
    };
    let session = context.session(&Service::ALL, "auditor").await?;
    let manifest = export::run(&session, &request, &args.folder).await?;
    context.output.print(&manifest, || {
        let mut table = Table::new(&["service", "events", "log", "key"]);
        for entry in &manifest.services {
            table.row([
                entry.service.clone(),
                french(entry.events),
                french(entry.tree_size),
                entry.verifier_keys.join(" "),
            ]);
        }
        let services = manifest.services.iter();
        let differences: usize = services.map(|entry| entry.differences.len()).sum();
        if differences == 0 {
            return table.to_string();
        }
        format!(
            "{table}NOT AS SEALED: {differences} attributes of events are told otherwise than their bytes say; \
             `cpom audit verify` names them.\n"
        )
    })?;
    Ok(Exit::Success)
}

fn text(instant: OffsetDateTime) -> Result<String> {
    Ok(instant.format(&Rfc3339)?)
}

fn timestamp(instant: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: instant.unix_timestamp(),
        nanos: instant.nanosecond().try_into().unwrap_or_default(),
    }
}

fn verify(context: &Context, args: &AuditVerifyArgs) -> Result<Exit> {
    let keys = verify::parse_keys(&args.key)?;
    let known = match &args.since {
        Some(path) => {
            ensure!(!keys.is_empty(), "--since needs the --key that signed it");
            knowledge::read(path, &keys)?
        }
        None => Vec::new(),
    };
    let report = verify::run(&args.folder, &Trust { keys, known })?;
    context.output.print(&report, || describe(&report))?;
    Ok(if report.is_sound {
        Exit::Success
    } else {
        Exit::Unsound
    })
}

fn describe(report: &Report) -> String {
    let mut table = Table::new(&["service", "events", "log", "checkpoints", "sealed"]);
    for service in &report.services {
        table.row([
            service.service.clone(),
            french(service.events),
            french(service.tree_size),
            french(service.checkpoints),
            service.sealed_at.clone().unwrap_or_default(),
        ]);
    }
    let mut lines = vec![table.to_string()];
    if !report.keys_are_trusted {
        lines.push(
            "The signatures were checked against the keys in the export itself: give --key with keys obtained otherwise.\n"
                .to_owned(),
        );
    }
    if !report.is_complete {
        lines.push(
            "This is a part of the histories: what is in it is proved, not that nothing was left out of it.\n"
                .to_owned(),
        );
    }
    if report.scope.is_filtered() {
        lines.push(format!("Of the events, {}.\n", chosen(&report.scope)));
    }
    if report.is_sound {
        lines.push("Sound: nothing was changed.\n".to_owned());
    } else {
        lines.push(format!(
            "NOT SOUND: {} faults.\n",
            french(report.fault_count)
        ));
        lines.extend(report.faults.iter().map(|fault| format!("{fault}\n")));
    }
    lines.concat()
}

/// By what events were chosen.
fn chosen(scope: &Scope) -> String {
    let conditions = [
        ("a type that holds", &scope.event_type),
        ("the actor", &scope.actor),
        ("the outcome", &scope.outcome),
    ];
    let told: Vec<String> = conditions
        .into_iter()
        .filter_map(|(what, value)| Some(format!("{what} {:?}", value.as_ref()?)))
        .collect();
    format!("only those with {}", told.join(" and "))
}

async fn as_of(context: &Context, date: Date, contract: &str) -> Result<Exit> {
    let events = events_of(context, contract).await?;
    let known = timeline::known(&timeline::up_to(&events, date)?)?;
    context.output.print(&known, || {
        let mut table = Table::new(&["resource", "version", "field", "value", "said by", "on"]);
        for (aggregate, known) in &known {
            for (field, said) in &known.fields {
                table.row([
                    aggregate.clone(),
                    known.version.to_string(),
                    field.clone(),
                    short(&said.value),
                    said.event.clone(),
                    said.on.clone(),
                ]);
            }
        }
        table.to_string()
    })?;
    Ok(Exit::Success)
}

async fn diff(context: &Context, from: Date, to: Date, contract: &str) -> Result<Exit> {
    ensure!(
        from <= to,
        "{from} is after {to}: give the earlier date first"
    );
    let events = events_of(context, contract).await?;
    let before = timeline::known(&timeline::up_to(&events, from)?)?;
    let after = timeline::known(&timeline::up_to(&events, to)?)?;
    let changes = timeline::changes(&before, &after);
    context.output.print(&changes, || {
        let mut table = Table::new(&["resource", "field", "before", "after", "said by", "on"]);
        for change in &changes {
            table.row([
                change.aggregate.clone(),
                change.field.clone(),
                change.before.as_ref().map(short).unwrap_or_default(),
                short(&change.after.value),
                change.after.event.clone(),
                change.after.on.clone(),
            ]);
        }
        table.to_string()
    })?;
    Ok(Exit::Success)
}

/// Longest value of a table; JSON output has all of it.
const SHORT: usize = 60;

fn short(value: &serde_json::Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned);
    if text.chars().count() <= SHORT {
        return text;
    }
    let cut: String = text.chars().take(SHORT - 1).collect();
    format!("{cut}…")
}

/// Everything that was recorded under a contract, by the four services.
async fn events_of(context: &Context, contract: &str) -> Result<Vec<Event>> {
    let session = context.session(&Service::ALL, "auditor").await?;
    let mut events = Vec::new();
    for service in Service::ALL {
        events.extend(events_under(&session, service, contract).await?);
    }
    if events.is_empty() {
        bail!("nothing is recorded under {contract}, or you may not see it");
    }
    Ok(events)
}

async fn events_under(session: &Session, service: Service, root: &str) -> Result<Vec<Event>> {
    let request = ListEventsRequest {
        root: root.to_owned(),
        ..Default::default()
    };
    Ok(list_all!(
        session.history(service),
        list_events,
        request.clone(),
        events
    )
    .await?)
}

/// Makes a key that signs checkpoints, unless the file is there, and tells its public half.
fn key(context: &Context, args: &AuditKeyArgs) -> Result<Exit> {
    let key = if args.file.exists() {
        read_key(&args.file)?
    } else {
        let mut secret = [0; 32];
        File::open("/dev/urandom")
            .and_then(|mut source| source.read_exact(&mut secret))
            .context("reading /dev/urandom")?;
        let key = SigningKey::new(&args.name, &secret)?;
        private_file::write(&args.file, (key.to_secret_text() + "\n").as_bytes())?;
        key
    };
    let verifying: VerifyingKey = key.verifying();
    let public = verifying.to_string();
    context.output.print(&public, || format!("{public}\n"))?;
    Ok(Exit::Success)
}

fn read_key(file: &Path) -> Result<SigningKey> {
    let text = std::fs::read_to_string(file)?;
    let last = text.lines().last().unwrap_or_default();
    last.parse()
        .with_context(|| format!("{} holds no signing key", file.display()))
}

/// The beginning of a day in a region is asked for as an instant; a bare date is midnight UTC.
pub(crate) fn instant(text: &str) -> Result<OffsetDateTime, String> {
    let full = if text.len() == 10 {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    OffsetDateTime::parse(&full, &Rfc3339)
        .map_err(|_| "an instant such as 2026-01-31T00:00:00+01:00, or a date".to_owned())
}

/// A day such as 2026-01-31.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    Date::parse(text, format).map_err(|_| "a date such as 2026-01-31".to_owned())
}
