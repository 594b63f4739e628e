//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use kernel::{Department, Finess, Region};
use proto::{
    contracts::v1::{ContractState, Outcome, ReviewState},
    establishments::v1::RegistryFormat,
};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{
    commands::{
        audit, campaign::CampaignCommand, document::DocumentArgs, history::HistoryArgs,
        programming::ProgrammingCommand,
    },
    data_args::DataCommand,
    submission,
};

const EXIT_CODES: &str = "\
Addresses come from .cpom/stack.json in this folder or one above it, and from CPOM_ESTABLISHMENTS_URL,
CPOM_CONTRACTS_URL, CPOM_TARGETS_URL, CPOM_CONTROLS_URL and CPOM_ISSUER_URL.

Exit codes:
  0  done
  1  failed for a reason that has no code of its own
  2  wrong command line
  3  a service refused: the request is wrong, or not possible in the present state
  4  no token, or not entitled
  5  a service is away or overloaded: the same command may succeed later
  6  done, but some lines or values were left out (they are listed)
  7  verified, and not sound: something was changed (the faults are listed)";

/// Manages CPOM contracts from the command line.
#[derive(Debug, Parser)]
#[command(name = "cpom", version, after_long_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Print JSON on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Token to present. Without it, a local stack's development issuer makes one for the role that the
    /// command needs.
    #[arg(
        long,
        global = true,
        env = "CPOM_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Option<String>,
    /// Role to take with the development issuer, instead of the usual one.
    #[arg(long = "as", global = true, value_name = "ROLE")]
    pub acting_as: Option<String>,
    /// Subject to take with the development issuer.
    #[arg(long, global = true, value_name = "SUBJECT")]
    pub sub: Option<String>,
    /// FINESS number that the token acts for, with the development issuer. May be repeated.
    #[arg(long, global = true, value_name = "NUMBER")]
    pub finess: Vec<Finess>,
    /// INSEE code of the département whose council the token acts for, with the development issuer. May be repeated.
    #[arg(long = "department", global = true, value_name = "CODE")]
    pub departments: Vec<Department>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve DEVELOPMENT tokens to this machine.
    Issuer(IssuerArgs),
    /// Print a token of the development issuer.
    Token(TokenArgs),
    /// Import a registry of legal entities and establishments.
    Import(ImportArgs),
    /// Submit indicators, resuming where an earlier run stopped.
    Submit(SubmitArgs),
    /// Run and follow the yearly control campaigns.
    #[command(subcommand)]
    Campaign(CampaignCommand),
    /// Read and conduct reviews.
    #[command(subcommand)]
    Reviews(ReviewCommand),
    /// Read contracts.
    #[command(subcommand)]
    Contracts(ContractCommand),
    /// Draft, approve, publish and show the joint decision that programs medico-social contracts.
    #[command(subcommand)]
    Programming(ProgrammingCommand),
    /// Save a contract, an amendment, a formal notice or a decision as PDF.
    Document(DocumentArgs),
    /// Read the life of a resource across the four services.
    History(HistoryArgs),
    /// Take histories away, verify them without any server, and read them as they were on a day.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Compute rates, or what may be published of a table, from a file and without any server.
    #[command(subcommand)]
    Rates(RatesCommand),
    /// Import nomenclatures, territories, populations and case-mix; publish rates.
    #[command(subcommand)]
    Data(DataCommand),
    /// Run the whole loop once, from the registry to a concluded review.
    Demo(DemoArgs),
}

#[derive(Debug, Args)]
pub struct IssuerArgs {
    /// Loopback address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Name under which the other containers of a private network reach this one. Only then may the
    /// address be another than loopback.
    #[arg(long, value_name = "NAME")]
    pub container_name: Option<String>,
    /// Address under which browsers reach the sign-in page, when it is another one.
    #[arg(long, value_name = "URL")]
    pub browser_url: Option<String>,
    /// Folder of the signing key, made at the first start.
    #[arg(long, value_name = "FOLDER")]
    pub state_dir: PathBuf,
    /// File that receives the token of the suite's own processes.
    #[arg(long, value_name = "FILE")]
    pub service_token_file: PathBuf,
}

#[derive(Debug, Args)]
pub struct TokenArgs {
    /// Role, for example `contract_manager`.
    #[arg(long)]
    pub role: String,
    /// Region, by INSEE code; all regions when absent.
    #[arg(long)]
    pub region: Option<Region>,
    /// Seconds until it expires.
    #[arg(long, default_value_t = 8 * 3_600, value_name = "SECONDS")]
    pub lifetime: u32,
}

/// Layouts of registry files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RegistryLayout {
    /// Establishments with their legal entity, with a header line.
    SitesCsv,
    /// The classic extract without header: `structureej`, `structureet`.
    FinessClassic,
    /// The yearly `etalab_stock_et` file.
    FinessStock,
    /// The daily FINESS+ JSON.
    FinessPlus,
}

impl From<RegistryLayout> for RegistryFormat {
    fn from(layout: RegistryLayout) -> Self {
        match layout {
            RegistryLayout::SitesCsv => Self::SitesCsv,
            RegistryLayout::FinessClassic => Self::FinessClassic,
            RegistryLayout::FinessStock => Self::FinessStock,
            RegistryLayout::FinessPlus => Self::FinessPlus,
        }
    }
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    pub file: PathBuf,
    #[arg(long, value_enum)]
    pub format: RegistryLayout,
    /// Region to take, by INSEE code; lines of other regions are skipped.
    #[arg(long)]
    pub region: Region,
    /// Compute the report and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The file holds every open record of the region: close those it lacks.
    #[arg(long)]
    pub complete: bool,
}

#[derive(Debug, Args)]
pub struct SubmitArgs {
    /// Columns `subject;indicator;period;value`, or one JSON object a line.
    pub file: PathBuf,
    /// Format, when the extension does not tell.
    #[arg(long, value_enum)]
    pub format: Option<submission::file::Format>,
    #[arg(long)]
    pub region: Region,
    /// Identifier of the submission. By default it follows from the content of the file, the region, the
    /// batch size and the submitter, so that the same command resumes.
    #[arg(long, value_name = "UUID")]
    pub submission_id: Option<Uuid>,
    /// Values that travel and become durable together.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub batch: u16,
}

/// States of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReviewStateArg {
    Open,
    Notified,
    Examined,
    Concluded,
}

impl From<ReviewStateArg> for ReviewState {
    fn from(state: ReviewStateArg) -> Self {
        match state {
            ReviewStateArg::Open => Self::Open,
            ReviewStateArg::Notified => Self::Notified,
            ReviewStateArg::Examined => Self::Examined,
            ReviewStateArg::Concluded => Self::Concluded,
        }
    }
}

/// What a person may conclude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutcomeArg {
    NoAction,
    ActionPlan,
    AmendmentProposed,
    /// Proposes a procedure to the director general; without effect by itself.
    SanctionProposed,
}

impl From<OutcomeArg> for Outcome {
    fn from(outcome: OutcomeArg) -> Self {
        match outcome {
            OutcomeArg::NoAction => Self::NoAction,
            OutcomeArg::ActionPlan => Self::ActionPlan,
            OutcomeArg::AmendmentProposed => Self::AmendmentProposed,
            OutcomeArg::SanctionProposed => Self::SanctionProposed,
        }
    }
}

/// An act on one review.
#[derive(Debug, Args)]
pub struct Act {
    /// `reviews/…`
    pub name: String,
    /// The etag that was read. When absent the present one is taken: somebody else's change in between
    /// goes unnoticed.
    #[arg(long)]
    pub etag: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// List reviews.
    List {
        #[arg(long)]
        region: Option<Region>,
        #[arg(long, value_enum)]
        state: Option<ReviewStateArg>,
        /// `contracts/…`
        #[arg(long)]
        contract: Option<String>,
        /// `campaigns/…`
        #[arg(long)]
        campaign: Option<String>,
    },
    /// Show one review with its findings.
    Show { name: String },
    /// Send the findings to the establishment and invite its observations.
    Notify {
        #[command(flatten)]
        act: Act,
        #[arg(long)]
        message: String,
    },
    /// Answer, for the establishment.
    Observe {
        #[command(flatten)]
        act: Act,
        #[arg(long)]
        text: String,
    },
    /// Record the examination.
    Examine {
        #[command(flatten)]
        act: Act,
        #[arg(long)]
        analysis: String,
        #[arg(long, value_enum)]
        recommend: OutcomeArg,
    },
    /// Conclude, with written reasons.
    Conclude {
        #[command(flatten)]
        act: Act,
        #[arg(long, value_enum)]
        outcome: OutcomeArg,
        #[arg(long)]
        reasons: String,
        /// A step of an action plan and its last day; may be repeated.
        #[arg(long = "milestone", value_name = "YYYY-MM-DD=TITLE")]
        milestones: Vec<String>,
    },
}

/// States of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ContractStateArg {
    Draft,
    Negotiation,
    Consultation,
    ReadyToSign,
    PartiallySigned,
    Signed,
    InForce,
    Expired,
    Abandoned,
}

impl From<ContractStateArg> for ContractState {
    fn from(state: ContractStateArg) -> Self {
        match state {
            ContractStateArg::Draft => Self::Draft,
            ContractStateArg::Negotiation => Self::Negotiation,
            ContractStateArg::Consultation => Self::Consultation,
            ContractStateArg::ReadyToSign => Self::ReadyToSign,
            ContractStateArg::PartiallySigned => Self::PartiallySigned,
            ContractStateArg::Signed => Self::Signed,
            ContractStateArg::InForce => Self::InForce,
            ContractStateArg::Expired => Self::Expired,
            ContractStateArg::Abandoned => Self::Abandoned,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// List contracts.
    List {
        #[arg(long)]
        region: Option<Region>,
        /// FINESS number of a party.
        #[arg(long, value_name = "NUMBER")]
        legal_entity: Option<Finess>,
        #[arg(long, value_enum)]
        state: Option<ContractStateArg>,
    },
    /// Show one contract.
    Show { name: String },
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Write a part of the four histories to a folder, with the proofs that nothing in it was changed.
    Export(AuditExportArgs),
    /// Verify an export: chains, log, checkpoints, signatures and files. No server is asked.
    Verify(AuditVerifyArgs),
    /// What was known of a contract, and of all that hangs on it, at the end of a day.
    AsOf {
        #[arg(value_parser = audit::day)]
        date: Date,
        /// `contracts/…`
        contract: String,
    },
    /// What came to be known of a contract between the ends of two days.
    Diff {
        #[arg(value_parser = audit::day)]
        from: Date,
        #[arg(value_parser = audit::day)]
        to: Date,
        /// `contracts/…`
        contract: String,
    },
    /// Make a key that signs checkpoints, unless the file is there, and print its public half.
    Key(AuditKeyArgs),
}

#[derive(Debug, Args)]
pub struct AuditExportArgs {
    /// Folder to write, which must not be there yet.
    pub folder: PathBuf,
    /// Only this region, by INSEE code.
    #[arg(long)]
    pub region: Option<Region>,
    /// Only this contract and what hangs on it, `contracts/…`.
    #[arg(long)]
    pub contract: Option<String>,
    /// From this instant, or midnight UTC of this date.
    #[arg(long, value_parser = audit::instant)]
    pub from: Option<OffsetDateTime>,
    /// Before this instant, or midnight UTC of this date.
    #[arg(long, value_parser = audit::instant)]
    pub until: Option<OffsetDateTime>,
    /// Only events whose type holds this, such as `Review` or `ContractSigned`.
    #[arg(long = "type", value_name = "TEXT")]
    pub event_type: Option<String>,
    /// Only what this person or machine did, by the identifier in tokens.
    #[arg(long)]
    pub actor: Option<String>,
    /// Only what had this outcome, such as `OUTCOME_NO_ACTION`.
    #[arg(long)]
    pub outcome: Option<String>,
    /// Refuse when a service has more events than this; a million when absent.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_events: Option<u32>,
    /// An earlier export, or a checkpoint in a file, that this one is to be shown to continue.
    #[arg(long, value_name = "PATH", requires = "key")]
    pub since: Option<PathBuf>,
    /// The key that signed it, `name+id+key`. May be repeated.
    #[arg(long)]
    pub key: Vec<String>,
}

#[derive(Debug, Args)]
pub struct AuditVerifyArgs {
    /// The export.
    pub folder: PathBuf,
    /// A key that is trusted, `name+id+key`. May be repeated. Without any, those in the export are taken.
    #[arg(long)]
    pub key: Vec<String>,
    /// An earlier export, or a checkpoint in a file, that this one must continue.
    #[arg(long, value_name = "PATH", requires = "key")]
    pub since: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct AuditKeyArgs {
    /// Name of the log, for example `cpom.paca.ars.sante.fr/contracts`.
    #[arg(long)]
    pub name: String,
    /// File of the key, a secret.
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Seed of the synthetic region.
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// Folder of published data (registry/ and activity/) to use instead of the synthetic region.
    #[arg(long, requires = "region", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Region of the published data, by INSEE code.
    #[arg(long, requires = "data", value_name = "CODE")]
    pub region: Option<Region>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_history_is_of_something_or_of_what_a_filter_chooses() {
        assert!(Cli::try_parse_from(["cpom", "history"]).is_err());
        assert!(Cli::try_parse_from(["cpom", "history", "contracts/1"]).is_ok());
        assert!(Cli::try_parse_from(["cpom", "history", "--filter", "actor = x"]).is_ok());
    }

    #[test]
    fn published_data_need_their_region() {
        assert!(Cli::try_parse_from(["cpom", "demo", "--data", "x"]).is_err());
        assert!(Cli::try_parse_from(["cpom", "demo", "--data", "x", "--region", "93"]).is_ok());
        assert!(Cli::try_parse_from(["cpom", "demo", "--data", "x", "--region", "77"]).is_err());
    }
}

#[derive(Debug, Subcommand)]
pub enum RatesCommand {
    /// Crude and standardised rates and the comparative index of each territory.
    ///
    /// The file has the columns `territory;age_class;sex;population;cases;reference_population;reference_rate_per_1000`.
    Compute(RatesArgs),
    /// The publishable form of a table of counts, totals included.
    ///
    /// The file has the columns `row;column;count`. Counts of 1 to 10 are hidden, and others with them until none can
    /// be recovered from what is published.
    Suppress(RatesArgs),
}

#[derive(Debug, Args)]
pub struct RatesArgs {
    /// UTF-8, separated by `;`, with a header.
    pub file: PathBuf,
}
